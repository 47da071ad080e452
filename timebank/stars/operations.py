"""What can be done about stars: see whether a level is reached, grant a case, refuse it, open one by hand, keep a star.

`review` is the one way in which a case comes about by itself: whoever posts minutes calls it with the balances that
result. Each decision is an entry of its own; the level is held from the civil day of that entry on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.journal import Posted
from timebank.books.loading import in_chunks
from timebank.books.requests import once
from timebank.books.statements import AccountFilter, balances
from timebank.ledger.accounts import MINUTES, AccountKind
from timebank.ledger.entries import Draft, EntryKind
from timebank.people import queries as people
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.stars import reviewing
from timebank.stars.candidates import Asked, candidates
from timebank.stars.conditions import check_reached
from timebank.stars.notices import check_noticed_all
from timebank.stars.queries import Award, NoSuchAward, award_of
from timebank.stars.reviewing import Opening
from timebank.stars.rules import (
    AwardFacts,
    AwardState,
    NoNextLevel,
    ReviewState,
    check_decision,
    check_grant,
    check_reason,
    check_review,
    find_next_step,
)
from timebank.stars.tables import StarAwardRow, StarReviewRow


class NoSuchStarReview(Refusal):
    """There is no such review of a star."""

    code = "no_such_star_review"


@once("stars.review")
def review(session: Session, act: Act, *, minutes_by_number: Mapping[str, int]) -> dict[str, Any]:
    """Look at volunteers whose recognised minutes have changed, by the ladder in force today.

    Opens a case where the next level is reached and none is open for it (a refused level is opened again by a person
    only), withdraws an open one whose minutes were taken back, and flags a granted star that lost its minutes. It asks
    for no right: it is part of the operation that posted the minutes and decides nothing.

    Args:
        minutes_by_number: recognised minutes of each volunteer after the posting.

    Returns:
        Volunteers' numbers by what happened: `opened`, `withdrawn`, `flagged`, `recovered`.
    """
    rules = reviewing.rules_today(session, act)
    awards = reviewing.awards_of(session, act.community_id, minutes_by_number)
    withdrawn = reviewing.withdraw_unreached(session, act, minutes_by_number, awards)
    flagged, recovered = reviewing.look_at_granted(session, act, minutes_by_number, awards)
    openings = [
        Opening(volunteer, step, minutes_by_number[volunteer.number], act.person_id, act.number)
        for volunteer, step in reviewing.candidates_for(session, act, rules, minutes_by_number, awards)
    ]
    reviewing.open_cases(session, act, rules, openings)
    opened = [opening.volunteer.number for opening in openings]
    return {"opened": opened, "withdrawn": withdrawn, "flagged": flagged, "recovered": recovered}


@once("stars.review_everyone")
def review_everyone(session: Session, act: Act) -> dict[str, Any]:
    """Look at every volunteer: after new rules began to hold, or where a level waits for time; see `review`."""
    wanted = AccountFilter(kind=AccountKind.RECOGNISED, unit=MINUTES)
    found = balances(session, act.community_id, wanted)
    return review(session, act, minutes_by_number={item.account.owner: item.balance for item in found})


@once("stars.grant", subject="award_id")
def grant(session: Session, act: Act, *, award_id: UUID) -> dict[str, Any]:
    """Grant one case; the level is held from today on.

    If the level above is reached too, its case opens at once: on the account of whoever opened this one, so that the
    granter may grant that one as well.

    Returns:
        `number`, `level`, `entry` (its number) and `next_award` (the id of the case opened, or None).

    Raises:
        NotAllowed: the actor may not grant stars where the volunteer lives.
        NoSuchAward: there is no such case.
        AwardDecided, OpenedByYourself, YourOwnStar, StarOfRelative, NoLongerReached: it is not theirs to grant.
        NotOnNotice, StillOnNotice, ObjectionOpen: everybody was not asked yet, or somebody waits for an answer.
    """
    granted = _grant(session, act, [award_id])
    award, posted = granted.awards[0], granted.posted[0]
    next_award = str(granted.next_awards[0]) if granted.next_awards else None
    return {"number": award.number, "level": award.level, "entry": posted.seq, "next_award": next_award}


@once("stars.grant_many")
def grant_many(session: Session, act: Act, *, award_ids: tuple[UUID, ...]) -> dict[str, Any]:
    """Grant many cases in one transaction, all or none; see `grant`.

    Returns:
        `entries` in the order of the cases, and `next_awards` (ids of the cases opened by it).

    Raises:
        See `grant`; the facts name the volunteer.
    """
    granted = _grant(session, act, list(dict.fromkeys(award_ids)))
    return {
        "entries": [posted.seq for posted in granted.posted],
        "next_awards": [str(award_id) for award_id in granted.next_awards],
    }


@once("stars.refuse", subject="award_id")
def refuse(session: Session, act: Act, *, award_id: UUID, reason: str) -> int:
    """Refuse a case with a reason; return the number of its entry.

    The level is not opened again by itself; a person may open it again later (`nominate`).

    Raises:
        NotAllowed: the actor may not decide about stars where the volunteer lives.
        NoSuchAward: there is no such case.
        ReasonMissing: no reason is given.
        AwardDecided, YourOwnStar, StarOfRelative: it is not theirs to decide.
    """
    people.check_may(session, act, Permission.GRANT_STAR)
    check_reason(reason)
    award, facts = decidable(session, act, [award_id])[0]
    check_decision(facts, decider_id=act.person_id)
    posted = journal.post(session, act, _decision(act, EntryKind.STAR_REFUSED, award, facts.minutes, memo=reason))
    _decide(session, act, AwardState.REFUSED, [(award, posted)], reason=reason)
    return posted.seq


@once("stars.nominate", subject="number")
def nominate(session: Session, act: Act, *, number: str) -> str:
    """Open a case for a volunteer's next level by hand, for example after a refusal; return its id.

    Raises:
        NotAllowed: the actor may not propose stars where the volunteer lives.
        NoSuchVolunteer: there is none of this number.
        NoNextLevel: the ladder ends here, or a case is open already.
        NotReached, RegisteredTooShort, TooLittleThisYear, RatedTooFew, RatedTooLow, CaseStillOpen: a condition of the
            next level is not met.
    """
    volunteer = people.volunteer(session, act.community_id, number)
    people.check_may(session, act, Permission.GRANT_STAR, org_unit_id=volunteer.org_unit_id)
    return open_next(session, act, number)


def open_next(session: Session, act: Act, number: str) -> str:
    """Open a case for a volunteer's next level on the actor's account; return its id. For operations of this room.

    Raises:
        NoSuchVolunteer, NoNextLevel, and the refusals of an unmet condition: see `nominate`.
    """
    volunteer = people.volunteer(session, act.community_id, number)
    rules = reviewing.rules_today(session, act)
    awards = reviewing.awards_of(session, act.community_id, [number])
    standing = reviewing.standing_with(awards.get(number, ()))
    step = find_next_step(rules.document.community_ladder, standing)
    if step is None or volunteer.closed_on is not None:
        raise NoNextLevel(volunteer=number, level=standing.level)
    minutes = _minutes_of(session, act.community_id, [number])[number]
    asked = Asked(volunteer, step, minutes, standing.level)
    check_reached(step, candidates(session, act.community_id, [asked], act.today)[number, step.level], number)
    opening = Opening(volunteer, step, minutes, act.person_id, act.number)
    return str(reviewing.open_cases(session, act, rules, [opening])[0])


@once("stars.keep", subject="review_id")
def keep(session: Session, act: Act, *, review_id: UUID, reason: str) -> None:
    """Close the review of a star that lost minutes: the star is kept, for a reason.

    Raises:
        NotAllowed: the actor may not decide about stars where the volunteer lives.
        NoSuchStarReview: there is no such review.
        ReviewClosed: it was closed before.
        ReasonMissing: no reason is given.
        YourOwnStar, StarOfRelative: it is not theirs to decide.
    """
    people.check_may(session, act, Permission.GRANT_STAR)
    check_reason(reason)
    row = session.get(StarReviewRow, (act.community_id, review_id))
    if row is None:
        raise NoSuchStarReview(review_id=str(review_id))
    _, facts = decidable(session, act, [row.award_id])[0]
    check_review(ReviewState(row.state), facts, decider_id=act.person_id)
    row.state, row.reason = ReviewState.KEPT.value, reason
    row.closer, row.closed_at = act.number, act.at


@dataclass(frozen=True, slots=True)
class _Granted:
    """What granting has led to."""

    awards: Sequence[Award]
    posted: Sequence[Posted]
    next_awards: Sequence[UUID]


def _grant(session: Session, act: Act, award_ids: Sequence[UUID]) -> _Granted:
    people.check_may(session, act, Permission.GRANT_STAR)
    decided = decidable(session, act, award_ids)
    for _, facts in decided:
        check_grant(facts, granter_id=act.person_id)
    awards = [award for award, _ in decided]
    check_noticed_all(session, act, awards)
    drafts = [_decision(act, EntryKind.STAR_GRANTED, award, facts.minutes) for award, facts in decided]
    posted = journal.post_all(session, act, drafts) if drafts else ()
    _decide(session, act, AwardState.GRANTED, list(zip(awards, posted, strict=True)))
    minutes = {facts.number: facts.minutes for _, facts in decided}
    return _Granted(awards, posted, _open_next(session, act, awards, minutes))


def _open_next(session: Session, act: Act, granted: Sequence[Award], minutes: Mapping[str, int]) -> list[UUID]:
    """Open the levels above, on the account of whoever opened the ones just granted."""
    openers = {award.number: (award.opener_id, award.opener) for award in granted}
    rules = reviewing.rules_today(session, act)
    awards = reviewing.awards_of(session, act.community_id, openers)
    openings = [
        Opening(volunteer, step, minutes[volunteer.number], *openers[volunteer.number])
        for volunteer, step in reviewing.candidates_for(session, act, rules, minutes, awards)
    ]
    return reviewing.open_cases(session, act, rules, openings)


def decidable(session: Session, act: Act, award_ids: Sequence[UUID]) -> list[tuple[Award, AwardFacts]]:
    """Load cases with all that a decision needs, in the order asked for; check the right for where people live."""
    by_id = _awards_by_id(session, act.community_id, award_ids)
    for award_id in award_ids:
        if award_id not in by_id:
            raise NoSuchAward(award_id=str(award_id))
    awards = [by_id[award_id] for award_id in award_ids]
    _check_places(session, act, {award.number for award in awards})
    minutes = _minutes_of(session, act.community_id, [award.number for award in awards])
    close = people.close_to(session, act.community_id, {award.person_id for award in awards})
    return [(award, _facts(award, minutes[award.number], close.get(award.person_id, frozenset()))) for award in awards]


def _check_places(session: Session, act: Act, numbers: set[str]) -> None:
    volunteers = people.volunteers(session, act.community_id, numbers)
    for place in {volunteer.org_unit_id for volunteer in volunteers.values()} - {None}:
        people.check_may(session, act, Permission.GRANT_STAR, org_unit_id=place)


def _awards_by_id(session: Session, community_id: str, award_ids: Sequence[UUID]) -> dict[UUID, Award]:
    found: dict[UUID, Award] = {}
    for chunk in in_chunks(award_ids):
        query = sa.select(StarAwardRow).where(StarAwardRow.community_id == community_id, StarAwardRow.id.in_(chunk))
        found |= {row.id: award_of(row) for row in session.scalars(query)}
    return found


def _facts(award: Award, minutes: int, close_to_person: frozenset[UUID]) -> AwardFacts:
    return AwardFacts(
        number=award.number,
        level=award.level,
        state=award.state,
        person_id=award.person_id,
        opener_id=award.opener_id,
        close_to_person=close_to_person,
        needed_minutes=award.needed_minutes,
        minutes=minutes,
    )


def _minutes_of(session: Session, community_id: str, numbers: Sequence[str]) -> dict[str, int]:
    wanted = AccountFilter(kind=AccountKind.RECOGNISED, unit=MINUTES, owners=tuple(numbers))
    found = {item.account.owner: item.balance for item in balances(session, community_id, wanted)}
    return {number: found.get(number, 0) for number in numbers}


def _decision(act: Act, kind: EntryKind, award: Award, minutes: int, memo: str = "") -> Draft:
    return Draft(
        kind=kind,
        effective_on=act.today,
        source=f"star-award:{award.award_id}",
        memo=memo,
        rule_version=award.rule_version,
        facts={
            "volunteer": award.number,
            "level": award.level,
            "minutes": minutes,
            "needed_minutes": award.needed_minutes,
            "body": award.body.value,
        },
    )


def _decide(
    session: Session,
    act: Act,
    state: AwardState,
    decided: Sequence[tuple[Award, Posted]],
    reason: str | None = None,
) -> None:
    rows = [
        {
            "community_id": act.community_id,
            "id": award.award_id,
            "state": state.value,
            "decider_id": act.person_id,
            "decider": act.number,
            "decided_at": posted.booked_at,
            "reason": reason,
            "entry_seq": posted.seq,
        }
        for award, posted in decided
    ]
    if rows:
        session.execute(sa.update(StarAwardRow), rows)
