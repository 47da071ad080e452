"""The pages of the town behind a real port, and a clerk before them in Chromium."""

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from tests.browser.till.person import Person
from tests.browser.till.town import Town
from tests.web.sites import Site, a_site_of_the_town


@pytest.fixture(scope="session")
def towns() -> Iterator[dict[str, Town]]:
    """The towns of this worker, by kind of database."""
    made: dict[str, Town] = {}
    yield made
    for town in made.values():
        town.close()


@pytest.fixture
def town(towns, database_kind, database_server, tmp_path_factory) -> Town:
    """The town as it was built, behind a port of this machine."""
    if database_kind not in towns:
        site: Site = a_site_of_the_town(database_server, tmp_path_factory.mktemp("site"))
        server = make_server("127.0.0.1", 0, site.app, threaded=True)
        Thread(target=server.serve_forever, daemon=True).start()
        towns[database_kind] = Town(site, server)
    found: Town = towns[database_kind]
    found.site.put_back()
    return found


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
