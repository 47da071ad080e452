"""Builders of certificates: an office that issues, a volunteer who has served, certificates."""

from uuid import UUID

from tests.service.builders import XFL, acting, approve, recorded
from timebank.certificates import operations, queries
from timebank.certificates.rules import Office, Period

OFFICE = Office("幸福里社区居民委员会", "陈主任", "0531-0000 0123")


def an_office(session, admin="S009"):
    """Let the admin say who issues."""
    operations.set_office(session, acting(admin), office=OFFICE)


def served(session, *lines, **changes):
    """Let hours be recorded and approved; return the ids of the records."""
    ids = recorded(session, *lines, **changes)
    approve(session, *ids)
    return ids


def always():
    """Everything until today."""
    return Period(None, acting().today)


def issued(session, number="V0001", *, by="S001", period=None, **changes):
    """Issue a certificate of service and return it."""
    told = operations.issue(session, acting(by, **changes), number=number, period=period or always())
    return queries.certificate(session, XFL, UUID(told["certificate"]))
