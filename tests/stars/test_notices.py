"""A star is announced to everybody before it is granted; whoever objects gets a number and an answer."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON, an_act
from tests.people.builders import a_staff_member, a_volunteer, acting_as
from tests.stars.builders import ONE_STAR, a_candidate, announced, credit, states_of, the_case
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role
from timebank.stars import queries
from timebank.stars.operations import grant, refuse
from timebank.stars.operations.noticing import (
    NotYourApplication,
    answer_objection,
    apply,
    object_to,
    put_on_notice,
    withdraw,
)
from timebank.stars.queries import NoSuchAward, notices
from timebank.stars.queries.notices import NoSuchObjection
from timebank.stars.rules import AwardDecided, ReasonMissing, YourOwnStar
from timebank.stars.rules.conditions import NotReached
from timebank.stars.rules.noticing import (
    NoticeFacts,
    NoticeOver,
    NotOnNotice,
    ObjectionAnswered,
    ObjectionOpen,
    ObjectionUnclear,
    OnNoticeAlready,
    Stage,
    StillOnNotice,
    TooManyObjections,
    stage_of,
)
from timebank.stars.tables import StarNoticeRow, StarObjectionRow

TODAY = NOON.date()
LAST_DAY = date(2026, 11, 30)
"""Five working days after Monday, 23 November 2026."""
AFTER_IT = NOON + timedelta(days=8)


def on_notice(session, who, number):
    """Put a volunteer's case on notice now; return its id."""
    award_id = the_case(session, number)
    put_on_notice(session, acting_as(who), award_ids=(award_id,))
    return award_id


def objected(session, award_id, *, at=NOON, text="他那天没有来，我在场"):
    """Object without a name; return the number."""
    stranger = an_act(person_id=UUID(int=0), number="nobody", at=at)
    return object_to(session, stranger, award_id=award_id, text=text, contact="")


def the_objection(session, number="YY0001"):
    """An objection by its number."""
    found = notices.find_objection(session, "xfl", number)
    assert found is not None
    return found


def standing(session, day=TODAY):
    """The one open case with its notice."""
    (found,) = notices.open_cases_noticed(session, "xfl", day)
    return found


class TestStages:
    """Reached, on notice, ready; an open objection comes before everything."""

    @pytest.mark.parametrize(
        ("last_on", "objections", "needed", "stage"),
        [
            (None, 0, 5, Stage.REACHED),
            (None, 0, 0, Stage.READY),
            (TODAY, 0, 5, Stage.ON_NOTICE),
            (TODAY - timedelta(days=1), 0, 5, Stage.READY),
            (TODAY - timedelta(days=1), 1, 5, Stage.OBJECTED),
            (TODAY, 1, 0, Stage.OBJECTED),
        ],
    )
    def test_follow_from_the_notice_and_the_objections(self, last_on, objections, needed, stage):
        assert stage == stage_of(NoticeFacts(last_on, objections), needed_working_days=needed, today=TODAY)


class TestNotice:
    """domain.md section 2: five working days of notice by default; granted by another person afterwards."""

    def test_lasts_for_the_working_days_of_the_rules(self, session, approver, granter):
        on_notice(session, granter, a_candidate(session, approver))

        assert (Stage.ON_NOTICE, TODAY, LAST_DAY) == (
            standing(session).stage,
            standing(session).first_on,
            standing(session).last_on,
        )

    def test_nothing_is_granted_before_it(self, session, approver, granter):
        number = a_candidate(session, approver)

        with pytest.raises(NotOnNotice) as refused:
            grant(session, acting_as(granter), award_id=the_case(session, number))

        assert {"volunteer": number, "level": 1, "working_days": 5} == refused.value.facts
        assert [(1, "open")] == states_of(session, number)

    def test_nothing_is_granted_on_its_last_day(self, session, approver, granter):
        award_id = on_notice(session, granter, a_candidate(session, approver))

        with pytest.raises(StillOnNotice) as refused:
            grant(session, acting_as(granter, at=NOON + timedelta(days=7)), award_id=award_id)

        assert LAST_DAY.isoformat() == refused.value.facts["last_on"]

    def test_is_over_the_day_after(self, session, approver, granter):
        award_id = on_notice(session, granter, a_candidate(session, approver))

        assert Stage.READY is standing(session, AFTER_IT.date()).stage
        assert 1 == grant(session, acting_as(granter, at=AFTER_IT), award_id=award_id)["level"]

    def test_a_refusal_needs_no_notice(self, session, approver, granter):
        number = a_candidate(session, approver)

        refuse(session, acting_as(granter), award_id=the_case(session, number), reason="还要核实")

        assert [(1, "refused")] == states_of(session, number)

    def test_once_is_enough(self, session, approver, granter):
        award_id = on_notice(session, granter, a_candidate(session, approver))

        with pytest.raises(OnNoticeAlready):
            put_on_notice(session, acting_as(granter), award_ids=(award_id,))

    def test_of_many_cases_all_or_none(self, session, approver, granter):
        own = a_candidate(session, approver, staff_number=granter.number)
        other = a_candidate(session, approver)
        award_ids = (the_case(session, other), the_case(session, own))

        with pytest.raises(YourOwnStar):
            put_on_notice(session, acting_as(granter), award_ids=award_ids)

        assert () == notices.on_notice(session, "xfl", TODAY)

    def test_of_a_decided_case_is_refused(self, session, approver, granter):
        award_id = announced(session, the_case(session, a_candidate(session, approver)))
        grant(session, acting_as(granter), award_id=award_id)

        with pytest.raises(AwardDecided):
            put_on_notice(session, acting_as(granter), award_ids=(award_id,))

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.CLERK, Role.AUDITOR])
    def test_only_coordinators_announce(self, session, approver, role):
        award_id = the_case(session, a_candidate(session, approver))

        with pytest.raises(NotAllowed):
            put_on_notice(session, acting_as(a_staff_member(session, role)), award_ids=(award_id,))

    def test_everybody_sees_it_while_it_lasts(self, session, approver, granter):
        number = a_candidate(session, approver)
        on_notice(session, granter, number)

        assert [number] == [one.award.number for one in notices.on_notice(session, "xfl", LAST_DAY)]
        assert () == notices.on_notice(session, "xfl", LAST_DAY + timedelta(days=1))

    @pytest.mark.parametrize("statement", [sa.update(StarNoticeRow).values(poster="S999"), sa.delete(StarNoticeRow)])
    def test_the_database_keeps_it(self, session, approver, granter, statement):
        on_notice(session, granter, a_candidate(session, approver))

        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(statement)


class TestObjections:
    """P3: anybody objects, also without a name, and gets a number; nothing is granted before it is answered."""

    @pytest.fixture
    def award_id(self, session, approver, granter):
        """A case on notice."""
        return on_notice(session, granter, a_candidate(session, approver))

    def test_stops_the_grant_until_it_is_answered(self, session, granter, award_id):
        assert "YY0001" == objected(session, award_id)

        with pytest.raises(ObjectionOpen):
            grant(session, acting_as(granter, at=AFTER_IT), award_id=award_id)
        answer_objection(
            session,
            acting_as(granter),
            objection_id=the_objection(session).objection_id,
            answer="查过签到表，他在场",
        )

        assert 1 == grant(session, acting_as(granter, at=AFTER_IT), award_id=award_id)["level"]

    def test_is_heard_on_the_last_day_and_not_after(self, session, award_id):
        objected(session, award_id, at=NOON + timedelta(days=7))

        with pytest.raises(NoticeOver):
            objected(session, award_id, at=AFTER_IT)

    def test_needs_some_words(self, session, award_id):
        with pytest.raises(ObjectionUnclear) as refused:
            objected(session, award_id, text=" 不行啊 ")

        assert {"found_characters": 3, "characters_max": 500} == refused.value.facts

    def test_is_not_possible_before_the_notice(self, session, approver):
        with pytest.raises(NoticeOver):
            objected(session, the_case(session, a_candidate(session, approver)))

    def test_to_a_case_that_is_not_there(self, session, admin):
        with pytest.raises(NoSuchAward):
            objected(session, UUID(int=7))

    def test_twenty_unanswered_are_enough(self, session, award_id):
        for _ in range(20):
            objected(session, award_id)

        with pytest.raises(TooManyObjections):
            objected(session, award_id)

    def test_is_answered_once(self, session, granter, award_id):
        objected(session, award_id)
        objection_id = the_objection(session).objection_id
        answer_objection(session, acting_as(granter), objection_id=objection_id, answer="已经核实过了")

        with pytest.raises(ObjectionAnswered):
            answer_objection(session, acting_as(granter), objection_id=objection_id, answer="再答复一次吧")

        assert ("已经核实过了", granter.number) == (the_objection(session).answer, the_objection(session).answered_by)

    def test_that_is_not_there_cannot_be_answered(self, session, granter):
        with pytest.raises(NoSuchObjection):
            answer_objection(session, acting_as(granter), objection_id=UUID(int=7), answer="已经核实过了")

    def test_the_database_keeps_what_was_said(self, session, award_id):
        objected(session, award_id)

        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(sa.update(StarObjectionRow).values(text="没有意见"))


class TestApplying:
    """V6: a volunteer applies; the conditions are the same as for everybody."""

    def test_opens_the_case_again_after_a_refusal(self, session, approver, granter):
        number = a_candidate(session, approver)
        refuse(session, acting_as(granter), award_id=the_case(session, number), reason="还要核实")

        award_id = apply(session, self.herself(session, number))

        assert UUID(award_id) == the_case(session, number)

    def test_says_what_is_missing(self, session, approver):
        number = a_volunteer(session).number
        credit(session, acting_as(approver), {number: ONE_STAR - 1})

        with pytest.raises(NotReached) as refused:
            apply(session, self.herself(session, number))

        assert 1 == refused.value.facts["missing_minutes"]

    def test_may_be_taken_back(self, session, approver, granter):
        number = a_candidate(session, approver)
        refuse(session, acting_as(granter), award_id=the_case(session, number), reason="还要核实")
        award_id = UUID(apply(session, self.herself(session, number)))

        withdraw(session, self.herself(session, number), award_id=award_id, reason="下个月再申请")

        assert "withdrawn" == queries.award(session, "xfl", award_id).state

    def test_a_case_that_the_hours_opened_is_not_ones_own(self, session, approver):
        number = a_candidate(session, approver)

        with pytest.raises(NotYourApplication):
            withdraw(session, self.herself(session, number), award_id=the_case(session, number), reason="不要了")

    def test_taking_it_back_needs_a_reason(self, session, approver):
        number = a_candidate(session, approver)

        with pytest.raises(ReasonMissing):
            withdraw(session, self.herself(session, number), award_id=the_case(session, number), reason=" ")

    def herself(self, session, number):
        """An act of the volunteer."""
        (case,) = queries.history(session, "xfl", number)[-1:] or (None,)
        person_id = case.person_id if case else UUID(int=9)
        return an_act(person_id=person_id, number=number, at=NOON)
