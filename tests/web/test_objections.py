"""Objections on their pages: three taps from the line, a number, an answer, a correction that shows all of it."""

import re

from tests.web import town
from tests.web.sites import said


def _line_of(visitor):
    """The address of the latest line of somebody's hours."""
    return re.findall(r'href="(/me/entries/[0-9]+)"', visitor.text("/me/hours"))[0]


class TestALine:
    """experience.md V8: line, 有疑问, a reason, 提交."""

    def test_is_doubted_answered_and_put_right(self, site):
        wang, li, chen = site.visitor(town.WANG), site.visitor("li"), site.visitor("chen")
        line = _line_of(wang)
        assert "有疑问" in wang.text(line)

        answer = wang.post("/me/objections", {"seq": line.rsplit("/", 1)[1], "reason": "时长不对"})

        number = re.findall(r"Y-[0-9]{6}-1", wang.text(answer.headers["Location"]))[0]
        assert "等答复" in wang.text("/me/objections")
        waiting = chen.text("/coord/objections")
        assert number in waiting
        record = re.findall(r"/coord/records/[-0-9a-f]{36}", waiting)[0]
        chen.post(f"{record}/correct", {"minutes": "1:30", "why": "签到表看错一行"})
        assert "这一条已由新的一条更正" in chen.text(record)
        chen.post(f"/coord/objections/{number}", {"answer": "看错一行，已更正", "outcome": "corrected"})
        assert "已更正" in said(wang.get("/me/objections"))
        assert "1小时30分" in li.text("/coord/approvals")

    def test_doubted_twice_says_so(self, site):
        wang = site.visitor(town.WANG)
        line = {"seq": _line_of(wang).rsplit("/", 1)[1], "reason": "其他"}
        wang.post("/me/objections", line)

        answer = wang.post("/me/objections", line)

        assert 409 == answer.status_code
        assert "没有重复提交" in said(answer)

    def test_of_somebody_else_is_not_there(self, site):
        line = _line_of(site.visitor(town.WANG)).rsplit("/", 1)[1]

        answer = site.visitor(town.NAMESAKE).post("/me/objections", {"seq": line, "reason": "其他"})

        assert 409 == answer.status_code

    def test_that_is_missing_is_told_in_words(self, site):
        zhang = site.visitor(town.ZHANG)

        answer = zhang.post("/me/objections", {"note": "上周三也去了"})

        assert "上周三也去了" in zhang.text(answer.headers["Location"])


class TestTheCoordinatorsHome:
    """domain.md section 3, C4: what is due, and what is overdue."""

    def test_names_the_last_day_and_the_objections(self, site):
        site.visitor(town.ZHANG).post("/me/objections", {"note": "上周三也去了"})

        page = said(site.visitor("li").get("/coord"))

        assert "等答复的异议 1 个" in page
        assert "最迟" in page
