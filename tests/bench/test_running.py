"""The benchmark measures what it says, on both databases, and believes no figure of books that break a promise."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.cli.commands import Desk
from timebank.bench import promises
from timebank.bench.judging import proof_ms
from timebank.bench.looking import QUESTIONS, reading_of
from timebank.bench.places import Files, Server, opened
from timebank.bench.promises import PromiseBroken
from timebank.bench.reporting import Line
from timebank.bench.running import COMMUNITY, FOUNDED, Bench, Pace, baskets, run
from timebank.bench.tills import hand, till
from timebank.bench.town import Size, found, town_of

TINY = Size(volunteers=4, records=2)
INSTANT = Pace(
    seconds=0.01, ordinary=Size(volunteers=60, records=2), shelf=TINY, large=Size(volunteers=31, records=2), quick=True
)


@pytest.fixture
def place(database_kind, database_server, tmp_path):
    """Where databases of this kind are made for the benchmark; nothing of it stays."""
    if database_kind == "sqlite":
        yield Files(tmp_path, kept=tmp_path / "kept")
        return
    url = database_server.empty()
    server = Server(url, prefix=f"tb_bench_{uuid4().hex[:8]}")
    yield server
    server.forget()
    database_server.drop(url)


def _tiny(engine):
    found(engine, COMMUNITY, TINY, FOUNDED)


class TestTown:
    """performance.md section 3: what is measured was made by the operations that communities use."""

    def test_redeems_by_the_service_and_by_hand_the_same_rows(self, place):
        with opened(place, "tiny", _tiny) as engine:
            town = town_of(engine, COMMUNITY)
            by_hand = hand(engine, town, "hand")
            before = _row_counts(engine)

            till(engine, town, "till", first=1)()
            between = _row_counts(engine)
            by_hand.redeem()
            after = _row_counts(engine)
            by_hand.close()

        by_service = {name: between[name] - before[name] for name in before}
        assert by_service == {name: after[name] - between[name] for name in before}
        assert 1 == by_service["redemption"]
        assert 4 == by_service["line"]


def _row_counts(engine):
    with engine.connect() as connection:
        return {name: _count(connection, name) for name in sa.inspect(connection).get_table_names()}


def _count(connection, name):
    return connection.scalar(sa.text(f'SELECT count(*) FROM "{name}"'))


class TestPromises:
    """performance.md section 2: a figure counts only if the books hold what they promise at the same time."""

    def test_hold_on_a_town_that_was_redeemed_from(self, place):
        with opened(place, "tiny", _tiny) as engine:
            town = town_of(engine, COMMUNITY)
            till(engine, town, "till")()

            promises.check_sound(engine, COMMUNITY)
            promises.check_kept(engine, town)

    def test_are_broken_by_rows_written_by_hand(self, place):
        with opened(place, "tiny", _tiny) as engine:
            by_hand = hand(engine, town_of(engine, COMMUNITY), "hand")
            by_hand.redeem()
            by_hand.close()

            with pytest.raises(PromiseBroken):
                promises.check_sound(engine, COMMUNITY)


class TestARun:
    """One command measures what can be measured here, and says of the rest why not."""

    def test_measures_what_is_wanted_and_says_what_was_left_out(self, tmp_path):
        bench = Bench(Files(tmp_path, kept=tmp_path / "kept"), tmp_path, INSTANT)
        told: list[Line] = []

        lines = run([bench], tell=told.append, only={"8", "14", "5", "7"})

        assert ["8", "5", "14", "7"] == [line.number for line in lines if line.number in {"8", "14", "5", "7"}]
        assert {"8", "11", "13", "14"} == {line.number for line in lines if line.measured is not None}
        assert {"needs --database-url"} == {line.note for line in lines if line.number == "5"}
        assert lines == told

    def test_times_baskets_at_several_tills_at_once(self, place, tmp_path):
        bench = Bench(place, tmp_path, replace(INSTANT, quick=False, confirming=TINY, tills=(1, 2)))
        measured = [line.measured for line in baskets(bench)]

        assert 4 == len(measured)
        for middle, worst in ((measured[0], measured[1]), (measured[2], measured[3])):
            assert middle is not None
            assert worst is not None
            assert all(0 < one <= other for one, other in zip(middle.subject, worst.subject, strict=True))

    def test_reads_large_books_beside_small_ones(self, place, tmp_path):
        with opened(place, "tiny", _tiny) as large, opened(place, "tiny", _tiny) as small:
            books = [(engine, town_of(engine, COMMUNITY)) for engine in (large, small)]
            for what in QUESTIONS:
                assert 5 == len(reading_of(what, *books, rounds=5, seconds=0).ratios)
            assert proof_ms(*books[0], rounds=1, seconds=0).median > 0


class TestTheCommand:
    """`timebank bench`: a table on the screen, a line of JSON for each figure in a file."""

    def test_writes_a_table_and_a_line_for_each_figure_and_leaves_nothing_else(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)

        said = Desk(monkeypatch)("bench", "--quick", "--only", "7", "--lines", "first.jsonl")

        assert 0 == said.code
        assert "| 7 | redeem with leaf and tree |" in said.out
        assert ["7"] == [json.loads(line)["target"] for line in Path("first.jsonl").read_text().splitlines()]
        assert ["first.jsonl"] == [path.name for path in tmp_path.iterdir()]

    def test_knows_no_other_targets(self, monkeypatch):
        assert 2 == Desk(monkeypatch)("bench", "--only", "99").code

    def test_a_quick_run_takes_no_server(self, monkeypatch):
        assert 2 == Desk(monkeypatch)("bench", "--quick", "--database-url", "postgresql:///x").code
