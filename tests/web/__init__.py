"""Tests of the pages and what keeps them."""
