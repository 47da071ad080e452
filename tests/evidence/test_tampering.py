"""Tampering is found: every kind, at random places, by the stand-alone verifier against a head that a witness has kept.

The default run is short. The long one is `TAMPERING_SEEDS=20 HONEST_RUNS=31`: 520 tamperings and 101 honest runs on
each kind of database.
"""

import os
import random
import subprocess
import sys

import pytest

from tests.evidence.builders import KEYS, XFL
from tests.evidence.owning import owning
from tests.evidence.tampering import TAMPERINGS
from tests.evidence.towns import exported, verified
from tests.meta.sources import ROOT

SEEDS = range(int(os.environ.get("TAMPERING_SEEDS", "1")))
HONEST = range(int(os.environ.get("HONEST_RUNS", "1")))
KILLED = range(-(-len(HONEST) // 4))
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


class TestTampering:
    """ledger.md section 5: each kind is found, with triggers and constraints off."""

    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda tampering: tampering.__name__)
    def test_is_found(self, books, verify, tmp_path, tampering, seed):
        with owning(books, random.Random(seed)) as owner:
            tampering(owner)

        code, said = verify(books, exported(books, tmp_path / "bundle"))

        assert 6 == code, said
        assert "✗" in said


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

    @pytest.mark.parametrize("seed", HONEST)
    def test_hold_after_days_of_work(self, books, verify, tmp_path, seed):
        books.live(8, seed)

        code, said = verify(books, exported(books, tmp_path / "bundle"))

        assert 0 == code, said

    @pytest.mark.parametrize("seed", HONEST)
    def test_hold_after_a_period_was_closed(self, books, verify, tmp_path, seed):
        books.live(4, seed).close()
        books.live(4, seed + 1)

        code, said = verify(books, exported(books, tmp_path / "bundle"))

        assert 0 == code, said

    @pytest.mark.parametrize("seed", HONEST)
    def test_hold_after_the_latest_backup_was_restored(self, books, verify, tmp_path, database_server, let_go, seed):
        books.live(4, seed)
        books.keep()
        books.database.engine.dispose()

        restored = let_go(books.over(database_server.copied(books.database.url)))
        restored.live(4, seed + 1)
        code, said = verify(restored, exported(restored, tmp_path / "bundle"))

        assert 0 == code, said

    @pytest.mark.parametrize("seed", KILLED)
    def test_hold_after_the_service_was_killed_at_work(self, books, verify, tmp_path, seed):
        working = [sys.executable, "-m", "tests.evidence.at_work", books.database.url, str(books.folder), str(seed)]
        with subprocess.Popen(working, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(3 + seed % 5):
                process.stdout.readline()
            process.kill()

        code, said = verify(books, exported(books, tmp_path / "bundle"))

        assert 0 == code, said
