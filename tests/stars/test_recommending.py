"""A star of the level above: recommended after its notice, its answer recorded by another person, also as a file."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.people.builders import a_volunteer, acting_as
from tests.stars.builders import (
    an_outcome,
    announced,
    credit,
    recommended,
    states_of,
    the_case,
    with_ladder,
)
from timebank.books.journal import entry_at
from timebank.rulebook.rules import Body, Step
from timebank.stars import queries
from timebank.stars.operations import grant, refuse
from timebank.stars.operations.noticing import put_on_notice
from timebank.stars.operations.recommending import recommend, record_outcomes
from timebank.stars.queries.notices import open_cases_noticed
from timebank.stars.rules import AwardDecided, OpenedByYourself
from timebank.stars.rules.noticing import NotOnNotice, Stage, StillOnNotice
from timebank.stars.rules.recommending import (
    NotForTheUpperLevel,
    NotRecommended,
    OutcomeDayWrong,
    OutcomeReasonMissing,
    OutcomeUnnamed,
    RecommendedAlready,
    RecommendedByYourself,
    UpperDecides,
)
from timebank.stars.rules.results import (
    HEADINGS,
    ResultsEmpty,
    ResultsHeadingMissing,
    ResultsUnreadable,
    lines_of,
    outcomes_of,
)
from timebank.stars.tables import StarOutcomeRow, StarRecommendationRow

LATER = NOON + timedelta(days=1)
TODAY = LATER.date()


@pytest.fixture
def number(session, admin, approver, granter):
    """A volunteer who has reached a star that the level above grants; its notice is over."""
    with_ladder(session, admin, granter, Step(1, 600, 0, Body.UPPER))
    number = a_volunteer(session).number
    credit(session, acting_as(approver, at=LATER), {number: 600})
    return number


@pytest.fixture
def case(session, number):
    """Their case."""
    return announced(session, the_case(session, number))


def stage_of(session):
    """How far the one open case has come."""
    (found,) = open_cases_noticed(session, "xfl", TODAY)
    return found.stage


class TestRecommending:
    """domain.md 2: above the second star the community recommends, and records what came back."""

    def test_it_waits_for_the_level_above(self, session, case):
        assert Stage.READY is stage_of(session)

        who = recommended(session, case, at=LATER)

        (found,) = open_cases_noticed(session, "xfl", TODAY)
        assert found.recommendation is not None
        assert (Stage.RECOMMENDED, "街道志愿者协会", who.number, TODAY) == (
            found.stage,
            found.recommendation.recommended_to,
            found.recommendation.recommender,
            found.recommendation.recommended_on,
        )

    def test_the_community_does_not_grant_it(self, session, granter, case):
        with pytest.raises(UpperDecides):
            grant(session, acting_as(granter, at=LATER), award_id=case)

    def test_nor_answers_for_the_level_above_once_it_was_asked(self, session, granter, case):
        recommended(session, case, at=LATER)

        with pytest.raises(UpperDecides):
            refuse(session, acting_as(granter, at=LATER), award_id=case, reason="还要核实")

    def test_but_may_refuse_to_recommend(self, session, granter, number, case):
        refuse(session, acting_as(granter, at=LATER), award_id=case, reason="还要核实")

        assert [(1, "refused")] == states_of(session, number)

    def test_not_before_its_notice_is_over(self, session, granter, number):
        act = acting_as(granter, at=LATER)
        with pytest.raises(NotOnNotice):
            recommend(session, act, award_ids=(the_case(session, number),), to="街道")
        put_on_notice(session, acting_as(granter, at=LATER), award_ids=(the_case(session, number),))

        with pytest.raises(StillOnNotice):
            recommend(session, acting_as(granter, at=LATER), award_ids=(the_case(session, number),), to="街道")

    def test_once(self, session, granter, case):
        recommended(session, case, at=LATER)

        with pytest.raises(RecommendedAlready) as refused:
            recommend(session, acting_as(granter, at=LATER), award_ids=(case,), to="街道")

        assert "街道志愿者协会" == refused.value.facts["recommended_to"]

    def test_only_what_the_level_above_grants(self, session, admin, approver, granter):
        with_ladder(session, admin, granter, Step(1, 600, 0, Body.COMMUNITY))
        here = a_volunteer(session).number
        credit(session, acting_as(approver, at=LATER), {here: 600})

        with pytest.raises(NotForTheUpperLevel):
            recommend(session, acting_as(granter, at=LATER), award_ids=(the_case(session, here),), to="街道")

    @pytest.mark.parametrize("name", ["", "  ", "长" * 61, "街道\n协会"])
    def test_the_level_above_is_named(self, session, granter, case, name):
        with pytest.raises(OutcomeUnnamed):
            recommend(session, acting_as(granter, at=LATER), award_ids=(case,), to=name)


class TestTheAnswer:
    """Granted or not, on a day, under a document number; recorded by another person, once, for ever."""

    def test_granted_it_is_a_star(self, session, granter, number, case):
        recommended(session, case, at=LATER)

        told = record_outcomes(session, acting_as(granter, at=LATER), outcomes=(an_outcome(case, decided_on=TODAY),))

        assert (1, 0) == (told["granted"], told["refused"])
        assert 1 == queries.level_on(session, "xfl", number, TODAY)
        award = queries.award(session, "xfl", case)
        assert award.entry_seq is not None
        facts = entry_at(session, "xfl", award.entry_seq).facts
        assert ("街志协〔2026〕7号", TODAY.isoformat()) == (facts["upper_document"], facts["upper_decided_on"])

    def test_refused_it_says_why(self, session, granter, number, case):
        recommended(session, case, at=LATER)
        outcome = an_outcome(case, granted=False, decided_on=TODAY, reason="年度名额已满")

        told = record_outcomes(session, acting_as(granter, at=LATER), outcomes=(outcome,))

        assert (0, 1) == (told["granted"], told["refused"])
        award = queries.award(session, "xfl", case)
        assert ("refused", "年度名额已满") == (award.state, award.reason)

    def test_not_by_whoever_recommended_it(self, session, case):
        who = recommended(session, case, at=LATER)

        with pytest.raises(RecommendedByYourself):
            record_outcomes(session, acting_as(who, at=LATER), outcomes=(an_outcome(case, decided_on=TODAY),))

    def test_not_by_whoever_opened_it(self, session, approver, case):
        recommended(session, case, at=LATER)

        with pytest.raises(OpenedByYourself):
            record_outcomes(session, acting_as(approver, at=LATER), outcomes=(an_outcome(case, decided_on=TODAY),))

    def test_not_without_a_recommendation(self, session, granter, case):
        with pytest.raises(NotRecommended):
            record_outcomes(session, acting_as(granter, at=LATER), outcomes=(an_outcome(case, decided_on=TODAY),))

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"decided_on": TODAY - timedelta(days=1)}, OutcomeDayWrong),
            ({"decided_on": TODAY + timedelta(days=1)}, OutcomeDayWrong),
            ({"decided_on": TODAY, "document": ""}, OutcomeUnnamed),
            ({"decided_on": TODAY, "granted": False}, OutcomeReasonMissing),
            ({"decided_on": TODAY, "granted": False, "reason": "长" * 201}, OutcomeReasonMissing),
        ],
    )
    def test_that_cannot_be_is_refused(self, session, granter, case, changes, refusal):
        recommended(session, case, at=LATER)

        with pytest.raises(refusal):
            record_outcomes(session, acting_as(granter, at=LATER), outcomes=(an_outcome(case, **changes),))

        assert Stage.RECOMMENDED is stage_of(session)

    def test_twice_is_refused(self, session, granter, case):
        recommended(session, case, at=LATER)
        outcome = an_outcome(case, decided_on=TODAY)
        record_outcomes(session, acting_as(granter, at=LATER), outcomes=(outcome,))

        with pytest.raises(AwardDecided):
            record_outcomes(session, acting_as(granter, at=LATER), outcomes=(outcome,))

    @pytest.mark.parametrize("row", [StarRecommendationRow, StarOutcomeRow])
    @pytest.mark.parametrize("change", [sa.update, sa.delete])
    def test_what_was_answered_is_never_changed(self, session, granter, case, row, change):
        recommended(session, case, at=LATER)
        record_outcomes(session, acting_as(granter, at=LATER), outcomes=(an_outcome(case, decided_on=TODAY),))
        statement = change(row).values(community_id="xfl") if change is sa.update else change(row)

        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(statement)

    def test_the_database_too_wants_another_person(self, session, case):
        who = recommended(session, case, at=LATER)
        row = {
            "community_id": "xfl",
            "award_id": case,
            "granted": True,
            "decided_on": TODAY,
            "document": "7号",
            "recommender_id": who.person_id,
            "recorder_id": who.person_id,
            "recorder": who.number,
            "recorded_at": LATER,
        }

        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(sa.insert(StarOutcomeRow), [row])


class TestAFileOfAnswers:
    """C7: the list goes up as Excel and comes back filled in; all of it is recorded, or nothing."""

    ROW = ("1", "通过", "2026-11-24", "街志协〔2026〕7号", "")

    def read(self, session, *rows):
        """Read rows of a list that came back, as of today."""
        lines = lines_of(HEADINGS, list(enumerate(rows, start=2)))
        return outcomes_of(lines, open_cases_noticed(session, "xfl", TODAY))

    def test_is_read(self, session, number, case):
        recommended(session, case, at=LATER)

        assert (an_outcome(case, decided_on=TODAY),) == self.read(session, (number, *self.ROW), ("V9999", "1", ""))

    def test_every_wrong_line_is_named(self, session, number, case):
        recommended(session, case, at=LATER)

        with pytest.raises(ResultsUnreadable) as refused:
            self.read(session, ("V9999", *self.ROW), (number, "1", "也许", "昨天", "", ""))

        problems = refused.value.facts["problems"]
        assert isinstance(problems, list)
        assert [
            (2, "star_result_not_waiting"),
            (3, "star_result_unclear"),
            (3, "star_result_day_unclear"),
        ] == [(one["line"], one["code"]) for one in problems if isinstance(one, dict)]

    def test_without_a_result_nothing_is_recorded(self, session, number, case):
        recommended(session, case, at=LATER)

        with pytest.raises(ResultsEmpty):
            self.read(session, (number, "1", "", "", "", ""))

    def test_a_column_that_is_missing_is_named(self):
        with pytest.raises(ResultsHeadingMissing) as refused:
            lines_of(HEADINGS[:-2], [])

        assert {"heading": "文号"} == refused.value.facts


class TestTheLadderAbove:
    """One granted from above opens the next, on the account of whoever opened the first."""

    def test_the_next_case_opens(self, session, admin, approver, granter):
        with_ladder(session, admin, granter, Step(1, 600, 0, Body.UPPER), Step(2, 700, 0, Body.UPPER))
        number = a_volunteer(session).number
        credit(session, acting_as(approver, at=LATER), {number: 700})
        case = announced(session, the_case(session, number))
        recommended(session, case, at=LATER)

        told = record_outcomes(session, acting_as(granter, at=LATER), outcomes=(an_outcome(case, decided_on=TODAY),))

        assert [str(the_case(session, number))] == told["next_awards"]
        assert [(1, "granted"), (2, "open")] == states_of(session, number)
