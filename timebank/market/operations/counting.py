"""The stock count: blind, by several people, at their own pace; another person finalises it and books the difference.

Whoever counts is never told what the books say. The difference is the one at the moment of counting (`rules`), so a
redemption after it stays a redemption.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.accounts import AccountKind, AccountRef, goods_unit, system
from timebank.ledger.entries import Draft, EntryKind, FactValue, Transfer
from timebank.market import queries
from timebank.market.queries import StockCount
from timebank.market.rules import LOT_PIECES_MAX, Counted, Tally, adjustments_for, counted_for, current_tallies
from timebank.market.tables import (
    CountDecisionRow,
    CountSubmissionRow,
    CountTallyRow,
    CountVarianceRow,
    StockCountGoodRow,
    StockCountRow,
)
from timebank.market.texts import REASON_LENGTH_MAX, kept_text, next_numbers
from timebank.people.queries import check_may, staff_member
from timebank.people.roles import Permission
from timebank.refusal import Fact, Refusal


class CountOpen(Refusal):
    """Another count is not finished yet; two at once could book one difference twice."""

    code = "count_open"


class CountNotOpen(Refusal):
    """Nothing can be counted in it any more: it was handed in, finalised or dropped."""

    code = "count_not_open"


class CountNotSubmitted(Refusal):
    """It is not waiting for another person: not handed in yet, or decided already."""

    code = "count_not_submitted"


class CountOfOtherGoods(Refusal):
    """This count is limited to other goods."""

    code = "count_of_other_goods"


class TallyBelowNothing(Refusal):
    """Fewer than no pieces cannot have been counted; or the number is no whole number of pieces."""

    code = "tally_below_nothing"


class CountNeedsAnother(Refusal):
    """Whoever counted does not finalise: another person looks at the differences (trust.md X17)."""

    code = "count_needs_another"


class VarianceWithoutReason(Refusal):
    """Every difference has a reason before it is booked."""

    code = "variance_without_reason"


@dataclass(frozen=True, slots=True)
class VarianceReason:
    """Why other pieces of a good were there than the books said."""

    good_number: str
    reason: str


@once("market.open_count")
def open_count(session: Session, act: Act, *, goods: tuple[str, ...]) -> dict[str, Any]:
    """Begin a count; return its `number`.

    Args:
        goods: what to count; empty for the whole shelf.

    Raises:
        NotAllowed: the actor may not receive goods.
        CountOpen: another one is not finished.
        UnknownGood: one of the goods is not known.
    """
    check_may(session, act, Permission.RECEIVE_GOODS)
    other = queries.find_open_count(session, act.community_id)
    if other is not None:
        raise CountOpen(count=other.number)
    wanted = sorted({queries.good(session, act.community_id, good).number for good in goods})
    number = next_numbers(session, act.community_id, StockCountRow.number, "C{:04d}", 1)[0]
    own = {"community_id": act.community_id, "number": number}
    session.execute(sa.insert(StockCountRow), own | {"opened_by_id": act.person_id, "opened_at": act.at})
    if wanted:
        row = {"community_id": act.community_id, "count_number": number}
        session.execute(sa.insert(StockCountGoodRow), [row | {"good_number": good} for good in wanted])
    return {"number": number}


@once("market.tally", subject="count_number")
def tally(session: Session, act: Act, *, count_number: str, good_number: str, pieces: int) -> dict[str, Any]:
    """Add counted pieces of a good; return `pieces`, all that were counted of it so far.

    Args:
        pieces: 1 for a scan, more for a heap, below zero to take a scan back, 0 to say that none is there.

    Raises:
        NotAllowed: the actor may not receive goods.
        NoSuchCount, CountNotOpen, CountOfOtherGoods, UnknownGood: it cannot be counted here.
        TallyBelowNothing: fewer than none would have been counted.
    """
    found = _open(session, act, count_number)
    good = _good_of(session, act, found, good_number)
    lines = _lines(session, act, count_number).get(good, [])
    so_far = sum(line.pieces for line in lines)
    if type(pieces) is not int or abs(pieces) > LOT_PIECES_MAX or so_far + pieces < 0:
        raise TallyBelowNothing(good=good, counted=so_far)
    _write(session, act, count_number, _line(session, act, good, pieces, lines[0].round if lines else 1))
    return {"pieces": so_far + pieces}


@once("market.recount", subject="count_number")
def recount(session: Session, act: Act, *, count_number: str, good_number: str) -> None:
    """Begin one good of the count anew; what was counted of it before stays visible in the history and counts no more.

    Raises:
        NotAllowed: the actor may not receive goods.
        NoSuchCount, CountNotOpen, CountOfOtherGoods, UnknownGood: it cannot be counted here.
    """
    found = _open(session, act, count_number)
    good = _good_of(session, act, found, good_number)
    lines = _lines(session, act, count_number).get(good, [])
    _write(session, act, count_number, _line(session, act, good, 0, lines[0].round + 1 if lines else 1))


def _open(session: Session, act: Act, count_number: str) -> StockCount:
    check_may(session, act, Permission.RECEIVE_GOODS)
    found = queries.stock_count(session, act.community_id, count_number)
    if found.state != "open":
        raise CountNotOpen(count=count_number, state=found.state)
    return found


def _good_of(session: Session, act: Act, found: StockCount, good_number: str) -> str:
    good = queries.good(session, act.community_id, good_number)
    if found.goods and good.number not in found.goods:
        raise CountOfOtherGoods(count=found.number, good_name=good.name)
    return good.number


def _lines(session: Session, act: Act, count_number: str) -> dict[str, list[Tally]]:
    return current_tallies(queries.tallies(session, act.community_id, count_number))


def _line(session: Session, act: Act, good: str, pieces: int, round_: int) -> Tally:
    return Tally(good, round_, pieces, queries.pieces_of_good(session, act.community_id, act.at, good))


def _write(session: Session, act: Act, count_number: str, line: Tally) -> None:
    last = session.scalar(
        sa.select(sa.func.max(CountTallyRow.line)).where(
            CountTallyRow.community_id == act.community_id, CountTallyRow.count_number == count_number
        )
    )
    session.execute(
        sa.insert(CountTallyRow),
        {
            "community_id": act.community_id,
            "count_number": count_number,
            "line": (last or 0) + 1,
            "good_number": line.good_number,
            "round": line.round,
            "pieces": line.pieces,
            "expected_pieces": line.expected_pieces,
            "counted_by_id": act.person_id,
            "counted_at": act.at,
        },
    )


@once("market.submit_count", subject="count_number")
def submit_count(session: Session, act: Act, *, count_number: str) -> None:
    """Hand a count in: everything was counted. Only now, and to another person, the differences are shown.

    Raises:
        NotAllowed: the actor may not receive goods.
        NoSuchCount, CountNotOpen: there is nothing to hand in.
        CountIncomplete: goods that should be there were not counted; where none is left, zero is counted.
        CountGoodsMoved: goods moved while they were counted; they are counted again.
    """
    found = _open(session, act, count_number)
    _counted(session, act, found, act.at)
    row = {"community_id": act.community_id, "count_number": count_number}
    session.execute(sa.insert(CountSubmissionRow), row | {"submitted_by_id": act.person_id, "submitted_at": act.at})


def _counted(session: Session, act: Act, found: StockCount, at: datetime) -> tuple[Counted, ...]:
    to_count = found.goods or queries.pieces_by_good(session, act.community_id, at)
    return counted_for(queries.tallies(session, act.community_id, found.number), to_count)


@once("market.finalise_count", subject="count_number")
def finalise_count(
    session: Session, act: Act, *, count_number: str, reasons: tuple[VarianceReason, ...]
) -> dict[str, Any]:
    """Book what was missing and what was too many, as somebody who did not count; return the entry's `seq`.

    A count without any difference is an entry too: it says that the shelf was right.

    Raises:
        NotAllowed: the actor may not check goods in.
        NoSuchCount, CountNotSubmitted: it is not waiting for another person.
        CountNeedsAnother: the actor counted in it, or handed it in.
        VarianceWithoutReason, MarketText: a difference has no reason that can be kept.
        CountBelowReserved, SurplusWithoutLot: a difference cannot be booked; nothing was.
    """
    check_may(session, act, Permission.CHECK_IN_GOODS)
    found = _submitted(session, act, count_number)
    results = counted_for(queries.tallies(session, act.community_id, count_number), ())
    differing = [one for one in results if one.difference]
    told = _reasons(differing, reasons)
    posted = journal.post(session, act, _entry(session, act, found, results))
    _decide(session, act, found, outcome="finalised", entry_seq=posted.seq)
    if differing:
        session.execute(sa.insert(CountVarianceRow), [_variance(act, found, one, told) for one in differing])
    return {"seq": posted.seq, "differences": len(differing)}


def _submitted(session: Session, act: Act, count_number: str) -> StockCount:
    found = queries.stock_count(session, act.community_id, count_number)
    if found.state != "submitted":
        raise CountNotSubmitted(count=count_number, state=found.state)
    if act.person_id in queries.counters(session, act.community_id, count_number) | {found.submitted_by_id}:
        raise CountNeedsAnother(count=count_number)
    return found


def _reasons(differing: Sequence[Counted], reasons: Sequence[VarianceReason]) -> dict[str, str]:
    told = {one.good_number: one.reason for one in reasons if one.reason.strip()}
    missing: list[Fact] = [one.good_number for one in differing if one.good_number not in told]
    if missing:
        raise VarianceWithoutReason(goods=missing)
    return {good: kept_text("reason", reason, length_max=REASON_LENGTH_MAX) for good, reason in told.items()}


def _entry(session: Session, act: Act, found: StockCount, results: Sequence[Counted]) -> Draft:
    assert found.submitted_by_id is not None, found.number
    submitter = staff_member(session, act.community_id, found.submitted_by_id)
    facts: dict[str, FactValue] = {"goods": len(results), "submitted_by": submitter.number}
    transfers: list[Transfer] = []
    for one in results:
        if one.difference:
            facts[f"{one.good_number}.counted"] = one.counted_pieces
            facts[f"{one.good_number}.expected"] = one.expected_pieces
            transfers.extend(_transfers(session, act, one))
    return Draft(
        kind=EntryKind.GOODS_COUNTED,
        effective_on=act.today,
        transfers=tuple(transfers),
        source=f"stock-count:{found.number}",
        memo=f"盘点 {found.number}",
        facts=facts,
    )


def _transfers(session: Session, act: Act, one: Counted) -> list[Transfer]:
    good = one.good_number
    free = queries.shelf_lots(session, act.community_id, act.at, [good]).get(good, ())
    lots = queries.checked_in_lots(session, act.community_id, good)
    unit = goods_unit(good)
    found: list[Transfer] = []
    for lot, change in adjustments_for(one, free, lots):
        shelf = AccountRef(AccountKind.SHELF, lot, unit)
        if change > 0:
            found.append(Transfer(system(AccountKind.SURPLUS, unit), shelf, change))
        else:
            found.append(Transfer(shelf, system(AccountKind.WRITTEN_OFF, unit), -change))
    return found


def _variance(act: Act, found: StockCount, one: Counted, told: Mapping[str, str]) -> dict[str, Any]:
    return {
        "community_id": act.community_id,
        "count_number": found.number,
        "good_number": one.good_number,
        "counted_pieces": one.counted_pieces,
        "expected_pieces": one.expected_pieces,
        "reason": told[one.good_number],
    }


@once("market.drop_count", subject="count_number")
def drop_count(session: Session, act: Act, *, count_number: str, reason: str) -> None:
    """Drop a count that is not decided: nothing is booked, and what was counted stays in the history.

    Raises:
        NotAllowed: the actor may not receive goods.
        NoSuchCount, CountNotOpen: there is nothing to drop.
        MarketText: there is no reason that can be kept.
    """
    check_may(session, act, Permission.RECEIVE_GOODS)
    found = queries.stock_count(session, act.community_id, count_number)
    if found.state not in {"open", "submitted"}:
        raise CountNotOpen(count=count_number, state=found.state)
    why = kept_text("reason", reason, length_max=REASON_LENGTH_MAX)
    _decide(session, act, found, outcome="dropped", reason=why)


def _decide(
    session: Session, act: Act, found: StockCount, *, outcome: str, entry_seq: int | None = None, reason: str = ""
) -> None:
    session.execute(
        sa.insert(CountDecisionRow),
        {
            "community_id": act.community_id,
            "count_number": found.number,
            "outcome": outcome,
            "submitted_by_id": found.submitted_by_id,
            "decided_by_id": act.person_id,
            "decided_at": act.at,
            "reason": reason,
            "entry_seq": entry_seq,
        },
    )
