"""Mutants tried in a process that has loaded the program and its tests once: each in a child that changes one function.

First the tests run unchanged and it is written down which of them come through which function. A mutant then meets
only those, the likeliest first: the test that killed the last one, those that run its line, the quick ones. A function
that already ran while the program was loaded may have left something behind; its mutants are tried the slow way.
"""

import contextlib
import gc
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest

from tests.mutation.mutants import Mutant, unchanged
from tests.mutation.swapping import Functions, change_of, loaded_functions

SECONDS_MAX = 60
Site = tuple[str, str, int]
"""A function: file, name, first line."""


@dataclass
class Seen:
    """What one test came through, and how long it took."""

    seconds: float = 0.0
    sites: set[Site] = field(default_factory=set)
    lines: set[tuple[str, int]] = field(default_factory=set)

    def in_file(self, file: Path) -> bool:
        """Tell whether the test came through any function of the file."""
        return any(path == str(file) for path, _name, _line in self.sites)

    def came_through(self, file: str, name: str, first: int) -> bool:
        """Tell whether the test came through this function, or through one that it made."""
        return (file, name, first) in self.sites or any(
            path == file and inner.startswith(f"{name}.<locals>") for path, inner, _line in self.sites
        )


class Watch:
    """Writes down which functions and lines of some files are run."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._paths = {str(file) for file in files}
        self.seen = Seen()

    def begin(self) -> None:
        """Watch from now on, also in threads that begin later."""
        threading.settrace(self._called)
        sys.settrace(self._called)

    def end(self) -> None:
        """Watch no longer."""
        sys.settrace(None)
        threading.settrace(None)

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code.co_filename not in self._paths:
            return None
        self.seen.sites.add((code.co_filename, code.co_qualname, code.co_firstlineno))
        return self._ran

    def _ran(self, frame: FrameType, event: str, argument: Any) -> Any:
        self.seen.lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._ran


class Loaded:
    """A plugin of pytest that tries mutants instead of running the tests once."""

    def __init__(self, found: dict[Path, list[Mutant]], template: str) -> None:
        self._found, self._template = found, template
        self._folder = Path(os.environ["TMPDIR"])
        self._watch = Watch(found)
        self._items: list[pytest.Item] = []
        self._seen: list[Seen] = []
        self._failed = False
        self._killer = -1

    def begin(self) -> None:
        """Watch what runs while the program is loaded."""
        self._watch.begin()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notice a failure."""
        self._failed = self._failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant of every file; the answers go to the process that asked."""
        self._watch.end()
        early = {site[:2] for site in self._watch.seen.sites}
        self._items = session.items
        self._seen = self._unchanged()
        functions = loaded_functions(list(self._found))
        gc.freeze()
        for file, found in self._found.items():
            answer = self._tried(file, found, {key: kept for key, kept in functions.items() if key not in early})
            with (self._folder / "tried.jsonl").open("a", encoding="utf-8") as answers:
                answers.write(json.dumps(answer) + "\n")
        return True

    def _unchanged(self) -> list[Seen]:
        """Run every test in a child without any change; return what each came through."""
        answer = self._folder / "unchanged.json"
        _in_a_child(lambda: self._watched(answer))
        told = json.loads(answer.read_text(encoding="utf-8"))
        assert not told["failed"], f"these fail without any change: {told['failed']}"
        return [
            Seen(seconds, {(path, name, line) for path, name, line in sites}, {(path, line) for path, line in lines})
            for seconds, sites, lines in told["seen"]
        ]

    def _watched(self, answer: Path) -> int:
        _settle(self._template, answer.parent / "unchanged")
        seen, failed = [], []
        for number, item in enumerate(self._items):
            self._watch.seen = one = Seen()
            begun = time.monotonic()
            self._watch.begin()
            failed += [] if self._passes(number, self._items[number + 1 : number + 2]) else [item.nodeid]
            self._watch.end()
            seen.append((time.monotonic() - begun, sorted(one.sites), sorted(one.lines)))
        answer.write_text(json.dumps({"failed": failed, "seen": seen}), encoding="utf-8")
        return 0

    def _tried(self, file: Path, found: list[Mutant], functions: Functions) -> dict[str, object]:
        """Try the mutants of one file; name those that survived, and those that must be tried the slow way."""
        before = _compiled(file, unchanged(file.read_text(encoding="utf-8")))
        slow, survived = [], []
        for number, mutant in enumerate(found):
            change = change_of(before, _compiled(file, mutant.text))
            living = functions.get((str(file), change.name), []) if change else []
            if change is None or change.place >= len(living):
                slow.append(number)
            elif self._survives(file, mutant, living[change.place], change.code):
                survived.append(number)
        near = {
            item.nodeid.split("::")[0] for item, seen in zip(self._items, self._seen, strict=True) if seen.in_file(file)
        }
        return {"file": str(file), "slow": slow, "survived": survived, "near": sorted(near)}

    def _survives(self, file: Path, mutant: Mutant, function: FunctionType, changed: CodeType) -> bool:
        code = function.__code__
        through = [
            number
            for number, seen in enumerate(self._seen)
            if seen.came_through(str(file), code.co_qualname, code.co_firstlineno)
        ]
        line = (str(file), mutant.line)
        through.sort(key=lambda n: (n != self._killer, line not in self._seen[n].lines, self._seen[n].seconds))
        place = self._folder / "child"
        status = _in_a_child(lambda: self._first_failing(through, function, changed, place))
        told = place / "killer"
        if told.exists():
            self._killer = int(told.read_text(encoding="ascii"))
        shutil.rmtree(place, ignore_errors=True)
        return status == 0

    def _first_failing(self, through: list[int], function: FunctionType, changed: CodeType, place: Path) -> int:
        """Run the tests with the changed function; 1 at the first that fails."""
        _settle(self._template, place)
        resource.setrlimit(resource.RLIMIT_CPU, (5 * SECONDS_MAX, 5 * SECONDS_MAX))
        function.__code__ = changed
        for place_in_line, number in enumerate(through):
            signal.alarm(SECONDS_MAX + int(10 * self._seen[number].seconds))
            following = [self._items[later] for later in through[place_in_line + 1 : place_in_line + 2]]
            if not self._passes(number, following):
                (place / "killer").write_text(str(number), encoding="ascii")
                return 1
        return 0

    def _passes(self, number: int, following: list[pytest.Item]) -> bool:
        """Run one test; what the next one needs too is kept."""
        self._failed = False
        item = self._items[number]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=next(iter(following), None))
        return not self._failed


def _compiled(file: Path, text: str) -> CodeType:
    return compile(text, str(file), "exec", dont_inherit=True)


def _settle(template: str, place: Path) -> None:
    """Give a child its own folders; what it writes to the terminal goes nowhere."""
    os.setsid()
    place.mkdir()
    nowhere = os.open(os.environ.get("MUTATION_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.environ["TEST_RUN_FOLDER"] = os.environ["TMPDIR"] = str(place)
    tempfile.tempdir = None
    (place / "sqlite-template.answer").write_text(template, encoding="utf-8")


def _in_a_child(work: Callable[[], int]) -> int:
    """Run this in a child that ends with its answer; an error on the way is a failure too. Nothing it began stays."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = work()
        finally:
            os._exit(status)
    status = os.waitpid(child, 0)[1]
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return status
