"""Questions about points that expire soon: whose, how many, on which day, and which notice they stand under."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from timebank.books.statements import AccountFilter, balances
from timebank.ledger.accounts import POINTS, AccountKind
from timebank.rulebook.queries import rules_on
from timebank.rulebook.rules import find_notice, last_day_of


@dataclass(frozen=True, slots=True)
class ExpiringPoints:
    """The points of one year in one passbook that expire soon.

    Attributes:
        number: the volunteer's.
        vintage: the year in which they were earned.
        points_e2: how many, in hundredths.
        last_on: the last day on which they can be spent; `days_left` until then, 0 on that day.
        notice_days: the notice that holds now, as its days before the last day.
    """

    number: str
    vintage: int
    points_e2: int
    last_on: date
    days_left: int
    notice_days: int

    @property
    def begins_today(self) -> bool:
        """This is the day of the notice itself."""
        return self.days_left == self.notice_days


def expiring_points(
    session: Session, community_id: str, today: date, owners: Sequence[str] | None = None
) -> tuple[ExpiringPoints, ...]:
    """Return what expires soon, of some passbooks or of all: what ends first at the top; nothing where points stay.

    Raises:
        NoRules: no rules hold today.
    """
    expiry = rules_on(session, community_id, today).document.expiry
    if not expiry.on:
        return ()
    wanted = AccountFilter(kind=AccountKind.PASSBOOK, unit=POINTS, owners=None if owners is None else tuple(owners))
    found = []
    for item in balances(session, community_id, wanted):
        notice = find_notice(expiry, item.account.vintage, today)
        if notice is not None and item.balance:
            last_on = last_day_of(expiry, item.account.vintage)
            account, left = item.account, (last_on - today).days
            found.append(ExpiringPoints(account.owner, account.vintage, item.balance, last_on, left, notice))
    return tuple(sorted(found, key=lambda one: (one.last_on, one.number)))
