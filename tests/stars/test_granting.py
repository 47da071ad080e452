"""A star is granted by another person than the one who opened its case; each grant is an entry, for ever."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.people.builders import a_place, a_staff_member, a_volunteer, acting_as
from tests.rulebook.community import a_community
from tests.stars.builders import (
    ONE_STAR,
    TWO_STARS,
    a_candidate,
    a_star,
    announced,
    credit,
    statements_of,
    states_of,
    take_back,
    the_case,
    with_ladder,
)
from timebank.books.journal import entry_at
from timebank.ledger.entries import EntryKind
from timebank.people.operations import declare_relatives
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role
from timebank.rulebook.rules import Body, Step
from timebank.stars import queries
from timebank.stars.operations import grant, grant_many, refuse
from timebank.stars.operations.deciding import NotYourLevel
from timebank.stars.queries import NoSuchAward
from timebank.stars.rules import (
    AwardDecided,
    NoLongerReached,
    OpenedByYourself,
    StarOfRelative,
    YourOwnStar,
)
from timebank.stars.tables import StarAwardRow

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
LATER = NOON + timedelta(days=1)


class TestGranting:
    """domain.md section 0, finding 3: a star is an award; another person than its opener grants it."""

    def test_the_star_is_held_and_the_case_says_by_whom(self, session, approver, granter):
        number = a_candidate(session, approver)

        answer = a_star(session, number, granter)

        assert (number, 1, None) == (answer["number"], answer["level"], answer["next_award"])
        (case,) = queries.history(session, "xfl", number)
        assert ("granted", granter.number, answer["entry"]) == (case.state, case.decider, case.entry_seq)

    def test_it_is_an_entry_without_transfers(self, session, approver, granter):
        number = a_candidate(session, approver, 7_000)

        entry = entry_at(session, "xfl", a_star(session, number, granter)["entry"])

        (case,) = queries.history(session, "xfl", number)
        assert (EntryKind.STAR_GRANTED, (), granter.number) == (entry.kind, entry.transfers, entry.actor)
        assert {
            "volunteer": number,
            "level": 1,
            "minutes": 7_000,
            "needed_minutes": ONE_STAR,
            "body": "community",
        } == entry.facts
        assert (f"star-award:{case.award_id}", 2) == (entry.source, entry.rule_version)
        assert entry.booked_at == case.decided_at

    def test_whoever_approved_the_hours_does_not_grant_it(self, session, approver):
        number = a_candidate(session, approver)

        with pytest.raises(OpenedByYourself) as refused:
            a_star(session, number, approver)

        assert {"volunteer": number, "level": 1} == refused.value.facts
        assert [(1, "open")] == states_of(session, number)

    def test_nobody_grants_their_own(self, session, approver, granter):
        number = a_candidate(session, approver, staff_number=granter.number)

        with pytest.raises(YourOwnStar):
            a_star(session, number, granter)

    def test_nobody_grants_that_of_a_relative(self, session, admin, approver, granter):
        number = a_candidate(session, approver)
        declare_relatives(session, acting_as(admin), number=granter.number, other_number=number, relation="母女")

        with pytest.raises(StarOfRelative):
            a_star(session, number, granter)

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.CLERK, Role.AUDITOR])
    def test_only_coordinators_do(self, session, approver, role):
        number = a_candidate(session, approver)

        with pytest.raises(NotAllowed):
            a_star(session, number, a_staff_member(session, role))

    def test_a_coordinator_of_another_area_does_not(self, session, admin, approver):
        number = a_candidate(session, approver, area="二片区")
        elsewhere = a_staff_member(session, org_unit_id=a_place(session, area="一片区"))

        with pytest.raises(NotAllowed):
            a_star(session, number, elsewhere)

    def test_a_coordinator_of_the_area_does_where_the_rules_let_the_area_decide(
        self, session, admin, approver, granter
    ):
        with_ladder(session, admin, granter, Step(1, 600, 0, Body.AREA))
        number = a_volunteer(session, area="二片区").number
        credit(session, acting_as(approver, at=LATER), {number: 600})
        here = a_staff_member(session, org_unit_id=a_place(session, area="二片区"))
        announced(session, the_case(session, number))

        assert 1 == grant(session, acting_as(here, at=LATER), award_id=the_case(session, number))["level"]

    def test_and_not_where_they_let_the_community_decide(self, session, approver):
        number = a_candidate(session, approver, area="二片区")
        here = a_staff_member(session, org_unit_id=a_place(session, area="二片区"))

        with pytest.raises(NotYourLevel):
            a_star(session, number, here)
        with pytest.raises(NotYourLevel):
            refuse(session, acting_as(here), award_id=the_case(session, number), reason="还要核实")

    def test_twice_is_refused(self, session, approver, granter):
        number = a_candidate(session, approver)
        award_id = announced(session, the_case(session, number))
        grant(session, acting_as(granter), award_id=award_id)

        with pytest.raises(AwardDecided):
            grant(session, acting_as(granter), award_id=award_id)

    def test_pressed_twice_counts_once(self, session, approver, granter):
        award_id = announced(session, the_case(session, a_candidate(session, approver)))
        act = acting_as(granter)

        assert grant(session, act, award_id=award_id) == grant(session, act, award_id=award_id)

    def test_minutes_that_are_gone_meanwhile_are_noticed(self, session, approver, granter):
        number = a_candidate(session, approver)
        session.execute(sa.update(StarAwardRow).values(needed_minutes=ONE_STAR + 1))

        with pytest.raises(NoLongerReached) as refused:
            a_star(session, number, granter)

        assert ONE_STAR == refused.value.facts["minutes"]

    def test_a_withdrawn_case_is_not_granted(self, session, approver, granter):
        number = a_candidate(session, approver)
        award_id = the_case(session, number)
        take_back(session, acting_as(approver), number)

        with pytest.raises(AwardDecided):
            grant(session, acting_as(granter), award_id=award_id)

    def test_what_is_not_there_is_refused(self, session, granter):
        with pytest.raises(NoSuchAward):
            grant(session, acting_as(granter), award_id=UUID(int=7))

    def test_a_case_of_another_community_is_not_there(self, session, approver):
        award_id = the_case(session, a_candidate(session, approver))
        a_community(session, community_id="other")
        stranger = a_staff_member(session, community_id="other")

        with pytest.raises(NoSuchAward):
            grant(session, acting_as(stranger, community_id="other"), award_id=award_id)


class TestOneLevelAfterTheOther:
    """No level is skipped: the next case opens when the one below is granted."""

    def test_the_next_case_opens_at_once_if_it_is_reached_too(self, session, approver, granter):
        number = a_candidate(session, approver, TWO_STARS)

        answer = a_star(session, number, granter)

        assert str(the_case(session, number)) == answer["next_award"]
        assert [(1, "granted"), (2, "open")] == states_of(session, number)

    def test_on_the_account_of_whoever_opened_the_first(self, session, approver, granter):
        number = a_candidate(session, approver, TWO_STARS)
        a_star(session, number, granter)

        assert approver.number == queries.open_cases(session, "xfl")[0].opener
        with pytest.raises(OpenedByYourself):
            a_star(session, number, approver)
        assert 2 == a_star(session, number, granter)["level"]

    def test_up_to_the_top_of_the_ladder(self, session, approver, granter):
        number = a_candidate(session, approver, 90_000)

        for _ in range(5):
            a_star(session, number, granter)

        assert [(level, "granted") for level in range(1, 6)] == states_of(session, number)
        assert () == queries.open_cases(session, "xfl")

    def test_the_third_star_records_what_the_level_above_decided(self, session, approver, granter):
        number = a_candidate(session, approver, 36_000)

        for _ in range(2):
            a_star(session, number, granter)
        a_star(session, number, granter)

        award = queries.history(session, "xfl", number)[0]
        assert (Body.UPPER, 3) == (award.body, award.level)
        assert award.entry_seq is not None
        facts = entry_at(session, "xfl", award.entry_seq).facts
        assert ("upper", "街志协〔2026〕7号") == (facts["body"], facts["upper_document"])


class TestManyAtOnce:
    """A round of stars: all or none, in a fixed number of statements."""

    def test_all_are_granted_and_the_next_cases_open(self, session, approver, granter):
        numbers = [a_candidate(session, approver, minutes) for minutes in (ONE_STAR, TWO_STARS, TWO_STARS)]
        award_ids = tuple(the_case(session, number) for number in numbers)
        announced(session, *award_ids)

        answer = grant_many(session, acting_as(granter), award_ids=award_ids)

        assert 3 == len(answer["entries"])
        assert 2 == len(answer["next_awards"])
        assert [1, 1, 1] == [queries.level_on(session, "xfl", number, TODAY) for number in numbers]

    def test_one_that_cannot_be_granted_refuses_all(self, session, approver, granter):
        own = a_candidate(session, approver, staff_number=granter.number)
        other = a_candidate(session, approver)
        award_ids = (the_case(session, other), the_case(session, own))

        with pytest.raises(YourOwnStar) as refused:
            grant_many(session, acting_as(granter), award_ids=award_ids)

        assert own == refused.value.facts["volunteer"]
        assert [(1, "open")] == states_of(session, other)

    def test_a_case_named_twice_counts_once(self, session, approver, granter):
        award_id = announced(session, the_case(session, a_candidate(session, approver)))

        assert 1 == len(grant_many(session, acting_as(granter), award_ids=(award_id, award_id))["entries"])

    def test_none_is_none(self, session, granter):
        assert {"entries": [], "next_awards": []} == grant_many(session, acting_as(granter), award_ids=())

    def test_many_cost_as_many_statements_as_a_few(self, session, approver, granter):
        numbers = [a_volunteer(session).number for _ in range(24)]
        credit(session, acting_as(approver), dict.fromkeys(numbers, TWO_STARS))
        cases = [the_case(session, number) for number in numbers]
        announced(session, *cases)
        some, others = acting_as(granter), acting_as(granter)

        few = statements_of(session, lambda: grant_many(session, some, award_ids=tuple(cases[:2])))
        many = statements_of(session, lambda: grant_many(session, others, award_ids=tuple(cases[2:])))

        assert few == many
