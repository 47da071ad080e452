"""Doing something once: the key of a request, its replay, and what it would have done.

The key that a program sends in `Idempotency-Key` becomes the request key of the books, mixed with who asks; so keys of
two programs never meet, and an answer is kept for ever beside what it did.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import g, request
from sqlalchemy.orm import Session

from timebank import chance, clock
from timebank.books.acts import Act
from timebank.books.answers import find_answered
from timebank.database import db, rehearsing, writing
from timebank.refusal import Refusal
from timebank.web.api import callers, running

HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r'"?([!#-~]{8,100})"?\Z')


class IdempotencyKeyMissing(Refusal):
    """Whoever posts sends a key, so that a retry counts once."""

    code = "idempotency_key_missing"


class IdempotencyKeyWrong(Refusal):
    """A key has 8 to 100 visible ASCII characters, with or without quotes around it."""

    code = "idempotency_key_wrong"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a request. replayed: it was done before, and this is its first answer."""

    answer: Any
    replayed: bool


Work = Callable[[Session, Act], Any]


def do_once(work: Work) -> Done:
    """Do something in one transaction under the key of the request; see `once` in the books.

    Raises:
        IdempotencyKeyMissing, IdempotencyKeyWrong, RequestRunning, and what the operation raises.
    """
    act = callers.act(_request_key(), clock.now())
    name = f"{act.community_id} {act.request_key}"
    with running.alone(db.engine, name), writing() as session:
        running.check_alone(session, name)
        try:
            answer = work(session, act)
        except Refusal:
            g.api_replayed = _is_replay(session, act)
            raise
        return Done(answer, _is_replay(session, act))


def rehearse(work: Work) -> Any:  # what the operation answers
    """Do all of it and undo it again; no key is used up."""
    with rehearsing() as session:
        return work(session, callers.act(chance.fresh_key(), clock.now()))


def _request_key() -> str:
    sent = request.headers.get(HEADER)
    if not sent:
        raise IdempotencyKeyMissing()
    found = _KEY.match(sent)
    if found is None:
        raise IdempotencyKeyWrong()
    digest = hashlib.sha256(f"{callers.caller().token.owner_id} {found[1]}".encode()).hexdigest()
    # The same request has the same number, so that its answer is the same to the last byte.
    g.request_id = digest[:12]
    return f"api-{digest}"


def _is_replay(session: Session, act: Act) -> bool:
    """Tell whether the request was answered at another moment than this one."""
    answered = find_answered(session, act.community_id, act.request_key)
    return answered is not None and answered.at != act.at
