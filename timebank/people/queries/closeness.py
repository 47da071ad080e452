"""Who is close to whom: declared relatives, guardian and ward, and those who live in one household.

Whoever is close to somebody does not approve their hours and hands no goods out to them (trust.md T6, X9).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.books.asking import Question, ask, one_of
from timebank.people.queries.places import OrgLevel
from timebank.people.tables import GuardianRow, OrgUnitRow, PersonRow, RelativeRow, VolunteerRow

CLOSE_TO: Final = "close_to"
Closeness = dict[UUID, frozenset[UUID]]
"""For each person who is close to them."""


def close_to(session: Session, community_id: str, person_ids: Iterable[UUID]) -> Closeness:
    """Return, for each of these persons, who is close to them.

    Symmetric; nobody is close to themselves; a person with nobody close has an empty set.
    """
    return ask(session, closeness_question(community_id, person_ids))


def household_numbers(session: Session, community_id: str, person_id: UUID) -> tuple[str, ...]:
    """Return the numbers of all volunteers who live together with somebody, their own included; none without a home."""
    rows = session.execute(_TOGETHER, {"community": community_id, CLOSE_TO: [person_id]})
    return tuple(sorted(number for (number,) in rows))


def closeness_question(community_id: str, person_ids: Iterable[UUID]) -> Question[Closeness]:
    """Ask the same together with other questions."""
    wanted = sorted(set(person_ids))
    values = {"community": community_id, CLOSE_TO: wanted}
    return Question(_PAIRS, values, lambda pairs: _closeness(wanted, pairs))


def _closeness(wanted: Iterable[UUID], pairs: Sequence[Any]) -> Closeness:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return {person_id: frozenset(found[person_id] - {person_id}) for person_id in wanted}


def _pairs() -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Ask for the pairs in which `:close_to` stand; one statement, each part of it through an index."""
    community: sa.BindParameter[str] = sa.bindparam("community")
    relative, guardian = RelativeRow.__table__.c, GuardianRow.__table__.c
    related = (
        sa.select(one, other).where(one.table.c.community_id == community, one_of(one, CLOSE_TO), other.is_not(None))
        for one, other in (
            (relative.person_id, relative.other_id),
            (relative.other_id, relative.person_id),
            (guardian.person_id, guardian.guardian_id),
            (guardian.guardian_id, guardian.person_id),
        )
    )
    return sa.union_all(*related, _housemates(community))


def _housemates(community: sa.BindParameter[str]) -> sa.Select[UUID, UUID]:
    """The same household in the same building; a 中心户 lies in the building above it."""
    one, other, own, theirs = aliased(PersonRow), aliased(PersonRow), aliased(OrgUnitRow), aliased(OrgUnitRow)
    together = sa.and_(other.community_id == one.community_id, other.household == one.household)
    return (
        sa.select(one.id, other.id)
        .select_from(one)
        .join(other, together)
        .outerjoin(own, _lives(one, own))
        .outerjoin(theirs, _lives(other, theirs))
        .where(one.community_id == community, one_of(one.id, CLOSE_TO), one.household.is_not(None))
        .where(_building(own).is_not_distinct_from(_building(theirs)))
    )


def _lives(person: type[PersonRow], unit: type[OrgUnitRow]) -> sa.ColumnElement[bool]:
    return sa.and_(unit.community_id == person.community_id, unit.id == person.org_unit_id)


def _building(unit: type[OrgUnitRow]) -> sa.Case[UUID | None]:
    return sa.case((unit.level == OrgLevel.MEMBER_HOUSEHOLD, unit.parent_id), else_=unit.id)


_PAIRS: Final = _pairs()
_TOGETHER: Final = sa.select(VolunteerRow.number).where(
    VolunteerRow.community_id == sa.bindparam("community"),
    VolunteerRow.person_id.in_(sa.select(_housemates(sa.bindparam("community")).subquery().c[1])),
)
