"""What can be done about stars: see whether a level is reached, grant a case, refuse it, open one by hand, keep a star.

`review` is the one way in which a case comes about by itself: whoever posts minutes calls it with the balances that
result. Each decision is an entry of its own; the level is held from the civil day of that entry on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.journal import Posted
from timebank.books.requests import once
from timebank.books.statements import AccountFilter, balances
from timebank.ledger.accounts import MINUTES, AccountKind
from timebank.ledger.entries import EntryKind
from timebank.people import queries as people
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.stars.operations import deciding, reviewing
from timebank.stars.operations.deciding import Decided
from timebank.stars.operations.reviewing import Opening
from timebank.stars.queries.notices import check_not_above, check_noticed_all
from timebank.stars.rules import (
    Award,
    AwardState,
    ReviewState,
    check_decision,
    check_grant,
    check_reason,
    check_review,
)
from timebank.stars.rules.recommending import check_granted_here
from timebank.stars.tables import StarReviewRow


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
        AwardDecided, OpenedByYourself, YourOwnStar, StarOfRelative, NoLongerReached, NotYourLevel: it is not theirs to
            grant.
        UpperDecides: the level above grants this star; it is recommended, and its answer recorded.
        NotOnNotice, StillOnNotice, ObjectionOpen: everybody was not asked yet, or somebody waits for an answer.
        CaseStillOpen, StarLowered: an inquiry about the volunteer waits, where this star asks for none, or its decision
            holds a further star back.
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
        AwardDecided, YourOwnStar, StarOfRelative, NotYourLevel: it is not theirs to decide.
        UpperDecides: it was recommended, and the level above has not answered.
    """
    people.check_may(session, act, Permission.GRANT_STAR)
    check_reason(reason)
    award, facts = deciding.decidable(session, act, [award_id])[0]
    check_decision(facts, decider_id=act.person_id)
    deciding.check_level(session, act, [award])
    check_not_above(session, act, [award])
    drafted = deciding.decision(act, EntryKind.STAR_REFUSED, award, facts.minutes, memo=reason)
    posted = journal.post(session, act, drafted)
    deciding.decide(session, act, [Decided(award, AwardState.REFUSED, posted, reason)])
    return posted.seq


@once("stars.nominate", subject="number")
def nominate(session: Session, act: Act, *, number: str) -> str:
    """Open a case for a volunteer's next level by hand, for example after a refusal; return its id.

    Raises:
        NotAllowed: the actor may not propose stars where the volunteer lives.
        NoSuchVolunteer: there is none of this number.
        GroupOnlyGives: a group has no star.
        NoNextLevel: the ladder ends here, or a case is open already.
        NotReached, RegisteredTooShort, TooLittleThisYear, RatedTooFew, RatedTooLow, CaseStillOpen: a condition of the
            next level is not met.
    """
    volunteer = people.volunteer(session, act.community_id, number)
    people.check_may(session, act, Permission.GRANT_STAR, org_unit_id=volunteer.org_unit_id)
    return deciding.open_next(session, act, number)


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
    _, facts = deciding.decidable(session, act, [row.award_id])[0]
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
    decided = deciding.decidable(session, act, award_ids)
    for _, facts in decided:
        check_grant(facts, granter_id=act.person_id)
    awards = [award for award, _ in decided]
    deciding.check_level(session, act, awards)
    check_granted_here(awards)
    check_noticed_all(session, act, awards)
    deciding.check_nothing_open(session, act, awards)
    drafts = [deciding.decision(act, EntryKind.STAR_GRANTED, award, facts.minutes) for award, facts in decided]
    posted = journal.post_all(session, act, drafts) if drafts else ()
    pairs = zip(awards, posted, strict=True)
    deciding.decide(session, act, [Decided(award, AwardState.GRANTED, entry) for award, entry in pairs])
    minutes = {facts.number: facts.minutes for _, facts in decided}
    return _Granted(awards, posted, deciding.open_levels_above(session, act, awards, minutes))
