"""The pages of a shift: opened, handed over, closed blind, and the slip that both sign."""

from tests.web.sites import said
from tests.web.town import SOAP, TOWEL, XFL, ZHANG
from timebank.books.statements import entries_total
from timebank.chance import fresh_key
from timebank.evidence.queries import find_newest_head


def located(answer):
    """Where a form leads when it was done."""
    assert 302 == answer.status_code, said(answer)
    return answer.headers["Location"]


def parked(clerk, **changes):
    """Park a basket as the till does."""
    told = {
        "request_key": fresh_key(),
        "till": "一号收银台",
        "volunteer": ZHANG,
        "basket": [{"good": SOAP, "pieces": 2}],
    }
    return clerk.post_json("/till/parked", told | changes)


class TestShiftPages:
    """experience.md T1, T8, T10."""

    def begin(self, clerk):
        return located(clerk.post("/till/shifts", {"till": "一号收银台"}))

    def test_a_shift_without_redemptions_is_closed_at_once(self, site):
        clerk = site.visitor("zhao")
        page = self.begin(clerk)
        assert "可以直接结班" in clerk.text(page)

        located(clerk.post(f"{page}/close"))

        assert "交班人签名" in clerk.text(page)
        assert 409 == clerk.post(f"{page}/close").status_code

    def test_the_end_of_the_day_is_signed_and_the_head_stands_on_every_slip(self, site):
        clerk = site.visitor("zhao")
        page = self.begin(clerk)
        located(site.visitor(ZHANG).post("/me/reservations", {f"pieces-{TOWEL}": "1"}))
        slip = located(clerk.post("/till/reservations/Y000001", {f"pieces-{TOWEL}": "1"}))
        assert "账本头" not in clerk.text(slip)

        located(clerk.post(f"{page}/close", {f"pieces-{TOWEL}": "1"}))

        with site.reading() as session:
            head = find_newest_head(session, XFL)
            assert head is not None
            assert entries_total(session, XFL) == head.size
        for line in head.note.text.splitlines():
            assert line in clerk.text(slip)

    def test_a_second_shift_at_the_same_till_is_refused(self, site):
        clerk = site.visitor("zhao")
        self.begin(clerk)
        assert 409 == clerk.post("/till/shifts", {"till": "一号收银台"}).status_code
        assert 400 == clerk.post("/till/shifts", {"till": ""}).status_code

    def test_another_clerk_takes_over_and_closes(self, site):
        clerk, other = site.visitor("zhao"), site.visitor("qian")
        page = self.begin(clerk)
        assert 409 == other.post(f"{page}/close").status_code
        located(other.post(f"{page}/take-over"))
        located(other.post(f"{page}/close"))
        assert "赵敏 → 钱芳" in said(other.get(page))

    def test_what_moved_is_counted_without_being_told_what_should_be_there(self, site):
        clerk = site.visitor("zhao")
        page = self.begin(clerk)
        located(site.visitor(ZHANG).post("/me/reservations", {f"pieces-{TOWEL}": "1"}))
        located(clerk.post("/till/reservations/Y000001", {f"pieces-{TOWEL}": "1"}))
        assert "毛巾" in clerk.text(page)
        assert "账上" not in clerk.text(page)
        assert 400 == clerk.post(f"{page}/close", {f"pieces-{TOWEL}": "几条"}).status_code
        assert 409 == clerk.post(f"{page}/close").status_code

        located(clerk.post(f"{page}/close", {f"pieces-{TOWEL}": "1"}))

        assert "账上" in clerk.text(page)

    def test_a_parked_basket_keeps_the_shift_open(self, site):
        clerk = site.visitor("zhao")
        page = self.begin(clerk)
        number = parked(clerk).get_json()["number"]
        assert 409 == clerk.post(f"{page}/close").status_code
        assert "香皂 ×2" in said(clerk.get(page))
        located(clerk.post(f"{page}/parked/{number}"))
        located(clerk.post(f"{page}/close"))

    def test_what_is_no_basket_is_not_parked(self, site):
        clerk = site.visitor("zhao")
        for wrong in ({"basket": None}, {"basket": [{"good": SOAP, "pieces": "2"}]}, {"till": None}, {"basket": [1]}):
            assert 400 == parked(clerk, **wrong).status_code
        assert 409 == parked(clerk, basket=[]).status_code
