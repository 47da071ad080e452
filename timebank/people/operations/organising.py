"""What a community is made of besides its people: the organisation tree and the partner units."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people import numbers
from timebank.people.admission import NAME_LENGTH_MAX
from timebank.people.names import name_key
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.queries import check_may, find_partner_by_name
from timebank.people.queries.places import OrgLevel, org_units
from timebank.people.roles import Permission
from timebank.people.tables import OrgUnitRow, PartnerRow
from timebank.refusal import Refusal


class UnitNameInvalid(Refusal):
    """The name of a unit is empty, too long, or has characters that nobody can see."""

    code = "unit_name_invalid"


class PartnerExists(Refusal):
    """A partner unit of this name is known already."""

    code = "partner_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place by the names of its units from the area down; a level that is left out is empty."""

    area: str = ""
    building: str = ""
    member_household: str = ""

    @property
    def steps(self) -> tuple[tuple[OrgLevel, str], ...]:
        """The levels that are named, from above."""
        named = (
            (OrgLevel.AREA, self.area),
            (OrgLevel.BUILDING, self.building),
            (OrgLevel.MEMBER_HOUSEHOLD, self.member_household),
        )
        return tuple((level, composed(name).strip()) for level, name in named if name.strip())


@once("people.ensure_org_units")
def ensure_org_units(session: Session, act: Act, *, places: tuple[Place, ...]) -> dict[str, int]:
    """Make sure that the organisation tree has these places; what is there already stays as it is.

    Returns:
        `added`: how many units are new.

    Raises:
        NotAllowed: the actor does not register people, or only in a part of the community and something is new.
        UnitNameInvalid: a name cannot be kept.
    """
    check_may(session, act, Permission.REGISTER_PEOPLE)
    known = {(unit.parent_id, unit.name): unit for unit in org_units(session, act.community_id)}
    ids = {key: (unit.id, unit.level) for key, unit in known.items()}
    top = next(unit for unit in known.values() if unit.level is OrgLevel.BRANCH)
    added: list[dict[str, object]] = []
    for place in places:
        _add_missing(act, place, (top.id, top.level), ids, added)
    if added:
        check_may(session, act, Permission.REGISTER_PEOPLE, org_unit_id=top.id)
        session.execute(sa.insert(OrgUnitRow), added)
    return {"added": len(added)}


def _add_missing(
    act: Act,
    place: Place,
    top: tuple[UUID, OrgLevel],
    ids: dict[tuple[UUID | None, str], tuple[UUID, OrgLevel]],
    added: list[dict[str, object]],
) -> None:
    parent = top
    for level, name in place.steps:
        check_unit_name(name)
        found = ids.get((parent[0], name))
        if found is None:
            found = (act.new_id("org unit", len(added)), level)
            added.append(unit_columns(act, found, name, parent))
            ids[parent[0], name] = found
        parent = found


def check_unit_name(name: str) -> None:
    """Make sure that something can be called so.

    Raises:
        UnitNameInvalid: it cannot.
    """
    if not name_key(name) or len(name) > NAME_LENGTH_MAX or find_text_fault(name, multiline=False):
        raise UnitNameInvalid(length_max=NAME_LENGTH_MAX)


def unit_columns(
    act: Act, unit: tuple[UUID, OrgLevel], name: str, parent: tuple[UUID, OrgLevel] | None
) -> dict[str, object]:
    """Return the row of a unit below its parent, or of the root."""
    return {
        "community_id": act.community_id,
        "id": unit[0],
        "level": unit[1],
        "name": name,
        "parent_id": parent and parent[0],
        "parent_level": parent and parent[1],
    }


@once("people.add_partner")
def add_partner(session: Session, act: Act, *, name: str) -> str:
    """Add a partner unit (共建单位) and return its code, `P001`.

    Raises:
        NotAllowed: the actor adds no partners.
        UnitNameInvalid: the name cannot be kept.
        PartnerExists: there is one of this name.
    """
    check_may(session, act, Permission.ADD_PARTNER)
    clean = composed(name).strip()
    check_unit_name(clean)
    known = find_partner_by_name(session, act.community_id, clean)
    if known is not None:
        raise PartnerExists(partner=known.code)
    code = numbers.number("P", numbers.largest(session, act.community_id, "P") + 1)
    session.add(PartnerRow(community_id=act.community_id, code=code, name=clean, name_key=name_key(clean)))
    return code
