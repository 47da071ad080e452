"""What is known of a volunteer beside their passbook and records: certificates, trainings, sign-ups, consents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.certificates.queries import certificates_of
from timebank.ledger.days import day_of
from timebank.market.queries.reservations import reservations_of
from timebank.market.queries.vouchers import vouchers_of
from timebank.people.queries.helping import helpers_of
from timebank.people.queries.privacy import consents_of, data_requests_of
from timebank.people.queries.training import training_records_of
from timebank.service.queries.own_sign_ups import sign_ups_of
from timebank.stars.queries import history

Table = list[dict[str, Any]]
ALL = 100_000
"""More than anybody has."""

CERTIFICATE: tuple[str, ...] = ("number", "code", "kind", "issued_on", "issuer", "state", "ended_at", "reason")
TRAINING: tuple[str, ...] = ("course", "content", "organiser", "trained_on", "minutes", "recorder", "state", "reason")
SIGN_UP: tuple[str, ...] = (
    "activity_number",
    "activity_title",
    "starts_at",
    "signed_at",
    "signer",
    "state",
    "ended_at",
)
STAR: tuple[str, ...] = ("level", "state", "opened_at", "decided_at")
CONSENT: tuple[str, ...] = ("what", "version", "given_at", "given_by", "withdrawn_at", "withdrawn_by")
REQUEST: tuple[str, ...] = ("kind", "asked_at", "asked_by", "asked", "state", "decided_at", "decided_by", "answered")
VOUCHER: tuple[str, ...] = ("number", "good_number", "partner_code", "taken_on", "expires_at", "points_e2", "state")
RESERVATION: tuple[str, ...] = ("number", "reserved_at", "expires_at", "points_e2", "state")
HELPER: tuple[str, ...] = ("number", "relation", "named_on", "until_on")
FURTHER: tuple[str, ...] = (
    "certificates",
    "trainings",
    "sign-ups",
    "stars",
    "reservations",
    "vouchers",
    "helpers",
    "consents",
    "requests",
)
"""The names of the further tables."""


def further_tables(session: Session, community: str, person_id: UUID, number: str, at: datetime) -> Mapping[str, Table]:
    """Return the further tables of a copy, by the name of their file."""
    return {
        "certificates": _table(certificates_of(session, community, person_id), CERTIFICATE),
        "trainings": _table(training_records_of(session, community, number), TRAINING),
        "sign-ups": _table(sign_ups_of(session, community, person_id), SIGN_UP),
        "stars": _table(history(session, community, number), STAR),
        "reservations": _table(reservations_of(session, community, number, at, ALL), RESERVATION),
        "vouchers": _table(vouchers_of(session, community, number, at, ALL), VOUCHER),
        "helpers": _table(helpers_of(session, community, person_id, day_of(at)), HELPER),
        "consents": _table(consents_of(session, community, person_id), CONSENT),
        "requests": _table(data_requests_of(session, community, person_id), REQUEST),
    }


def _table(rows: Sequence[Any], columns: Sequence[str]) -> Table:
    return [{column: getattr(row, column) for column in columns} for row in rows]
