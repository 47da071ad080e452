"""What a script of ours sends: JSON read strictly. Every name once, no numbers that are none, no end of brackets."""

import json
from typing import Any, Final, NoReturn

from flask import abort, request
from marshmallow import ValidationError

BODY_BYTES_MAX: Final = 64 * 1024


def sent_json() -> Any:  # whatever JSON can say
    """Return what was sent.

    Raises:
        ValidationError: it is not JSON, or says a thing twice.
        UnsupportedMediaType, RequestEntityTooLarge: it does not say that it is JSON, or is too long to be a basket.
    """
    if request.mimetype != "application/json":
        abort(415)
    if (request.content_length or 0) > BODY_BYTES_MAX:
        abort(413)
    try:
        return json.loads(request.get_data(), parse_constant=_no_number, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise ValidationError("not JSON") from error


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found
