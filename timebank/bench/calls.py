"""Calls: what programs ask of the running service, by eight of them at once, beside an endpoint that does nothing.

The service runs as an operator runs it, in processes of its own. What is read is how long one call takes: the middle
one of all (p50), and the one that only one in a hundred is slower than (p99).
"""

import http.client
import itertools
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.engine import Engine

from timebank import chance, clock
from timebank.bench.measuring import Measured
from timebank.bench.town import Town
from timebank.bench.visits import VOLUNTEER, make_keys
from timebank.books.requests import Secret
from timebank.database import writing
from timebank.tokens import operations
from timebank.tokens.rules import Scope, written

CLIENTS: Final = 8
TOKENS: Final = 64
"""So many that none of them asks too often in a minute."""
READY_SECONDS: Final = 60.0
TRIVIAL: Final = "/healthz"

Call = Callable[[http.client.HTTPConnection], None]


@dataclass(frozen=True, slots=True)
class Took:
    """How long each of some calls took, in seconds."""

    seconds: tuple[float, ...]

    def quantile(self, percent: int) -> float:
        """Return what so many of a hundred calls took at most."""
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[percent - 1]


class EverybodyCame(Exception):
    """Nobody is left who may redeem this month."""


class Service:
    """The running service over a town, and programs that ask it."""

    def __init__(self, engine: Engine, town: Town, port: int) -> None:
        self.town, self.port = town, port
        self._tokens = itertools.cycle(_tokens(engine, town))
        self._places = itertools.count()
        self._guard = threading.Lock()

    def trivial(self, connection: http.client.HTTPConnection) -> None:
        """Ask for what costs nothing but the way there."""
        _asked(connection, "GET", TRIVIAL, {}, None)

    def passbook(self, connection: http.client.HTTPConnection) -> None:
        """Read the balances of a passbook."""
        _asked(connection, "GET", f"/api/v1/volunteers/{VOLUNTEER}/passbook", self._headers(), None)

    def redemption(self, connection: http.client.HTTPConnection) -> None:
        """Redeem a basket for the next volunteer; each may come twice a month."""
        with self._guard:
            place = next(self._places)
        if place >= self.town.volunteers * 2:
            raise EverybodyCame
        basket = [{"good_number": self.town.good, "pieces": 1}]
        sent = {"volunteer_number": self.town.volunteer(place), "basket": basket}
        headers = self._headers() | {"Idempotency-Key": chance.fresh_key(), "Content-Type": "application/json"}
        _asked(connection, "POST", "/api/v1/redemptions", headers, json.dumps(sent).encode())

    def _headers(self) -> dict[str, str]:
        with self._guard:
            return {"Authorization": f"Bearer {next(self._tokens)}"}


def _asked(
    connection: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str], body: bytes | None
) -> None:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    told = answer.read()
    assert answer.status in {200, 201}, (path, answer.status, told)


def _tokens(engine: Engine, town: Town) -> tuple[str, ...]:
    """Issue tokens to the clerk, as a page would."""
    secrets = [chance.fresh_secret() for _ in range(TOKENS)]
    with writing(engine) as session:
        for secret in secrets:
            act = town.act(f"token-{chance.fresh_key()}", clock.now())
            scopes = (Scope.READ, Scope.MARKET)
            operations.issue(session, act, name="bench", scopes=scopes, days=1, secret=Secret(secret))
    return tuple(written(town.community_id, secret) for secret in secrets)


@contextmanager
def serving(engine: Engine, town: Town, folder: Path) -> Iterator[Service]:
    """Serve a town until the block ends."""
    url = engine.url.render_as_string(hide_password=False)
    environment = {"TIMEBANK_DATA": str(make_keys(folder)), "TIMEBANK_DATABASE_URL": url, "PATH": ""}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "timebank.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_ready(process, port)
        yield Service(engine, town, port)
    finally:
        process.terminate()
        process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            _asked(http.client.HTTPConnection("127.0.0.1", port, timeout=10), "GET", TRIVIAL, {}, None)
        except OSError:
            time.sleep(0.05)
            continue
        return
    raise TimeoutError("the service does not answer")


def took(service: Service, call: Call, seconds: float) -> Took:
    """Let eight programs call at once, each again and again over its own connection, until the time is over."""
    found: list[list[float]] = [[] for _ in range(CLIENTS)]
    crew = [threading.Thread(target=_called, args=(service.port, call, seconds, own)) for own in found]
    for client in crew:
        client.start()
    for client in crew:
        client.join()
    calls = tuple(itertools.chain.from_iterable(found))
    assert len(calls) >= CLIENTS, "a program could not ask"
    return Took(calls)


def _called(port: int, call: Call, seconds: float, found: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    deadline = time.perf_counter() + seconds
    while not found or time.perf_counter() < deadline:
        began = time.perf_counter()
        try:
            call(connection)
        except EverybodyCame:
            break
        found.append(time.perf_counter() - began)
    connection.close()


def rounds_of(service: Service, call: Call, *, rounds: int, seconds: float) -> tuple[tuple[Took, Took], ...]:
    """Run a call and the trivial one in every round."""
    took(service, call, seconds / 10), took(service, service.trivial, seconds / 10)
    return tuple((took(service, call, seconds), took(service, service.trivial, seconds)) for _ in range(rounds))


def beside_trivial(found: Sequence[tuple[Took, Took]], percent: int) -> Measured:
    """Compare one quantile of a call with that of the trivial one, round by round, in milliseconds."""
    sides = [(one.quantile(percent) * 1000, other.quantile(percent) * 1000) for one, other in found]
    return Measured(tuple(one for one, _ in sides), tuple(other for _, other in sides))


def slow_beside_usual(found: Sequence[tuple[Took, Took]]) -> Measured:
    """Compare the p99 of a call with its own p50, round by round, in milliseconds."""
    sides = [(one.quantile(99) * 1000, one.quantile(50) * 1000) for one, _ in found]
    return Measured(tuple(one for one, _ in sides), tuple(other for _, other in sides))
