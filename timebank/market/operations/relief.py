"""Relief: register a household in need, propose goods for it, approve as another person, hand them out against a name.

Goods leave the shelf by an entry of its own kind into an account of its own, so nobody takes them for redeemed ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.accounts import AccountKind, AccountRef, goods_unit, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.market import queries
from timebank.market.queries import Relief
from timebank.market.rules import (
    OutOfStock,
    ReliefFacts,
    ReliefForYourself,
    ReliefNeedsAnother,
    check_relief,
    first_expired_first_out,
    free_pieces,
)
from timebank.market.tables import (
    NeedyHouseholdRow,
    ReliefDecisionRow,
    ReliefIssueRow,
    ReliefLineRow,
    ReliefRow,
)
from timebank.market.texts import REASON_LENGTH_MAX, kept_text, next_numbers
from timebank.people.queries import (
    check_may,
    check_no_group,
    close_to,
    household_numbers,
    staff_member,
    volunteer,
    volunteers,
)
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.rulebook.queries import RuleVersion, rules_on

SIGNED_LENGTH_MAX = 40


class HouseholdRegistered(Refusal):
    """The household is registered already; one registration at a time."""

    code = "household_registered"


class HouseholdOver(Refusal):
    """The registration of the household is over, or would be over before it begins."""

    code = "household_over"


class ReliefDecided(Refusal):
    """It is not in the state for this: decided or handed out before, or not approved yet."""

    code = "relief_decided"


@dataclass(frozen=True, slots=True)
class ReliefLine:
    """Pieces of a good for a household."""

    good_number: str
    pieces: int


@once("market.register_household", subject="volunteer_number")
def register_household(
    session: Session, act: Act, *, volunteer_number: str, reason: str, until_on: date
) -> dict[str, Any]:
    """Register a household in need, named by one of its members; return its `number`.

    Raises:
        NotAllowed: the actor may not give relief where they live.
        NoSuchVolunteer, GroupOnlyGives, MarketText: it cannot be registered.
        ReliefForYourself: the actor lives there, or is close to somebody who does.
        HouseholdRegistered, HouseholdOver: it is registered already, or until a day that is over.
    """
    check_no_group(volunteer_number)
    member = volunteer(session, act.community_id, volunteer_number)
    check_may(session, act, Permission.GIVE_RELIEF, org_unit_id=member.org_unit_id)
    if act.person_id in _recipients(session, act, member.number):
        raise ReliefForYourself()
    if until_on < act.today:
        raise HouseholdOver(household=member.number)
    together = _household(session, act, member.number)
    for known in queries.needy_households(session, act.community_id, act.today):
        if known.volunteer_number in together:
            raise HouseholdRegistered(household=known.number)
    number = next_numbers(session, act.community_id, NeedyHouseholdRow.number, "H{:04d}", 1)[0]
    row = {
        "community_id": act.community_id,
        "number": number,
        "volunteer_number": member.number,
        "reason": kept_text("reason", reason, length_max=REASON_LENGTH_MAX),
        "until_on": until_on,
        "registered_by_id": act.person_id,
        "registered_at": act.at,
    }
    session.execute(sa.insert(NeedyHouseholdRow), row)
    return {"number": number}


@once("market.propose_relief", subject="household_number")
def propose_relief(
    session: Session, act: Act, *, household_number: str, lines: tuple[ReliefLine, ...], note: str
) -> dict[str, Any]:
    """Propose goods for a household in need; return the `number`. Nothing leaves the shelf yet.

    Raises:
        NotAllowed: the actor may not give relief.
        NoSuchHousehold, HouseholdOver, UnknownGood, MarketText: it cannot be proposed.
        ReliefOff, ReliefTooMuch, ReliefTooOften, ReliefForYourself: see `check_relief`.
    """
    check_may(session, act, Permission.GIVE_RELIEF)
    household = queries.needy_household(session, act.community_id, household_number)
    if household.until_on < act.today:
        raise HouseholdOver(household=household_number)
    goods = [queries.good(session, act.community_id, line.good_number).number for line in lines]
    _check_within_rules(session, act, household.volunteer_number, lines, counts=True)
    number = next_numbers(session, act.community_id, ReliefRow.number, "J{:06d}", 1)[0]
    own = {"community_id": act.community_id}
    row = {
        "number": number,
        "household_number": household_number,
        "note": kept_text("note", note, length_max=REASON_LENGTH_MAX, required=False),
        "proposed_by_id": act.person_id,
        "proposed_on": act.today,
        "proposed_at": act.at,
    }
    session.execute(sa.insert(ReliefRow), own | row)
    proposed = [
        own | {"relief_number": number, "good_number": good, "pieces": line.pieces}
        for good, line in zip(goods, lines, strict=True)
    ]
    session.execute(sa.insert(ReliefLineRow), proposed)
    return {"number": number}


@once("market.approve_relief", subject="relief_number")
def approve_relief(session: Session, act: Act, *, relief_number: str) -> None:
    """Approve a relief as another person; it can then be handed out.

    Raises:
        NotAllowed: the actor may not give relief.
        NoSuchRelief, ReliefDecided, ReliefNeedsAnother: it is not theirs to approve.
        ReliefOff, ReliefForYourself: see `check_relief`.
    """
    check_may(session, act, Permission.GIVE_RELIEF)
    found = _in_state(session, act, relief_number, "open")
    _check_another(act, found)
    _check_within_rules(session, act, found.volunteer_number, _lines_of(found), counts=False)
    _decide(session, act, found, outcome="approved")


@once("market.reject_relief", subject="relief_number")
def reject_relief(session: Session, act: Act, *, relief_number: str) -> None:
    """Turn a relief down, or take one's own proposal back; nothing moves.

    Raises:
        NotAllowed: the actor may not give relief.
        NoSuchRelief, ReliefDecided: there is nothing to turn down.
    """
    check_may(session, act, Permission.GIVE_RELIEF)
    _decide(session, act, _in_state(session, act, relief_number, "open"), outcome="rejected")


@once("market.issue_relief", subject="relief_number")
def issue_relief(session: Session, act: Act, *, relief_number: str, signed_by: str) -> dict[str, Any]:
    """Hand an approved relief out to who signs for it; what expires first goes first. Return the entry's `seq`.

    Raises:
        NotAllowed: the actor may not check goods in or out.
        NoSuchRelief, ReliefDecided, ReliefNeedsAnother: it is not theirs to hand out, or not approved.
        ReliefOff, ReliefForYourself: see `check_relief`.
        OutOfStock: there is less on the shelf; nothing was moved.
        MarketText: nobody has signed.
    """
    check_may(session, act, Permission.CHECK_IN_GOODS)
    found = _in_state(session, act, relief_number, "approved")
    _check_another(act, found)
    rules = _check_within_rules(session, act, found.volunteer_number, _lines_of(found), counts=False)
    signed = kept_text("signed_by", signed_by, length_max=SIGNED_LENGTH_MAX)
    posted = journal.post(session, act, _draft(session, act, found, rules.version))
    row = {
        "community_id": act.community_id,
        "relief_number": found.number,
        "outcome": "approved",
        "proposed_by_id": found.proposed_by_id,
        "handed_by_id": act.person_id,
        "handed_at": act.at,
        "signed_by": signed,
        "entry_seq": posted.seq,
    }
    session.execute(sa.insert(ReliefIssueRow), row)
    return {"seq": posted.seq}


def _draft(session: Session, act: Act, found: Relief, rule_version: int) -> Draft:
    assert found.decided_by_id is not None, found.number
    proposer = staff_member(session, act.community_id, found.proposed_by_id)
    approver = staff_member(session, act.community_id, found.decided_by_id)
    return Draft(
        kind=EntryKind.RELIEF_ISSUED,
        effective_on=act.today,
        transfers=tuple(_out_of_the_lots(session, act, found)),
        source=f"relief:{found.number}",
        memo=f"救助发放 {found.number}",
        rule_version=rule_version,
        facts={
            "household": found.household_number,
            "proposed_by": proposer.number,
            "approved_by": approver.number,
        },
    )


def _out_of_the_lots(session: Session, act: Act, found: Relief) -> Iterator[Transfer]:
    numbers = [good for good, _pieces in found.lines]
    shelf = queries.shelf_lots(session, act.community_id, act.at, numbers)
    goods = queries.goods_by_number(session, act.community_id, numbers)
    for number, pieces in found.lines:
        lots, unit = shelf.get(number, ()), goods_unit(number)
        left = free_pieces(lots, act.today)
        if pieces > left:
            good = goods[number]
            raise OutOfStock(
                good_number=number, good_name=good.name, unit_word=good.unit_word, left_pieces=left, pieces=pieces
            )
        for lot, part in first_expired_first_out(lots, pieces, act.today):
            yield Transfer(AccountRef(AccountKind.SHELF, lot, unit), system(AccountKind.RELIEF, unit), part)


def _check_within_rules(
    session: Session, act: Act, member: str, lines: tuple[ReliefLine, ...], *, counts: bool
) -> RuleVersion:
    """Check the limits; what was approved before is counted no more. Return the rules of the day."""
    rules = rules_on(session, act.community_id, act.today)
    together = _household(session, act, member)
    in_range = all(type(line.pieces) is int and line.pieces >= 1 for line in lines)
    facts = ReliefFacts(
        pieces=sum(line.pieces for line in lines) if in_range else 0,
        repeats=len({line.good_number for line in lines}) < len(lines),
        this_month=queries.reliefs_in_month(session, act.community_id, together, act.today) if counts else 0,
        recipients=_recipients(session, act, member),
    )
    check_relief(rules.document.market, facts, actor_id=act.person_id)
    return rules


def _household(session: Session, act: Act, member: str) -> tuple[str, ...]:
    """Return the numbers of all who live together with a member, their own included."""
    person_id = volunteer(session, act.community_id, member).person_id
    return household_numbers(session, act.community_id, person_id) or (member,)


def _recipients(session: Session, act: Act, member: str) -> frozenset[UUID]:
    found = volunteers(session, act.community_id, _household(session, act, member))
    persons = {one.person_id for one in found.values()}
    close = close_to(session, act.community_id, persons)
    return frozenset(persons.union(*close.values()))


def _lines_of(found: Relief) -> tuple[ReliefLine, ...]:
    return tuple(ReliefLine(good, pieces) for good, pieces in found.lines)


def _in_state(session: Session, act: Act, number: str, state: str) -> Relief:
    found = queries.relief(session, act.community_id, number)
    if found.state != state:
        raise ReliefDecided(relief=number, state=found.state)
    return found


def _check_another(act: Act, found: Relief) -> None:
    if act.person_id == found.proposed_by_id:
        raise ReliefNeedsAnother(relief=found.number)


def _decide(session: Session, act: Act, found: Relief, *, outcome: str) -> None:
    row = {
        "community_id": act.community_id,
        "relief_number": found.number,
        "outcome": outcome,
        "proposed_by_id": found.proposed_by_id,
        "decided_by_id": act.person_id,
        "decided_at": act.at,
    }
    session.execute(sa.insert(ReliefDecisionRow), row)
