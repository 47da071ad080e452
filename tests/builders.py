"""Builders that every room's tests share: an act, and the moment at which the tests take place."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from timebank.books.acts import Act
from timebank.rulebook.rules import AT_ONCE, RuleDocument, ordinary_document

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Noon of a Monday in the community's civil time."""

_keys = itertools.count(1)


def an_act(**changes: Any) -> Act:
    """Build an act of one staff member with a request key of its own; say only what matters."""
    number = next(_keys)
    defaults: dict[str, Any] = {
        "community_id": "xfl",
        "person_id": UUID(int=1),
        "number": "S001",
        "at": NOON,
        "request_key": f"test-key-{number:08d}",
        "channel": "cli",
        "salt": number.to_bytes(32, "big"),
    }
    return Act(**(defaults | changes))


def rules_at_once() -> RuleDocument:
    """The ordinary rules without what lies between approval and entry; most tests are about something else."""
    return replace(ordinary_document(), confirmation=AT_ONCE)
