"""Slots of a calendar become activities: like the last one, one for each, approved by a second person."""

from datetime import date
from uuid import UUID

import pytest

from tests.service.builders import XFL, a_volunteer, acting, an_activity, moment
from timebank.people.operations import add_partner
from timebank.people.operations.training import approve_trainings, record_training
from timebank.people.queries import NoSuchPartner
from timebank.people.training_rules import NewTraining
from timebank.service import operations, queries
from timebank.service.operations import signing_up
from timebank.service.operations.offering import (
    NotForActivities,
    TooManyOffered,
    approve_activities,
    offer_slots,
)
from timebank.service.queries.checking import NothingAsked
from timebank.service.rules.approval import CreatorCannotApprove
from timebank.service.rules.signing_up import NotTrained
from timebank.timetable import operations as timetables
from timebank.timetable.asked import NewTimetable
from timebank.timetable.rules import DayKind, Use, WeekWindow, Window

pytestmark = pytest.mark.usefixtures("community")
MONDAY = date(2026, 11, 23)


def a_calendar(session, *, use=Use.ACTIVITIES, slot_minutes=None, every_day=False):
    """Open on Wednesdays from nine to ten, or all of every day."""
    new = NewTimetable(use=use, name="值守", place="服务站", slot_minutes=slot_minutes, places=2)
    number = timetables.make(session, acting(), new=new)
    kinds = DayKind if every_day else [DayKind.WEDNESDAY]
    window = Window(0, 1440) if every_day else Window(540, 600)
    week = tuple(WeekWindow(kind, window) for kind in kinds)
    timetables.set_hours(session, acting(), number=number, valid_from=acting().today, windows=week)
    return number


def offered(session, number, like, *, days=14, by="S001"):
    told = offer_slots(session, acting(by), timetable_number=number, like=like, first_on=MONDAY, days=days)
    return told["activities"]


class TestOffering:
    """experience.md C2: like last time; domain.md section 1.7: fixed times come from the opening calendar."""

    def test_every_slot_becomes_one_activity_like_the_last(self, session):
        last = an_activity(session, needs="自带手套", age_min=16, risk="登高", insurance="意外险")

        numbers = offered(session, a_calendar(session), last)

        found = [queries.activity(session, XFL, number) for number in numbers]
        assert [moment("2026-11-25 09:00"), moment("2026-12-02 09:00")] == [one.starts_at for one in found]
        assert {("清扫楼道", "服务站", 2, 60, "proposed")} == {
            (one.title, one.place, one.capacity, one.span.minutes, one.state.value) for one in found
        }
        terms = queries.terms_of(session, XFL, [found[1].id])[found[1].id]
        assert ("自带手套", 16, "登高", "意外险") == (terms.needs, terms.age_min, terms.risk, terms.insurance)

    def test_a_slot_has_one_activity_and_gets_another_when_that_is_called_off(self, session):
        last, calendar = an_activity(session), a_calendar(session)
        first, _second = offered(session, calendar, last)
        with pytest.raises(NothingAsked):
            offered(session, calendar, last)

        operations.cancel_activity(session, acting(), number=first, reason="下雨")

        assert 1 == len(offered(session, calendar, last))

    def test_a_second_person_approves_them_all_at_once(self, session):
        numbers = offered(session, a_calendar(session), an_activity(session))
        with pytest.raises(CreatorCannotApprove):
            approve_activities(session, acting("S001"), numbers=numbers)
        with pytest.raises(NothingAsked):
            approve_activities(session, acting("S002"), numbers=())

        assert {"approved": 2} == approve_activities(session, acting("S002"), numbers=numbers)
        assert () == queries.activities_proposed(session, XFL)

    def test_not_out_of_a_calendar_of_something_else_and_not_hundreds(self, session):
        last = an_activity(session)
        with pytest.raises(NotForActivities):
            offered(session, a_calendar(session, use=Use.PICK_UP), last)
        with pytest.raises(TooManyOffered):
            offered(session, a_calendar(session, slot_minutes=60, every_day=True), last)


class TestTies:
    """A partner unit helps; a training is asked for."""

    def test_a_partner_unit_is_one_that_is_registered(self, session):
        code = add_partner(session, acting(), name="社区卫生站")
        number = an_activity(session, partner=code)

        found = queries.activity(session, XFL, number)
        assert code == queries.ties_of(session, XFL, [found.id])[found.id].partner
        with pytest.raises(NoSuchPartner):
            an_activity(session, partner="P999")

    def test_only_who_attended_the_training_signs_up(self, session):
        a_volunteer(session, "V0010")
        number = an_activity(session, starts="2026-11-27 09:00", course="急救")
        with pytest.raises(NotTrained):
            _signed_up(session, number, "V0010")

        _trained(session, "V0010", "急救")

        assert {"waits": 0} == _signed_up(session, number, "V0010")


def _trained(session, volunteer, course):
    """Two people record and approve that somebody attended a training."""
    training = NewTraining(course=course, organiser="红十字会", trained_on=date(2026, 11, 18), minutes=120)
    told = record_training(session, acting("S001"), training=training, numbers=(volunteer,))
    approve_trainings(session, acting("S002"), training_ids=tuple(UUID(one) for one in told["trainings"]))


def _signed_up(session, activity, volunteer):
    return signing_up.sign_up(session, acting(volunteer), activity_number=activity, volunteer_number=volunteer)
