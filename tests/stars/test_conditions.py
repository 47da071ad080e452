"""What a star may ask for beside minutes: ratings, service this year, nothing being looked into; both sides of each."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.books.builders import SERVICE, recognised
from tests.builders import NOON
from tests.people.builders import a_volunteer, acting_as
from tests.rulebook.community import TOMORROW
from tests.stars.builders import a_candidate, a_star, credit, looked_at, states_of, take_back, with_ladder
from timebank.books import journal
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.people.operations.training import approve_trainings, record_training
from timebank.people.training_rules import NewTraining
from timebank.rulebook.rules import Body, Step
from timebank.stars import queries
from timebank.stars.operations import nominate
from timebank.stars.rules.conditions import (
    Candidate,
    CaseStillOpen,
    Condition,
    ConditionKind,
    RatedTooFew,
    RatedTooLow,
    Record,
    TooLittleThisYear,
    TrainedTooLittle,
    check_reached,
    conditions_for,
    is_reached,
)

TODAY = date(2026, 11, 23)
LATER = NOON + timedelta(days=1)
TWO_STARS = Step(2, 1_200, 0, Body.COMMUNITY)
DEMANDING = Step(
    2,
    1_200,
    0,
    Body.COMMUNITY,
    ratings=4,
    rating_average_e2=450,
    year_minutes=600,
    no_open_case=True,
    training_minutes=180,
)
ENOUGH = Record(level=1, year_minutes=600, ratings=4, rating_total=18, training_minutes=180, open_cases=0)


def a_candidate_with(**changes):
    """Somebody who meets everything, but for what is changed."""
    return Candidate(1_200, date(2020, 1, 1), TODAY, replace(ENOUGH, **changes))


def served(session, who, number, *ratings, minutes=300, day=TODAY, at=LATER):
    """Let a volunteer's services be approved with these ratings, and have them looked at."""
    drafts = [
        Draft(
            kind=EntryKind.SERVICE_APPROVED,
            effective_on=day,
            served_on=day,
            transfers=(Transfer(SERVICE, recognised(number), minutes),),
            source=f"test:{number}",
            facts={"rating": rating},
        )
        for rating in ratings
    ]
    act = acting_as(who, at=at)
    journal.post_all(session, act, drafts)
    return looked_at(session, act, number)


class TestHoldingAgainstALevel:
    """Everything that is asked for must be there; what is not asked for is not listed."""

    def test_enough_is_enough(self):
        assert is_reached(DEMANDING, a_candidate_with())

    @pytest.mark.parametrize(
        ("change", "refusal", "facts"),
        [
            ({"year_minutes": 599}, TooLittleThisYear, {"missing_minutes": 1}),
            ({"ratings": 3, "rating_total": 15}, RatedTooFew, {"missing_ratings": 1}),
            ({"rating_total": 17}, RatedTooLow, {"average": "4.25", "needed_average": "4.50"}),
            ({"training_minutes": 179}, TrainedTooLittle, {"missing_minutes": 1}),
            ({"open_cases": 1}, CaseStillOpen, {"open_cases": 1}),
        ],
    )
    def test_a_little_less_is_refused_by_name(self, change, refusal, facts):
        with pytest.raises(refusal) as refused:
            check_reached(DEMANDING, a_candidate_with(**change), "V0005")

        assert {"volunteer": "V0005", "level": 2} | facts == refused.value.facts

    def test_nobody_skips_a_star(self):
        assert not is_reached(TWO_STARS, a_candidate_with(level=0))
        assert is_reached(TWO_STARS, a_candidate_with(level=1))

    def test_each_is_listed_with_what_there_is(self):
        listed = {
            one.kind: (one.value, one.needed, one.missing) for one in conditions_for(DEMANDING, a_candidate_with())
        }

        assert {
            ConditionKind.MINUTES: (1_200, 1_200, 0),
            ConditionKind.PREVIOUS_STAR: (1, 1, 0),
            ConditionKind.YEAR_MINUTES: (600, 600, 0),
            ConditionKind.RATINGS: (4, 4, 0),
            ConditionKind.RATING_AVERAGE: (450, 450, 0),
            ConditionKind.TRAINING_MINUTES: (180, 180, 0),
            ConditionKind.NO_OPEN_CASE: (0, 0, 0),
        } == listed

    def test_an_average_is_rounded_down_and_nothing_is_rated_nothing(self):
        assert [466, 0] == [Record(ratings=3, rating_total=14).rating_average_e2, Record().rating_average_e2]

    def test_an_open_case_is_one_too_many(self):
        assert Condition(ConditionKind.NO_OPEN_CASE, value=2, needed=0).missing == 2


class TestInTheBooks:
    """The conditions are read off the books: what was taken back does not count, and last year is last year."""

    @pytest.fixture
    def number(self, session, admin, granter):
        """A volunteer, where the first star asks for two ratings of 4.5 stars and five hours this year."""
        one_star = Step(1, 600, 0, Body.COMMUNITY, ratings=2, rating_average_e2=450, year_minutes=300)
        with_ladder(session, admin, granter, one_star)
        return a_volunteer(session).number

    def test_a_case_opens_once_all_is_there(self, session, approver, number):
        opened = [served(session, approver, number, *ratings)["opened"] for ratings in [(4,), (None,), (5,)]]

        assert [[], [], [number]] == opened

    def test_a_poor_average_keeps_it_closed(self, session, approver, number):
        assert [] == served(session, approver, number, 4, 4, 4)["opened"]

    def test_a_service_that_was_taken_back_does_not_count(self, session, approver, number):
        served(session, approver, number, None, None, 1, 5)
        assert [] == states_of(session, number)
        take_back(session, acting_as(approver, at=LATER), number)

        with pytest.raises(RatedTooFew):
            nominate(session, acting_as(approver, at=LATER), number=number)

    def test_service_of_last_year_counts_in_all_but_not_for_this_year(self, session, approver, number):
        served(session, approver, number, 5, 5, day=date(2025, 12, 31))

        (short,) = [one for one in queries.progress(session, "xfl", number, TOMORROW).conditions if not one.met]

        assert (ConditionKind.YEAR_MINUTES, 0, 300) == (short.kind, short.value, short.missing)
        with pytest.raises(TooLittleThisYear):
            nominate(session, acting_as(approver, at=LATER), number=number)

    def test_the_reviewer_sees_what_a_case_rests_on(self, session, approver, number):
        served(session, approver, number, 5, 5, None)
        (case,) = queries.open_cases(session, "xfl")

        conditions = queries.conditions_of(session, "xfl", [case], TOMORROW)[case.award_id]

        assert [(900, 600), (900, 300), (2, 2), (500, 450)] == [(one.value, one.needed) for one in conditions]
        assert all(one.met for one in conditions)


class TestTraining:
    """Only approved trainings count, from their day on."""

    def test_opens_a_case_once_it_is_approved(self, session, admin, approver, granter):
        with_ladder(session, admin, granter, Step(1, 600, 0, Body.COMMUNITY, training_minutes=180))
        number = a_volunteer(session).number
        assert [] == credit(session, acting_as(approver, at=LATER), {number: 600})["opened"]
        new = NewTraining(course="急救", organiser="红十字会", trained_on=TODAY, minutes=180)
        told = record_training(session, acting_as(approver, at=LATER), training=new, numbers=(number,))
        with pytest.raises(TrainedTooLittle):
            nominate(session, acting_as(approver, at=LATER), number=number)

        approve_trainings(session, acting_as(granter, at=LATER), training_ids=(UUID(told["trainings"][0]),))

        assert [number] == looked_at(session, acting_as(approver, at=LATER), number)["opened"]


class TestNothingBeingLookedInto:
    """A star whose minutes were taken back is under review; the next one waits for that, where the rules say so."""

    def test_the_next_star_waits_for_the_review(self, session, admin, approver, granter):
        number = a_candidate(session, approver, 6_000)
        a_star(session, number, granter)
        take_back(session, acting_as(approver), number)
        first = Step(1, 3_000, 0, Body.COMMUNITY)
        with_ladder(session, admin, granter, first, Step(2, 3_600, 0, Body.COMMUNITY, no_open_case=True))

        told = credit(session, acting_as(approver, at=LATER), {number: 4_000})

        assert [] == told["opened"]
        with pytest.raises(CaseStillOpen):
            nominate(session, acting_as(granter, at=LATER), number=number)
