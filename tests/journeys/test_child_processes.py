"""The command as the operating system runs it: streams, exit codes, time and memory of the largest file."""

import json
import subprocess
import sys
from dataclasses import dataclass, replace

import pytest

from tests.imports.builders import XFL, an_office
from tests.journeys.conftest import sample_files, small_files
from tests.people.builders import VAULT
from timebank.database import writing
from timebank.imports.incoming import read_register
from timebank.imports.operations import submit_volunteers

CPU_SECONDS_MAX = 20.0
MEMORY_BYTES_MAX = 300 * 1024 * 1024


@dataclass(frozen=True)
class Cost:
    """What a command has cost: seconds of processor time, and the most memory that it held."""

    code: int
    cpu_seconds: float
    memory_bytes: int


LAUNCHER = """
import json, os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(pid, 0)
told = [os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]
open("cost.json", "w").write(json.dumps(told))
"""
"""A small process between this one and the command: a child's peak of memory begins with that of whoever starts it."""


def measured(installation, *words):
    """Run a command to its end and measure it; how busy the machine is otherwise makes no difference."""
    subprocess.run(
        [sys.executable, "-c", LAUNCHER, *installation.program, *words],
        cwd=installation.folder,
        env=installation.environment,
        capture_output=True,
        check=True,
    )
    return Cost(*json.loads((installation.folder / "cost.json").read_text()))


@pytest.fixture
def office(database):
    """The database of the installation, with a community and its staff; made here, for each command costs a second."""
    with writing(database.engine) as session:
        return replace(an_office(session), session=None)


class TestStreams:
    """experience.md 4.3: data on stdout, talk on stderr, one document with --json, an exit code."""

    def test_data_and_talk_are_kept_apart(self, office, installation):
        files = small_files(installation.folder)

        imported = installation.timebank("import", "volunteers", str(files.volunteers), "--as", "chen", "--json")
        refused = installation.timebank("import", "hours", str(files.dirty), "--as", "chen", "--json")

        assert (0, "B0001") == (imported.returncode, json.loads(imported.stdout)["batch"])
        assert imported.stderr.startswith("✓ 已登记 2 人")
        assert (3, "file_has_problems") == (refused.returncode, json.loads(refused.stdout)["refused"])
        assert "\r" not in imported.stderr + refused.stderr

    @pytest.mark.parametrize("database_kind", ["sqlite"])
    def test_a_pipe_that_closes_early_is_no_error(self, office, installation):
        piped = subprocess.run(
            f"{' '.join(installation.program)} export journal --format jsonl | head -n 1",
            shell=True,
            cwd=installation.folder,
            env=installation.environment,
            capture_output=True,
            text=True,
            check=False,
        )

        assert 1 == len(piped.stdout.splitlines())
        assert "Traceback" not in piped.stderr

    @pytest.mark.parametrize("database_kind", ["sqlite"])
    def test_in_an_empty_folder_without_any_setting(self, installation):
        here = {name: value for name, value in installation.environment.items() if not name.startswith("TIMEBANK_")}
        folder = installation.folder / "empty"
        folder.mkdir()

        made = subprocess.run(
            [*installation.program, "init", "--community", "幸福里社区", "--code", "xfl"],
            cwd=folder,
            env=here,
            capture_output=True,
            text=True,
            check=False,
        )

        assert 0 == made.returncode, made.stderr
        assert made.stdout.startswith("http://127.0.0.1:8000/first/xfl/")
        assert {"timebank.db", "keys.json"} <= {path.name for path in (folder / "timebank-data").iterdir()}


class TestTheLargestFile:
    """1,677 rows, approved and posted, take less than 20 seconds and 300 MB."""

    def test_three_months_of_sheets(self, facts, office, database, installation):
        files = sample_files(installation.folder)
        register = read_register("a", files.volunteers.read_bytes(), community_id=XFL, vault=VAULT)
        with writing(database.engine) as session:
            submit_volunteers(session, office.act(office.chen), file=register.file)

        imported = measured(installation, "import", "hours", str(files.hours), "--as", "chen")
        confirmed = measured(installation, "batch", "confirm", "B0002", "--as", "li")

        assert (0, 0) == (imported.code, confirmed.code)
        assert CPU_SECONDS_MAX > imported.cpu_seconds + confirmed.cpu_seconds
        assert MEMORY_BYTES_MAX > max(imported.memory_bytes, confirmed.memory_bytes)
