"""Questions about certificates: one by its code, entry or id, all of them, what was asked for, who issues."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.books.statements import balance, services_of
from timebank.certificates.rules import CertificateKind, CertificateState, Office, Period, Served, Snapshot, snapshot_of
from timebank.certificates.tables import (
    CertificateEndRow,
    CertificateOfficeRow,
    CertificateRequestRow,
    CertificateRow,
)
from timebank.ledger.accounts import MINUTES, AccountKind, AccountRef
from timebank.ledger.entries import Entry
from timebank.refusal import Refusal
from timebank.service import queries as service
from timebank.service.queries import ServiceRecord
from timebank.stars.queries.inquiries import lowerings_of
from timebank.stars.rules.inquiries import Lowering


class NoSuchCertificate(Refusal):
    """There is no such certificate."""

    code = "no_such_certificate"


class NoSuchCertificateRequest(Refusal):
    """Nobody asked for that."""

    code = "no_such_certificate_request"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate, and what became of it.

    Attributes:
        number: as it is printed; `code` the twenty digits by which anybody checks it.
        snapshot: everything that it says.
        digest: what the log committed to; `text` and `salt` make it.
        issuer: number of who made it out.
        suspended_until: the last day for which an inquiry has lowered its star, as `standing` found it.
        ended_at, ender, reason: when, by whom and why it was revoked or replaced; `replaced_by` the newer one's code.
    """

    certificate_id: UUID
    kind: CertificateKind
    number: str
    code: str
    person_id: UUID
    volunteer_number: str
    award_id: UUID | None
    snapshot: Snapshot
    text: str
    salt: bytes
    issued_on: date
    issuer_id: UUID
    issuer: str
    issued_at: datetime
    entry_seq: int
    state: CertificateState
    ended_at: datetime | None
    ender: str | None
    reason: str | None
    replaced_by: str | None
    suspended_until: date | None = None


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """What a volunteer asked for, and what came of it: open, issued or declined (with a reason)."""

    request_id: UUID
    person_id: UUID
    volunteer_number: str
    period: Period
    purpose: str
    requested_at: datetime
    state: str
    reason: str | None
    certificate_id: UUID | None


def find_office(session: Session, community_id: str) -> Office | None:
    """Return which unit issues and who is responsible, or None while nobody has said it."""
    query = sa.select(CertificateOfficeRow).where(CertificateOfficeRow.community_id == community_id)
    row = session.scalar(query.order_by(CertificateOfficeRow.set_at.desc(), CertificateOfficeRow.id.desc()).limit(1))
    return None if row is None else Office(row.unit, row.responsible, row.contact)


def certificate(session: Session, community_id: str, certificate_id: UUID) -> Certificate:
    """Return a certificate by its id.

    Raises:
        NoSuchCertificate: there is none.
    """
    return _one(session, community_id, CertificateRow.id == certificate_id)


def certificate_by_code(session: Session, community_id: str, code: str) -> Certificate:
    """Return a certificate by its twenty digits.

    Raises:
        NoSuchCertificate: there is none.
    """
    return _one(session, community_id, CertificateRow.code == code)


def certificate_by_number(session: Session, community_id: str, number: str) -> Certificate:
    """Return a certificate by the number that is printed on it.

    Raises:
        NoSuchCertificate: there is none.
    """
    return _one(session, community_id, CertificateRow.number == number)


def find_certificate_of_entry(session: Session, community_id: str, seq: int) -> Certificate | None:
    """Return the certificate that an entry issued, or None where it issued none."""
    found = session.execute(_certificates(community_id).where(CertificateRow.entry_seq == seq)).first()
    return None if found is None else _certificate(*found)


def certificates(session: Session, community_id: str, limit: int | None = None) -> tuple[Certificate, ...]:
    """Return certificates, newest first: all of them, or so many."""
    return _all(session, _certificates(community_id).limit(limit))


def certificates_of(session: Session, community_id: str, person_id: UUID) -> tuple[Certificate, ...]:
    """Return the certificates of a person, newest first."""
    return _all(session, _certificates(community_id).where(CertificateRow.person_id == person_id))


def certificates_in_order(session: Session, community_id: str) -> Iterator[Certificate]:
    """Yield every certificate in the order of its entries, for verification."""
    for found in session.execute(_certificates(community_id).order_by(CertificateRow.entry_seq)):
        yield _certificate(*found)


def standing(session: Session, community_id: str, found: Iterable[Certificate], day: date) -> tuple[Certificate, ...]:
    """Return certificates as they stand on a day: that of a star is suspended while an inquiry has lowered the star."""
    certificates = tuple(found)
    starred = {one.volunteer_number for one in certificates if one.kind is CertificateKind.STAR}
    lowerings = lowerings_of(session, community_id, starred) if starred else {}
    return tuple(_standing(one, lowerings.get(one.volunteer_number, ()), day) for one in certificates)


def _standing(one: Certificate, lowerings: Iterable[Lowering], day: date) -> Certificate:
    level = one.snapshot.level
    if level is None or one.state is not CertificateState.VALID:
        return one
    until = [each.until_on for each in lowerings if each.holds_on(day) and each.level < level]
    return replace(one, state=CertificateState.SUSPENDED, suspended_until=max(until)) if until else one


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a certificate as its entry has it: which, how, and by whom."""

    number: str
    state: CertificateState
    ender: str
    entry_seq: int


def ends_in_order(session: Session, community_id: str) -> Iterator[Ended]:
    """Yield how certificates ended, in the order of the entries, for verification."""
    query = (
        sa.select(CertificateRow.number, CertificateEndRow.state, CertificateEndRow.ender, CertificateEndRow.entry_seq)
        .join(CertificateRow, _ENDED)
        .where(CertificateEndRow.community_id == community_id)
        .order_by(CertificateEndRow.entry_seq)
    )
    for number, state, ender, seq in session.execute(query):
        yield Ended(number, CertificateState(state), ender, seq)


def certified_awards(session: Session, community_id: str) -> frozenset[UUID]:
    """Return the star cases that have their certificate."""
    query = sa.select(CertificateRow.award_id).where(CertificateRow.community_id == community_id)
    return frozenset(found for found in session.scalars(query) if found is not None)


def issued_in_year(session: Session, community_id: str, kind: CertificateKind, year: int) -> int:
    """Count the certificates of a kind that were issued in a year."""
    query = sa.select(sa.func.count()).where(
        CertificateRow.community_id == community_id,
        CertificateRow.kind == kind,
        CertificateRow.issued_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return session.scalar(query) or 0


def requests_open(session: Session, community_id: str) -> tuple[CertificateRequest, ...]:
    """Return what waits for the desk, oldest first."""
    query = _requests(community_id).where(CertificateRequestRow.state == "open")
    return tuple(map(_request, session.scalars(query.order_by(CertificateRequestRow.requested_at))))


def requests_of(session: Session, community_id: str, person_id: UUID) -> tuple[CertificateRequest, ...]:
    """Return what a person asked for, newest first."""
    query = _requests(community_id).where(CertificateRequestRow.person_id == person_id)
    return tuple(map(_request, session.scalars(query.order_by(CertificateRequestRow.requested_at.desc()))))


def certificate_request(session: Session, community_id: str, request_id: UUID) -> CertificateRequest:
    """Return what was asked for.

    Raises:
        NoSuchCertificateRequest: nothing.
    """
    row = session.get(CertificateRequestRow, (community_id, request_id))
    if row is None:
        raise NoSuchCertificateRequest(request=str(request_id))
    return _request(row)


def services_settled(session: Session, community_id: str, number: str) -> tuple[Served, ...]:
    """Return every service of a volunteer that stands in the books now: posted, and not taken back."""
    entries = [entry for _, entry in services_of(session, community_id, [number])]
    by_entry = service.records_by_entry(session, community_id, [entry.seq for entry in entries])
    records = {one.id: one for one in service.records(session, community_id, by_entry.values())}
    behind = {seq: records[record_id] for seq, record_id in by_entry.items()}
    return tuple(_served(entry, number, behind.get(entry.seq)) for entry in entries)


def carried_minutes(session: Session, community_id: str, number: str, services: Iterable[Served]) -> int:
    """Return what stands in the books beside single services: what a paper passbook brought."""
    recognised = balance(session, community_id, AccountRef(AccountKind.RECOGNISED, number, MINUTES))
    return recognised - sum(one.minutes for one in services)


def _served(entry: Entry, number: str, record: ServiceRecord | None) -> Served:
    into = (t for t in entry.transfers if t.credit.kind is AccountKind.RECOGNISED and t.credit.owner == number)
    return Served(
        served_on=entry.served_on or entry.effective_on,
        title=record.activity_title if record else "",
        content=record.content if record else "",
        place=record.place if record else "",
        minutes=sum(transfer.amount for transfer in into if transfer.unit == MINUTES),
    )


_ENDED = sa.and_(
    CertificateEndRow.community_id == CertificateRow.community_id, CertificateEndRow.certificate_id == CertificateRow.id
)
_NEWER = aliased(CertificateRow)


def _certificates(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    newer = sa.and_(
        _NEWER.community_id == CertificateEndRow.community_id, _NEWER.id == CertificateEndRow.replaced_by_id
    )
    return (
        sa.select(CertificateRow, CertificateEndRow, _NEWER.code)
        .outerjoin(CertificateEndRow, _ENDED)
        .outerjoin(_NEWER, newer)
        .where(CertificateRow.community_id == community_id)
    )


def _one(session: Session, community_id: str, wanted: sa.ColumnElement[bool]) -> Certificate:
    found = session.execute(_certificates(community_id).where(wanted)).first()
    if found is None:
        raise NoSuchCertificate()
    return _certificate(*found)


def _all(session: Session, query: sa.Select[*tuple[Any, ...]]) -> tuple[Certificate, ...]:
    found = session.execute(query.order_by(CertificateRow.entry_seq.desc()))
    return tuple(_certificate(*row) for row in found)


def _certificate(row: CertificateRow, end: CertificateEndRow | None, replaced_by: str | None) -> Certificate:
    return Certificate(
        certificate_id=row.id,
        kind=CertificateKind(row.kind),
        number=row.number,
        code=row.code,
        person_id=row.person_id,
        volunteer_number=row.volunteer_number,
        award_id=row.award_id,
        snapshot=snapshot_of(row.text),
        text=row.text,
        salt=row.salt,
        issued_on=row.issued_on,
        issuer_id=row.issuer_id,
        issuer=row.issuer,
        issued_at=row.issued_at,
        entry_seq=row.entry_seq,
        state=CertificateState(end.state) if end else CertificateState.VALID,
        ended_at=end.ended_at if end else None,
        ender=end.ender if end else None,
        reason=end.reason if end else None,
        replaced_by=replaced_by,
    )


def _requests(community_id: str) -> sa.Select[CertificateRequestRow]:
    return sa.select(CertificateRequestRow).where(CertificateRequestRow.community_id == community_id)


def _request(row: CertificateRequestRow) -> CertificateRequest:
    return CertificateRequest(
        request_id=row.id,
        person_id=row.person_id,
        volunteer_number=row.volunteer_number,
        period=Period(row.since_on, row.until_on),
        purpose=row.purpose,
        requested_at=row.requested_at,
        state=row.state,
        reason=row.reason,
        certificate_id=row.certificate_id,
    )
