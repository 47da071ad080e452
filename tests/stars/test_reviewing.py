"""A case opens when a level is reached, once; it goes when the minutes go; a granted star is looked at, not taken."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.people.builders import a_staff_member, a_volunteer, acting_as
from tests.stars.builders import (
    ONE_STAR,
    TWO_STARS,
    a_candidate,
    a_review,
    a_star,
    credit,
    looked_at,
    minutes_of,
    statements_of,
    states_of,
    take_back,
    the_case,
    with_ladder,
)
from timebank.people.tables import VolunteerRow
from timebank.rulebook.rules import Body, Step
from timebank.stars import queries
from timebank.stars.operations import NoSuchStarReview, keep, review, review_everyone
from timebank.stars.rules import ReasonMissing, ReviewClosed, ReviewState, YourOwnStar

TOMORROW = NOON.date() + timedelta(days=1)
NEXT_DAY = NOON + timedelta(days=1)


class TestACaseOpens:
    """Z1: at 99 hours 59 minutes nothing; one minute more and the case opens, once."""

    def test_not_at_99_hours_59_minutes(self, session, approver):
        number = a_candidate(session, approver, ONE_STAR - 1)

        assert [] == states_of(session, number)
        assert () == queries.open_cases(session, "xfl")

    def test_with_one_minute_more(self, session, approver):
        number = a_candidate(session, approver, ONE_STAR - 1)

        told = credit(session, acting_as(approver), {number: 1})

        assert [number] == told["opened"]
        assert [(1, "open")] == states_of(session, number)

    def test_once_however_much_more_is_served(self, session, approver):
        number = a_candidate(session, approver)

        told = [credit(session, acting_as(approver), {number: 60}) for _ in range(3)]

        assert [[], [], []] == [each["opened"] for each in told]
        assert [(1, "open")] == states_of(session, number)

    def test_the_same_request_again_opens_nothing(self, session, approver):
        number = a_volunteer(session).number
        act = acting_as(approver)

        first = review(session, act, minutes_by_number={number: ONE_STAR})
        again = review(session, act, minutes_by_number={number: ONE_STAR})

        assert first == again
        assert [(1, "open")] == states_of(session, number)

    def test_for_the_first_star_only_however_many_are_reached(self, session, approver):
        number = a_candidate(session, approver, 84_255)

        assert [(1, "open")] == states_of(session, number)

    def test_it_says_what_led_to_it(self, session, approver):
        number = a_candidate(session, approver, 7_000)

        (case,) = queries.open_cases(session, "xfl")
        assert (number, 1, 7_000, ONE_STAR, Body.COMMUNITY, 2) == (
            case.number,
            case.level,
            case.minutes,
            case.needed_minutes,
            case.body,
            case.rule_version,
        )
        assert (approver.number, approver.person_id, NOON) == (case.opener, case.opener_id, case.opened_at)

    def test_hundreds_of_volunteers_cost_as_many_statements_as_one(self, session, approver):
        numbers = [a_volunteer(session).number for _ in range(40)]
        act, further = acting_as(approver), acting_as(approver)

        one = statements_of(session, lambda: review(session, act, minutes_by_number={numbers[0]: ONE_STAR}))
        rest = dict.fromkeys(numbers[1:], ONE_STAR)
        many = statements_of(session, lambda: review(session, further, minutes_by_number=rest))

        assert one == many
        assert 40 == len(queries.open_cases(session, "xfl"))

    def test_nobody_is_looked_at_without_harm(self, session, approver):
        told = review(session, acting_as(approver), minutes_by_number={})

        assert {"opened": [], "withdrawn": [], "flagged": [], "recovered": []} == told

    def test_not_for_a_passbook_that_is_closed(self, session, approver):
        number = a_volunteer(session).number
        session.execute(sa.update(VolunteerRow).values(closed_on=NOON.date()))

        credit(session, acting_as(approver), {number: ONE_STAR})

        assert [] == states_of(session, number)

    def test_another_community_is_left_alone(self, session, approver):
        a_candidate(session, approver)

        assert () == queries.open_cases(session, "other")


class TestACaseGoes:
    """Minutes that are taken back before the decision take the case with them."""

    def test_below_the_level_it_is_withdrawn(self, session, approver):
        number = a_candidate(session, approver)

        told = take_back(session, acting_as(approver), number)

        assert [number] == told["withdrawn"]
        assert [(1, "withdrawn")] == states_of(session, number)
        (case,) = queries.history(session, "xfl", number)
        assert (approver.number, NOON, None) == (case.decider, case.decided_at, case.entry_seq)

    def test_still_reached_it_stays(self, session, approver):
        number = a_candidate(session, approver)
        credit(session, acting_as(approver), {number: 60})

        told = take_back(session, acting_as(approver), number)

        assert [] == told["withdrawn"]
        assert [(1, "open")] == states_of(session, number)

    def test_reached_again_a_new_one_opens(self, session, approver):
        number = a_candidate(session, approver)
        take_back(session, acting_as(approver), number)

        told = credit(session, acting_as(approver, at=NEXT_DAY), {number: ONE_STAR})

        assert [number] == told["opened"]
        assert [(1, "withdrawn"), (1, "open")] == states_of(session, number)


class TestAGrantedStarIsLookedAt:
    """domain.md 1.1: minutes reversed below a star open a review, never a silent demotion."""

    @pytest.fixture
    def starred(self, session, approver, granter):
        """A volunteer with one star and exactly its minutes: 99 hours and one hour."""
        number = a_candidate(session, approver, ONE_STAR - 60)
        credit(session, acting_as(approver), {number: 60})
        a_star(session, number, granter)
        return number

    @pytest.fixture
    def shortened(self, session, approver, starred):
        """The same volunteer after the last hour was taken back."""
        assert [starred] == take_back(session, acting_as(approver), starred)["flagged"]
        return starred

    def test_a_review_opens_and_the_star_stays(self, session, shortened, approver):
        assert [(1, "granted")] == states_of(session, shortened)
        assert 1 == queries.level_on(session, "xfl", shortened, TOMORROW)
        (found,) = queries.open_reviews(session, "xfl")
        assert (shortened, 1, ONE_STAR - 60, ReviewState.OPEN, approver.number) == (
            found.award.number,
            found.award.level,
            found.minutes,
            found.state,
            found.opener,
        )

    def test_once_only(self, session, approver, shortened):
        told = looked_at(session, acting_as(approver), shortened)

        assert [] == told["flagged"]
        assert 1 == len(queries.open_reviews(session, "xfl"))

    def test_minutes_that_come_back_settle_it(self, session, approver, shortened):
        told = credit(session, acting_as(approver), {shortened: 60})

        assert [shortened] == told["recovered"]
        assert () == queries.open_reviews(session, "xfl")

    def test_minutes_that_are_taken_back_once_more_open_another(self, session, approver, shortened):
        credit(session, acting_as(approver), {shortened: 60})

        told = take_back(session, acting_as(approver, at=NEXT_DAY), shortened)

        assert [shortened] == told["flagged"]
        assert 1 == len(queries.open_reviews(session, "xfl"))

    def test_a_person_may_keep_the_star_with_a_reason(self, session, granter, shortened):
        keep(session, acting_as(granter), review_id=a_review(session, shortened), reason="更正的是笔误，服务属实")

        assert () == queries.open_reviews(session, "xfl")
        assert [(1, "granted")] == states_of(session, shortened)

    def test_a_star_that_was_kept_is_not_asked_about_again(self, session, approver, granter, shortened):
        keep(session, acting_as(granter), review_id=a_review(session, shortened), reason="更正的是笔误，服务属实")

        told = credit(session, acting_as(approver), {shortened: 1})

        assert [] == told["flagged"] + told["recovered"]

    def test_keeping_needs_a_reason(self, session, granter, shortened):
        with pytest.raises(ReasonMissing):
            keep(session, acting_as(granter), review_id=a_review(session, shortened), reason=" ")

    def test_it_is_closed_once(self, session, granter, shortened):
        review_id = a_review(session, shortened)
        keep(session, acting_as(granter), review_id=review_id, reason="服务属实")

        with pytest.raises(ReviewClosed):
            keep(session, acting_as(granter), review_id=review_id, reason="服务属实")

    def test_nobody_keeps_their_own(self, session, approver, granter):
        serving = a_staff_member(session)
        number = a_candidate(session, approver, staff_number=serving.number)
        a_star(session, number, granter)
        take_back(session, acting_as(approver), number)

        with pytest.raises(YourOwnStar):
            keep(session, acting_as(serving), review_id=a_review(session, number), reason="服务属实")

    def test_what_is_not_there_is_refused(self, session, granter):
        with pytest.raises(NoSuchStarReview):
            keep(session, acting_as(granter), review_id=UUID(int=7), reason="服务属实")


class TestLookingAtEveryone:
    """After new rules began to hold, or when a level waits for time, everybody is looked at again."""

    def test_a_lower_ladder_opens_cases(self, session, admin, approver, granter):
        number = a_candidate(session, approver, 1_800)
        with_ladder(session, admin, granter, Step(1, 1_800, 0, Body.COMMUNITY), Step(2, 3_600, 0, Body.COMMUNITY))

        told = review_everyone(session, acting_as(approver, at=NEXT_DAY))

        assert [number] == told["opened"]
        assert [(1, "open")] == states_of(session, number)

    def test_a_higher_ladder_takes_no_star_away_and_withdraws_no_case(self, session, admin, approver, granter):
        starred, waiting = a_candidate(session, approver), a_candidate(session, approver)
        a_star(session, starred, granter)
        with_ladder(session, admin, granter, Step(1, 12_000, 0, Body.COMMUNITY))

        told = review_everyone(session, acting_as(approver, at=NEXT_DAY))

        assert {"opened": [], "withdrawn": [], "flagged": [], "recovered": []} == told
        assert [[(1, "granted")], [(1, "open")]] == [states_of(session, number) for number in (starred, waiting)]

    def test_a_level_waits_for_its_months(self, session, admin, approver, granter):
        number = a_volunteer(session, registered_on=date(2026, 5, 24)).number
        with_ladder(session, admin, granter, Step(1, 600, 6, Body.COMMUNITY))

        told = credit(session, acting_as(approver, at=NEXT_DAY), {number: 600})

        assert [number] == told["opened"]

    def test_a_month_too_early_nothing_opens(self, session, admin, approver, granter):
        number = a_volunteer(session, registered_on=date(2026, 5, 25)).number
        with_ladder(session, admin, granter, Step(1, 600, 6, Body.COMMUNITY))
        credit(session, acting_as(approver, at=NEXT_DAY), {number: 600})

        told = [review_everyone(session, acting_as(approver, at=NEXT_DAY + timedelta(days=days))) for days in (0, 1, 2)]

        assert [[], [number], []] == [each["opened"] for each in told]
        assert 600 == minutes_of(session, number)
        assert the_case(session, number)

    def test_two_levels_wait_for_two_decisions(self, session, approver, granter):
        number = a_candidate(session, approver, TWO_STARS)

        assert [] == review_everyone(session, acting_as(approver))["opened"]

        a_star(session, number, granter)

        assert [(1, "granted"), (2, "open")] == states_of(session, number)


class TestTheLastMinute:
    """Z1: at 99 hours 59 minutes nothing, one minute more and the case opens, once."""

    def test_one_minute_decides(self, session, approver):
        number = a_volunteer(session).number

        assert [] == credit(session, acting_as(approver), {number: ONE_STAR - 1})["opened"]
        assert () == queries.open_cases(session, "xfl")
        assert [number] == credit(session, acting_as(approver), {number: 1})["opened"]
        assert [] == looked_at(session, acting_as(approver), number)["opened"]
        assert [] == credit(session, acting_as(approver), {number: 1})["opened"]

        (case,) = queries.open_cases(session, "xfl")
        assert (number, 1, ONE_STAR) == (case.number, case.level, case.minutes)
