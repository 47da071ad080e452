"""Candidates: what the books and the cases say of volunteers who might have reached a level.

What only some ladders ask for (ratings, service of this year) is read only where the level asks for it: most do not,
and hours are approved all day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.loading import in_chunks
from timebank.books.statements import services_of
from timebank.ledger.accounts import MINUTES, AccountKind
from timebank.ledger.entries import Entry
from timebank.people.queries import Volunteer
from timebank.people.queries.training import training_minutes
from timebank.rulebook.rules import Step
from timebank.stars.queries.inquiries import waiting_inquiries
from timebank.stars.rules import ReviewState
from timebank.stars.rules.conditions import Candidate, Record
from timebank.stars.tables import StarAwardRow, StarReviewRow


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody held against a level: who, with how many minutes, and which star they hold."""

    volunteer: Volunteer
    step: Step
    minutes: int
    level: int


def candidates(
    session: Session, community_id: str, asked: Iterable[Asked], today: date
) -> Mapping[tuple[str, int], Candidate]:
    """Return what each is held against their level with, by volunteer's number and level."""
    known = tuple(asked)
    judged = {one.volunteer.number for one in known if _asks_for_record(one.step)}
    records = _records(session, community_id, judged, today.year)
    looked_into = {one.volunteer.number for one in known if one.step.no_open_case}
    waiting = _open_reviews(session, community_id, looked_into) + waiting_inquiries(session, community_id, looked_into)
    trained = {one.volunteer.number for one in known if one.step.training_minutes}
    training = training_minutes(session, community_id, trained, on=today) if trained else {}
    return {
        (one.volunteer.number, one.step.level): Candidate(
            one.minutes,
            one.volunteer.registered_on,
            today,
            replace(
                records.get(one.volunteer.number, Record()),
                level=one.level,
                training_minutes=training.get(one.volunteer.number, 0),
                open_cases=waiting[one.volunteer.number],
            ),
        )
        for one in known
    }


def _asks_for_record(step: Step) -> bool:
    return bool(step.ratings or step.rating_average_e2 or step.year_minutes)


def _records(session: Session, community_id: str, numbers: set[str], year: int) -> dict[str, Record]:
    records: dict[str, Record] = {}
    for number, entry in services_of(session, community_id, sorted(numbers)):
        records[number] = _with_service(records.get(number, Record()), number, entry, year)
    return records


def _with_service(record: Record, number: str, entry: Entry, year: int) -> Record:
    rating = entry.facts.get("rating")
    if type(rating) is int:
        record = replace(record, ratings=record.ratings + 1, rating_total=record.rating_total + rating)
    if (entry.served_on or entry.effective_on).year == year:
        record = replace(record, year_minutes=record.year_minutes + _minutes(entry, number))
    return record


def _minutes(entry: Entry, number: str) -> int:
    into = (t for t in entry.transfers if t.credit.kind is AccountKind.RECOGNISED and t.credit.owner == number)
    return sum(transfer.amount for transfer in into if transfer.unit == MINUTES)


def _open_reviews(session: Session, community_id: str, numbers: set[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for chunk in in_chunks(sorted(numbers)):
        query = (
            sa.select(StarAwardRow.number, sa.func.count())
            .join(
                StarReviewRow,
                sa.and_(
                    StarReviewRow.community_id == StarAwardRow.community_id, StarReviewRow.award_id == StarAwardRow.id
                ),
            )
            .where(
                StarAwardRow.community_id == community_id,
                StarAwardRow.number.in_(chunk),
                StarReviewRow.state == ReviewState.OPEN,
            )
            .group_by(StarAwardRow.number)
        )
        for number, count in session.execute(query):
            found[number] += count
    return found
