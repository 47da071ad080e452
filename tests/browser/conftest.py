"""The demo as a visitor finds it, for every test in a real browser: made once, looked at and hardly changed."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.fixtures.servers import Installation, Server, running


@pytest.fixture(scope="session")
def demo(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The running demo; asked for after the browser, so that nothing is made where there is none."""
    folder = tmp_path_factory.mktemp("demo")
    with running(Installation(database_url="", folder=folder), "demo") as server:
        yield server


def enter(page: Page, demo: Server, login: str | None) -> None:
    """Come in as somebody of the demo with one click, or stay a stranger at the first page."""
    page.goto(f"{demo.url}/login" if login else demo.url)
    if login:
        page.click(f'button[value="{login}"]')
        page.wait_for_selector("nav.places")
