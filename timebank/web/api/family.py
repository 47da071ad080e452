"""Families of resources: what one route of the API is, declared once; reading, listing and doing work alike everywhere.

Each declares the scope of the token, the permissions of which one is needed, what it reads and what it answers. From
that the door, the documentation and the tests of the routes are made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from flask import Response, g, request
from flask_smorest import Blueprint
from marshmallow import Schema
from sqlalchemy.orm import Session

from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api import changing, doing, lists
from timebank.web.api.callers import let_in
from timebank.web.api.doing import Work
from timebank.web.api.fields import Sent, Switch
from timebank.web.api.lists import Key, Listed, Order
from timebank.web.api.parsing import BODY_BYTES_MAX, StrictParser

PREFIX: Final = "/api/v1"
BLUEPRINTS: Final = "api_"
"""How the names of the families begin inside the application, apart from those of the pages."""
DOOR: Final = "api_door"
"""The attribute in which a view keeps for whom it is; a test walks them all."""
MADE_AT: Final = "x-made-at"
"""Under which word the description keeps, until it is whole, where a thing that was made is shown."""
NO_ANSWER: Final = 204
PLAIN: Final = "text/plain; charset=utf-8"
PROBLEMS: Final = {
    400: "malformed",
    401: "no token that works",
    403: "not for this token or role",
    404: "not there, or somebody else's",
    409: "refused by a rule, still running, or (of what is read) not there yet",
    412: "changed since it was read",
    413: "too large",
    415: "not JSON",
    422: "a field does not fit, or the key was used for something else",
    428: "`If-Match` is missing",
    429: "too many requests",
    503: "the database is busy",
}
KEY_PARAMETER: Final = {
    "in": "header",
    "name": doing.HEADER,
    "required": False,
    "description": "8 to 100 visible ASCII characters, new for each new request and the same for a retry. "
    "Required unless `dry_run=true`.",
    "schema": {"type": "string", "pattern": "^[!#-~]{8,100}$"},
}

TAG_PARAMETER: Final = {
    "in": "header",
    "name": changing.HEADER,
    "required": False,
    "description": "The `ETag` of the thing as it was read, or `*` whatever it is now. Required.",
    "schema": {"type": "string"},
}

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Door:
    """For whom a route is. needed: permissions of which one is needed; none: everybody on the staff."""

    scope: Scope
    needed: tuple[Permission, ...]


class Rehearsed(Sent):
    """What every doing reads from its address."""

    dry_run = Switch(load_default=False, metadata={"description": "do all of it and undo it again"})


class Family(Blueprint):
    """One family of resources."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(BLUEPRINTS + name, __name__, url_prefix=PREFIX, description=description)

    def shows(self, rule: str, shape: type[Schema], *needed: Permission) -> Callable[[View], View]:
        """Declare a route that shows one thing; the view returns it."""
        schema = shape()

        def declare(view: View) -> View:
            @wraps(view)
            def shown(**parts: Any) -> Response:
                return _kept_if_known(lists.document(schema.dump(view(**parts))))

            return self._declare(rule, "GET", Door(Scope.READ, needed), view, self.response(200, shape)(shown))

        return declare

    def tells(self, rule: str, *needed: Permission) -> Callable[[View], View]:
        """Declare a route that tells something in plain text; the view returns its lines."""

        def declare(view: View) -> View:
            @wraps(view)
            def told() -> Response:
                return Response("".join(f"{line}\n" for line in view()), content_type=PLAIN)

            documented = self.response(200, {"type": "string"}, content_type="text/plain")(told)
            return self._declare(rule, "GET", Door(Scope.READ, needed), view, documented)

        return declare

    def lists(
        self,
        rule: str,
        shape: type[Schema],
        *needed: Permission,
        order: Order,
        kind: type[Key] = str,
        reads: type[Listed] = Listed,
    ) -> Callable[[View], View]:
        """Declare a route that lists things.

        Args:
            kind: of the keys by which the list is ordered.

        The view takes the words of the address as `words` and the key of the last one seen as `seen`; it returns what
        stands behind that, or everything, and at least one more than the limit where there is more.
        """
        schema = shape()

        def declare(view: View) -> View:
            @wraps(view)
            def listed(words: Mapping[str, Any], **parts: Any) -> Response:
                words = dict(words)
                limit, seen = words.pop("limit"), lists.seen_of(words.pop("cursor"), kind)
                found = order.after(view(words=words, seen=seen, limit=limit, **parts), seen)
                return _kept_if_known(lists.page(found, schema=schema, order=order, limit=limit))

            documented = self.response(200, lists.list_shape(shape.__name__, shape))(listed)
            read = self.arguments(reads, location="query")(documented)
            return self._declare(rule, "GET", Door(Scope.READ, needed), view, read)

        return declare

    def does(
        self,
        rule: str,
        scope: Scope,
        *needed: Permission,
        reads: type[Sent] | None,
        answers: type[Schema] | None,
        at: str = "",
        rows: str = "",
        bytes_max: int = BODY_BYTES_MAX,
    ) -> Callable[[View], View]:
        """Declare a route that does something, once for each key.

        Args:
            answers: the shape of the answer; None answers nothing (204).
            at: the address of what was made, with names of the answer in braces; empty where nothing was.
            rows: the field that holds several of what is to be done; a refusal names each that is wrong.
            bytes_max: the largest document.

        The view returns the work: a function of session and act.
        """
        status = NO_ANSWER if answers is None else 201 if at else 200

        def declare(view: View) -> View:
            @wraps(view)
            def done(*sent: Any, **parts: Any) -> Response:
                *typed, words = sent
                g.api_rows = rows
                return _done(view(*typed, **parts), status, at, rehearse=words["dry_run"])

            documented = self.response(status, answers)(done)
            if status == 201:
                documented = self.response(200, answers, description="what it would have been")(documented)
            read = self.arguments(Rehearsed, location="query")(documented)
            if reads is not None:
                read = self.arguments(reads)(read)
            if at:
                read = self.doc(**{MADE_AT: at})(read)
            return self._declare(rule, "POST", Door(scope, needed), view, _reading_up_to(bytes_max, read))

        return declare

    def changes(
        self,
        rule: str,
        scope: Scope,
        *needed: Permission,
        reads: type[Sent],
        shape: type[Schema],
        found: Callable[..., Any],
    ) -> Callable[[View], View]:
        """Declare a route that changes a thing which nobody has changed since the caller read it.

        Args:
            shape, found: of the thing; `found` takes the session and what stands in the address.

        The view returns the work. It takes no key: what was changed by the first try is not changed by a second one,
        for the thing has another tag then.
        """
        schema = shape()

        def declare(view: View) -> View:
            @wraps(view)
            def changed(typed: Mapping[str, Any], words: Mapping[str, Any], **parts: Any) -> Response:
                def read(session: Session) -> Response:
                    return lists.document(schema.dump(found(session, **parts)))

                return changing.changed(read, view(typed, **parts), rehearse=words["dry_run"])

            documented = self.response(200, shape)(changed)
            read = self.arguments(reads)(self.arguments(Rehearsed, location="query")(documented))
            return self._declare(rule, "PATCH", Door(scope, needed), view, read)

        return declare

    def streams(self, rule: str, *needed: Permission) -> Callable[[View], View]:
        """Declare a route that gives a file; the view returns the whole answer."""

        def declare(view: View) -> View:
            documented = self.response(200, {"type": "string"}, content_type="text/plain")(view)
            return self._declare(rule, "GET", Door(Scope.READ, needed), view, documented)

        return declare

    def _declare(self, rule: str, method: str, door: Door, view: View, answered: View) -> View:
        @wraps(answered)
        def guarded(**parts: Any) -> Response:
            let_in(door.scope, door.needed)
            answer: Response = answered(**parts)
            return answer

        setattr(guarded, DOOR, door)
        problems = {str(status): _problem(said) for status, said in PROBLEMS.items() if _happens(status, method)}
        security = [{"bearer": [door.scope.value]}]
        name = f"{self.name.removeprefix(BLUEPRINTS)}.{view.__name__}"
        described = self.doc(responses=problems, security=security, operationId=name)
        self.add_url_rule(rule, view.__name__, described(guarded), methods=[method])
        return view


def _happens(status: int, method: str) -> bool:
    """Tell whether a problem of this status can come of a method."""
    if status in {412, 428}:
        return method == "PATCH"
    return method != "GET" or status not in {413, 415}


def _reading_up_to(bytes_max: int, read: View) -> View:
    """Let a view read documents of this size."""

    @wraps(read)
    def reading(**parts: Any) -> Any:  # what the view answers
        g.api_bytes_max = bytes_max
        return read(**parts)

    return reading


def _problem(said: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": said, "content": {"application/problem+json": {"schema": schema}}}


def _done(work: Work, status: int, at: str, *, rehearse: bool) -> Response:
    if rehearse:
        g.api_rehearsed = True
        answer = _answered(doing.rehearse(work), NO_ANSWER if status == NO_ANSWER else 200)
        answer.headers["Timebank-Dry-Run"] = "true"
        return answer
    done = doing.do_once(work)
    answer = _answered(done.answer, status)
    if at:
        answer.headers["Location"] = PREFIX + at.format_map(done.answer)
    if done.replayed:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _answered(content: Any, status: int) -> Response:  # what the operation answers
    return Response(status=status) if status == NO_ANSWER else lists.document(content, status)


def _kept_if_known(answer: Response) -> Response:
    """Let a program that knows this very answer keep its own."""
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def named(name: str, work: Work) -> Work:
    """Give the single value that an operation answers a name."""
    return lambda session, act: {name: work(session, act)}
