"""What is decided about the pool: whether it is open, how much is given, how much and how often is granted, by whom.

Points are never passed from person to person. They go into the pool, where all are alike, and out of it by two persons:
one proposes, another confirms, and neither gets anything for themselves or for somebody close.

Source: domain.md section 2 (transfers of points: donation only); the limits are the community's.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal
from timebank.rulebook.rules import Pool

REASON_MAX: Final = 200
"""The longest reason of a grant, in characters."""


class PoolClosed(Refusal):
    """The rules in force know no pool."""

    code = "pool_closed"


class DonationTooSmall(Refusal):
    """Less than the rules take."""

    code = "pool_donation_too_small"


class DonorShort(Refusal):
    """The passbook holds less than was to be given."""

    code = "pool_donor_short"


class GrantTooLarge(Refusal):
    """More than the rules grant at a time, or nothing."""

    code = "pool_grant_too_large"


class GrantTooOften(Refusal):
    """The household was granted as often this year as the rules allow, waiting grants included."""

    code = "pool_grant_too_often"


class PoolShort(Refusal):
    """The pool holds less than was to be granted."""

    code = "pool_short"


class GrantReasonMissing(Refusal):
    """A grant says why, in 1 to 200 characters on one line."""

    code = "pool_reason_missing"


class GrantForYourself(Refusal):
    """Nobody grants to themselves, a declared relative or their household."""

    code = "pool_grant_for_yourself"


class GrantDecided(Refusal):
    """The grant was decided before."""

    code = "pool_grant_decided"


class GrantNeedsAnother(Refusal):
    """Another person than the one who proposed it confirms (four eyes)."""

    code = "pool_grant_needs_another"


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """What is known when somebody proposes or confirms a grant.

    Attributes:
        points_e2: hundredths of a point.
        pool_e2: what the pool holds.
        granted_this_year: how many grants this passbook had this year or waits for, this one left out.
        recipient_id: whose passbook; `close_ids` who is close to them.
    """

    points_e2: int
    pool_e2: int
    granted_this_year: int
    recipient_id: UUID
    close_ids: frozenset[UUID]


def check_donation(rules: Pool, points_e2: int, available_e2: int) -> None:
    """Make sure that points may be given into the pool.

    Raises:
        PoolClosed, DonationTooSmall, DonorShort: they may not.
    """
    if not rules.is_open:
        raise PoolClosed()
    if points_e2 < rules.donation_least_e2:
        raise DonationTooSmall(given_e2=points_e2, least_e2=rules.donation_least_e2)
    if points_e2 > available_e2:
        raise DonorShort(given_e2=points_e2, available_e2=available_e2)


def check_grant(rules: Pool, grant: GrantFacts, *, actor_id: UUID) -> None:
    """Make sure that a grant is within the rules and that this person may propose or confirm it.

    Raises:
        PoolClosed, GrantTooLarge, GrantTooOften, PoolShort, GrantForYourself: it is not, or they may not.
    """
    if not rules.is_open:
        raise PoolClosed()
    if not 1 <= grant.points_e2 <= rules.grant_most_e2:
        raise GrantTooLarge(granted_e2=grant.points_e2, most_e2=rules.grant_most_e2)
    if grant.granted_this_year >= rules.grants_per_year_max:
        raise GrantTooOften(grants=grant.granted_this_year, grants_max=rules.grants_per_year_max)
    if grant.points_e2 > grant.pool_e2:
        raise PoolShort(granted_e2=grant.points_e2, pool_e2=grant.pool_e2)
    if actor_id == grant.recipient_id or actor_id in grant.close_ids:
        raise GrantForYourself()


def check_reason(reason: str) -> None:
    """Make sure that a grant says why.

    Raises:
        GrantReasonMissing: it does not.
    """
    if not reason.strip() or len(reason) > REASON_MAX or not reason.isprintable():
        raise GrantReasonMissing(found_characters=len(reason.strip()), characters_max=REASON_MAX)


def check_decision(state: str, *, proposer_id: UUID, confirmer_id: UUID) -> None:
    """Make sure that a grant waits and that this person may confirm it.

    Raises:
        GrantDecided, GrantNeedsAnother: it does not, or they may not.
    """
    if state != "open":
        raise GrantDecided(state=state)
    if proposer_id == confirmer_id:
        raise GrantNeedsAnother()
