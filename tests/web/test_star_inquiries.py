"""The pages of inquiries into stars: opened and heard by staff, seen and answered by the volunteer, decided."""

from datetime import timedelta

from tests.web.sites import said
from tests.web.test_stars import announced, the_case
from tests.web.town import WANG
from timebank import clock
from timebank.certificates.queries import certificates
from timebank.ledger.days import day_of
from timebank.stars import queries

OPENED = {"volunteer": WANG, "reason": "五月三日代人签到", "evidence": "签到表 A-0503 两处笔迹相同"}


class TestAnInquiryOnThePages:
    """domain.md section 1.1: never silent; the volunteer sees every line, speaks first and may object."""

    def test_from_the_opening_to_the_objection(self, site):
        announced(site, days_ago=14)
        site.visitor("li").post("/coord/stars/grant", {"award": the_case(site).award_id})
        chen, wang = site.visitor("chen"), site.visitor(WANG)

        chen.post("/coord/star-inquiries", OPENED)
        assert "正在复核" in said(wang.get("/me"))
        assert "签到表 A-0503" in said(wang.get("/me/stars/inquiries"))
        early = chen.post("/coord/star-inquiries/FH0001/decisions", {"outcome": "kept", "why": "查无此事"})
        wang.post("/me/stars/inquiries/FH0001/statements", {"said": "我替邻居签的"})
        assert "我替邻居签的" in said(chen.get("/coord/star-inquiries/FH0001"))
        until = day_of(clock.now()) + timedelta(days=30)
        verdict = {"outcome": "withdrawn", "until_on": until.isoformat(), "why": "属实"}
        li = site.visitor("li")
        li.post("/coord/star-inquiries/FH0001/decisions", verdict)
        assert "决定已记入账册，本人看得到，可以提异议。" in said(li.get("/coord/star-inquiries/FH0001"))

        assert 409 == early.status_code
        assert "到" in said(wang.get("/me/stars"))
        code = self.code_of_the_star(site)
        checked = site.visitor("li").get(f"/v/{code}")
        assert "现在无效：经复核，这颗星已降低或撤销" in said(checked)
        assert "暂时无效" in said(wang.get(f"/certificates/{code}"))
        assert "已决定" in said(site.visitor("li").get("/coord/star-inquiries"))
        with site.reading() as session:
            assert 0 == queries.level_on(session, "xfl", WANG, day_of(clock.now()))
        wang.post("/me/stars/inquiries/FH0001/objections", {"objection": "我没有收过钱"})
        assert "等第三位" in said(site.visitor("li").get("/coord/star-inquiries/FH0001"))

    def test_a_star_that_is_kept_leaves_nothing_to_object_to(self, site):
        announced(site, days_ago=14)
        li = site.visitor("li")
        li.post("/coord/stars/grant", {"award": the_case(site).award_id})
        site.visitor("chen").post("/coord/star-inquiries", OPENED)
        site.visitor(WANG).post("/me/stars/inquiries/FH0001/statements", {"said": "我自己签的"})

        li.post("/coord/star-inquiries/FH0001/decisions", {"outcome": "kept", "why": "笔迹核对过，是本人"})

        assert "决定已记入账册，本人看得到。" in said(li.get("/coord/star-inquiries/FH0001"))

    def code_of_the_star(self, site):
        """The code on the certificate of the star that was granted."""
        with site.reading() as session:
            (found,) = [one for one in certificates(session, "xfl") if one.volunteer_number == WANG]
        return found.code

    def test_what_is_missing_is_said_where_it_is_missing(self, site):
        answer = site.visitor("li").post("/coord/star-inquiries", OPENED | {"evidence": ""})

        assert 400 == answer.status_code
        assert 409 == site.visitor("li").post("/coord/star-inquiries", OPENED).status_code
        assert 404 == site.visitor("li").get("/coord/star-inquiries/FH0099").status_code
        assert "没有关于您的星级复核" in said(site.visitor(WANG).get("/me/stars/inquiries"))

    def test_the_page_says_what_the_star_does(self, site):
        assert "以后服务的积分按100%计。" in said(site.visitor(WANG).get("/me/stars"))
