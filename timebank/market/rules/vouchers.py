"""Service vouchers: a partner unit serves so many people a month; each place of the quota is given once.

A place that was given back is free again; one whose voucher ran out is not: the unit has kept it free.

Source: domain.md section 3 (P3) and 4 (empty shelves).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from timebank.ledger.days import day_of, moment_of
from timebank.refusal import Refusal

MONTH_QUOTA_MAX: Final = 1000
PERSON_MONTH_MAX: Final = 31
VALID_DAYS_MAX: Final = 92
UNIT_VALUE_FEN_MAX: Final = 1_000_000


class VoucherOfferWrong(Refusal):
    """The quota, the limit of a person, the days or the value of an offer are none."""

    code = "voucher_offer_wrong"


class VouchersTaken(Refusal):
    """All vouchers of this month are taken."""

    code = "vouchers_taken"


class VoucherPersonLimit(Refusal):
    """The person has taken as many of these vouchers this month as one person may."""

    code = "voucher_person_limit"


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """On what terms a unit offers a service.

    Attributes:
        month_quota: vouchers a month; person_month_max: of these for one person, given back ones counted.
        valid_days: days after the day on which it was taken, to the end of the last.
        unit_value_fen: what the service is worth in fen, 0 where the unit does not say.
    """

    month_quota: int
    person_month_max: int
    valid_days: int
    unit_value_fen: int


def check_terms(terms: OfferTerms) -> None:
    """Make sure that an offer can be.

    Raises:
        VoucherOfferWrong: a number is out of its range.
    """
    highest = (
        (terms.month_quota, 1, MONTH_QUOTA_MAX),
        (terms.person_month_max, 1, PERSON_MONTH_MAX),
        (terms.valid_days, 1, VALID_DAYS_MAX),
        (terms.unit_value_fen, 0, UNIT_VALUE_FEN_MAX),
    )
    if not all(type(value) is int and low <= value <= high for value, low, high in highest):
        raise VoucherOfferWrong(quota_max=MONTH_QUOTA_MAX, person_max=PERSON_MONTH_MAX, days_max=VALID_DAYS_MAX)


def month_number(day: date) -> int:
    """Return year and month of a day as one number: 202611."""
    return day.year * 100 + day.month


def good_until(taken_on: date, valid_days: int) -> datetime:
    """Return the moment at which a voucher is over: the end of its last day."""
    return moment_of(taken_on + timedelta(days=valid_days + 1), time.min)


def last_day(expires_at: datetime) -> date:
    """Return the last day on which a voucher is good."""
    return day_of(expires_at - timedelta(seconds=1))


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the quota: which, and the how-manieth to have it."""

    place: int
    turn: int


def free_place(month_quota: int, taken: Mapping[int, tuple[int, bool]]) -> Place | None:
    """Find a place that is free, one that nobody has had first; None where all are taken.

    Args:
        taken: of each place that was given in this month, its last turn, and whether that voucher was given back.
    """
    fresh = next((place for place in range(1, month_quota + 1) if place not in taken), None)
    if fresh is not None:
        return Place(fresh, 1)
    back = (Place(place, turn + 1) for place, (turn, given_back) in sorted(taken.items()) if given_back)
    return next(back, None)
