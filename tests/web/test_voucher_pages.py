"""The pages of service vouchers: offered by the office, taken on the phone, honoured at the unit, settled by two."""

import re
from urllib.parse import quote

import pytest

from tests.web.sites import said
from tests.web.town import RICE, SOAP, WANG, ZHANG

OFFER = {"partner": "P001", "good": RICE, "quota": "2", "person": "1", "days": "14", "value": "15"}


def code_on(page):
    """The twenty digits of a voucher or card, as the page shows them for a person."""
    return re.findall(r"9\d{3}(?: \d{4}){4}", page.get_data(as_text=True))[0].replace(" ", "")


@pytest.fixture
def offered(site):
    """A service of the unit, offered, with a price by two persons and a card that honours it."""
    li = site.visitor("li")
    assert 302 == site.visitor("chen").post("/stock/prices/confirm", {"number": "2"}).status_code
    assert 302 == li.post("/vouchers/offers", OFFER).status_code
    made = li.post("/vouchers/desks", {"partner": "P001", "keeper": "李师傅"})
    assert 302 == made.status_code
    return code_on(li.get(made.location))


class TestVouchers:
    """Issue, point 7: taken on the phone, honoured once at the unit by code, settled monthly by two persons."""

    def test_from_the_phone_to_the_unit(self, site, offered):
        volunteer, unit = site.visitor(WANG), site.visitor()
        assert "领一张" in said(volunteer.get("/me/vouchers"))
        assert 302 == volunteer.post("/me/vouchers", {"offer": "F0001"}).status_code
        code = code_on(volunteer.get("/me/vouchers"))

        assert "请先扫社区发的核销牌" in said(unit.get("/vouchers/desk"))
        assert 302 == unit.post("/vouchers/desk/card", {"card": offered}).status_code
        looked = unit.post("/vouchers/desk/look", {"code": code})
        assert "大米5公斤" in said(looked)
        assert "王秀英" not in said(looked)
        assert "核销了" in said(unit.post("/vouchers/desk", {"code": code}))
        again = unit.post("/vouchers/desk", {"code": code})
        assert 409 == again.status_code
        assert "没有核销" in said(again)
        assert "不能用" in said(unit.post("/vouchers/desk/look", {"code": code}))
        assert "用了" in said(volunteer.get("/me/vouchers"))
        assert 409 == volunteer.post("/me/vouchers/E000001/back").status_code

        assert 302 == unit.post("/vouchers/desk/leave").status_code
        assert "请先扫社区发的核销牌" in said(unit.get("/vouchers/desk"))

    def test_a_page_without_a_card_honours_nothing(self, site, offered):
        site.visitor(WANG).post("/me/vouchers", {"offer": "F0001"})
        code, stranger = code_on(site.visitor(WANG).get("/me/vouchers")), site.visitor()

        for path in ("/vouchers/desk", "/vouchers/desk/look"):
            assert 400 <= stranger.post(path, {"code": code}).status_code < 500
        assert 400 <= stranger.post("/vouchers/desk/card", {"card": code}).status_code < 500
        assert 400 == stranger.post("/vouchers/desk/card", {}).status_code
        assert 400 == stranger.post("/vouchers/desk/look", {}).status_code
        assert "没用" not in said(stranger.get("/vouchers/desk"))

    def test_a_card_that_was_ended_opens_nothing(self, site, offered):
        unit = site.visitor()
        unit.post("/vouchers/desk/card", {"card": offered})
        assert 302 == site.visitor("li").post("/vouchers/ended-desks", {"number": "D001"}).status_code

        assert "请先扫社区发的核销牌" in said(unit.get("/vouchers/desk"))
        assert "停用" in said(site.visitor("li").get("/vouchers"))

    def test_the_till_takes_one_for_who_has_no_phone(self, site, offered):
        clerk = site.visitor("zhao")

        taken = clerk.post("/vouchers/taken", {"number": WANG.lower(), "offer": "F0001"})

        assert "只能用一次" in said(clerk.get(taken.location))
        assert 302 == clerk.post("/vouchers/slips/E000001/back").status_code
        assert "退了" in said(clerk.get("/vouchers"))
        assert 409 == clerk.post("/vouchers/slips/E000001/back").status_code
        assert 409 == clerk.post("/vouchers/taken", {"number": ZHANG, "offer": "F0001"}).status_code

    def test_its_code_at_the_till_says_where_it_belongs(self, site, offered):
        site.visitor(WANG).post("/me/vouchers", {"offer": "F0001"})
        code = code_on(site.visitor(WANG).get("/me/vouchers"))

        answer = site.visitor("zhao").get(f"/till/look?text={quote(code)}")

        assert "这是服务券" in answer.get_json()["said"]

    def test_what_cannot_be_offered_is_said_on_the_page(self, site):
        li = site.visitor("li")

        assert 409 == li.post("/vouchers/offers", OFFER | {"good": SOAP}).status_code
        assert 400 == li.post("/vouchers/offers", OFFER | {"quota": "x"}).status_code
        assert 404 == li.get("/vouchers/desks/D999").status_code
        assert 400 == li.post("/vouchers/desks", {"partner": "P001", "keeper": ""}).status_code

    def test_an_offer_that_was_stopped_is_offered_no_more(self, site, offered):
        assert 302 == site.visitor("li").post("/vouchers/offers/end", {"number": "F0001"}).status_code

        assert "现在没有单位提供服务" in said(site.visitor(WANG).get("/me/vouchers"))
        assert 409 == site.visitor(WANG).post("/me/vouchers", {"offer": "F0001"}).status_code

    def test_the_statement_of_a_month(self, site, offered):
        volunteer, unit, li = site.visitor(WANG), site.visitor(), site.visitor("li")
        volunteer.post("/me/vouchers", {"offer": "F0001"})
        unit.post("/vouchers/desk/card", {"card": offered})
        unit.post("/vouchers/desk", {"code": code_on(volunteer.get("/me/vouchers"))})

        page = said(li.get("/vouchers/partners/P001"))
        assert "大米5公斤" in page
        assert "15.00" in page
        assert "过完了再出对账单" in page
        table = li.get("/vouchers/partners/P001/vouchers.csv").get_data().decode("utf-8-sig")
        assert "大米5公斤,1,160.00,15.00" in table
        month = re.findall(r"(\d{6}) 服务券对账单", page)[0]
        assert 409 == li.post("/vouchers/partners/P001/draw-up", {"month": month}).status_code
        assert 409 == li.post("/vouchers/partners/P001/confirm", {"month": month}).status_code
        assert 400 == li.post("/vouchers/partners/P001/draw-up", {"month": "x"}).status_code
        assert 200 == li.get("/vouchers/partners/P001?month=209999").status_code
