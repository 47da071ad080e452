"""Relief: households in need get goods without points, by two persons, within the rules, against a signature."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.market.builders import TODAY, XFL, a_good, a_lot, a_volunteer, pieces_of
from tests.market.by_hand import REFUSED
from tests.people import builders as people
from timebank.audit.queries import goods_identity, trial_balance
from timebank.audit.verification import examine
from timebank.books.pages import entry_view
from timebank.ledger.accounts import AccountKind
from timebank.ledger.entries import EntryKind
from timebank.market import operations, queries
from timebank.market.operations import HouseholdOver, HouseholdRegistered, ReliefDecided, ReliefLine
from timebank.market.queries import NoSuchHousehold, NoSuchRelief
from timebank.market.rules import (
    OutOfStock,
    ReliefFacts,
    ReliefForYourself,
    ReliefNeedsAnother,
    ReliefOff,
    ReliefTooMuch,
    ReliefTooOften,
    check_relief,
)
from timebank.market.tables import ReliefDecisionRow, ReliefIssueRow, ReliefRow
from timebank.market.texts import MarketText
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role
from timebank.rulebook.rules import ordinary_document

SHOP = ordinary_document().market
ACTOR = UUID(int=1)
HOME = {"area": "一片区", "building": "3号楼", "household": "3-2-501"}


def register(shop, volunteer, *, by=None, until_on=date(2027, 6, 30), reason="低保户"):
    act = shop.act(by or shop.coordinator)
    return operations.register_household(
        shop.session, act, volunteer_number=volunteer.number, reason=reason, until_on=until_on
    )["number"]


def propose(shop, household, *lines, by=None, at=NOON):
    act = shop.act(by or shop.coordinator, at=at)
    wanted = tuple(ReliefLine(*line) for line in lines)
    return operations.propose_relief(shop.session, act, household_number=household, lines=wanted, note="")["number"]


def approve(shop, number, *, by=None):
    operations.approve_relief(shop.session, shop.act(by or shop.other_coordinator), relief_number=number)


def issue(shop, number, *, by=None, signed_by="王秀英"):
    return operations.issue_relief(shop.session, shop.act(by), relief_number=number, signed_by=signed_by)["seq"]


class TestTheRules:
    """domain.md S7: application, approval, limit, signature."""

    def facts(self, pieces=1, this_month=0, recipients=(), *, repeats=False):
        return ReliefFacts(pieces, repeats, this_month, frozenset(recipients))

    @pytest.mark.parametrize(("pieces", "this_month"), [(1, 0), (5, 1)])
    def test_within_the_limits(self, pieces, this_month):
        check_relief(SHOP, self.facts(pieces, this_month), actor_id=ACTOR)

    @pytest.mark.parametrize(
        ("facts", "refusal"),
        [
            ({"pieces": 0}, ReliefTooMuch),
            ({"pieces": 6}, ReliefTooMuch),
            ({"repeats": True}, ReliefTooMuch),
            ({"this_month": 2}, ReliefTooOften),
            ({"recipients": (ACTOR,)}, ReliefForYourself),
        ],
    )
    def test_past_them(self, facts, refusal):
        with pytest.raises(refusal):
            check_relief(SHOP, self.facts(**facts), actor_id=ACTOR)

    def test_none_where_the_rules_know_none(self):
        off = type(SHOP)(**{name: getattr(SHOP, name) for name in SHOP.__slots__} | {"relief_per_month_max": 0})
        with pytest.raises(ReliefOff):
            check_relief(off, self.facts(), actor_id=ACTOR)


class TestGivingRelief:
    """It leaves the lots by an entry of its own, and the shelf still adds up."""

    def test_from_the_proposal_to_the_signature(self, shop):
        rice, wang = a_good(shop, pieces=0), a_volunteer(shop)
        first = a_lot(shop, rice, 1, expires_on=date(2026, 12, 1))
        second = a_lot(shop, rice, 5)
        number = propose(shop, register(shop, wang), (rice, 2))
        assert "open" == queries.relief(shop.session, XFL, number).state
        approve(shop, number)
        seq = issue(shop, number)

        assert [0, 4] == [pieces_of(shop, rice, lot) for lot in (first, second)]
        found = queries.relief(shop.session, XFL, number)
        assert ("issued", "王秀英", seq, ((rice, 2),)) == (
            found.state,
            found.signed_by,
            found.entry_seq,
            found.lines,
        )
        entry = entry_view(shop.session, XFL, seq)
        assert entry is not None
        assert (EntryKind.RELIEF_ISSUED, shop.coordinator.number, shop.other_coordinator.number) == (
            entry.entry.kind,
            entry.entry.facts["proposed_by"],
            entry.entry.facts["approved_by"],
        )
        assert {AccountKind.RELIEF} == {transfer.credit.kind for transfer in entry.entry.transfers}

    def test_it_is_told_apart_from_redemptions_and_everything_adds_up(self, shop):
        rice = a_good(shop, pieces=5)
        number = propose(shop, register(shop, a_volunteer(shop)), (rice, 2))
        approve(shop, number)
        issue(shop, number)

        identity = goods_identity(trial_balance(shop.session, XFL))
        assert (5, 3, 0, 2, 0) == (
            identity.received,
            identity.shelf,
            identity.handed_out,
            identity.relief,
            identity.difference,
        )
        found = [one.check for one in examine(shop.session, XFL, ()).findings]
        assert not [check for check in found if "relief" in check or check == "record_unlike_entry"]

    def test_another_approves_and_another_hands_out(self, shop):
        rice = a_good(shop)
        number = propose(shop, register(shop, a_volunteer(shop)), (rice, 1))
        with pytest.raises(ReliefNeedsAnother):
            approve(shop, number, by=shop.coordinator)
        with pytest.raises(ReliefDecided):
            issue(shop, number)
        approve(shop, number)
        with pytest.raises(ReliefNeedsAnother):
            issue(shop, number, by=shop.coordinator)
        with pytest.raises(ReliefDecided):
            approve(shop, number)
        with pytest.raises(MarketText):
            issue(shop, number, signed_by=" ")
        issue(shop, number, by=shop.other_coordinator)
        with pytest.raises(ReliefDecided):
            issue(shop, number)

    def test_what_is_turned_down_moves_nothing_and_does_not_count(self, shop):
        rice, household = a_good(shop), register(shop, a_volunteer(shop))
        for _time in range(3):
            number = propose(shop, household, (rice, 1))
            operations.reject_relief(shop.session, shop.act(shop.other_coordinator), relief_number=number)

        assert 10 == pieces_of(shop, rice)
        with pytest.raises(ReliefDecided):
            approve(shop, number)

    def test_a_household_has_it_twice_a_month_whoever_stands_for_it(self, shop):
        rice = a_good(shop)
        household = register(shop, a_volunteer(shop, **HOME))
        with pytest.raises(HouseholdRegistered):
            register(shop, a_volunteer(shop, **HOME))
        propose(shop, household, (rice, 1)), propose(shop, household, (rice, 1))

        with pytest.raises(ReliefTooOften):
            propose(shop, household, (rice, 1))
        propose(shop, household, (rice, 1), at=NOON + timedelta(days=10))

    def test_more_than_there_is_moves_nothing(self, shop):
        rice = a_good(shop, pieces=1)
        number = propose(shop, register(shop, a_volunteer(shop)), (rice, 2))
        approve(shop, number)

        with pytest.raises(OutOfStock):
            issue(shop, number)
        assert 1 == pieces_of(shop, rice)

    def test_nobody_for_their_own_household(self, shop):
        mother, son = a_volunteer(shop, **HOME), a_volunteer(shop, **HOME)
        relative = people.a_staff_member(shop.session, Role.COORDINATOR, volunteer_number=son.number)
        with pytest.raises(ReliefForYourself):
            register(shop, mother, by=relative)
        number = propose(shop, register(shop, mother), (a_good(shop), 1))
        with pytest.raises(ReliefForYourself):
            approve(shop, number, by=relative)

    def test_what_is_not_there_is_refused(self, shop):
        rice, wang = a_good(shop), a_volunteer(shop)
        with pytest.raises(HouseholdOver):
            register(shop, wang, until_on=TODAY - timedelta(days=1))
        with pytest.raises(MarketText):
            register(shop, wang, reason=" ")
        with pytest.raises(NoSuchHousehold):
            propose(shop, "H9999", (rice, 1))
        with pytest.raises(NoSuchRelief):
            approve(shop, "J999999")
        household = register(shop, wang, until_on=TODAY)
        with pytest.raises(HouseholdOver):
            propose(shop, household, (rice, 1), at=NOON + timedelta(days=1))

    def test_not_everybody_may(self, shop):
        wang, rice = a_volunteer(shop), a_good(shop)
        with pytest.raises(NotAllowed):
            register(shop, wang, by=shop.clerk)
        number = propose(shop, register(shop, wang), (rice, 1))
        with pytest.raises(NotAllowed):
            approve(shop, number, by=shop.clerk)

    def test_the_database_keeps_it(self, shop):
        number = propose(shop, register(shop, a_volunteer(shop)), (a_good(shop), 1))
        own = {"community_id": XFL, "relief_number": number, "proposed_by_id": shop.coordinator.person_id}
        decided = own | {"outcome": "approved", "decided_by_id": shop.coordinator.person_id, "decided_at": NOON}
        handed = {"handed_by_id": shop.clerk.person_id, "handed_at": NOON, "signed_by": "王", "entry_seq": 1}
        for statement, values in (
            (sa.insert(ReliefDecisionRow), decided),
            (sa.insert(ReliefIssueRow), own | handed | {"outcome": "approved"}),
            (sa.update(ReliefRow).values(note="别的"), None),
            (sa.delete(ReliefRow), None),
        ):
            with pytest.raises(REFUSED), shop.session.begin_nested():
                shop.session.execute(statement, values)
