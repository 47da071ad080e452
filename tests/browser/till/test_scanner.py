"""The scanner table: every scan is recognised, however fast it comes and wherever the keyboard is."""

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.till.person import WAIT_MS
from tests.browser.till.town import PASTE, SOAP

GAPS_MS = (0, 5, 10, 20, 50, 120)
WRITTEN = "张"
PLACES = ("page", "field", "button", "link", "input method")
SUM = "rows => rows.reduce((sum, row) => sum + Number(row.cells[2].textContent.slice(1)), 0)"
PROCESS_KEY = 229


class Keys:
    """Keys as the browser gets them from the system, each with its own moment, so that no test need wait for a gap."""

    def __init__(self, session: CDPSession, now: float):
        self.session = session
        self.moment = now

    def scan(self, code: str, gap_ms: int, *, covered: bool) -> None:
        """Type a code and Enter. covered: an input method hides which keys they are."""
        for digit in code:
            self._press(digit, f"Digit{digit}", ord(digit), gap_ms, covered=covered)
        self._press("Enter", "Enter", 13, gap_ms, covered=covered)

    def _press(self, key: str, code: str, number: int, gap_ms: int, *, covered: bool) -> None:
        self.moment += gap_ms / 1000
        told = {"code": code, "timestamp": self.moment}
        if covered:
            pressed = {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": PROCESS_KEY}
        else:
            text = "\r" if key == "Enter" else key
            pressed = {"type": "keyDown", "key": key, "text": text, "windowsVirtualKeyCode": number}
        self.session.send("Input.dispatchKeyEvent", told | pressed)
        self.session.send("Input.dispatchKeyEvent", told | {"type": "keyUp", "key": key})


class TestTheScannerTable:
    """experience.md 0.2: 60 of 60; what was written in a field stays, and no button is pressed by a scan's Enter."""

    @pytest.fixture
    def keys(self, clerk) -> Keys:
        now = clerk.page.evaluate("Date.now() / 1000")
        return Keys(clerk.page.context.new_cdp_session(clerk.page), now)

    def go_to(self, clerk, keys, place):
        """Put the keyboard somewhere."""
        clerk.page.fill("#find", WRITTEN if place in {"field", "input method"} else "")
        if place == "page":
            clerk.page.evaluate("document.activeElement.blur()")
        if place == "button":
            clerk.page.focus("button[data-command=clear]")
        if place == "link":
            clerk.page.focus("nav.places a")
        if place == "input method":
            composing = {"text": "xiang", "selectionStart": 5, "selectionEnd": 5}
            keys.session.send("Input.imeSetComposition", composing)

    @pytest.mark.parametrize("place", PLACES)
    def test_two_scans_back_to_back_at_every_speed(self, clerk, keys, place):
        recognised = 0
        for gap_ms in GAPS_MS:
            self.go_to(clerk, keys, place)
            for code in (SOAP, PASTE):
                keys.scan(code, gap_ms, covered=place == "input method")
            recognised += 2
            expect(clerk.page.locator("#basket tr")).to_have_count(2, timeout=WAIT_MS)
            clerk.page.wait_for_function(
                f"wanted => ({SUM})([...document.querySelectorAll('#basket tr')]) === wanted", arg=recognised
            )
            if place == "field":
                assert clerk.page.input_value("#find") == WRITTEN

        assert 2 * len(GAPS_MS) == recognised
        if place == "input method":
            expect(clerk.page.locator("#method")).to_be_visible()

    def test_a_person_still_types_numbers_and_enter(self, clerk):
        clerk.press("F2")
        clerk.type("1003")
        clerk.press("Enter")
        clerk.hears("请选是哪一位")
        expect(clerk.page.locator("#found button")).to_have_count(1)

    def test_a_digit_that_was_pressed_before_a_scan_spoils_nothing(self, clerk, keys):
        clerk.press("4")
        keys.scan(SOAP, 0, covered=False)
        clerk.sees_basket("香皂 ×1")
