"""Somebody at the till: scanner and keyboard, every action counted, the time that a person takes beside the system's.

Source: experience.md section 1, the clock used in tests.
"""

import time
from functools import partial
from typing import Final

from playwright.sync_api import Page, expect

SCAN, TAP, KEY, READ = 0.8, 1.1, 0.28, 1.2
WAIT_MS: Final = 10_000
CARD_GAP_MS: Final = 2


class Person:
    """A clerk before a page of the till.

    Attributes:
        actions: scans, taps and key presses so far.
        seconds: what a person takes for them, and what the system took.
    """

    def __init__(self, page: Page, url: str):
        self.page = page
        self.url = url
        self.actions = 0
        self.seconds = 0.0

    def at_the_till(self) -> "Person":
        """Open the page and begin to count: read once per screen."""
        self.page.goto(f"{self.url}/till")
        self.sees_customer("")
        return self.begins()

    def begins(self) -> "Person":
        """Count from here."""
        self.actions, self.seconds = 0, READ
        return self

    def scan(self, code: str, *, gap_ms: float = CARD_GAP_MS) -> None:
        """Scan a code: the scanner types it and presses Enter."""
        self._timed(lambda: self.page.keyboard.type(code, delay=gap_ms), SCAN)
        self.page.keyboard.press("Enter")

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self._timed(partial(self.page.keyboard.press, key), KEY)

    def type(self, text: str) -> None:
        """Type a text, every sign a key press; hanzi come from an input method at once."""
        if text.isascii():
            self.press(*text)
        else:
            self._timed(partial(self.page.keyboard.insert_text, text), KEY * len(text))

    def click(self, selector: str) -> None:
        """Tap something."""
        self._timed(lambda: self.page.click(selector), TAP)

    def hears(self, words: str) -> None:
        """Wait until the till says something with these words."""
        self._waits(lambda: expect(self.page.locator("#said")).to_contain_text(words, timeout=WAIT_MS))

    def sees_customer(self, words: str) -> None:
        """Wait until somebody is served."""
        self._waits(lambda: expect(self.page.locator("#who")).to_contain_text(words, timeout=WAIT_MS))

    def sees_basket(self, *lines: str) -> None:
        """Wait until the basket holds these goods and pieces: `香皂 ×1`."""
        rows = self.page.locator("#basket tr")
        self._waits(lambda: expect(rows).to_have_count(len(lines), timeout=WAIT_MS))
        for place, line in enumerate(lines):
            name, pieces = line.split()
            expect(rows.nth(place)).to_contain_text(name, timeout=WAIT_MS)
            expect(rows.nth(place)).to_contain_text(pieces, timeout=WAIT_MS)

    def _timed(self, work, person_takes: float) -> None:
        self.actions += 1
        self.seconds += person_takes
        self._waits(work)

    def _waits(self, work) -> None:
        started = time.monotonic()
        work()
        self.seconds += time.monotonic() - started
