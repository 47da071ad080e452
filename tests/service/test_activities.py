"""Activities: made by one coordinator, approved by another."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.service.builders import (
    FRIDAY,
    XFL,
    a_coordinator,
    a_line,
    a_row,
    acting,
    an_activity,
    an_org_unit,
    imported,
    moment,
    recorded,
)
from timebank.people.queries import NotAllowed
from timebank.service import operations, queries
from timebank.service.asked import NewActivity
from timebank.service.rules import ActivityState
from timebank.service.rules.approval import (
    ActivityEndsBeforeStart,
    ActivityIncomplete,
    ActivityNotProposed,
    CapacityOutOfRange,
    CreatorCannotApprove,
)
from timebank.service.rules.refusals import NoSuchActivity, UnknownServiceClass
from timebank.service.shapes import MomentOutOfRange, TextUnclear

pytestmark = pytest.mark.usefixtures("community")


class TestMakingOne:
    """architecture.md 6.1: an activity says what, where, when and led by whom."""

    def test_gives_it_the_next_number(self, session):
        assert ["HD0001", "HD0002"] == [an_activity(session), an_activity(session)]

    def test_leaves_out_a_number_that_old_sheets_have(self, session):
        imported(session, a_row(activity_number="HD0001"))

        assert "HD0002" == an_activity(session)

    def test_proposes_it(self, session):
        number = an_activity(session, approved=False, capacity=30)

        found = queries.activity(session, XFL, number)
        assert ActivityState.PROPOSED is found.state
        assert ("清扫楼道", "cleaning", "3号楼", "李建国", 30) == (
            found.title,
            found.service_class,
            found.place,
            found.leader,
            found.capacity,
        )
        assert ("S001", None) == (found.creator, found.approver)
        assert 120 == found.span.minutes

    @pytest.mark.parametrize("field", ["title", "place", "leader"])
    def test_needs_a_title_a_place_and_somebody_in_charge(self, session, field):
        with pytest.raises(ActivityIncomplete):
            an_activity(session, **{field: "  "})

    @pytest.mark.parametrize("minutes", [0, -60])
    def test_ends_after_it_starts(self, session, minutes):
        with pytest.raises(ActivityEndsBeforeStart):
            an_activity(session, minutes=minutes)

    @pytest.mark.parametrize("capacity", [1, 100_000])
    def test_takes_any_sensible_number_of_people(self, session, capacity):
        number = an_activity(session, capacity=capacity)

        assert capacity == queries.activity(session, XFL, number).capacity

    @pytest.mark.parametrize("capacity", [0, -1, 100_001])
    def test_refuses_a_number_of_people_that_cannot_be(self, session, capacity):
        with pytest.raises(CapacityOutOfRange):
            an_activity(session, capacity=capacity)

    def test_refuses_a_class_that_the_rules_do_not_know(self, session):
        with pytest.raises(UnknownServiceClass) as refused:
            an_activity(session, service_class="mahjong")

        assert {"service_class": "mahjong"} == refused.value.facts

    @pytest.mark.parametrize(("length", "longest"), [(101, 100)])
    def test_refuses_a_text_that_is_too_long(self, session, length, longest):
        with pytest.raises(TextUnclear) as refused:
            an_activity(session, title="长" * length)

        assert {"field": "title", "longest": longest} == refused.value.facts

    def test_refuses_characters_that_nobody_sees(self, session):
        with pytest.raises(TextUnclear):
            an_activity(session, place="3号楼\x00")

    @pytest.mark.parametrize("year", [1, 1991, 2200, 9999])
    def test_refuses_a_year_that_can_only_be_a_slip(self, session, year):
        starts_at = NOON.replace(year=year)

        with pytest.raises(MomentOutOfRange):
            an_activity(session, starts_at=starts_at, ends_at=NOON)

    def test_is_not_for_a_clerk(self, session):
        a_coordinator(session, "S003", role="clerk")
        found = queries.activity(session, XFL, an_activity(session))

        with pytest.raises(NotAllowed):
            operations.create_activity(session, acting("S003"), new=_like(found))


def _like(found):
    return NewActivity(
        title=found.title,
        service_class=found.service_class,
        place=found.place,
        leader=found.leader,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
    )


class TestApprovingOne:
    """trust.md T4: a second person approves it."""

    def test_is_for_another_coordinator(self, session):
        number = an_activity(session, approved=False)

        operations.approve_activity(session, acting("S002"), number=number)

        found = queries.activity(session, XFL, number)
        assert (ActivityState.APPROVED, "S002", NOON) == (found.state, found.approver, found.approved_at)

    def test_is_not_for_its_maker(self, session):
        number = an_activity(session, approved=False)

        with pytest.raises(CreatorCannotApprove):
            operations.approve_activity(session, acting("S001"), number=number)

        assert ActivityState.PROPOSED is queries.activity(session, XFL, number).state

    def test_happens_once(self, session):
        number = an_activity(session)

        with pytest.raises(ActivityNotProposed):
            operations.approve_activity(session, acting("S002"), number=number)

    def test_asks_for_one_that_there_is(self, session):
        with pytest.raises(NoSuchActivity):
            operations.approve_activity(session, acting("S002"), number="HD9999")

    def test_is_not_for_another_part_of_the_community(self, session):
        north, south = an_org_unit(session, "north"), an_org_unit(session, "south")
        a_coordinator(session, "S003", unit="south")
        a_coordinator(session, "S004", unit="north")
        number = an_activity(session, approved=False, org_unit_id=north)

        with pytest.raises(NotAllowed):
            operations.approve_activity(session, acting("S003"), number=number)
        operations.approve_activity(session, acting("S004"), number=number)

        assert {north, south} > {queries.activity(session, XFL, number).org_unit_id}


class TestLists:
    """The coordinator's first page: what comes, what waits for approval, what waits for hours."""

    def test_what_is_to_come_stands_in_the_order_of_time(self, session):
        later = an_activity(session, starts="2026-12-02 09:00")
        sooner = an_activity(session, starts="2026-12-01 09:00")
        an_activity(session, starts=f"{FRIDAY} 09:00")
        an_activity(session, starts="2026-12-01 09:00", approved=False)

        assert [sooner, later] == _numbers(queries.activities_to_come(session, XFL, NOON))

    def test_what_is_going_on_is_still_to_come(self, session):
        number = an_activity(session, starts="2026-11-23 11:00", minutes=120)

        assert [number] == _numbers(queries.activities_to_come(session, XFL, NOON))
        assert [] == _numbers(queries.activities_past(session, XFL, NOON))

    def test_what_is_past_comes_in_pages_the_latest_first(self, session):
        days = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]
        numbers = [an_activity(session, starts=f"{day} 09:00") for day in days]

        first = _numbers(queries.activities_past(session, XFL, NOON, limit=2))
        second = _numbers(queries.activities_past(session, XFL, NOON, before=first[-1], limit=2))
        third = _numbers(queries.activities_past(session, XFL, NOON, before=second[-1], limit=2))

        assert list(reversed(numbers)) == [*first, *second, *third]

    def test_activities_of_one_moment_are_not_lost_between_pages(self, session):
        numbers = {an_activity(session) for _ in range(3)}

        first = _numbers(queries.activities_past(session, XFL, NOON, limit=2))
        second = _numbers(queries.activities_past(session, XFL, NOON, before=first[-1], limit=2))

        assert numbers == {*first, *second}
        assert 3 == len(first) + len(second)

    def test_what_waits_for_approval(self, session):
        number = an_activity(session, approved=False)
        an_activity(session)

        assert [number] == _numbers(queries.activities_proposed(session, XFL))

    def test_what_waits_for_hours_is_over_and_has_none(self, session):
        with_hours = an_activity(session)
        recorded(session, a_line(), activity=with_hours)
        without = an_activity(session)
        an_activity(session, starts="2026-12-01 09:00")

        assert [without] == _numbers(queries.activities_needing_hours(session, XFL, NOON))

    def test_one_is_found_by_its_number_or_not(self, session):
        number = an_activity(session)

        found = queries.find_activity(session, XFL, number)
        assert found is not None
        assert number == found.number
        assert queries.find_activity(session, XFL, "HD9999") is None

    def test_two_communities_never_see_each_other(self, session):
        number = an_activity(session)

        assert queries.find_activity(session, "other", number) is None
        assert () == queries.activities_past(session, "other", NOON + timedelta(days=1))


def _numbers(found):
    return [activity.number for activity in found]


class TestPressedTwice:
    """trust.md G9: the same request counts once."""

    def test_makes_one_activity(self, session):
        new = NewActivity(
            title="清扫",
            service_class="cleaning",
            place="3号楼",
            leader="李建国",
            starts_at=moment("2026-12-01 09:00"),
            ends_at=moment("2026-12-01 10:00"),
        )
        act = acting("S001", request_key="the-same-key")

        first = operations.create_activity(session, act, new=new)
        again = operations.create_activity(session, act, new=new)

        assert first == again
        assert 1 == len(queries.activities_proposed(session, XFL))
