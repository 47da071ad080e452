"""Signing up: places in their order, a waiting list, at the desk and by oneself; and activities that are called off."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.service.builders import XFL, a_volunteer, acting, an_activity, moment, person_id
from timebank.people.queries import NotAllowed
from timebank.people.tables import PersonRow
from timebank.service import operations, queries
from timebank.service.operations import signing_up
from timebank.service.rules import ActivityState
from timebank.service.rules.approval import RecordReasonMissing
from timebank.service.rules.refusals import ActivityNotApproved, NoSuchActivity, VolunteerLeft
from timebank.service.rules.signing_up import (
    AgeOutOfRange,
    AgeUnknown,
    NotSignedUp,
    RiskNotInsured,
    SignedUpAlready,
    SignedUpElsewhere,
    SignUpOver,
    TooYoung,
)
from timebank.service.tables import SignUpRow

pytestmark = pytest.mark.usefixtures("community")

COMING = "2026-11-25 09:00"
BEFORE = moment("2026-11-24 09:00")


def _signed_up(session, activity, number="V0001", *, by=None, at=BEFORE):
    act = acting(by or number, at=at)
    return signing_up.sign_up(session, act, activity_number=activity, volunteer_number=number)["waits"]


def _cancelled(session, activity, number="V0001", *, by=None, at=BEFORE):
    act = acting(by or number, at=at)
    signing_up.cancel_sign_up(session, act, activity_number=activity, volunteer_number=number)


def _listed(session, activity):
    found = queries.sign_ups(session, XFL, queries.activity(session, XFL, activity))
    return [(one.volunteer_number, one.waits) for one in found]


class TestPlaces:
    """domain.md section 3, C1: slots with a waiting list."""

    def test_are_given_in_order_and_the_rest_waits(self, session):
        activity = an_activity(session, starts=COMING, capacity=2)

        assert [0, 0, 1] == [_signed_up(session, activity, number) for number in ("V0003", "V0001", "V0002")]
        assert [("V0003", 0), ("V0001", 0), ("V0002", 1)] == _listed(session, activity)

    def test_go_to_the_first_who_waits_when_somebody_cancels(self, session):
        activity = an_activity(session, starts=COMING, capacity=1)
        for number in ("V0001", "V0002", "V0003"):
            _signed_up(session, activity, number)

        _cancelled(session, activity, "V0001")

        assert [("V0002", 0), ("V0003", 1)] == _listed(session, activity)

    def test_whoever_comes_back_stands_at_the_end(self, session):
        activity = an_activity(session, starts=COMING, capacity=1)
        _signed_up(session, activity, "V0001")
        _signed_up(session, activity, "V0002")
        _cancelled(session, activity, "V0001")

        assert 1 == _signed_up(session, activity, "V0001")

    def test_are_many_where_nobody_set_a_limit(self, session):
        activity = an_activity(session, starts=COMING)

        assert [0, 0, 0] == [_signed_up(session, activity, number) for number in ("V0001", "V0002", "V0003")]
        found = queries.activity(session, XFL, activity)
        assert 3 == queries.places_taken(session, XFL, [found.id])[found.id]


class TestWhoMaySignUp:
    """trust.md section 1: oneself, or the desk for somebody without a phone; both stand in the row."""

    def test_the_desk_signs_somebody_up(self, session):
        activity = an_activity(session, starts=COMING)

        _signed_up(session, activity, "V0001", by="S001")

        [found] = queries.sign_ups(session, XFL, queries.activity(session, XFL, activity))
        assert ("V0001", "S001") == (found.volunteer_number, found.signer)
        _cancelled(session, activity, "V0001", by="S001")
        assert [] == _listed(session, activity)

    def test_nobody_signs_somebody_else_up_or_off(self, session):
        activity = an_activity(session, starts=COMING)
        _signed_up(session, activity, "V0001")

        with pytest.raises(NotAllowed):
            _signed_up(session, activity, "V0002", by="V0001")
        with pytest.raises(NotAllowed):
            _cancelled(session, activity, "V0001", by="V0002")

    def test_nobody_stands_on_the_list_twice(self, session):
        activity = an_activity(session, starts=COMING)
        _signed_up(session, activity)

        with pytest.raises(SignedUpAlready):
            _signed_up(session, activity)
        [row] = session.execute(sa.select(*SignUpRow.__table__.c))
        again = dict(row._mapping) | {"id": person_id("x"), "place": 2}
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(sa.insert(SignUpRow).values(again))

    def test_nobody_is_in_two_places_at_once(self, session):
        _signed_up(session, an_activity(session, starts=COMING))
        at_once = an_activity(session, starts="2026-11-25 10:59")
        afterwards = an_activity(session, starts="2026-11-25 11:00")

        with pytest.raises(SignedUpElsewhere):
            _signed_up(session, at_once)
        assert 0 == _signed_up(session, afterwards)

    @pytest.mark.parametrize(
        ("born_on", "refusal"), [(date(2008, 11, 25), None), (date(2008, 11, 26), TooYoung), (None, AgeUnknown)]
    )
    def test_the_age_is_that_of_the_day_and_unknown_is_told(self, session, born_on, refusal):
        activity = an_activity(session, starts=COMING, age_min=18)
        session.execute(sa.update(PersonRow).where(PersonRow.id == person_id("V0001")).values(born_on=born_on))

        if refusal is None:
            assert 0 == _signed_up(session, activity)
        else:
            with pytest.raises(refusal):
                _signed_up(session, activity)

    def test_who_has_left_does_not_sign_up(self, session):
        a_volunteer(session, "V0009", closed_on=date(2026, 11, 1))

        with pytest.raises(VolunteerLeft):
            _signed_up(session, an_activity(session, starts=COMING), "V0009", by="S001")


class TestWhen:
    """A list is open from the second person's approval until the activity begins."""

    def test_nobody_signs_up_before_it_is_approved(self, session):
        with pytest.raises(ActivityNotApproved):
            _signed_up(session, an_activity(session, starts=COMING, approved=False))

    def test_nobody_signs_up_or_off_once_it_has_begun(self, session):
        activity = an_activity(session, starts=COMING)
        _signed_up(session, activity)

        with pytest.raises(SignUpOver):
            _signed_up(session, activity, "V0002", at=moment(COMING))
        with pytest.raises(SignUpOver):
            _cancelled(session, activity, at=moment(COMING))
        _cancelled(session, activity, at=moment("2026-11-25 08:59"))

    def test_nobody_cancels_what_they_have_not(self, session):
        with pytest.raises(NotSignedUp):
            _cancelled(session, an_activity(session, starts=COMING))

    def test_what_is_ended_stays_ended(self, session):
        activity = an_activity(session, starts=COMING)
        _signed_up(session, activity)
        _cancelled(session, activity)
        session.flush()

        with pytest.raises((sa.exc.IntegrityError, sa.exc.ProgrammingError), match="decided"), session.begin_nested():
            session.execute(sa.update(SignUpRow).values(state="open", ender_id=None, ender=None, ended_at=None))


class TestWhatAnActivityAsksFor:
    """条例 articles 15 to 17: a risk is insured before anybody starts it."""

    def test_is_kept_as_it_was_written(self, session):
        number = an_activity(session, needs="带手套", age_min=18, risk="要登高", insurance="平安 P-1")

        found = queries.activity(session, XFL, number)
        assert queries.Terms("带手套", 18, "要登高", "平安 P-1") == queries.terms_of(session, XFL, [found.id])[found.id]

    def test_a_risk_without_insurance_is_refused(self, session):
        with pytest.raises(RiskNotInsured):
            an_activity(session, risk="要登高")

    @pytest.mark.parametrize("age", [0, 100])
    def test_an_age_that_cannot_be_is_refused(self, session, age):
        with pytest.raises(AgeOutOfRange):
            an_activity(session, age_min=age)


class TestCallingOff:
    """An activity is called off before it begins, with a reason that those who signed up can read."""

    def test_keeps_the_reason(self, session):
        number = an_activity(session, starts=COMING)

        operations.cancel_activity(session, acting("S001", at=BEFORE), number=number, reason="下大雨")

        found = queries.activity(session, XFL, number)
        assert ActivityState.CANCELLED is found.state
        assert "下大雨" == queries.cancellation(session, XFL, found.id)
        assert () == queries.activities_to_come(session, XFL, BEFORE)
        with pytest.raises(NoSuchActivity):
            _signed_up(session, number)

    def test_comes_before_the_beginning_and_says_why(self, session):
        number = an_activity(session, starts=COMING, approved=False)

        with pytest.raises(RecordReasonMissing):
            operations.cancel_activity(session, acting("S001", at=BEFORE), number=number, reason=" ")
        with pytest.raises(SignUpOver):
            operations.cancel_activity(session, acting("S001", at=moment(COMING)), number=number, reason="下雨")
        with pytest.raises(NotAllowed):
            operations.cancel_activity(session, acting("V0001", at=BEFORE), number=number, reason="下雨")
        operations.cancel_activity(session, acting("S001", at=BEFORE), number=number, reason="下雨")
