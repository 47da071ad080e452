"""Names as they are searched: folded, and as pinyin initials.

`pypinyin` reads a character by its commonest sound; as a surname some sound otherwise (单 is Shan, 仇 is Qiu). The
table holds those whose initial letter differs; where only the rest of the sound does (盖 is Ge), nothing is to mend.
"""

import importlib
import unicodedata
from functools import cache
from typing import Any, Final

SURNAME_INITIALS: Final = {
    "单": "s",
    "仇": "q",
    "曾": "z",
    "解": "x",
    "区": "o",
    "查": "z",
    "乐": "y",
    "翟": "z",
    "祭": "z",
    "折": "s",
    "召": "s",
    "种": "c",
    "重": "c",
    "秘": "b",
    "覃": "q",
    "隗": "w",
    "繁": "p",
    "么": "y",
    "适": "k",
    "藏": "z",
    "佴": "n",
    "句": "g",
}
"""The initial letter of surnames that sound otherwise than the character alone."""

_LEFT_OUT: Final = frozenset({"Zs", "Pd", "Po", "Pc"})


def name_key(name: str) -> str:
    """Return a name as it is searched: NFKC, folded, without blanks, middle dots and hyphens.

    阿依古丽·买买提 and 阿依古丽 买买提 are found by the same letters.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign) not in _LEFT_OUT)


def login_key(login: str) -> str:
    """Return a login name as it is compared: NFKC, folded, without blanks at its ends (`trust.md` N11)."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def initials(name: str) -> str:
    """Return the pinyin initials of a name in small letters: 王秀英 is `wxy`, 单雄信 `sxx`.

    Letters and digits that are not hanzi stay as they are; a character that nobody has read yet is left out.
    """
    key = name_key(name)
    surname = SURNAME_INITIALS.get(key[:1], "")
    reader = _reader()
    rest = reader.lazy_pinyin(key[len(surname) :], style=reader.Style.FIRST_LETTER, errors=_kept, strict=False)
    return surname + "".join(rest)


@cache
def _reader() -> Any:
    """Load the dictionaries with the first name that is read: they are large, and few processes need them."""
    return importlib.import_module("pypinyin")


def _kept(signs: str) -> str:
    return "".join(sign for sign in signs if sign.isascii() and sign.isalnum())
