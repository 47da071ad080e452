"""The witness with one laptop and one file, and the community that they come to."""

import io
import json

import pytest

from tests.cli.commands import at_a_desk
from tests.evidence.builders import grown

NAME = "jiedao.example/w1"


@pytest.fixture
def timebank(database, tmp_path, monkeypatch):
    """The command, over a fresh database."""
    return at_a_desk(database, tmp_path, monkeypatch)


@pytest.fixture
def community(timebank):
    """The command, after `timebank init`."""
    assert 0 == timebank("init", "--community", "幸福里社区", "--code", "xfl").code
    return timebank


@pytest.fixture
def laptop(community, tmp_path):
    """A laptop with a witness's file, registered with the community, whose log is signed."""
    made = community("witness", "init", "--name", NAME, "--file", tmp_path / "w.json")
    key = made.out.strip()
    assert 0 == community("witness", "add", key, "--holder", "街道办事处", "--as", "admin").code
    assert 0 == community("checkpoint").code
    return community


def log_key(desk):
    return desk("log", "key").out.strip()


def carried(desk, folder, *options):
    """Carry the log to the witness on a USB stick and let them cosign it."""
    desk("witness", "request", NAME, "--output", folder / "request.txt")
    return desk("witness", "cosign", folder / "request.txt", "--file", folder / "w.json", *options)


class TestAUsbStick:
    """The whole way without a network: request, cosign, take."""

    def test_goes_there_and_back(self, laptop, tmp_path):
        done = carried(laptop, tmp_path, "--log-key", log_key(laptop))
        taken = laptop("witness", "take", tmp_path / "request.cosigned.txt")

        assert (0, 0) == (done.code, taken.code), done.err + taken.err
        assert NAME in taken.err
        shown = json.loads(laptop("checkpoint", "--json").out)
        assert ["街道办事处"] == [one["holder"] for one in shown["witnesses"] if one["last_size"]]
        assert NAME in shown["checkpoint"]

    def test_starts_the_next_time_from_what_was_seen(self, laptop, database, tmp_path):
        carried(laptop, tmp_path, "--log-key", log_key(laptop))
        laptop("witness", "take", tmp_path / "request.cosigned.txt")
        grown(database.engine, 5)
        laptop("checkpoint")

        done = carried(laptop, tmp_path)

        assert 0 == done.code, done.err
        seen = json.loads(laptop("witness", "status", "--json", "--file", tmp_path / "w.json").out)
        assert json.loads(laptop("checkpoint", "--json").out)["size"] == seen["logs"][0]["size"]

    def test_the_first_time_the_key_must_be_given(self, laptop, tmp_path):
        refused = carried(laptop, tmp_path)

        assert 3 == refused.code
        assert "--log-key" in refused.err

    def test_a_log_that_was_rewritten_ends_with_six(self, laptop, database, tmp_path):
        carried(laptop, tmp_path, "--log-key", log_key(laptop))
        seen = json.loads((tmp_path / "w.json").read_text())
        (log,) = seen["logs"].values()
        lines = log["seen"].split("\n")
        log["seen"] = "\n".join([lines[0], lines[1], "A" * 43 + "=", ""])
        (tmp_path / "w.json").write_text(json.dumps(seen))

        refused = carried(laptop, tmp_path)

        assert 6 == refused.code
        assert "审计员" in refused.err

    def test_after_an_explanation_a_witness_may_begin_anew(self, laptop, tmp_path, monkeypatch):
        carried(laptop, tmp_path, "--log-key", log_key(laptop))
        monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))

        done = carried(laptop, tmp_path, "--start-again", "--log-key", log_key(laptop))

        assert 0 == done.code, done.err


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestTheWitnessesFile:
    """One file, theirs alone."""

    def test_is_made_once(self, timebank, tmp_path):
        first = timebank("witness", "init", "--name", NAME)
        again = timebank("witness", "init", "--name", NAME)

        assert (0, 3) == (first.code, again.code)
        assert 0o600 == (tmp_path / "timebank-witness.json").stat().st_mode & 0o777

    def test_shows_its_key_and_that_it_has_seen_nothing_yet(self, timebank):
        key = timebank("witness", "init", "--name", NAME).out

        status = timebank("witness", "status")

        assert (0, key) == (status.code, status.out)
        assert "还没有" in status.err

    @pytest.mark.parametrize("name", ["a b", "a+b"])
    def test_is_not_made_under_an_impossible_name(self, timebank, name):
        assert 3 == timebank("witness", "init", "--name", name).code

    @pytest.mark.parametrize("command", [("status",), ("cosign", "x.txt"), ("take", "x.txt")])
    def test_that_is_missing_is_said_to_be_missing(self, community, command):
        assert 4 == community("witness", *command).code

    def test_that_is_damaged_is_said_to_be_damaged(self, timebank, tmp_path):
        (tmp_path / "timebank-witness.json").write_bytes(b"\xff\x00")

        refused = timebank("witness", "status")

        assert 3 == refused.code
        assert "见证人的文件" in refused.err


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestBadInput:
    """Damaged, truncated, oversized or foreign files get a sentence and a code, never a stack trace."""

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\n",
            b"nonsense\n",
            b"\xff\xfe\n",
            b"old 5\n",
            b"old 5\n\nx\n\n\xe2\x80\x94 a AAAA\n",
            b"a" * 2_000_000,
        ],
        ids=["empty", "newline", "nonsense", "binary", "cut", "foreign", "oversized"],
    )
    def test_is_told_in_one_sentence(self, laptop, tmp_path, content):
        (tmp_path / "bad.txt").write_bytes(content)

        for refused in (
            laptop("witness", "cosign", tmp_path / "bad.txt", "--file", tmp_path / "w.json"),
            laptop("witness", "take", tmp_path / "bad.txt"),
        ):
            assert 3 == refused.code, refused.err
            assert "Traceback" not in refused.err

    def test_an_address_that_does_not_answer_asks_to_try_again(self, laptop, tmp_path):
        for address in ("http://127.0.0.1:1/log/xfl", "https://", "http://[", "http://a b/"):
            assert 75 == laptop("witness", "cosign", address, "--file", tmp_path / "w.json").code

    def test_an_unknown_witness_is_not_found(self, laptop):
        assert 4 == laptop("witness", "request", "nobody").code


class TestTheKeyOfTheLog:
    """Made by init, announced in the log, changed without losing what it signed."""

    def test_is_changed_and_old_heads_stay_verifiable(self, laptop, tmp_path):
        before = log_key(laptop)
        carried(laptop, tmp_path, "--log-key", before)

        changed = laptop("log", "change-key", "--as", "admin")

        assert 0 == changed.code, changed.err
        assert changed.out.strip() == log_key(laptop) != before
        shown = json.loads(laptop("log", "key", "--json").out)
        assert [before] == shown["earlier"]
        assert 0 == laptop("witness", "take", tmp_path / "request.cosigned.txt").code

    def test_that_comes_from_a_setting_is_not_changed(self, laptop, tmp_path):
        laptop.set(LOG_KEY=(tmp_path / "data" / "log-key.json").read_text())

        assert 3 == laptop("log", "change-key", "--as", "admin").code

    def test_that_is_missing_stops_signing(self, laptop, tmp_path):
        (tmp_path / "data" / "log-key.json").unlink()

        refused = laptop("checkpoint")

        assert 3 == refused.code
        assert "log-key.json" in refused.err


class TestARestoredBackup:
    """F16: noticed, then gone on from openly."""

    def test_is_noticed_and_recovered(self, laptop, database, tmp_path):
        kept = (tmp_path / "data" / "last-heads.json").read_text()
        memory = json.loads(kept)
        (head,) = memory.values()
        head["size"] += 10
        (tmp_path / "data" / "last-heads.json").write_text(json.dumps(memory))

        noticed = laptop("checkpoint")
        refused = laptop("witness", "add", "k", "--holder", "某处", "--as", "admin")
        recovered = laptop("log", "recover", "--reason", "磁盘损坏", "--as", "admin")

        assert (6, 3, 0) == (noticed.code, refused.code, recovered.code), recovered.err
        assert "停止记账" in refused.err
        assert 0 == laptop("checkpoint").code
