"""A delivery of goods: written down as received by whoever brings the file, checked in by the second person.

New goods and partner units are put on the list, prices are proposed and one donation per partner unit waits; all of it
is the market's own, with its own four eyes. The confirmation confirms the prices and puts the lots on the shelf.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.imports.lines.goods_lines import GoodsLine
from timebank.imports.operations.goods_known import KnownGood, goods_known, goods_problems
from timebank.imports.operations.keeping import write_lines
from timebank.imports.operations.standing import pieces
from timebank.imports.operations.submitted import GoodsFile
from timebank.imports.queries import Batch
from timebank.imports.rules import BatchState
from timebank.market import operations as market
from timebank.market import queries as market_queries
from timebank.market.operations import NewDonation, NewGood, NewLot, NewPrice
from timebank.market.operations.deliveries import LOTS_MAX
from timebank.people import operations as people
from timebank.people.queries import find_partner_by_name

UNIT_WORD: Final = "件"
"""What a piece is called where the file says nothing."""
WAITING: Final = "waiting"
CHECKED_IN: Final = "checked-in"


@dataclass(frozen=True, slots=True)
class _Listed:
    """Goods of the file with their numbers. added: how many are new."""

    numbers: Mapping[str, str]
    added: int


def submit(session: Session, act: Act, file: GoodsFile) -> dict[str, Any]:
    """Write the delivery down, waiting for a second person; return what it will bring.

    Raises:
        FileHasProblems: at least one row is wrong; nothing was written down.
        NotAllowed: the actor receives no goods, or sets no prices.
    """
    known = goods_known(session, act.community_id, act.today, file.lines)
    file.refuse_problems(goods_problems(file.lines, known, act.today))
    listed = _list_goods(session, act, file.lines, known)
    partners, new_partners = _partners(session, act, file.lines)
    donations = [
        market.receive(session, act, donation=donation)["number"]
        for donation in _donations(file.lines, listed, partners)
    ]
    prices = _prices(file.lines, known, listed)
    version = None
    if prices:
        version = market.propose_prices(session, act, prices=prices, wanted_from=act.today)["version"]
    return {
        "goods": len(listed.numbers),
        "new_goods": listed.added,
        "partners": len(partners),
        "new_partners": new_partners,
        "donations": donations,
        "prices": len(prices),
        "price_version": version,
        "value_fen": sum(line.pieces * (line.unit_price_fen or 0) for line in file.lines),
        **pieces(session, act.community_id, coming=sum(line.pieces for line in file.lines)),
    }


def keep(session: Session, act: Act, file: GoodsFile, batch_id: UUID) -> None:
    """Write the rows of a batch as they came: what the goods, prices and lots were made from."""
    rows = (
        (
            line.line,
            {
                "barcode": line.barcode,
                "good": line.good_name,
                "price_points_e2": line.price_points_e2,
                "pieces": line.pieces,
                "unit_price_fen": line.unit_price_fen,
                "donor": line.donor,
                "expires_on": line.expires_on.isoformat() if line.expires_on else None,
                "monthly_limit": line.monthly_limit,
                "note": line.note,
            },
        )
        for line in file.lines
    )
    write_lines(session, act, batch_id, rows)


def _list_goods(session: Session, act: Act, lines: Sequence[GoodsLine], known: Mapping[str, KnownGood]) -> _Listed:
    """Put new goods on the list; one that has never had a price is still open to correction."""
    wanted = {line.barcode: _new_good(line) for line in lines}
    new = {barcode: good for barcode, good in wanted.items() if barcode not in known}
    added = market.add_goods(session, act, goods=tuple(new.values()))["numbers"] if new else []
    for barcode, good in wanted.items():
        there = known.get(barcode)
        if there is not None and not there.priced and not there.is_like(good):
            market.change_good(session, act, good_number=there.good.number, good=good, active=True)
    numbers = {barcode: there.good.number for barcode, there in known.items()}
    return _Listed(numbers | dict(zip(new, added, strict=True)), len(new))


def _new_good(line: GoodsLine) -> NewGood:
    return NewGood(barcode=line.barcode, name=line.good_name, unit_word=UNIT_WORD, month_pieces_max=line.monthly_limit)


def _partners(session: Session, act: Act, lines: Sequence[GoodsLine]) -> tuple[dict[str, str], int]:
    """Return the code of each partner unit by the name in the file, and how many are new."""
    codes: dict[str, str] = {}
    added = 0
    for name in dict.fromkeys(line.donor for line in lines):
        there = find_partner_by_name(session, act.community_id, name)
        codes[name] = people.add_partner(session, act, name=name) if there is None else there.code
        added += there is None
    return codes, added


def _donations(lines: Sequence[GoodsLine], listed: _Listed, partners: Mapping[str, str]) -> Iterator[NewDonation]:
    """Yield one donation per partner unit, or more where it brings more lots than one donation takes."""
    lots: dict[str, list[NewLot]] = defaultdict(list)
    for line in lines:
        lot = NewLot(
            good_number=listed.numbers[line.barcode],
            pieces=line.pieces,
            unit_price_fen=line.unit_price_fen,
            expires_on=line.expires_on,
        )
        lots[partners[line.donor]].append(lot)
    for code, brought in lots.items():
        for start in range(0, len(brought), LOTS_MAX):
            yield NewDonation(partner_code=code, lots=tuple(brought[start : start + LOTS_MAX]))


def _prices(lines: Sequence[GoodsLine], known: Mapping[str, KnownGood], listed: _Listed) -> tuple[NewPrice, ...]:
    """Return the prices that are new or other than today's; what costs the same stays as it is."""
    wanted = {line.barcode: line.price_points_e2 for line in lines}
    present = {barcode: there.price_points_e2 for barcode, there in known.items()}
    return tuple(
        NewPrice(listed.numbers[barcode], price) for barcode, price in wanted.items() if present.get(barcode) != price
    )


def confirm(session: Session, act: Act, batch: Batch, rating: int | None, answer: str) -> dict[str, Any]:
    """Confirm the prices and check the donations in as the second person; what the market decided before stays so."""
    version = _waiting_prices(session, act, batch)
    price_seq = None if version is None else market.confirm_prices(session, act, version=version)["seq"]
    numbers = _donations_in(session, act, batch, WAITING)
    seqs = [market.check_in(session, act, donation_number=number)["seq"] for number in numbers]
    lots = [lot for number in numbers for lot in market_queries.donation_lots(session, act.community_id, number)]
    return {
        "donations": numbers,
        "pieces": sum(lot.pieces for lot in lots),
        "lots": len(lots),
        "price_seq": price_seq,
        "first_seq": min(seqs, default=None),
        "last_seq": max(seqs, default=None),
    }


def _waiting_prices(session: Session, act: Act, batch: Batch) -> int | None:
    version = batch.summary["price_version"]
    if version is None or market_queries.price_version(session, act.community_id, version).outcome != WAITING:
        return None
    return int(version)


def _donations_in(session: Session, act: Act, batch: Batch, state: str) -> list[str]:
    numbers = batch.summary["donations"]
    return [number for number in numbers if market_queries.donation(session, act.community_id, number).state == state]


def take_back(session: Session, act: Act, batch: Batch, reason: str) -> dict[str, Any]:
    """Withdraw what waits, or take the lots off the shelf again while all of them are there; prices stay.

    Raises:
        LotsNotWhole: pieces have gone already; nothing was moved.
        CheckerIsReceiver: the actor brought the file.
    """
    if batch.state is BatchState.PENDING:
        return _withdraw(session, act, batch)
    numbers = _donations_in(session, act, batch, CHECKED_IN)
    for number in numbers:
        market.take_back_donation(session, act, donation_number=number, reason=reason)
    return {"donations": numbers}


def _withdraw(session: Session, act: Act, batch: Batch) -> dict[str, Any]:
    version = _waiting_prices(session, act, batch)
    if version is not None:
        market.withdraw_prices(session, act, version=version)
    numbers = _donations_in(session, act, batch, WAITING)
    for number in numbers:
        market.withdraw_donation(session, act, donation_number=number)
    return {"donations": numbers}
