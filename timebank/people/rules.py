"""What is decided about people without asking anything: ages and guardians, numbers, logins, passwords.

Sources: PIPL 31 (under 14 only with a guardian's consent); Beijing's rules for volunteers (14 and over, under 18 with a
guardian); MCA Order 67; ASVS 5.0, 6.2 (passwords: length and a blocklist, no composition rules, never altered).
"""

import re
from datetime import date
from typing import Final

from timebank.refusal import Refusal

CHILD_BELOW: Final = 14
ADULT_FROM: Final = 18
BORN_ON_MIN: Final = date(1900, 1, 1)

VOLUNTEER_NUMBER: Final = re.compile(r"V[0-9]{4,8}")
LOGIN: Final = re.compile(r"[\w.-]{2,40}")
LOOKS_LIKE_A_NUMBER: Final = re.compile(r"[a-z]{1,2}[0-9]+")

PASSWORD_LENGTH_MIN: Final = 8
PASSWORD_LENGTH_MAX: Final = 128
PASSWORD_LEFT_MIN: Final = 4
"""How much of a password must remain when everything that others use too is taken out."""

_PIECES: Final = """
password passwd admin root user test guest welcome letmein login secret master hello computer internet windows
qwertyuiop qwerty asdfghjkl asdfgh asdf zxcvbnm zxcvbn zxcv 1qaz2wsx 1qaz 2wsx 3edc qazwsxedc qazwsx 1q2w3e4r
1q2w3e q1w2e3r4 qweasdzxc qweasd qweqwe qwe asd zxc qaz wsx iloveyou loveyou love abcdefgh abcdef abcd abc aptx
woaini woaiwojia woaimama woaibaba woshishui woshi woai caonima nihao mima haha buzhidao zhongguo beijing
timebank zhiyuanzhe shequ jifen aixin 5201314 521 520 1314 7758 168 147258369 147852369 789456 159753 159357
741852963 741852 963852741 963852 314159 31415926 0987654321 987654321 87654321 7654321 654321 54321 4321 321
1234567890 123456789 12345678 1234567 123456 12345 1234 123 112233 11223344 110 120 119
"""
COMMON_PIECES: Final = tuple(_PIECES.split())
"""Pieces of the commonest passwords, here and elsewhere."""

_DISGUISED: Final = str.maketrans("@0$13!", "aosiei")
"""`P@ssw0rd` is no better than the word."""

_DATE: Final = re.compile(r"(?:19|20)[0-9]{2}(?:[01]?[0-9][0-3]?[0-9])?")
_REPEATED: Final = re.compile(r"(.{1,4}?)\1{2,}")
_TWICE: Final = re.compile(r"(.{2,}?)\1")


class PasswordTooShort(Refusal):
    """A password has at least eight characters."""

    code = "password_too_short"


class PasswordTooLong(Refusal):
    """A password has at most 128 characters."""

    code = "password_too_long"


class PasswordTooCommon(Refusal):
    """The password is made of what everybody tries first, or of the person's own number or name."""

    code = "password_too_common"


def age_on(born_on: date, day: date) -> int:
    """Return the age in whole years on a day; a birthday counts from its morning, 29 February from 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def check_password(password: str, *, own: tuple[str, ...]) -> None:
    """Make sure that a password is not among the first that somebody would try.

    Args:
        password: as typed; it is never altered.
        own: login, number, name, phone of its owner.

    Raises:
        PasswordTooShort, PasswordTooLong, PasswordTooCommon
    """
    if len(password) < PASSWORD_LENGTH_MIN:
        raise PasswordTooShort(length_min=PASSWORD_LENGTH_MIN)
    if len(password) > PASSWORD_LENGTH_MAX:
        raise PasswordTooLong(length_max=PASSWORD_LENGTH_MAX)
    folded = password.casefold()
    if any(len(_unusual(spelling, own)) < PASSWORD_LEFT_MIN for spelling in (folded, folded.translate(_DISGUISED))):
        raise PasswordTooCommon()


def _unusual(password: str, own: tuple[str, ...]) -> str:
    """Return what remains of a password without everything that somebody would guess."""
    pieces = sorted((*COMMON_PIECES, *(word.casefold() for word in own if len(word) > 1)), key=len, reverse=True)
    left = _DATE.sub("", _REPEATED.sub("", password))
    for piece in pieces:
        left = left.replace(piece, "")
    left = _TWICE.sub(r"\1", left)
    return "".join(dict.fromkeys(left))
