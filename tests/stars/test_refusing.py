"""A refusal has a reason and is an entry; a refused level is opened again by a person only."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.people.builders import a_staff_member, acting_as
from tests.stars.builders import (
    ONE_STAR,
    a_candidate,
    a_star,
    credit,
    memo_of,
    states_of,
    the_case,
)
from timebank.books.journal import entry_at
from timebank.ledger.entries import EntryKind
from timebank.people.queries import NoSuchVolunteer, NotAllowed
from timebank.people.roles import Role
from timebank.stars import queries
from timebank.stars.operations import nominate, refuse
from timebank.stars.rules import (
    NoNextLevel,
    OpenedByYourself,
    ReasonMissing,
    YourOwnStar,
)
from timebank.stars.rules.conditions import NotReached

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


class TestRefusing:
    """A refusal has a reason and is an entry; the level opens again only by a person's hand."""

    def test_the_reason_is_kept_and_shown_in_the_books(self, session, approver, granter):
        number = a_candidate(session, approver)

        seq = refuse(session, acting_as(granter), award_id=the_case(session, number), reason="签到表缺少负责人签名")

        (case,) = queries.history(session, "xfl", number)
        assert ("refused", "签到表缺少负责人签名", seq) == (case.state, case.reason, case.entry_seq)
        assert EntryKind.STAR_REFUSED is entry_at(session, "xfl", seq).kind
        assert "签到表缺少负责人签名" == memo_of(session, seq)
        assert 0 == queries.level_on(session, "xfl", number, TOMORROW)

    def test_more_minutes_do_not_open_it_again(self, session, approver, granter):
        number = a_candidate(session, approver)
        refuse(session, acting_as(granter), award_id=the_case(session, number), reason="材料不全")

        told = credit(session, acting_as(approver), {number: 600})

        assert [] == told["opened"]

    def test_whoever_opened_it_may_refuse_it(self, session, approver):
        number = a_candidate(session, approver)

        assert refuse(session, acting_as(approver), award_id=the_case(session, number), reason="录入有误")

    def test_without_a_reason_it_is_not_refused(self, session, approver, granter):
        number = a_candidate(session, approver)

        with pytest.raises(ReasonMissing):
            refuse(session, acting_as(granter), award_id=the_case(session, number), reason="")

        assert [(1, "open")] == states_of(session, number)

    def test_nobody_refuses_their_own(self, session, approver, granter):
        number = a_candidate(session, approver, staff_number=granter.number)

        with pytest.raises(YourOwnStar):
            refuse(session, acting_as(granter), award_id=the_case(session, number), reason="谦让")

    def test_a_clerk_does_not(self, session, approver):
        number = a_candidate(session, approver)

        with pytest.raises(NotAllowed):
            refuse(
                session, acting_as(a_staff_member(session, Role.CLERK)), award_id=the_case(session, number), reason="无"
            )


class TestOpeningByHand:
    """A refused level can be proposed again by a person, who then does not grant it."""

    def test_after_a_refusal(self, session, approver, granter):
        number = a_candidate(session, approver)
        refuse(session, acting_as(granter), award_id=the_case(session, number), reason="材料不全")

        award_id = nominate(session, acting_as(granter), number=number)

        assert the_case(session, number) == UUID(award_id)
        with pytest.raises(OpenedByYourself):
            a_star(session, number, granter)
        assert 1 == a_star(session, number, approver)["level"]

    def test_not_before_the_level_is_reached(self, session, approver, granter):
        number = a_candidate(session, approver, ONE_STAR - 1)

        with pytest.raises(NotReached) as refused:
            nominate(session, acting_as(granter), number=number)

        assert {"volunteer": number, "level": 1, "missing_minutes": 1} == refused.value.facts

    def test_not_while_a_case_is_open(self, session, approver, granter):
        number = a_candidate(session, approver)

        with pytest.raises(NoNextLevel):
            nominate(session, acting_as(granter), number=number)

    def test_not_above_the_top(self, session, approver, granter):
        number = a_candidate(session, approver, 90_000)
        for _ in range(5):
            a_star(session, number, granter)

        with pytest.raises(NoNextLevel) as refused:
            nominate(session, acting_as(granter), number=number)

        assert {"volunteer": number, "level": 5} == refused.value.facts

    def test_not_for_somebody_who_is_not_there(self, session, granter):
        with pytest.raises(NoSuchVolunteer):
            nominate(session, acting_as(granter), number="V9999")

    def test_not_by_a_clerk(self, session, approver):
        number = a_candidate(session, approver)

        with pytest.raises(NotAllowed):
            nominate(session, acting_as(a_staff_member(session, Role.CLERK)), number=number)
