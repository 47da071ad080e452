"""What people see at the top of the tree is what a machine finds in the wheel."""

import configparser
import os
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from pathlib import Path
from typing import Final

import pytest

from tests.fixtures.servers import Installation, running
from tests.meta.sources import ROOT

MAPPED: Final = {"templates": "timebank/_templates", "migrations": "timebank/_migrations"}
"""Folders at the top, and where the wheel carries them."""

STYLE_SHEET: Final = next((ROOT / "timebank/web/static").glob("*.css")).name

INGREDIENTS: Final = ("timebank", *MAPPED)


def _wanted_in_the_wheel() -> set[str]:
    paths = (path for folder in INGREDIENTS for path in (ROOT / folder).rglob("*") if path.is_file())
    names = (path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts)
    return {_mapped(name) for name in names}


def _mapped(name: str) -> str:
    folder, _, rest = name.partition("/")
    return f"{MAPPED.get(folder, folder)}/{rest}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built in a copy so that nothing is left in the tree itself."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    for name in INGREDIENTS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(copy / "dist")]
    subprocess.run(build, cwd=copy, check=True, capture_output=True)
    return next((copy / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel, installed where nothing of this tree is seen; only the libraries are those of this environment."""
    home = tmp_path_factory.mktemp("machine")
    venv.create(home / "venv", with_pip=False)
    python = _binary(home / "venv", "python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    target = next((home / "venv").rglob("site-packages"))
    (target / "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (home / "empty").mkdir()
    return Installation(database_url="", folder=home / "empty", program=(str(_binary(home / "venv", "timebank")),))


def _binary(environment: Path, name: str) -> Path:
    return environment / ("Scripts" if os.name == "nt" else "bin") / name


def _page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode("utf-8"))


class TestSetupCfg:
    """architecture.md section 7: the packages are listed by hand, so a forgotten one must be noticed."""

    def test_names_every_package(self):
        setup = configparser.ConfigParser()
        setup.read(ROOT / "setup.cfg", encoding="utf-8")
        named = set(setup["options"]["packages"].split())
        folders = {path.parent.relative_to(ROOT) for path in (ROOT / "timebank").rglob("*.py")}

        assert {".".join(folder.parts) for folder in folders} | {"timebank._migrations", "timebank._templates"} == named


class TestTheWheel:
    """architecture.md section 7: templates and migrations lie inside the package for machines."""

    def test_carries_every_file(self, wheel):
        carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

        assert _wanted_in_the_wheel() == carried

    def test_runs_in_an_empty_folder(self, installed):
        made = installed.timebank("init", "--community", "幸福里社区", "--code", "xfl")

        assert 0 == made.returncode, made.stderr
        with running(installed) as server:
            assert "幸福里社区" in _page(server.url)
            assert "{" in _page(f"{server.url}/static/{STYLE_SHEET}")
        assert str(ROOT) not in (installed.folder / "server.log").read_text(encoding="utf-8")
