"""What can be done about stars of the level above: recommend cases upward, record what came back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.entries import Draft, EntryKind
from timebank.people import queries as people
from timebank.people.roles import Permission
from timebank.stars.operations import deciding
from timebank.stars.operations.deciding import Decided
from timebank.stars.queries import notices
from timebank.stars.rules import Award, AwardFacts, AwardState, check_decision, check_grant
from timebank.stars.rules.recommending import Outcome, check_name, check_outcome, check_to_recommend
from timebank.stars.tables import StarOutcomeRow, StarRecommendationRow


@once("stars.recommend")
def recommend(session: Session, act: Act, *, award_ids: tuple[UUID, ...], to: str) -> int:
    """Recommend cases to the level above, after their notice, all or none; return how many.

    Args:
        to: who decides, e.g. the sub-district's association of volunteers.

    Raises:
        NotAllowed, NotYourLevel: it is not theirs to recommend.
        NoSuchAward: there is no such case.
        AwardDecided, YourOwnStar, StarOfRelative: it is not theirs to recommend.
        NotForTheUpperLevel, RecommendedAlready: it is not to be recommended, or was.
        OutcomeUnnamed: the level above is not named.
        NotOnNotice, StillOnNotice, ObjectionOpen: everybody was not asked yet, or somebody waits for an answer.
    """
    people.check_may(session, act, Permission.GRANT_STAR)
    check_name(to)
    wanted = deciding.decidable(session, act, list(dict.fromkeys(award_ids)))
    awards = [award for award, _ in wanted]
    known = notices.recommendations(session, act.community_id, [award.award_id for award in awards])
    for award, facts in wanted:
        check_decision(facts, decider_id=act.person_id)
        check_to_recommend(award, known.get(award.award_id))
    deciding.check_level(session, act, awards)
    notices.check_noticed_all(session, act, awards)
    rows = [
        {
            "community_id": act.community_id,
            "award_id": award.award_id,
            "recommended_to": to.strip(),
            "recommended_on": act.today,
            "recommender_id": act.person_id,
            "recommender": act.number,
            "recommended_at": act.at,
        }
        for award in awards
    ]
    if rows:
        session.execute(sa.insert(StarRecommendationRow), rows)
    return len(rows)


@once("stars.record_outcomes")
def record_outcomes(session: Session, act: Act, *, outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """Record what the level above has answered, all or none; a star that it granted is held from today on.

    Returns:
        `granted` and `refused` (how many) and `next_awards`, the ids of the cases opened by it.

    Raises:
        NotAllowed, NotYourLevel: it is not theirs to record.
        NoSuchAward: there is no such case.
        AwardDecided, YourOwnStar, StarOfRelative, OpenedByYourself, NoLongerReached: see `operations.grant`.
        NotRecommended, RecommendedByYourself, OutcomeDayWrong, OutcomeUnnamed, OutcomeReasonMissing: see
            `check_outcome`.
    """
    people.check_may(session, act, Permission.GRANT_STAR)
    told = {outcome.award_id: outcome for outcome in outcomes}
    known = deciding.decidable(session, act, list(told))
    recommended = notices.recommendations(session, act.community_id, list(told))
    deciding.check_level(session, act, [award for award, _ in known])
    for award, facts in known:
        outcome = told[award.award_id]
        check_decision(facts, decider_id=act.person_id)
        check_outcome(award, recommended.get(award.award_id), outcome, recorder_id=act.person_id, today=act.today)
        if outcome.granted:
            check_grant(facts, granter_id=act.person_id)
    posted = journal.post_all(session, act, [_draft(act, told[a.award_id], a, f) for a, f in known]) if known else ()
    decided = [_decided(told[a.award_id], a, entry) for (a, _), entry in zip(known, posted, strict=True)]
    deciding.decide(session, act, decided)
    _keep(session, act, [told[award.award_id] for award, _ in known])
    granted = [one.award for one in decided if one.state is AwardState.GRANTED]
    minutes = {facts.number: facts.minutes for _, facts in known}
    above = deciding.open_levels_above(session, act, granted, minutes) if granted else []
    return {
        "granted": len(granted),
        "refused": len(decided) - len(granted),
        "next_awards": [str(award_id) for award_id in above],
    }


def _draft(act: Act, outcome: Outcome, award: Award, facts: AwardFacts) -> Draft:
    kind = EntryKind.STAR_GRANTED if outcome.granted else EntryKind.STAR_REFUSED
    above = {"upper_document": outcome.document.strip(), "upper_decided_on": outcome.decided_on.isoformat()}
    return deciding.decision(act, kind, award, facts.minutes, memo=outcome.reason.strip(), further=above)


def _decided(outcome: Outcome, award: Award, entry: journal.Posted) -> Decided:
    if outcome.granted:
        return Decided(award, AwardState.GRANTED, entry)
    return Decided(award, AwardState.REFUSED, entry, outcome.reason.strip())


def _keep(session: Session, act: Act, outcomes: Sequence[Outcome]) -> None:
    recommended = notices.recommendations(session, act.community_id, [outcome.award_id for outcome in outcomes])
    rows = [
        {
            "community_id": act.community_id,
            "award_id": outcome.award_id,
            "granted": outcome.granted,
            "decided_on": outcome.decided_on,
            "document": outcome.document.strip(),
            "recommender_id": recommended[outcome.award_id].recommender_id,
            "recorder_id": act.person_id,
            "recorder": act.number,
            "recorded_at": act.at,
        }
        for outcome in outcomes
    ]
    if rows:
        session.execute(sa.insert(StarOutcomeRow), rows)
