"""Objections to lines, answers within working days, records that are put right, and ratings that need not be feared."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.service.builders import (
    XFL,
    a_coordinator,
    a_line,
    a_volunteer,
    acting,
    an_activity,
    approve,
    minutes_of,
    recorded,
    relatives,
)
from timebank.people.queries import NotAllowed
from timebank.rulebook.rules import SourceClass
from timebank.service import queries
from timebank.service.operations import objecting
from timebank.service.rules import RecordState
from timebank.service.rules.approval import ApproverIsRecorder, RecordNotApproved, ReverserIsBeneficiary
from timebank.service.rules.objecting import (
    OPEN_MAX,
    AnswererIsClose,
    LineObjectionAnswered,
    NoSuchLine,
    NoSuchLineObjection,
    NothingCorrected,
    ObjectedAlready,
    ObjectionEmpty,
    TooManyOpenObjections,
)
from timebank.service.rules.refusals import LowRating
from timebank.service.tables import LineObjectionRow

pytestmark = pytest.mark.usefixtures("community")


def _entry(session, number="V0001"):
    """An approved service of somebody; return the number of its entry."""
    [record_id] = recorded(session, a_line(number))
    return approve(session, record_id)["first_seq"]


def _objected(session, seq=None, number="V0001", *, by=None, text="时长不对"):
    act = acting(by or number)
    return objecting.object_to_line(session, act, volunteer_number=number, entry_seq=seq, text=text)


def _answered(session, number, *, by="S002", answer="核对过签到表", corrected=False):
    objecting.answer_line_objection(session, acting(by), number=number, answer=answer, corrected=corrected)


def _corrected(session, record_id, minutes, *, by="S001", **changes):
    act = acting(by, **changes)
    return objecting.correct_record(session, act, record_id=record_id, minutes=minutes, reason="看错一行")


class TestObjecting:
    """domain.md section 3, V5; Order 67 article 13: number, deadline, answer."""

    def test_gets_a_number_and_a_day(self, session):
        told = _objected(session, _entry(session))

        assert {"number": "Y-261123-1", "due_on": "2026-11-26"} == told
        assert "Y-261123-2" == _objected(session, None, text="少记了一次")["number"]

    def test_is_about_a_line_of_ones_own(self, session):
        seq = _entry(session)

        with pytest.raises(NoSuchLine):
            _objected(session, seq, "V0002")
        with pytest.raises(NoSuchLine):
            _objected(session, 10_000)
        with pytest.raises(NotAllowed):
            _objected(session, seq, "V0001", by="V0002")
        assert _objected(session, seq, "V0001", by="S001")["number"]

    def test_counts_once_until_it_is_answered(self, session):
        seq = _entry(session)
        number = _objected(session, seq)["number"]

        with pytest.raises(ObjectedAlready):
            _objected(session, seq)
        _answered(session, number)
        assert _objected(session, seq)["number"] != number

    def test_says_something(self, session):
        with pytest.raises(ObjectionEmpty):
            _objected(session, None, text=" ")

    def test_twenty_that_wait_are_enough(self, session):
        for _ in range(OPEN_MAX):
            _objected(session)

        with pytest.raises(TooManyOpenObjections):
            _objected(session)


class TestAnswering:
    """An answer is given once, by somebody who is not concerned, and stays."""

    def test_is_seen_by_the_volunteer(self, session):
        number = _objected(session, _entry(session))["number"]

        _answered(session, number, corrected=True)

        [found] = queries.objections_of(session, XFL, acting("V0001").person_id)
        assert ("corrected", "核对过签到表", "S002") == (found.state, found.answer, found.answerer)
        assert () == queries.objections_open(session, XFL)

    def test_is_given_once(self, session):
        number = _objected(session)["number"]
        _answered(session, number)

        with pytest.raises(LineObjectionAnswered):
            _answered(session, number)
        with pytest.raises((sa.exc.IntegrityError, sa.exc.ProgrammingError), match="decided"), session.begin_nested():
            session.execute(sa.update(LineObjectionRow).values(answer="别的"))

    def test_is_not_given_by_oneself_or_the_family(self, session):
        a_volunteer(session, "V0009", staff_number="S002")
        relatives(session, "S001", "V0001")
        own, of_family = _objected(session, None, "V0009", by="S002"), _objected(session)

        with pytest.raises(AnswererIsClose):
            _answered(session, own["number"], by="S002")
        with pytest.raises(AnswererIsClose):
            _answered(session, of_family["number"], by="S001")

    def test_needs_an_objection_words_and_a_right(self, session):
        number = _objected(session)["number"]

        with pytest.raises(NoSuchLineObjection):
            _answered(session, "Y-261123-9")
        with pytest.raises(ObjectionEmpty):
            _answered(session, number, answer=" ")
        with pytest.raises(NotAllowed):
            _answered(session, number, by="V0002")

    def test_the_first_due_stands_at_the_top(self, session):
        _objected(session, None, "V0001")
        later = acting("V0002", at=acting().at - timedelta(days=4))
        objecting.object_to_line(session, later, volunteer_number="V0002", entry_seq=None, text="少记了")

        found = queries.objections_open(session, XFL)

        assert ["V0002", "V0001"] == [one.volunteer_number for one in found]
        assert date(2026, 11, 24) == found[0].due_on


class TestCorrecting:
    """experience.md C5: old, reversal and new are all visible, and the new one is approved by another person."""

    def test_takes_back_and_records_anew(self, session):
        [record_id] = recorded(session, a_line("V0001", 60))
        approve(session, record_id)

        new_id = UUID(_corrected(session, record_id, 90)["record"])

        assert 0 == minutes_of(session)
        assert RecordState.REVERSED is queries.record(session, XFL, record_id).state
        new = queries.record(session, XFL, new_id)
        assert (90, RecordState.SUBMITTED, "S001") == (new.minutes, new.state, new.recorder)
        assert (record_id, None) == queries.stands_for(session, XFL, new_id)
        assert (None, new_id) == queries.stands_for(session, XFL, record_id)
        with pytest.raises(ApproverIsRecorder):
            approve(session, new_id, by="S001")
        approve(session, new_id, by="S002")
        assert 90 == minutes_of(session)

    def test_knows_no_deadline_and_keeps_how_it_became_known(self, session):
        [record_id] = recorded(session, a_line("V0001", 60))
        approve(session, record_id)

        told = _corrected(session, record_id, 45, at=acting().at + timedelta(days=30))

        assert SourceClass.SHEET is queries.record(session, XFL, UUID(told["record"])).source_class

    def test_changes_something_of_an_approved_record(self, session):
        waiting, approved = recorded(session, a_line("V0001", 60), a_line("V0002", 60))
        approve(session, approved)

        with pytest.raises(RecordNotApproved):
            _corrected(session, waiting, 90)
        with pytest.raises(NothingCorrected):
            _corrected(session, approved, 60)
        with pytest.raises(NotAllowed):
            _corrected(session, approved, 90, by="V0001")

    def test_is_never_of_ones_own(self, session):
        a_volunteer(session, "V0009", staff_number="S002")
        a_coordinator(session, "S003")
        [record_id] = recorded(session, a_line("V0009", 60))
        approve(session, record_id, by="S003")

        with pytest.raises(ReverserIsBeneficiary):
            _corrected(session, record_id, 90, by="S002")

    def test_is_held_to_the_same_rules(self, session):
        activity = an_activity(session, minutes=600)
        [record_id] = recorded(session, a_line("V0001", 60), activity=activity)
        approve(session, record_id)

        new_id = UUID(_corrected(session, record_id, 481)["record"])
        approve(session, new_id)

        assert queries.record(session, XFL, new_id).needs_further
        assert 0 == minutes_of(session)


class TestRatings:
    """domain.md section 6: with a reason below three, and shown so that nobody knows whose each one is."""

    @pytest.mark.parametrize("rating", [1, 2])
    def test_below_three_stars_is_said_why(self, session, rating):
        [record_id] = recorded(session)

        with pytest.raises(LowRating):
            approve(session, record_id, rating=rating)
        approve(session, record_id, rating=rating, answer="中途离开")

        [flag] = queries.record(session, XFL, record_id).flags
        assert ("low_rating", "中途离开") == (flag.code, flag.answer)

    def test_three_stars_need_no_reason(self, session):
        assert 1 == approve(session, *recorded(session), rating=3)["approved"]

    @pytest.mark.parametrize(("ratings", "shown", "average_e2"), [(2, 0, 0), (3, 3, 433), (5, 3, 433), (6, 6, 417)])
    def test_are_shown_in_threes(self, session, ratings, shown, average_e2):
        starts = [f"2026-11-{day} 09:00" for day in (12, 13, 16, 17, 18, 19)][:ratings]
        for start, stars in zip(starts, (5, 4, 4, 5, 3, 4), strict=False):
            [record_id] = recorded(session, a_line(starts=start), activity=an_activity(session, starts=start))
            approve(session, record_id, rating=stars)

        found = queries.rated_in_threes(session, XFL, "V0001")

        assert (shown, average_e2) == (found.ratings, found.average_e2)
