"""Turns: the writers of one SQLite file go to its lock one after the other, in the order in which they came.

SQLite's lock has no queue. Who finds it taken sleeps and looks again, after longer and longer sleeps, so that whoever
has just written and comes back is first again while another waits for seconds. Here the threads of a process wait at a
lock of Python, and one of each process at a lock of the system (`flock`), whose kernel wakes them in their order.

Nothing rests on this order but the length of the wait: only SQLite's own lock keeps the books right. So where there is
no `flock`, or its file cannot be opened, nobody is turned away. The kernel lets go for a process that dies.
"""

import importlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Final

BESIDE: Final = "-turn"
"""How the name of the file beside the database ends; it stays empty."""

_OWN: Final[dict[str, threading.Lock]] = {}
"""One for each database: which thread of this process has its turn or waits for it among the processes."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_OWN.clear)


class TooLong(Exception):
    """The turn did not come in time."""


@contextmanager
def turn(database: str, *, patience_seconds: float) -> Iterator[None]:
    """Wait for one's turn to write, and keep it for the length of the block.

    Args:
        database: path of the SQLite file.
        patience_seconds: how long to wait, for the own process and for the others together.

    Raises:
        TooLong: others have kept it for that long.
    """
    deadline = time.monotonic() + patience_seconds
    own = _OWN.setdefault(database, threading.Lock())
    if not own.acquire(timeout=patience_seconds):
        raise TooLong()
    try:
        with _among_processes(database, deadline):
            yield
    finally:
        own.release()


@contextmanager
def _among_processes(database: str, deadline: float) -> Iterator[None]:
    locks, file = _flock(), _find_file(f"{database}{BESIDE}")
    if locks is None or file is None:
        yield
        return
    if not _Waiting(locks, file).until(deadline):
        raise TooLong()
    try:
        yield
    finally:
        locks.flock(file, locks.LOCK_UN)  # before closing: a child born meanwhile holds the file too
        os.close(file)


class _Waiting:
    """One wait at the lock of the system, which knows no deadline: a thread waits there, and is left behind if need be.

    A wait that was given up lets the lock go as soon as it gets it: it closes the file.
    """

    def __init__(self, locks: ModuleType, file: int) -> None:
        self._locks = locks
        self._file = file
        self._guard = threading.Lock()
        self._has_it = False
        self._given_up = False

    def until(self, deadline: float) -> bool:
        """Tell whether the lock was had in time."""
        try:
            self._locks.flock(self._file, self._locks.LOCK_EX | self._locks.LOCK_NB)
        except BlockingIOError:
            return self._in_the_queue(deadline)
        except OSError:  # a file system without such locks
            return True
        return True

    def _in_the_queue(self, deadline: float) -> bool:
        waiting = threading.Thread(target=self._wait, name="turn", daemon=True)
        waiting.start()
        waiting.join(max(0, deadline - time.monotonic()))
        with self._guard:
            self._given_up = not self._has_it
            return self._has_it

    def _wait(self) -> None:
        self._locks.flock(self._file, self._locks.LOCK_EX)
        with self._guard:
            self._has_it = not self._given_up
        if self._given_up:
            os.close(self._file)


def _flock() -> ModuleType | None:
    """Windows has none; there the service is one process."""
    try:
        return importlib.import_module("fcntl")
    except ModuleNotFoundError:
        return None


def _find_file(path: str) -> int | None:
    """Open the file for reading, which is enough for its lock, so that the command of another account may wait too."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    except OSError:
        return None
