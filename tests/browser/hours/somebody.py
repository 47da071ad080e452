"""Somebody before the pages of activities and hours: every tap, key and scan counted, as at the till."""

from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.browser.till.person import KEY, SCAN, TAP, WAIT_MS, Person
from tests.browser.till.town import Town

DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


class Somebody(Person):
    """A coordinator at a desk, or a volunteer with a phone; touches: whether they use a finger."""

    touches = False

    def at(self, path: str) -> "Somebody":
        """Stand on a page and begin to count."""
        self.page.goto(f"{self.url}{path}")
        self.begins()
        return self

    def tap(self, found: str | Locator, nth: int = 0) -> None:
        """Tap something with a finger, or click it where there is no touch screen."""
        one = self.page.locator(found).nth(nth) if isinstance(found, str) else found
        self._timed(lambda: one.tap() if self.touches else one.click(), TAP)

    def taps(self, name: str, nth: int = 0) -> None:
        """Tap the button or link with these words."""
        main = self.page.locator("main")
        named = main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name))
        self.tap(named.nth(nth))

    def opens_by_scan(self, address: str) -> None:
        """Scan a code that holds an address: the phone opens the page."""
        self._timed(lambda: self.page.goto(address), SCAN)

    def writes(self, words: str) -> None:
        """Write hanzi: an input method takes a key or two for each; counted as keys."""
        self._timed(lambda: self.page.keyboard.insert_text(words), KEY * len(words))
        self.actions += len(words) - 1

    def pastes(self, words: str) -> None:
        """Paste a text from elsewhere: one action."""
        self._timed(lambda: self.page.keyboard.insert_text(words), KEY)

    def is_asked(self, field: str) -> None:
        """Wait until a field takes what is typed or scanned."""
        self._waits(lambda: expect(self.page.locator(f"[name={field}]")).to_be_focused(timeout=WAIT_MS))

    def sees(self, words: str) -> None:
        """Wait until the page says this."""
        self._waits(lambda: expect(self.page.locator("body")).to_contain_text(words, timeout=WAIT_MS))


def somebody(browser: Browser, town: Town, login: str, device: dict[str, Any]) -> Somebody:
    """Sit somebody down, signed in."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", base_url=town.url, **device)
    context.add_cookies([town.cookie_of(login)])
    made = Somebody(context.new_page(), town.url)
    made.touches = bool(device.get("has_touch"))
    return made
