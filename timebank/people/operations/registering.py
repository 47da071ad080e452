"""Registering volunteers, many at once, all or none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people import numbers
from timebank.people.admission import refusals_for
from timebank.people.names import initials, name_key
from timebank.people.newcomers import Known, NewGuardian, NewVolunteer
from timebank.people.plain_text import composed
from timebank.people.queries import check_may
from timebank.people.queries.places import OrgLevel, OrgUnit, org_units, root
from timebank.people.roles import Permission
from timebank.people.tables import GuardianRow, PersonDocumentRow, PersonRow, StaffRow, VolunteerRow
from timebank.people.vault import NONCE_BYTES, Document
from timebank.refusal import Refusal

PEOPLE_AT_ONCE_MAX: Final = 5000


class NobodyToRegister(Refusal):
    """The list of people to register is empty, or longer than what is done at once."""

    code = "nobody_to_register"


@dataclass(frozen=True, slots=True)
class _Entrant:
    """A newcomer with what the community gives them."""

    person: NewVolunteer
    person_id: UUID
    number: str
    home: UUID | None


@once("people.register_volunteers")
def register_volunteers(session: Session, act: Act, *, people: tuple[NewVolunteer, ...]) -> dict[str, Any]:
    """Register people as volunteers, all or none.

    Returns:
        `people`: number and person_id of each, in the order of the list; `shared_phones`: groups of numbers that have
        one phone (allowed, but to be looked at).

    Raises:
        NotAllowed: the actor does not register people.
        NobodyToRegister: none, or more than 5,000.
        Refusal: the first of `registration_refusals`.

    Source: MCA Order 67 article 5.
    """
    check_may(session, act, Permission.REGISTER_PEOPLE)
    if not 1 <= len(people) <= PEOPLE_AT_ONCE_MAX:
        raise NobodyToRegister(people=len(people), people_max=PEOPLE_AT_ONCE_MAX)
    known = known_to(session, act, people)
    for refusal in refusals_for(people, known):
        raise refusal
    entrants = _entrants(session, act, people, known)
    check_homes(session, act, [each.home for each in entrants])
    _write(session, act, entrants, known)
    return {
        "people": [{"number": each.number, "person_id": str(each.person_id)} for each in entrants],
        "shared_phones": _shared_phones(session, act, people),
    }


def check_homes(session: Session, act: Act, homes: Iterable[UUID | None]) -> None:
    """Make sure that the actor registers people there; who has no home yet belongs to the whole community.

    Raises:
        NotAllowed: one of the homes lies outside the actor's part of the tree.
    """
    top = root(session, act.community_id).id
    for home in {home or top for home in homes}:
        check_may(session, act, Permission.REGISTER_PEOPLE, org_unit_id=home)


def registration_refusals(session: Session, act: Act, people: tuple[NewVolunteer, ...]) -> tuple[Refusal, ...]:
    """Return every reason for which `register_volunteers` would refuse this list; nothing is written."""
    return refusals_for(people, known_to(session, act, people))


def known_to(session: Session, act: Act, people: Sequence[NewVolunteer]) -> Known:
    """Return what the community knows already about these people, in five statements however many they are."""
    units = org_units(session, act.community_id)
    guardians = {person.guardian.volunteer_number for person in people if person.guardian}
    asked = {person.number for person in people} | guardians
    return Known(
        numbers=_taken(session, act.community_id, asked - {None}),
        holders=holders(session, act.community_id, [person.document for person in people]),
        homes=_homes(units),
        units=frozenset(unit.id for unit in units),
        free_staff=_free_staff(session, act.community_id, {person.staff_number for person in people} - {None}),
        today=act.today,
    )


def _taken(session: Session, community_id: str, asked: Iterable[str | None]) -> dict[str, UUID]:
    query = sa.select(VolunteerRow.number, VolunteerRow.person_id).where(
        VolunteerRow.community_id == community_id, VolunteerRow.number.in_(asked)
    )
    return {row.number: row.person_id for row in session.execute(query)}


def holders(session: Session, community_id: str, documents: Iterable[Document | None]) -> dict[bytes, str]:
    """Return the numbers of those who have one of these documents, by its digest."""
    digests = [document.digest for document in documents if document is not None]
    same = PersonDocumentRow.community_id, PersonDocumentRow.person_id
    query = (
        sa.select(PersonDocumentRow.digest, sa.func.coalesce(VolunteerRow.number, StaffRow.number).label("holder"))
        .outerjoin(VolunteerRow, sa.and_(VolunteerRow.community_id == same[0], VolunteerRow.person_id == same[1]))
        .outerjoin(StaffRow, sa.and_(StaffRow.community_id == same[0], StaffRow.person_id == same[1]))
        .where(PersonDocumentRow.community_id == community_id, PersonDocumentRow.digest.in_(digests))
    )
    return {row.digest: row.holder for row in session.execute(query)}


def _homes(units: Sequence[OrgUnit]) -> dict[tuple[str, str], UUID]:
    """Return the places that can be named by area and building, each only if it is there exactly once."""
    by_id = {unit.id: unit for unit in units}
    named: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for unit in units:
        if unit.level is OrgLevel.AREA:
            named[unit.name, ""].append(unit.id)
        elif unit.level is OrgLevel.BUILDING and unit.parent_id is not None:
            named["", unit.name].append(unit.id)
            named[by_id[unit.parent_id].name, unit.name].append(unit.id)
    return {written: found[0] for written, found in named.items() if len(found) == 1}


def _free_staff(session: Session, community_id: str, asked: Iterable[str | None]) -> dict[str, UUID]:
    query = (
        sa.select(StaffRow.number, StaffRow.person_id)
        .outerjoin(
            VolunteerRow,
            sa.and_(VolunteerRow.community_id == StaffRow.community_id, VolunteerRow.person_id == StaffRow.person_id),
        )
        .where(StaffRow.community_id == community_id, StaffRow.number.in_(asked), VolunteerRow.number.is_(None))
    )
    return {row.number: row.person_id for row in session.execute(query)}


def _entrants(session: Session, act: Act, people: Sequence[NewVolunteer], known: Known) -> list[_Entrant]:
    """Give each person their id, number and home; whoever is on the staff keeps the id."""
    given = [numbers.counted(person.number) for person in people]
    free = max(numbers.largest(session, act.community_id, "V"), *given)
    entrants = []
    for index, person in enumerate(people):
        number = person.number
        if number is None:
            free += 1
            number = numbers.number("V", free)
        person_id = known.free_staff.get(person.staff_number or "", act.new_id("person", index))
        entrants.append(_Entrant(person, person_id, number, home_of(person, known)))
    return entrants


def home_of(person: NewVolunteer, known: Known) -> UUID | None:
    """Return the unit in which a person lives, None where nothing is said of it."""
    return person.org_unit_id or known.homes.get((person.area, person.building))


def _write(session: Session, act: Act, entrants: Sequence[_Entrant], known: Known) -> None:
    new = [each for each in entrants if each.person.staff_number is None]
    insert_all(session, PersonRow, [person_columns(act, each.person_id, each.person, each.home) for each in new])
    for each in entrants:
        if each.person.staff_number is not None:
            _complete(session, act, each)
    insert_all(session, VolunteerRow, [_volunteer_columns(act, each) for each in entrants])
    documents = ((each.person_id, each.person.document) for each in entrants)
    insert_all(session, PersonDocumentRow, [sealed(act, owner, document) for owner, document in documents if document])
    ids = {**known.numbers, **{each.number: each.person_id for each in entrants}}
    insert_all(session, GuardianRow, list(_guardians(act, entrants, ids)))


def insert_all(session: Session, table: type[Any], rows: Sequence[dict[str, object]]) -> None:
    """Write many rows of one table in one statement."""
    if rows:
        session.execute(sa.insert(table), rows)


def person_columns(act: Act, person_id: UUID, person: NewVolunteer, home: UUID | None) -> dict[str, object]:
    """Return the row of a person, cleaned."""
    return {
        "community_id": act.community_id,
        "id": person_id,
        **name_columns(person.clean_name),
        "sex": person.sex,
        "born_on": person.known_birth_date,
        "phone": person.clean_phone,
        "org_unit_id": home,
        "household": composed(person.household or "").strip() or None,
        "skills": composed(person.skills).strip(),
        "note": composed(person.note).strip(),
    }


def name_columns(name: str) -> dict[str, object]:
    """Return a name with the forms in which it is searched."""
    return {"name": name, "name_key": name_key(name), "initials": initials(name)}


def _complete(session: Session, act: Act, entrant: _Entrant) -> None:
    """Add to a person of the staff what only volunteers are asked."""
    columns = person_columns(act, entrant.person_id, entrant.person, entrant.home)
    session.execute(
        sa.update(PersonRow)
        .where(PersonRow.community_id == columns.pop("community_id"), PersonRow.id == columns.pop("id"))
        .values(columns)
    )


def _volunteer_columns(act: Act, entrant: _Entrant) -> dict[str, object]:
    return {
        "community_id": act.community_id,
        "person_id": entrant.person_id,
        "number": entrant.number,
        "registered_on": entrant.person.registered_on or act.today,
        "closed_on": None,
    }


def sealed(act: Act, person_id: UUID, document: Document) -> dict[str, object]:
    """Return the row of a document, encrypted; the nonce comes from the act's salt and is used once."""
    nonce = act.salt_for(f"document {person_id}")[:NONCE_BYTES]
    shut = document.seal(act.community_id, person_id, nonce=nonce)
    return {
        "community_id": act.community_id,
        "person_id": person_id,
        "kind": document.kind.value,
        "key_id": shut.key_id,
        "nonce": shut.nonce,
        "ciphertext": shut.ciphertext,
        "digest": document.digest,
    }


def _guardians(act: Act, entrants: Iterable[_Entrant], ids: dict[str, UUID]) -> Iterator[dict[str, object]]:
    for entrant in entrants:
        if entrant.person.guardian is not None:
            guardian = entrant.person.guardian
            yield guardian_columns(act, entrant.person_id, guardian, ids.get(guardian.volunteer_number or ""))


def guardian_columns(act: Act, person_id: UUID, guardian: NewGuardian, guardian_id: UUID | None) -> dict[str, object]:
    """Return the row of a minor's guardian."""
    return {
        "community_id": act.community_id,
        "person_id": person_id,
        "name": composed(guardian.name).strip(),
        "relation": composed(guardian.relation).strip()[:20],
        "phone": guardian.clean_phone,
        "guardian_id": guardian_id,
        "consent_on": guardian.consent_on,
    }


def _shared_phones(session: Session, act: Act, people: Iterable[NewVolunteer]) -> list[list[str]]:
    asked = {person.clean_phone for person in people} - {None}
    query = (
        sa.select(PersonRow.phone, VolunteerRow.number)
        .join(
            VolunteerRow,
            sa.and_(VolunteerRow.community_id == PersonRow.community_id, VolunteerRow.person_id == PersonRow.id),
        )
        .where(PersonRow.community_id == act.community_id, PersonRow.phone.in_(asked))
    )
    sharing: dict[str | None, list[str]] = defaultdict(list)
    for phone, number in session.execute(query):
        sharing[phone].append(number)
    return sorted(sorted(together) for together in sharing.values() if len(together) > 1)
