"""What can be done about certificates: ask for one, issue, replace and revoke it, and say who issues.

Every certificate and every end of one is an entry of the log without transfers. The entry holds a salted commitment to
the snapshot and no name; its place and hash make the code that is printed.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.certificates import queries
from timebank.certificates.operations.starring import certify_after, certify_every_star, certify_stars
from timebank.certificates.operations.writing import begun, end, told, write
from timebank.certificates.rules import (
    PURPOSE_MAX,
    CertificateKind,
    CertificateRequestDecided,
    CertificateRequested,
    CertificateState,
    NothingToCertify,
    Office,
    OfficeMissing,
    OfficeUnclear,
    Period,
    StarCertificateNotReplaced,
    check_issuer,
    check_office,
    check_period,
    check_reason,
    check_revocation,
    check_valid,
    services_within,
)
from timebank.certificates.tables import CertificateOfficeRow, CertificateRequestRow, CertificateRow
from timebank.people import queries as people
from timebank.people.roles import Permission

__all__ = [
    "answer_request",
    "certify_after",
    "certify_every_star",
    "certify_stars",
    "decline_request",
    "issue",
    "replace_certificate",
    "request_certificate",
    "revoke",
    "set_office",
]


@once("certificates.set_office")
def set_office(session: Session, act: Act, *, office: Office) -> None:
    """Say which unit issues certificates from now on, and who is responsible; earlier ones stay as they are.

    Raises:
        NotAllowed: the actor does not set the community up.
        OfficeUnclear: unit or person are not named.
    """
    people.check_may(session, act, Permission.MANAGE_STAFF)
    check_office(office)
    session.add(
        CertificateOfficeRow(
            community_id=act.community_id,
            id=act.new_id("certificate-office"),
            unit=office.unit.strip(),
            responsible=office.responsible.strip(),
            contact=office.contact.strip(),
            set_by=act.number,
            set_at=act.at,
        )
    )


@once("certificates.request")
def request_certificate(session: Session, act: Act, *, period: Period, purpose: str) -> str:
    """Ask for a certificate of one's own service, as the volunteer who acts; return the request's id.

    Raises:
        NoSuchVolunteer: the actor is no volunteer.
        PeriodUnclear, NothingToCertify, CertificateRequested: it cannot be asked for.
    """
    volunteer = people.volunteer(session, act.community_id, act.number)
    check_period(period, today=act.today)
    if len(purpose) > PURPOSE_MAX or not purpose.isprintable():
        raise OfficeUnclear(characters_max=PURPOSE_MAX)
    _settled(session, act, volunteer.number, period)
    asked = queries.requests_of(session, act.community_id, volunteer.person_id)
    if any(one.state == "open" for one in asked):
        raise CertificateRequested(volunteer=volunteer.number)
    row = CertificateRequestRow(
        community_id=act.community_id,
        id=act.new_id("certificate-request"),
        person_id=volunteer.person_id,
        volunteer_number=volunteer.number,
        since_on=period.since_on,
        until_on=period.until_on,
        purpose=purpose.strip(),
        requested_at=act.at,
        state="open",
    )
    session.add(row)
    return str(row.id)


@once("certificates.issue", subject="number")
def issue(session: Session, act: Act, *, number: str, period: Period) -> dict[str, Any]:
    """Issue a certificate of service: a snapshot of what stands in the books for that time.

    Returns:
        `certificate` (its id), `number` and `code`.

    Raises:
        NotAllowed: the actor issues none where the volunteer lives.
        NoSuchVolunteer: there is none of this number.
        OfficeMissing, PeriodUnclear, NothingToCertify, CertificateForYourself: it cannot be issued.
    """
    return told(_issue(session, act, number, period))


@once("certificates.answer_request", subject="request_id")
def answer_request(session: Session, act: Act, *, request_id: UUID) -> dict[str, Any]:
    """Issue what a volunteer asked for; see `issue`.

    Raises:
        NoSuchCertificateRequest, CertificateRequestDecided: nobody asks for it any more.
    """
    asked = _open_request(session, act, request_id)
    issued = _issue(session, act, asked.volunteer_number, Period(asked.since_on, asked.until_on))
    asked.certificate_id = issued.id
    asked.state, asked.decider, asked.decided_at = "issued", act.number, act.at
    return told(issued)


@once("certificates.decline_request", subject="request_id")
def decline_request(session: Session, act: Act, *, request_id: UUID, reason: str) -> None:
    """Decline what a volunteer asked for, with a reason that they read.

    Raises:
        NotAllowed: the actor issues no certificates.
        NoSuchCertificateRequest, CertificateRequestDecided, CertificateReasonMissing: it cannot be declined so.
    """
    people.check_may(session, act, Permission.ISSUE_CERTIFICATES)
    check_reason(reason)
    asked = _open_request(session, act, request_id)
    asked.state, asked.decider, asked.decided_at, asked.reason = "declined", act.number, act.at, reason.strip()


@once("certificates.revoke", subject="certificate_id")
def revoke(session: Session, act: Act, *, certificate_id: UUID, reason: str) -> int:
    """Revoke a certificate that somebody else issued; whoever checks its code is told so. Return the entry's number.

    Raises:
        NotAllowed: the actor issues no certificates.
        NoSuchCertificate: there is none.
        CertificateEnded, CertificateNeedsAnother, CertificateReasonMissing: it cannot be revoked so.
    """
    people.check_may(session, act, Permission.ISSUE_CERTIFICATES)
    check_reason(reason)
    found = queries.certificate(session, act.community_id, certificate_id)
    check_revocation(found.number, found.state, issuer_id=found.issuer_id, revoker_id=act.person_id)
    return end(session, act, found, CertificateState.REVOKED, reason, newer=None)


@once("certificates.replace", subject="certificate_id")
def replace_certificate(session: Session, act: Act, *, certificate_id: UUID, reason: str) -> dict[str, Any]:
    """Issue a certificate of service anew for the same time; the earlier one leads to it. See `issue`.

    Raises:
        NoSuchCertificate: there is none.
        CertificateEnded, CertificateReasonMissing, StarCertificateNotReplaced: it cannot be replaced so.
    """
    check_reason(reason)
    found = queries.certificate(session, act.community_id, certificate_id)
    check_valid(found.number, found.state)
    if found.snapshot.period is None:
        raise StarCertificateNotReplaced(certificate=found.number)
    issued = _issue(session, act, found.volunteer_number, found.snapshot.period)
    end(session, act, found, CertificateState.REPLACED, reason, newer=issued.id)
    return told(issued)


def _issue(session: Session, act: Act, number: str, period: Period) -> CertificateRow:
    volunteer = people.volunteer(session, act.community_id, number)
    people.check_may_for(session, act, Permission.ISSUE_CERTIFICATES, volunteer.person_id)
    close = people.close_to(session, act.community_id, {volunteer.person_id})[volunteer.person_id]
    check_issuer(number, volunteer.person_id, close, issuer_id=act.person_id)
    check_period(period, today=act.today)
    office = queries.find_office(session, act.community_id)
    if office is None:
        raise OfficeMissing()
    certified = _settled(session, act, number, period)
    snapshot = replace(
        begun(session, act, CertificateKind.SERVICE, volunteer, office),
        handler=people.staff_names(session, act.community_id).get(act.number, act.number),
        period=period,
        **certified,
    )
    return write(session, act, snapshot, volunteer, issuer=(act.person_id, act.number), award=None)


def _settled(session: Session, act: Act, number: str, period: Period) -> dict[str, Any]:
    """Return what the books hold for a time: `services`, `carried_minutes` and `total_minutes`.

    A paper passbook has no single days: it stands only on a certificate that begins with the first service.
    """
    settled = queries.services_settled(session, act.community_id, number)
    services = services_within(settled, period)
    opened_on = people.community(session, act.community_id).go_live_on
    from_the_first = period.since_on is None and period.until_on >= opened_on
    carried = queries.carried_minutes(session, act.community_id, number, settled) if from_the_first else 0
    total = sum(one.minutes for one in services) + carried
    if total <= 0:
        raise NothingToCertify(volunteer=number)
    return {"services": services, "carried_minutes": carried, "total_minutes": total}


def _open_request(session: Session, act: Act, request_id: UUID) -> CertificateRequestRow:
    queries.certificate_request(session, act.community_id, request_id)
    row = session.get_one(CertificateRequestRow, (act.community_id, request_id))
    if row.state != "open":
        raise CertificateRequestDecided(volunteer=row.volunteer_number, state=row.state)
    return row
