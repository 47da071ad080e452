"""The commands of the README do what it says, one after the other, in an empty folder."""

import re
import shlex
from typing import Final

import pytest

from tests.cli.commands import at_a_desk
from tests.cli.offices import done
from tests.fixtures.databases import Database
from tests.journeys.conftest import sample_files
from tests.meta.sources import ROOT
from timebank.database import new_engine

JOURNEY: Final = re.search(r"in an empty folder:\n\n((?: {4}.+\n)+)", (ROOT / "README.md").read_text(encoding="utf-8"))
NOT_RUN: Final = "timebank serve"
"""It does not end by itself; the pages have tests of their own."""


@pytest.mark.usefixtures("facts")
class TestTheReadme:
    """style.md, tests about the code: a newcomer can do it from the README alone."""

    def test_its_commands_run(self, empty_database, tmp_path, monkeypatch):
        assert JOURNEY is not None
        commands = [line.strip() for line in JOURNEY.group(1).splitlines() if line.strip() != NOT_RUN]
        sample_files(tmp_path)
        engine = new_engine(empty_database)
        desk = at_a_desk(Database(empty_database, engine), tmp_path, monkeypatch)

        said = {command: done(desk(*shlex.split(command)[1:])) for command in commands}
        engine.dispose()

        assert "timebank passbook V0005" in said
        assert "账平" in said["timebank verify --as zhou"].err
