"""Turns: writers of one SQLite file come in their order; who dies or gives up stands in nobody's way."""

import multiprocessing
import sys
import threading
import time
from itertools import pairwise

import pytest

from timebank.turns import TooLong, turn

PATIENCE_SECONDS = 60
BRIEF_SECONDS = 0.05
TILLS, TURNS = 4, 60
PASSED_OVER_MAX = 40
"""A till that waits is passed over by each of the others now and then, and where all sleep and look, all the time."""
WRITING_SECONDS = 0.002

processes = multiprocessing.get_context("fork")


@pytest.fixture
def path(tmp_path):
    """Where a database would lie."""
    return str(tmp_path / "books.db")


def write_often(path, place, start, written):
    """Take one turn after the other, each as long as a commit, with the pause that the next request takes to come."""
    start.wait(PATIENCE_SECONDS)
    for _ in range(TURNS):
        with turn(path, patience_seconds=PATIENCE_SECONDS), written.get_lock():
            written[written[-1]] = place
            written[-1] += 1
            time.sleep(WRITING_SECONDS)
        time.sleep(WRITING_SECONDS / 10)


def keep_it(path, wire):
    """Keep the turn until somebody says otherwise."""
    with turn(path, patience_seconds=PATIENCE_SECONDS):
        wire.send("mine")
        wire.recv()


@pytest.fixture
def keeper(path):
    """Another process that has the turn, and the wire to it."""
    ours, theirs = processes.Pipe()
    process = processes.Process(target=keep_it, args=(path, theirs), daemon=True)
    process.start()
    assert "mine" == ours.recv()
    yield process, ours
    process.kill()
    process.join()


class TestTurns:
    """trust.md C3 and C10: a bounded wait, and nobody waits while others come twice."""

    def test_no_till_is_passed_over(self, path):
        start, written = processes.Barrier(TILLS), processes.Array("i", TILLS * TURNS + 1)
        crew = [processes.Process(target=write_often, args=(path, place, start, written)) for place in range(TILLS)]
        for process in crew:
            process.start()
        for process in crew:
            process.join()

        order = written[:-1]
        for place in range(TILLS):
            mine = [moment for moment, who in enumerate(order) if who == place]
            assert TURNS == len(mine)
            assert PASSED_OVER_MAX > max(later - earlier for earlier, later in pairwise(mine)), order

    def test_who_waits_too_long_is_told_so(self, path, keeper):
        with pytest.raises(TooLong), turn(path, patience_seconds=BRIEF_SECONDS):
            pytest.fail("two have the turn")

    def test_who_gave_up_does_not_keep_the_turn_from_others(self, path, keeper):
        process, wire = keeper
        with pytest.raises(TooLong), turn(path, patience_seconds=BRIEF_SECONDS):
            pytest.fail("two have the turn")

        wire.send("let go")
        process.join(PATIENCE_SECONDS)

        with turn(path, patience_seconds=PATIENCE_SECONDS):
            assert not process.is_alive()

    def test_who_is_killed_lets_go(self, path, keeper):
        process, _wire = keeper
        killing = threading.Timer(BRIEF_SECONDS, process.kill)
        killing.start()

        with turn(path, patience_seconds=PATIENCE_SECONDS):
            process.join(PATIENCE_SECONDS)

        assert not process.is_alive()

    def test_a_thread_waits_for_another_one_of_its_process(self, path):
        told = []

        def try_it():
            try:
                with turn(path, patience_seconds=BRIEF_SECONDS):
                    told.append("in")
            except TooLong:
                told.append("too long")

        with turn(path, patience_seconds=PATIENCE_SECONDS):
            other = threading.Thread(target=try_it)
            other.start()
            other.join()
        try_it()

        assert ["too long", "in"] == told


class TestWithoutAQueue:
    """Only SQLite's own lock keeps the books right: where there is no queue, nobody is turned away."""

    def test_where_its_file_cannot_be_opened(self, tmp_path):
        with turn(str(tmp_path / "nowhere" / "books.db"), patience_seconds=BRIEF_SECONDS):
            assert not (tmp_path / "nowhere").exists()

    def test_where_the_system_has_no_such_locks(self, path, keeper, monkeypatch):
        process, _wire = keeper
        monkeypatch.setitem(sys.modules, "fcntl", None)

        with turn(path, patience_seconds=BRIEF_SECONDS):
            assert process.is_alive()
