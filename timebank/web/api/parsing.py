"""Strict reading: JSON of a bounded size and depth that says every thing once and in whole numbers.

Python's own reader takes NaN, the last of two equal names, and any depth until it breaks; none of that comes in here.
"""

import json
from typing import Any, Final, NoReturn

from flask import abort, g, request
from marshmallow import RAISE, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from timebank.refusal import Refusal
from timebank.web.api.said import Said

BODY_BYTES_MAX: Final = 256 * 1024
DEPTH_MAX: Final = 12
DIGITS_MAX: Final = 18


class JsonWrong(Refusal):
    """What was sent is no JSON that can be trusted."""

    code = "json_wrong"


class StrictParser(FlaskParser):
    """Reads addresses and bodies strictly; what does not fit is a `ValidationError`, told as a problem."""

    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, RAISE)

    def load_json(self, _request: Any, _schema: Any) -> Any:  # whatever JSON can say
        """Return the document that was sent."""
        return sent_document()

    def load_querystring(self, _request: Any, _schema: Any) -> MultiDict[str, str]:
        """Return what stands in the address; a word that stands there twice means nothing."""
        twice = [name for name, values in request.args.lists() if len(values) > 1]
        if twice:
            raise ValidationError({name: [Said("twice", "twice")] for name in twice})
        return request.args

    def handle_error(self, error: ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Let the one place that answers problems answer this one."""
        raise error


def sent_document() -> Any:  # whatever JSON can say
    """Return the document that was sent.

    Raises:
        JsonWrong: it is not strict JSON.
        UnsupportedMediaType, RequestEntityTooLarge
    """
    if request.mimetype != "application/json":
        abort(415)
    if (request.content_length or 0) > g.get("api_bytes_max", BODY_BYTES_MAX):
        abort(413)
    try:
        document = json.loads(
            request.get_data().decode(),
            parse_float=_no_float,
            parse_int=_bounded,
            parse_constant=_no_float,
            object_pairs_hook=_each_once,
        )
    except (ValueError, RecursionError) as error:
        raise JsonWrong() from error
    _check_depth(document, DEPTH_MAX)
    return document


def _no_float(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a whole number")


def _bounded(word: str) -> int:
    if len(word) > DIGITS_MAX:
        raise ValueError("more digits than anything has")
    return int(word)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _check_depth(document: Any, left: int) -> None:
    if left == 0:
        raise JsonWrong()
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for part in inner:
        _check_depth(part, left - 1)
