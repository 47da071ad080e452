"""Newcomers: what is asked of a person who is registered, and what the community must know to judge it.

Source: MCA Order 67 article 5 (basic information); nothing is asked that is not needed for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from timebank.people.identity import DocumentKind, birth_date_in, find_document_fault, normalised_phone
from timebank.people.plain_text import composed
from timebank.people.vault import Document

SEXES: Final = frozenset({"female", "male", None})
WITH_BIRTH_DATE: Final = frozenset({DocumentKind.RESIDENT_ID, DocumentKind.RESIDENCE_PERMIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGuardian:
    """The guardian of a minor; naming one says that their consent is on file.

    Attributes:
        volunteer_number: where the guardian is a volunteer here, else None.
        consent_on: the day on the paper, where it is known.
    """

    name: str
    relation: str = ""
    phone: str | None = None
    volunteer_number: str | None = None
    consent_on: date | None = None

    @property
    def clean_phone(self) -> str | None:
        """The phone as bare digits, None where there is none."""
        return normalised_phone(self.phone or "") or None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVolunteer:
    """A person to be registered.

    Attributes:
        sex: `female`, `male` or None.
        phone: a mainland mobile number in any spelling, or None; two people may share one.
        born_on: None takes it from the identity number, where there is one.
        area, building: names in the organisation tree; empty where not known. A building is enough if its name is
            there once.
        org_unit_id: the unit itself, before the names (a 中心户 is only named so).
        household: whoever has the same one in the same building lives together.
        number: the number they have already, or None for the next one.
        document: made by `IdentityVault.document`, or None; it is not required.
        guardian: required under 18.
        registered_on: None takes the day of the act.
        staff_number: the person is on the staff already and remains the same person.
    """

    name: str
    phone: str | None = None
    sex: str | None = None
    born_on: date | None = None
    area: str = ""
    building: str = ""
    org_unit_id: UUID | None = None
    household: str | None = None
    number: str | None = None
    document: Document | None = None
    guardian: NewGuardian | None = None
    skills: str = ""
    note: str = ""
    registered_on: date | None = None
    staff_number: str | None = None

    def __post_init__(self) -> None:
        """Refuse a sex that no form offers."""
        assert self.sex in SEXES, self.sex

    @property
    def clean_name(self) -> str:
        """The name as it is kept: NFC, without blanks at its ends."""
        return composed(self.name).strip()

    @property
    def clean_phone(self) -> str | None:
        """The phone as bare digits, None where there is none."""
        return normalised_phone(self.phone or "") or None

    @property
    def known_birth_date(self) -> date | None:
        """The birth date as given, else as the identity number tells it (if that has no fault)."""
        return self.born_on or find_birth_date(self.document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the community knows already, as far as this list asks.

    Attributes:
        numbers: volunteer numbers that are taken, with their persons.
        holders: number of the person who has a document, by its digest.
        homes: unit by (area, building) as they are written; only those that are there exactly once.
        units: ids of the units that were asked for.
        free_staff: persons of the staff who are no volunteers, by staff number.
        today: the day of the act.
    """

    numbers: Mapping[str, UUID]
    holders: Mapping[bytes, str]
    homes: Mapping[tuple[str, str], UUID]
    units: frozenset[UUID]
    free_staff: Mapping[str, UUID]
    today: date


def find_birth_date(document: Document | None) -> date | None:
    """Return the birth date that stands in an identity number without fault, or None."""
    if document is None or document.kind not in WITH_BIRTH_DATE:
        return None
    fault = find_document_fault(document.kind, document.number.value)
    return None if fault else birth_date_in(document.number.value)
