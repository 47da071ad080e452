"""A receipt from the command line: written, and checked by somebody without the database."""

import json

import pytest

from tests.cli.commands import at_a_desk


@pytest.fixture
def desk(database, tmp_path, monkeypatch):
    """The command, after a community was made and its log signed."""
    desk = at_a_desk(database, tmp_path, monkeypatch)
    assert 0 == desk("init", "--community", "幸福里社区", "--code", "xfl").code
    assert 0 == desk("checkpoint").code
    return desk


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestAReceipt:
    """The small text file: anybody checks it."""

    def test_is_written_and_checked_again(self, desk, tmp_path):
        written = desk("receipt", 1, "--output", tmp_path / "1.tlog-proof")
        checked = desk("receipt", "--check", tmp_path / "1.tlog-proof")

        assert (0, 0) == (written.code, checked.code), checked.err
        assert "建账" in checked.out
        assert "没有改过" in checked.err

    def test_is_checked_on_a_machine_that_has_only_the_key(self, desk, tmp_path):
        desk("receipt", 1, "--output", tmp_path / "1.tlog-proof")
        key = desk("log", "key").out.strip()
        desk.set(DATA=str(tmp_path / "nowhere"), DATABASE_URL=f"sqlite:///{tmp_path / 'nowhere.db'}")

        checked = desk("receipt", "--check", tmp_path / "1.tlog-proof", "--log-key", key)

        assert 0 == checked.code, checked.err

    def test_tells_its_code_for_paper(self, desk):
        told = json.loads(desk("receipt", 1, "--json").out)

        assert (20, "98") == (len(told["code"]), told["code"][:2])

    def test_that_was_changed_ends_with_six(self, desk, tmp_path):
        raw = desk("receipt", 2).out
        (tmp_path / "x").write_text(raw.replace("index 1", "index 0"))

        assert 6 == desk("receipt", "--check", tmp_path / "x").code

    def test_of_nothing_is_not_found(self, desk, tmp_path):
        assert 4 == desk("receipt", 99).code
        assert 4 == desk("receipt", "--check", tmp_path / "missing").code

    def test_needs_a_number_or_a_file(self, desk, tmp_path):
        assert 2 == desk("receipt").code
        assert 2 == desk("receipt", 1, "--check", "x").code

    def test_that_is_none_is_told_in_one_sentence(self, desk, tmp_path):
        for content in (b"", b"nonsense", b"\xff", b"a" * 2_000_000):
            (tmp_path / "bad").write_bytes(content)

            refused = desk("receipt", "--check", tmp_path / "bad")

            assert 3 == refused.code
            assert "Traceback" not in refused.err
