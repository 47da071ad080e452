"""The work of the night: what falls due by itself, once a day, however often and from wherever it is started.

Each job of a day is one request under a key of its own (`nightly/2026-11-23/holds`): whoever comes second finds the
stored answer, two processes at once are told apart by the lock of the community, and a night that was cut off goes on
with the jobs that are missing. Nothing here decides about a person: stars are looked at, not granted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from timebank.books import holds, journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.books.statements import AccountFilter, balances
from timebank.certificates.operations import certify_every_star
from timebank.database import writing
from timebank.ledger.accounts import POINTS, AccountKind, system
from timebank.ledger.days import moment_of
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.market.operations.waiting import turns_given
from timebank.people.operations.forgetting import forget_what_is_due
from timebank.people.operations.sights import KEPT_DAYS_USUAL, forget_sights
from timebank.pool.operations import donate_surplus
from timebank.pool.queries import grants_waiting
from timebank.rulebook.expiring import expiring_points
from timebank.rulebook.queries import proposals_waiting, rules_on
from timebank.rulebook.rules import Body
from timebank.service import queries as service
from timebank.service.operations import posting
from timebank.stars import operations as stars
from timebank.stars.queries import notices, open_reviews
from timebank.stars.queries.inquiries import inquiries
from timebank.stars.rules.noticing import Stage

Answer = dict[str, Any]
_LAST_MINUTE: Final = time(23, 59)


@dataclass(frozen=True, slots=True)
class Run:
    """One job of one night: its name, and what came of it."""

    job: str
    answer: Answer


@once("nightly.holds", subject="day")
def release_holds(session: Session, act: Act, *, day: date) -> Answer:
    """Give back everything on hold whose time is over; return how many `released`."""
    return {"released": len(holds.expire(session, act))}


@once("nightly.turns", subject="day")
def give_turns(session: Session, act: Act, *, day: date) -> Answer:
    """Put aside what has come back for those who wait for goods; return how many had their `turns`."""
    return {"turns": len(turns_given(session, act))}


@once("nightly.hours", subject="day")
def post_hours(session: Session, act: Act, *, day: date) -> Answer:
    """Post the approved hours that are confirmed and whose notice and earliest day have come.

    Returns:
        `posted`, `minutes` and `points_e2`, hundredths of a point.
    """
    return posting.post_all_due(session, act)


@once("nightly.stars", subject="day")
def look_at_stars(session: Session, act: Act, *, day: date) -> Answer:
    """Look at everybody's stars by the rules of the day; return how many were `opened`, `withdrawn`, `flagged`."""
    found = stars.review_everyone(session, act)
    return {what: len(numbers) for what, numbers in found.items()}


@once("nightly.certificates", subject="day")
def make_certificates(session: Session, act: Act, *, day: date) -> Answer:
    """Make out the certificates of granted stars that have none yet; return how many were `issued`."""
    return {"issued": certify_every_star(session, act)}


@once("nightly.expiry", subject="day")
def expire_points(session: Session, act: Act, *, day: date) -> Answer:
    """Let points expire whose years are over, one entry per passbook; nothing where the rules keep points for ever.

    Returns:
        `passbooks` and `points_e2`, hundredths of a point.

    Source: domain.md section 2, expiry: 31 December of the year after the one in which they were earned.
    """
    rules = rules_on(session, act.community_id, act.today)
    expiry = rules.document.expiry
    if not expiry.on:
        return {"passbooks": 0, "points_e2": 0}
    found = balances(session, act.community_id, AccountFilter(kind=AccountKind.PASSBOOK, unit=POINTS))
    by_owner: dict[str, list[Transfer]] = {}
    for item in found:
        vintage = item.account.vintage
        if item.balance and vintage and vintage + expiry.years_kept < act.today.year:
            gone = Transfer(item.account, system(AccountKind.EXPIRED, POINTS), item.balance)
            by_owner.setdefault(item.account.owner, []).append(gone)
    drafts = [
        Draft(
            kind=EntryKind.POINTS_EXPIRED,
            effective_on=act.today,
            transfers=tuple(parts),
            source=f"expiry:{day}",
            rule_version=rules.version,
        )
        for _, parts in sorted(by_owner.items())
    ]
    journal.post_all(session, act, drafts)
    return {"passbooks": len(drafts), "points_e2": sum(t.amount for parts in by_owner.values() for t in parts)}


@once("nightly.surplus", subject="day")
def give_surplus(session: Session, act: Act, *, day: date) -> Answer:
    """Give what passbooks hold above the caps into the pool; nothing where the rules have none.

    Returns:
        `passbooks` and `points_e2`, hundredths of a point.
    """
    return donate_surplus(session, act)


@once("nightly.expiry_notices", subject="day")
def tell_of_expiry(session: Session, act: Act, *, day: date) -> Answer:
    """Count the passbooks whose owners are told today that points will expire: the day of a notice of the rules.

    The notice itself stands on the volunteer's page, and on the staff's list for those who do not look.

    Returns:
        `passbooks` and `points_e2`, hundredths of a point.
    """
    told = [one for one in expiring_points(session, act.community_id, act.today) if one.begins_today]
    return {"passbooks": len({one.number for one in told}), "points_e2": sum(one.points_e2 for one in told)}


@once("nightly.due", subject="day")
def count_due(session: Session, act: Act, *, day: date) -> Answer:
    """Count what waits for a person: hours, those nobody confirmed, doubts, stars, inquiries, rules, grants."""
    cases = notices.open_cases_noticed(session, act.community_id, act.today)
    return {
        "records": service.totals(session, act.community_id).waiting.records,
        "unconfirmed": service.overdue_count(session, act.community_id, act.today),
        "cases": len(service.objections_open(session, act.community_id)),
        "stars_to_announce": sum(one.stage is Stage.REACHED for one in cases),
        "stars_to_grant": sum(one.stage is Stage.READY and one.award.body is not Body.UPPER for one in cases),
        "stars_to_recommend": sum(one.stage is Stage.READY and one.award.body is Body.UPPER for one in cases),
        "stars_with_upper": sum(one.stage is Stage.RECOMMENDED for one in cases),
        "inquiries": sum(one.waits for one in inquiries(session, act.community_id)),
        "reviews": len(open_reviews(session, act.community_id)),
        "objections": sum(len(one.unanswered) for one in cases),
        "rules": proposals_waiting(session, act.community_id),
        "pool_grants": grants_waiting(session, act.community_id),
    }


Job = Callable[..., Answer]
JOBS: Final[Mapping[str, Job]] = {
    "holds": release_holds,
    "turns": give_turns,
    "hours": post_hours,
    "expiry": expire_points,
    "surplus": give_surplus,
    "expiry_notices": tell_of_expiry,
    "stars": look_at_stars,
    "sights": forget_sights,
    "retention": forget_what_is_due,
    "certificates": make_certificates,
    "due": count_due,
}
"""The jobs of a night, in their order: what is given back may expire, and what is due is counted last."""


def run_night(engine: Engine, act: Act, *, day: date, reads_kept_days: int = KEPT_DAYS_USUAL) -> tuple[Run, ...]:
    """Do every job of a day that was not done yet, each in a transaction of its own; return what came of each.

    Args:
        act: the act of the installation itself; its key and, for a day gone by, its moment are replaced.
        day: the civil day, today or earlier.
        reads_kept_days: for how many days the trail of reads is kept.

    Raises:
        Busy, BooksStopped: a job could not be done now; it and those after it are done by the next run.
    """
    assert day <= act.today, day
    doing = replace(act, at=_moment(act.at, day, act.today))
    settings: Mapping[str, Mapping[str, int]] = {"sights": {"kept_days": reads_kept_days}}
    runs = []
    for name, job in JOBS.items():
        with writing(engine) as session:
            keyed = replace(doing, request_key=f"nightly/{day.isoformat()}/{name}")
            answer = job(session, keyed, day=day, **settings.get(name, {}))
        runs.append(Run(name, answer))
    return tuple(runs)


def _moment(now: datetime, day: date, today: date) -> datetime:
    return now if day == today else moment_of(day, _LAST_MINUTE)
