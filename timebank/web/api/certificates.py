"""Certificates of service and of stars: what was issued, and issuing one for what stands in the books."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields

from timebank import clock
from timebank.certificates import operations, queries
from timebank.certificates.queries import Certificate
from timebank.certificates.rules import Period
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Day, Number, Sent
from timebank.web.api.lists import Order
from timebank.web.api.shapes import shape, shape_of

family = Family("certificates", "证书 · Certificates")

CERTIFICATE: Final = shape_of(Certificate, without=frozenset({"person_id", "issuer_id", "text", "salt"}))
READERS: Final = (Permission.ISSUE_CERTIFICATES, Permission.READ_BOOKS)


class PeriodSent(Sent):
    """Whose service is certified, and of which days; without them from the first one until today."""

    volunteer_number = Number(required=True)
    since_on = Day(load_default=None)
    until_on = Day(load_default=None)


def _by_entry(found: Certificate) -> int:
    return found.entry_seq


def _today(found: Sequence[Certificate]) -> tuple[Certificate, ...]:
    return queries.standing(db.session(), community_id(), found, day_of(clock.now()))


@family.lists("/certificates", CERTIFICATE, *READERS, order=Order(_by_entry, newest=True))
def certificates(**_words: Any) -> Sequence[Certificate]:
    """List every certificate, with what became of it."""
    return _today(queries.certificates(db.session(), community_id()))


@family.does(
    "/certificates",
    Scope.HOURS,
    Permission.ISSUE_CERTIFICATES,
    reads=PeriodSent,
    answers=shape(
        "IssuedCertificate", {"certificate": fields.UUID(), "number": fields.String(), "code": fields.String()}
    ),
    at="/certificates/{number}",
)
def issue(typed: Mapping[str, Any]) -> Work:
    """Issue a certificate of approved service."""
    number, since_on, until_on = typed["volunteer_number"], typed["since_on"], typed["until_on"]
    return lambda session, act: operations.issue(
        session, act, number=number, period=Period(since_on, until_on or act.today)
    )


@family.shows("/certificates/<number>", CERTIFICATE, *READERS)
def certificate(number: str) -> Certificate:
    """Show one certificate by the number that is printed on it."""
    return _today([queries.certificate_by_number(db.session(), community_id(), number)])[0]
