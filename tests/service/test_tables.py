"""What the database itself refuses, whatever the program forgets: four eyes, minutes, states, one record per moment."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.service.builders import XFL, a_line, acting, an_activity, approve, person_id, recorded
from timebank.service import operations, queries
from timebank.service.rules import RecordState
from timebank.service.tables import ActivityRow, RecordFlagRow, ServiceRecordRow

pytestmark = pytest.mark.usefixtures("community")

REFUSED = (sa.exc.IntegrityError, sa.exc.ProgrammingError)
"""PostgreSQL refuses what its role may not do with the second one."""


def _refused(session, statement, name):
    """Run a statement that breaks a promise; the database names the promise."""
    with pytest.raises(REFUSED, match=name), session.begin_nested():
        session.execute(statement)


def _another(session, **values):
    """Insert one more record of V0003 that is like the one of V0001, but for these values."""
    [row] = session.execute(
        sa.select(*ServiceRecordRow.__table__.c).where(ServiceRecordRow.volunteer_number == "V0001")
    )
    like = {"id": acting().new_id("another"), "person_id": person_id("V0003"), "volunteer_number": "V0003"}
    return sa.insert(ServiceRecordRow).values(dict(row._mapping) | like | values)


def _change(**values):
    return sa.update(ServiceRecordRow).where(ServiceRecordRow.community_id == XFL).values(values)


def _approved_by(number):
    return {"state": "approved", "entry_seq": 1, "approver_id": person_id(number), "approver": number}


def _reversed_by(number):
    return _approved_by("S002") | {"state": "reversed", "closer_id": person_id(number), "reversal_seq": 2}


class TestFourEyes:
    """trust.md T6: actor, subject and approver differ in the database as well as in code."""

    def test_the_recorder_does_not_approve(self, session):
        recorded(session)

        _refused(session, _another(session, **_approved_by("S001")), "approver_is_not_recorder")

    def test_who_served_does_not_approve(self, session):
        recorded(session)

        _refused(session, _another(session, **_approved_by("V0003")), "approver_is_not_beneficiary")

    def test_who_served_does_not_record(self, session):
        recorded(session)

        _refused(session, _another(session, recorder_id=person_id("V0003")), "recorder_is_not_beneficiary")

    def test_who_served_does_not_reverse(self, session):
        recorded(session)

        _refused(session, _another(session, **_reversed_by("V0003")), "reverser_is_not_beneficiary")

    def test_who_made_an_activity_does_not_approve_it(self, session):
        an_activity(session, approved=False)

        change = sa.update(ActivityRow).values(approver_id=person_id("S001"))
        _refused(session, change, "approver_is_not_creator")

    def test_an_approved_activity_has_an_approver(self, session):
        an_activity(session)

        _refused(session, sa.update(ActivityRow).values(approver_id=None), "approved_by_somebody")


class TestMinutes:
    """Order 67 article 7: minutes are what lies between start and end."""

    @pytest.mark.parametrize("minutes", [59, 61, 240])
    def test_are_nothing_else(self, session, minutes):
        recorded(session, a_line(minutes=60))

        _refused(session, _another(session, minutes=minutes), "minutes_computed")

    @pytest.mark.parametrize("seconds", [1, 59])
    def test_have_no_seconds(self, session, seconds):
        recorded(session)
        ends_at = a_line().ends_at + timedelta(seconds=seconds)

        _refused(session, _another(session, ends_at=ends_at), "minutes_computed")

    def test_are_not_more_than_a_day(self, session):
        recorded(session)
        ends_at = a_line().starts_at + timedelta(minutes=1441)

        _refused(session, _another(session, ends_at=ends_at, minutes=1441), "minutes_range")

    def test_are_not_none(self, session):
        recorded(session)

        _refused(session, _another(session, ends_at=a_line().starts_at, minutes=0), "ends_later|minutes_range")

    @pytest.mark.parametrize("rating", [0, 6])
    def test_a_rating_is_one_to_five(self, session, rating):
        recorded(session)

        _refused(session, _another(session, rating=rating), "rating_range")


class TestStates:
    """An approved record has its entry, a reversed one its reversal, a closed one somebody who closed it."""

    def test_no_approval_without_an_entry(self, session):
        recorded(session)

        _refused(session, _another(session, state="approved"), "approved_with_its_entry")

    def test_no_entry_without_an_approver(self, session):
        recorded(session)

        _refused(session, _another(session, state="approved", entry_seq=1), "entry_with_its_approver")

    def test_no_reversal_without_its_entry(self, session):
        recorded(session)

        _refused(session, _another(session, **_reversed_by("S002") | {"reversal_seq": None}), "reversed_with_its_entry")

    def test_nothing_is_rejected_by_nobody(self, session):
        recorded(session)

        _refused(session, _another(session, state="rejected"), "closed_by_somebody")

    def test_one_entry_belongs_to_one_record(self, session):
        seq = approve(session, *recorded(session))["first_seq"]

        _refused(session, _another(session, entry_seq=seq), "entry_seq")

    @pytest.mark.parametrize("column", ["state", "source_class"])
    def test_no_word_that_the_rules_do_not_know(self, session, column):
        recorded(session)

        _refused(session, _another(session, **{column: "else"}), "known")


class TestOneAtATime:
    """No volunteer has two live records of one moment."""

    def test_two_that_begin_together_are_refused(self, session):
        recorded(session, a_line("V0001"))
        doubled = {"person_id": person_id("V0001"), "volunteer_number": "V0001"}

        _refused(session, _another(session, **doubled), "served_once|starts_at")

    def test_one_that_was_rejected_does_not_count(self, session):
        [record_id] = recorded(session, a_line("V0001"))
        operations.reject(session, acting("S002"), record_id=record_id, reason="没有来")
        waiting = {"state": "submitted", "closer_id": None, "closer": None, "closed_at": None}

        session.execute(_another(session, person_id=person_id("V0001"), volunteer_number="V0001", **waiting))


class TestWhatWasRecordedStays:
    """architecture.md: nothing that was posted is ever changed; a record is decided in one direction, and kept."""

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("person_id", person_id("V0002")),
            ("volunteer_number", "V0002"),
            ("recorder_id", person_id("S002")),
            ("source_class", "opening"),
            ("sheet_number", "QD-2"),
            ("late_reason", "补录"),
            ("remark", "改过"),
        ],
    )
    def test_not_even_while_it_is_approved(self, session, column, value):
        [first, _] = recorded(session, a_line("V0001"), a_line("V0002", starts="2026-11-20 10:00"))
        change = _change(**_approved_by("S003") | {column: value}).where(ServiceRecordRow.id == first)

        _refused(session, change, "as_recorded")

    @pytest.mark.parametrize("state", ["submitted", "rejected", "approved"])
    def test_an_approved_record_is_only_reversed(self, session, state):
        approve(session, *recorded(session))

        _refused(session, _change(state=state), "as_recorded")

    @pytest.mark.parametrize("state", ["submitted", "approved", "reversed"])
    def test_a_rejected_record_stays_rejected(self, session, state):
        [record_id] = recorded(session)
        operations.reject(session, acting("S002"), record_id=record_id, reason="没有来")

        _refused(session, _change(state=state), "as_recorded")

    def test_a_reversal_leaves_the_approval_as_it_was(self, session):
        approve(session, *recorded(session))

        _refused(session, _change(state="reversed", rating=1), "as_recorded")

    def test_an_answer_is_given_once(self, session):
        recorded(session, a_line(minutes=241, remark="洪水"), activity=an_activity(session, minutes=600))

        _refused(session, sa.update(RecordFlagRow).values(answer="另一句"), "answered_once")

    @pytest.mark.parametrize("table", [RecordFlagRow, ServiceRecordRow, ActivityRow])
    def test_nothing_is_deleted(self, session, table):
        [record_id] = recorded(session, a_line(minutes=241), activity=an_activity(session, minutes=600))

        _refused(session, sa.delete(table), "kept for ever|permission denied")

        assert RecordState.SUBMITTED is queries.record(session, XFL, record_id).state


class TestWhoIsNamed:
    """Records refer to people, activities and entries that are there, in their own community."""

    @pytest.mark.parametrize("column", ["person_id", "recorder_id", "activity_id"])
    def test_nobody_who_is_not_there(self, session, column):
        recorded(session)

        _refused(session, _another(session, **{column: acting().new_id("nobody")}), "(?i)foreign key")

    def test_a_flag_is_answered_by_somebody(self, session):
        [record_id] = recorded(session)
        flag = {"community_id": XFL, "record_id": record_id, "code": "x", "facts": "{}", "answer": "好"}

        _refused(session, sa.insert(RecordFlagRow).values(flag), "answered_by_somebody")
