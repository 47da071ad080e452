"""The counter: what may be handed out now, to whom, and how the shelf stands against what the passbooks hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from timebank.books.asking import ask_all
from timebank.books.statements import AccountFilter, balances, overdue_amounts
from timebank.ledger.accounts import HOME, POINTS, AccountKind, AccountRef
from timebank.ledger.days import day_of
from timebank.market.queries.catalogue import Good, shelf_goods
from timebank.market.queries.households import household_use
from timebank.market.queries.month import MonthUse, redeemed_question
from timebank.market.queries.price_list import prices_on
from timebank.market.queries.redemptions import Redemption, redemptions_of
from timebank.market.queries.reservations import reserved_question
from timebank.market.queries.shelf import LotStock, stock
from timebank.market.rules import StockLevel, stock_level_for
from timebank.people.queries import Volunteer, volunteer
from timebank.rulebook.queries import rules_on
from timebank.rulebook.rules import RuleDocument


@dataclass(frozen=True, slots=True)
class Passbook:
    """What a volunteer's passbook holds; amounts in hundredths of a point.

    Attributes:
        vintages: the accounts that can pay and what each holds, oldest first; overdue holds count as given back.
        held_e2: what is put aside and not overdue.
        owed_e2: a debt from points that were taken back after they were spent.
    """

    vintages: tuple[tuple[AccountRef, int], ...]
    held_e2: int
    owed_e2: int

    @property
    def available_e2(self) -> int:
        """What can be spent: debts are taken off; never below zero."""
        return max(0, sum(amount for _account, amount in self.vintages) - self.owed_e2)


@dataclass(frozen=True, slots=True)
class GoodOnSale:
    """A good as it is offered now: price of a piece in hundredths of a point, free pieces, and those in a word."""

    good: Good
    price_points_e2: int
    price_version: int
    free_pieces: int
    level: StockLevel


@dataclass(frozen=True, slots=True)
class TillView:
    """What the till shows of the volunteer being served.

    Attributes:
        today_redemptions, today_points_e2: what was redeemed today and stands.
        month: what was redeemed this month and stands, and what is reserved now.
        redemptions_left: how often more this month, or None without a limit.
    """

    volunteer: Volunteer
    passbook: Passbook
    today_redemptions: int
    today_points_e2: int
    month: MonthUse
    redemptions_left: int | None

    def pieces_left(self, good: Good) -> int | None:
        """Return how many more pieces of a good this person may have this month, or None without a limit."""
        if good.month_pieces_max is None:
            return None
        return max(0, good.month_pieces_max - self.month.pieces.get(good.number, 0))


@dataclass(frozen=True, slots=True)
class Backing:
    """How much of what the passbooks hold is on the shelf; amounts in hundredths of a point, at the prices in force.

    Attributes:
        shelf_points_e2: what all pieces that are not expired cost together, reserved ones too.
        outstanding_points_e2: what passbooks hold and have put aside.
        unpriced_pieces: pieces of goods without a price; they count nothing above.
    """

    shelf_points_e2: int
    outstanding_points_e2: int
    unpriced_pieces: int

    @property
    def percent(self) -> int | None:
        """The whole percentage of the points that the shelf backs, rounded down; None where no points are out."""
        if not self.outstanding_points_e2:
            return None
        return self.shelf_points_e2 * 100 // self.outstanding_points_e2

    def is_short(self, percent_least: int | None) -> bool:
        """Tell whether the shelf backs less than the rules want; never where they want nothing."""
        return percent_least is not None and self.percent is not None and self.percent < percent_least


def passbook(session: Session, community_id: str, volunteer_number: str, at: datetime) -> Passbook:
    """Return what a passbook can spend at a moment."""
    found = balances(session, community_id, AccountFilter(unit=POINTS, owners=(volunteer_number,)))
    amounts = {item.account: item.balance for item in found}
    return passbook_of(session, community_id, volunteer_number, at, amounts)


def passbook_of(
    session: Session, community_id: str, volunteer_number: str, at: datetime, amounts: Mapping[AccountRef, int]
) -> Passbook:
    """Return the same from what the books say of its accounts (others make no difference); see `passbook`."""
    own = {
        account: amount
        for account, amount in amounts.items()
        if (account.owner, account.unit) == (volunteer_number, POINTS)
    }
    held = sum(amount for account, amount in own.items() if account.kind is AccountKind.HELD)
    given_back = _given_back(session, community_id, volunteer_number, at) if held else {}
    vintages = (
        (account, amount + given_back.get(account, 0))
        for account, amount in own.items()
        if account.kind is AccountKind.PASSBOOK
    )
    return Passbook(
        vintages=tuple(sorted(vintages, key=lambda item: item[0].vintage or 9999)),
        held_e2=held - sum(given_back.values()),
        owed_e2=-own.get(AccountRef(AccountKind.DEBT, volunteer_number, POINTS), 0),
    )


def _given_back(session: Session, community_id: str, owner: str, at: datetime) -> dict[AccountRef, int]:
    overdue = overdue_amounts(session, community_id, [owner], at)
    return {
        AccountRef(HOME[account.kind], account.owner, account.unit, account.vintage): amount
        for account, amount in overdue.items()
        if account.unit == POINTS
    }


def till_view(session: Session, community_id: str, volunteer_number: str, at: datetime) -> TillView:
    """Return what the till shows of a volunteer.

    Raises:
        NoSuchVolunteer: there is none of this number.
    """
    found = volunteer(session, community_id, volunteer_number)
    today = day_of(at)
    month = month_use(session, community_id, volunteer_number, at)
    document = rules_on(session, community_id, today).document
    served = _redeemed_today(session, community_id, volunteer_number, today)
    return TillView(
        volunteer=found,
        passbook=passbook(session, community_id, volunteer_number, at),
        today_redemptions=len(served),
        today_points_e2=sum(item.points_e2 for item in served),
        month=month,
        redemptions_left=_redemptions_left(session, community_id, found, (document, month.redemptions, at)),
    )


def _redemptions_left(
    session: Session, community_id: str, found: Volunteer, used: tuple[RuleDocument, int, datetime]
) -> int | None:
    """The nearer of both limits: the person's own, and the household's."""
    document, redemptions, at = used
    left = []
    if document.limits.redemptions_per_month_max is not None:
        left.append(document.limits.redemptions_per_month_max - redemptions)
    most = document.market.household_redemptions_per_month_max
    if most is not None and found.household is not None:
        together = household_use(session, community_id, found.person_id, at)
        left.append(most - (together.redemptions if together else redemptions))
    return max(0, min(left)) if left else None


def month_use(session: Session, community_id: str, volunteer_number: str, at: datetime) -> MonthUse:
    """Count what a volunteer has had this month: redeemed, or put aside and not fetched yet."""
    redeemed = redeemed_question(community_id, volunteer_number, day_of(at))
    reserved = reserved_question(community_id, volunteer_number, at)
    told = ask_all(session, redeemed, reserved)
    return told[redeemed].and_also(told[reserved])


def _redeemed_today(session: Session, community_id: str, volunteer_number: str, today: date) -> list[Redemption]:
    newest = redemptions_of(session, community_id, volunteer_number)
    return [item for item in newest if item.redeemed_on == today and item.undone is None]


def goods_on_sale(session: Session, community_id: str, at: datetime) -> tuple[GoodOnSale, ...]:
    """Return the goods that are offered and have a price, by number; those that have run out too."""
    today = day_of(at)
    low_pieces = rules_on(session, community_id, today).document.market.low_stock_pieces
    prices = prices_on(session, community_id, today)
    free: dict[str, int] = {}
    for item in stock(session, community_id, at):
        if not _expired(item, today):
            free[item.lot.good_number] = free.get(item.lot.good_number, 0) + item.free_pieces
    return tuple(
        GoodOnSale(
            good,
            prices[good.number].points_e2,
            prices[good.number].version,
            free.get(good.number, 0),
            stock_level_for(free.get(good.number, 0), low_pieces),
        )
        for good in shelf_goods(session, community_id)
        if good.active and good.number in prices
    )


def _expired(item: LotStock, today: date) -> bool:
    return item.lot.expires_on is not None and item.lot.expires_on < today


def low_stock(session: Session, community_id: str, at: datetime) -> tuple[GoodOnSale, ...]:
    """Return the goods on sale of which few are left by the rules of the day, the scarcest first."""
    found = [item for item in goods_on_sale(session, community_id, at) if item.level is not StockLevel.PLENTY]
    return tuple(sorted(found, key=lambda item: (item.free_pieces, item.good.number)))


def backing(session: Session, community_id: str, at: datetime) -> Backing:
    """Return the value of the shelf at the prices in force against the points outstanding."""
    today = day_of(at)
    prices = prices_on(session, community_id, today)
    worth = unpriced = 0
    for item in stock(session, community_id, at):
        pieces = 0 if _expired(item, today) else item.free_pieces + item.reserved_pieces
        price = prices.get(item.lot.good_number)
        worth += pieces * price.points_e2 if price else 0
        unpriced += 0 if price else pieces
    kinds = (AccountKind.PASSBOOK, AccountKind.HELD)
    outstanding = sum(
        item.balance for kind in kinds for item in balances(session, community_id, AccountFilter(kind=kind))
    )
    return Backing(worth, outstanding, unpriced)
