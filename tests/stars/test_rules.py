"""What is decided about stars, by facts alone."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from timebank.rulebook.rules import Body, Ladder, Step, ordinary_document
from timebank.stars.rules import (
    AwardDecided,
    AwardFacts,
    AwardState,
    NoLongerReached,
    OpenedByYourself,
    ReasonMissing,
    ReviewClosed,
    ReviewState,
    Standing,
    StarOfRelative,
    YourOwnStar,
    check_decision,
    check_grant,
    check_reason,
    check_review,
    find_next_step,
    needs_review,
    standing_of,
)
from timebank.stars.rules.conditions import (
    Candidate,
    Condition,
    ConditionKind,
    NotReached,
    RegisteredTooShort,
    check_reached,
    conditions_for,
    full_months,
    is_reached,
)

TODAY = date(2026, 11, 23)
LONG_AGO = date(2020, 1, 1)
VOLUNTEER, OPENER, GRANTER, RELATIVE = (UUID(int=number) for number in range(1, 5))
ONE_STAR = Step(1, 6_000, 0, Body.COMMUNITY)
AFTER_HALF_A_YEAR = replace(ONE_STAR, tenure_months=6)


def a_standing(level=0, *, waiting=(), refused=()):
    """How a volunteer stands."""
    return Standing(level, frozenset(waiting), frozenset(refused))


def a_case(**changes):
    """An open case for one star, just reached."""
    plain = AwardFacts(
        number="V0005",
        level=1,
        state=AwardState.OPEN,
        person_id=VOLUNTEER,
        opener_id=OPENER,
        close_to_person=frozenset({RELATIVE}),
        needed_minutes=6_000,
        minutes=6_000,
    )
    return replace(plain, **changes)


class TestReachingALevel:
    """domain.md 1.1: the recognised minutes count, and the months since the registration where the ladder asks."""

    @pytest.mark.parametrize(("minutes", "reached"), [(5_999, False), (6_000, True), (6_001, True)])
    def test_at_99_hours_59_minutes_nothing_and_one_minute_more_is_enough(self, minutes, reached):
        assert reached is is_reached(ONE_STAR, Candidate(minutes, LONG_AGO, TODAY))

    @pytest.mark.parametrize(
        ("registered_on", "reached"), [(date(2026, 5, 23), True), (date(2026, 5, 24), False), (LONG_AGO, True)]
    )
    def test_months_count_where_the_ladder_asks_for_them(self, registered_on, reached):
        assert reached is is_reached(AFTER_HALF_A_YEAR, Candidate(6_000, registered_on, TODAY))

    def test_both_must_be_met(self):
        assert not is_reached(AFTER_HALF_A_YEAR, Candidate(5_999, LONG_AGO, TODAY))

    def test_each_condition_can_be_worked_out_by_hand(self):
        candidate = Candidate(5_280, date(2026, 8, 23), TODAY)

        conditions = conditions_for(AFTER_HALF_A_YEAR, candidate)

        assert (
            Condition(ConditionKind.MINUTES, value=5_280, needed=6_000),
            Condition(ConditionKind.TENURE_MONTHS, value=3, needed=6),
        ) == conditions
        assert [720, 3] == [condition.missing for condition in conditions]
        assert not any(condition.met for condition in conditions)

    def test_a_condition_that_is_switched_off_is_not_listed(self):
        assert (Condition(ConditionKind.MINUTES, 7_000, 6_000),) == conditions_for(
            ONE_STAR, Candidate(7_000, TODAY, TODAY)
        )

    def test_what_is_met_has_nothing_missing(self):
        assert 0 == Condition(ConditionKind.MINUTES, 7_000, 6_000).missing

    def test_missing_minutes_are_refused_with_how_many(self):
        with pytest.raises(NotReached) as refused:
            check_reached(ONE_STAR, Candidate(5_280, LONG_AGO, TODAY), "V0005")

        assert {"volunteer": "V0005", "level": 1, "missing_minutes": 720} == refused.value.facts

    def test_missing_months_are_refused_with_how_many(self):
        with pytest.raises(RegisteredTooShort) as refused:
            check_reached(AFTER_HALF_A_YEAR, Candidate(6_000, date(2026, 8, 23), TODAY), "V0005")

        assert {"volunteer": "V0005", "level": 1, "missing_months": 3} == refused.value.facts

    def test_nothing_is_refused_where_nothing_is_missing(self):
        check_reached(AFTER_HALF_A_YEAR, Candidate(6_000, LONG_AGO, TODAY), "V0005")


class TestFullMonths:
    """A month is full on the same day of the next one, or on its last day where it has no such day."""

    @pytest.mark.parametrize(
        ("start", "end", "months"),
        [
            (date(2026, 1, 15), date(2026, 1, 15), 0),
            (date(2026, 1, 15), date(2026, 2, 14), 0),
            (date(2026, 1, 15), date(2026, 2, 15), 1),
            (date(2026, 1, 31), date(2026, 2, 27), 0),
            (date(2026, 1, 31), date(2026, 2, 28), 1),
            (date(2024, 1, 31), date(2024, 2, 28), 0),
            (date(2025, 12, 31), date(2026, 12, 31), 12),
            (date(2025, 12, 1), date(2026, 1, 1), 1),
            (date(2026, 5, 31), date(2026, 6, 30), 1),
            (date(2026, 2, 1), date(2026, 1, 1), 0),
        ],
    )
    def test_counting(self, start, end, months):
        assert months == full_months(start, end)


class TestNoLevelIsSkipped:
    """domain.md section 0, finding 3: a star after the other; a level has one open case at a time."""

    LADDER = ordinary_document().community_ladder

    @pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
    def test_the_next_level_is_the_one_above(self, level):
        assert self.LADDER.steps[level] == find_next_step(self.LADDER, a_standing(level))

    def test_there_is_none_above_the_top(self):
        assert None is find_next_step(self.LADDER, a_standing(5))

    def test_there_is_none_while_it_waits(self):
        assert None is find_next_step(self.LADDER, a_standing(1, waiting={2}))

    def test_a_refused_level_is_still_the_next(self):
        assert self.LADDER.steps[1] == find_next_step(self.LADDER, a_standing(1, refused={2}))

    def test_a_shorter_ladder_ends_earlier(self):
        assert None is find_next_step(Ladder("community", "社区星级", (ONE_STAR,)), a_standing(1))

    def test_the_standing_is_read_off_the_cases(self):
        cases = [
            (1, AwardState.GRANTED),
            (2, AwardState.WITHDRAWN),
            (2, AwardState.GRANTED),
            (3, AwardState.REFUSED),
            (3, AwardState.OPEN),
        ]

        assert a_standing(2, waiting={3}, refused={3}) == standing_of(cases)

    def test_without_a_case_there_is_no_star(self):
        assert a_standing(0) == standing_of([])


class TestWhoMayDecide:
    """Four eyes: neither the volunteer, nor somebody close; and who opened a case does not grant it."""

    def test_another_person_may(self):
        check_grant(a_case(), granter_id=GRANTER)

    def test_not_the_volunteer(self):
        with pytest.raises(YourOwnStar) as refused:
            check_grant(a_case(), granter_id=VOLUNTEER)

        assert {"volunteer": "V0005", "level": 1} == refused.value.facts

    def test_not_somebody_close(self):
        with pytest.raises(StarOfRelative):
            check_grant(a_case(), granter_id=RELATIVE)

    def test_not_whoever_opened_it(self):
        with pytest.raises(OpenedByYourself):
            check_grant(a_case(), granter_id=OPENER)

    def test_whoever_opened_it_may_refuse_it(self):
        check_decision(a_case(), decider_id=OPENER)

    @pytest.mark.parametrize("state", [AwardState.GRANTED, AwardState.REFUSED, AwardState.WITHDRAWN])
    def test_not_twice(self, state):
        with pytest.raises(AwardDecided) as refused:
            check_grant(a_case(state=state), granter_id=GRANTER)

        assert state.value == refused.value.facts["state"]

    def test_not_when_a_minute_was_taken_back(self):
        with pytest.raises(NoLongerReached) as refused:
            check_grant(a_case(minutes=5_999), granter_id=GRANTER)

        assert {"volunteer": "V0005", "level": 1, "minutes": 5_999, "needed_minutes": 6_000} == refused.value.facts

    @pytest.mark.parametrize("reason", ["", " ", "字" * 201, "两\n行"])
    def test_a_reason_is_one_line(self, reason):
        with pytest.raises(ReasonMissing):
            check_reason(reason)

    @pytest.mark.parametrize("reason", ["材", "字" * 200])
    def test_a_reason_of_one_to_200_characters_will_do(self, reason):
        check_reason(reason)


class TestMinutesTakenBack:
    """domain.md 1.1: the default is to open a review, never a silent demotion."""

    @pytest.mark.parametrize(("minutes", "needed"), [(6_000, False), (5_999, True)])
    def test_a_star_short_of_its_minutes_is_looked_at(self, minutes, needed):
        assert needed is needs_review(6_000, minutes, None)

    def test_one_review_that_waits_is_enough(self):
        assert not needs_review(6_000, 5_000, (ReviewState.OPEN, 5_999))

    @pytest.mark.parametrize(("minutes", "needed"), [(5_500, False), (5_501, False), (5_499, True)])
    def test_a_star_that_was_kept_is_looked_at_again_after_a_further_loss_only(self, minutes, needed):
        assert needed is needs_review(6_000, minutes, (ReviewState.KEPT, 5_500))

    def test_a_star_whose_minutes_had_come_back_is_looked_at_again(self):
        assert needs_review(6_000, 5_999, (ReviewState.RECOVERED, 5_500))

    @pytest.mark.parametrize("state", [ReviewState.KEPT, ReviewState.RECOVERED])
    def test_a_review_is_closed_once(self, state):
        with pytest.raises(ReviewClosed):
            check_review(state, a_case(state=AwardState.GRANTED), decider_id=GRANTER)

    @pytest.mark.parametrize(("who", "refusal"), [(VOLUNTEER, YourOwnStar), (RELATIVE, StarOfRelative)])
    def test_nobody_keeps_their_own_star_or_that_of_somebody_close(self, who, refusal):
        with pytest.raises(refusal):
            check_review(ReviewState.OPEN, a_case(state=AwardState.GRANTED), decider_id=who)

    def test_anybody_else_may(self):
        check_review(ReviewState.OPEN, a_case(state=AwardState.GRANTED), decider_id=OPENER)
