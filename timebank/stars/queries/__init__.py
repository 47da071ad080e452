"""Questions about stars: which level was held on a day, what is missing to the next, what waits for a decision."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.loading import in_chunks
from timebank.books.statements import AccountFilter, balance, balances
from timebank.ledger.accounts import MINUTES, AccountKind, AccountRef
from timebank.ledger.days import moment_of
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.rulebook.queries import rule_versions, rules_on
from timebank.rulebook.rules import Body, RuleDocument, Step
from timebank.stars.queries.candidates import Asked, candidates
from timebank.stars.queries.inquiries import lowerings_of
from timebank.stars.rules import Award, AwardState, ReviewState, standing_of
from timebank.stars.rules.conditions import Condition, conditions_for
from timebank.stars.rules.inquiries import lowered
from timebank.stars.tables import StarAwardRow, StarReviewRow

STREAM: Final = 1000
"""How many cases are fetched at a time when all are read."""


class NoSuchAward(Refusal):
    """There is no such case."""

    code = "no_such_star_award"


@dataclass(frozen=True, slots=True)
class Review:
    """A granted star whose minutes were taken back below what it asked for.

    Attributes:
        minutes: recognised minutes when the review was opened.
        opener: number of the person whose act opened it; `closer` of whoever closed it.
        reason: why the star was kept.
    """

    review_id: UUID
    award: Award
    state: ReviewState
    minutes: int
    opener: str
    opened_at: datetime
    closer: str | None
    closed_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Reached:
    """The level of one ladder that the minutes alone reach; not a star, which is granted.

    Attributes:
        ladder_name: the ladder's own label, so that the national one is never taken for the community's.
    """

    ladder_name: str
    level: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a volunteer stands on the community's ladder.

    Attributes:
        level: the star held, 0 without one; less than what was granted while an inquiry has lowered it.
        lowered_until: until when it is lowered, or None.
        minutes: recognised minutes.
        next_level: the next star, or None at the top of the ladder.
        missing_minutes: what is missing to it, 0 where it is reached (then a case waits) or there is none.
        open_case: the case that waits for a decision, or None.
        conditions: every condition of the next level with what the volunteer has.
        reached: the level that the minutes reach on each ladder of the rules, the community's own first.
    """

    level: int
    lowered_until: date | None
    minutes: int
    next_level: int | None
    missing_minutes: int
    open_case: Award | None
    conditions: tuple[Condition, ...]
    reached: tuple[Reached, ...]


def level_on(session: Session, community_id: str, number: str, day: date) -> int:
    """Return the star level that a volunteer held on a day; it is held from the civil day of its grant on."""
    return levels_on(session, community_id, [(number, day)])[number, day]


def levels_on(session: Session, community_id: str, pairs: Iterable[tuple[str, date]]) -> Mapping[tuple[str, date], int]:
    """Return the level held by each volunteer on each day, in two statements for up to 2,000 volunteers."""
    wanted = set(pairs)
    grants = _grants(session, community_id, sorted({number for number, _ in wanted}))
    starred = [number for number, granted in grants.items() if granted]
    lowerings = lowerings_of(session, community_id, starred)
    return {
        (number, day): lowered(
            max((level for level, begins_at in grants[number] if begins_at < _end_of(day)), default=0),
            lowerings.get(number, ()),
            day,
        )
        for number, day in wanted
    }


def _grants(session: Session, community_id: str, numbers: list[str]) -> Mapping[str, list[tuple[int, datetime]]]:
    found: defaultdict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for chunk in in_chunks(numbers):
        query = sa.select(StarAwardRow.number, StarAwardRow.level, StarAwardRow.decided_at).where(
            StarAwardRow.community_id == community_id,
            StarAwardRow.number.in_(chunk),
            StarAwardRow.state == AwardState.GRANTED,
        )
        for number, level, decided_at in session.execute(query):
            assert decided_at is not None
            found[number].append((level, decided_at))
    return found


def _end_of(day: date) -> datetime:
    return moment_of(day + timedelta(days=1), time())


def progress(session: Session, community_id: str, number: str, day: date) -> Progress:
    """Return where a volunteer stands by the ladder in force on a day (today's, on a screen), with their minutes now.

    Raises:
        NoSuchVolunteer: there is none of this number.
        NoRules: no rules are in force on that day.
    """
    volunteer = people.volunteer(session, community_id, number)
    minutes = balance(session, community_id, AccountRef(AccountKind.RECOGNISED, number, MINUTES))
    awards = history(session, community_id, number)
    standing = standing_of((award.level, award.state) for award in awards)
    document = rules_on(session, community_id, day).document
    step = document.community_ladder.find_step(standing.level + 1)
    lowerings = [one for one in lowerings_of(session, community_id, [number]).get(number, ()) if one.holds_on(day)]
    return Progress(
        level=lowered(standing.level, lowerings, day),
        lowered_until=max((one.until_on for one in lowerings), default=None),
        minutes=minutes,
        next_level=step.level if step else None,
        missing_minutes=max(0, step.minutes - minutes) if step else 0,
        open_case=next((award for award in awards if award.state is AwardState.OPEN), None),
        conditions=_conditions(session, community_id, Asked(volunteer, step, minutes, standing.level), day)
        if step
        else (),
        reached=_reached(document, minutes),
    )


def _conditions(session: Session, community_id: str, asked: Asked, day: date) -> tuple[Condition, ...]:
    found = candidates(session, community_id, [asked], day)
    return conditions_for(asked.step, found[asked.volunteer.number, asked.step.level])


def conditions_of(
    session: Session, community_id: str, awards: Iterable[Award], day: date
) -> Mapping[UUID, tuple[Condition, ...]]:
    """Return what each case rests on: the conditions of its level, by the rules that opened it, with what holds now."""
    known = tuple(awards)
    numbers = {award.number for award in known}
    volunteers = people.volunteers(session, community_id, numbers)
    versions = {one.version: one.document for one in rule_versions(session, community_id)}
    wanted = AccountFilter(kind=AccountKind.RECOGNISED, unit=MINUTES, owners=tuple(sorted(numbers)))
    minutes = {item.account.owner: item.balance for item in balances(session, community_id, wanted)}
    asked = {}
    for award in known:
        step = versions[award.rule_version].community_ladder.find_step(award.level)
        assert step is not None, award
        held = Asked(volunteers[award.number], step, minutes.get(award.number, 0), award.level - 1)
        asked[award.award_id] = held
    found = candidates(session, community_id, asked.values(), day)
    return {
        award_id: conditions_for(one.step, found[one.volunteer.number, one.step.level])
        for award_id, one in asked.items()
    }


def _reached(document: RuleDocument, minutes: int) -> tuple[Reached, ...]:
    own = document.community_ladder
    others = (each for each in document.ladders if each is not own)
    return tuple(Reached(each.name, each.level_for(minutes)) for each in (own, *others))


def ladder(session: Session, community_id: str, day: date) -> tuple[Step, ...]:
    """Return the steps of the community's ladder on a day, level 1 first.

    Raises:
        NoRules: no rules are in force on that day.
    """
    return rules_on(session, community_id, day).document.community_ladder.steps


def open_cases(session: Session, community_id: str) -> tuple[Award, ...]:
    """Return the cases that wait for a decision, oldest first; of one moment, by the volunteer's number."""
    query = (
        _awards(community_id)
        .where(StarAwardRow.state == AwardState.OPEN)
        .order_by(StarAwardRow.opened_at, StarAwardRow.number)
    )
    return tuple(award_of(row) for row in session.scalars(query))


def history(session: Session, community_id: str, number: str) -> tuple[Award, ...]:
    """Return every case of a volunteer, newest first; nothing is ever forgotten."""
    query = (
        _awards(community_id)
        .where(StarAwardRow.number == number)
        .order_by(StarAwardRow.opened_at.desc(), StarAwardRow.level.desc(), StarAwardRow.id.desc())
    )
    return tuple(award_of(row) for row in session.scalars(query))


def award(session: Session, community_id: str, award_id: UUID) -> Award:
    """Return one case.

    Raises:
        NoSuchAward: there is none.
    """
    row = session.get(StarAwardRow, (community_id, award_id))
    if row is None:
        raise NoSuchAward(award_id=str(award_id))
    return award_of(row)


def awards_in_order(session: Session, community_id: str) -> Iterator[Award]:
    """Yield every case, oldest first, in flat memory (for verification)."""
    after = UUID(int=0)
    while True:
        query = _awards(community_id).where(StarAwardRow.id > after).order_by(StarAwardRow.id).limit(STREAM)
        page = [award_of(row) for row in session.scalars(query)]
        yield from page
        if len(page) < STREAM:
            return
        after = page[-1].award_id


def open_reviews(session: Session, community_id: str) -> tuple[Review, ...]:
    """Return the stars that somebody must look at because minutes were taken back, oldest first."""
    query = (
        sa.select(StarReviewRow, StarAwardRow)
        .join(
            StarAwardRow,
            sa.and_(StarAwardRow.community_id == StarReviewRow.community_id, StarAwardRow.id == StarReviewRow.award_id),
        )
        .where(StarReviewRow.community_id == community_id, StarReviewRow.state == ReviewState.OPEN)
        .order_by(StarReviewRow.opened_at, StarReviewRow.id)
    )
    return tuple(_review_of(review, row) for review, row in session.execute(query))


def _awards(community_id: str) -> sa.Select[StarAwardRow]:
    return sa.select(StarAwardRow).where(StarAwardRow.community_id == community_id)


def award_of(row: StarAwardRow) -> Award:
    """Turn a row into what others may see (within this package)."""
    return Award(
        award_id=row.id,
        person_id=row.person_id,
        number=row.number,
        level=row.level,
        state=AwardState(row.state),
        minutes=row.minutes,
        needed_minutes=row.needed_minutes,
        body=Body(row.body),
        rule_version=row.rule_version,
        opener_id=row.opener_id,
        opener=row.opener,
        opened_at=row.opened_at,
        decider=row.decider,
        decided_at=row.decided_at,
        reason=row.reason,
        entry_seq=row.entry_seq,
    )


def _review_of(row: StarReviewRow, award_row: StarAwardRow) -> Review:
    return Review(
        review_id=row.id,
        award=award_of(award_row),
        state=ReviewState(row.state),
        minutes=row.minutes,
        opener=row.opener,
        opened_at=row.opened_at,
        closer=row.closer,
        closed_at=row.closed_at,
        reason=row.reason,
    )
