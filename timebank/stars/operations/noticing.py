"""What can be done about public notice: announce cases, object to one, answer; and a volunteer's own application."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people import queries as people
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.rulebook.rules import working_day_after
from timebank.stars.operations import deciding, reviewing
from timebank.stars.queries import award, notices
from timebank.stars.queries.notices import NoSuchObjection
from timebank.stars.rules import AwardDecided, AwardState, check_decision, check_reason
from timebank.stars.rules.noticing import (
    OPEN_OBJECTIONS_MAX,
    NoNoticeNeeded,
    NoticeOver,
    ObjectionAnswered,
    OnNoticeAlready,
    TooManyObjections,
    check_text,
)
from timebank.stars.tables import StarAwardRow, StarNoticeRow, StarObjectionRow


class NotYourApplication(Refusal):
    """Only the volunteer who applied takes the application back."""

    code = "star_not_your_application"


@once("stars.put_on_notice")
def put_on_notice(session: Session, act: Act, *, award_ids: tuple[UUID, ...]) -> dict[str, str | int]:
    """Announce cases to everybody from today on, for the working days that the rules ask for, all or none.

    Returns:
        `cases` (how many) and `last_on`, the last day of the notice; they may be granted from the day after.

    Raises:
        NotAllowed: the actor may not decide about stars where a volunteer lives.
        NoSuchAward: there is no such case.
        AwardDecided, YourOwnStar, StarOfRelative: it is not theirs to announce.
        OnNoticeAlready: it was announced before.
        NoNoticeNeeded: the rules ask for no notice.
    """
    people.check_may(session, act, Permission.GRANT_STAR)
    rules = reviewing.rules_today(session, act)
    days = rules.document.star_notice_working_days
    if days == 0:
        raise NoNoticeNeeded()
    last_on = working_day_after(rules.document, act.today, days)
    decidable = deciding.decidable(session, act, list(dict.fromkeys(award_ids)))
    for _, facts in decidable:
        check_decision(facts, decider_id=act.person_id)
    awards = [found for found, _ in decidable]
    for one in notices.noticed(session, act.community_id, awards, act.today):
        if one.last_on is not None:
            raise OnNoticeAlready(volunteer=one.award.number, level=one.award.level, last_on=one.last_on.isoformat())
    rows = [
        {
            "community_id": act.community_id,
            "award_id": found.award_id,
            "first_on": act.today,
            "last_on": last_on,
            "poster_id": act.person_id,
            "poster": act.number,
            "posted_at": act.at,
        }
        for found in awards
    ]
    if rows:
        session.execute(sa.insert(StarNoticeRow), rows)
    return {"cases": len(rows), "last_on": last_on.isoformat()}


@once("stars.object", subject="award_id")
def object_to(session: Session, act: Act, *, award_id: UUID, text: str, contact: str) -> str:
    """Object to a star while it is announced; anybody may, also without a name. Return the number to ask by.

    Args:
        contact: how to reach whoever objects; may be empty.

    Raises:
        NoSuchAward: there is no such case.
        ObjectionUnclear: the text says too little or too much.
        NoticeOver: the case is not announced today.
        TooManyObjections: there are many unanswered ones already.
    """
    check_text(text)
    (found,) = notices.noticed(session, act.community_id, [award(session, act.community_id, award_id)], act.today)
    if found.award.state is not AwardState.OPEN or found.last_on is None or act.today > found.last_on:
        raise NoticeOver()
    if len(found.unanswered) >= OPEN_OBJECTIONS_MAX:
        raise TooManyObjections(objections=len(found.unanswered))
    row = StarObjectionRow(
        community_id=act.community_id,
        id=act.new_id("star-objection"),
        award_id=award_id,
        number=_next_number(session, act.community_id),
        text=text.strip(),
        contact=contact.strip(),
        made_by=act.number,
        made_at=act.at,
    )
    session.add(row)
    return row.number


def _next_number(session: Session, community_id: str) -> str:
    query = sa.select(sa.func.count()).where(StarObjectionRow.community_id == community_id)
    return f"YY{(session.scalar(query) or 0) + 1:04d}"


@once("stars.answer_objection", subject="objection_id")
def answer_objection(session: Session, act: Act, *, objection_id: UUID, answer: str) -> None:
    """Answer an objection, so that the case can be decided; whether it is granted or refused is a decision of its own.

    Raises:
        NotAllowed: the actor may not decide about stars where the volunteer lives.
        NoSuchObjection: there is none.
        ObjectionAnswered: it was answered before.
        ObjectionUnclear: the answer says too little or too much.
        AwardDecided, YourOwnStar, StarOfRelative: it is not theirs to answer.
    """
    people.check_may(session, act, Permission.GRANT_STAR)
    check_text(answer)
    row = session.get(StarObjectionRow, (act.community_id, objection_id))
    if row is None:
        raise NoSuchObjection()
    if row.answered_at is not None:
        raise ObjectionAnswered(number=row.number)
    ((_, facts),) = deciding.decidable(session, act, [row.award_id])
    check_decision(facts, decider_id=act.person_id)
    row.answer, row.answered_by_id, row.answered_by, row.answered_at = answer.strip(), act.person_id, act.number, act.at


@once("stars.apply")
def apply(session: Session, act: Act) -> str:
    """Apply for one's own next star, as the volunteer who acts; return the case's id.

    Raises:
        NoSuchVolunteer: the actor is no volunteer.
        NoNextLevel, NotReached, RegisteredTooShort, TooLittleThisYear, RatedTooFew, RatedTooLow, CaseStillOpen: there
            is no level to apply for yet; the facts say what is missing.
    """
    return deciding.open_next(session, act, act.number)


@once("stars.withdraw", subject="award_id")
def withdraw(session: Session, act: Act, *, award_id: UUID, reason: str) -> None:
    """Take one's own application back, as the volunteer who acts; one may apply again.

    Raises:
        NoSuchAward: there is no such case.
        NotYourApplication: it is somebody else's, or the hours opened it.
        AwardDecided: it was decided before.
        ReasonMissing: no reason is given.
    """
    check_reason(reason)
    found = award(session, act.community_id, award_id)
    if (found.number, found.opener_id) != (act.number, act.person_id):
        raise NotYourApplication()
    if found.state is not AwardState.OPEN:
        raise AwardDecided(volunteer=found.number, level=found.level, state=found.state.value)
    session.execute(
        sa.update(StarAwardRow)
        .where(StarAwardRow.community_id == act.community_id, StarAwardRow.id == award_id)
        .values(
            state=AwardState.WITHDRAWN.value,
            decider_id=act.person_id,
            decider=act.number,
            decided_at=act.at,
            reason=reason,
        )
    )
