"""The till in a real browser, with real key presses."""
