"""Lengths of time as people type them into forms: `1.5`, `1:30`, `90分`, at most twelve hours."""

from typing import Any, Final

from flask_babel import lazy_gettext
from marshmallow import ValidationError

from timebank.service.durations import find_minutes
from timebank.service.rules.records import MINUTES_MAX
from timebank.web.forms import Text

UNREADABLE: Final = lazy_gettext("请写成 1.5、1:30 或 90分，最多 12 小时")


def find_length(text: str) -> int | None:
    """Read a length of one service in minutes, 1 to 720; None where it is none."""
    minutes = find_minutes(text)
    return minutes if minutes is not None and 1 <= minutes <= MINUTES_MAX else None


class Minutes(Text):
    """A length of time as people write it. It stays as it was typed."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if find_length(text) is None:
            raise ValidationError(str(UNREADABLE))
        return text
