"""The start of a slot as a form sends it back: an instant, written as it was given out."""

from datetime import datetime

from flask_babel import gettext as _
from marshmallow import ValidationError


def starting(text: str) -> datetime:
    """Read the start of a slot.

    Raises:
        ValidationError: it is none that the page gave out.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValidationError({"starts_at": [_("请从列表里选")]}) from error
    if found.tzinfo is None:
        raise ValidationError({"starts_at": [_("请从列表里选")]})
    return found
