"""The organisation tree: where people live and for which part of the community somebody works.

Four levels, as data: 总支 (one), 片区, 楼栋, 中心户. A level may be left out where a community does without it.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.people.tables import OrgUnitRow
from timebank.refusal import Refusal


class OrgLevel(IntEnum):
    """The levels of the tree, from the top."""

    BRANCH = 1
    AREA = 2
    BUILDING = 3
    MEMBER_HOUSEHOLD = 4


LEVEL_NAMES: Final = {
    OrgLevel.BRANCH: "总支",
    OrgLevel.AREA: "片区",
    OrgLevel.BUILDING: "楼栋",
    OrgLevel.MEMBER_HOUSEHOLD: "中心户",
}


class NoSuchOrgUnit(Refusal):
    """There is no such unit in the organisation tree of this community."""

    code = "no_such_org_unit"


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """A node of the tree; `parent_id` is None for the root only."""

    id: UUID
    level: OrgLevel
    name: str
    parent_id: UUID | None


def org_units(session: Session, community_id: str) -> tuple[OrgUnit, ...]:
    """Return the whole tree: parents before their children, children in the order of their names."""
    rows = session.scalars(sa.select(OrgUnitRow).where(OrgUnitRow.community_id == community_id))
    units = [OrgUnit(row.id, OrgLevel(row.level), row.name, row.parent_id) for row in rows]
    return tuple(sorted(units, key=lambda unit: (unit.level, _natural(unit.name))))


def _natural(name: str) -> tuple[int, str]:
    """2号楼 stands before 10号楼: names that begin with digits are ordered as numbers."""
    digits = name[: len(name) - len(name.lstrip("0123456789"))]
    return int(digits or 0), name


def root(session: Session, community_id: str) -> OrgUnit:
    """Return the top of the tree; a role in it is a role in the whole community."""
    return org_units(session, community_id)[0]


def org_unit(session: Session, community_id: str, org_unit_id: UUID) -> OrgUnit:
    """Return one unit.

    Raises:
        NoSuchOrgUnit: there is none of this id.
    """
    row = session.get(OrgUnitRow, (community_id, org_unit_id))
    if row is None:
        raise NoSuchOrgUnit(unit=str(org_unit_id))
    return OrgUnit(row.id, OrgLevel(row.level), row.name, row.parent_id)


def line_of(session: Session, community_id: str, org_unit_id: UUID) -> tuple[UUID, ...]:
    """Return a unit and everything above it, from below: whose scope is one of these, is responsible for the unit.

    Raises:
        NoSuchOrgUnit: there is none of this id.
    """
    parents = {unit.id: unit.parent_id for unit in org_units(session, community_id)}
    if org_unit_id not in parents:
        raise NoSuchOrgUnit(unit=str(org_unit_id))
    line = [org_unit_id]
    while (parent := parents[line[-1]]) is not None:
        line.append(parent)
    return tuple(line)
