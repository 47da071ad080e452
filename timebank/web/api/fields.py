"""Fields of what programs send: as strict as the books. No float is a number of points, no text is a number.

Amounts are whole numbers with their unit in the name; moments carry their offset; text is kept but for NFC.
"""

import re
from datetime import UTC, date, datetime
from typing import Any, Final

from flask_babel import gettext, lazy_gettext
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from timebank.people.plain_text import composed, find_text_fault
from timebank.web.api.said import Said

YEARS: Final = (1900, 2199)
NUMBER: Final = re.compile(r"[A-Z0-9-]{1,20}")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_SAID: Final = {
    "required": lazy_gettext("请填写"),
    "null": lazy_gettext("请填写"),
    "unknown": lazy_gettext("没有这一项"),
    "unseen": lazy_gettext("里面有看不见的字符"),
    "out_of_range": lazy_gettext("超出范围"),
    "length": lazy_gettext("太短或太长"),
    "invalid": lazy_gettext("格式不对"),
}

_OF_THE_WHOLE: Final[dict[str, Any]] = {"unknown": _SAID["unknown"], "type": _SAID["invalid"]}


class _Strict:
    """A field that says what is wrong with a sentence and a code."""

    def make_error(self, key: str, **_kwargs: Any) -> ValidationError:
        """Say what is wrong; see marshmallow's `Field`."""
        code = key if key in _SAID else "invalid"
        return ValidationError(Said(str(_SAID[code]), code))


def _said(code: str) -> ValidationError:
    return ValidationError(Said(str(_SAID[code]), code))


class Within(validate.Range):
    """A number within a range, both ends included."""

    def __init__(self, low: int, high: int) -> None:
        super().__init__(low, high)
        self._ends = (low, high)

    def __call__(self, value: Any) -> Any:
        """Refuse what lies outside."""
        low, high = self._ends
        if not low <= value <= high:
            raise _said("out_of_range")
        return value


class Long(validate.Length):
    """A text or list of some length."""

    def __call__(self, value: Any) -> Any:
        """Refuse what is shorter or longer."""
        if not (self.min or 0) <= len(value) <= (self.max or 0):
            raise _said("length")
        return value


class Whole(_Strict, fields.Integer):
    """A whole number within a range; `112.0`, `"112"` and `true` are none."""

    def __init__(self, low: int, high: int, **options: Any) -> None:
        super().__init__(strict=True, validate=Within(low, high), **options)


class Count(_Strict, fields.Integer):
    """A whole number in an address, within a range."""

    def __init__(self, low: int, high: int, **options: Any) -> None:
        super().__init__(validate=Within(low, high), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if _WHOLE.fullmatch(str(value)) is None:
            raise self.make_error("invalid")
        return int(value)


class Text(_Strict, fields.String):
    """Text that can be seen, of at least and at most so many characters."""

    def __init__(self, longest: int, *, shortest: int = 1, lines: bool = False, **options: Any) -> None:
        super().__init__(validate=Long(shortest, longest), **options)
        self._lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = composed(super()._deserialize(value, attr, data, **kwargs))
        if find_text_fault(text, multiline=self._lines) is not None:
            raise self.make_error("unseen")
        return text.strip()


class Number(_Strict, fields.String):
    """A number that people read aloud: V0001, G0002, HD0003."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"pattern": f"^{NUMBER.pattern}$"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        number: str = super()._deserialize(value, attr, data, **kwargs)
        if NUMBER.fullmatch(number) is None:
            raise self.make_error("invalid")
        return number


class Moment(_Strict, fields.AwareDateTime):
    """A moment with its offset (RFC 3339); without one it could be any of 24 hours."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        if not YEARS[0] < moment.year < YEARS[1]:
            raise self.make_error("out_of_range")
        return moment.astimezone(UTC)


class Day(_Strict, fields.Date):
    """A day, `2026-11-20`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day = super()._deserialize(value, attr, data, **kwargs)
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise self.make_error("out_of_range")
        return day


class Choice(_Strict, fields.Enum[Any]):
    """One of a closed set, by its value."""

    def __init__(self, of: type[Any], **options: Any) -> None:
        super().__init__(of, by_value=True, **options)


class Id(_Strict, fields.UUID):
    """The id of something."""


class Switch(_Strict, fields.Boolean):
    """Yes or no: `true` or `false` in an address as in a document."""

    def __init__(self, **options: Any) -> None:
        super().__init__(truthy={"true", True}, falsy={"false", False}, **options)


class Many(_Strict, fields.List[Any]):
    """Several, at least one and at most so many."""

    def __init__(self, of: Any, most: int, *, fewest: int = 1, **options: Any) -> None:
        super().__init__(of, validate=Long(fewest, most), **options)


class Part(_Strict, fields.Nested):
    """A document within a document."""


class Sent(Schema):
    """The base of all that is sent: a field that nobody asked for is refused."""

    class Meta:
        """Nothing is passed over."""

        unknown = RAISE

    error_messages = _OF_THE_WHOLE


def one_or_other(first: object, second: object) -> None:
    """Refuse two filters that exclude each other.

    Raises:
        ValidationError: both are given.
    """
    if first is not None and second is not None:
        raise ValidationError({"query": {"at": [Said(gettext("at 和 as_of 只能填一个"), "invalid")]}})
