"""Admission: every reason to refuse a person who is to be registered.

Each refusal names the person's place in the list (1 is the first), never their name: refusals are kept for ever. The
`check_…` functions yield refusals instead of raising the first, so that a list is told everything at once.

Sources: PIPL 31 and Beijing's rules for volunteers (minors and guardians); trust.md N9 (texts).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from timebank.people.identity import find_document_fault, is_phone, normalised_phone
from timebank.people.names import name_key
from timebank.people.newcomers import Known, NewGuardian, NewVolunteer, find_birth_date
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.rules import ADULT_FROM, BORN_ON_MIN, CHILD_BELOW, VOLUNTEER_NUMBER, age_on
from timebank.people.vault import Document
from timebank.refusal import Refusal

NAME_LENGTH_MAX: Final = 60
TEXT_LENGTH_MAX: Final = {"household": 60, "skills": 200, "note": 2000}


class PersonNameInvalid(Refusal):
    """The name is empty, too long, or has characters that nobody can see."""

    code = "person_name_invalid"


class PersonTextInvalid(Refusal):
    """One of the free texts is too long or has characters that cannot be kept."""

    code = "person_text_invalid"


class PhoneInvalid(Refusal):
    """This is not a mobile number of eleven digits."""

    code = "phone_invalid"


class BirthDateImpossible(Refusal):
    """The birth date lies in the future or before 1900."""

    code = "birth_date_impossible"


class BirthDateDiffers(Refusal):
    """The birth date is not the one in the identity number."""

    code = "birth_date_differs"


class DocumentInvalid(Refusal):
    """No document of this kind has such a number."""

    code = "document_invalid"


class DocumentTaken(Refusal):
    """Somebody is registered with this document already; a person is registered once."""

    code = "document_taken"


class DocumentTwice(Refusal):
    """The same document stands in the list twice; a person is registered once."""

    code = "document_twice"


class VolunteerNumberInvalid(Refusal):
    """A volunteer number is V and four to eight digits."""

    code = "volunteer_number_invalid"


class VolunteerNumberTaken(Refusal):
    """The number belongs to another volunteer, or stands in the list twice."""

    code = "volunteer_number_taken"


class GuardianMissingForChild(Refusal):
    """A child under 14 is registered only with a guardian's consent (PIPL 31)."""

    code = "guardian_missing_for_child"


class GuardianMissing(Refusal):
    """A person of 14 to 17 is registered only with a guardian (Beijing's rules for volunteers)."""

    code = "guardian_missing"


class GuardianUnknown(Refusal):
    """The guardian's volunteer number belongs to nobody, or to the minor."""

    code = "guardian_unknown"


class HomeUnknown(Refusal):
    """There is no such area or building in the organisation tree, or more than one."""

    code = "home_unknown"


class RegisteredInFuture(Refusal):
    """The day of registration has not come yet."""

    code = "registered_in_future"


class StaffNumberUnknown(Refusal):
    """The staff number belongs to nobody, or to somebody who is a volunteer already."""

    code = "staff_number_unknown"


def refusals_for(people: tuple[NewVolunteer, ...], known: Known) -> tuple[Refusal, ...]:
    """Return every reason to refuse this list, in the order of the list; none means that all can be registered."""
    numbers: dict[str | None, int] = {}
    documents: dict[bytes, int] = {}
    for place, person in enumerate(people, start=1):
        numbers.setdefault(person.number, place)
        if person.document is not None:
            documents.setdefault(person.document.digest, place)
    firsts = _Firsts(numbers, documents)
    return tuple(
        refusal for place, person in enumerate(people, start=1) for refusal in _of_person(person, place, known, firsts)
    )


@dataclass(frozen=True, slots=True)
class _Firsts:
    """The place at which a number or a document stands in the list for the first time."""

    numbers: Mapping[str | None, int]
    documents: Mapping[bytes, int]


def _of_person(person: NewVolunteer, place: int, known: Known, firsts: _Firsts) -> Iterator[Refusal]:
    yield from check_name(person.name, place)
    yield from check_texts({field: getattr(person, field) or "" for field in TEXT_LENGTH_MAX}, place)
    yield from check_phone(person.phone, place)
    yield from check_birth_date(person.born_on, person.document, place, known.today)
    yield from check_document(person.document, place, known.holders)
    yield from _number(person.number, place, known, firsts)
    yield from _standing(person, place, known, firsts)
    yield from check_guardian(person.known_birth_date, person.guardian, place, known.today)
    yield from check_home(person, place, known)


def check_name(name: str, place: int) -> Iterator[Refusal]:
    """Yield a refusal if this cannot be a name."""
    clean = composed(name).strip()
    if not name_key(clean) or len(clean) > NAME_LENGTH_MAX or find_text_fault(clean, multiline=False):
        yield PersonNameInvalid(place=place, length_max=NAME_LENGTH_MAX)


def check_texts(texts: Mapping[str, str], place: int) -> Iterator[Refusal]:
    """Yield a refusal for each free text that cannot be kept."""
    for field, text in texts.items():
        length_max = TEXT_LENGTH_MAX[field]
        if len(text) > length_max or find_text_fault(text, multiline=field == "note"):
            yield PersonTextInvalid(place=place, field=field, length_max=length_max)


def check_phone(phone: str | None, place: int) -> Iterator[Refusal]:
    """Yield a refusal if something is given that is no mobile number."""
    digits = normalised_phone(phone or "")
    if digits and not is_phone(digits):
        yield PhoneInvalid(place=place)


def check_birth_date(born_on: date | None, document: Document | None, place: int, today: date) -> Iterator[Refusal]:
    """Yield a refusal if nobody can be born on that day, or the identity number says another."""
    if born_on is None:
        return
    if not BORN_ON_MIN <= born_on <= today:
        yield BirthDateImpossible(place=place, born_on=born_on.isoformat())
    elif (find_birth_date(document) or born_on) != born_on:
        yield BirthDateDiffers(place=place, born_on=born_on.isoformat())


def check_document(document: Document | None, place: int, holders: Mapping[bytes, str]) -> Iterator[Refusal]:
    """Yield a refusal if the number cannot be, or belongs to somebody."""
    if document is None:
        return
    fault = find_document_fault(document.kind, document.number.value)
    if fault is not None:
        yield DocumentInvalid(place=place, kind=document.kind.value, fault=fault.value)
    elif document.digest in holders:
        yield DocumentTaken(place=place, holder=holders[document.digest])


def check_guardian(born_on: date | None, guardian: NewGuardian | None, place: int, today: date) -> Iterator[Refusal]:
    """Yield a refusal if a minor has no guardian, or what is said of the guardian cannot be."""
    age = ADULT_FROM if born_on is None else age_on(born_on, today)
    if guardian is None and age < CHILD_BELOW:
        yield GuardianMissingForChild(place=place, age_min=CHILD_BELOW)
    elif guardian is None and age < ADULT_FROM:
        yield GuardianMissing(place=place, age_min=ADULT_FROM)
    elif guardian is not None:
        yield from check_name(guardian.name, place)
        yield from check_phone(guardian.phone, place)


def _number(number: str | None, place: int, known: Known, firsts: _Firsts) -> Iterator[Refusal]:
    if number is None:
        return
    if not VOLUNTEER_NUMBER.fullmatch(number):
        yield VolunteerNumberInvalid(place=place, number=number[:32])
    elif number in known.numbers or firsts.numbers[number] < place:
        yield VolunteerNumberTaken(place=place, number=number)


def _standing(person: NewVolunteer, place: int, known: Known, firsts: _Firsts) -> Iterator[Refusal]:
    """What the person is here already, or will be by the same list."""
    if person.document is not None and firsts.documents[person.document.digest] < place:
        yield DocumentTwice(place=place, first_place=firsts.documents[person.document.digest])
    if person.registered_on is not None and person.registered_on > known.today:
        yield RegisteredInFuture(place=place, registered_on=person.registered_on.isoformat())
    if person.staff_number is not None and person.staff_number not in known.free_staff:
        yield StaffNumberUnknown(place=place, number=person.staff_number)
    guardian = person.guardian.volunteer_number if person.guardian else None
    known_guardian = guardian in known.numbers or guardian in firsts.numbers
    if guardian is not None and (guardian == person.number or not known_guardian):
        yield GuardianUnknown(place=place, number=guardian)


def check_home(person: NewVolunteer, place: int, known: Known) -> Iterator[Refusal]:
    """Yield a refusal if the organisation tree has no such place."""
    written = (person.area, person.building)
    if person.org_unit_id is not None:
        found = person.org_unit_id in known.units
    else:
        found = not any(written) or written in known.homes
    if not found:
        yield HomeUnknown(place=place, area=person.area, building=person.building)
