"""Prices: what is in force on a day, and the versions with who proposed and who confirmed them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.asking import Question, ask, one_of
from timebank.market.rules import Price
from timebank.market.tables import PriceDecisionRow, PriceInForceRow, PriceRow, PriceVersionRow
from timebank.refusal import Refusal

WAITING: Final = "waiting"


class NoSuchPriceVersion(Refusal):
    """There is no version of the price list with this number."""

    code = "no_such_price_version"


@dataclass(frozen=True, slots=True)
class VersionPrice:
    """One price of a version; `valid_from` is None until it is confirmed."""

    good_number: str
    price_points_e2: int
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """A version of the price list: the goods whose price it sets.

    Attributes:
        wanted_from: the day from which its proposer wants it to hold.
        outcome: `waiting`, `confirmed` or `withdrawn`.
        decided_by_id, decided_at: who confirmed or withdrew it, and when.
        entry_seq: the entry that published it.
    """

    version: int
    wanted_from: date
    proposed_by_id: UUID
    proposed_at: datetime
    outcome: str
    decided_by_id: UUID | None
    decided_at: datetime | None
    entry_seq: int | None
    prices: tuple[VersionPrice, ...]


def prices_on(session: Session, community_id: str, day: date, numbers: Iterable[str] | None = None) -> dict[str, Price]:
    """Return the prices in force on a day, by good; None asks for all goods."""
    if numbers is None:
        return ask(session, Question(_ON_DAY, {"community": community_id, "prices_day": day}, _by_good))
    return ask(session, prices_question(community_id, day, numbers))


def prices_question(community_id: str, day: date, numbers: Iterable[str]) -> Question[dict[str, Price]]:
    """Ask for the prices of some goods in force on a day together with other questions."""
    values = {"community": community_id, "prices_day": day, "goods": sorted(set(numbers))}
    return Question(_OF_GOODS_ON_DAY, values, _by_good)


def _by_good(rows: Sequence[Any]) -> dict[str, Price]:
    return {row.good_number: Price(row.price_points_e2, row.version) for row in rows}


def _in_force(*which: sa.ColumnElement[bool]) -> sa.Select[str, int, int]:
    """Ask for the prices in force on `:prices_day`: of each good the one that began last."""
    newest = (
        sa.func.row_number()
        .over(
            partition_by=PriceInForceRow.good_number,
            order_by=(PriceInForceRow.valid_from.desc(), PriceInForceRow.entry_seq.desc()),
        )
        .label("place")
    )
    first = (
        sa.select(PriceInForceRow.good_number, PriceInForceRow.price_points_e2, PriceInForceRow.version, newest)
        .where(PriceInForceRow.community_id == sa.bindparam("community"))
        .where(PriceInForceRow.valid_from <= sa.bindparam("prices_day"), *which)
        .subquery("ranked")
    )
    return sa.select(first.c.good_number, first.c.price_points_e2, first.c.version).where(first.c.place == 1)


_ON_DAY: Final = _in_force()
_OF_GOODS_ON_DAY: Final = _in_force(one_of(PriceInForceRow.good_number, "goods"))


def goods_with_price(session: Session, community_id: str, numbers: Iterable[str]) -> frozenset[str]:
    """Return those of these goods for which a price was ever confirmed, for today or for a later day."""
    query = sa.select(PriceInForceRow.good_number).where(
        PriceInForceRow.community_id == community_id, PriceInForceRow.good_number.in_(sorted(set(numbers)))
    )
    return frozenset(session.scalars(query))


def price_version(session: Session, community_id: str, version: int) -> PriceVersion:
    """Return one version of the price list.

    Raises:
        NoSuchPriceVersion: there is none of this number.
    """
    found = next(_versions(session, community_id, PriceVersionRow.version == version), None)
    if found is None:
        raise NoSuchPriceVersion(version=version)
    return found


def price_versions(session: Session, community_id: str) -> tuple[PriceVersion, ...]:
    """Return all versions of the price list, oldest first."""
    return tuple(_versions(session, community_id, sa.true()))


def waiting_prices(session: Session, community_id: str) -> tuple[PriceVersion, ...]:
    """Return the proposals that wait for another person, oldest first."""
    return tuple(_versions(session, community_id, PriceDecisionRow.version.is_(None)))


def _versions(session: Session, community_id: str, condition: sa.ColumnElement[bool]) -> Iterator[PriceVersion]:
    decision = sa.and_(
        PriceDecisionRow.community_id == PriceVersionRow.community_id,
        PriceDecisionRow.version == PriceVersionRow.version,
    )
    price = sa.and_(PriceRow.community_id == PriceVersionRow.community_id, PriceRow.version == PriceVersionRow.version)
    in_force = sa.and_(
        PriceInForceRow.community_id == PriceRow.community_id,
        PriceInForceRow.version == PriceRow.version,
        PriceInForceRow.good_number == PriceRow.good_number,
    )
    query = (
        sa.select(
            PriceVersionRow.version,
            PriceVersionRow.wanted_from,
            PriceVersionRow.proposed_by_id,
            PriceVersionRow.proposed_at,
            PriceDecisionRow.outcome,
            PriceDecisionRow.decided_by_id,
            PriceDecisionRow.decided_at,
            PriceDecisionRow.entry_seq,
            PriceRow.good_number,
            PriceRow.price_points_e2,
            PriceInForceRow.valid_from,
        )
        .select_from(PriceVersionRow)
        .join(PriceRow, price)
        .outerjoin(PriceDecisionRow, decision)
        .outerjoin(PriceInForceRow, in_force)
        .where(PriceVersionRow.community_id == community_id, condition)
        .order_by(PriceVersionRow.version, sa.func.length(PriceRow.good_number), PriceRow.good_number)
    )
    for _version, rows in groupby(session.execute(query), key=lambda row: row.version):
        yield _price_version(list(rows))


def _price_version(rows: list[sa.Row[*tuple[Any, ...]]]) -> PriceVersion:
    first = rows[0]
    return PriceVersion(
        version=first.version,
        wanted_from=first.wanted_from,
        proposed_by_id=first.proposed_by_id,
        proposed_at=first.proposed_at,
        outcome=first.outcome or WAITING,
        decided_by_id=first.decided_by_id,
        decided_at=first.decided_at,
        entry_seq=first.entry_seq,
        prices=tuple(VersionPrice(row.good_number, row.price_points_e2, row.valid_from) for row in rows),
    )
