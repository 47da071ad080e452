"""Builders of confirmations: a community whose rules ask, hours that wait, a yes and a no."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.builders import NOON
from tests.service.builders import (
    XFL,
    a_community,
    a_coordinator,
    a_volunteer,
    acting,
    approve,
    recorded,
)
from timebank.refusal import Refusal
from timebank.rulebook.rules import AT_ONCE, Confirmer, SourceClass, ordinary_document
from timebank.service import operations, queries
from timebank.service.rules.confirming import Said, Side, Waiting

MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
ASKED = replace(AT_ONCE, sheet=Confirmer.EITHER, late_entry=Confirmer.EITHER, post_days=1)
"""What the ordinary rules ask, except that an activity may be approved late."""
YES = Said(Side.VOLUNTEER, agrees=True, is_open=False)
NO = Said(Side.VOLUNTEER, agrees=False, is_open=True)


def rules(**changes):
    """The ordinary rules with a confirmation of their own."""
    return replace(ordinary_document(), confirmation=replace(ASKED, **changes))


def waiting(*said, source=SourceClass.SHEET, approved_on=MONDAY, **changes):
    """A service that is not posted."""
    return Waiting(source_class=source, approved_on=approved_on, said=said, rules=rules(**changes))


def open_with(session, document):
    """Open a community with these rules; S003 sits at its desk."""
    a_community(session, rules=document)
    a_coordinator(session, "S003", role="clerk")
    for number in ("V0001", "V0002"):
        a_volunteer(session, number)


def later(number="S002", days=1, **changes):
    """An act some days later."""
    return acting(number, at=NOON + timedelta(days=days), **changes)


def checked(session, *lines, **changes):
    """Hours that are recorded and approved by two persons; return their ids."""
    ids = recorded(session, *lines, **changes)
    approve(session, *ids)
    return ids


def confirm(session, record_id, by="V0001", **changes):
    """Say yes as somebody."""
    return operations.confirm_record(session, acting(by, **changes), record_id=record_id)


def deny(session, record_id, by="V0001", **changes):
    """Say no as somebody."""
    return operations.deny_record(session, acting(by, **changes), record_id=record_id, reason="我没有去")


def state_of(session, record_id):
    """Where a record stands."""
    return queries.record(session, XFL, record_id).state


def refused(code, work, /, *args, **kwargs):
    """Make sure that something is refused with a code."""
    with pytest.raises(Refusal) as refusal:
        work(*args, **kwargs)
    assert code == refusal.value.code
