"""Request keys: the same request made twice counts once, for ever.

`once` wraps every writing operation. It takes the community's lock first, looks the key up, runs the operation inside a
savepoint, and stores the answer, or the refusal, under the key together with one line of the trail. So a retry gets
the same answer, a declined request stays declined, and no operation can forget its trail.

Source: ledger.md section 1, decisions 5 and 6.
"""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import partial, wraps
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import head, together, trail
from timebank.books.acts import Act
from timebank.books.asking import Enquiry, Question, ask, ask_all
from timebank.books.journal import Prepared
from timebank.books.log import alarm
from timebank.books.tables import RequestRow
from timebank.books.together import Rows
from timebank.ledger.canonical import normal
from timebank.refusal import Refusal

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer", str, int, None, dict[str, Any])
Operation = Callable[Concatenate[Session, Act, Arguments], Answer]

DONE: Final = "done"
DECLINED: Final = "declined"


class RequestKeyReused(Refusal):
    """The key was used before for something else; nothing was done."""

    code = "request_key_reused"


@dataclasses.dataclass(frozen=True, slots=True)
class Secret:
    """A password or the like on its way into an operation: never stored, hashed or shown with the request."""

    value: str = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Decided(Generic[Answer]):
    """What an operation has decided and not written: its answer, its entry, and rows beside the entry."""

    answer: Answer
    entry: Prepared
    rows: tuple[Rows, ...]

    def write(self, session: Session, act: Act, *further: Rows) -> None:
        """Write all of it at once, and further rows with it."""
        together.write(session, (*self.entry.rows, *self.rows, *further), self.entry.head.row(act.community_id))
        head.remember(session, act.community_id, self.entry.head)


Known = TypeVar("Known")
Deciding = Callable[Concatenate[Session, Act, Known, Arguments], Decided[Answer]]


def once(
    operation: str, *, subject: str | None = None
) -> Callable[[Operation[Arguments, Answer]], Operation[Arguments, Answer]]:
    """Make an operation answer each request key once.

    Args:
        operation: its name, `room.verb`, as it stands in the trail.
        subject: the keyword argument that names whom or what it is about, for the trail.

    The wrapped operation raises `RequestKeyReused` where the key was used for other content or by somebody else, and
    `BooksStopped`, without using the key up, while the log is found damaged. An operation called inside another one is
    part of that one.
    """

    def wrap(work: Operation[Arguments, Answer]) -> Operation[Arguments, Answer]:
        @wraps(work)
        def answered_once(session: Session, act: Act, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
            assert not args, "operations take keyword arguments"
            run = partial(work, session, act, *args, **kwargs)
            if _is_running(session):
                return run()
            asked = _asked(operation, act, kwargs, subject)
            head.lock(session, act.community_id)
            before = ask(session, _before(act))
            return cast(
                Answer, _answered(session, act, asked, before, partial(_in_savepoint, session, act, asked, run))
            )

        return answered_once

    return wrap


def decided_once(
    operation: str, *, subject: str, enquiry: Callable[Concatenate[Act, Arguments], Enquiry[Known]]
) -> Callable[[Deciding[Known, Arguments, Answer]], Operation[Arguments, Answer]]:
    """Make an operation that writes nothing itself answer each request key once; see `once`.

    All that it must know is asked together with whether the key was used before, and is handed to it. It returns what
    it has decided, and all of that is written in one go, request and trail included. A refusal finds nothing to undo,
    so there is no savepoint. It calls no other operation.

    Args:
        enquiry: says what it must know, from the act and the operation's own arguments.
    """

    def wrap(work: Deciding[Known, Arguments, Answer]) -> Operation[Arguments, Answer]:
        @wraps(work)
        def answered_once(session: Session, act: Act, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
            assert not args, "operations take keyword arguments"
            wanted = enquiry(act, *args, **kwargs)
            head.lock(session, act.community_id, keeping_plans=True)
            if _is_running(session):
                decided = work(session, act, wanted.made(session), *args, **kwargs)
                decided.write(session, act)
                return decided.answer
            asked, before = _asked(operation, act, kwargs, subject), _before(act)
            told = ask_all(session, before, *wanted.questions)

            def decide() -> object:
                return _in_one_go(session, act, asked, work(session, act, wanted.read(session, told), *args, **kwargs))

            return cast(Answer, _answered(session, act, asked, told[before], decide))

        return answered_once

    return wrap


_RUNNING: Final = "running operation"


def _is_running(session: Session) -> bool:
    return session.info.get(_RUNNING) is session.get_transaction()


@dataclasses.dataclass(frozen=True, slots=True)
class _Asked:
    operation: str
    content_hash: bytes
    subject: str | None


def _asked(operation: str, act: Act, kwargs: Mapping[str, object], subject: str | None) -> _Asked:
    about = None if subject is None else kwargs[subject]
    return _Asked(operation, content_hash(operation, act, kwargs), None if about is None else str(about)[:120])


_REQUEST: Final = RequestRow.__table__.c
_ASKED_BEFORE: Final = (
    sa.select(
        _REQUEST.operation, _REQUEST.content_hash, _REQUEST.outcome, _REQUEST.answer, alarm.DAMAGE.label("damage")
    )
    .select_from(sa.select(sa.literal(1)).subquery("always"))
    .outerjoin(
        RequestRow.__table__,
        sa.and_(_REQUEST.community_id == sa.bindparam("community"), _REQUEST.key == sa.bindparam("request_key")),
    )
)
"""One row, whether the key was used before or not."""


def _before(act: Act) -> Question[Any]:
    """Ask whether the act's key was used before, and whether anything may be written now."""
    values = {"community": act.community_id, "request_key": act.request_key}
    return Question(_ASKED_BEFORE, values, lambda rows: rows[0])


def _answered(session: Session, act: Act, asked: _Asked, before: Any, first: Callable[[], object]) -> object:
    """Give the stored answer, or let the first one who asks find it; a refusal is stored as well."""
    if before.operation is not None:
        return _stored_answer(before, asked)
    alarm.check_quiet(asked.operation, before.damage)
    session.info[_RUNNING] = session.get_transaction()
    try:
        return first()
    except Refusal as refusal:
        told = {"code": refusal.code, "facts": refusal.facts}
        line = trail.rows(act, asked.operation, subject=asked.subject, outcome="refused", facts=told)
        together.write(session, [_request(act, asked, DECLINED, _written(told)), line])
        raise refusal.keep() from None
    finally:
        session.info.pop(_RUNNING, None)


def _stored_answer(stored: Any, asked: _Asked) -> object:  # a row of the question
    if (stored.operation, stored.content_hash) != (asked.operation, asked.content_hash):
        raise RequestKeyReused(operation=stored.operation)
    told = json.loads(stored.answer)
    if stored.outcome == DECLINED:
        raise Refusal.again(told["code"], told["facts"])
    return told


def _in_savepoint(session: Session, act: Act, asked: _Asked, work: Callable[[], object]) -> object:
    try:
        with session.begin_nested():
            answer = work()
            session.flush()
    except Refusal:
        head.forget(session)
        raise
    written = _written(answer)
    together.write(session, _done(act, asked, answer, written))
    return json.loads(written)


def _in_one_go(session: Session, act: Act, asked: _Asked, decided: Decided[Any]) -> object:
    written = _written(decided.answer)
    decided.write(session, act, *_done(act, asked, decided.answer, written))
    return json.loads(written)


def _done(act: Act, asked: _Asked, answer: object, written: str) -> tuple[Rows, Rows]:
    facts = {"answer": answer} if isinstance(answer, str | int) else {}
    line = trail.rows(act, asked.operation, subject=asked.subject, outcome="done", facts=facts)
    return _request(act, asked, DONE, written), line


def _written(answer: object) -> str:
    """Write an answer as it is stored; the first one who asks is given it in the same form as every later one."""
    return json.dumps(answer, ensure_ascii=False, sort_keys=True, allow_nan=False)


def _request(act: Act, asked: _Asked, outcome: str, answer: str) -> Rows:
    row = {
        "community_id": act.community_id,
        "key": act.request_key,
        "operation": asked.operation,
        "content_hash": asked.content_hash,
        "outcome": outcome,
        "answer": answer,
        "at": act.at,
    }
    return Rows(RequestRow, [row])


def content_hash(operation: str, act: Act, content: Mapping[str, object]) -> bytes:
    """Hash what is asked: the operation, who asks, and every argument; two requests are the same if this is."""
    document = [operation, act.number, act.on_behalf_of, {key: plain(value) for key, value in content.items()}]
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def plain(value: object) -> object:
    """Turn an argument into plain JSON values.

    Raises:
        TypeError: it is of a kind that no operation takes (a float, a row).
    """
    match value:
        case Secret():
            return "secret"
        case Enum():
            return plain(value.value)
        case bool() | int() | None:
            return value
        case str():
            return normal(value)
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes():
            return hashlib.sha256(value).hexdigest()
    return _plain_structure(value)


def _plain_structure(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, frozenset | set):
        return sorted(str(plain(item)) for item in value)
    raise TypeError(f"an operation cannot be asked with a {type(value).__name__}")
