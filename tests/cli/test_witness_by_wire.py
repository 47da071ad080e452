"""A witness in another house: the running service, a laptop, and the wire between them."""

import json

import pytest

from tests.fixtures.servers import running

NAME = "jiedao.example/w1"


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestAWitnessByWire:
    """C2SP tlog-witness over HTTP: fetch head and proof, cosign, hand back."""

    def test_sees_the_log_grow_and_says_so_to_the_community(self, installation):
        assert 0 == installation.timebank("init", "--community", "幸福里社区", "--code", "xfl").returncode
        made = installation.timebank("witness", "init", "--name", NAME)
        added = installation.timebank("witness", "add", made.stdout.strip(), "--holder", "街道办事处", "--as", "admin")
        assert 0 == added.returncode, added.stderr
        key = installation.timebank("log", "key").stdout.strip()

        with running(installation) as server:
            address = f"{server.url}/log/xfl"
            installation.timebank("checkpoint")
            first = installation.timebank("witness", "cosign", address, "--log-key", key)
            installation.timebank("staff", "add", "li", "--name", "李建国", "--role", "coordinator", "--as", "admin")
            second = installation.timebank("witness", "add", *_another(installation), "--as", "admin")
            installation.timebank("checkpoint")
            again = installation.timebank("witness", "cosign", address)

        assert (0, 0, 0) == (first.returncode, second.returncode, again.returncode), first.stderr + again.stderr
        shown = json.loads(installation.timebank("checkpoint", "--json").stdout)
        assert shown["size"] == next(one["last_size"] for one in shown["witnesses"] if one["name"] == NAME)

    def test_is_told_in_words_why_nothing_was_taken(self, installation):
        assert 0 == installation.timebank("init", "--community", "幸福里社区", "--code", "xfl").returncode
        key = installation.timebank("log", "key").stdout.strip()
        made = installation.timebank("witness", "init", "--name", NAME)

        with running(installation) as server:
            address = f"{server.url}/log/xfl"
            installation.timebank("checkpoint")
            elsewhere = installation.timebank("witness", "cosign", f"{server.url}/log/other")
            stranger = installation.timebank("witness", "cosign", address, "--log-key", key)
            installation.timebank("witness", "add", made.stdout.strip(), "--holder", "街道办事处", "--as", "admin")
            known = installation.timebank("witness", "cosign", address)
            english = installation.timebank("--lang", "en", "witness", "cosign", f"{server.url}/log/other")

        assert (3, 3, 0) == (elsewhere.returncode, stranger.returncode, known.returncode), known.stderr
        assert "other" in elsewhere.stderr
        assert "没有收下。请先登记见证人" in stranger.stderr
        assert "community" in english.stderr


def _another(installation):
    made = installation.timebank("witness", "init", "--name", "shequ.example/w2", "--file", "other.json")
    return made.stdout.strip(), "--holder", "居民代表"
