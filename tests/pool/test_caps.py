"""Groups give and buy nothing; what a passbook holds above its cap goes into the pool at night, exactly once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import an_act
from tests.people.builders import a_staff_member, a_volunteer, acting_as
from tests.pool.test_pool import LATER, balance, earned, passbook, with_pool
from tests.rulebook.community import a_community
from tests.stars.builders import ONE_STAR, credit
from timebank import nightly
from timebank.audit.reconcile_pool import Surpluses
from timebank.books import holds, journal
from timebank.books.tables import EntryRow
from timebank.database import writing
from timebank.ledger.entries import EntryKind
from timebank.ledger.policy import PolicyBreach
from timebank.people.operations import NewGroup, register_group
from timebank.people.queries import GroupOnlyGives, NoSuchVolunteer, NotAllowed
from timebank.people.roles import Role
from timebank.pool import queries
from timebank.pool.operations import donate_for_group, propose_grant
from timebank.pool.rules import DonorShort
from timebank.stars import operations as stars

TOMORROW = LATER.date()


@pytest.fixture
def admin(session):
    """The admin of a community that has its first rules."""
    return a_community(session)


@pytest.fixture
def chen(session, admin):
    """A coordinator."""
    return a_staff_member(session)


def a_group(session, who, points_e2=0, name="红马甲服务队"):
    """Register a group that has earned some points; return its number."""
    number = register_group(session, acting_as(who), group=NewGroup(name=name, contact="王秀英"))
    if points_e2:
        earned(session, number, points_e2)
    return number


def capped(session, admin, **caps):
    """Let caps hold from tomorrow on."""
    with_pool(session, admin, a_staff_member(session), **caps)


def the_night(session, day=TOMORROW):
    """Do the job of a night, under the key that it has there."""
    act = an_act(number="system", channel="nightly", at=LATER, request_key=f"nightly/{day.isoformat()}/surplus")
    return nightly.give_surplus(session, act, day=day)


class TestGroups:
    """domain.md 1.4 and 3, P4: what a group has can only be given away."""

    def test_its_points_are_given_on_its_behalf(self, session, chen):
        number = a_group(session, chen, 5_000)

        seq = donate_for_group(session, acting_as(chen), number=number, points_e2=2_000)

        entry = journal.entry_at(session, "xfl", seq)
        assert (EntryKind.POINTS_DONATED, chen.number, number) == (entry.kind, entry.actor, entry.on_behalf_of)
        assert (3_000, 2_000) == (balance(session, passbook(number)), queries.pool_e2(session, "xfl"))

    def test_not_more_than_it_has(self, session, chen):
        with pytest.raises(DonorShort):
            donate_for_group(session, acting_as(chen), number=a_group(session, chen, 5_000), points_e2=5_001)

    def test_not_out_of_a_persons_passbook(self, session, chen):
        person = a_volunteer(session).number
        earned(session, person, 5_000)

        with pytest.raises(NoSuchVolunteer):
            donate_for_group(session, acting_as(chen), number=person, points_e2=1_000)

        assert 5_000 == balance(session, passbook(person))

    def test_not_by_whoever_has_nothing_to_do_with_the_pool(self, session, chen):
        number = a_group(session, chen, 5_000)

        with pytest.raises(NotAllowed):
            donate_for_group(session, acting_as(a_staff_member(session, Role.CLERK)), number=number, points_e2=1_000)

    def test_nothing_is_granted_to_it(self, session, chen):
        number = a_group(session, chen)

        with pytest.raises(GroupOnlyGives):
            propose_grant(session, acting_as(chen), number=number, points_e2=100, reason="买工具")

    def test_nothing_of_it_is_put_aside(self, session, chen):
        number = a_group(session, chen, 5_000)
        parts = [(passbook(number), 100)]

        with pytest.raises(PolicyBreach):
            holds.place(session, an_act(), parts=parts, expires_at=LATER, source="test:hold", memo="")

    def test_it_is_given_no_star(self, session, chen):
        number = a_group(session, chen)

        assert [] == credit(session, acting_as(chen), {number: ONE_STAR})["opened"]
        with pytest.raises(GroupOnlyGives):
            stars.nominate(session, acting_as(chen), number=number)


class TestCaps:
    """domain.md 2, balance cap: what is above it is given to the pool, one visible entry per passbook."""

    def test_off_nothing_moves(self, session, admin, chen):
        a_group(session, chen, 1_000_000)

        assert {"passbooks": 0, "points_e2": 0} == the_night(session)

    def test_what_is_above_goes_into_the_pool(self, session, admin, chen):
        over, at, under = (
            a_group(session, chen, held, name) for held, name in ((5_001, "甲"), (5_000, "乙"), (1, "丙"))
        )
        person = a_volunteer(session).number
        earned(session, person, 9_000)
        capped(session, admin, group_balance_most_e2=5_000)

        assert {"passbooks": 1, "points_e2": 1} == the_night(session)

        held = [balance(session, passbook(number)) for number in (over, at, under, person)]
        assert [5_000, 5_000, 1, 9_000] == held
        assert 1 == queries.pool_e2(session, "xfl")

    def test_people_have_a_cap_of_their_own(self, session, admin, chen):
        group, person = a_group(session, chen, 9_000), a_volunteer(session).number
        earned(session, person, 9_000)
        capped(session, admin, volunteer_balance_most_e2=8_000)

        the_night(session)

        assert (9_000, 8_000) == (balance(session, passbook(group)), balance(session, passbook(person)))

    def test_the_oldest_go_first_in_one_entry(self, session, admin, chen):
        number = a_group(session, chen, 3_000)
        earned(session, number, 2_000, vintage=2025)
        earned(session, number, 2_000, vintage=2026)
        capped(session, admin, group_balance_most_e2=4_500)

        assert {"passbooks": 1, "points_e2": 2_500} == the_night(session)

        left = [balance(session, passbook(number, vintage)) for vintage in (2025, 2026, 0)]
        assert [0, 1_500, 3_000] == left
        (entry,) = entries(session)
        assert ("system", number, 4_500) == (entry.actor, entry.facts["volunteer"], entry.facts["balance_most_e2"])

    def test_what_is_put_aside_counts_and_stays(self, session, admin):
        person = a_volunteer(session).number
        earned(session, person, 9_000)
        until = LATER + timedelta(days=1)
        holds.place(session, an_act(), parts=[(passbook(person), 8_500)], expires_at=until, source="test", memo="")
        capped(session, admin, volunteer_balance_most_e2=8_000)

        assert {"passbooks": 1, "points_e2": 500} == the_night(session)
        assert 0 == balance(session, passbook(person))

    def test_however_often_it_runs_it_is_given_once(self, session, admin, chen):
        number = a_group(session, chen, 5_500)
        capped(session, admin, group_balance_most_e2=5_000)

        assert the_night(session) == the_night(session)
        assert {"passbooks": 0, "points_e2": 0} == the_night(session, TOMORROW + timedelta(days=1))
        assert (5_000, 1) == (balance(session, passbook(number)), len(entries(session)))

    def test_started_twice_at_once_it_is_given_once(self, database):
        with writing(database.engine) as session:
            admin = a_community(session)
            number = a_group(session, a_staff_member(session), 5_500)
            capped(session, admin, group_balance_most_e2=5_000)

        def night(count):
            act = an_act(number="system", channel="nightly", at=LATER, request_key=f"the-night-{count:08d}")
            return nightly.run_night(database.engine, act, day=TOMORROW)

        with ThreadPoolExecutor(2) as both:
            nights = list(both.map(night, (1, 2)))

        assert nights[0] == nights[1]
        with writing(database.engine) as session:
            assert (5_000, 1) == (balance(session, passbook(number)), len(entries(session)))


def entries(session):
    """The entries of what was above a cap."""
    query = sa.select(EntryRow.seq).where(EntryRow.kind == EntryKind.SURPLUS_DONATED.value).order_by(EntryRow.seq)
    return [journal.entry_at(session, "xfl", seq) for seq in session.scalars(query)]


class TestChecking:
    """The auditor computes the cap again, and the database keeps a group from spending."""

    def test_an_entry_by_another_cap_or_another_hand_is_found(self, session, admin, chen):
        a_group(session, chen, 5_500)
        capped(session, admin, group_balance_most_e2=5_000)
        the_night(session)
        (entry,) = entries(session)
        surpluses = Surpluses(session, "xfl")

        assert [] == list(surpluses.take(entry))
        wrong = (
            replace(entry, actor=chen.number),
            replace(entry, facts=dict(entry.facts) | {"balance_most_e2": 4_000}),
            replace(entry, facts=dict(entry.facts) | {"volunteer": "TD0009"}),
            replace(entry, rule_version=1),
            replace(entry, rule_version=99),
        )
        assert [1] * len(wrong) == [len(list(surpluses.take(one))) for one in wrong]
        assert [] == list(surpluses.rest())

    def test_nobody_reverses_it(self, session, admin, chen):
        a_group(session, chen, 5_500)
        capped(session, admin, group_balance_most_e2=5_000)
        the_night(session)

        with pytest.raises(journal.NotReversible):
            journal.reverse(session, an_act(at=LATER), seq=entries(session)[0].seq, reason="登记有误")
