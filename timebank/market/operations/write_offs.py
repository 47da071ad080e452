"""Write-offs: spoilt, broken or lost pieces leave the shelf when another person has agreed.

This is a later movement. A delivery that was written down wrongly is taken back instead (`take_back_donation`).
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.accounts import AccountKind, AccountRef, goods_unit, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.market import queries
from timebank.market.queries import LotStock, WriteOff
from timebank.market.rules import WriteOffCause
from timebank.market.tables import WriteOffDecisionRow, WriteOffRow
from timebank.market.texts import REASON_LENGTH_MAX, kept_text, next_numbers
from timebank.people.queries import check_may, staff_member
from timebank.people.roles import Permission
from timebank.refusal import Refusal


class WriteOffMoreThanFree(Refusal):
    """The lot has fewer free pieces than shall be written off; reserved ones are given back first."""

    code = "write_off_more_than_free"


class WriteOffDecided(Refusal):
    """The write-off does not wait any more."""

    code = "write_off_decided"


class WriteOffNeedsAnother(Refusal):
    """Another person than the one who proposed it looks at the pieces and confirms (trust.md X17)."""

    code = "write_off_needs_another"


@once("market.propose_write_off", subject="lot_number")
def propose_write_off(
    session: Session, act: Act, *, lot_number: str, pieces: int, cause: WriteOffCause, note: str
) -> dict[str, Any]:
    """Ask for pieces of a lot to be written off; return the `number`. They stay in the books until confirmed.

    Args:
        note: what happened; needed where the cause is `other`.

    Raises:
        NotAllowed: the actor may not receive goods.
        WriteOffMoreThanFree: the lot has not so many free pieces, or there is no such lot on the shelf.
        MarketText: the note is missing or cannot be kept.
    """
    check_may(session, act, Permission.RECEIVE_GOODS)
    lot = _free_lot(session, act, lot_number, pieces)
    kept = kept_text("note", note, length_max=REASON_LENGTH_MAX, required=cause is WriteOffCause.OTHER)
    number = next_numbers(session, act.community_id, WriteOffRow.number, "W{:04d}", 1)[0]
    session.execute(
        sa.insert(WriteOffRow),
        {
            "community_id": act.community_id,
            "number": number,
            "lot_number": lot_number,
            "good_number": lot.lot.good_number,
            "pieces": pieces,
            "cause": cause.value,
            "note": kept,
            "proposed_by_id": act.person_id,
            "proposed_at": act.at,
        },
    )
    return {"number": number}


def _free_lot(session: Session, act: Act, lot_number: str, pieces: int) -> LotStock:
    found = next(
        (one for one in queries.stock(session, act.community_id, act.at) if one.lot.number == lot_number), None
    )
    free = 0 if found is None else found.free_pieces
    if found is None or type(pieces) is not int or not 1 <= pieces <= free:
        raise WriteOffMoreThanFree(lot=lot_number, pieces=pieces, free=free)
    return found


@once("market.confirm_write_off", subject="write_off_number")
def confirm_write_off(session: Session, act: Act, *, write_off_number: str) -> dict[str, Any]:
    """Write the pieces off as another person; return the entry's `seq`.

    Raises:
        NotAllowed: the actor may not check goods in.
        NoSuchWriteOff, WriteOffDecided: there is nothing to confirm.
        WriteOffNeedsAnother: they proposed it themselves.
        WriteOffMoreThanFree: pieces were handed out meanwhile; nothing was moved.
    """
    check_may(session, act, Permission.CHECK_IN_GOODS)
    found = _waiting(session, act, write_off_number)
    if act.person_id == found.proposed_by_id:
        raise WriteOffNeedsAnother(write_off=write_off_number)
    _free_lot(session, act, found.lot_number, found.pieces)
    proposer = staff_member(session, act.community_id, found.proposed_by_id)
    posted = journal.post(session, act, _entry(act, found, proposer.number))
    _decide(session, act, found, outcome="confirmed", entry_seq=posted.seq)
    return {"seq": posted.seq}


def _entry(act: Act, found: WriteOff, proposer: str) -> Draft:
    unit = goods_unit(found.good_number)
    shelf = AccountRef(AccountKind.SHELF, found.lot_number, unit)
    return Draft(
        kind=EntryKind.GOODS_WRITTEN_OFF,
        effective_on=act.today,
        transfers=(Transfer(shelf, system(AccountKind.WRITTEN_OFF, unit), found.pieces),),
        source=f"write-off:{found.number}",
        memo=found.note,
        facts={"cause": found.cause.value, "proposed_by": proposer},
    )


@once("market.withdraw_write_off", subject="write_off_number")
def withdraw_write_off(session: Session, act: Act, *, write_off_number: str) -> None:
    """Drop a write-off that waits: the pieces are good after all.

    Raises:
        NotAllowed: the actor may not receive goods.
        NoSuchWriteOff, WriteOffDecided: there is nothing to withdraw.
    """
    check_may(session, act, Permission.RECEIVE_GOODS)
    _decide(session, act, _waiting(session, act, write_off_number), outcome="withdrawn", entry_seq=None)


def _waiting(session: Session, act: Act, number: str) -> WriteOff:
    found = queries.write_off(session, act.community_id, number)
    if found.state != "waiting":
        raise WriteOffDecided(write_off=number, state=found.state)
    return found


def _decide(session: Session, act: Act, found: WriteOff, *, outcome: str, entry_seq: int | None) -> None:
    session.execute(
        sa.insert(WriteOffDecisionRow),
        {
            "community_id": act.community_id,
            "write_off_number": found.number,
            "outcome": outcome,
            "proposed_by_id": found.proposed_by_id,
            "decided_by_id": act.person_id,
            "decided_at": act.at,
            "entry_seq": entry_seq,
        },
    )
