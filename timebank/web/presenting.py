"""Presenting: how values look on a page. Points, hours, days and moments in the community's time, masked names, stars.

Template filters only; no decisions and no database. Hours are shown as 1小时30分, never 1.50.
"""

import re
from contextvars import ContextVar
from datetime import date, datetime
from typing import Final

from flask import Flask
from flask_babel import get_locale, gettext

from timebank.ledger.accounts import MINUTES, POINTS, AccountKind
from timebank.ledger.days import ZONE
from timebank.ledger.entries import EntryKind
from timebank.people.identity import DocumentKind, mask_name, mask_phone
from timebank.people.roles import Role
from timebank.tokens.rules import Scope
from timebank.web.english import catalogue
from timebank.web.verbs import VERB_WORDS
from timebank.web.words import (
    ACCOUNT_WORDS,
    CHANNEL_WORDS,
    DOCUMENT_WORDS,
    ENTRY_WORDS,
    FINDING_WORDS,
    ROLE_WORDS,
    SCOPE_WORDS,
    Pair,
)

WEEKDAYS_ZH: Final = "一二三四五六日"
STARS_MAX: Final = 5
_HANZI: Final = re.compile("[\u4e00-\u9fff]+")


_spoken: Final[ContextVar[str | None]] = ContextVar("spoken", default=None)
"""The language of the command line; pages follow the visitor."""


def speak(language: str) -> None:
    """Choose the language, `zh` or `en`, of what is not a page."""
    _spoken.set(language)


def in_english() -> bool:
    """Tell whether to speak English; everything else is Chinese."""
    if _spoken.get() is not None:
        return _spoken.get() == "en"
    locale = get_locale()
    return locale is not None and locale.language == "en"


def points(points_e2: int) -> str:
    """Write hundredths of a point: `186`, `186.5`, `−0.25`."""
    sign = "−" if points_e2 < 0 else ""
    whole, rest = divmod(abs(points_e2), 100)
    tail = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{sign}{whole:,}{tail}"


def signed_points(points_e2: int) -> str:
    """Write a change of points with its sign: `+4`, `−15`."""
    return ("+" if points_e2 > 0 else "") + points(points_e2)


def duration(minutes: int) -> str:
    """Write minutes as hours and minutes: `1小时30分`, `45分`."""
    sign = "−" if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), 60)
    if in_english():
        words = [f"{hours:,} h" if hours else "", f"{rest} min" if rest or not hours else ""]
        return sign + " ".join(word for word in words if word)
    return sign + (f"{hours:,}小时" if hours else "") + (f"{rest}分" if rest or not hours else "")


def signed_duration(minutes: int) -> str:
    """Write a change of minutes with its sign."""
    return ("+" if minutes > 0 else "") + duration(minutes)


def quantity(amount: int, unit: str) -> str:
    """Write an amount in its unit: points, hours, or pieces."""
    if unit == POINTS:
        return points(amount)
    return duration(amount) if unit == MINUTES else f"{amount:,}".replace("-", "−")


def signed_quantity(amount: int, unit: str) -> str:
    """Write a change with its sign, in its unit."""
    return ("+" if amount > 0 else "") + quantity(amount, unit)


def day(value: date) -> str:
    """Write a day: `2026年11月20日 周五`."""
    if in_english():
        return value.strftime("%a %d %b %Y")
    return f"{value.year}年{value.month}月{value.day}日 周{WEEKDAYS_ZH[value.weekday()]}"


def civil_day(value: datetime) -> str:
    """Write the day of a moment in the community's time: `11月25日 周三`; no year where it is about to come."""
    local = value.astimezone(ZONE)
    if in_english():
        return local.strftime("%a %d %b")
    return f"{local.month}月{local.day}日 周{WEEKDAYS_ZH[local.weekday()]}"


def moment(value: datetime) -> str:
    """Write a moment in the community's time: `2026-11-20 09:30`."""
    return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def clock_time(value: datetime) -> str:
    """Write the clock time of a moment: `09:30`."""
    return value.astimezone(ZONE).strftime("%H:%M")


def money(fen: int) -> str:
    """Write an amount of money for staff and partners: `12.50`. Never shown to volunteers."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def stars(level: int) -> str:
    """Draw a star level: `★★☆☆☆`."""
    return "★" * level + "☆" * (STARS_MAX - level)


def level_name(level: int) -> str:
    """Name who holds a star level: `二星志愿者`."""
    if in_english():
        return f"{level}-star volunteer" if level else "Volunteer"
    return f"{star_word(level)}志愿者" if level else "志愿者"


def star_word(level: int) -> str:
    """Name a star level, 1 to 5: `二星`."""
    if in_english():
        return "1 star" if level == 1 else f"{level} stars"
    return f"{'零一二三四五'[level]}星"


def _in_words(pair: Pair) -> str:
    return pair[1 if in_english() else 0]


def entry_word(kind: EntryKind) -> str:
    """Name a kind of entry in plain words."""
    return _in_words(ENTRY_WORDS[kind])


def account_word(kind: AccountKind) -> str:
    """Name a kind of account in plain words."""
    return _in_words(ACCOUNT_WORDS[kind])


def document_word(kind: DocumentKind) -> str:
    """Name a kind of identity document."""
    return _in_words(DOCUMENT_WORDS[kind])


def role_word(role: Role | str) -> str:
    """Name a role, or `volunteer`."""
    return _in_words(ROLE_WORDS[role])


def scope_word(scope: Scope) -> str:
    """Name what a token may be used for."""
    return _in_words(SCOPE_WORDS[scope])


def channel_word(channel: str) -> str:
    """Name the way in which something was asked."""
    return _in_words(CHANNEL_WORDS.get(channel, (channel, channel)))


def verb_word(verb: str) -> str:
    """Say what was done; a verb that has no words is named as it is."""
    return _in_words(VERB_WORDS.get(verb, (verb, verb)))


def finding_word(check: str) -> str:
    """Say what a finding of the verification means; a check that has no words is named as it is."""
    return _in_words(FINDING_WORDS.get(check, (check, check)))


def tell(sentence: str, **facts: object) -> str:
    """Say a sentence of the rules in the language of the page, or of the command line where there is no page."""
    spoken = _spoken.get()
    if spoken is None:
        return str(gettext(sentence)).format(**facts)
    return (catalogue().gettext(sentence) if spoken == "en" else sentence).format(**facts)


def rule_range(written: str) -> str:
    """Write which values a rule may have, its unit in the language of the page: `1–20 字`."""
    said = _HANZI.sub(lambda unit: str(gettext(unit[0])), written)
    return said.replace("，", ", ") if in_english() else said


def yes_no(value: bool) -> str:  # a filter takes one value
    """Write a yes or no."""
    return str(gettext("是") if value else gettext("否"))


FILTERS: Final = (
    points,
    signed_points,
    duration,
    signed_duration,
    quantity,
    signed_quantity,
    day,
    civil_day,
    moment,
    clock_time,
    money,
    stars,
    level_name,
    star_word,
    entry_word,
    account_word,
    document_word,
    role_word,
    scope_word,
    channel_word,
    verb_word,
    finding_word,
    mask_name,
    mask_phone,
    yes_no,
    rule_range,
)


def register(app: Flask) -> None:
    """Give the filters to the templates."""
    for function in FILTERS:
        app.add_template_filter(function)
