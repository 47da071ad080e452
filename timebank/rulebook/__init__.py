"""Effective-dated rule versions: rates, coefficients, ladders and limits, as data."""
