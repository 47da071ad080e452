"""Deliveries: donations with their lots, who received and who checked them in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.market.queries.paging import number_before
from timebank.market.queries.shelf import Lot, delivered, lots_of_donation
from timebank.market.tables import DonationDecisionRow, DonationRow, DonationUndoRow, LotRow
from timebank.refusal import Refusal

WAITING: Final = "waiting"
TAKEN_BACK: Final = "taken-back"
STREAM: Final = 1000
"""How many lots are fetched at a time when all are read."""


class NoSuchDonation(Refusal):
    """There is no donation of this number."""

    code = "no_such_donation"


@dataclass(frozen=True, slots=True)
class Donation:
    """A delivery and what became of it.

    Attributes:
        slip: the number on the paper slip that both sides signed, or empty.
        state: `waiting`, `checked-in`, `withdrawn` or `taken-back`.
        decided_by_id, decided_at: who checked it in or withdrew it, and when.
        entry_seq: the entry that put it on the shelf.
        undo_seq: the entry that took it off again.
    """

    number: str
    partner_code: str
    slip: str
    received_by_id: UUID
    received_at: datetime
    state: str
    decided_by_id: UUID | None
    decided_at: datetime | None
    entry_seq: int | None
    undo_seq: int | None


@dataclass(frozen=True, slots=True)
class AuditedLot:
    """A lot with the persons and entries behind it, for whoever checks the books."""

    lot: Lot
    received_by_id: UUID
    checked_in_by_id: UUID | None
    entry_seq: int | None
    undo_seq: int | None


def donation(session: Session, community_id: str, number: str) -> Donation:
    """Return one donation.

    Raises:
        NoSuchDonation: there is none of this number.
    """
    query = _donations(community_id).where(DonationRow.number == number)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NoSuchDonation(donation=number)
    return _donation(row)


def donation_lots(session: Session, community_id: str, number: str) -> tuple[Lot, ...]:
    """Return what a donation brought; see `donation`."""
    return lots_of_donation(session, community_id, donation(session, community_id, number).number)


def waiting_donations(session: Session, community_id: str) -> tuple[Donation, ...]:
    """Return the donations that wait for another person to check them in, oldest first."""
    query = _donations(community_id).where(DonationDecisionRow.outcome.is_(None)).order_by(DonationRow.received_at)
    return tuple(_donation(row) for row in session.execute(query))


def donations(
    session: Session, community_id: str, limit: int = 50, *, before: str | None = None
) -> tuple[Donation, ...]:
    """Return the newest donations, newest first, whose numbers come before number `before`."""
    query = _donations(community_id).limit(limit)
    newest = (sa.func.length(DonationRow.number).desc(), DonationRow.number.desc())
    if before is not None:
        query = query.where(number_before(DonationRow.number, before))
    return tuple(_donation(row) for row in session.execute(query.order_by(*newest)))


def _donations(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            *DonationRow.__table__.c,
            DonationDecisionRow.outcome,
            DonationDecisionRow.decided_by_id,
            DonationDecisionRow.decided_at,
            DonationDecisionRow.entry_seq,
            DonationUndoRow.entry_seq.label("undo_seq"),
        )
        .select_from(DonationRow)
        .outerjoin(DonationDecisionRow, _of_donation(DonationDecisionRow))
        .outerjoin(DonationUndoRow, _of_donation(DonationUndoRow))
        .where(DonationRow.community_id == community_id)
    )


def _of_donation(row: type[DonationDecisionRow] | type[DonationUndoRow] | type[LotRow]) -> sa.ColumnElement[bool]:
    return sa.and_(row.community_id == DonationRow.community_id, row.donation_number == DonationRow.number)


def _donation(row: sa.Row[*tuple[Any, ...]]) -> Donation:
    return Donation(
        number=row.number,
        partner_code=row.partner_code,
        slip=row.slip,
        received_by_id=row.received_by_id,
        received_at=row.received_at,
        state=TAKEN_BACK if row.undo_seq is not None else row.outcome or WAITING,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        entry_seq=row.entry_seq,
        undo_seq=row.undo_seq,
    )


def lot_stream(session: Session, community_id: str) -> Iterator[AuditedLot]:
    """Yield every lot as it was delivered, in flat memory, with the persons and entries behind it."""
    after = ""
    while True:
        page = session.execute(_audited_lots(community_id, after)).all()
        yield from (_audited_lot(row) for row in page)
        if len(page) < STREAM:
            return
        after = page[-1].number


def _audited_lots(community_id: str, after: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            *LotRow.__table__.c,
            DonationRow.partner_code,
            DonationRow.received_by_id,
            DonationDecisionRow.decided_by_id,
            DonationDecisionRow.entry_seq,
            DonationUndoRow.entry_seq.label("undo_seq"),
        )
        .select_from(DonationRow)
        .join(LotRow, _of_donation(LotRow))
        .outerjoin(DonationDecisionRow, _of_donation(DonationDecisionRow))
        .outerjoin(DonationUndoRow, _of_donation(DonationUndoRow))
        .where(LotRow.community_id == community_id, LotRow.number > after, delivered())
        .order_by(LotRow.number)
        .limit(STREAM)
    )


def _audited_lot(row: sa.Row[*tuple[Any, ...]]) -> AuditedLot:
    lot = Lot(
        row.number,
        row.good_number,
        row.donation_number,
        row.partner_code,
        row.pieces,
        row.unit_price_fen,
        row.expires_on,
        row.place,
    )
    checked_in = row.entry_seq is not None
    return AuditedLot(lot, row.received_by_id, row.decided_by_id if checked_in else None, row.entry_seq, row.undo_seq)
