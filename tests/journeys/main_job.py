"""The main job: from an empty database to goods over the counter and verified books, by commands alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from tests.cli.commands import Desk, at_a_desk
from tests.cli.offices import done, told
from tests.fixtures.databases import Database

STAFF = (
    ("chen", "陈敏", "coordinator"),
    ("li", "李建国", "coordinator"),
    ("zhao", "赵敏", "clerk"),
    ("zhou", "周会计", "auditor"),
)


@dataclass(frozen=True)
class Files:
    """The four files of a community, and one sheet with wrong rows."""

    volunteers: Path
    opening: Path
    hours: Path
    dirty: Path
    goods: Path


@dataclass(frozen=True)
class Job:
    """A community after the main job. answers: the document of each step."""

    url: str
    engine: Engine
    folder: Path
    files: Files
    answers: Mapping[str, Any]

    def desk(self, monkeypatch) -> Desk:
        """Sit down at its desk."""
        return at_a_desk(Database(self.url, self.engine), self.folder, monkeypatch)


def do_the_main_job(desk: Desk, files: Files) -> dict[str, Any]:
    """Do everything that a newcomer does, step by step; return the document of each step."""
    answers = {"init": told(done(desk("init", "--community", "幸福里社区", "--code", "xfl", "--json")))}
    for login, name, role in STAFF:
        done(desk("staff", "add", login, "--name", name, "--role", role))
    answers["volunteers"] = _imported(desk, "volunteers", files.volunteers)
    answers["opening"] = _imported(desk, "opening", files.opening)
    answers["opening confirmed"] = _confirmed(desk, answers["opening"])
    answers["dirty"] = _refused(desk, files.dirty)
    answers["dry run"] = told(done(desk("import", "hours", files.hours, "--as", "chen", "--dry-run", "--json")))
    answers["hours"] = _imported(desk, "hours", files.hours)
    answers["hours confirmed"] = _confirmed(desk, answers["hours"])
    answers["goods"] = _imported(desk, "goods", files.goods)
    answers["goods confirmed"] = _confirmed(desk, answers["goods"])
    answers["verified"] = told(done(desk("verify", "--json")))
    return answers


def _imported(desk: Desk, kind: str, path: Path) -> Any:
    return told(done(desk("import", kind, path, "--as", "chen", "--json")))


def _confirmed(desk: Desk, answer: Any) -> Any:
    return told(done(desk("batch", "confirm", answer["batch"], "--as", "li", "--json")))


def _refused(desk: Desk, path: Path) -> Any:
    said = desk("import", "hours", path, "--as", "chen", "--json")
    assert 3 == said.code, said.err
    return told(said)
