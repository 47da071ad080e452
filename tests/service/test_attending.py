"""Coming and going: rotating codes, cards at the door, and the hours that follow from them."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.service.builders import (
    XFL,
    a_community,
    a_coordinator,
    a_line,
    a_sheet,
    a_volunteer,
    acting,
    an_activity,
    approve,
    moment,
    recorded,
    relatives,
)
from tests.service.test_at_once import _at_once
from timebank.books.requests import Secret
from timebank.database import writing
from timebank.ledger.codes import Code, CodeKind, CodeMistyped, NotACode
from timebank.people.queries import NotAllowed
from timebank.rulebook.rules import SourceClass
from timebank.service import operations, queries
from timebank.service.operations import attending
from timebank.service.rules.attendance_codes import CodeNotLive, code_shown, seconds_left
from timebank.service.rules.attending import (
    AttendanceClosed,
    CheckedInAlready,
    CheckedInElsewhere,
    CheckedOutAlready,
    Direction,
    Marks,
    NotCheckedIn,
    direction_at,
    served_span,
)
from timebank.service.rules.records import Span, span_for
from timebank.service.rules.refusals import ApprovalRing, NoCheckOut, RecorderIsBeneficiary, RecorderIsClose
from timebank.service.tables import AttendanceRow

KEY = "the installation's key"
NINE = moment("2026-11-20 09:00")
PLAN = span_for(NINE, 120)


@pytest.fixture
def activity(session, community):
    """An activity of Friday, nine to eleven."""
    return an_activity(session)


def _at(clock):
    return moment(f"2026-11-20 {clock}")


def _code(session, activity, at, direction=Direction.IN):
    return code_shown(KEY, queries.activity(session, XFL, activity).id, direction, at).digits


def _checked_in(session, code, at, number="V0001", device="phone"):
    act = acting(number, at=at)
    return attending.check_in(session, act, volunteer_number=number, code=code, key=Secret(KEY), device=Secret(device))


def _scanned(session, activity, at, number="V0001", by="S001", leaving=None):
    act = acting(by, at=at)
    return attending.mark_at_door(session, act, activity_number=activity, volunteer_number=number, leaving=leaving)[
        "direction"
    ]


class TestTheCode:
    """trust.md T2, T3, R1 to R6, X4: live for two minutes at most, for one activity and one purpose."""

    def test_is_twenty_digits_of_the_activity(self, session, activity):
        code = _code(session, activity, NINE)

        assert 20 == len(code)
        assert code.isdigit()
        assert code.startswith("96")

    @pytest.mark.parametrize(("seconds", "live"), [(-1, False), (0, True), (59, True), (119, True), (120, False)])
    def test_lives_for_two_minutes(self, session, activity, seconds, live):
        code, at = _code(session, activity, NINE), NINE + timedelta(seconds=seconds)

        if live:
            assert "in" == _checked_in(session, code, at)["direction"]
        else:
            with pytest.raises(CodeNotLive):
                _checked_in(session, code, at)

    def test_is_shown_for_the_rest_of_its_minute(self):
        assert [60, 1] == [seconds_left(NINE), seconds_left(NINE + timedelta(seconds=59))]

    def test_of_yesterday_is_refused(self, session, activity):
        with pytest.raises(CodeNotLive):
            _checked_in(session, _code(session, activity, NINE - timedelta(days=1)), NINE)

    def test_is_bound_to_its_activity_and_purpose(self, session, activity):
        other = an_activity(session, title="合唱")

        for_in, for_out = _code(session, activity, NINE), _code(session, activity, NINE, Direction.OUT)

        assert 3 == len({for_in, for_out, _code(session, other, NINE)})
        assert activity == _checked_in(session, for_in, NINE)["activity"]
        assert "out" == _checked_in(session, for_out, NINE)["direction"]

    def test_of_another_key_or_kind_is_refused(self, session, activity):
        found = queries.activity(session, XFL, activity)

        with pytest.raises(CodeNotLive):
            _checked_in(session, code_shown("another key", found.id, Direction.IN, NINE).digits, NINE)
        with pytest.raises(NotACode):
            _checked_in(session, Code(CodeKind.CARD, 12).digits, NINE)
        with pytest.raises(CodeMistyped):
            _checked_in(session, _code(session, activity, NINE)[:-2] + "00", NINE)

    def test_counts_once_for_each_person(self, session, activity):
        code = _code(session, activity, NINE)
        _checked_in(session, code, NINE)

        with pytest.raises(CheckedInAlready):
            _checked_in(session, code, NINE + timedelta(seconds=30))
        assert "in" == _checked_in(session, code, NINE, "V0002")["direction"]

    def test_used_twenty_times_at_the_same_moment_counts_once(self, database):
        with writing(database.engine) as session:
            a_community(session)
            a_volunteer(session)
            code = _code(session, an_activity(session), NINE)

        told = _at_once(database, [partial(_checked_in, code=code, at=NINE) for _ in range(20)])

        assert 19 == told.count("checked_in_already")

    def test_belongs_to_an_activity_that_is_open(self, session, activity):
        early = _at("07:59")

        with pytest.raises(CodeNotLive):
            _checked_in(session, _code(session, activity, early), early)
        assert "in" == _checked_in(session, _code(session, activity, _at("08:00")), _at("08:00"))["direction"]


class TestTheDoor:
    """experience.md C3: staff scans cards, one scan a person."""

    def test_first_is_in_and_later_is_out(self, session, activity):
        assert "in" == _scanned(session, activity, _at("08:58"))
        assert "out" == _scanned(session, activity, _at("11:01"))

        with pytest.raises(CheckedOutAlready):
            _scanned(session, activity, _at("11:02"))

    def test_the_same_scan_twice_is_no_check_out(self, session, activity):
        _scanned(session, activity, _at("08:58"))

        with pytest.raises(CheckedInAlready):
            _scanned(session, activity, _at("09:02"))
        assert "out" == _scanned(session, activity, _at("09:03"))

    def test_whoever_stands_there_can_say_which(self, session, activity):
        with pytest.raises(NotCheckedIn):
            _scanned(session, activity, _at("09:00"), leaving=True)
        assert "in" == _scanned(session, activity, _at("09:00"), leaving=False)

    @pytest.mark.parametrize(
        ("clock", "is_open"), [("07:59", False), ("08:00", True), ("12:00", True), ("12:01", False)]
    )
    def test_is_open_from_an_hour_before_until_an_hour_after(self, session, activity, clock, is_open):
        if is_open:
            assert "in" == _scanned(session, activity, _at(clock))
        else:
            with pytest.raises(AttendanceClosed):
                _scanned(session, activity, _at(clock))

    def test_nobody_lets_themselves_or_their_family_in(self, session, activity):
        a_volunteer(session, "V0009", staff_number="S001")
        relatives(session, "S001", "V0002")

        with pytest.raises(RecorderIsBeneficiary):
            _scanned(session, activity, NINE, "V0009")
        with pytest.raises(RecorderIsClose):
            _scanned(session, activity, NINE, "V0002")

    def test_only_the_staff_stands_there(self, session, activity):
        with pytest.raises(NotAllowed):
            _scanned(session, activity, NINE, by="V0002")

    def test_nobody_is_in_two_places_at_once(self, session, activity):
        other = an_activity(session, title="合唱", starts="2026-11-20 10:00")
        _scanned(session, activity, _at("08:58"))

        with pytest.raises(CheckedInElsewhere):
            _scanned(session, other, _at("10:00"))
        _scanned(session, activity, _at("10:01"))
        assert "in" == _scanned(session, other, _at("10:02"))

    def test_what_was_noted_is_never_changed(self, session, activity):
        _scanned(session, activity, NINE)
        session.flush()

        with pytest.raises((sa.exc.IntegrityError, sa.exc.ProgrammingError)), session.begin_nested():
            session.execute(sa.update(AttendanceRow).values(at=_at("08:00")))


class TestTheTimeThatCounts:
    """domain.md section 3, C2: minutes are computed, inside the plan, and five minutes are not late."""

    @pytest.mark.parametrize(
        ("came", "left", "starts", "ends"),
        [
            ("08:40", "11:20", "09:00", "11:00"),
            ("09:05", "10:55", "09:00", "11:00"),
            ("09:06", "10:54", "09:06", "10:54"),
            ("09:20", None, "09:20", "11:00"),
        ],
    )
    def test_lies_inside_the_plan(self, came, left, starts, ends):
        found = served_span(Marks(_at(came), _at(left) if left else None), PLAN)

        assert found == Span(_at(starts), _at(ends))

    def test_is_none_where_nobody_was_there(self):
        assert served_span(Marks(), PLAN) is None
        assert served_span(Marks(_at("11:10"), _at("11:20")), PLAN) is None

    def test_the_screen_changes_from_in_to_out_before_the_end(self):
        assert [Direction.IN, Direction.OUT] == [direction_at(PLAN, _at("10:44")), direction_at(PLAN, _at("10:45"))]


class TestTheHours:
    """domain.md section 0, finding 6: each record keeps how it became known."""

    def _sources(self, session, record_ids):
        return [record.source_class for record in queries.records(session, XFL, record_ids)]

    def test_are_known_by_what_showed_them(self, session, activity):
        _checked_in(session, _code(session, activity, _at("09:00")), _at("09:00"))
        _checked_in(session, _code(session, activity, _at("11:00"), Direction.OUT), _at("11:00"))
        _scanned(session, activity, _at("09:00"), "V0002")
        _scanned(session, activity, _at("11:00"), "V0002")

        lines = [a_line(number, 120) for number in ("V0001", "V0002", "V0003")]
        found = recorded(session, *lines, activity=activity)

        expected = [SourceClass.SELF_CHECK_IN, SourceClass.STAFF_SCAN, SourceClass.SHEET]
        assert expected == self._sources(session, found)

    def test_beyond_what_was_shown_are_known_by_the_sheet_and_flagged(self, session, activity):
        _scanned(session, activity, _at("09:00"))
        _scanned(session, activity, _at("10:00"))

        [found] = recorded(session, a_line("V0001", 61), activity=activity)

        assert [SourceClass.SHEET] == self._sources(session, [found])
        assert ["more_than_attended"] == [flag.code for flag in queries.record(session, XFL, found).flags]

    def test_a_forgotten_check_out_is_closed_by_the_plan_and_answered_in_words(self, session, activity):
        _scanned(session, activity, _at("09:00"))
        [found] = recorded(session, a_line("V0001", 120), activity=activity)

        with pytest.raises(NoCheckOut):
            approve(session, found)
        assert 120 == approve(session, found, answer="组长看着她走的")["minutes"]

    def test_a_late_entry_stays_one(self, session, activity):
        _scanned(session, activity, _at("09:00"))
        answer = operations.record_many(
            session, acting("S001"), sheet=a_sheet(activity, a_line("V0001", 60), late_reason="忘了")
        )

        assert [SourceClass.LATE_ENTRY] == self._sources(session, [UUID(answer["records"][0])])


class TestRings:
    """trust.md T6, X11: two people who approve each other's hours say why."""

    def test_are_answered_in_words_and_kept(self, session, community):
        a_coordinator(session, "S003")
        a_volunteer(session, "V0008", staff_number="S002")
        a_volunteer(session, "V0009", staff_number="S003")
        activity = an_activity(session)
        of_two, of_three = recorded(session, a_line("V0008"), a_line("V0009"), activity=activity)
        approve(session, of_two, by="S003")

        with pytest.raises(ApprovalRing):
            approve(session, of_three, by="S002")
        approve(session, of_three, by="S002", answer="只有我们两位在岗")

        [flag] = queries.record(session, XFL, of_three).flags
        assert ("approval_ring", "只有我们两位在岗", "S002") == (flag.code, flag.answer, flag.answered_by)

    def test_end_after_three_months(self, session, community):
        a_coordinator(session, "S003")
        a_volunteer(session, "V0008", staff_number="S002")
        a_volunteer(session, "V0009", staff_number="S003")
        of_two, of_three = recorded(session, a_line("V0008"), a_line("V0009"))
        approve(session, of_two, by="S003")

        later = acting("S002").at + timedelta(days=90)

        assert 1 == approve(session, of_three, by="S002", at=later)["approved"]
