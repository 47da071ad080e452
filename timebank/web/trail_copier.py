"""The off-host copy of the trail: every line of who did and who saw what, sent to the log server that a setting names.

Lines go as syslog (RFC 5424, counted as in RFC 6587) by TCP or TLS, from a thread of its own, never from a request. A
batch counts as sent once the receiver has read it all and closed its side; then the cursor in the data folder moves.
After an outage it goes on from there. Nothing is left out; a line may come twice, under the same id.

Source: ASVS 5.0, 16.4.3; trust.md T18.
"""

import json
import logging
import os
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from timebank import clock
from timebank.books import trail
from timebank.config import LogServer, Settings
from timebank.database import Busy, new_engine, reading
from timebank.evidence.files import locked, write_private
from timebank.people import queries as people
from timebank.people.queries import sights

EVERY_SECONDS: Final = 5.0
STEP_SECONDS: Final = 10.0
"""How long the receiver may take for each step."""
AT_ONCE: Final = 500
LATE: Final = timedelta(minutes=10)
"""How much later than its moment a line may be committed."""
FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
CURSOR_FILE: Final = "trail-copied.json"
UNTIL: Final = "until"
AUDIT_INFO: Final = 13 * 8 + 6
"""Facility «log audit», severity «informational»."""

logger: Final = logging.getLogger(__name__)


class NotTakenError(Exception):
    """The receiver did not take a batch; it is sent again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be sent. kind: `trail` or `sight`."""

    id: str
    at: datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a community's trail was sent. sent: id and moment of what went of the last minutes."""

    until: datetime
    sent: Mapping[str, datetime]

    def since(self, at: datetime) -> datetime:
        """Return from when on lines may still be unsent; a clock that was put back hides none."""
        return FIRST if self.until == FIRST else min(self.until, at) - LATE

    def after(self, lines: Sequence[Line], at: datetime) -> "Cursor":
        """Return the cursor once these lines were sent, too."""
        every = {**self.sent, **{line.id: line.at for line in lines}}
        until = max(self.until, *(line.at for line in lines))
        since = Cursor(until, every).since(at)
        return Cursor(until, {each: moment for each, moment in every.items() if moment >= since})


class Cursors:
    """The cursors of all communities, in one file of the data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / CURSOR_FILE
        self.lock = folder / f"{CURSOR_FILE}.lock"

    def of(self, community_id: str) -> Cursor:
        """Return how far a community's trail was sent."""
        found = self._read().get(community_id)
        if found is None:
            return Cursor(FIRST, {})
        moments = {each: datetime.fromisoformat(at) for each, at in found.items()}
        return Cursor(moments.pop(UNTIL), moments)

    def move(self, community_id: str, cursor: Cursor) -> None:
        """Remember how far it was sent; it is on the disk afterwards."""
        moments = {UNTIL: cursor.until, **cursor.sent}
        document = self._read() | {community_id: {each: at.isoformat() for each, at in moments.items()}}
        write_private(self._path, json.dumps(document))

    def _read(self) -> dict[str, dict[str, str]]:
        document = json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}
        assert isinstance(document, dict), self._path
        return document


def unsent(session: Session, community_id: str, cursor: Cursor, at: datetime, *, limit: int) -> list[Line]:
    """Return the oldest lines that were not sent yet."""
    since, asked = cursor.since(at), limit + len(cursor.sent)
    found = [
        *(_line(community_id, "trail", one) for one in trail.lines_since(session, community_id, since, limit=asked)),
        *(_line(community_id, "sight", one) for one in sights.sights_since(session, community_id, since, limit=asked)),
    ]
    fresh = (line for line in found if line.id not in cursor.sent)
    return sorted(fresh, key=lambda line: (line.at, line.id))[:limit]


def _line(community_id: str, kind: str, one: trail.TrailLine | sights.SightLine) -> Line:
    facts = asdict(one) | {"at": one.at.isoformat(), "id": str(one.id)}
    text = json.dumps({"community": community_id, **facts}, default=str, sort_keys=True)
    return Line(f"{kind} {one.id.hex}", one.at, kind, text)


def waiting(session: Session, settings: Settings, community_id: str, at: datetime) -> int:
    """Return how many lines wait to be sent; more than `AT_ONCE` are told as that and one."""
    cursor = Cursors(settings.data_folder).of(community_id)
    return len(unsent(session, community_id, cursor, at, limit=AT_ONCE + 1))


def framed(line: Line) -> bytes:
    """Write a line as a syslog message with its length before it."""
    at = line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    message = f"<{AUDIT_INFO}>1 {at} {socket.gethostname()} timebank {os.getpid()} {line.kind} - {line.text}".encode()
    return f"{len(message)} ".encode() + message


def send(server: LogServer, lines: Sequence[Line]) -> None:
    """Send lines and wait until the receiver has read them all.

    Raises:
        NotTakenError: it was not there, or broke off; nobody knows what it has read.
    """
    try:
        with _opened(server) as stream:
            stream.sendall(b"".join(framed(line) for line in lines))
            stream.shutdown(socket.SHUT_WR)
            while stream.recv(4096):
                pass
    except OSError as error:
        raise NotTakenError(type(error).__name__) from error


def _opened(server: LogServer) -> socket.socket:
    plain = socket.create_connection((server.host, server.port), STEP_SECONDS)
    if not server.encrypted:
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=server.host)
    except OSError:
        plain.close()
        raise


def copy(engine: Engine, settings: Settings, community_id: str, at: datetime) -> int:
    """Send what is unsent of a community, one batch; return how many lines.

    Raises:
        NotTakenError: see `send`; the cursor stays where it was.
    """
    assert settings.log_server is not None, "no log server is named"
    cursors = Cursors(settings.data_folder)
    with locked(cursors.lock):
        cursor = cursors.of(community_id)
        with reading(engine) as session:
            lines = unsent(session, community_id, cursor, at, limit=AT_ONCE)
        if lines:
            send(settings.log_server, lines)
            cursors.move(community_id, cursor.after(lines, at))
        return len(lines)


def copy_all(engine: Engine, settings: Settings) -> None:
    """Send what is unsent of every community; what hinders it is for the next look."""
    with reading(engine) as session:
        known = people.communities(session)
    for community in known:
        try:
            while copy(engine, settings, community.id, clock.now()) == AT_ONCE:
                pass
        except NotTakenError as later:
            logger.warning("the copy of the trail of %s waits: %s", community.id, later)


def start(settings: Settings, every_seconds: float = EVERY_SECONDS) -> threading.Event:
    """Copy from a thread of this process until the returned event is set; nothing, where no server is named."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every_seconds):
            engine = new_engine(settings.database_url)
            try:
                copy_all(engine, settings)
            except (Busy, OperationalError) as later:
                logger.warning("the copy of the trail waits: %s", later)
            finally:
                engine.dispose()

    if settings.log_server is not None:
        threading.Thread(target=run, name="trail-copier", daemon=True).start()
    return stop
