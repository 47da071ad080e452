"""Killed at every call: SIGKILL as the process enters each write, sync, unlink or rename of a request."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.books import tills
from tests.books.killed_child import REQUESTS, ask
from tests.books.snapshots import rows_of
from tests.meta.sources import ROOT
from timebank.database import new_engine, reading

LONG = "TIMEBANK_TEST_LONG" in os.environ
REASON = "no strace: install it to kill requests at every call of the system"


@pytest.fixture(scope="module")
def strace():
    """Without strace these tests are skipped, loudly; with TIMEBANK_REQUIRE_JUDGES=1 they fail."""
    if shutil.which("strace") is None:
        if os.environ.get("TIMEBANK_REQUIRE_JUDGES") == "1":
            pytest.fail(REASON)
        pytest.skip(REASON)


@contextmanager
def helper(url, *words):
    """Run the process that forks a child for each request; yield how to tell it to."""
    command = [sys.executable, "-m", "tests.books.killed_child", url, *words]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        asking, answering = process.stdin, process.stdout
        assert asking is not None
        assert answering is not None

        def tell(request, place):
            asking.write(f"{request} {place}\n")
            asking.flush()
            return answering.readline().strip()

        yield tell
        asking.close()


def everything(url):
    """Every row of the books, as whoever comes after the crash finds them."""
    engine = new_engine(url)
    with reading(engine) as session:
        rows = rows_of(session)
    engine.dispose()
    return rows


class Desk:
    """The books before the request, in a file that is put back for every kill."""

    def __init__(self, database, folder):
        tills.open_books(database.engine, points=100, pieces=3)
        asked = {"owner": tills.OWNER, "amount": 5, "expires_at": None}
        assert 3 == tills.answer(database.engine, tills.hold, "putting-aside", **asked)
        self.url = database.url
        self.file = Path(database.url.removeprefix("sqlite:///"))
        self.copy = folder / "before.db"
        self.before = everything(self.url)
        database.engine.dispose()

    def keep(self):
        """Keep the file as it is now."""
        self._remove_beside()
        shutil.copyfile(self.file, self.copy)

    def put_back(self):
        """Put the file back."""
        self._remove_beside()
        shutil.copyfile(self.copy, self.file)

    def _remove_beside(self):
        for ending in ("-wal", "-shm", "-journal"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)


@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestKilledAtEveryCall:
    """trust.md G4: asked again, it is done once, and every row is the one that an undisturbed request would leave."""

    @pytest.mark.parametrize("request_name", ["award", "redeem", "reverse"] if not LONG else REQUESTS)
    def test_with_a_write_ahead_log(self, database, tmp_path, request_name):
        assert killed_everywhere(Desk(database, tmp_path), request_name) > 10

    @pytest.mark.parametrize("request_name", ["redeem"] if not LONG else REQUESTS)
    def test_with_a_rollback_journal(self, database, tmp_path, request_name):
        assert killed_everywhere(Desk(database, tmp_path), request_name, "own-sqlite") > 10


def killed_everywhere(desk, request_name, *words):
    """Kill the request at its first call, at its second, and so on until it gets through; return how often."""
    with helper(desk.url, *words) as tell:
        desk.keep()
        assert "done" == tell(request_name, 0)
        after = everything(desk.url)
        assert desk.before != after
        for place in count(1):
            desk.put_back()
            if tell(request_name, place) == "done":
                return place - 1
            ask(desk.url, request_name)
            assert after == everything(desk.url), f"torn, lost or done twice when killed at call {place}"
    raise AssertionError("never got through")
