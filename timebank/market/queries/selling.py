"""Selling: all that must be known to hand a basket out or put it aside, read under the lock in one round trip."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.asking import Answers, Enquiry, Question
from timebank.books.loading import States, accounts_question
from timebank.ledger.accounts import POINTS, AccountKind, goods_unit
from timebank.market.queries.catalogue import Good, goods_question
from timebank.market.queries.counter import Passbook, passbook_of
from timebank.market.queries.households import household_use
from timebank.market.queries.month import MonthUse, redeemed_question
from timebank.market.queries.pace import Checks, checks_question, last_use_of, pace_question, used_question
from timebank.market.queries.price_list import prices_question
from timebank.market.queries.redemptions import newest_number_question
from timebank.market.queries.reservations import reserved_question
from timebank.market.queries.shelf import Lot, free_lots, lots_question
from timebank.market.queries.starred import starred
from timebank.market.rules import GoodFacts, LastUse, Pace, Price, ShelfLot
from timebank.people.numbers import could_be
from timebank.people.queries import Volunteer, closeness_question, right_question, volunteers_question
from timebank.people.queries.closeness import Closeness
from timebank.people.roles import Permission
from timebank.rulebook.queries import RuleVersion, rules_question

GOOD_NUMBER: Final = re.compile(r"G\d{4,15}")
"""What is not written like this is no good's number, and no database is asked for it."""
NOBODY: Final = "-"
MOVED: Final = (AccountKind.REDEEMED, AccountKind.SHELF, AccountKind.RESERVED, AccountKind.HANDED_OUT)
"""The kinds of accounts that a sale moves besides the customer's own."""


@dataclass(frozen=True, slots=True)
class AtTheCounter:
    """What is known when a basket lies on the counter.

    Attributes:
        may_redeem: whether the actor serves at the till.
        customer: whose passbook pays, None where there is nobody of that number.
        close_to_actor: who is close to the actor.
        rules: the rule version of the day.
        passbook: what it can spend.
        goods: those of the basket that exist.
        month: what the customer has had this month.
        household: what all who live together have had this month; None where no limit of households asks for it.
        pace: how often they were served in the last hour.
        last_use: of the passbook, and who has looked today.
        accounts: of the customer and of the goods, as the journal needs them.
        newest_number: of the newest redemption, None where there is none.
    """

    may_redeem: bool
    customer: Volunteer | None
    close_to_actor: frozenset[UUID]
    rules: RuleVersion
    passbook: Passbook
    goods: dict[str, GoodFacts]
    month: MonthUse
    household: MonthUse | None
    pace: Pace
    last_use: LastUse
    accounts: States
    newest_number: str | None


def at_the_counter(act: Act, volunteer_number: str, good_numbers: Iterable[str]) -> Enquiry[AtTheCounter]:
    """Look at everything at once; the answer raises `NoRules` where the community was not set up."""
    community, today = act.community_id, act.today
    number = volunteer_number if could_be(volunteer_number) else NOBODY
    wanted = sorted({one for one in good_numbers if GOOD_NUMBER.fullmatch(one)})
    units = [POINTS, *(goods_unit(good) for good in wanted)]
    asked = _Asked(
        act=act,
        number=number,
        right=right_question(act, Permission.REDEEM),
        customer=volunteers_question(community, [number]),
        close=closeness_question(community, [act.person_id]),
        rules=rules_question(community, today),
        accounts=accounts_question(community, owner=number, kinds=MOVED, units=units),
        redeemed=redeemed_question(community, number, today),
        reserved=reserved_question(community, number, act.at),
        goods=goods_question(community, wanted),
        prices=prices_question(community, today, wanted),
        lots=lots_question(community, wanted),
        pace=pace_question(community, number, act.person_id, act.at),
        used=used_question(community, number),
        checks=checks_question(community, number, today),
        newest=newest_number_question(community),
    )
    return Enquiry(asked.questions, asked.read)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The questions, each by what it is about."""

    act: Act
    number: str
    right: Question[bool]
    customer: Question[dict[str, Volunteer]]
    close: Question[Closeness]
    rules: Question[RuleVersion]
    accounts: Question[States]
    redeemed: Question[MonthUse]
    reserved: Question[MonthUse]
    goods: Question[dict[str, Good]]
    prices: Question[dict[str, Price]]
    lots: Question[tuple[Lot, ...]]
    pace: Question[Pace]
    used: Question[datetime | None]
    checks: Question[Checks]
    newest: Question[str | None]

    @property
    def questions(self) -> tuple[Question[Any], ...]:
        return tuple(one for one in (getattr(self, field.name) for field in fields(self)) if isinstance(one, Question))

    def read(self, session: Session, told: Answers) -> AtTheCounter:
        community, at = self.act.community_id, self.act.at
        states = told[self.accounts]
        amounts = {account: state.balance for account, state in states.items()}
        month = told[self.redeemed].and_also(told[self.reserved])
        shelf = free_lots(session, community, at, told[self.lots], amounts.items())
        customer, goods, rules = told[self.customer].get(self.number), told[self.goods], told[self.rules]
        household = _household(session, self.act, customer, goods, rules)
        known = _facts(goods, told[self.prices], shelf, (month, household))
        return AtTheCounter(
            may_redeem=told[self.right],
            customer=customer,
            close_to_actor=told[self.close][self.act.person_id],
            rules=rules,
            passbook=passbook_of(session, community, self.number, at, amounts),
            goods=starred(session, (community, self.number), at, rules.document.benefits, known),
            month=month,
            household=household,
            pace=told[self.pace],
            last_use=last_use_of(told[self.used], told[self.checks]),
            accounts=states,
            newest_number=told[self.newest],
        )


def _household(
    session: Session, act: Act, customer: Volunteer | None, goods: Mapping[str, Good], rules: RuleVersion
) -> MonthUse | None:
    """Ask further only where a household is known and some limit is its."""
    limits = (rules.document.market.household_redemptions_per_month_max, *_household_limits(goods))
    if customer is None or customer.household is None or all(limit is None for limit in limits):
        return None
    return household_use(session, act.community_id, customer.person_id, act.at)


def _household_limits(goods: Mapping[str, Good]) -> Iterable[int | None]:
    return (good.household_pieces_max for good in goods.values())


def _facts(
    goods: Mapping[str, Good],
    prices: Mapping[str, Price],
    lots: Mapping[str, tuple[ShelfLot, ...]],
    had: tuple[MonthUse, MonthUse | None],
) -> dict[str, GoodFacts]:
    """Put what is known of each good together; who lives in no known household is one of their own."""
    month, household = had[0], had[1] or had[0]
    return {
        number: GoodFacts(
            number=number,
            name=good.name,
            unit_word=good.unit_word,
            active=good.active,
            price=prices.get(number),
            lots=lots.get(number, ()),
            month_pieces_max=good.month_pieces_max,
            had_pieces=month.pieces.get(number, 0),
            household_pieces_max=good.household_pieces_max,
            household_had_pieces=household.pieces.get(number, 0),
        )
        for number, good in goods.items()
    }
