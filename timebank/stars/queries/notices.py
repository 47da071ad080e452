"""Questions about public notice: which cases are announced until when, who has objected, what was answered."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.loading import in_chunks
from timebank.refusal import Refusal
from timebank.rulebook.queries import rules_on
from timebank.stars.queries import open_cases
from timebank.stars.rules import Award
from timebank.stars.rules.noticing import Noticed, NoticeFacts, Objection, Stage, check_noticed, stage_of
from timebank.stars.rules.recommending import Recommendation, check_granted_here
from timebank.stars.tables import StarNoticeRow, StarObjectionRow, StarRecommendationRow


class NoSuchObjection(Refusal):
    """There is no such objection."""

    code = "no_such_star_objection"


def open_cases_noticed(session: Session, community_id: str, today: date) -> tuple[Noticed, ...]:
    """Return the open cases with their notices, in the order of `open_cases`."""
    return noticed(session, community_id, open_cases(session, community_id), today)


def on_notice(session: Session, community_id: str, today: date) -> tuple[Noticed, ...]:
    """Return what is announced to everybody today, the notice that ends first at the top."""
    found = [one for one in open_cases_noticed(session, community_id, today) if one.last_on and today <= one.last_on]
    return tuple(sorted(found, key=lambda one: (one.last_on or today, one.award.number)))


def noticed(session: Session, community_id: str, awards: Sequence[Award], today: date) -> tuple[Noticed, ...]:
    """Return cases with their notices and objections, in a fixed number of statements."""
    needed = rules_on(session, community_id, today).document.star_notice_working_days
    ids = [award.award_id for award in awards]
    notices = _notices(session, community_id, ids)
    objections = objections_to(session, community_id, ids)
    recommended = recommendations(session, community_id, ids)
    return tuple(
        _noticed(
            award,
            notices.get(award.award_id),
            objections.get(award.award_id, ()),
            recommended.get(award.award_id),
            lambda facts: stage_of(facts, needed_working_days=needed, today=today),
        )
        for award in awards
    )


def _noticed(
    award: Award,
    notice: StarNoticeRow | None,
    objections: tuple[Objection, ...],
    recommendation: Recommendation | None,
    staged: Callable[[NoticeFacts], Stage],
) -> Noticed:
    last_on = notice.last_on if notice else None
    unanswered = sum(one.answered_at is None for one in objections)
    stage = staged(NoticeFacts(last_on, unanswered, recommended=recommendation is not None))
    return Noticed(award, stage, notice.first_on if notice else None, last_on, objections, recommendation)


def recommendations(session: Session, community_id: str, award_ids: Sequence[UUID]) -> dict[UUID, Recommendation]:
    """Return those of these cases that were recommended to the level above."""
    found: dict[UUID, Recommendation] = {}
    for chunk in in_chunks(award_ids):
        query = sa.select(StarRecommendationRow).where(
            StarRecommendationRow.community_id == community_id, StarRecommendationRow.award_id.in_(chunk)
        )
        found |= {
            row.award_id: Recommendation(row.recommended_to, row.recommender_id, row.recommender, row.recommended_on)
            for row in session.scalars(query)
        }
    return found


def check_not_above(session: Session, act: Act, awards: Sequence[Award]) -> None:
    """Make sure that no case is with the level above, whose answer is recorded and not anticipated.

    Raises:
        UpperDecides: one is.
    """
    known = recommendations(session, act.community_id, [award.award_id for award in awards])
    check_granted_here(award for award in awards if award.award_id in known)


def check_noticed_all(session: Session, act: Act, awards: Sequence[Award]) -> None:
    """Make sure that every one of these cases has had its notice and has no open objection.

    Raises:
        ObjectionOpen, NotOnNotice, StillOnNotice: one of them has not; the facts name the volunteer.
    """
    needed = rules_on(session, act.community_id, act.today).document.star_notice_working_days
    for one in noticed(session, act.community_id, awards, act.today):
        facts = NoticeFacts(one.last_on, len(one.unanswered))
        check_noticed(
            facts,
            needed_working_days=needed,
            today=act.today,
            volunteer=one.award.number,
            level=one.award.level,
        )


def _notices(session: Session, community_id: str, award_ids: Sequence[UUID]) -> dict[UUID, StarNoticeRow]:
    found: dict[UUID, StarNoticeRow] = {}
    for chunk in in_chunks(award_ids):
        query = sa.select(StarNoticeRow).where(
            StarNoticeRow.community_id == community_id, StarNoticeRow.award_id.in_(chunk)
        )
        found |= {row.award_id: row for row in session.scalars(query)}
    return found


def objections_to(session: Session, community_id: str, award_ids: Sequence[UUID]) -> dict[UUID, tuple[Objection, ...]]:
    """Return the objections to cases, oldest first."""
    found: defaultdict[UUID, list[Objection]] = defaultdict(list)
    for chunk in in_chunks(award_ids):
        query = (
            sa.select(StarObjectionRow)
            .where(StarObjectionRow.community_id == community_id, StarObjectionRow.award_id.in_(chunk))
            .order_by(StarObjectionRow.number)
        )
        for row in session.scalars(query):
            found[row.award_id].append(_objection(row))
    return {award_id: tuple(own) for award_id, own in found.items()}


def find_objection(session: Session, community_id: str, number: str) -> Objection | None:
    """Find an objection by the number that its author was given."""
    query = sa.select(StarObjectionRow).where(
        StarObjectionRow.community_id == community_id, StarObjectionRow.number == number
    )
    row = session.scalar(query)
    return None if row is None else _objection(row)


def unanswered(session: Session, community_id: str, award_ids: Iterable[UUID]) -> int:
    """Count the unanswered objections to cases."""
    found = objections_to(session, community_id, sorted(award_ids))
    return sum(one.answered_at is None for own in found.values() for one in own)


def _objection(row: StarObjectionRow) -> Objection:
    return Objection(
        objection_id=row.id,
        award_id=row.award_id,
        number=row.number,
        text=row.text,
        contact=row.contact,
        made_at=row.made_at,
        answer=row.answer,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
    )
