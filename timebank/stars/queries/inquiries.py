"""Questions about inquiries into stars: what is going on, who was heard, what was decided, which level still counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.loading import in_chunks
from timebank.ledger.days import day_of
from timebank.refusal import Refusal
from timebank.stars.rules.inquiries import HearingKind, InquiryOutcome, InquiryState, Lowering
from timebank.stars.tables import StarHearingRow, StarInquiryDecisionRow, StarInquiryObjectionRow, StarInquiryRow


class NoSuchInquiry(Refusal):
    """There is no such inquiry."""

    code = "no_such_star_inquiry"


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the volunteer said on a day, or that they did not; `recorder` is the number of who wrote it down."""

    kind: HearingKind
    heard_on: date
    text: str
    recorder: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class InquiryDecision:
    """What was decided: the level held until a day (None where the star is kept), why, and the entry that says so."""

    round: int
    outcome: InquiryOutcome
    level_after: int
    until_on: date | None
    reason: str
    document: str
    decider_id: UUID
    decider: str
    decided_at: datetime
    entry_seq: int


@dataclass(frozen=True, slots=True)
class InquiryObjection:
    """What the volunteer had against the first decision."""

    text: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An inquiry into a star, with everything that was said and decided, in order.

    Attributes:
        number: what everybody calls it by, e.g. `FH0001`.
        level: the star held when it was opened.
    """

    inquiry_id: UUID
    number: str
    award_id: UUID
    person_id: UUID
    volunteer_number: str
    level: int
    reason: str
    evidence: str
    opener_id: UUID
    opener: str
    opened_at: datetime
    hearings: tuple[Hearing, ...]
    decisions: tuple[InquiryDecision, ...]
    objection: InquiryObjection | None

    @property
    def state(self) -> InquiryState:
        """How far it has come; it waits for a decision while it is open or objected to."""
        if not self.decisions:
            return InquiryState.OPEN
        if len(self.decisions) > 1:
            return InquiryState.FINAL
        return InquiryState.OBJECTED if self.objection else InquiryState.DECIDED

    @property
    def waits(self) -> bool:
        """Somebody has to decide."""
        return self.state in {InquiryState.OPEN, InquiryState.OBJECTED}

    @property
    def lowerings(self) -> Iterator[Lowering]:
        """For which days the star counts less."""
        for place, one in enumerate(self.decisions):
            ended_on = day_of(self.decisions[1].decided_at) if place == 0 and len(self.decisions) > 1 else None
            if one.until_on is not None:
                yield Lowering(one.level_after, day_of(one.decided_at), one.until_on, ended_on)


def inquiry(session: Session, community_id: str, number: str) -> Inquiry:
    """Return an inquiry by its number.

    Raises:
        NoSuchInquiry: there is none.
    """
    found = _inquiries(session, community_id, StarInquiryRow.number == number)
    if not found:
        raise NoSuchInquiry(number=number)
    return found[0]


def inquiries(session: Session, community_id: str) -> tuple[Inquiry, ...]:
    """Return every inquiry, the newest first; those that wait stand before the others."""
    found = _inquiries(session, community_id, sa.true())
    return tuple(sorted(found, key=lambda one: not one.waits))


def inquiries_about(session: Session, community_id: str, volunteer_number: str) -> tuple[Inquiry, ...]:
    """Return every inquiry about a volunteer, the newest first; nothing is ever forgotten."""
    return _inquiries(session, community_id, StarInquiryRow.volunteer_number == volunteer_number)


def waiting_inquiries(session: Session, community_id: str, numbers: Iterable[str]) -> Counter[str]:
    """Count the inquiries about volunteers that wait for a decision."""
    found = _about(session, community_id, numbers)
    return Counter(one.volunteer_number for one in found if one.waits)


def lowerings_of(session: Session, community_id: str, numbers: Iterable[str]) -> Mapping[str, tuple[Lowering, ...]]:
    """Return for which days the stars of volunteers count less; nearly nobody has any."""
    found: defaultdict[str, list[Lowering]] = defaultdict(list)
    for one in _about(session, community_id, numbers):
        found[one.volunteer_number].extend(one.lowerings)
    return {number: tuple(own) for number, own in found.items()}


def decided_inquiries(session: Session, community_id: str) -> Iterator[tuple[Inquiry, InquiryDecision]]:
    """Yield every decision with its inquiry (for verification)."""
    for one in _inquiries(session, community_id, sa.true()):
        for decision in one.decisions:
            yield one, decision


def _about(session: Session, community_id: str, numbers: Iterable[str]) -> Iterator[Inquiry]:
    for chunk in in_chunks(sorted(set(numbers))):
        yield from _inquiries(session, community_id, StarInquiryRow.volunteer_number.in_(chunk))


def _inquiries(session: Session, community_id: str, wanted: sa.ColumnElement[bool]) -> tuple[Inquiry, ...]:
    query = (
        sa.select(StarInquiryRow)
        .where(StarInquiryRow.community_id == community_id, wanted)
        .order_by(StarInquiryRow.opened_at.desc(), StarInquiryRow.number.desc())
    )
    rows = session.scalars(query).all()
    ids = [row.id for row in rows]
    hearings = _hearings(session, community_id, ids)
    decisions = _decisions(session, community_id, ids)
    objections = _objections(session, community_id, ids)
    return tuple(
        Inquiry(
            inquiry_id=row.id,
            number=row.number,
            award_id=row.award_id,
            person_id=row.person_id,
            volunteer_number=row.volunteer_number,
            level=row.level,
            reason=row.reason,
            evidence=row.evidence,
            opener_id=row.opener_id,
            opener=row.opener,
            opened_at=row.opened_at,
            hearings=tuple(hearings[row.id]),
            decisions=tuple(decisions[row.id]),
            objection=objections.get(row.id),
        )
        for row in rows
    )


def _hearings(session: Session, community_id: str, ids: list[UUID]) -> defaultdict[UUID, list[Hearing]]:
    found: defaultdict[UUID, list[Hearing]] = defaultdict(list)
    for chunk in in_chunks(ids):
        query = (
            sa.select(StarHearingRow)
            .where(StarHearingRow.community_id == community_id, StarHearingRow.inquiry_id.in_(chunk))
            .order_by(StarHearingRow.recorded_at, StarHearingRow.id)
        )
        for row in session.scalars(query):
            heard = Hearing(HearingKind(row.kind), row.heard_on, row.text, row.recorder, row.recorded_at)
            found[row.inquiry_id].append(heard)
    return found


def _decisions(session: Session, community_id: str, ids: list[UUID]) -> defaultdict[UUID, list[InquiryDecision]]:
    found: defaultdict[UUID, list[InquiryDecision]] = defaultdict(list)
    for chunk in in_chunks(ids):
        query = (
            sa.select(StarInquiryDecisionRow)
            .where(StarInquiryDecisionRow.community_id == community_id, StarInquiryDecisionRow.inquiry_id.in_(chunk))
            .order_by(StarInquiryDecisionRow.round)
        )
        for row in session.scalars(query):
            found[row.inquiry_id].append(_decision(row))
    return found


def _decision(row: StarInquiryDecisionRow) -> InquiryDecision:
    return InquiryDecision(
        round=row.round,
        outcome=InquiryOutcome(row.outcome),
        level_after=row.level_after,
        until_on=row.until_on,
        reason=row.reason,
        document=row.document,
        decider_id=row.decider_id,
        decider=row.decider,
        decided_at=row.decided_at,
        entry_seq=row.entry_seq,
    )


def _objections(session: Session, community_id: str, ids: list[UUID]) -> dict[UUID, InquiryObjection]:
    found: dict[UUID, InquiryObjection] = {}
    for chunk in in_chunks(ids):
        query = sa.select(StarInquiryObjectionRow).where(
            StarInquiryObjectionRow.community_id == community_id, StarInquiryObjectionRow.inquiry_id.in_(chunk)
        )
        found |= {
            row.inquiry_id: InquiryObjection(row.text, row.made_by, row.made_at) for row in session.scalars(query)
        }
    return found
