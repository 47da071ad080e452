"""`timebank activity` and `timebank hours`: after the first day, one sheet at a time."""

from datetime import timedelta

import pytest

from tests.cli.offices import a_register, done, told
from timebank import clock
from timebank.ledger.days import ZONE

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def yesterday(hour):
    """A moment of yesterday in the community's time, as people write it."""
    return (clock.now().astimezone(ZONE) - timedelta(days=1)).strftime(f"%Y-%m-%d {hour:02}:00")


def to_come(hour):
    """A moment of tomorrow."""
    return (clock.now().astimezone(ZONE) + timedelta(days=1)).strftime(f"%Y-%m-%d {hour:02}:00")


@pytest.fixture
def desk(office, tmp_path):
    """Two people are registered."""
    done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
    return office


def an_activity(desk, starts, ends):
    """Let chen make an activity and li approve it; return its number."""
    words = ("activity", "add", "清扫楼道", "--class", "环境清洁", "--place", "3号楼", "--leader", "李建国")
    number = told(done(desk(*words, "--from", starts, "--to", ends, "--as", "chen", "--json")))["activity"]
    done(desk("activity", "approve", number, "--as", "li"))
    return number


class TestHours:
    """domain.md C1: recorded by one person, approved by another, posted at once."""

    def test_from_the_sheet_to_the_passbook(self, desk):
        number = an_activity(desk, yesterday(9), yesterday(12))

        recorded = done(
            desk("hours", "record", number, "V0001", "V0002", "--from", yesterday(9), "--for", "2小时", "--as", "chen")
        )
        pending = done(desk("hours", "pending"))
        approved = done(desk("hours", "approve", number, "--rating", 4, "--as", "li"))

        assert "已录入 2 人，各 2小时" in recorded.err
        assert number in pending.out
        assert f"timebank hours approve {number}" in pending.err
        assert "已批准 2 条：4小时" in approved.err
        assert 120 == told(done(desk("passbook", "V0001", "--json")))["minutes"]
        assert "没有等批准的时长。" in done(desk("hours", "pending")).err

    def test_only_some_people(self, desk):
        number = an_activity(desk, yesterday(9), yesterday(12))
        done(desk("hours", "record", number, "V0001", "V0002", "--from", yesterday(9), "--for", "1:30", "--as", "chen"))

        done(desk("hours", "approve", number, "--only", "V0002", "--as", "li"))

        assert [0, 90] == [told(done(desk("passbook", each, "--json")))["minutes"] for each in ("V0001", "V0002")]

    def test_nobody_approves_what_they_recorded(self, desk):
        number = an_activity(desk, yesterday(9), yesterday(12))
        done(desk("hours", "record", number, "V0001", "--from", yesterday(9), "--for", "90分", "--as", "chen"))

        assert 3 == desk("hours", "approve", number, "--as", "chen").code

    def test_nothing_waits(self, desk):
        number = an_activity(desk, yesterday(9), yesterday(12))

        assert 3 == desk("hours", "approve", number, "--as", "li").code

    def test_a_length_of_time_is_written_so(self, desk):
        said = desk("hours", "record", "HD0001", "V0001", "--from", yesterday(9), "--for", "long", "--as", "chen")

        assert 2 == said.code
        assert "1:30" in said.err

    def test_activities_to_come_and_past(self, desk):
        past, coming = an_activity(desk, yesterday(9), yesterday(12)), an_activity(desk, to_come(9), to_come(12))

        assert coming in done(desk("activity", "list")).out
        assert [past] == [one["number"] for one in told(done(desk("activity", "list", "--past", "--json")))]

    def test_nobody_approves_their_own_activity(self, desk):
        words = ("activity", "add", "清扫楼道", "--class", "环境清洁", "--place", "3号楼", "--leader", "李建国")
        done(desk(*words, "--from", to_come(9), "--to", to_come(12), "--as", "chen"))

        assert 3 == desk("activity", "approve", "HD0001", "--as", "chen").code
        assert "等批准" in done(desk("activity", "list")).out

    def test_a_class_that_the_rules_do_not_know(self, desk):
        words = ("activity", "add", "打麻将", "--class", "打麻将", "--place", "3号楼", "--leader", "李建国")

        assert 3 == desk(*words, "--from", to_come(9), "--to", to_come(12), "--as", "chen").code
