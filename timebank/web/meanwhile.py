"""A page that is shown while it is still being made: what takes long tells there how far it is, without any script.

The template writes `SO_FAR` after each step. Status, cookies and messages are decided before the first one, as on any
page; a page without a step is sent whole.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from flask import Response, stream_template

SO_FAR: Final = "<!-- so far -->"
"""What stands in a page where it may be sent up to here."""


def shown_meanwhile(template: str, **values: Any) -> Response:
    """Answer with a page, step by step where it has steps."""
    pieces = _up_to_each_step(stream_template(template, **values))
    first = next(pieces)
    answer = Response(chain((first,), pieces), mimetype="text/html")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _up_to_each_step(pieces: Iterator[str]) -> Iterator[str]:
    so_far: list[str] = []
    for piece in pieces:
        so_far.append(piece)
        if SO_FAR in piece:
            yield "".join(so_far)
            so_far.clear()
    yield "".join(so_far)
