"""What people see of every audience's pages: readable, reachable, light, on a small phone and without scripts.

experience.md sections 0.6 and 8: WCAG 2.2 AA everywhere; for volunteers 7:1 contrast, 18 px text, 48 px targets.
"""

from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, ViewportSize

from tests.browser.conftest import enter
from tests.fixtures.servers import Server
from timebank.demo.cast import ADMIN, AUDITOR, CLERK, HEROINE, LI

SMALL_PHONE: Final[ViewportSize] = {"width": 320, "height": 568}
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 800}

SHELF: Final = ("/stock/moves", "/stock/demand", "/stock/backing", "/partners")
FURTHER_PAGES: Final = {
    None: ("/", "/shop", "/notices", "/rules", "/rules/1", "/login", "/proof", "/v", "/api", "/problems/out_of_stock"),
    HEROINE: ("/me/hours", "/shop"),
    LI: (
        "/coord/activities/new",
        "/people/new",
        "/people/V0001",
        "/people/V0001/card",
        "/stock/write-offs",
        *SHELF,
        "/partners/P001",
    ),
    CLERK: (
        "/stock/moves",
        "/stock/demand",
        "/till/forms",
        "/stock/deliveries/new",
        "/stock/goods/new",
        "/till/redemptions",
    ),
    AUDITOR: ("/audit/entries/700", "/audit/accounts/redeemed/points"),
    ADMIN: ("/admin/rules/new", "/tokens", "/stock/prices/new"),
}
"""Where one comes to from the places of the navigation."""
VOLUNTEER_PAGES: Final = ("/me", "/me/passbook", "/me/hours", "/me/stars", "/me/reservations")
KILOBYTES_MAX, REQUESTS_MAX = 60, 6
TEXT_PX_MIN, TARGET_PX_MIN, MAIN_BUTTON_PX_MIN, BALANCE_PX_MIN = 18, 48, 60, 40
STANDARDS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

TOO_WIDE: Final = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.body.querySelectorAll("*")]
    .filter(one => !one.closest(".scroll") && one.getBoundingClientRect().right > width + 1);
  return wide.slice(-3).map(one => one.outerHTML.slice(0, 160));
}"""
"""The deepest elements that make the page wider than the screen; what scrolls by itself may be wide."""

TOO_SMALL_TEXT: Final = """least => {
  const small = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    const read = texts.currentNode.textContent.trim() && around.checkVisibility() && !around.closest("script, style");
    if (read && parseFloat(getComputedStyle(around).fontSize) < least) small.add(around.outerHTML.slice(0, 120));
  }
  return [...small];
}"""

TOO_SMALL_TARGETS: Final = """([least, main]) => {
  const fields = "input:not([type=hidden]):not([type=checkbox]), select, summary";
  const asked = `button, .button, .go, a.card, nav a, table.stacks a, ${fields}`;
  return [...document.querySelectorAll(asked)]
    .filter(one => one.checkVisibility() && !one.closest(".demo-ribbon"))
    .filter(one => one.getBoundingClientRect().height < (one.matches(".main") ? main : least))
    .map(one => one.outerHTML.slice(0, 120));
}"""
"""Buttons, fields and links that stand alone; a link within a sentence is as high as its line (WCAG 2.5.8)."""


def _violations(page: Page, **options: Any) -> list[str]:
    """What axe finds on the page: the rule, and where."""
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]


def _too_wide(page: Page, url: str) -> list[str]:
    page.goto(url)
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def _places(page: Page) -> list[str]:
    return [str(link.get_attribute("href")) for link in page.query_selector_all("nav.places a")]


class TestEveryPage:
    """WCAG 2.2 AA; 1.4.10 reflow: at 320 px nothing has to be scrolled sideways but tables that say so."""

    @pytest.mark.parametrize("login", [None, HEROINE, LI, CLERK, AUDITOR, ADMIN])
    def test_can_be_used_by_everybody_on_a_desk_and_on_a_small_phone(self, browser_page, demo, login):
        browser_page.set_viewport_size(DESKTOP)
        enter(browser_page, demo, login)
        on_a_desk = _violations(browser_page, runOnly=STANDARDS)
        browser_page.set_viewport_size(SMALL_PHONE)
        on_a_phone = _violations(browser_page, runOnly=STANDARDS)

        wide = {
            path: _too_wide(browser_page, demo.url + path) for path in (*_places(browser_page), *FURTHER_PAGES[login])
        }

        assert [] == on_a_desk
        assert [] == on_a_phone
        assert {} == {path: found for path, found in wide.items() if found}


class TestAVolunteersPage:
    """MIIT's numbers for older readers: text, targets and contrast; and the weight of a page on a slow line."""

    @pytest.fixture
    def page(self, browser_page: Page, demo: Server) -> Page:
        """A phone on which 王秀英 is signed in."""
        browser_page.set_viewport_size(PHONE)
        enter(browser_page, demo, HEROINE)
        return browser_page

    def test_has_large_text_large_targets_and_strong_contrast(self, page: Page, demo: Server):
        wrong: dict[str, list[str]] = {}
        for path in (*VOLUNTEER_PAGES, _newest_entry(page, demo)):
            page.goto(demo.url + path)
            wrong[path] = page.evaluate(TOO_SMALL_TEXT, TEXT_PX_MIN)
            wrong[path] += page.evaluate(TOO_SMALL_TARGETS, [TARGET_PX_MIN, MAIN_BUTTON_PX_MIN])
            wrong[path] += _violations(page, runOnly=["color-contrast-enhanced"])

        assert {} == {path: found for path, found in wrong.items() if found}

    def test_fits_a_small_phone_in_the_largest_text(self, page: Page, demo: Server):
        page.set_viewport_size(SMALL_PHONE)
        for _step in ("large", "largest"):
            page.click("header button[name=text]")

        wide = {path: _too_wide(page, demo.url + path) for path in VOLUNTEER_PAGES}

        assert "largest" == page.get_attribute("html", "data-text")
        assert {} == {path: found for path, found in wide.items() if found}

    def test_is_light(self, browser: Browser, demo: Server, page: Page):
        for path in VOLUNTEER_PAGES:
            received = _received(browser, page, demo.url + path)

            assert sum(received) <= KILOBYTES_MAX * 1024, path
            assert len(received) <= REQUESTS_MAX, path

    def test_shows_the_balance_at_once(self, page: Page, demo: Server):
        page.goto(f"{demo.url}/me")
        figure = page.locator(".figure").first
        place = figure.bounding_box()

        assert place is not None
        assert place["y"] + place["height"] <= PHONE["height"]
        assert figure.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= BALANCE_PX_MIN


def _received(browser: Browser, page: Page, url: str) -> list[int]:
    """The bytes of every answer for a page, seen by a browser that has kept nothing but who is signed in."""
    fresh = browser.new_context(storage_state=page.context.storage_state())
    answers: dict[str, Response] = {}
    visit = fresh.new_page()
    visit.on("response", lambda answer: answers.update({answer.url: answer}))
    visit.goto(url, wait_until="load")
    sizes = [len(answer.body()) for answer in tuple(answers.values())]
    fresh.close()
    return sizes


def _newest_entry(page: Page, demo: Server) -> str:
    page.goto(f"{demo.url}/me/passbook")
    return str(page.get_attribute("table.stacks a", "href"))


class TestWithoutScripts:
    """experience.md section 7, point 16: everything but the till works without JavaScript."""

    @pytest.fixture
    def page(self, browser: Browser, demo: Server):
        """A browser that runs no scripts."""
        context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 360, "height": 740})
        yield context.new_page()
        context.close()

    def test_a_volunteer_reads_her_passbook_in_large_text_and_in_english(self, page: Page, demo: Server):
        enter(page, demo, HEROINE)
        page.click("header button[name=text]")
        page.click("header button[name=language]")
        page.click("a.card:has(.figure)")
        page.click("table.stacks a")

        assert "large" == page.get_attribute("html", "data-text")
        assert "Number to check" in page.inner_text("main")

    def test_a_coordinator_looks_at_the_hours_once_more_before_they_are_sent(self, page: Page, demo: Server):
        enter(page, demo, LI)
        page.click("main td .button")
        page.fill("[name=default]", "2")
        page.fill("[name=names]", HEROINE)
        page.click("button[value=list]")
        page.click("button[value=check]")

        assert page.is_visible("button[value=submit]")
        assert "2小时" in page.inner_text("main")
