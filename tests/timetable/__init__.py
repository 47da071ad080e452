"""Tests of the opening calendars."""
