"""The evidence from the command line: a zip or a folder, whole or not at all."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.commands import at_a_desk
from timebank.evidence.verifier import verify_timebank


@pytest.fixture
def desk(database, tmp_path, monkeypatch):
    """The command, after a community was made."""
    desk = at_a_desk(database, tmp_path, monkeypatch)
    assert 0 == desk("init", "--community", "幸福里社区", "--code", "xfl").code
    return desk


def verified(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["verify_timebank.py", *map(str, words)])
    return verify_timebank.main()


class TestExportingEvidence:
    """Issue: one folder or zip with SHA-256 sums; the verifier comes with it."""

    def test_a_zip_holds_against_the_key_of_the_log(self, desk, monkeypatch):
        done = desk("export", "evidence")
        key = desk("log", "key").out.strip()

        assert 0 == done.code, done.err
        assert 0 == verified(monkeypatch, "evidence-xfl.zip", "--key", key)

    def test_a_folder_holds_too_and_can_be_read_by_anybody(self, desk, monkeypatch, tmp_path):
        done = desk("export", "evidence", "--output", tmp_path / "out", "--json")

        assert 0 == done.code, done.err
        assert {"path": str(tmp_path / "out"), "entries": 4} == json.loads(done.out)
        assert "公示栏" in (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")
        assert 0 == verified(monkeypatch, tmp_path / "out")

    def test_nothing_is_overwritten(self, desk):
        Path("evidence-xfl.zip").write_text("mine")

        assert 3 == desk("export", "evidence").code
        assert "mine" == Path("evidence-xfl.zip").read_text()

    def test_a_place_that_cannot_be_written_is_said_to_be_none(self, desk, tmp_path):
        assert 4 == desk("export", "evidence", "--output", tmp_path / "nowhere" / "e.zip").code
        assert [] == list(tmp_path.glob("*.part"))

    def test_damaged_books_are_exported_as_they_are_and_end_with_six(self, desk, database, monkeypatch, tmp_path):
        desk("checkpoint")
        desk("staff", "add", "li", "--name", "李建国", "--role", "coordinator", "--as", "admin")
        database.meddle("UPDATE entry SET actor = 'S077' WHERE seq = 2", "UPDATE log_head SET size = size + 1")

        done = desk("export", "evidence", "--output", tmp_path / "out")

        assert 6 == done.code
        assert 6 == verified(monkeypatch, tmp_path / "out")
