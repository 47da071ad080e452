"""Requests that run at this moment, in whichever process: a retry meanwhile is turned away, and not kept waiting.

Threads of this process share a set. Processes share what their database gives them: PostgreSQL its advisory locks, held
by the transaction itself; SQLite, whose writers are all on one machine, one byte of a file beside it, locked by the
operating system and free again when the process ends.
"""

import hashlib
import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from types import ModuleType
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from timebank.refusal import Refusal

BESIDE: Final = "-running"
"""What the file is called after the database."""
_running: Final[set[str]] = set()
_files: Final[dict[tuple[int, str], int]] = {}
"""The open file by process and path: it is never closed, for that would free what other threads have locked."""
_guard: Final = Lock()


class RequestRunning(Refusal):
    """The same request is being done at this moment; its answer will be there soon."""

    code = "request_running"


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[None]:
    """Do a request while nobody else does the same one, as far as that can be told before the transaction begins.

    Raises:
        RequestRunning
    """
    with _guard:
        if name in _running:
            raise RequestRunning()
        _running.add(name)
    try:
        with _alone_on_this_machine(engine, _number(name)):
            yield
    finally:
        with _guard:
            _running.discard(name)


def check_alone(session: Session, name: str) -> None:
    """Make sure, first of all in a transaction of PostgreSQL, that no other process does the same.

    Raises:
        RequestRunning
    """
    if session.get_bind().dialect.name == "postgresql" and not session.scalar(
        sa.select(sa.func.pg_try_advisory_xact_lock(_number(name)))
    ):
        raise RequestRunning()


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big")


@contextmanager
def _alone_on_this_machine(engine: Engine, number: int) -> Iterator[None]:
    locks = _file_locks()
    if engine.dialect.name != "sqlite" or locks is None:
        yield
        return
    file = _file(f"{engine.url.database}{BESIDE}")
    try:
        locks.lockf(file, locks.LOCK_EX | locks.LOCK_NB, 1, number)
    except OSError as error:
        raise RequestRunning() from error
    try:
        yield
    finally:
        locks.lockf(file, locks.LOCK_UN, 1, number)


def _file_locks() -> ModuleType | None:
    """Windows has none; there the service is one process."""
    try:
        return importlib.import_module("fcntl")
    except ModuleNotFoundError:
        return None


def _file(path: str) -> int:
    with _guard:
        own = (os.getpid(), path)
        if own not in _files:
            _files[own] = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        return _files[own]
