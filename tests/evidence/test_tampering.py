"""Tampering is found: every kind, at random places, by the stand-alone verifier against a head that a witness has kept.

Every kind of tampering is tried with twenty seeds on each kind of database, each time on the same books, which get back
what they lost. A hundred times on each kind of database honest books must hold.
"""

import subprocess
import sys

import pytest

from tests.evidence.builders import KEYS, XFL
from tests.evidence.owning import owning
from tests.evidence.tampering import TAMPERINGS
from tests.evidence.towns import Files, exported, judged, verified
from tests.meta.sources import ROOT
from timebank.database import reading
from timebank.evidence.bundle import write_bundle

SEEDS = range(20)
DAYS = range(96)
"""How often honest books are judged, on each kind of database, beside after a crash and after a restored backup."""
SPECIAL = range(2)
KEY = str(KEYS.verifier(XFL))


@pytest.fixture
def verify(monkeypatch, capsys, tmp_path):
    """The verifier with what an auditor brings: the key from the notice and the head that a witness has kept."""

    def run(books, bundle):
        (tmp_path / "witnessed").write_bytes(books.witnessed)
        return verified(monkeypatch, capsys, bundle, "--key", KEY, "--old", tmp_path / "witnessed")

    return run


@pytest.fixture
def let_go(database_server):
    """Let go of further databases when the test is over."""
    held = []

    def hold(books):
        held.append(books)
        return books

    yield hold
    for books in held:
        books.database.engine.dispose()
        database_server.drop(books.database.url)


@pytest.fixture
def witnessed(books, tmp_path):
    """The head that a witness has kept."""
    path = tmp_path / "witnessed"
    path.write_bytes(books.witnessed)
    return path


def _found(owner, tampering, seed, witnessed):
    """Tamper with these dice, and let the verifier look."""
    with owner.with_dice(seed):
        tampering(owner)
        return judged(owner.evidence(), key=KEY, old=witnessed)


class TestTampering:
    """ledger.md section 5: each kind is found, with triggers and constraints off."""

    @pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda tampering: tampering.__name__)
    def test_is_found_wherever_it_is_done(self, books, witnessed, tampering):
        with owning(books) as owner:
            overlooked = [seed for seed in SEEDS if not _found(owner, tampering, seed, witnessed)]

        assert [] == overlooked

    def test_that_did_not_happen_is_not_found(self, books, witnessed):
        """The control: what finds the others says nothing where nothing was done."""
        with owning(books) as owner, owner.with_dice(0):
            assert "" == judged(owner.evidence(), key=KEY, old=witnessed)


class TestAnOldBackup:
    """F16: restored and gone on from, it is another history."""

    def test_is_found_by_the_signer_and_by_the_head_of_the_witness(self, template, verify, tmp_path, let_go):
        books = let_go(template.copied(tmp_path, backup=True))
        books.live(12, seed=5)

        damage = books.keep().damage
        code, said = verify(books, exported(books, tmp_path / "bundle"))

        assert 6 == code, said
        assert damage.code in {"log_rolled_back", "log_forked"}


class TestHonestBooks:
    """No false alarm, whatever a town does and whatever happens to its computer."""

    def test_hold_day_after_day_and_after_a_period_was_closed(self, books, witnessed):
        wrong = {}

        for day in DAYS:
            days = books.live(1, seed=day)
            if day == len(DAYS) // 3:
                days.close()
            books.keep()
            files = Files()
            with reading(books.database.engine) as session:
                write_bundle(session, XFL, keys=KEYS, place=files)
            wrong[day] = judged(files, key=KEY, old=witnessed)

        assert dict.fromkeys(DAYS, "") == wrong

    @pytest.mark.parametrize("seed", SPECIAL)
    def test_hold_after_the_latest_backup_was_restored(self, books, verify, tmp_path, database_server, let_go, seed):
        books.live(4, seed)
        books.keep()
        books.database.engine.dispose()

        restored = let_go(books.over(database_server.copied(books.database.url)))
        restored.live(4, seed + 1)
        code, said = verify(restored, exported(restored, tmp_path / "bundle"))

        assert 0 == code, said

    @pytest.mark.parametrize("seed", SPECIAL)
    def test_hold_after_the_service_was_killed_at_work(self, books, verify, tmp_path, seed):
        working = [sys.executable, "-m", "tests.evidence.at_work", books.database.url, str(books.folder), str(seed)]
        with subprocess.Popen(working, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(3 + seed % 5):
                process.stdout.readline()
            process.kill()

        code, said = verify(books, exported(books, tmp_path / "bundle"))

        assert 0 == code, said
