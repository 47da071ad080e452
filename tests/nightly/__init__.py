"""Tests of the work of the night."""
