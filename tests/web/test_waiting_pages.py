"""The pages of the waiting list and of second looks: joined on the phone or at the desk, checked by another."""

from tests.web.sites import said
from tests.web.town import TOWEL, WANG


class TestTheWaitingList:
    """Goods that have run out are waited for in the order of joining."""

    def test_the_page_says_when_nothing_has_run_out(self, site):
        assert "现在没有换完的物品" in said(site.visitor(WANG).get("/me/waiting"))
        assert "现在没有人排队" in said(site.visitor("zhao").get("/till/waiting"))

    def test_what_is_still_there_is_not_waited_for(self, site):
        answer = site.visitor(WANG).post("/me/waiting", {"good": TOWEL})

        assert 409 == answer.status_code
        assert "不用排队" in said(answer)

    def test_a_desk_that_knows_nobody_of_that_number_says_so(self, site):
        answer = site.visitor("zhao").post("/till/waiting", {"number": "V9999", "good": TOWEL, "pieces": "1"})

        assert answer.status_code in {404, 409}


class TestSecondLooks:
    """trust.md T9: another person looks before a long unused passbook is served."""

    def test_who_looked_today_is_listed(self, site):
        site.visitor("qian").post("/till/checks", {"number": WANG.lower(), "identified": "document_seen"})

        page = said(site.visitor("zhao").get("/till/checks"))
        assert "今天核对过的" in page
        assert "钱芳" in page
