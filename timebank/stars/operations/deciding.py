"""Deciding: what every decision about a case needs, whoever takes it: the case, the right, the entry, what follows.

Used by the operations of this room alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.journal import Posted
from timebank.books.loading import in_chunks
from timebank.books.statements import AccountFilter, balances
from timebank.ledger.accounts import MINUTES, AccountKind
from timebank.ledger.entries import NO_FACTS, Draft, EntryKind, Facts
from timebank.people import queries as people
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.rulebook.rules import Body
from timebank.stars.operations import reviewing
from timebank.stars.operations.reviewing import Opening
from timebank.stars.queries import NoSuchAward, award_of, conditions_of
from timebank.stars.queries.candidates import Asked, candidates
from timebank.stars.rules import Award, AwardFacts, AwardState, NoNextLevel, find_next_step
from timebank.stars.rules.conditions import CaseStillOpen, ConditionKind, check_reached
from timebank.stars.rules.inquiries import StarLowered
from timebank.stars.tables import StarAwardRow


class NotYourLevel(Refusal):
    """The rules let the community decide about this star; whoever works for one area only does not."""

    code = "star_not_your_level"


def open_next(session: Session, act: Act, number: str) -> str:
    """Open a case for a volunteer's next level on the actor's account; return its id.

    Raises:
        NoSuchVolunteer, GroupOnlyGives, NoNextLevel, StarLowered; an unmet condition: see `nominate`.
    """
    people.check_no_group(number)
    volunteer = people.volunteer(session, act.community_id, number)
    rules = reviewing.rules_today(session, act)
    awards = reviewing.awards_of(session, act.community_id, [number])
    standing = reviewing.standing_with(awards.get(number, ()))
    step = find_next_step(rules.document.community_ladder, standing)
    if step is None or volunteer.closed_on is not None:
        raise NoNextLevel(volunteer=number, level=standing.level)
    check_not_lowered(session, act, [number])
    minutes = minutes_of(session, act.community_id, [number])[number]
    asked = Asked(volunteer, step, minutes, standing.level)
    check_reached(step, candidates(session, act.community_id, [asked], act.today)[number, step.level], number)
    opening = Opening(volunteer, step, minutes, act.person_id, act.number)
    return str(reviewing.open_cases(session, act, rules, [opening])[0])


def check_not_lowered(session: Session, act: Act, numbers: Sequence[str]) -> None:
    """Make sure that nobody gets a further star while theirs is lowered.

    Raises:
        StarLowered: somebody's is.
    """
    for number, until_on in reviewing.lowered_today(session, act, numbers).items():
        raise StarLowered(volunteer=number, until_on=until_on.isoformat())


def check_nothing_open(session: Session, act: Act, awards: Sequence[Award]) -> None:
    """Make sure that nothing about these volunteers is looked into, where their star asks for that.

    Raises:
        StarLowered, CaseStillOpen: something is.
    """
    check_not_lowered(session, act, [one.number for one in awards])
    for award_id, conditions in conditions_of(session, act.community_id, awards, act.today).items():
        for one in conditions:
            if one.kind is ConditionKind.NO_OPEN_CASE and not one.met:
                found = next(award for award in awards if award.award_id == award_id)
                raise CaseStillOpen(volunteer=found.number, level=found.level, open_cases=one.value)


def open_levels_above(session: Session, act: Act, granted: Sequence[Award], minutes: Mapping[str, int]) -> list[UUID]:
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
    minutes = minutes_of(session, act.community_id, [award.number for award in awards])
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


def minutes_of(session: Session, community_id: str, numbers: Sequence[str]) -> dict[str, int]:
    """Return the recognised minutes of volunteers now, 0 where there are none."""
    wanted = AccountFilter(kind=AccountKind.RECOGNISED, unit=MINUTES, owners=tuple(numbers))
    found = {item.account.owner: item.balance for item in balances(session, community_id, wanted)}
    return {number: found.get(number, 0) for number in numbers}


def check_level(session: Session, act: Act, awards: Iterable[Award]) -> None:
    """Make sure that the actor works at the level that decides: who works for an area decides where the rules name it.

    Raises:
        NotYourLevel: one of the stars is for the community to decide.
    """
    above = [award for award in awards if award.body is not Body.AREA]
    everywhere = people.root(session, act.community_id).id
    if above and not people.may(session, act, Permission.GRANT_STAR, org_unit_id=everywhere):
        raise NotYourLevel(volunteer=above[0].number, level=above[0].level)


def decision(
    act: Act, kind: EntryKind, award: Award, minutes: int, *, memo: str = "", further: Facts = NO_FACTS
) -> Draft:
    """Draft the entry of a decision; the outcome of the level above adds its own facts."""
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
            **further,
        },
    )


@dataclass(frozen=True, slots=True)
class Decided:
    """A case with its decision and the entry of it; a refusal has its reason."""

    award: Award
    state: AwardState
    posted: Posted
    reason: str | None = None


def decide(session: Session, act: Act, decided: Sequence[Decided]) -> None:
    """Write the decisions that were posted."""
    rows = [
        {
            "community_id": act.community_id,
            "id": one.award.award_id,
            "state": one.state.value,
            "decider_id": act.person_id,
            "decider": act.number,
            "decided_at": one.posted.booked_at,
            "reason": one.reason,
            "entry_seq": one.posted.seq,
        }
        for one in decided
    ]
    if rows:
        session.execute(sa.update(StarAwardRow), rows)
