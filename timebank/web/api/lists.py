"""Lists: pages in one stable order, with a cursor that stays true while the list grows; JSON or CSV."""

import base64
import binascii
import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request
from marshmallow import Schema, fields

from timebank.people.plain_text import formula_safe
from timebank.refusal import Refusal
from timebank.web import sights
from timebank.web.api.fields import Count, Sent, Text

LIMIT_USUAL: Final = 50
LIMIT_MAX: Final = 200
CSV: Final = "text/csv"
JSON: Final = "application/json"

Key = str | int
KeyOf = Callable[[Any], Key]


class CursorWrong(Refusal):
    """The cursor is none that this list has given."""

    code = "cursor_wrong"


class Listed(Sent):
    """What every list reads from its address."""

    limit = Count(1, LIMIT_MAX, load_default=LIMIT_USUAL, metadata={"description": "how many at most"})
    cursor = Text(400, load_default=None, metadata={"description": "`next_cursor` of the page before"})


@dataclass(frozen=True, slots=True)
class Order:
    """In which order a list stands. key: unlike for any two; newest: the greatest first."""

    key: KeyOf
    newest: bool = False

    def after(self, items: Iterable[Any], seen: Key | None) -> list[Any]:
        """Return what stands behind the last one seen."""
        ordered = sorted(items, key=self.key, reverse=self.newest)
        if seen is None:
            return ordered
        return [item for item in ordered if self._is_behind(self.key(item), seen)]

    def _is_behind(self, key: Any, seen: Any) -> bool:  # both of the kind that the list declares
        return bool(key < seen if self.newest else key > seen)


def seen_of(cursor: str | None, kind: type[Key]) -> Key | None:
    """Read the key of the last one seen.

    Raises:
        CursorWrong: the list never gave this cursor.
    """
    if cursor is None:
        return None
    try:
        document = json.loads(base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise CursorWrong() from error
    if type(document) is not kind or (isinstance(document, int) and abs(document) > 2**62):
        raise CursorWrong()
    return document


def cursor_of(key: Key) -> str:
    """Write the key of the last one of a page."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def page(items: Sequence[Any], *, schema: Schema, order: Order, limit: int) -> Response:
    """Answer a page of a list; `items` begin behind the last one seen and are more than `limit` if more follow."""
    shown = items[:limit]
    sights.counted(len(shown))
    cursor = cursor_of(order.key(shown[-1])) if len(items) > limit else None
    dumped = [schema.dump(item) for item in shown]
    wanted = request.accept_mimetypes.best_match([JSON, CSV], default=JSON)
    if wanted == CSV:
        answer = Response(_csv(dumped, [*_columns(schema)]), content_type=f"{CSV}; charset=utf-8")
    else:
        answer = document({"items": dumped, "next_cursor": cursor})
    answer.vary.add("Accept")
    if cursor is not None:
        words = {name: value for name, value in request.args.items() if name != "cursor"}
        answer.headers["Link"] = f'<{request.path}?{urlencode(words | {"cursor": cursor})}>; rel="next"'
    return answer


def document(content: Any, status: int = 200) -> Response:  # whatever JSON can say
    """Answer a document; names in one order, so that the same content is the same bytes."""
    return Response(json.dumps(content, ensure_ascii=False, sort_keys=True), status=status, content_type=JSON)


def list_shape(name: str, one: type[Schema]) -> type[Schema]:
    """Describe a page of a list."""
    described: Mapping[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(one), required=True),
        "next_cursor": fields.String(required=True, allow_none=True),
    }
    return Schema.from_dict(dict(described), name=f"{name}List")


def _columns(schema: Schema) -> Iterator[tuple[str, ...]]:
    """Name the columns of a table: what lies within something is a column of its own."""
    for name, field in schema.fields.items():
        if isinstance(field, fields.Nested):
            yield from ((name, *inner) for inner in _columns(field.schema))
        else:
            yield (name,)


def _csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[tuple[str, ...]]) -> str:
    """Write a table that spreadsheets open as text: no cell is a formula."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(".".join(column) for column in columns)
    for row in rows:
        table.writerow([_cell(_within(row, column)) for column in columns])
    return "\ufeff" + written.getvalue()


def _within(row: Any, column: Sequence[str]) -> Any:  # whatever a shape answers
    for name in column:
        row = None if row is None else row[name]
    return row


def _cell(value: Any) -> str | int:  # whatever a shape answers
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: ""}[value]
    if isinstance(value, int):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return formula_safe(text)
