"""What the journeys may ask for: the main job, done once per worker and kind of database."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.commands import at_a_desk
from tests.fixtures.databases import Database
from tests.imports.builders import (
    GOODS,
    HOURS,
    OPENING,
    REGISTER,
    TOWEL,
    a_balance,
    a_lot,
    a_person,
    a_service,
)
from tests.imports.files import SAMPLES, a_csv
from tests.journeys.main_job import Files, Job, do_the_main_job
from timebank.database import new_engine

SMALL = "small"
WHOLE = "whole"


@pytest.fixture(scope="session")
def all_jobs():
    """The communities after the main job, by files and kind of database."""
    found: dict[tuple[str, str], Job] = {}
    yield found
    for job in found.values():
        job.engine.dispose()


@pytest.fixture
def small_job(database_kind, database_server, all_jobs, tmp_path_factory):
    """Two people, a few rows of each kind, built by this test."""
    if (SMALL, database_kind) not in all_jobs:
        folder = tmp_path_factory.mktemp(f"small-{database_kind}")
        all_jobs[SMALL, database_kind] = _job(database_server, folder, small_files(folder))
    return all_jobs[SMALL, database_kind]


@pytest.fixture
def facts():
    """What a right import of the whole community's files must report."""
    if not SAMPLES.is_dir():
        pytest.skip(f"SAMPLE FILES NOT TESTED: there is no {SAMPLES}; the small files prove the same")
    return json.loads((SAMPLES / "facts.json").read_text(encoding="utf-8"))


@pytest.fixture
def whole_job(facts, database_kind, database_server, all_jobs, tmp_path_factory):
    """A whole community's files, where they lie beside the project."""
    if (WHOLE, database_kind) not in all_jobs:
        folder = tmp_path_factory.mktemp(f"whole-{database_kind}")
        all_jobs[WHOLE, database_kind] = _job(database_server, folder, sample_files(folder))
    return all_jobs[WHOLE, database_kind]


def _job(server, folder, files):
    url = server.migrated()
    engine = new_engine(url)
    with pytest.MonkeyPatch.context() as patch:
        answers = do_the_main_job(at_a_desk(Database(url, engine), folder, patch), files)
    return Job(url, engine, folder, files, answers)


def sample_files(folder):
    """Copy the sample files, for a file to mend is written beside its input."""
    names = ("volunteers.xlsx", "opening-balances.csv", "hours.csv", "hours-dirty.csv", "goods.xlsx")
    return Files(*(Path(shutil.copy(SAMPLES / name, folder / name)) for name in names))


def small_files(folder):
    """Write a few rows of each kind."""
    tables = {
        "volunteers.csv": (REGISTER, a_person("V0001", "石静"), a_person("V0002", "孟桂兰", building="2号楼")),
        "opening.csv": (OPENING, a_balance(), ("合计", "", "600", "57.5", "")),
        "hours.csv": (HOURS, a_service(), a_service("V0002", ends="2026-10-10 10:30")),
        "dirty.csv": (HOURS, a_service(), a_service("V9999"), a_service("V0002", "2026-02-30 09:00")),
        "goods.csv": (GOODS, a_lot(limit="2"), a_lot(TOWEL, "毛巾", "5", "53", donor="物业公司")),
    }
    for name, (headings, *rows) in tables.items():
        (folder / name).write_bytes(a_csv(headings, *rows))
    return Files(*(folder / name for name in ("volunteers.csv", "opening.csv", "hours.csv", "dirty.csv", "goods.csv")))
