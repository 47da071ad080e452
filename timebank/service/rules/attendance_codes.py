"""The code that an activity shows: twenty digits that change every minute, for one activity and one purpose. Pure.

A code lives for the minute in which it is shown and the next one, so never longer than two minutes. It says nothing of
the activity: whoever has the installation's key finds out which one it belongs to, nobody else can make one. That the
same person uses it once only is kept by the attendance itself, for ever.

Sources: trust.md T2, T3, R1 to R6, X4; experience.md section 0.3.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from timebank.ledger.codes import CODE_DIGITS, PAYLOAD_MAX, Code, CodeKind, NotACode
from timebank.refusal import Refusal
from timebank.service.rules.attending import Direction

LASTS_SECONDS: Final = 60
"""How long one code is shown; it is taken for as long again."""


class CodeNotLive(Refusal):
    """The code is too old, not yet shown, or of no activity that is open now."""

    code = "code_not_live"


def code_shown(key: str, activity_id: UUID, direction: Direction, at: datetime) -> Code:
    """Return the code that an activity shows at a moment."""
    return _code(key, activity_id, direction, _minute(at))


def seconds_left(at: datetime) -> int:
    """Return how many seconds the code of a moment is still shown, 1 to 60."""
    return LASTS_SECONDS - int(at.timestamp()) % LASTS_SECONDS


def activity_shown(key: str, open_ids: Iterable[UUID], code: Code, at: datetime) -> tuple[UUID, Direction]:
    """Return which of the open activities shows a code, and for what.

    Raises:
        NotACode: it is not the code of an activity.
        CodeNotLive: none of them shows it now, or did in the minute before.
    """
    if code.kind is not CodeKind.ACTIVITY:
        raise NotACode(digits=CODE_DIGITS)
    found = None
    for activity_id, direction, live in _live(key, open_ids, at):
        # All are compared, each in constant time: how long it takes says nothing about how near a guess was.
        if hmac.compare_digest(live.digits, code.digits):
            found = activity_id, direction
    if found is None:
        raise CodeNotLive()
    return found


def _live(key: str, open_ids: Iterable[UUID], at: datetime) -> Iterator[tuple[UUID, Direction, Code]]:
    now = _minute(at)
    for activity_id in open_ids:
        for direction in Direction:
            for minute in (now - 1, now):
                yield activity_id, direction, _code(key, activity_id, direction, minute)


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // LASTS_SECONDS


def _code(key: str, activity_id: UUID, direction: Direction, minute: int) -> Code:
    told = f"attendance\0{activity_id}\0{direction.value}\0{minute}".encode()
    digest = hmac.digest(key.encode(), told, hashlib.sha256)
    return Code(CodeKind.ACTIVITY, int.from_bytes(digest[:16], "big") % (PAYLOAD_MAX + 1))
