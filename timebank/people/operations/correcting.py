"""Correcting what is known of a person, and declaring who is related to whom.

What was there before is not kept: a corrected phone number is nobody's business any more. That it was corrected, by
whom and in which fields, stands in the trail.

Source: MCA Order 67 article 13 (errors are corrected promptly); PIPL 46.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.admission import GuardianUnknown, refusals_for
from timebank.people.newcomers import Known, NewGuardian, NewVolunteer
from timebank.people.operations.logins import find_person
from timebank.people.operations.registering import (
    check_homes,
    guardian_columns,
    home_of,
    known_to,
    person_columns,
    sealed,
)
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.queries import check_may_for
from timebank.people.roles import Permission
from timebank.people.tables import GuardianRow, PersonDocumentRow, PersonRow, RelativeRow, VolunteerRow
from timebank.refusal import Refusal

RELATION_LENGTH_MAX: Final = 20


class SamePerson(Refusal):
    """Nobody is related to themselves; two numbers of one person are one person."""

    code = "same_person"


class AlreadyDeclared(Refusal):
    """These two are declared relatives already."""

    code = "already_declared"


class RelationInvalid(Refusal):
    """How two people are related is said in 1 to 20 characters."""

    code = "relation_invalid"


def details(session: Session, community_id: str, number: str) -> NewVolunteer:
    """Return what is known of a person as it was registered, to be corrected; a document is not shown.

    Raises:
        NoSuchVolunteer, NoSuchStaff
    """
    person_id = find_person(session, community_id, number)
    row = session.get_one(PersonRow, (community_id, person_id))
    return NewVolunteer(
        name=row.name,
        phone=row.phone,
        sex=row.sex,
        born_on=row.born_on,
        org_unit_id=row.org_unit_id,
        household=row.household,
        guardian=_find_guardian(session, community_id, person_id),
        skills=row.skills,
        note=row.note,
    )


def _find_guardian(session: Session, community_id: str, person_id: UUID) -> NewGuardian | None:
    row = session.get(GuardianRow, (community_id, person_id))
    if row is None:
        return None
    volunteer = row.guardian_id and session.get(VolunteerRow, (community_id, row.guardian_id))
    return NewGuardian(
        name=row.name,
        relation=row.relation,
        phone=row.phone,
        volunteer_number=volunteer.number if volunteer else None,
        consent_on=row.consent_on,
    )


@once("people.correct_person", subject="number")
def correct_person(session: Session, act: Act, *, number: str, person: NewVolunteer) -> str:
    """Correct what is known of a person; return the names of the fields that changed, separated by blanks.

    Args:
        number: of a volunteer or staff member.
        person: everything as it shall be, made from `details`; a document or guardian that is None stays as it is,
            number, day of registration and staff number are not corrected.

    Raises:
        NotAllowed, NoSuchVolunteer, NoSuchStaff
        Refusal: what would refuse the person as a newcomer (`admission`); the place is 1.

    Source: MCA Order 67 article 13.
    """
    person_id = find_person(session, act.community_id, number)
    check_may_for(session, act, Permission.REGISTER_PEOPLE, person_id)
    known_guardian = _find_guardian(session, act.community_id, person_id)
    wanted = replace(
        person, guardian=person.guardian or known_guardian, number=None, registered_on=None, staff_number=None
    )
    known = _without_own_document(session, act, known_to(session, act, [wanted]), person_id)
    for refusal in refusals_for((wanted,), known):
        raise refusal
    check_homes(session, act, [home_of(wanted, known)])
    if wanted.guardian is not None and known.numbers.get(wanted.guardian.volunteer_number or "") == person_id:
        raise GuardianUnknown(place=1, number=number)
    changed = _change_columns(session, act, person_id, wanted, known)
    if wanted.guardian != known_guardian and wanted.guardian is not None:
        guardian_id = known.numbers.get(wanted.guardian.volunteer_number or "")
        session.merge(GuardianRow(**guardian_columns(act, person_id, wanted.guardian, guardian_id)))
        changed.append("guardian")
    if wanted.document is not None:
        session.merge(PersonDocumentRow(**sealed(act, person_id, wanted.document)))
        changed.append("document")
    return " ".join(changed)


def _without_own_document(session: Session, act: Act, known: Known, person_id: UUID) -> Known:
    own = session.get(PersonDocumentRow, (act.community_id, person_id))
    others = {digest: holder for digest, holder in known.holders.items() if own is None or digest != own.digest}
    return replace(known, holders=others)


def _change_columns(session: Session, act: Act, person_id: UUID, wanted: NewVolunteer, known: Known) -> list[str]:
    row = session.get_one(PersonRow, (act.community_id, person_id))
    columns = person_columns(act, person_id, wanted, home_of(wanted, known))
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, columns[name])
    return [name for name in changed if name not in {"name_key", "initials"}]


@once("people.declare_relatives", subject="number")
def declare_relatives(session: Session, act: Act, *, number: str, other_number: str, relation: str) -> None:
    """Declare two people relatives: neither approves the other's hours nor hands goods out to them.

    Args:
        number, other_number: of volunteers or staff members.
        relation: in the words of the people, 母女; 1 to 20 characters.

    Raises:
        NotAllowed, NoSuchVolunteer, NoSuchStaff, SamePerson, AlreadyDeclared, RelationInvalid

    Source: trust.md T6, X9.
    """
    people = [find_person(session, act.community_id, each) for each in (number, other_number)]
    check_may_for(session, act, Permission.REGISTER_PEOPLE, people[0])
    clean = composed(relation).strip()
    if not 1 <= len(clean) <= RELATION_LENGTH_MAX or find_text_fault(clean, multiline=False):
        raise RelationInvalid(length_max=RELATION_LENGTH_MAX)
    one, other = sorted(people)
    if one == other:
        raise SamePerson(number=number, other=other_number)
    if session.get(RelativeRow, (act.community_id, one, other)) is not None:
        raise AlreadyDeclared(number=number, other=other_number)
    session.execute(
        sa.insert(RelativeRow),
        {
            "community_id": act.community_id,
            "person_id": one,
            "other_id": other,
            "relation": clean,
            "declared_at": act.at,
            "declared_by": act.number,
        },
    )
