"""`timebank hours unconfirmed|confirm|deny`: under the program's own rules hours wait for a yes and for their day."""

import json

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
