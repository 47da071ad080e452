"""The price list: one person proposes, another confirms. A price that holds today is never changed today."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.entries import Draft, EntryKind, FactValue
from timebank.market import queries
from timebank.market.queries import PriceVersion
from timebank.market.rules import PRICE_POINTS_E2_MAX, UnknownGood, first_day_for
from timebank.market.tables import PriceDecisionRow, PriceInForceRow, PriceRow, PriceVersionRow
from timebank.people.queries import check_may, staff_member
from timebank.people.roles import Permission
from timebank.refusal import Fact, Refusal


class PricesRefused(Refusal):
    """At least one price cannot be proposed, and nothing was.

    Facts: `problems`, each with its `line` (1, 2, 3 …), the `code` of one of the refusals beside this and its facts.
    An empty list means that no price was given.
    """

    code = "prices_refused"


class PriceOutOfRange(Refusal):
    """One piece costs at least one hundredth of a point and at most 20,000 points; nothing is free."""

    code = "price_out_of_range"


class PriceRepeated(Refusal):
    """One version sets the price of a good once."""

    code = "price_repeated"


class PricesDecided(Refusal):
    """The proposal was confirmed or withdrawn before."""

    code = "prices_decided"


class ConfirmerIsProposer(Refusal):
    """Prices are confirmed by another person than the one who proposed them (trust.md T8)."""

    code = "confirmer_is_proposer"


@dataclass(frozen=True, slots=True)
class NewPrice:
    """What one piece of a good shall cost, in hundredths of a point, 1 to `PRICE_POINTS_E2_MAX`."""

    good_number: str
    price_points_e2: int


@once("market.propose_prices")
def propose_prices(session: Session, act: Act, *, prices: tuple[NewPrice, ...], wanted_from: date) -> dict[str, Any]:
    """Propose prices; return the `version` that another person then confirms.

    Args:
        wanted_from: the day from which they shall hold; see `confirm_prices` for the earliest one.

    Raises:
        NotAllowed: the actor may not set prices.
        PricesRefused: at least one price cannot be; nothing was proposed.
    """
    check_may(session, act, Permission.SET_PRICES)
    _check(session, act, prices)
    version = 1 + (session.scalar(_newest_version(act.community_id)) or 0)
    session.execute(
        sa.insert(PriceVersionRow),
        {
            "community_id": act.community_id,
            "version": version,
            "wanted_from": wanted_from,
            "proposed_by_id": act.person_id,
            "proposed_at": act.at,
        },
    )
    session.execute(
        sa.insert(PriceRow),
        [
            {
                "community_id": act.community_id,
                "version": version,
                "good_number": price.good_number,
                "price_points_e2": price.price_points_e2,
            }
            for price in prices
        ],
    )
    return {"version": version}


def _newest_version(community_id: str) -> sa.Select[int | None]:
    return sa.select(sa.func.max(PriceVersionRow.version)).where(PriceVersionRow.community_id == community_id)


def _check(session: Session, act: Act, prices: tuple[NewPrice, ...]) -> None:
    known = queries.goods_by_number(session, act.community_id, [price.good_number for price in prices])
    times = Counter(price.good_number for price in prices)
    problems: list[Fact] = [
        {"line": line, "code": problem.code, **problem.facts}
        for line, price in enumerate(prices, start=1)
        for problem in _problems_of(price, known=price.good_number in known, times=times[price.good_number])
    ]
    if problems or not prices:
        raise PricesRefused(problems=problems)


def _problems_of(price: NewPrice, *, known: bool, times: int) -> Iterator[Refusal]:
    if not known:
        yield UnknownGood(good_number=price.good_number)
    if times > 1:
        yield PriceRepeated(good_number=price.good_number)
    amount = price.price_points_e2
    if type(amount) is not int or not 1 <= amount <= PRICE_POINTS_E2_MAX:
        yield PriceOutOfRange(good_number=price.good_number, highest_points_e2=PRICE_POINTS_E2_MAX)


@once("market.confirm_prices", subject="version")
def confirm_prices(session: Session, act: Act, *, version: int) -> dict[str, Any]:
    """Confirm proposed prices as another person; return the entry's `seq`.

    The first price of a good may hold today; a change takes effect tomorrow at the earliest, whatever was wanted.

    Raises:
        NotAllowed: the actor may not confirm prices.
        NoSuchPriceVersion, PricesDecided: there is nothing to confirm.
        ConfirmerIsProposer: it is their own proposal.
    """
    check_may(session, act, Permission.CONFIRM_PRICES)
    proposal = _waiting(session, act, version)
    if proposal.proposed_by_id == act.person_id:
        raise ConfirmerIsProposer(version=version)
    days = _first_days(session, act, proposal)
    proposer = staff_member(session, act.community_id, proposal.proposed_by_id)
    facts: dict[str, FactValue] = {"price_version": version, "proposed_by": proposer.number}
    for price in proposal.prices:
        facts[f"{price.good_number}.price_points_e2"] = price.price_points_e2
        facts[f"{price.good_number}.valid_from"] = days[price.good_number].isoformat()
    draft = Draft(
        kind=EntryKind.PRICES_PUBLISHED,
        effective_on=act.today,
        source=f"price-version:{version}",
        memo=f"兑换积分表第{version}版",
        facts=facts,
    )
    posted = journal.post(session, act, draft)
    _decide(session, act, proposal, outcome="confirmed", entry_seq=posted.seq)
    session.execute(
        sa.insert(PriceInForceRow),
        [
            {
                "community_id": act.community_id,
                "version": version,
                "good_number": price.good_number,
                "price_points_e2": price.price_points_e2,
                "valid_from": days[price.good_number],
                "entry_seq": posted.seq,
            }
            for price in proposal.prices
        ],
    )
    return {"seq": posted.seq}


def _first_days(session: Session, act: Act, proposal: PriceVersion) -> dict[str, date]:
    numbers = [price.good_number for price in proposal.prices]
    priced = queries.goods_with_price(session, act.community_id, numbers)
    return {
        number: first_day_for(wanted_from=proposal.wanted_from, today=act.today, has_price=number in priced)
        for number in numbers
    }


@once("market.withdraw_prices", subject="version")
def withdraw_prices(session: Session, act: Act, *, version: int) -> None:
    """Withdraw a proposal that waits; it then never holds.

    Raises:
        NotAllowed: the actor may not set prices.
        NoSuchPriceVersion, PricesDecided: there is nothing to withdraw.
    """
    check_may(session, act, Permission.SET_PRICES)
    _decide(session, act, _waiting(session, act, version), outcome="withdrawn", entry_seq=None)


def _waiting(session: Session, act: Act, version: int) -> PriceVersion:
    proposal = queries.price_version(session, act.community_id, version)
    if proposal.decided_by_id is not None:
        raise PricesDecided(version=version, outcome=proposal.outcome)
    return proposal


def _decide(session: Session, act: Act, proposal: PriceVersion, *, outcome: str, entry_seq: int | None) -> None:
    session.execute(
        sa.insert(PriceDecisionRow),
        {
            "community_id": act.community_id,
            "version": proposal.version,
            "outcome": outcome,
            "proposed_by_id": proposal.proposed_by_id,
            "decided_by_id": act.person_id,
            "decided_at": act.at,
            "entry_seq": entry_seq,
        },
    )
