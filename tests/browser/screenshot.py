"""The picture of the README, made by the project itself: a passbook on a phone, and the till.

    .venv/bin/python -m tests.browser.screenshot

Makes the demo in a temporary folder, takes both pages as anybody would come to see them, and writes `screenshot.png`.
"""

import base64
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.fixtures.browsers import ARGUMENTS, REASON, find_chromium
from tests.fixtures.servers import Installation, running
from timebank import clock
from timebank.cli.demo import DATABASE, FOLDER
from timebank.database import new_engine, reading
from timebank.demo.cast import CLERK, HEROINE
from timebank.demo.goods import articles
from timebank.demo.stage import COMMUNITY
from timebank.market.queries import TillView, till_view
from timebank.people.queries import all_volunteers

PICTURE: Final = Path(__file__).parents[2] / "screenshot.png"
BYTES_MAX: Final = 250_000
PHONE: Final = {"width": 390, "height": 880}
DESKTOP: Final = {"width": 1024, "height": 880}
NOODLES, EGGS = 12, 13
"""Places in the catalogue."""
KNOWN_IN_PERSON: Final = "2"
"""Which of the reasons it is that a clerk serves somebody without a card."""
POINTS_E2_OF_A_NEIGHBOUR: Final = 10_000

SIDE_BY_SIDE: Final = """<!doctype html>
<style>
  body {{ display: flex; align-items: flex-start; gap: 28px; width: max-content; margin: 0; padding: 28px; }}
  body {{ background: #e7e0d5; }}
  img {{ display: block; border-radius: 14px; border: 1px solid #b9afa2; }}
</style>
<img id="phone" src="data:image/png;base64,{phone}"><img id="till" src="data:image/png;base64,{till}">
"""


def _enter(browser: Browser, url: str, login: str, size: dict[str, int]) -> Page:
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": size["width"], "height": size["height"]}
    )
    page = context.new_page()
    page.goto(f"{url}/login")
    page.click(f'button[value="{login}"]')
    page.wait_for_selector("h1")
    return page


def _phone(browser: Browser, url: str) -> bytes:
    return _enter(browser, url, HEROINE, PHONE).screenshot()


def _till(browser: Browser, url: str, neighbour: str) -> bytes:
    """Serve a neighbour, then stop with the heroine's basket on the counter."""
    page = _enter(browser, url, CLERK, DESKTOP)
    _fill_basket(page, neighbour, NOODLES)
    page.keyboard.press("F9")
    page.wait_for_selector("#served tr")
    page.goto(f"{url}/till")
    _fill_basket(page, HEROINE, NOODLES, EGGS, EGGS)
    return page.screenshot()


def _neighbour(database: Path) -> str:
    """Return somebody who may redeem today: the monthly limit holds in the demo too."""
    engine, now = new_engine(f"sqlite:///{database}"), clock.now()
    with reading(engine) as session:
        views = (till_view(session, COMMUNITY, one.number, now) for one in all_volunteers(session, COMMUNITY))
        found = next(view.volunteer.number for view in views if view.redemptions_left and _can_pay(view))
    engine.dispose()
    return found


def _can_pay(view: TillView) -> bool:
    return view.volunteer.number != HEROINE and view.passbook.available_e2 >= POINTS_E2_OF_A_NEIGHBOUR


def _fill_basket(page: Page, volunteer: str, *goods: int) -> None:
    codes = {article.ordinal: article.barcode for article in articles()}
    page.keyboard.press("F2")
    page.keyboard.type(volunteer)
    page.keyboard.press("Enter")
    page.wait_for_function("number => document.getElementById('who').textContent.includes(number)", arg=volunteer)
    page.keyboard.type(KNOWN_IN_PERSON)
    page.keyboard.press("Enter")
    for place, good in enumerate(goods, start=1):
        page.keyboard.type(codes[good], delay=5)
        page.keyboard.press("Enter")
        counted = "wanted => [...document.querySelectorAll('#basket td:nth-child(3)')]"
        pieces = ".reduce((sum, cell) => sum + Number(cell.textContent.slice(1)), 0) === wanted"
        page.wait_for_function(counted + pieces, arg=place)


def _beside_each_other(browser: Browser, phone: bytes, till: bytes) -> bytes:
    page = browser.new_page(viewport={"width": 1600, "height": 900})
    page.set_content(SIDE_BY_SIDE.format(phone=_embedded(phone), till=_embedded(till)))
    page.wait_for_function("[...document.images].every(one => one.complete && one.naturalWidth)")
    return page.locator("body").screenshot()


def _embedded(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def main() -> None:
    """Make the picture."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(REASON)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Installation(database_url="", folder=Path(folder)), "demo") as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        till = _till(browser, demo.url, _neighbour(Path(folder) / FOLDER / DATABASE))
        picture = _beside_each_other(browser, _phone(browser, demo.url), till)
        browser.close()
    assert len(picture) <= BYTES_MAX, f"{len(picture)} bytes are too many for a README"
    PICTURE.write_bytes(picture)


if __name__ == "__main__":
    main()
