"""Forms: marshmallow schemas for what people type. Shape and range only; no database.

Unknown fields are refused, and so is a field that comes twice where one is meant. Text is kept exactly but for NFC and
the outer spaces; characters that cannot be seen are refused. Full-width digits (１２) are read as digits, because
Chinese keyboards write them. What is wrong is said in the words of the page, with the name of the field.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, ClassVar, Final

from flask_babel import lazy_gettext as _
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, post_load, pre_load, validate
from werkzeug.datastructures import MultiDict

from timebank.people.plain_text import composed, find_text_fault, half_width

CSRF_FIELD: Final = "csrf_token"
REQUEST_KEY: Final = validate.Regexp(r"[!-~]{8,100}\Z", error=_("这一页没有收完整，请刷新后再提交"))
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)

_CHOOSE: Final = _("请从列表里选")
_SAID: Final = {
    "required": _("请填写"),
    "null": _("请填写"),
    "invalid": _("请重新填写"),
    "invalid_uuid": _CHOOSE,
    "unknown": _CHOOSE,
    "unseen": _("里面有看不见的字符，请重新输入"),
    "whole": _("请填整数"),
    "hundredths": _("请填数字，最多两位小数"),
    "day": _("请填日期，像 2026-11-20"),
    "clock": _("请填时间，像 09:00"),
    "twice": _("只能填一个"),
}
"""What may be wrong with the shape of a field; everything else is `invalid`."""
_OF_THE_WHOLE: Final[dict[str, Any]] = {"unknown": _("这一页没有这一项"), "type": _("请重新填写")}
"""What may be wrong with a form as a whole."""
_HUNDREDTHS: Final = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_SIGNED: Final = re.compile(r"[-−]?[0-9]{1,6}")
_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


class _Told:
    """A field that says what is wrong in the language of the page."""

    def make_error(self, key: str, **_kwargs: Any) -> ValidationError:
        """Say what is wrong; see marshmallow's `Field`."""
        return ValidationError(str(_SAID.get(key, _SAID["invalid"])))


class Text(_Told, fields.String):
    """Text of one line as people write it: NFC, outer spaces off, nothing unseen. `lines`: of several lines."""

    def __init__(self, *, lines: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = composed(super()._deserialize(value, attr, data, **kwargs)).replace("\r\n", "\n").strip()
        if find_text_fault(text, multiline=self._lines) is not None:
            raise self.make_error("unseen")
        if self.required and not text:
            raise self.make_error("required")
        return text


class Exactly(_Told, fields.String):
    """Text that is never altered: a password."""


class Digits(_Told, fields.Field[int]):
    """A whole number as people type it, at most nine digits, without sign, full-width digits allowed."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        text = half_width(str(value)).strip()
        if _WHOLE.fullmatch(text) is None:
            raise self.make_error("whole")
        return int(text)


class Pieces(_Told, fields.Field[int]):
    """A whole number of pieces; below zero takes some back."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        text = half_width(str(value)).strip()
        if _SIGNED.fullmatch(text) is None:
            raise self.make_error("whole")
        return int(text.replace("−", "-"))


class Hundredths(_Told, fields.Field[int]):
    """A number with at most two decimals, as people write points and yuan; kept in hundredths."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        text = half_width(str(value)).strip()
        if _HUNDREDTHS.fullmatch(text) is None:
            raise self.make_error("hundredths")
        return int(Decimal(text) * 100)


class Day(_Told, fields.Field[date]):
    """A day of the years 1900 to 2199, `2026-11-20`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            day = date.fromisoformat(half_width(str(value)).strip())
        except ValueError as error:
            raise self.make_error("day") from error
        if not FIRST_DAY <= day <= LAST_DAY:
            raise self.make_error("day")
        return day


class ClockTime(_Told, fields.Field[time]):
    """A clock time of the community, `09:00`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:
        found = _CLOCK.fullmatch(half_width(str(value)).strip())
        if found is None:
            raise self.make_error("clock")
        return time(int(found[1]), int(found[2]))


class Choice(_Told, fields.Enum[Any]):
    """One of a closed set, by its value."""

    def __init__(self, of: type[Any], **options: Any) -> None:
        super().__init__(of, by_value=True, **options)


class Id(_Told, fields.UUID):
    """The id of something that the page listed."""


class Many(_Told, fields.List[Any]):
    """Several values under one name."""


class ByName(_Told, fields.Dict):
    """Values by what stands after the dash of their names: `price-G0001`."""


def at_most(characters: int, *, at_least: int = 0) -> validate.Length:
    """Bound the length of a text."""
    if not at_least:
        return validate.Length(max=characters, error=_("最多 {max} 个字"))
    return validate.Length(min=at_least, max=characters, error=_("请填 {min} 到 {max} 个字"))


def at_least_one(most: int) -> validate.Length:
    """Bound how many are ticked or filled in."""
    return validate.Length(min=1, max=most, error=_("请选 1 到 {max} 个"))


def between(low: int, high: int) -> validate.Range:
    """Bound a number, both ends included."""
    return validate.Range(low, high, error=_("请填 {min} 到 {max}"))


class Typed(Schema):
    """What people typed, whatever for: shapes are read, empty fields count as not filled in.

    Attributes:
        labels: the words that the page has for its fields.
    """

    labels: ClassVar[Mapping[str, Any]] = {}
    error_messages = _OF_THE_WHOLE

    @pre_load
    def unfolded(self, typed: Mapping[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Put lists and names with a dash together; the CSRF token was checked before and is no field."""
        found: dict[str, Any] = {}
        for name, values in _values(typed):
            whole, dash, part = name.partition("-")
            if isinstance(self.fields.get(name), fields.List):
                found[name] = values
            elif len(values) > 1:
                raise ValidationError({name: [str(_SAID["twice"])]})
            elif name == CSRF_FIELD or values[0] == "":
                continue
            elif dash and isinstance(self.fields.get(whole), fields.Dict):
                found.setdefault(whole, {})[part] = values[0]
            else:
                found[name] = values[0]
        return found

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **kwargs: Any) -> None:
        """Say of each field what is wrong with it, in flat lists of sentences that begin with its name."""
        told: dict[str, list[str]] = {}
        for name, said in error.normalized_messages().items():
            label = f"{self.labels[name]}{_('：')}" if name in self.labels else ""
            for field, found in self._by_field(name, said):
                told[field] = [f"{label}{sentence}" for sentence in _flat(found)]
        error.messages = told

    def _by_field(self, name: str, said: Any) -> list[tuple[str, Any]]:
        """Return the names on the page under which something was said."""
        if isinstance(self.fields.get(name), fields.Dict) and isinstance(said, Mapping):
            return [(f"{name}-{part}", found) for part, found in said.items()]
        return [(name, said)]


def _values(typed: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
    if isinstance(typed, MultiDict):
        return list(typed.lists())
    return [(name, [value]) for name, value in typed.items()]


def _flat(said: Any) -> list[str]:  # lists and mappings, as deep as the form
    if isinstance(said, Mapping):
        return [sentence for inner in said.values() for sentence in _flat(inner)]
    return [str(sentence) for sentence in said] if isinstance(said, list) else [str(said)]


class Form(Typed):
    """The base of all forms that change something: it carries the request key, so that pressed twice counts once."""

    class Meta:
        """Fields that nobody asked for are refused."""

        unknown = RAISE

    request_key = Text(required=True, validate=REQUEST_KEY)


class Filter(Typed):
    """The base of all filters in addresses: words of others are passed over."""

    class Meta:
        """An address may carry words of others."""

        unknown = EXCLUDE


class BeforeFilter(Filter):
    """Which page of a list: what comes before this number."""

    before = Digits(load_default=None)


class SignInForm(Form):
    """Number, login name or phone, and password; the password is never altered."""

    labels: ClassVar = {"login": _("编号、手机号或登录名"), "password": _("密码")}

    login = Text(required=True, validate=at_most(60))
    password = Exactly(required=True, validate=at_most(200))
    next = Text(load_default="", validate=at_most(2000))


class NewPasswordForm(Form):
    """A password twice, so that a slip of the finger is noticed."""

    labels: ClassVar = {"password": _("新密码"), "again": _("再输一遍")}

    password = Exactly(required=True, validate=at_most(200))
    again = Exactly(required=True, validate=at_most(200))

    @post_load
    def the_same_twice(self, typed: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Refuse two different ones."""
        if typed["password"] != typed["again"]:
            raise ValidationError({"again": [str(_("两次输入的不一样，请再输一遍"))]})
        return typed


class SettingForm(Form):
    """Text size or language, chosen on any page."""

    text = Text(validate=validate.OneOf(["standard", "large", "largest"], error=_CHOOSE))
    language = Text(validate=validate.OneOf(["zh", "en"], error=_CHOOSE))
    back = Text(load_default="/", validate=at_most(2000))
