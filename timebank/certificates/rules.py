"""What is decided about certificates: what one says, for which time, and who may end it.

A certificate is a snapshot: it says what stood in the books on the day of its issue and never changes. It is still
true when more hours are earned later; when hours in it are taken back, it is still what stood there on that day, and
whoever checks its code is told the state of the certificate itself, not of the books of today. While an inquiry has
lowered or withdrawn a star, the certificate of that star holds nothing; it holds again when the star does.

Source: MCA Order 67 articles 14 to 17 and 26 (free, truthful: service time, content, recording unit; verifiable);
民发〔2015〕149号 (issuer, responsible person, handler, number, day). The title claims no national standing.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal

REASON_MAX: Final = 200
UNIT_MAX: Final = 60
PURPOSE_MAX: Final = 100
PREFIX: Final = {"service": "ZM", "star": "XZ"}
"""The letters of a certificate's number, by kind."""


class CertificateKind(StrEnum):
    """What a certificate is about."""

    SERVICE = "service"
    STAR = "star"


class CertificateState(StrEnum):
    """What is said of a certificate when its code is checked; one of a star is suspended while the star is lowered."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"


class OfficeUnclear(Refusal):
    """The issuing unit and the responsible person are named in 1 to 60 characters each, on one line."""

    code = "certificate_office_unclear"


class OfficeMissing(Refusal):
    """Nobody has said yet which unit issues certificates and who is responsible."""

    code = "certificate_office_missing"


class PeriodUnclear(Refusal):
    """The time of a certificate begins before it ends, and ends today at the latest."""

    code = "certificate_period_unclear"


class NothingToCertify(Refusal):
    """No approved service lies in that time."""

    code = "nothing_to_certify"


class CertificateForYourself(Refusal):
    """Nobody issues a certificate to themselves, a declared relative or their household."""

    code = "certificate_for_yourself"


class CertificateEnded(Refusal):
    """The certificate was revoked or replaced before."""

    code = "certificate_ended"


class CertificateNeedsAnother(Refusal):
    """Another person than the one who issued it revokes it (four eyes)."""

    code = "certificate_needs_another"


class CertificateReasonMissing(Refusal):
    """Revoking, replacing or declining needs a reason of 1 to 200 characters on one line."""

    code = "certificate_reason_missing"


class StarCertificateNotReplaced(Refusal):
    """The certificate of a star follows from its grant; it can be revoked, not issued anew."""

    code = "star_certificate_not_replaced"


class CertificateRequested(Refusal):
    """A request of this volunteer waits already."""

    code = "certificate_requested"


class CertificateRequestDecided(Refusal):
    """The request was answered before."""

    code = "certificate_request_decided"


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues: the unit as it signs, the responsible person, and how to reach them."""

    unit: str
    responsible: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of service that a certificate covers, both ends included; without a beginning, all from the first."""

    since_on: date | None
    until_on: date


@dataclass(frozen=True, slots=True)
class Served:
    """One approved service: day, activity, what was done, where, whole minutes."""

    served_on: date
    title: str
    content: str
    place: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that a certificate says; kept as it is for ever.

    Attributes:
        unit: who issues; `responsible` who answers for it, `handler` who made it out, `contact` how to reach them.
        name, volunteer_number: whose certificate.
        period: the days of service; None for a star.
        carried_minutes: what a paper passbook from before the first day brought, which has no single services.
        total_minutes: the sum of `services` and `carried_minutes`; of a star, what was recognised when it was granted.
        level, ladder, needed_minutes, granted_on, body: the star, the ladder by its own name, what the star asked for,
            from which day on it is held, and who granted it: area, community or upper.
    """

    kind: CertificateKind
    number: str
    community: str
    unit: str
    responsible: str
    handler: str
    contact: str
    name: str
    volunteer_number: str
    issued_on: date
    total_minutes: int
    period: Period | None = None
    carried_minutes: int = 0
    services: tuple[Served, ...] = ()
    level: int | None = None
    ladder: str = ""
    needed_minutes: int = 0
    granted_on: date | None = None
    body: str = ""


def as_text(snapshot: Snapshot) -> str:
    """Write a snapshot as the text that is kept and hashed: JSON with sorted keys, days as days."""
    return json.dumps(
        asdict(snapshot), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=date.isoformat
    )


def snapshot_of(text: str) -> Snapshot:
    """Read a snapshot as it was kept."""
    plain = json.loads(text)
    period = plain["period"]
    return Snapshot(
        **plain
        | {
            "kind": CertificateKind(plain["kind"]),
            "issued_on": date.fromisoformat(plain["issued_on"]),
            "period": period and Period(_find_day(period["since_on"]), date.fromisoformat(period["until_on"])),
            "granted_on": _find_day(plain["granted_on"]),
            "services": tuple(_served(one) for one in plain["services"]),
        }
    )


def _served(plain: dict[str, str]) -> Served:
    return Served(
        served_on=date.fromisoformat(plain["served_on"]),
        title=plain["title"],
        content=plain["content"],
        place=plain["place"],
        minutes=int(plain["minutes"]),
    )


def _find_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def digest_of(salt: bytes, text: str) -> str:
    """Commit to a snapshot: what stands in the log says nothing of it without the salt."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def number_for(kind: CertificateKind, year: int, issued_before: int) -> str:
    """Number a certificate: letters of its kind, the year, and its place among those of the year."""
    return f"{PREFIX[kind]}{year}-{issued_before + 1:04}"


def services_within(services: Iterable[Served], period: Period) -> tuple[Served, ...]:
    """Return the services of a time, oldest first."""
    since_on = period.since_on or date.min
    found = (one for one in services if since_on <= one.served_on <= period.until_on)
    return tuple(sorted(found, key=lambda one: (one.served_on, one.title)))


def check_office(office: Office) -> None:
    """Make sure that an office says who issues and who is responsible.

    Raises:
        OfficeUnclear: it does not.
    """
    named = all(0 < len(text.strip()) <= UNIT_MAX for text in (office.unit, office.responsible))
    if not named or len(office.contact) > UNIT_MAX or not "".join(asdict(office).values()).isprintable():
        raise OfficeUnclear(characters_max=UNIT_MAX)


def check_period(period: Period, *, today: date) -> None:
    """Make sure that a time begins before it ends and has come.

    Raises:
        PeriodUnclear: it does not.
    """
    if period.until_on > today or (period.since_on is not None and period.since_on > period.until_on):
        raise PeriodUnclear(until_on=period.until_on.isoformat(), today=today.isoformat())


def check_issuer(number: str, person_id: UUID, close_to_person: frozenset[UUID], *, issuer_id: UUID) -> None:
    """Make sure that a certificate is not for the issuer or somebody close.

    Raises:
        CertificateForYourself: it is.
    """
    if issuer_id == person_id or issuer_id in close_to_person:
        raise CertificateForYourself(volunteer=number)


def check_valid(number: str, state: CertificateState) -> None:
    """Make sure that a certificate still holds.

    Raises:
        CertificateEnded: it does not.
    """
    if state is not CertificateState.VALID:
        raise CertificateEnded(certificate=number, state=state.value)


def check_revocation(number: str, state: CertificateState, *, issuer_id: UUID, revoker_id: UUID) -> None:
    """Make sure that a certificate still holds and that this person may revoke it.

    Raises:
        CertificateEnded, CertificateNeedsAnother: it does not, or they may not.
    """
    check_valid(number, state)
    if issuer_id == revoker_id:
        raise CertificateNeedsAnother(certificate=number)


def check_reason(reason: str) -> None:
    """Make sure that a reason is given, on one line.

    Raises:
        CertificateReasonMissing: it is empty or too long.
    """
    if not reason.strip() or len(reason) > REASON_MAX or not reason.isprintable():
        raise CertificateReasonMissing(characters_max=REASON_MAX)
