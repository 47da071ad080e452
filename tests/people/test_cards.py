"""Members' cards."""

import pytest

from tests.people.builders import (
    a_place,
    a_staff_member,
    a_volunteer,
    acting_as,
    an_admin_act,
    open_the_community,
)
from timebank.ledger.codes import CodeKind, read_code
from timebank.people import operations, queries
from timebank.people.operations.cards import NoCard
from timebank.people.queries.cards import CardUnknown
from timebank.people.queries.rights import NotAllowed
from timebank.people.queries.volunteers import NoSuchVolunteer
from timebank.people.roles import Role


@pytest.fixture
def session(session):
    """A session in which V0001 and V0002 are there."""
    open_the_community(session)
    a_volunteer(session)
    a_volunteer(session)
    return session


def issue(session, number="V0001", act=None):
    """Give a card in the name of the admin; return its code."""
    return read_code(operations.issue_card(session, act or an_admin_act(), number=number)["code"])


def owner(session, code, community_id="xfl"):
    """Return whose card it is."""
    return queries.number_on_card(session, community_id, code.payload)


class TestCards:
    """experience.md 0.3: twenty digits that say nothing of the person, and can be revoked."""

    def test_a_card_finds_its_owner(self, session):
        one, other = issue(session), issue(session, "V0002")

        assert ("V0001", "V0002") == (owner(session, one), owner(session, other))
        assert CodeKind.CARD is one.kind
        assert one == queries.find_card(session, "xfl", "V0001")

    def test_a_new_card_replaces_the_lost_one(self, session):
        lost = issue(session)

        found = issue(session)

        assert "V0001" == owner(session, found)
        with pytest.raises(CardUnknown):
            owner(session, lost)

    def test_a_revoked_card_finds_nobody(self, session):
        code = issue(session)

        operations.revoke_card(session, an_admin_act(), number="V0001")

        with pytest.raises(CardUnknown) as refused:
            owner(session, code)
        assert {} == refused.value.facts
        assert queries.find_card(session, "xfl", "V0001") is None

    def test_what_is_not_there_is_not_revoked(self, session):
        with pytest.raises(NoCard) as refused:
            operations.revoke_card(session, an_admin_act(), number="V0001")

        assert {"number": "V0001"} == refused.value.facts

    def test_pressed_twice_gives_one_card(self, session):
        act = an_admin_act()

        assert issue(session, act=act) == issue(session, act=act)

    def test_a_card_is_worth_nothing_in_another_community(self, session):
        open_the_community(session, "pal")

        with pytest.raises(CardUnknown):
            owner(session, issue(session), community_id="pal")

    def test_whom_nobody_knows_gets_no_card(self, session):
        with pytest.raises(NoSuchVolunteer):
            issue(session, "V0009")
        with pytest.raises(NoSuchVolunteer):
            operations.revoke_card(session, an_admin_act(), number="V0009")

    @pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
    def test_clerks_and_auditors_give_and_revoke_none(self, session, role):
        act = acting_as(a_staff_member(session, role))
        issue(session)

        with pytest.raises(NotAllowed):
            issue(session, act=act)
        with pytest.raises(NotAllowed):
            operations.revoke_card(session, acting_as(a_staff_member(session, role)), number="V0001")

    def test_a_coordinator_of_another_part_gives_none(self, session):
        area = a_place(session, area="一片区")

        with pytest.raises(NotAllowed):
            issue(session, act=acting_as(a_staff_member(session, org_unit_id=area)))
