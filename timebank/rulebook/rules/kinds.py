"""Kinds of values in a rule document: what each may be, its unit and range, and one sentence that explains it.

A value is declared once, as `Annotated[int, Whole(...)]` beside its name in `document.py`; reading, refusing and
explaining follow from it.
"""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Final, Protocol, TypeVar, get_args, get_origin, get_type_hints

from timebank.ledger.canonical import normal
from timebank.rulebook.rules import problems
from timebank.rulebook.rules.telling import worded

_CHARACTERS: Final = worded("字")
_ITEMS: Final = worded("项")
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK: Final = re.compile(r"[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One value of the document, explained: where it stands, what it means, which range it has."""

    path: str
    words: str
    range: str


class Kind(Protocol):
    """A kind of value: it reads one from JSON, and explains itself."""

    def read(self, value: object, path: str) -> object:
        """Return the value as the document holds it, or raise a `RuleDocumentInvalid` that names the path."""

    def explained(self, path: str) -> Iterator[Explanation]:
        """Yield what can be said about the value at this path."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from low to high, both included."""

    low: int
    high: int
    unit: str
    words: str

    def read(self, value: object, path: str) -> int:
        """See `Kind`; `bool` is an `int` in Python and is refused here."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise problems.NotAWholeNumber(path=path)
        if not self.low <= value <= self.high:
            raise problems.OutOfRange(path=path, found=str(value)[:20], low=self.low, high=self.high)
        return value

    def explained(self, path: str) -> Iterator[Explanation]:
        """See `Kind`."""
        yield Explanation(path, self.words, f"{self.low}–{self.high} {self.unit}".strip())


@dataclass(frozen=True, slots=True)
class Text:
    """A text on one line, 1 to `longest` characters."""

    longest: int
    words: str

    def read(self, value: object, path: str) -> str:
        """See `Kind`."""
        if not isinstance(value, str) or value != value.strip() or not value.isprintable():
            raise problems.NotAText(path=path)
        if not 1 <= len(value) <= self.longest:
            raise problems.WrongLength(path=path, found=len(value), low=1, high=self.longest)
        return normal(value)

    def explained(self, path: str) -> Iterator[Explanation]:
        """See `Kind`."""
        yield Explanation(path, self.words, f"1–{self.longest} {_CHARACTERS}")


@dataclass(frozen=True, slots=True)
class Code:
    """A code that never changes: small ASCII letters, digits, underscores."""

    words: str

    def read(self, value: object, path: str) -> str:
        """See `Kind`."""
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            raise problems.NotACode(path=path, found=str(value)[:40])
        return value

    def explained(self, path: str) -> Iterator[Explanation]:
        """See `Kind`."""
        yield Explanation(path, self.words, "a–z 0–9 _")


@dataclass(frozen=True, slots=True)
class YesNo:
    """Switched on or off."""

    words: str

    def read(self, value: object, path: str) -> bool:
        """See `Kind`."""
        if not isinstance(value, bool):
            raise problems.NotYesOrNo(path=path)
        return value

    def explained(self, path: str) -> Iterator[Explanation]:
        """See `Kind`."""
        yield Explanation(path, self.words, "true / false")


@dataclass(frozen=True, slots=True)
class Day:
    """A civil day, written 2026-10-01."""

    words: str

    def read(self, value: object, path: str) -> date:
        """See `Kind`."""
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise problems.NotADay(path=path)
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise problems.NotADay(path=path) from error

    def explained(self, path: str) -> Iterator[Explanation]:
        """See `Kind`."""
        yield Explanation(path, self.words, "2026-10-01")


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time in the community's civil time, written 22:00."""

    words: str

    def read(self, value: object, path: str) -> time:
        """See `Kind`."""
        if not isinstance(value, str) or not _CLOCK.fullmatch(value):
            raise problems.NotAClockTime(path=path)
        try:
            return time.fromisoformat(value)
        except ValueError as error:
            raise problems.NotAClockTime(path=path) from error

    def explained(self, path: str) -> Iterator[Explanation]:
        """See `Kind`."""
        yield Explanation(path, self.words, "22:00")


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a closed set."""

    words_of: type[StrEnum]
    words: str

    def read(self, value: object, path: str) -> StrEnum:
        """See `Kind`."""
        for word in self.words_of:
            if value == word.value:
                return word
        raise problems.NotAChoice(path=path, found=str(value)[:40], choices=self._choices())

    def explained(self, path: str) -> Iterator[Explanation]:
        """See `Kind`."""
        yield Explanation(path, self.words, self._choices())

    def _choices(self) -> str:
        return " / ".join(word.value for word in self.words_of)


@dataclass(frozen=True, slots=True)
class OrNone:
    """A value that may be switched off: null."""

    kind: Kind

    def read(self, value: object, path: str) -> object:
        """See `Kind`."""
        return None if value is None else self.kind.read(value, path)

    def explained(self, path: str) -> Iterator[Explanation]:
        """See `Kind`."""
        for told in self.kind.explained(path):
            yield Explanation(told.path, told.words, f"{told.range} / null")


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values of one kind."""

    kind: Kind
    fewest: int
    most: int
    words: str

    def read(self, value: object, path: str) -> tuple[object, ...]:
        """See `Kind`."""
        if not isinstance(value, list):
            raise problems.NotAList(path=path)
        if not self.fewest <= len(value) <= self.most:
            raise problems.WrongLength(path=path, found=len(value), low=self.fewest, high=self.most)
        return tuple(self.kind.read(item, f"{path}[{place}]") for place, item in enumerate(value))

    def explained(self, path: str) -> Iterator[Explanation]:
        """See `Kind`."""
        size = f"{self.fewest}" if self.fewest == self.most else f"{self.fewest}–{self.most}"
        yield Explanation(path, self.words, f"{size} {_ITEMS}")
        yield from self.kind.explained(f"{path}[]")


Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Group:
    """Named values that belong together: a frozen dataclass all of whose fields are declared with their kind."""

    part: type[object]

    def read(self, value: object, path: str) -> object:
        """See `Kind`."""
        return read_part(self.part, value, path)

    def explained(self, path: str) -> Iterator[Explanation]:
        """See `Kind`."""
        for name, kind in kinds_of(self.part).items():
            yield from kind.explained(f"{path}.{name}" if path else name)


def kinds_of(part: type[object]) -> dict[str, Kind]:
    """Return the kind of every field of a dataclass, in the order in which they are declared."""
    hints = get_type_hints(part, include_extras=True)
    return {name: _kind(hints[name]) for name in _names(part)}


def _names(part: type[object]) -> tuple[str, ...]:
    assert dataclasses.is_dataclass(part), part
    return tuple(item.name for item in dataclasses.fields(part))


def _kind(hint: object) -> Kind:
    assert get_origin(hint) is Annotated, hint
    kind: Kind = get_args(hint)[1]
    return kind


def read_part(part: type[Part], value: object, path: str) -> Part:
    """Read a dataclass whose fields are declared with their kinds.

    Raises:
        RuleDocumentInvalid: a key is unknown or missing, or a value is not what it may be.
    """
    if not isinstance(value, dict):
        raise problems.NotAGroup(path=path or "$")
    kinds = kinds_of(part)
    start = f"{path}." if path else ""
    for name in value:
        if name not in kinds:
            raise problems.UnknownRuleKey(path=f"{start}{name}"[:120])
    for name in kinds:
        if name not in value:
            raise problems.MissingRuleKey(path=f"{start}{name}")
    return part(**{name: kind.read(value[name], f"{start}{name}") for name, kind in kinds.items()})
