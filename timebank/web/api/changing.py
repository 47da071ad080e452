"""Changing a thing that somebody has read: only if it is still that (`If-Match`), so nobody undoes another's work.

The tag is that of the very answer in which the thing is shown. It is compared inside the transaction that changes it,
behind the lock of the community.
"""

from collections.abc import Callable
from typing import Final

from flask import Response, request
from sqlalchemy.orm import Session

from timebank import chance, clock
from timebank.books import head
from timebank.database import rehearsing, writing
from timebank.refusal import Refusal
from timebank.web.api import callers
from timebank.web.api.doing import Work

HEADER: Final = "If-Match"

Read = Callable[[Session], Response]


class IfMatchMissing(Refusal):
    """Whoever changes a thing says which one they have read."""

    code = "if_match_missing"


class ChangedSince(Refusal):
    """Somebody else has changed the thing since it was read."""

    code = "changed_since"


def changed(read: Read, work: Work, *, rehearse: bool) -> Response:
    """Change a thing and answer what it is now, with its new tag.

    Args:
        read: answers the thing as it is.
        rehearse: all of it is done and undone again.

    Raises:
        IfMatchMissing, ChangedSince, and what the operation raises.
    """
    if not request.headers.get(HEADER, "").strip():
        raise IfMatchMissing()
    with rehearsing() if rehearse else writing() as session:
        head.lock(session, callers.community_id())
        if not request.if_match.contains(_tagged(read(session)).get_etag()[0] or ""):
            raise ChangedSince()
        work(session, callers.act(chance.fresh_key(), clock.now()))
        answer = _tagged(read(session))
    if rehearse:
        answer.headers["Timebank-Dry-Run"] = "true"
    return answer


def _tagged(answer: Response) -> Response:
    answer.add_etag()
    return answer
