"""Tests of the mutual-aid pool."""
