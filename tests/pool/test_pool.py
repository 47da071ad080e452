"""The mutual-aid pool: given by volunteers, granted to households in need by two persons, within the rules."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON, an_act
from tests.people.builders import a_staff_member, a_volunteer, acting_as
from tests.rulebook.builders import a_document
from tests.rulebook.community import a_community
from timebank.audit.reconcile import Reconciler
from timebank.books import journal, statements
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.people.operations import declare_relatives
from timebank.people.queries import NoSuchVolunteer, NotAllowed
from timebank.people.roles import Role
from timebank.pool import queries
from timebank.pool.operations import confirm_grant, donate, propose_grant, reject_grant
from timebank.pool.rules import (
    DonationTooSmall,
    DonorShort,
    GrantDecided,
    GrantForYourself,
    GrantNeedsAnother,
    GrantReasonMissing,
    GrantTooLarge,
    GrantTooOften,
    PoolClosed,
    PoolShort,
)
from timebank.pool.tables import PoolGrantDecisionRow, PoolGrantRow
from timebank.rulebook.operations import confirm, propose
from timebank.rulebook.rules import as_json, ordinary_document

LATER = NOON + timedelta(days=1)


@pytest.fixture
def admin(session):
    """The admin of a community that has its first rules."""
    return a_community(session)


@pytest.fixture
def chen(session, admin):
    """A coordinator who proposes."""
    return a_staff_member(session)


@pytest.fixture
def li(session, admin):
    """A coordinator who confirms."""
    return a_staff_member(session)


@pytest.fixture
def donor(session, admin):
    """A volunteer with 150 points that last, and 50 of the year before."""
    volunteer = a_volunteer(session)
    earned(session, volunteer.number, 15_000)
    earned(session, volunteer.number, 5_000, vintage=2025)
    return volunteer


@pytest.fixture
def pool(session, donor):
    """A pool of 150 points."""
    given(session, donor, 15_000)


def passbook(number, vintage=0):
    """A passbook."""
    return AccountRef(AccountKind.PASSBOOK, number, POINTS, vintage)


def earned(session, number, points_e2, vintage=0):
    """Let a volunteer have points."""
    issued = Transfer(system(AccountKind.ISSUANCE, POINTS), passbook(number, vintage), points_e2)
    draft = Draft(kind=EntryKind.SERVICE_APPROVED, effective_on=NOON.date(), transfers=(issued,), source="test:points")
    journal.post(session, an_act(), draft)


def given(session, donor, points_e2, **changes):
    """Let a volunteer give points."""
    act = an_act(person_id=donor.person_id, number=donor.number, **changes)
    return donate(session, act, points_e2=points_e2)


def proposed(session, who, number, points_e2=5_000, **changes):
    """Propose a grant; return its id."""
    act = acting_as(who, **changes)
    return UUID(propose_grant(session, act, number=number, points_e2=points_e2, reason="大病住院"))


def with_pool(session, admin, confirmer, **changes):
    """Let other rules of the pool hold from tomorrow on."""
    document = as_json(a_document(pool=replace(ordinary_document().pool, **changes)))
    tomorrow = LATER.date()
    proposal = propose(session, acting_as(admin), document=document, valid_from=tomorrow, reason="居民议事会通过")
    confirm(session, acting_as(confirmer), proposal_id=UUID(proposal))


def balance(session, account):
    """What an account holds."""
    return statements.balance(session, "xfl", account)


class TestGiving:
    """domain.md 2: points are donated only; they go into the pool, the oldest first, and never to a person."""

    def test_the_oldest_points_go_first(self, session, donor):
        seq = given(session, donor, 6_000)

        assert (0, 14_000, 6_000) == (
            balance(session, passbook(donor.number, 2025)),
            balance(session, passbook(donor.number)),
            queries.pool_e2(session, "xfl"),
        )
        assert EntryKind.POINTS_DONATED is journal.entry_at(session, "xfl", seq).kind

    @pytest.mark.parametrize(("points_e2", "refusal"), [(99, DonationTooSmall), (20_001, DonorShort)])
    def test_too_little_and_too_much_are_refused(self, session, donor, points_e2, refusal):
        with pytest.raises(refusal):
            given(session, donor, points_e2)

        assert 0 == queries.pool_e2(session, "xfl")

    def test_the_least_and_all_of_it_are_taken(self, session, donor):
        given(session, donor, 100)
        given(session, donor, 19_900)

        assert 20_000 == queries.pool_e2(session, "xfl")

    def test_pressed_twice_counts_once(self, session, donor):
        act = an_act(person_id=donor.person_id, number=donor.number)

        assert donate(session, act, points_e2=500) == donate(session, act, points_e2=500)
        assert 500 == queries.pool_e2(session, "xfl")

    def test_only_ones_own(self, session, chen):
        with pytest.raises(NoSuchVolunteer):
            donate(session, acting_as(chen), points_e2=500)

    def test_not_where_the_rules_know_no_pool(self, session, admin, chen, li, donor):
        grant_id = waiting_before_closing(session, chen, donor)
        with_pool(session, admin, li, is_open=False)

        with pytest.raises(PoolClosed):
            given(session, donor, 500, at=LATER)
        with pytest.raises(PoolClosed):
            confirm_grant(session, acting_as(li, at=LATER), grant_id=grant_id)


def waiting_before_closing(session, who, donor):
    """A grant that waits when the pool is closed."""
    given(session, donor, 10_000)
    return proposed(session, who, a_volunteer(session).number)


class TestGranting:
    """To a household in need: one proposes, another confirms, within the rules."""

    def test_the_points_leave_the_pool_when_another_confirms(self, session, chen, li, pool):
        number = a_volunteer(session).number
        grant_id = proposed(session, chen, number)
        assert 0 == balance(session, passbook(number))

        seq = confirm_grant(session, acting_as(li), grant_id=grant_id)

        assert (5_000, 10_000) == (balance(session, passbook(number)), queries.pool_e2(session, "xfl"))
        found = queries.grant(session, "xfl", grant_id)
        assert ("granted", chen.number, li.number, seq) == (
            found.state,
            found.proposer,
            found.decider,
            found.entry_seq,
        )

    def test_not_by_whoever_proposed_it(self, session, chen, pool):
        grant_id = proposed(session, chen, a_volunteer(session).number)

        with pytest.raises(GrantNeedsAnother):
            confirm_grant(session, acting_as(chen), grant_id=grant_id)

    def test_turned_down_nothing_moves(self, session, chen, li, pool):
        grant_id = proposed(session, chen, a_volunteer(session).number)

        reject_grant(session, acting_as(li), grant_id=grant_id)

        assert ("rejected", 15_000) == (
            queries.grant(session, "xfl", grant_id).state,
            queries.pool_e2(session, "xfl"),
        )
        for again in (confirm_grant, reject_grant):
            with pytest.raises(GrantDecided):
                again(session, acting_as(li), grant_id=grant_id)

    @pytest.mark.parametrize("points_e2", [0, -100, 10_001])
    def test_more_than_the_rules_grant_at_a_time_is_refused(self, session, chen, pool, points_e2):
        with pytest.raises(GrantTooLarge):
            proposed(session, chen, a_volunteer(session).number, points_e2)

    def test_more_than_the_pool_holds_is_refused(self, session, chen, li, donor):
        given(session, donor, 7_000)
        first, second = (proposed(session, chen, a_volunteer(session).number) for _ in range(2))
        confirm_grant(session, acting_as(li), grant_id=first)

        with pytest.raises(PoolShort):
            confirm_grant(session, acting_as(li), grant_id=second)

    def test_as_often_a_year_as_the_rules_allow(self, session, chen, li, pool):
        number = a_volunteer(session).number
        turned_down = proposed(session, chen, number, 100)
        reject_grant(session, acting_as(li), grant_id=turned_down)
        grants = [proposed(session, chen, number, 100) for _ in range(4)]

        with pytest.raises(GrantTooOften) as refused:
            proposed(session, chen, number, 100)
        confirm_grant(session, acting_as(li), grant_id=grants[-1])

        assert {"grants": 4, "grants_max": 4} == refused.value.facts

    def test_not_for_oneself_nor_for_somebody_close(self, session, admin, chen, pool):
        volunteer = a_volunteer(session)
        declare_relatives(session, acting_as(admin), number=chen.number, other_number=volunteer.number, relation="母女")

        with pytest.raises(GrantForYourself):
            proposed(session, chen, volunteer.number)

    @pytest.mark.parametrize("reason", ["", " ", "长" * 201, "一\n二"])
    def test_it_says_why(self, session, chen, pool, reason):
        with pytest.raises(GrantReasonMissing):
            propose_grant(session, acting_as(chen), number=a_volunteer(session).number, points_e2=100, reason=reason)

    @pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
    def test_only_a_coordinator_grants(self, session, pool, role):
        with pytest.raises(NotAllowed):
            proposed(session, a_staff_member(session, role), a_volunteer(session).number)

    def test_one_that_is_not_there(self, session, li):
        with pytest.raises(queries.NoSuchGrant):
            confirm_grant(session, acting_as(li), grant_id=UUID(int=7))


class TestTheBooks:
    """Every grant has its entry, and every entry its grant; the database keeps both."""

    def test_a_grant_and_its_entry_agree(self, session, chen, li, pool):
        confirm_grant(session, acting_as(li), grant_id=proposed(session, chen, a_volunteer(session).number))

        reconciler = Reconciler(session, "xfl")
        entries = statements.entries_in_order(session, "xfl")
        seqs = range(1, sum(1 for _ in entries) + 1)
        found = [finding.check for seq in seqs for finding in reconciler.take(journal.entry_at(session, "xfl", seq))]

        assert not [check for check in (*found, *(one.check for one in reconciler.rest())) if check.startswith("pool")]

    @pytest.mark.parametrize("row", [PoolGrantRow, PoolGrantDecisionRow])
    def test_nothing_is_deleted(self, session, chen, li, pool, row):
        confirm_grant(session, acting_as(li), grant_id=proposed(session, chen, a_volunteer(session).number))

        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(sa.delete(row))

    def test_the_database_too_wants_another_person(self, session, chen, pool):
        grant_id = proposed(session, chen, a_volunteer(session).number)
        session.flush()
        row = {
            "community_id": "xfl",
            "grant_id": grant_id,
            "confirmed": True,
            "proposer_id": chen.person_id,
            "decider_id": chen.person_id,
            "decider": chen.number,
            "decided_at": NOON,
            "entry_seq": 1,
        }

        with pytest.raises(sa.exc.IntegrityError, match="confirmed_by_another"), session.begin_nested():
            session.execute(sa.insert(PoolGrantDecisionRow), [row])
