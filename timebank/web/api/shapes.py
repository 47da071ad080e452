"""Shapes: what queries return, as what the API answers. A dataclass of a room is described by its own annotations.

So a field that a room gains is answered and documented, and none can be documented that is not there. Quantities keep
the unit in their name: whole minutes, whole hundredths of a point (`…_e2`), whole fen.
"""

import dataclasses
import json
import typing
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final
from uuid import UUID

from marshmallow import Schema, fields, validate

from timebank.ledger.accounts import AccountRef
from timebank.ledger.codes import Code
from timebank.rulebook.rules.document import RuleDocument
from timebank.rulebook.rules.reading import as_json

PLAIN: Final[dict[type, type[fields.Field[Any]]]] = {
    bool: fields.Boolean,
    int: fields.Integer,
    str: fields.String,
    datetime: fields.AwareDateTime,
    date: fields.Date,
    time: fields.Time,
    UUID: fields.UUID,
}
"""How values that have a kind of their own in JSON are answered."""


class Hex(fields.String):
    """Bytes, as hexadecimal digits."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.hex()


class Word(fields.String):
    """A value that is one word for people and programs: the code of an account, the digits of a paper."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.code if isinstance(value, AccountRef) else value.digits


class Rules(fields.Dict):
    """A rule document, exactly as one is proposed."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return json.loads(as_json(value))


def shape(name: str, described: Mapping[str, fields.Field[Any]]) -> type[Schema]:
    """Make a shape from fields."""
    return Schema.from_dict(dict(described), name=name)


def shape_of(described: type, *, without: frozenset[str] = frozenset()) -> type[Schema]:
    """Make the shape of a dataclass.

    Args:
        without: fields that only the program inside needs.
    """
    return _described(described, without)


@cache
def _described(described: type, without: frozenset[str]) -> type[Schema]:
    """One dataclass has one shape, wherever it stands."""
    hints = typing.get_type_hints(described)
    names = [each.name for each in dataclasses.fields(described) if each.name not in without]
    return shape(described.__name__, {name: _field(hints[name]) for name in names})


def _field(kind: Any, *, nullable: bool = False) -> fields.Field[Any]:  # an annotation
    options: dict[str, Any] = {"allow_none": True} if nullable else {}
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, UnionType}:
        (one,) = (part for part in parts if part is not NoneType)
        return _field(one, nullable=True)
    if origin in {tuple, frozenset}:
        return fields.List(_field(parts[0]), **options)
    if origin in {dict, Mapping}:
        return fields.Dict(keys=fields.String(), **options)
    return _single(kind, options)


def _single(kind: Any, options: dict[str, Any]) -> fields.Field[Any]:
    if kind in PLAIN:
        return PLAIN[kind](**options)
    if kind is bytes:
        return Hex(**options)
    if kind is RuleDocument:
        return Rules(**options)
    if kind in {AccountRef, Code}:
        return Word(**options)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return fields.Enum(kind, by_value=True, **options)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return fields.Nested(_described(kind, frozenset()), **options)
    return fields.Raw(**options)


PROBLEM: Final = shape(
    "Problem",
    {
        "type": fields.String(required=True, metadata={"description": "a page that explains this kind of problem"}),
        "title": fields.String(required=True),
        "status": fields.Integer(required=True, validate=validate.Range(400, 599)),
        "detail": fields.String(required=True, metadata={"description": "a sentence in the language asked for"}),
        "code": fields.String(required=True, metadata={"description": "stable; programs decide by it"}),
        "request_id": fields.String(required=True),
        "retryable": fields.Boolean(required=True),
        "errors": fields.List(
            fields.Nested(
                shape(
                    "ProblemError",
                    {
                        "pointer": fields.String(metadata={"description": "JSON pointer into what was sent"}),
                        "line": fields.Integer(metadata={"description": "line of a file, as people count"}),
                        "parameter": fields.String(metadata={"description": "word of the address"}),
                        "code": fields.String(required=True),
                        "message": fields.String(required=True),
                    },
                )
            )
        ),
    },
)
"""Every «no» of the API."""
