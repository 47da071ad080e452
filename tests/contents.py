"""Contents: every way in which what is asked can differ in one place, made from the kinds of values that it has."""

import dataclasses
import types
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import chain
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from timebank.books.requests import Secret

Other = tuple[str, Any]
"""Where it differs, as `basket.0.pieces`, and the whole of what is asked then."""

SIMPLE: dict[type, tuple[Any, Any]] = {
    str: ("one", lambda value: f"{value}x"),
    int: (1, lambda value: value + 1),
    bool: (False, lambda value: not value),
    bytes: (b"one", lambda value: value + b"x"),
    UUID: (UUID(int=1), lambda value: UUID(int=value.int + 1)),
    date: (date(2026, 11, 23), lambda value: value + timedelta(days=1)),
    datetime: (datetime(2026, 11, 23, tzinfo=UTC), lambda value: value + timedelta(seconds=1)),
}
"""A value of each simple kind, and how another one is made of it."""


def sample(kind: Any) -> Any:
    """Make some value of a kind; one that is kept together by rules need not obey them.

    Raises:
        TypeError: nothing is known of this kind.
    """
    if kind in SIMPLE:
        return SIMPLE[kind][0]
    if kind is Secret:
        return Secret("one")
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if _is_choice(kind):
        return sample(get_args(kind)[0])
    if _is_row(kind):
        return (sample(get_args(kind)[0]),)
    if get_origin(kind) is tuple:
        return tuple(sample(inner) for inner in get_args(kind))
    if get_origin(kind) is Mapping:
        return {sample(get_args(kind)[0]): sample(get_args(kind)[1])}
    return _made(kind, {name: sample(inner) for name, inner in fields_of(kind).items()})


def others(kind: Any, value: Any) -> Iterator[Other]:
    """Yield every value that differs from this one in one place only; a secret is never compared, so it has none."""
    if kind is Secret:
        return
    if kind in SIMPLE:
        yield "", SIMPLE[kind][1](value)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        members = list(kind)
        yield "", members[members.index(value) - 1]
    elif _is_choice(kind):
        yield from _other_choices(kind, value)
    elif _is_row(kind):
        yield from _other_rows(get_args(kind)[0], value)
    elif get_origin(kind) is tuple:
        yield from _other_places(get_args(kind), value)
    elif get_origin(kind) is Mapping:
        yield from _other_mappings(kind, value)
    else:
        yield from _other_fields(kind, value)


def fields_of(kind: Any) -> dict[str, Any]:
    """Return the fields of a kind of value and what each takes.

    Raises:
        TypeError: it is no such kind.
    """
    whole = get_origin(kind) or kind
    if not dataclasses.is_dataclass(whole):
        raise TypeError(f"no other value can be made of {kind}")
    given = dict(zip(getattr(whole, "__parameters__", ()), get_args(kind), strict=True))
    hints = get_type_hints(whole)
    return {item.name: _given(hints[item.name], given) for item in dataclasses.fields(whole)}


def _given(kind: Any, given: Mapping[Any, Any]) -> Any:
    """Put what a generic kind was given in place of its variables."""
    if isinstance(kind, TypeVar):
        return given[kind]
    inner = tuple(_given(each, given) for each in get_args(kind))
    return kind if inner == get_args(kind) else types.GenericAlias(get_origin(kind), inner)


def _is_choice(kind: Any) -> bool:
    return get_origin(kind) in {Union, types.UnionType}


def _is_row(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (Ellipsis,)


def _made(kind: Any, values: Mapping[str, Any]) -> Any:
    """Make a value past its own rules: whatever is asked, possible or not, must be told apart."""
    made = object.__new__(get_origin(kind) or kind)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def _under(place: object, found: Iterator[Other]) -> Iterator[Other]:
    return ((f"{place}.{inner}".removesuffix("."), other) for inner, other in found)


def _other_choices(kind: Any, value: Any) -> Iterator[Other]:
    choices = [choice for choice in get_args(kind) if choice is not types.NoneType]
    if value is None:
        yield "given", sample(choices[0])
        return
    if types.NoneType in get_args(kind):
        yield "missing", None
    fitting = next(choice for choice in choices if type(value) is (get_origin(choice) or choice))
    yield from others(fitting, value)


def _other_rows(kind: Any, value: tuple[Any, ...]) -> Iterator[Other]:
    yield "longer", (*value, sample(kind))
    for place, item in enumerate(value):
        yield f"{place} missing", value[:place] + value[place + 1 :]
        for where, other in _under(place, others(kind, item)):
            yield where, (*value[:place], other, *value[place + 1 :])


def _other_places(kinds: tuple[Any, ...], value: tuple[Any, ...]) -> Iterator[Other]:
    for place, (kind, item) in enumerate(zip(kinds, value, strict=True)):
        for where, other in _under(place, others(kind, item)):
            yield where, (*value[:place], other, *value[place + 1 :])


def _other_mappings(kinds: Any, value: Mapping[Any, Any]) -> Iterator[Other]:
    key_kind, kind = get_args(kinds)
    yield "longer", {**value, next(others(key_kind, sample(key_kind)))[1]: sample(kind)}
    for key, item in value.items():
        rest = {name: each for name, each in value.items() if name != key}
        yield f"{key} missing", rest
        for where, other in _under(key, others(kind, item)):
            yield where, {**rest, key: other}


def _other_fields(kind: Any, value: Any) -> Iterator[Other]:
    kept = {name: getattr(value, name) for name in fields_of(kind)}
    differing = (
        ((where, _made(kind, kept | {name: other})) for where, other in _under(name, others(inner, kept[name])))
        for name, inner in fields_of(kind).items()
    )
    return chain.from_iterable(differing)
