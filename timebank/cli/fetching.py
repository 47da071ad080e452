"""Fetching: what a witness's laptop asks a log for over HTTP; small answers, short waits, no redirects."""

import http.client
import json
from typing import Final
from urllib.parse import SplitResult, urlsplit

from timebank.refusal import Refusal
from timebank.web import presenting

ANSWER_BYTES_MAX: Final = 1024 * 1024
WAIT_SECONDS: Final = 30.0
CONNECTIONS: Final = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
PROBLEM: Final = "application/problem+json"
HEADERS: Final = {"Content-Type": "text/plain; charset=utf-8", "Accept": f"text/plain, {PROBLEM}"}


class NotReached(Refusal):
    """The address did not answer, or answered something else; nothing was changed."""

    code = "not_reached"


class TurnedAway(Refusal):
    """The log answered, and the answer is no; its reason is told in its own words."""

    code = "turned_away"


def is_address(source: str) -> bool:
    """Tell whether a source is a web address; otherwise it is a file."""
    return source.partition("://")[0] in CONNECTIONS


def fetched(address: str) -> bytes:
    """Get what lies under an address.

    Raises:
        NotReached: nothing does, or too much.
        TurnedAway: the log says why not.
    """
    return _answer("GET", address, None)


def handed_in(address: str, content: bytes) -> bytes:
    """Hand something in under an address and return the answer.

    Raises:
        NotReached: nobody answered there.
        TurnedAway: it was not taken, and the log says why.
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
    headers = {**HEADERS, "Accept-Language": "en" if presenting.in_english() else "zh"}
    connection.request(method, parts.path or "/", body=content, headers=headers)
    response = connection.getresponse()
    answer = response.read(ANSWER_BYTES_MAX + 1)
    if response.status != http.client.OK:
        raise _no(parts.geturl(), response, answer)
    if len(answer) > ANSWER_BYTES_MAX:
        raise NotReached(address=parts.geturl(), problem=f"> {ANSWER_BYTES_MAX} B")
    return answer


def _no(address: str, response: http.client.HTTPResponse, answer: bytes) -> Refusal:
    """Tell a log that refuses from something else that stands under the address, or from a log in trouble."""
    if response.status >= http.client.INTERNAL_SERVER_ERROR or response.getheader("Content-Type") != PROBLEM:
        return NotReached(address=address, problem=f"HTTP {response.status}")
    try:
        problem = json.loads(answer)
        return TurnedAway(address=address, reason=str(problem["detail"]))
    except (ValueError, KeyError, TypeError):
        return NotReached(address=address, problem=f"HTTP {response.status}")
