"""Fifty network cuts: before a request, before its answer, while baskets are parked; nothing is lost or done twice."""

from contextlib import contextmanager

import pytest

from tests.browser.till.town import SOAP, TOWEL

ROUNDS = 10
CUTS_A_ROUND = 5


@contextmanager
def cut(page):
    """The network is away."""
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


class Wire:
    """What the page sends goes by here, always; a request is lost on its way, or is done and its answer is lost."""

    def __init__(self, page):
        self._page = page
        self._lost = None
        page.route("**/till/*", self._carry)

    def _carry(self, route):
        if self._lost is None or not route.request.url.endswith(self._lost[0]):
            route.continue_()
            return
        if self._lost[1]:
            route.fetch()
        route.abort()

    @contextmanager
    def losing(self, address, *, answered):
        """Lose the one request that is sent there meanwhile."""
        self._lost = (address, answered)
        with self._page.expect_event("requestfailed"):
            yield
        self._lost = None


class TestFiftyCuts:
    """experience.md T7, trust.md R9 and R10: the same key is asked again until it is answered."""

    @pytest.fixture
    def known(self, clerk, town):
        """王秀英 was served before, so that the page knows her."""
        clerk.scan(town.card)
        clerk.sees_customer("王秀英")
        clerk.press("Escape")
        return clerk

    def sell_in_a_cut(self, clerk, town):
        """The card and the soap are known without the network; points wait until it is back."""
        with cut(clerk.page):
            clerk.scan(town.card)
            clerk.scan(SOAP)
            clerk.sees_basket("香皂 ×1")
            clerk.press("F9")
            clerk.hears("网络断了")
        clerk.hears("网络好了")

    def confirm_in_two_cuts(self, clerk, wire):
        """Once the request is lost on its way, once the answer."""
        for answered in (False, True):
            with wire.losing("/till/redemptions", answered=answered):
                clerk.press("F9")
                clerk.hears("不确定")
        clerk.press("F9")
        clerk.hears("兑换好了")

    def undo_in_a_cut(self, clerk, wire):
        with wire.losing("/till/undo", answered=True):
            clerk.press("F8", "1", "F9")
            clerk.hears("不确定")
        clerk.press("F9")
        clerk.hears("已撤销")

    def park_in_a_cut(self, clerk, town):
        with cut(clerk.page):
            clerk.scan(TOWEL)
            clerk.sees_basket("毛巾 ×1")
            clerk.press("F6")
            clerk.hears("已挂单")
            clerk.sees_basket()
        clerk.page.wait_for_function("() => JSON.parse(localStorage.getItem('timebank.outbox.xfl')).length === 0")
        (waiting,) = town.parked()
        clerk.press("F6")
        clerk.hears("取出哪一单")
        clerk.press("Enter")
        clerk.sees_basket("毛巾 ×1")
        clerk.press("Escape")
        return waiting.number

    def test_nothing_is_lost_and_nothing_counts_twice(self, known, town):
        before, parked, wire = town.points_e2(), [], Wire(known.page)
        for _ in range(ROUNDS):
            self.sell_in_a_cut(known, town)
            self.confirm_in_two_cuts(known, wire)
            self.undo_in_a_cut(known, wire)
            parked.append(self.park_in_a_cut(known, town))

        assert 50 == ROUNDS * CUTS_A_ROUND
        assert before == town.points_e2()
        assert [True] * ROUNDS == [one.undone is not None for one in town.redemptions()]
        assert ROUNDS == len(set(parked))
        assert () == town.parked()
