"""Offering: which services partner units offer by voucher, on what terms, and who may honour them there."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.codes import PAYLOAD_MAX, Code, CodeKind
from timebank.market import queries
from timebank.market.queries.honouring import NoSuchVoucherDesk, voucher_desk
from timebank.market.queries.shelf import had_on_the_shelf
from timebank.market.queries.vouchers import VoucherOffer, voucher_offer
from timebank.market.rules.vouchers import OfferTerms, check_terms
from timebank.market.tables import VoucherDeskEndRow, VoucherDeskRow, VoucherOfferEndRow, VoucherOfferRow
from timebank.market.texts import kept_text, next_numbers
from timebank.people.queries import check_may, partner
from timebank.people.roles import Permission
from timebank.refusal import Refusal

KEEPER_LENGTH_MAX = 40


class ServiceOnShelf(Refusal):
    """The good lies, or lay, on the shelf: a service is a good of its own, of which no delivery ever came."""

    code = "service_on_shelf"


class VoucherOfferOver(Refusal):
    """The offer is over; no further voucher is given."""

    code = "voucher_offer_over"


@dataclass(frozen=True, slots=True)
class NewOffer:
    """A service to be offered: by which unit, which good of the price list, and on what terms."""

    partner_code: str
    good_number: str
    terms: OfferTerms


@once("market.offer_vouchers")
def offer_vouchers(session: Session, act: Act, *, offer: NewOffer) -> dict[str, Any]:
    """Offer a unit's service; return its `number`. Its price stands in the price list like any other.

    Raises:
        NotAllowed: the actor sets no prices.
        NoSuchPartner, UnknownGood, VoucherOfferWrong: it cannot be offered.
        ServiceOnShelf: the good is one of the shelf.
    """
    check_may(session, act, Permission.SET_PRICES)
    unit = partner(session, act.community_id, offer.partner_code)
    good = queries.good(session, act.community_id, offer.good_number)
    check_terms(offer.terms)
    if had_on_the_shelf(session, act.community_id, good.number):
        raise ServiceOnShelf(good_name=good.name)
    number = next_numbers(session, act.community_id, VoucherOfferRow.number, "F{:04d}", 1)[0]
    row = {
        "community_id": act.community_id,
        "number": number,
        "partner_code": unit.code,
        "good_number": good.number,
        "month_quota": offer.terms.month_quota,
        "person_month_max": offer.terms.person_month_max,
        "valid_days": offer.terms.valid_days,
        "unit_value_fen": offer.terms.unit_value_fen,
        "offered_by_id": act.person_id,
        "offered_at": act.at,
    }
    session.execute(sa.insert(VoucherOfferRow), row)
    return {"number": number}


@once("market.end_voucher_offer", subject="offer_number")
def end_voucher_offer(session: Session, act: Act, *, offer_number: str) -> None:
    """Give no further voucher of an offer; those that are out stay good.

    Raises:
        NotAllowed, NoSuchVoucherOffer, VoucherOfferOver
    """
    check_may(session, act, Permission.SET_PRICES)
    found = offered_now(session, act, offer_number)
    row = {"offer_number": found.number, "ended_by_id": act.person_id, "ended_at": act.at}
    session.execute(sa.insert(VoucherOfferEndRow), {"community_id": act.community_id} | row)


def offered_now(session: Session, act: Act, number: str) -> VoucherOffer:
    """Return an offer that is not over; part of other operations.

    Raises:
        NoSuchVoucherOffer, VoucherOfferOver
    """
    found = voucher_offer(session, act.community_id, number, act.today)
    if found.ended_at is not None:
        raise VoucherOfferOver(offer=number)
    return found


@once("market.make_voucher_desk", subject="partner_code")
def make_voucher_desk(session: Session, act: Act, *, partner_code: str, keeper: str) -> dict[str, Any]:
    """Let somebody at a unit honour its vouchers; return the `number` and the `code` of their card.

    Raises:
        NotAllowed, NoSuchPartner, MarketText
    """
    check_may(session, act, Permission.SET_PRICES)
    unit = partner(session, act.community_id, partner_code)
    number = next_numbers(session, act.community_id, VoucherDeskRow.number, "D{:03d}", 1)[0]
    payload = fresh_payload(act, "voucher desk")
    row = {
        "community_id": act.community_id,
        "number": number,
        "partner_code": unit.code,
        "keeper": kept_text("keeper", keeper, length_max=KEEPER_LENGTH_MAX),
        "code_payload": payload,
        "made_by_id": act.person_id,
        "made_at": act.at,
    }
    session.execute(sa.insert(VoucherDeskRow), row)
    return {"number": number, "code": Code(CodeKind.BADGE, payload).digits}


def fresh_payload(act: Act, label: str) -> int:
    """Make the payload of a code out of what nobody can guess; part of other operations."""
    return int.from_bytes(act.salt_for(label), "big") % (PAYLOAD_MAX + 1)


@once("market.end_voucher_desk", subject="desk_number")
def end_voucher_desk(session: Session, act: Act, *, desk_number: str) -> None:
    """Let a desk's card work no more: it is lost, or its keeper has left.

    Raises:
        NotAllowed, NoSuchVoucherDesk
    """
    check_may(session, act, Permission.SET_PRICES)
    found = voucher_desk(session, act.community_id, desk_number)
    if found.ended_at is not None:
        raise NoSuchVoucherDesk()
    row = {"desk_number": found.number, "ended_by_id": act.person_id, "ended_at": act.at}
    session.execute(sa.insert(VoucherDeskEndRow), {"community_id": act.community_id} | row)
