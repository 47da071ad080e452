"""Volunteers as others see them, and how one is found: by number, name, pinyin initials, end of the phone, building.

Two 王秀英 are told apart by what every result carries: building, masked phone, year of birth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.books.asking import Question, ask, one_of
from timebank.ledger.accounts import GROUP_PREFIX, is_group
from timebank.people.identity import mask_phone
from timebank.people.names import name_key
from timebank.people.numbers import could_be
from timebank.people.plain_text import find_text_fault, half_width
from timebank.people.queries.places import OrgLevel
from timebank.people.tables import OrgUnitRow, PersonRow, VolunteerRow
from timebank.refusal import Refusal

SEARCH_TEXT_MAX: Final = 60
SEARCH_RESULTS_MAX: Final = 50
PHONE_TAIL_MIN: Final = 3
"""Fewer digits at the end of a phone number find half the community."""

_HERE, _ABOVE, _TOP = aliased(OrgUnitRow), aliased(OrgUnitRow), aliased(OrgUnitRow)


class NoSuchVolunteer(Refusal):
    """There is no volunteer of this number in this community."""

    code = "no_such_volunteer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer:
    """A registered volunteer, or a group.

    Attributes:
        number: `V0001`; owns the passbook, and is what people read aloud.
        sex: `female`, `male` or None.
        phone: in full; screens show `masked_phone`.
        building, area: names of the units where the person lives, None where they are not known.
        household: whoever has the same one in the same building lives together.
        closed_on: the day on which the passbook was closed, or None.
    """

    person_id: UUID
    number: str
    name: str
    sex: str | None
    born_on: date | None
    phone: str | None
    building: str | None
    area: str | None
    org_unit_id: UUID | None
    household: str | None
    registered_on: date
    closed_on: date | None

    @property
    def masked_phone(self) -> str:
        """The phone as a screen shows it, empty where there is none."""
        return "" if self.phone is None else mask_phone(self.phone)

    @property
    def is_group(self) -> bool:
        """It is a group of people with one passbook."""
        return is_group(self.number)

    @property
    def birth_year(self) -> int | None:
        """The year of birth, which tells two people of one name apart."""
        return None if self.born_on is None else self.born_on.year


def _name_of(level: OrgLevel) -> sa.Case[str | None]:
    return sa.case(*((unit.level == level, unit.name) for unit in (_HERE, _ABOVE, _TOP)), else_=None)


_building: Final = _name_of(OrgLevel.BUILDING)
_area: Final = _name_of(OrgLevel.AREA)


def _above(upper: type[OrgUnitRow], lower: type[OrgUnitRow]) -> sa.ColumnElement[bool]:
    return sa.and_(upper.community_id == lower.community_id, upper.id == lower.parent_id)


def _select(community_id: str | sa.BindParameter[str]) -> sa.Select[*tuple[Any, ...]]:
    lives = sa.and_(_HERE.community_id == PersonRow.community_id, _HERE.id == PersonRow.org_unit_id)
    same = sa.and_(PersonRow.community_id == VolunteerRow.community_id, PersonRow.id == VolunteerRow.person_id)
    return (
        sa.select(
            VolunteerRow.person_id,
            VolunteerRow.number,
            PersonRow.name,
            PersonRow.sex,
            PersonRow.born_on,
            PersonRow.phone,
            _building.label("building"),
            _area.label("area"),
            PersonRow.org_unit_id,
            PersonRow.household,
            VolunteerRow.registered_on,
            VolunteerRow.closed_on,
        )
        .select_from(VolunteerRow)
        .join(PersonRow, same)
        .outerjoin(_HERE, lives)
        .outerjoin(_ABOVE, _above(_ABOVE, _HERE))
        .outerjoin(_TOP, _above(_TOP, _ABOVE))
        .where(VolunteerRow.community_id == community_id)
    )


_OF_NUMBERS: Final = _select(sa.bindparam("community")).where(one_of(VolunteerRow.number, "volunteers"))


def find_volunteer(session: Session, community_id: str, number: str) -> Volunteer | None:
    """Return the volunteer of a number, or None."""
    return volunteers(session, community_id, [number]).get(number)


def volunteer(session: Session, community_id: str, number: str) -> Volunteer:
    """Return the volunteer of a number.

    Raises:
        NoSuchVolunteer: there is none of this number here.
    """
    found = find_volunteer(session, community_id, number)
    if found is None:
        raise NoSuchVolunteer(number=number)
    return found


def volunteers(session: Session, community_id: str, numbers: Iterable[str]) -> dict[str, Volunteer]:
    """Return the volunteers of these numbers, by number; a number that nobody has is not in it."""
    return ask(session, volunteers_question(community_id, numbers))


def volunteers_question(community_id: str, numbers: Iterable[str]) -> Question[dict[str, Volunteer]]:
    """Ask for the volunteers of these numbers together with other questions."""
    asked = sorted({number for number in numbers if could_be(number)})
    return Question(_OF_NUMBERS, {"community": community_id, "volunteers": asked}, _by_number)


def _by_number(rows: Sequence[Any]) -> dict[str, Volunteer]:
    return {row.number: Volunteer(**row._asdict()) for row in rows}


def all_volunteers(session: Session, community_id: str) -> tuple[Volunteer, ...]:
    """Return everybody who is or was registered, in the order of their numbers."""
    rows = session.execute(_select(community_id).order_by(*_BY_NUMBER))
    return tuple(Volunteer(**row._mapping) for row in rows)


def volunteer_count(session: Session, community_id: str) -> int:
    """Count the registered volunteers whose passbooks are open; a group is none."""
    query = (
        sa.select(sa.func.count())
        .select_from(VolunteerRow)
        .where(
            VolunteerRow.community_id == community_id,
            VolunteerRow.closed_on.is_(None),
            VolunteerRow.number.not_like(f"{GROUP_PREFIX}%"),
        )
    )
    return session.scalar(query) or 0


_BY_NUMBER: Final = (sa.func.length(VolunteerRow.number), VolunteerRow.number)


def search_volunteers(session: Session, community_id: str, text: str, limit: int = 20) -> tuple[Volunteer, ...]:
    """Return the volunteers whom a text may mean, the likeliest first.

    Args:
        text: a number, a part of a name, pinyin initials, the last digits of a phone, a building; nothing finds nobody.
        limit: at most 50.

    Whose number or whole name it is comes first, then beginnings, then the rest; closed passbooks come last. People of
    one name stand together, in the order of their buildings.
    """
    asked = name_key(text)
    if not asked or len(asked) > SEARCH_TEXT_MAX or find_text_fault(text, multiline=False):
        return ()
    rank = _rank(asked)
    query = _select(community_id).where(sa.or_(*_matches(asked, half_width(text).strip())))
    query = query.add_columns(rank.label("rank")).order_by(rank, *_BY_NUMBER).limit(min(limit, SEARCH_RESULTS_MAX))
    found = [_ranked(dict(row._mapping)) for row in session.execute(query)]
    return tuple(person for _, person in sorted(found, key=_told_apart))


def _matches(asked: str, written: str) -> tuple[sa.ColumnElement[bool], ...]:
    matches = [
        sa.func.lower(VolunteerRow.number).startswith(asked, autoescape=True),
        PersonRow.name_key.contains(asked, autoescape=True),
        PersonRow.initials.startswith(asked, autoescape=True),
        _building == written,
    ]
    if asked.isascii() and asked.isdigit() and len(asked) >= PHONE_TAIL_MIN:
        matches.append(PersonRow.phone.endswith(asked, autoescape=True))
        matches.append(sa.func.lower(VolunteerRow.number).endswith(asked, autoescape=True))
    return tuple(matches)


def _rank(asked: str) -> sa.Case[int]:
    """Exact before beginning before anywhere; a closed passbook after every open one."""
    likeness = sa.case(
        (sa.or_(sa.func.lower(VolunteerRow.number) == asked, PersonRow.name_key == asked), 0),
        (PersonRow.initials == asked, 1),
        (PersonRow.name_key.startswith(asked, autoescape=True), 2),
        else_=3,
    )
    return sa.case((VolunteerRow.closed_on.is_(None), likeness), else_=likeness + 10)


def _ranked(columns: dict[str, Any]) -> tuple[int, Volunteer]:
    return columns.pop("rank"), Volunteer(**columns)


def _told_apart(found: tuple[int, Volunteer]) -> tuple[object, ...]:
    rank, person = found
    number = (len(person.number), person.number)
    return rank, person.name, person.area or "", person.building or "", person.birth_year or 0, number
