"""Builders of rules: documents with one value changed, inputs of a service, an entry as it would stand in the books."""

import json
from dataclasses import replace
from datetime import date

import pytest

from tests.builders import NOON
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef, system
from timebank.ledger.entries import Entry, EntryKind, Transfer
from timebank.rulebook.rules import (
    RuleDocumentInvalid,
    ServiceInputs,
    SourceClass,
    as_json,
    document_of,
    inputs_as_facts,
    ordinary_document,
)

LONG_AGO = date(1900, 1, 1)


def a_document(**changes):
    """The ordinary rules with some values changed."""
    return replace(ordinary_document(), **changes)


def a_document_with_class(percent, code="tutoring"):
    """The ordinary rules in which one class of service counts differently."""
    classes = ordinary_document().service_classes
    return a_document(
        service_classes=tuple(replace(each, percent=percent) if each.code == code else each for each in classes)
    )


def limits_with(**changes):
    """The limits of the ordinary rules with some changed."""
    return replace(ordinary_document().limits, **changes)


def a_text(*path, value):
    """The ordinary rules as JSON, with the value at a path replaced by another (or added)."""
    document = json.loads(as_json(ordinary_document()))
    *way, last = path
    place = document
    for step in way:
        place = place[step]
    place[last] = value
    return json.dumps(document, ensure_ascii=False)


def a_text_without(*path):
    """The ordinary rules as JSON, with the value at a path removed."""
    document = json.loads(as_json(ordinary_document()))
    *way, last = path
    place = document
    for step in way:
        place = place[step]
    del place[last]
    return json.dumps(document, ensure_ascii=False)


def refusal_of(text):
    """The refusal with which a document is read."""
    with pytest.raises(RuleDocumentInvalid) as refused:
        document_of(text)
    return refused.value


def some_inputs(**changes):
    """One hour of tutoring, from a sheet, without rating, by a volunteer without a star."""
    plain = ServiceInputs(minutes=60, service_class="tutoring", rating=None, level=0, source_class=SourceClass.SHEET)
    return replace(plain, **changes)


def an_approval(*, points_e2=1000, minutes=60, debt_e2=0, **facts):
    """An approved service as it stands in the books; `debt_e2` of its points settle a debt."""
    inputs = {**inputs_as_facts(some_inputs()), **facts}
    return Entry(
        community_id="xfl",
        seq=5,
        kind=EntryKind.SERVICE_APPROVED,
        event_id="test-key-00000001/1",
        booked_at=NOON,
        effective_on=NOON.date(),
        served_on=NOON.date(),
        actor="S001",
        on_behalf_of=None,
        source=None,
        memo_hash=None,
        rule_version=2,
        facts=inputs,
        reverses=None,
        transfers=_transfers(points_e2, minutes, debt_e2),
    )


def _transfers(points_e2, minutes, debt_e2):
    issuance = system(AccountKind.ISSUANCE, POINTS)
    moved = [
        (system(AccountKind.SERVICE, MINUTES), AccountRef(AccountKind.RECOGNISED, "V0005", MINUTES), minutes),
        (issuance, AccountRef(AccountKind.DEBT, "V0005", POINTS), debt_e2),
        (issuance, AccountRef(AccountKind.PASSBOOK, "V0005", POINTS), points_e2 - debt_e2),
    ]
    return tuple(Transfer(debit, credit, amount) for debit, credit, amount in moved if amount)
