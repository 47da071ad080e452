"""A passkey in a real browser: made, given as the second step, removed; with a virtual authenticator of Chromium."""

import pytest

from tests.browser.conftest import enter
from timebank.demo.cast import HEROINE, LI


@pytest.fixture
def page(browser_page):
    """A page whose browser has an authenticator that always agrees."""
    tools = browser_page.context.new_cdp_session(browser_page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    return browser_page


@pytest.fixture
def here(demo):
    """The demo under the name that browsers trust without HTTPS."""
    return type(demo)(url=demo.url.replace("127.0.0.1", "localhost"), **_others(demo))


def _others(demo):
    return {name: value for name, value in vars(demo).items() if name != "url"}


def added(page, here, name):
    """Add a passkey on the page."""
    page.goto(f"{here.url}/second/passkeys")
    page.fill("#name", name)
    page.click("form[data-passkey] button")


class TestPasskeys:
    """ASVS 6.3.3: a second factor that a false site cannot take, beside the authenticator."""

    @pytest.mark.parametrize("login", [LI, HEROINE])
    def test_made_given_and_removed(self, page, here, login):
        enter(page, here, login)
        added(page, here, "办公室电脑")
        page.wait_for_selector("text=第二步验证已经可用")
        page.goto(f"{here.url}/second/own")
        assert page.is_visible("text=办公室电脑")

        page.goto(f"{here.url}/second")
        page.click("form[data-passkey=give] button")
        page.wait_for_selector("nav.places")
        page.goto(f"{here.url}/second/own")
        assert page.is_visible("text=用过")

        page.click("text=删除 办公室电脑")
        page.wait_for_selector("text=这个通行密钥已经删除")
        assert not page.is_visible("text=删除 办公室电脑")

    def test_the_same_device_is_not_added_twice(self, page, here):
        enter(page, here, LI)
        added(page, here, "第一个")
        page.wait_for_selector("text=第二步验证已经可用")

        added(page, here, "第二个")

        page.wait_for_selector("[role=alert]:visible")
        page.goto(f"{here.url}/second/own")
        assert not page.is_visible("text=第二个")
        page.click("text=删除 第一个")
