"""A storm: eight clerks redeem without pause through the real service, while somebody kills whatever there is to kill.

A clerk's till keeps the key of a basket until it has an answer, and asks again until then, as the page's own script
does; so at the end every basket is answered.
"""

import http.client
import json
import os
import re
import signal
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from tests.books.builders import DONOR
from tests.builders import an_act
from tests.fixtures.servers import STOPPING_SECONDS, free_port
from tests.web import town
from timebank import clock
from timebank.app import create_app
from timebank.books import journal
from timebank.config import read
from timebank.database import db, writing
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, goods_unit, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.people import operations as people
from timebank.people.operations import NewVolunteer

TILLS = 8
WORKERS = 4
PRICE_E2 = 1500
CUSTOMERS = 40
"""How many stand at each till; each buys twice, as often as anybody may in a month, and is then refused."""
TOKEN = re.compile(r'data-token="([^"]+)"')
ANSWERED = {200, 409}
PATIENCE_SECONDS = 120.0
AGAIN_EVERY = 5
"""Every fifth answered basket is sent once more, at once."""


def build(engine):
    """Make the town, and give eight of its people points and the shop soap for a year."""
    with writing(engine) as session:
        town.build(session)
        newcomers = tuple(NewVolunteer(name="志愿者", number=number) for number in numbers(0, TILLS * CUSTOMERS))
        people.register_volunteers(session, an_act(at=clock.now()), people=newcomers)
        soap = goods_unit(town.SOAP)
        lot = AccountRef(AccountKind.SHELF, "L000001", soap)
        issued = [
            Transfer(system(AccountKind.ISSUANCE, POINTS), AccountRef(AccountKind.PASSBOOK, number, POINTS), 10_000_000)
            for number in numbers(0, TILLS * CUSTOMERS)
        ]
        act = an_act(at=clock.now())
        today = act.today
        journal.post(session, act, Draft(kind=EntryKind.SERVICE_APPROVED, effective_on=today, transfers=tuple(issued)))
        delivered = Transfer(replace(DONOR, unit=soap), lot, 100_000)
        journal.post(session, act, Draft(kind=EntryKind.GOODS_RECEIVED, effective_on=today, transfers=(delivered,)))


def numbers(first, last):
    """Volunteers of whom the town knows nothing."""
    return [f"V{place:04}" for place in range(1000 + first, 1000 + last)]


@dataclass
class Storm:
    """What the clerks were told, by request key; and how many answers there are so far."""

    answers: dict[str, bytes] = field(default_factory=dict)
    unlike: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    more: threading.Condition = field(default_factory=threading.Condition)

    def note(self, key, answer):
        """Keep an answer; a second one must be the same, byte for byte."""
        with self.more:
            if self.answers.setdefault(key, answer) != answer:
                self.unlike.append(key)
            self.more.notify_all()

    def fail(self, what):
        """Stop the storm: a till was told what no till should be told."""
        with self.more:
            self.unlike.append(what)
            self.over.set()
            self.more.notify_all()

    def wait_for(self, answers):
        """Wait until so many more baskets are answered."""
        with self.more:
            wanted = len(self.answers) + answers
            served = self.more.wait_for(lambda: self.unlike or len(self.answers) >= wanted, PATIENCE_SECONDS)
        assert not self.unlike, self.unlike[0]
        assert served, "nobody is served"


class Till:
    """One clerk's till: a cookie, a token, and a queue of people who each buy a soap."""

    def __init__(self, storm, address, cookie, token, place):
        self.storm, self.address = storm, address
        self.customers = numbers(place * CUSTOMERS, (place + 1) * CUSTOMERS)
        self.headers = {"Cookie": cookie, "X-CSRFToken": token, "Content-Type": "application/json", "Referer": address}

    def serve(self):
        """Sell until the storm is over; every basket that was begun is sent until it is answered."""
        for basket in count(1):
            if self.storm.over.is_set():
                return
            self.redeem(self.customers[basket % CUSTOMERS], basket, again=basket % AGAIN_EVERY == 0)

    def redeem(self, number, basket, *, again):
        """Send a basket until it is answered, and once more if wanted."""
        key = f"storm-{number}-{basket:06}"
        entry = {"good": town.SOAP, "pieces": 1, "price_e2": PRICE_E2}
        body = json.dumps({"request_key": key, "volunteer": number, "basket": [entry], "identified": "known"})
        for _ in range(1 + again):
            self.storm.note(key, self._answer(body))

    def _answer(self, body):
        pause = threading.Event()
        for _ in range(int(PATIENCE_SECONDS / 0.05)):
            status, answer = self._send(body)
            if status in ANSWERED:
                return b"%d %s" % (status, answer)
            if status not in {0, 503}:
                self.storm.fail(f"{status} {answer.decode()}")
                return b""
            pause.wait(0.05)
        raise AssertionError("never answered")

    def _send(self, body):
        """Send it once; status 0 where there was nobody, or nobody any more."""
        line = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=10)
        try:
            line.request("POST", "/till/redemptions", body, self.headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            line.close()


@contextmanager
def raging(installation, address):
    """Let eight clerks sell at this address while the block runs; at its end every basket is answered."""
    cookie, token = _signed_in(installation)
    storm = Storm()
    tills = [threading.Thread(target=Till(storm, address, cookie, token, place).serve) for place in range(TILLS)]
    for till in tills:
        till.start()
    try:
        yield storm
    finally:
        storm.over.set()
        for till in tills:
            till.join()


def _signed_in(installation):
    """The cookie and the token of a clerk, as the service's own keys sign them."""
    app = create_app(read(installation.environment))
    client = app.test_client()
    with client.session_transaction() as visit:
        visit["community"], visit["_user_id"] = town.XFL, f"{town.XFL}.{town.secret_of('zhao')}"
    token = TOKEN.findall(client.get("/till").text)[0]
    with app.app_context():
        db.engine.dispose()
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return f"{cookie.key}={cookie.value}", token


class Service:
    """The service with four workers: its workers can be killed, and all of it at once; it comes back at its address."""

    def __init__(self, installation):
        self.installation = installation
        self.url = f"http://127.0.0.1:{free_port()}"
        self.process = self._start()

    def _start(self):
        port = str(urlsplit(self.url).port)
        with (self.installation.folder / "server.log").open("ab") as said:
            return subprocess.Popen(
                [*self.installation.program, "serve", "--port", port],
                cwd=self.installation.folder,
                env=self.installation.environment | {"TIMEBANK_WORKERS": str(WORKERS)},
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill_a_worker(self, which):
        """Kill one of the workers; the service forks another."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if children:
            os.kill(int(children[which % len(children)]), signal.SIGKILL)

    def kill(self):
        """Kill the service with all its workers, and start it again."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOPPING_SECONDS)
        self.process = self._start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Stop as an operator does."""
        self.process.terminate()
        self.process.wait(STOPPING_SECONDS)
