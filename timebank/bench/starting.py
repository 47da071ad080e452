"""Starting: what the package and its application cost before anybody asks for anything."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from sqlalchemy.engine import Engine

from timebank.bench.measuring import Measured, Spent, children_cpu_seconds, compare
from timebank.bench.visits import make_keys

_SETTINGS: Final = "import os, timebank.app, timebank.config; s = timebank.config.read(os.environ)"
_APPLICATION: Final = f"{_SETTINGS}; timebank.app.create_app(s)"
_FIRST_PAGE: Final = f"{_SETTINGS}; a = timebank.app.create_app(s).test_client().get('/'); assert a.status_code == 200"
_LIBRARIES: Final = (
    f"{_APPLICATION}; import sys, sysconfig\n"
    "p = tuple({sysconfig.get_path(n) for n in ('purelib', 'platlib')})\n"
    "for n, m in list(sys.modules.items()):\n"
    "    f = getattr(m, '__file__', None) or ''\n"
    "    if f.startswith(p) and '/timebank/' not in f and '__main__' not in n:\n"
    "        sys.stdout.write(n + '\\n')\n"
)
"""Tells which modules of other people the application has loaded when it is made."""


class Program:
    """A fresh Python over a town."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        url = engine.url.render_as_string(hide_password=False)
        self._environment = {"TIMEBANK_DATA": str(make_keys(folder)), "TIMEBANK_DATABASE_URL": url, "PATH": ""}

    def run(self, script: str) -> str:
        """Run a script and return what it says."""
        command = [sys.executable, "-c", script]
        found = subprocess.run(command, check=True, capture_output=True, text=True, env=self._environment)
        return found.stdout

    def cpu_beside_libraries(self, *, rounds: int) -> Measured:
        """Make the application beside importing the very modules of other people that it loads."""
        loaded = [name for name in self.run(_LIBRARIES).splitlines() if name.isascii()]
        importing = f"import importlib\nfor n in {loaded!r}: importlib.import_module(n)"
        return compare(
            lambda _: self._once(_APPLICATION),
            lambda _: self._once(importing),
            rounds=rounds,
            seconds=0,
            read=lambda spent: spent.cpu_ms_each,
        )

    def first_page_seconds(self, *, rounds: int) -> Measured:
        """From nothing to the first page."""
        self._once(_FIRST_PAGE)
        return Measured(tuple(self._once(_FIRST_PAGE).seconds for _ in range(rounds)), ())

    def _once(self, script: str) -> Spent:
        began, cpu_before = time.perf_counter(), children_cpu_seconds()
        self.run(script)
        return Spent(1, time.perf_counter() - began, children_cpu_seconds() - cpu_before)
