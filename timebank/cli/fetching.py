"""Fetching: what a witness's laptop asks a log for over HTTP; small answers, short waits, no redirects."""

import http.client
from typing import Final
from urllib.parse import SplitResult, urlsplit

from timebank.refusal import Refusal

ANSWER_BYTES_MAX: Final = 1024 * 1024
WAIT_SECONDS: Final = 30.0
CONNECTIONS: Final = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
HEADERS: Final = {"Content-Type": "text/plain; charset=utf-8", "Accept": "text/plain"}


class NotReached(Refusal):
    """The address did not answer, or answered something else; nothing was changed."""

    code = "not_reached"


def is_address(source: str) -> bool:
    """Tell whether a source is a web address; otherwise it is a file."""
    return source.partition("://")[0] in CONNECTIONS


def fetched(address: str) -> bytes:
    """Get what lies under an address.

    Raises:
        NotReached: nothing does, or too much.
    """
    return _answer("GET", address, None)


def handed_in(address: str, content: bytes) -> bytes:
    """Hand something in under an address and return the answer.

    Raises:
        NotReached: it was not taken.
    """
    return _answer("POST", address, content)


def _answer(method: str, address: str, content: bytes | None) -> bytes:
    try:
        parts = urlsplit(address)
        connection = CONNECTIONS[parts.scheme](parts.netloc, timeout=WAIT_SECONDS)
        try:
            return _exchange(connection, method, parts, content)
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotReached(address=address, problem=str(error) or type(error).__name__) from error


def _exchange(connection: http.client.HTTPConnection, method: str, parts: SplitResult, content: bytes | None) -> bytes:
    connection.request(method, parts.path or "/", body=content, headers=HEADERS)
    response = connection.getresponse()
    answer = response.read(ANSWER_BYTES_MAX + 1)
    if response.status != http.client.OK:
        raise NotReached(address=parts.geturl(), problem=f"HTTP {response.status}")
    if len(answer) > ANSWER_BYTES_MAX:
        raise NotReached(address=parts.geturl(), problem=f"> {ANSWER_BYTES_MAX} B")
    return answer
