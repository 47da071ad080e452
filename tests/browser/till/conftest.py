"""A clerk before the pages of the town, in Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.till.person import Person
from tests.browser.till.town import Town


@pytest.fixture
def context(browser: Browser, town: Town) -> Iterator[BrowserContext]:
    """A browser of the till, signed in as the clerk 赵敏."""
    made = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 800}, base_url=town.url
    )
    made.add_cookies([town.cookie_of("zhao")])
    yield made
    made.close()


@pytest.fixture
def clerk(context: BrowserContext, town: Town) -> Person:
    """赵敏 at the till, nothing on it yet."""
    return Person(context.new_page(), town.url).at_the_till()
