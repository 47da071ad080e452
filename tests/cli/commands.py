"""Running commands of `timebank` as a person does: words in, exit code, data and talk out."""

import contextvars
import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fixtures.databases import Database
from timebank.cli import main


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said: data on `out`, talk on `err`."""

    code: int
    out: str
    err: str


class Desk:
    """A terminal in one data folder over one database."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def set(self, **settings: str) -> None:
        """Set settings of the environment, without their prefix."""
        for name, value in settings.items():
            self._monkeypatch.setenv(f"TIMEBANK_{name}", value)

    def __call__(self, *words: object) -> Said:
        """Run a command; the language that it chooses ends with it."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            contextvars.copy_context().run(main, [str(word) for word in words])
        return Said(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def at_a_desk(database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Sit down at a terminal in a folder, over the database of a test."""
    desk = Desk(monkeypatch)
    desk.set(DATA=str(folder / "data"), DATABASE_URL=database.url)
    monkeypatch.chdir(folder)
    # The command sets a hook for what goes wrong in the program; it is put back with everything else.
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    return desk
