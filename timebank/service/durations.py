"""Lengths of time as people write and read them: `1.5`, `1:30`, `90分`, `2小时`, `1小时30分`.

Hours with decimals are taken in quarters only, so that nothing is ever rounded.
"""

import re
import unicodedata
from typing import Final

_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
_MINUTES: Final = re.compile(r"([0-9]{1,4})(?:分钟?|min)")
_HOURS: Final = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?(?:个?小时|时|h)?")
_HOURS_AND_MINUTES: Final = re.compile(r"([0-9]{1,2})(?:个?小时|时)([0-5]?[0-9])分?钟?")
_AND_A_HALF: Final = re.compile(r"([0-9]{1,2})?(?:个半小时|小时半|半小时|半个小时)")


def find_minutes(text: str) -> int | None:
    """Read a length of time as whole minutes, 0 to 9999; a bare number is hours. None where it is not one.

    Full-width digits and blanks are passed over. 1.5, 1:30, 90分, 90 min and 1小时30分 are all 90.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    if matched := _MINUTES.fullmatch(plain):
        return int(matched[1])
    if matched := _CLOCK.fullmatch(plain) or _HOURS_AND_MINUTES.fullmatch(plain):
        return int(matched[1]) * 60 + int(matched[2])
    if matched := _AND_A_HALF.fullmatch(plain):
        return int(matched[1] or 0) * 60 + 30
    matched = _HOURS.fullmatch(plain)
    return None if matched is None else _quarters(int(matched[1]), matched[2] or "")


def _quarters(hours: int, decimals: str) -> int | None:
    hundredths = int(decimals.ljust(2, "0"))
    return None if hundredths % 25 else hours * 60 + hundredths * 60 // 100


def written_minutes(minutes: int) -> str:
    """Write a length of time as it stands in a passbook: 90 is 1小时30分, 120 is 2小时, 45 is 45分."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}分"
    return f"{hours}小时{rest}分" if rest else f"{hours}小时"
