"""Run every mutant of a room against its tests: `python -m tests.mutation ledger 2` (room, processes).

A mutant that fails a test is killed; one that passes them all survived and is told, unless `equivalent` has the reason.
Each runs in a child of its own, forked from a process that has loaded everything but the program, on a database
template that was made once.
"""

import importlib.abc
import importlib.util
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import alembic.command
import alembic.config
import flask_sqlalchemy
import hypothesis.stateful
import playwright.sync_api
import psycopg
import pytest
import sqlalchemy.dialects.postgresql
import sqlalchemy.orm

from tests.meta.sources import ROOT
from tests.mutation.equivalent import reason_for
from tests.mutation.loaded import Loaded
from tests.mutation.mutants import Mutant, mutants

ROOMS = {
    "ledger": (
        "timebank/ledger",
        ("tests/ledger", "tests/evidence/test_bad_input.py", "tests/evidence/test_bundle.py"),
    ),
    "books": ("timebank/books", ("tests/books", "tests/audit", "tests/evidence")),
    "service": ("timebank/service/rules", ("tests/service",)),
    "market": ("timebank/market/rules", ("tests/market",)),
    "rulebook": ("timebank/rulebook/rules", ("tests/rulebook", "tests/service")),
    "stars": ("timebank/stars/rules", ("tests/stars",)),
    "people": ("timebank/people/rules.py", ("tests/people",)),
    "imports": ("timebank/imports/rules.py", ("tests/imports",)),
    "timetable": ("timebank/timetable/rules.py", ("tests/timetable",)),
    "pool": ("timebank/pool/rules.py", ("tests/pool",)),
    "tokens": ("timebank/tokens/rules.py", ("tests/tokens",)),
    "webhooks": ("timebank/webhooks/rules.py", ("tests/webhooks",)),
    "certificates": ("timebank/certificates/rules.py", ("tests/certificates",)),
}
"""What is changed, and the tests that should notice, by room."""

DECLARED = frozenset({"tables.py", "__init__.py"})
"""Tables are compared with the migrations, column by column and guard by guard."""

LIMIT_SECONDS = 60
OPTIONS = ("-x", "-q", "-s", "-p", "no:cacheprovider", "-k", "not postgresql and not kill and not rounds")
LOADED = (
    alembic.command,
    alembic.config,
    flask_sqlalchemy,
    hypothesis.stateful,
    playwright.sync_api,
    psycopg,
    sqlalchemy.dialects.postgresql,
    sqlalchemy.orm,
)
"""What a child need not load for itself; none of it loads the program."""


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the mutant's text for one module."""

    def __init__(self, name: str, path: Path, text: str) -> None:
        self.name, self.path, self.text = name, path, text

    def find_spec(self, fullname: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        """Answer for the one module that is changed."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed text in place of the file's."""
        exec(compile(self.text, str(self.path), "exec"), module.__dict__)


class Template:
    """Gives every run the SQLite database that was made before all of them."""

    def __init__(self, url: str) -> None:
        self.url = url

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        """Say that the template is there already."""
        (Path(os.environ["TEST_RUN_FOLDER"]) / "sqlite-template.answer").write_text(self.url, encoding="utf-8")


def tests_of(file: Path, room: str, near: list[str]) -> list[list[str]]:
    """Return the tests in the order in which they are run: those named as the file, those that come near it, all."""
    tests = ROOMS[room][1]
    named = sorted(str(path.relative_to(ROOT)) for path in (ROOT / tests[0]).rglob(f"test_{file.stem}.py"))
    return [part for part in (named, [path for path in near if path not in named], [*tests]) if part]


def survivors(
    file: Path, found: Sequence[Mutant], tests: list[list[str]], template: str, processes: int
) -> list[Mutant]:
    """Run the tests over each mutant in a child of its own; return those that passed all of them."""
    running: dict[int, Mutant] = {}
    left, survived = list(reversed(found)), []
    while left or running:
        while left and len(running) < processes:
            mutant = left.pop()
            child = os.fork()
            if child == 0:
                os._exit(_run(file, mutant, tests, template))
            running[child] = mutant
        child, status = os.wait()
        mutant = running.pop(child)
        if status == 0:
            survived.append(mutant)
    return sorted(survived, key=lambda mutant: mutant.line)


def _run(file: Path, mutant: Mutant, tests: list[list[str]], template: str) -> int:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS))
    signal.alarm(5 * LIMIT_SECONDS)
    nowhere = os.open(os.environ.get("MUTATION_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    _without_search_for_examples()
    name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    sys.meta_path.insert(0, Changed(name, file, mutant.text))
    return next((1 for part in tests if pytest.main([*OPTIONS, *part], plugins=[Template(template)])), 0)


def tried(room: str, found: dict[Path, list[Mutant]], template: str) -> list[dict[str, Any]]:
    """Try the mutants of functions in a child that has loaded all; return what it says of each file."""
    answer = Path(os.environ["TMPDIR"]) / "tried.jsonl"
    child = os.fork()
    if child == 0:
        loaded = Loaded(found, template)
        loaded.begin()
        _without_search_for_examples()
        os._exit(int(pytest.main([*OPTIONS, *ROOMS[room][1]], plugins=[Template(template), loaded])))
    status = os.waitpid(child, 0)[1]
    assert status == 0, "the tests could not be run; without any change they must pass"
    return [json.loads(line) for line in answer.read_text(encoding="utf-8").splitlines()]


def _without_search_for_examples() -> None:
    """Whether a mutant fails is wanted here, not the smallest example of how."""
    hypothesis.settings.register_profile(
        "mutation",
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutation")


def files_of(room: str) -> list[Path]:
    """Return the files of a room that are changed."""
    place = ROOT / ROOMS[room][0]
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return [file for file in files if file.name not in DECLARED or "rules" in file.parts]


def made_template(folder: Path) -> str:
    """Make the migrated SQLite database in a child, so that this process never loads the program."""
    url = f"sqlite:///{folder / 'template.db'}"
    script = f"from timebank.schema import upgrade; upgrade({url!r})"
    status = os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", script])
    assert status == 0, "the template could not be made"
    return url


def main(room: str, processes: str = "1", only: str = "") -> None:
    """Run all mutants of a room and tell which of them survive."""
    folder = Path(tempfile.mkdtemp(prefix="timebank-mutation-", dir="/dev/shm"))
    os.environ["TMPDIR"] = str(folder)
    # What other test tools add to pytest costs every child more than most tests do.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    template = made_template(folder)
    found = {file: list(mutants(file.read_text(encoding="utf-8"))) for file in files_of(room) if only in str(file)}
    killed = explained = total = 0
    for answer in tried(room, found, template):
        file = Path(answer["file"])
        text = file.read_text(encoding="utf-8")
        slow = [found[file][number] for number in answer["slow"]]
        alive = [found[file][number] for number in answer["survived"]]
        if slow:
            tests = tests_of(file, room, answer["near"])
            assert survivors(file, [Mutant(0, "", "", text)], tests, template, 1), (
                f"the tests fail without a change: {file}"
            )
            alive += survivors(file, slow, tests, template, int(processes))
        unexplained = [mutant for mutant in alive if _reason(file, mutant, text) is None]
        _tell(file, found[file], alive, sorted(unexplained, key=lambda mutant: mutant.line))
        killed, total = killed + len(found[file]) - len(alive), total + len(found[file])
        explained += len(alive) - len(unexplained)
    shutil.rmtree(folder)
    sys.stdout.write(f"{room}: {killed} of {total} killed, {explained} explained\n")


def _reason(file: Path, mutant: Mutant, text: str) -> str | None:
    line = text.splitlines()[mutant.line - 1]
    return reason_for(file.relative_to(ROOT).as_posix(), line, mutant.was, mutant.now)


def _tell(file: Path, found: Sequence[Mutant], alive: Sequence[Mutant], unexplained: Sequence[Mutant]) -> None:
    path = file.relative_to(ROOT)
    lines = [f"{path}:{mutant.line}: {mutant.was} -> {mutant.now}" for mutant in unexplained]
    killed, explained = len(found) - len(alive), len(alive) - len(unexplained)
    sys.stdout.write("\n".join([*lines, f"{path}: {killed} of {len(found)} killed, {explained} explained", ""]))
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
