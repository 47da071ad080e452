"""Origins: a form is taken only from a page of our own, and only if it is as long as a form can be.

The browser says from where it comes; the token proves it. Programs (a witness's laptop) say nothing of it and are
judged by what they bring. Files have their own limit.
"""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, abort, request

LOOKING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_BYTES_MAX: Final = 1024 * 1024
OWN_SITES: Final = frozenset({"same-origin", "none"})
"""What a browser says in `Sec-Fetch-Site` of a form of our own, and of what its owner asked for directly."""


def register(app: Flask) -> None:
    """Look at every request that may change something, before its token."""
    app.before_request(_refuse_at_once)


def _refuse_at_once() -> None:
    if request.method in LOOKING:
        return
    if request.mimetype != "multipart/form-data" and (request.content_length or 0) > FORM_BYTES_MAX:
        abort(413)
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in OWN_SITES:
        abort(403)
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)
