"""`timebank activity sign-up`, `attendance`, `objection`, `timetable`: what the pages do, from the command line."""

from datetime import timedelta

import pytest

from tests.cli.offices import a_register, done, told
from timebank import clock
from timebank.ledger.days import ZONE

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
KINDS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday", "worked_weekend")


def at(**later):
    """A moment from now on, as people write it."""
    return (clock.now().astimezone(ZONE) + timedelta(**later)).strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def desk(office, tmp_path):
    """Two people are registered."""
    done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
    return office


def an_activity(desk, starts, ends, *further):
    """Let chen make an activity and li approve it; return its number."""
    words = ("activity", "add", "清扫楼道", "--class", "环境清洁", "--place", "3号楼", "--leader", "李建国", *further)
    number = told(done(desk(*words, "--from", starts, "--to", ends, "--as", "chen", "--json")))["activity"]
    done(desk("activity", "approve", number, "--as", "li"))
    return number


class TestComing:
    """Signed up, waiting, called off; in and out at the door."""

    def test_signed_up_waiting_and_off_again(self, desk):
        number = an_activity(desk, at(days=2), at(days=2, hours=2), "--capacity", 1, "--needs", "自带手套")

        assert "已报名" in done(desk("activity", "sign-up", number, "V0001", "--as", "chen")).err
        assert "候补第 1 位" in done(desk("activity", "sign-up", number, "V0002", "--as", "chen")).err
        assert "V0002" in done(desk("activity", "signed-up", number)).out
        done(desk("activity", "sign-off", number, "V0001", "--as", "chen"))
        assert [0] == [one["waits"] for one in told(done(desk("activity", "signed-up", number, "--json")))]
        done(desk("activity", "cancel", number, "--reason", "下大雨", "--as", "chen"))
        assert 4 == desk("activity", "sign-up", number, "V0001", "--as", "chen").code

    def test_a_risk_without_insurance_is_refused(self, desk):
        words = ("activity", "add", "擦窗", "--class", "环境清洁", "--place", "3号楼", "--leader", "李建国")

        refused = desk(*words, "--from", at(days=1), "--to", at(days=1, hours=1), "--risk", "登高", "--as", "chen")

        assert 3 == refused.code
        assert "写明保险" in refused.err

    def test_in_and_out_at_the_door(self, desk):
        number = an_activity(desk, at(minutes=-30), at(minutes=30))

        assert "签到" in done(desk("attendance", "mark", number, "V0001", "--as", "chen")).err
        assert "签退" in done(desk("attendance", "mark", number, "V0001", "--out", "--as", "chen")).err
        assert "V0001" in done(desk("attendance", "list", number)).out


class TestObjecting:
    """V8, from the desk."""

    def test_taken_and_answered(self, desk):
        number = told(done(desk("objection", "add", "V0001", "--text", "少了一次", "--as", "chen", "--json")))["number"]
        assert number in done(desk("objection", "list")).out

        done(desk("objection", "answer", number, "--text", "已补上", "--corrected", "--as", "li"))

        assert number not in done(desk("objection", "list")).out
        assert 3 == desk("objection", "answer", number, "--text", "再说一次", "--as", "li").code


class TestCalendars:
    """What is open is data."""

    def test_made_filled_in_and_offered(self, desk):
        like = an_activity(desk, at(days=1), at(days=1, hours=1))
        add = ("timetable", "add", "值守", "--use", "activities", "--place", "服务站", "--places", 2, "--as", "chen")
        number = told(done(desk(*add, "--json")))["timetable"]
        done(desk("timetable", "hours", number, *(f"{kind}=23:00-24:00 晚间" for kind in KINDS), "--as", "chen"))

        offered = told(done(desk("timetable", "offer", number, "--like", like, "--days", 2, "--as", "chen", "--json")))

        assert len(offered["activities"]) in (1, 2)
        assert "晚间" in done(desk("timetable", "slots", number, "--days", 2)).out
        assert number in done(desk("timetable", "list")).out

    def test_a_day_that_differs_and_hours_that_cannot_be_read(self, desk):
        add = ("timetable", "add", "理发", "--use", "appointments", "--place", "服务站", "--slot", 30, "--as", "chen")
        number = told(done(desk(*add, "--json")))["timetable"]
        tomorrow, after = at(days=1)[:10], at(days=2)[:10]
        done(desk("timetable", "hours", number, *(f"{kind}=9:00-10:00" for kind in KINDS), "--as", "chen"))

        done(desk("timetable", "differ", number, tomorrow, after, "--reason", "装修", "--as", "chen"))
        done(desk("timetable", "differ", number, after, "--hours", "14:00-14:30", "--reason", "加开", "--as", "chen"))
        slots = [one["times"]["starts_at"] for one in told(done(desk("timetable", "slots", number, "--json")))]
        assert tomorrow not in {start[:10] for start in slots}
        done(desk("timetable", "differ", number, tomorrow, after, "--ordinary", "--reason", "照常", "--as", "chen"))
        assert 2 == desk("timetable", "hours", number, "mon=早上", "--as", "chen").code
        assert 2 == desk("timetable", "hours", number, "monday=9:00-10:00", "--as", "chen").code
