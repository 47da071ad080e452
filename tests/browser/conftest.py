"""The demo as a visitor finds it, made once, looked at and hardly changed; and the town behind a real port, put back
after every test."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.browser.till.town import Town
from tests.fixtures.servers import Installation, Server, running
from tests.web.sites import Site, a_site_of_the_town


@pytest.fixture(scope="session")
def demo(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The running demo; asked for after the browser, so that nothing is made where there is none."""
    folder = tmp_path_factory.mktemp("demo")
    with running(Installation(database_url="", folder=folder), "demo") as server:
        yield server


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


def enter(page: Page, demo: Server, login: str | None) -> None:
    """Come in as somebody of the demo with one click, or stay a stranger at the first page."""
    page.goto(f"{demo.url}/login" if login else demo.url)
    if login:
        page.click(f'button[value="{login}"]')
        page.wait_for_selector("nav.places")
