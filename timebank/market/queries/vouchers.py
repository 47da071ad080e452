"""Service vouchers: what is offered, and who has which voucher."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.codes import Code, CodeKind
from timebank.market.queries.price_list import prices_on
from timebank.market.rules import Price
from timebank.market.rules.vouchers import OfferTerms, last_day, month_number
from timebank.market.tables import (
    VoucherEndRow,
    VoucherOfferEndRow,
    VoucherOfferRow,
    VoucherRow,
)
from timebank.refusal import Refusal

OPEN: Final = "open"
EXPIRED: Final = "expired"
HONOURED: Final = "honoured"
RELEASED: Final = "released"


class NoSuchVoucherOffer(Refusal):
    """There is no offer of this number."""

    code = "no_such_voucher_offer"


class NoSuchVoucher(Refusal):
    """There is no voucher of this number or code, or it is another unit's."""

    code = "no_such_voucher"


@dataclass(frozen=True, slots=True)
class VoucherOffer:
    """A service that a unit offers. price: in force today, None where there is none; left: vouchers of this month."""

    number: str
    partner_code: str
    good_number: str
    terms: OfferTerms
    price: Price | None
    left: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher as it stands at a moment.

    Attributes:
        month: of which quota: 202611.
        taken_on: the day whose price it has; taken_by_id: themselves, or the clerk.
        state: `open`, `honoured`, `released` (given back) or `expired`.
        desk_number, ended_at, entry_seq: where and when it was honoured, or when it was given back, and by which entry.
    """

    number: str
    offer_number: str
    partner_code: str
    good_number: str
    month: int
    place: int
    turn: int
    volunteer_number: str
    person_id: UUID
    taken_by_id: UUID
    taken_on: date
    taken_at: datetime
    expires_at: datetime
    points_e2: int
    rule_version: int
    code: Code
    hold_seq: int
    state: str
    desk_number: str | None
    ended_at: datetime | None
    entry_seq: int | None

    @property
    def last_on(self) -> date:
        """The last day on which it is good."""
        return last_day(self.expires_at)


def voucher_offers(
    session: Session, community_id: str, today: date, *, ended: bool = False
) -> tuple[VoucherOffer, ...]:
    """Return the offers, by number; those that are over only where asked."""
    rows = [row for row in session.execute(_offers(community_id)).all() if ended or row.ended_at is None]
    prices = prices_on(session, community_id, today, {row.good_number for row in rows})
    out = _vouchers_out(session, community_id, month_number(today))
    return tuple(_offer(row, prices.get(row.good_number), out.get(row.number, 0)) for row in rows)


def voucher_offer(session: Session, community_id: str, number: str, today: date) -> VoucherOffer:
    """Return one offer, over or not.

    Raises:
        NoSuchVoucherOffer: there is none of this number.
    """
    row = session.execute(_offers(community_id).where(VoucherOfferRow.number == number)).one_or_none()
    if row is None:
        raise NoSuchVoucherOffer(offer=number)
    price = prices_on(session, community_id, today, [row.good_number]).get(row.good_number)
    out = _vouchers_out(session, community_id, month_number(today), VoucherRow.offer_number == number)
    return _offer(row, price, out.get(number, 0))


def offer_values_fen(session: Session, community_id: str) -> dict[str, int]:
    """Return what one voucher of each offer is worth to its unit, in fen, by number; of those that are over too."""
    query = sa.select(VoucherOfferRow.number, VoucherOfferRow.unit_value_fen)
    rows = session.execute(query.where(VoucherOfferRow.community_id == community_id))
    return {row.number: row.unit_value_fen for row in rows}


def _offers(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    over = sa.and_(
        VoucherOfferEndRow.community_id == VoucherOfferRow.community_id,
        VoucherOfferEndRow.offer_number == VoucherOfferRow.number,
    )
    return (
        sa.select(*VoucherOfferRow.__table__.c, VoucherOfferEndRow.ended_at)
        .outerjoin(VoucherOfferEndRow, over)
        .where(VoucherOfferRow.community_id == community_id)
        .order_by(sa.func.length(VoucherOfferRow.number), VoucherOfferRow.number)
    )


def _offer(row: Any, price: Price | None, out: int) -> VoucherOffer:
    terms = OfferTerms(row.month_quota, row.person_month_max, row.valid_days, row.unit_value_fen)
    left = row.month_quota - out
    return VoucherOffer(row.number, row.partner_code, row.good_number, terms, price, left, row.ended_at)


def _vouchers_out(session: Session, community_id: str, month: int, *only: sa.ColumnElement[bool]) -> dict[str, int]:
    """Count a month's vouchers that were not given back, by offer: one place of the quota each."""
    query = (
        sa.select(VoucherRow.offer_number, sa.func.count().label("vouchers"))
        .outerjoin(VoucherEndRow, VOUCHER_ENDED)
        .where(VoucherRow.community_id == community_id, VoucherRow.month == month, *only)
        .where(sa.func.coalesce(VoucherEndRow.outcome, "") != RELEASED)
        .group_by(VoucherRow.offer_number)
    )
    return {row.offer_number: row.vouchers for row in session.execute(query)}


def places_taken(session: Session, community_id: str, offer_number: str, month: int) -> dict[int, tuple[int, bool]]:
    """Return of each place of a month's quota its last turn, and whether that voucher was given back."""
    query = (
        sa.select(VoucherRow.place, VoucherRow.turn, VoucherEndRow.outcome)
        .outerjoin(VoucherEndRow, VOUCHER_ENDED)
        .where(VoucherRow.community_id == community_id, VoucherRow.offer_number == offer_number)
        .where(VoucherRow.month == month)
        .order_by(VoucherRow.place, VoucherRow.turn)
    )
    return {place: (turn, outcome == RELEASED) for place, turn, outcome in session.execute(query)}


def taken_by_person(session: Session, community_id: str, offer_number: str, person_id: UUID, month: int) -> int:
    """Count how many vouchers of an offer and month a person has taken, those that were given back too."""
    query = sa.select(sa.func.count()).where(
        VoucherRow.community_id == community_id,
        VoucherRow.offer_number == offer_number,
        VoucherRow.month == month,
        VoucherRow.person_id == person_id,
    )
    return session.scalar(query) or 0


VOUCHER_ENDED: Final = sa.and_(
    VoucherEndRow.community_id == VoucherRow.community_id, VoucherEndRow.voucher_number == VoucherRow.number
)


def _query(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            *VoucherRow.__table__.c,
            VoucherEndRow.outcome,
            VoucherEndRow.desk_number,
            VoucherEndRow.ended_at,
            VoucherEndRow.entry_seq,
        )
        .select_from(VoucherRow)
        .outerjoin(VoucherEndRow, VOUCHER_ENDED)
        .where(VoucherRow.community_id == community_id)
    )


def voucher(session: Session, community_id: str, number: str, at: datetime) -> Voucher:
    """Return one voucher as it stands at a moment.

    Raises:
        NoSuchVoucher: there is none of this number.
    """
    return _one(session, _query(community_id).where(VoucherRow.number == number), at)


def voucher_of_code(session: Session, community_id: str, payload: int, at: datetime) -> Voucher:
    """Return the voucher with this code (its payload).

    Raises:
        NoSuchVoucher: there is none.
    """
    return _one(session, _query(community_id).where(VoucherRow.code_payload == payload), at)


def _one(session: Session, query: sa.Select[*tuple[Any, ...]], at: datetime) -> Voucher:
    row = session.execute(query).one_or_none()
    if row is None:
        raise NoSuchVoucher()
    return _voucher(row, at)


def vouchers_of(
    session: Session, community_id: str, volunteer_number: str, at: datetime, limit: int = 20
) -> tuple[Voucher, ...]:
    """Return a volunteer's newest vouchers, newest first, those that are over too."""
    query = _query(community_id).where(VoucherRow.volunteer_number == volunteer_number)
    rows = session.execute(query.order_by(VoucherRow.hold_seq.desc()).limit(limit))
    return tuple(_voucher(row, at) for row in rows)


def vouchers_newest(session: Session, community_id: str, at: datetime, limit: int = 100) -> tuple[Voucher, ...]:
    """Return the newest vouchers, newest first."""
    rows = session.execute(_query(community_id).order_by(VoucherRow.hold_seq.desc()).limit(limit))
    return tuple(_voucher(row, at) for row in rows)


def honoured_stream(session: Session, community_id: str) -> Iterator[Voucher]:
    """Return every voucher that was honoured, in the order of the entries, one after the other."""
    query = _query(community_id).where(VoucherEndRow.outcome == HONOURED).order_by(VoucherEndRow.entry_seq)
    for row in session.execute(query.execution_options(yield_per=500)):
        yield _voucher(row, row.taken_at)


def _voucher(row: Any, at: datetime) -> Voucher:  # a row of the query
    return Voucher(
        number=row.number,
        offer_number=row.offer_number,
        partner_code=row.partner_code,
        good_number=row.good_number,
        month=row.month,
        place=row.place,
        turn=row.turn,
        volunteer_number=row.volunteer_number,
        person_id=row.person_id,
        taken_by_id=row.taken_by_id,
        taken_on=row.taken_on,
        taken_at=row.taken_at,
        expires_at=row.expires_at,
        points_e2=row.price_points_e2,
        rule_version=row.rule_version,
        code=Code(CodeKind.VOUCHER, row.code_payload),
        hold_seq=row.hold_seq,
        state=row.outcome or (OPEN if row.expires_at > at else EXPIRED),
        desk_number=row.desk_number,
        ended_at=row.ended_at,
        entry_seq=row.entry_seq,
    )
