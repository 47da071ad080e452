"""Looking at volunteers whose minutes changed: which case opens, which is withdrawn, which granted star needs a look.

Read everything, decide in memory, write: a fixed number of statements however many volunteers there are. Used by
`operations.py` alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.loading import in_chunks
from timebank.ledger.accounts import is_group
from timebank.people import queries as people
from timebank.people.queries import Volunteer
from timebank.rulebook.queries import RuleVersion, rules_on
from timebank.rulebook.rules import Step
from timebank.stars.queries import award_of
from timebank.stars.queries.candidates import Asked, candidates
from timebank.stars.queries.inquiries import lowerings_of
from timebank.stars.rules import (
    Award,
    AwardState,
    ReviewState,
    Standing,
    find_next_step,
    needs_review,
    standing_of,
)
from timebank.stars.rules.conditions import is_reached
from timebank.stars.tables import StarAwardRow, StarReviewRow


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to be opened: for whom, which level, and on whose account.

    Attributes:
        opener_id, opener: the person whose act reached the level; that person cannot grant it.
    """

    volunteer: Volunteer
    step: Step
    minutes: int
    opener_id: UUID
    opener: str


@dataclass(frozen=True, slots=True)
class LastReview:
    """The newest review of an award."""

    review_id: UUID
    state: ReviewState
    minutes: int


def awards_of(session: Session, community_id: str, numbers: Iterable[str]) -> Mapping[str, list[Award]]:
    """Return every case of many volunteers, by volunteer."""
    found: defaultdict[str, list[Award]] = defaultdict(list)
    for chunk in in_chunks(sorted(set(numbers))):
        query = sa.select(StarAwardRow).where(StarAwardRow.community_id == community_id, StarAwardRow.number.in_(chunk))
        for row in session.scalars(query):
            found[row.number].append(award_of(row))
    return found


def standing_with(awards: Iterable[Award]) -> Standing:
    """Return a volunteer's standing after their cases."""
    return standing_of((award.level, award.state) for award in awards)


def candidates_for(
    session: Session, act: Act, rules: RuleVersion, minutes: Mapping[str, int], awards: Mapping[str, Sequence[Award]]
) -> list[tuple[Volunteer, Step]]:
    """Return who has reached their next level, with that level; without refused levels, closed passbooks and groups."""
    steps: dict[str, Step] = {}
    for number, served in minutes.items():
        if is_group(number):
            continue
        standing = standing_with(awards.get(number, ()))
        step = find_next_step(rules.document.community_ladder, standing)
        if step and step.level not in standing.refused and step.minutes <= served:
            steps[number] = step
    for number in lowered_today(session, act, steps):
        del steps[number]
    volunteers = people.volunteers(session, act.community_id, steps) if steps else {}
    asked = [
        Asked(volunteer, steps[number], minutes[number], standing_with(awards.get(number, ())).level)
        for number, volunteer in sorted(volunteers.items())
        if volunteer.closed_on is None
    ]
    known = candidates(session, act.community_id, asked, act.today)
    return [
        (one.volunteer, one.step) for one in asked if is_reached(one.step, known[one.volunteer.number, one.step.level])
    ]


def lowered_today(session: Session, act: Act, numbers: Iterable[str]) -> dict[str, date]:
    """Return whose star an inquiry has lowered, and until when; no further star is opened or granted before."""
    found = lowerings_of(session, act.community_id, numbers)
    return {
        number: max(one.until_on for one in own if one.holds_on(act.today))
        for number, own in found.items()
        if any(one.holds_on(act.today) for one in own)
    }


def open_cases(session: Session, act: Act, rules: RuleVersion, openings: Sequence[Opening]) -> list[UUID]:
    """Write new cases; return their ids in order."""
    rows = [_case(act, rules, opening) for opening in openings]
    if rows:
        session.execute(sa.insert(StarAwardRow), rows)
    return [row["id"] for row in rows]


def _case(act: Act, rules: RuleVersion, opening: Opening) -> dict[str, Any]:
    number, level = opening.volunteer.number, opening.step.level
    return {
        "community_id": act.community_id,
        "id": act.new_id(f"star-award {number} {level}"),
        "person_id": opening.volunteer.person_id,
        "number": number,
        "level": level,
        "state": AwardState.OPEN.value,
        "minutes": opening.minutes,
        "needed_minutes": opening.step.minutes,
        "body": opening.step.body.value,
        "rule_version": rules.version,
        "opener_id": opening.opener_id,
        "opener": opening.opener,
        "opened_at": act.at,
    }


def withdraw_unreached(
    session: Session, act: Act, minutes: Mapping[str, int], awards: Mapping[str, Sequence[Award]]
) -> list[str]:
    """Withdraw open cases whose minutes were taken back; return the volunteers' numbers."""
    gone = [
        award
        for number, cases in sorted(awards.items())
        for award in cases
        if award.state is AwardState.OPEN and minutes[number] < award.needed_minutes
    ]
    for chunk in in_chunks([award.award_id for award in gone]):
        session.execute(
            sa.update(StarAwardRow)
            .where(StarAwardRow.community_id == act.community_id, StarAwardRow.id.in_(chunk))
            .values(state=AwardState.WITHDRAWN.value, decider_id=act.person_id, decider=act.number, decided_at=act.at)
        )
    return [award.number for award in gone]


def look_at_granted(
    session: Session, act: Act, minutes: Mapping[str, int], awards: Mapping[str, Sequence[Award]]
) -> tuple[list[str], list[str]]:
    """Open a review where a granted star lost its minutes, and close one where they are back.

    Returns:
        The numbers of the volunteers to look at, and of those whose minutes are back.
    """
    granted = [award for cases in awards.values() for award in cases if award.state is AwardState.GRANTED]
    last = _last_reviews(session, act.community_id, [award.award_id for award in granted])
    short, back = [], []
    for award in granted:
        review = last.get(award.award_id)
        served = minutes[award.number]
        if needs_review(award.needed_minutes, served, (review.state, review.minutes) if review else None):
            short.append(award)
        elif review and review.state is ReviewState.OPEN and served >= award.needed_minutes:
            back.append(award)
    _open_reviews(session, act, short, minutes)
    _close_recovered(session, act, [last[award.award_id].review_id for award in back])
    return _numbers(short), _numbers(back)


def _numbers(awards: Iterable[Award]) -> list[str]:
    return sorted({award.number for award in awards})


def _last_reviews(session: Session, community_id: str, award_ids: Sequence[UUID]) -> dict[UUID, LastReview]:
    last: dict[UUID, LastReview] = {}
    for chunk in in_chunks(sorted(award_ids)):
        query = (
            sa.select(StarReviewRow.award_id, StarReviewRow.id, StarReviewRow.state, StarReviewRow.minutes)
            .where(StarReviewRow.community_id == community_id, StarReviewRow.award_id.in_(chunk))
            .order_by(StarReviewRow.opened_at, StarReviewRow.id)
        )
        for row in session.execute(query):
            last[row.award_id] = LastReview(row.id, ReviewState(row.state), row.minutes)
    return last


def _open_reviews(session: Session, act: Act, awards: Sequence[Award], minutes: Mapping[str, int]) -> None:
    rows = [
        {
            "community_id": act.community_id,
            "id": act.new_id(f"star-review {award.award_id}"),
            "award_id": award.award_id,
            "state": ReviewState.OPEN.value,
            "minutes": minutes[award.number],
            "opener": act.number,
            "opened_at": act.at,
        }
        for award in awards
    ]
    if rows:
        session.execute(sa.insert(StarReviewRow), rows)


def _close_recovered(session: Session, act: Act, review_ids: Sequence[UUID]) -> None:
    for chunk in in_chunks(review_ids):
        session.execute(
            sa.update(StarReviewRow)
            .where(StarReviewRow.community_id == act.community_id, StarReviewRow.id.in_(chunk))
            .values(state=ReviewState.RECOVERED.value, closer=act.number, closed_at=act.at)
        )


def rules_today(session: Session, act: Act) -> RuleVersion:
    """Return the rules by which a star is looked at: those in force today, whatever the day of the service."""
    return rules_on(session, act.community_id, act.today)
