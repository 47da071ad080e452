"""The sender of webhooks: looks every few seconds what was done, tells it to whoever is to be told, notes what came.

What keeps a receiver's address from being a way into the own network: only https, every address that the name stands
for must be one of the internet, the connection goes to the very address that was looked at, and a redirect is an
answer like any other. A setting names the receivers of the own network; by default there are none.

Source: trust.md W10.
"""

import http.client
import ipaddress
import logging
import socket
import ssl
import threading
from collections.abc import Collection
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from timebank import clock
from timebank.config import Settings
from timebank.database import Busy, new_engine, reading, writing
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.webhooks import operations
from timebank.webhooks.queries import Due, payload
from timebank.webhooks.rules import PORTS, is_public, place_of, secret_for, signed_headers

EVERY_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 5.0
"""How long a receiver may take for each step; it should take the event down and answer at once."""
WHOLE_SECONDS: Final = 10.0
"""How long it may take in all, however slowly it talks."""
AT_ONCE: Final = 20
"""How many are sent at one look; together they take less time than they are taken for."""

logger: Final = logging.getLogger(__name__)


class NotPublic(Refusal):
    """The name stands for an address that is not one of the internet."""

    code = "webhook_not_public"


class _Connection(http.client.HTTPConnection):
    """A connection to the address that was looked at, whatever the name stands for a moment later."""

    def __init__(self, host: str, port: int, address: str, *, encrypted: bool) -> None:
        super().__init__(host, port, timeout=ANSWER_SECONDS)
        self._address = address
        self._encrypted = encrypted

    def connect(self) -> None:
        """Connect; the certificate must be that of the name."""
        plain = socket.create_connection((self._address, self.port), ANSWER_SECONDS)
        context = ssl.create_default_context() if self._encrypted else None
        self.sock = plain if context is None else context.wrap_socket(plain, server_hostname=self.host)


def send(due: Due, headers: dict[str, str], body: bytes, inner: Collection[str]) -> tuple[int | None, str]:
    """Send one event; return the status of the answer, or None, and in a word what went wrong.

    Args:
        inner: see `check_webhook`.
    """
    parts = urlsplit(due.url)
    try:
        host, port = place_of(due.url)
        address = _address_of(host, port, inner)
        connection = _Connection(host, port, address, encrypted=parts.scheme == "https")
        # Without the port where it is the usual one, as every client writes it.
        told = host if port == PORTS[parts.scheme] else f"{host}:{port}"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        status = _posted(connection, path, {"Host": told} | headers, body)
    except NotPublic:
        return None, NotPublic.code
    except Refusal as wrong:
        return None, wrong.code
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        return None, type(error).__name__
    return status, "" if 200 <= status < 300 else f"http {status}"


def _address_of(host: str, port: int, inner: Collection[str]) -> str:
    """Return an address for a name; all that it stands for must be of the internet, unless the setting names it.

    Raises:
        NotPublic
    """
    found = [each[4][0] for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    addresses = [str(address).partition("%")[0] for address in found]
    if f"{host}:{port}" not in inner and not all(is_public(ipaddress.ip_address(each)) for each in addresses):
        raise NotPublic()
    return addresses[0]


def _posted(connection: _Connection, path: str, headers: dict[str, str], body: bytes) -> int:
    timer = threading.Timer(WHOLE_SECONDS, _cut, [connection])
    timer.start()
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", "User-Agent": "timebank"} | headers)
        return connection.getresponse().status
    finally:
        timer.cancel()
        connection.close()


def _cut(connection: _Connection) -> None:
    """End a connection that drips; whoever waits for it is told that it is over."""
    open_socket: socket.socket | None = connection.sock
    if open_socket is not None:
        open_socket.shutdown(socket.SHUT_RDWR)


def tell(engine: Engine, settings: Settings, community_id: str, at: datetime) -> int:
    """Queue what was done in a community and send what is due; return how many were sent.

    Raises:
        Busy: the database could not be had in time; what was sent meanwhile is sent again, under the same id.
    """
    with reading(engine) as session:
        if not operations.has_work(session, community_id, at):
            return 0
    with writing(engine) as session:
        operations.queue(session, community_id, at)
        taken = operations.take_due(session, community_id, at, limit=AT_ONCE)
    attempts = [(due, *_send(settings, community_id, due, at)) for due in taken]
    with writing(engine) as session:
        operations.note_attempts(session, community_id, at, attempts)
    return len(taken)


def _send(settings: Settings, community_id: str, due: Due, at: datetime) -> tuple[int | None, str]:
    body = payload(community_id, due.event)
    secret = secret_for(settings.keys().lookup, community_id, due.webhook_id)
    headers = signed_headers(secret, event_id=due.event.id, sent_at=int(at.timestamp()), body=body)
    return send(due, headers, body, settings.webhook_hosts)


def tell_all(engine: Engine, settings: Settings) -> None:
    """Tell what was done in every community; what hinders it is for the next look."""
    with reading(engine) as session:
        known = people.communities(session)
    for community in known:
        try:
            tell(engine, settings, community.id, clock.now())
        except Busy as later:
            logger.warning("the webhooks of %s wait: %s", community.id, later)


def start(settings: Settings, every_seconds: float = EVERY_SECONDS) -> threading.Event:
    """Tell from a thread of this process until the returned event is set."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every_seconds):
            # Opened afresh, as the keeper of the log does: this process may have become two meanwhile.
            engine = new_engine(settings.database_url)
            try:
                tell_all(engine, settings)
            except (Busy, OperationalError) as later:
                logger.warning("the webhooks wait: %s", later)
            finally:
                engine.dispose()

    threading.Thread(target=run, name="webhook-sender", daemon=True).start()
    return stop
