"""Tests of evidence: what others hold against the books."""
