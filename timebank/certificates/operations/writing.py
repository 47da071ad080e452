"""Writing: what every certificate and every end of one needs, whatever it is about. Used by the operations alone."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.certificates import queries
from timebank.certificates.queries import Certificate
from timebank.certificates.rules import (
    CertificateKind,
    CertificateState,
    Office,
    Snapshot,
    as_text,
    digest_of,
    number_for,
)
from timebank.certificates.tables import CertificateEndRow, CertificateRow
from timebank.ledger.codes import document_code
from timebank.ledger.entries import Draft, EntryKind
from timebank.people import queries as people
from timebank.people.queries import Volunteer
from timebank.stars.rules import Award


def told(issued: CertificateRow) -> dict[str, Any]:
    """Tell what was issued: its id, number and code."""
    return {"certificate": str(issued.id), "number": issued.number, "code": issued.code}


def begun(session: Session, act: Act, kind: CertificateKind, volunteer: Volunteer, office: Office) -> Snapshot:
    """Begin a snapshot with what every certificate says."""
    community = people.community(session, act.community_id)
    before = queries.issued_in_year(session, act.community_id, kind, act.today.year)
    return Snapshot(
        kind=kind,
        number=number_for(kind, act.today.year, before),
        community=community.name,
        unit=office.unit,
        responsible=office.responsible,
        handler="",
        contact=office.contact or community.station_phone,
        name=volunteer.name,
        volunteer_number=volunteer.number,
        issued_on=act.today,
        total_minutes=0,
    )


def write(
    session: Session,
    act: Act,
    snapshot: Snapshot,
    volunteer: Volunteer,
    *,
    issuer: tuple[UUID, str],
    award: Award | None,
) -> CertificateRow:
    """Post the entry of a certificate and keep the certificate; `issuer` is who made it out, id and number."""
    text, salt = as_text(snapshot), act.salt_for(f"certificate {snapshot.number}")
    facts = {
        "certificate": snapshot.number,
        "volunteer": volunteer.number,
        "digest": digest_of(salt, text),
        "issuer": issuer[1],
    }
    source = f"certificate:{act.new_id(f'certificate {snapshot.number}')}"
    draft = Draft(kind=EntryKind.CERTIFICATE_ISSUED, effective_on=act.today, source=source, facts=facts)
    posted = journal.post(session, act, draft)
    row = CertificateRow(
        community_id=act.community_id,
        id=act.new_id(f"certificate {snapshot.number}"),
        kind=snapshot.kind.value,
        number=snapshot.number,
        code=document_code(posted.seq, posted.leaf_hash).digits,
        person_id=volunteer.person_id,
        volunteer_number=volunteer.number,
        award_id=award.award_id if award else None,
        text=text,
        salt=salt,
        issued_on=act.today,
        issuer_id=issuer[0],
        issuer=issuer[1],
        issued_at=act.at,
        entry_seq=posted.seq,
    )
    session.add(row)
    session.flush()
    return row


def end(
    session: Session, act: Act, found: Certificate, state: CertificateState, reason: str, *, newer: UUID | None
) -> int:
    """Post the end of a certificate and keep it; return the number of the entry."""
    draft = Draft(
        kind=EntryKind.CERTIFICATE_ENDED,
        effective_on=act.today,
        source=f"certificate:{found.certificate_id}",
        memo=reason.strip(),
        facts={"certificate": found.number, "state": state.value},
    )
    posted = journal.post(session, act, draft)
    session.add(
        CertificateEndRow(
            community_id=act.community_id,
            certificate_id=found.certificate_id,
            state=state.value,
            reason=reason.strip(),
            replaced_by_id=newer,
            issuer_id=found.issuer_id,
            ender_id=act.person_id,
            ender=act.number,
            ended_at=act.at,
            entry_seq=posted.seq,
        )
    )
    return posted.seq
