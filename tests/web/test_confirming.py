"""Hours are confirmed on pages: one tap of the volunteer, a list at the desk, a page by code, a public notice."""

import re

import pytest

from tests.web import town
from tests.web.sites import said


def _approve_all(site):
    chen = site.visitor("chen")
    page = chen.text("/coord/approvals")
    records = re.findall(r'name="record" value="([-0-9a-f]{36})"', page)
    asked = {"record": records, "rating_for_all": "5", "answer_for_all": "核对过"}
    return chen.text(chen.post("/coord/approvals", asked).headers["Location"])


class TestTheVolunteer:
    """experience.md V8: two taps, yes or no, on the home page."""

    def test_says_yes_on_the_home_page(self, asking):
        wang = asking.visitor(town.WANG)
        [where] = re.findall(r'action="(/me/confirmations/[-0-9a-f]{36})"', wang.text("/me"))[:1]

        wang.post(where, {"answer": "yes"})

        assert "已确认" in (page := wang.text("/me"))
        assert where not in page

    def test_says_no_and_gets_a_number(self, asking):
        wang, chen = asking.visitor(town.WANG), asking.visitor("chen")
        [where] = re.findall(r'action="(/me/confirmations/[-0-9a-f]{36})"', wang.text("/me"))[:1]

        wang.post(where, {"answer": "时长不对"})

        number = re.findall(r"Y-[0-9]{6}-1", wang.text("/me"))[0]
        assert number in (waiting := chen.text("/coord/objections"))
        assert "先停住了" in waiting
        assert "有人说" in chen.text("/desk/confirmations")

    def test_of_somebody_else_is_refused(self, asking):
        where = re.findall(r'action="(/me/confirmations/[-0-9a-f]{36})"', asking.visitor(town.WANG).text("/me"))[0]

        assert 403 == asking.visitor(town.ZHANG).post(where, {"answer": "yes"}).status_code

    def test_twice_is_told(self, asking):
        wang = asking.visitor(town.WANG)
        [where] = re.findall(r'action="(/me/confirmations/[-0-9a-f]{36})"', wang.text("/me"))[:1]
        wang.post(where, {"answer": "yes"})

        wang.post(where, {"answer": "yes"})

        assert "已经答过了" in wang.text("/me")


class TestTheDesk:
    """Who has no phone is asked in person; the clerk answers for them."""

    def test_the_clerk_confirms_for_those_at_the_desk(self, asking):
        zhao = asking.visitor("zhao")
        records = re.findall(r'name="record" value="([-0-9a-f]{36})"', zhao.text("/desk/confirmations"))

        answer = zhao.post("/desk/confirmations", {"record": records})

        assert f"已代为确认 {len(records)} 条" in zhao.text(answer.headers["Location"])

    def test_whoever_recorded_them_has_nothing_to_tick(self, asking):
        assert 'name="record"' not in asking.visitor("li").text("/desk/confirmations")

    def test_a_no_at_the_desk_stops_the_line(self, asking):
        zhao = asking.visitor("zhao")
        where = re.findall(r'action="(/desk/confirmations/[-0-9a-f]{36}/denial)"', zhao.text("/desk/confirmations"))[0]

        zhao.post(where, {"reason": "那天在医院"})

        assert "那天在医院" in zhao.text("/desk/confirmations")

    def test_nothing_ticked_is_told(self, asking):
        assert 400 == asking.visitor("zhao").post("/desk/confirmations", {}).status_code


class TestApproving:
    """C4: the coordinator approves as before and is told what comes later."""

    def test_tells_what_is_posted_later(self, asking):
        assert "确认后、到日子就入账" in _approve_all(asking)
        assert "等确认的时长" in said(asking.visitor("chen").get("/coord"))


class TestThePublicNotice:
    """trust.md T4: names are masked, anybody objects, the line stops."""

    def test_lists_hours_and_takes_an_objection(self, asking):
        _approve_all(asking)
        stranger = asking.visitor()
        page = stranger.text("/notices/hours")
        assert "王*英" in page
        assert "王秀英" not in page
        record = re.findall(r'<option value="([-0-9a-f]{36})"', page)[0]

        answer = stranger.post("/notices/hours", {"record": record, "text": "那天下午没有上课"})

        assert re.search(r"编号 Y-[0-9]{6}-1", said(answer))
        assert "有异议，已停住" in stranger.text("/notices/hours")

    def test_says_when_there_is_nothing(self, site):
        assert "现在没有公示的时长" in site.visitor().text("/notices/hours")


class TestTheRecipient:
    """domain.md R2: without signing in, by a code and the end of the phone."""

    @pytest.fixture
    def door(self, asking):
        li = asking.visitor("li")
        where = f"/coord/activities/{town.CLASSROOM}"
        li.post(f"{where}/recipient", {"name": "周奶奶", "tail": "0007"})
        return {"code": re.findall(r"编码 ([0-9]{10})", li.text(where))[0], "tail": "0007"}

    def test_confirms_and_rates(self, asking, door):
        stranger = asking.visitor()
        page = said(stranger.post("/served", door))
        assert "王*英" in page
        where = re.findall(r'action="(/served/[-0-9a-f]{36})/answer"', stranger.post("/served", door).text)[0]

        confirmed = said(stranger.post(f"{where}/answer", door | {"answer": "yes"}))
        rated = said(stranger.post(f"{where}/stars", door | {"stars": "5"}))

        assert "已确认" in confirmed
        assert "评价已收下" in rated

    def test_denies_with_a_reason(self, asking, door):
        stranger = asking.visitor()
        where = re.findall(r'action="(/served/[-0-9a-f]{36})/answer"', stranger.post("/served", door).text)[0]

        without = stranger.post(f"{where}/answer", door | {"answer": "no"})
        told = stranger.post(f"{where}/answer", door | {"answer": "no", "reason": "没有人来"})

        assert 409 == without.status_code
        assert "已停住，编号 Y-" in said(told)

    @pytest.mark.parametrize("wrong", [{"code": "0000000000"}, {"tail": "0008"}])
    def test_another_code_or_phone_opens_nothing(self, asking, door, wrong):
        answer = asking.visitor().post("/served", door | wrong)

        assert 409 == answer.status_code
        assert "没有这个编码" in said(answer)

    def test_few_stars_say_why(self, asking, door):
        stranger = asking.visitor()
        where = re.findall(r'action="(/served/[-0-9a-f]{36})/answer"', stranger.post("/served", door).text)[0]

        assert 409 == stranger.post(f"{where}/stars", door | {"stars": "1"}).status_code

    def test_asks_for_ten_digits(self, asking):
        assert "十位数字" in asking.visitor().text("/served")

        answer = asking.visitor().post("/served", {"code": "12", "tail": "0007"})

        assert 400 == answer.status_code
