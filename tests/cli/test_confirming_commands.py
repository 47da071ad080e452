"""`timebank hours unconfirmed|confirm|deny`: under the program's own rules hours wait for a yes and for their day."""

import json
import re

import pytest

from tests.cli.commands import at_a_desk
from tests.cli.offices import a_register, an_open_office, done, told
from tests.cli.test_hours_commands import an_activity, to_come, yesterday
from timebank.rulebook.rules import as_json, ordinary_document

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def strict(database, tmp_path, monkeypatch):
    """A desk where the program's own rules hold and two people are registered."""
    desk = an_open_office(database, tmp_path, monkeypatch, rules=ordinary_document())
    done(desk("import", "volunteers", a_register(tmp_path), "--as", "chen"))
    return desk


def _late(desk):
    """Hours of an activity that was approved late; they can only be late entries. Return its number."""
    number = an_activity(desk, yesterday(9), yesterday(12))
    words = ("hours", "record", number, "V0001", "V0002", "--from", yesterday(9), "--for", "1小时", "--as", "chen")
    refused = desk(*words)
    assert 3 == refused.code
    assert "只能补录" in refused.err
    done(desk(*words, "--late", "当天才想起来要批"))
    return number


class TestConfirming:
    """domain.md section 2: what was typed is confirmed before it is posted."""

    def test_the_clerk_answers_for_those_at_the_desk(self, strict):
        number = _late(strict)

        approved = done(strict("hours", "approve", number, "--as", "li"))
        listed = done(strict("hours", "unconfirmed"))
        own = strict("hours", "confirm", number, "--as", "chen")
        confirmed = done(strict("hours", "confirm", number, "--only", "V0001", "--as", "zhao"))

        assert "另有 2 条确认后、到日子入账" in approved.err
        assert 2 == listed.out.count("等确认")
        assert 3 == own.code
        assert "已代为确认 1 条，0 条已入账" in confirmed.err
        standing = {one["volunteer"]: one["waits_for"] for one in told(done(strict("hours", "unconfirmed", "--json")))}
        assert {"V0001": "day", "V0002": "confirmation"} == standing
        assert 0 == told(done(strict("passbook", "V0001", "--json")))["minutes"]

    def test_a_no_stops_them(self, strict):
        number = _late(strict)

        denied = done(strict("hours", "deny", number, "V0001", "--reason", "那天没有去", "--as", "zhao"))
        approved = strict("hours", "approve", number, "--as", "li")

        assert "已停住，编号 Y-" in denied.err
        assert 3 == approved.code
        assert "有人说“不是”" in approved.err

    def test_where_nothing_waits_it_says_so(self, strict):
        number = an_activity(strict, to_come(9), to_come(12))

        assert "没有等确认的时长" in strict("hours", "confirm", number, "--as", "zhao").err
        assert 3 == strict("hours", "deny", number, "V0001", "--reason", "没有去", "--as", "zhao").code


class TestTheRules:
    """`timebank rules show` says the same in the language that was asked for."""

    def test_in_english(self, strict):
        shown = done(strict("--lang", "en", "rules", "show"))

        assert "Version 2, from" in shown.out
        assert "the volunteer or the recipient confirms" in shown.out
        assert "由本人" not in shown.out

    def test_a_community_begins_with_rules_of_its_own(self, database, tmp_path, monkeypatch):
        desk = at_a_desk(database, tmp_path, monkeypatch)
        document = json.loads(as_json(ordinary_document())) | {"name": "本社区的规则"}
        (tmp_path / "规则.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")

        done(desk("init", "--community", "元丰里社区", "--code", "yfl", "--rules", tmp_path / "规则.json"))

        assert "本社区的规则" == told(done(desk("rules", "show", "--document")))["name"]


class TestALongDay:
    """More than eight hours a day take a further approver."""

    def test_a_third_coordinator_lets_them_in(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
        done(office("staff", "add", "sun", "--name", "孙丽", "--role", "coordinator", "--as", "admin"))
        number = an_activity(office, yesterday(8), yesterday(20))
        words = ("V0001", "--from", yesterday(8), "--for", "10小时", "--remark", "搬家", "--as", "chen")
        done(office("hours", "record", number, *words))
        done(office("hours", "approve", number, "--as", "li"))
        further = ("hours", "approve-further", number, "--answer", "从早到晚都在", "--as")

        own = office(*further, "li")
        told_so = done(office(*further, "sun"))
        again = office(*further, "sun")

        assert (3, 3) == (own.code, again.code)
        assert "没有等再一位审批的时长" in again.err
        assert "已再审批 1 条，1 条已入账" in told_so.err
        assert 600 == told(done(office("passbook", "V0001", "--json")))["minutes"]


class TestRecipients:
    """domain.md R2: who was served is told a code."""

    def test_is_named_for_an_activity(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
        number = an_activity(office, yesterday(9), yesterday(12))

        named = done(office("activity", "recipient", number, "--name", "周奶奶", "--phone-tail", "0007", "--as", "li"))
        wrong = office("activity", "recipient", number, "--name", "周奶奶", "--phone-tail", "7", "--as", "li")

        assert re.search("请告诉对方编码 [0-9]{10}", named.err)
        assert 3 == wrong.code

    def test_is_named_with_the_hours(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
        number = an_activity(office, yesterday(9), yesterday(12))
        hours = ("hours", "record", number, "V0001", "--from", yesterday(9), "--for", "1小时", "--as", "chen")

        wrong = office(*hours, "--recipient", "周奶奶")
        done(office(*hours, "--recipient", "周奶奶", "--phone-tail", "0007"))

        assert 3 == wrong.code
        words = ("activity", "recipient", number, "--name", "周奶", "--phone-tail", "0007", "--as", "li")
        shown = told(done(office(*words, "--json")))
        assert 10 == len(shown["code"])
