"""The pages of what was asked for in vain, and of paper forms."""

from tests.web.sites import said
from tests.web.town import RICE, SLIP
from timebank.chance import fresh_key


class TestDemandPages:
    """Issue: demand unmet, recorded in one action; list, and chart with backing."""

    def test_the_till_notes_it_with_one_request(self, site):
        clerk = site.visitor("zhao")
        answer = clerk.post_json("/till/demand", {"request_key": fresh_key(), "good": RICE, "words": ""})

        assert 200 == answer.status_code
        assert "没有扣分" in answer.get_json()["said"]
        assert "大米5公斤 1 0" in said(clerk.get("/stock/demand"))
        assert 400 == clerk.post_json("/till/demand", {"request_key": fresh_key(), "good": 7}).status_code
        assert 409 == clerk.post_json("/till/demand", {"request_key": fresh_key()}).status_code

    def test_what_is_none_of_ours_is_noted_in_words(self, site):
        clerk = site.visitor("zhao")
        assert 302 == clerk.post("/stock/demand", {"good": "", "words": "酱油"}).status_code
        assert 409 == clerk.post("/stock/demand", {"good": "", "words": ""}).status_code

        assert "酱油 我们没有" in said(clerk.get("/stock/demand"))
        assert 'id="demand-title"' in site.visitor("li").text("/stock/backing")


class TestFormPages:
    """domain.md S8."""

    def test_forms_are_printed_filed_and_missed(self, site):
        clerk = site.visitor("zhao")
        answer = clerk.post("/till/forms/print", {"count": "3"})
        assert 302 == answer.status_code
        assert "兑换纸单第 3 号" in said(clerk.get(answer.headers["Location"]))

        assert 302 == clerk.post("/till/forms/file", {"form": "2", "redemption": SLIP.lower()}).status_code

        page = said(site.visitor("zhou").get("/till/forms"))
        assert "缺号：1" in page
        assert f"2 {SLIP}" in page
        assert "纸单第 2 号" in said(clerk.get(f"/till/slips/{SLIP}"))

    def test_a_void_one_needs_its_reason(self, site):
        clerk = site.visitor("zhao")
        clerk.post("/till/forms/print", {"count": "1"})
        assert 409 == clerk.post("/till/forms/file", {"form": "1"}).status_code
        assert 302 == clerk.post("/till/forms/file", {"form": "1", "reason": "写坏了"}).status_code
        assert "作废：写坏了" in said(clerk.get("/till/forms"))
        assert 409 == clerk.post("/till/forms/print", {"count": "500"}).status_code
