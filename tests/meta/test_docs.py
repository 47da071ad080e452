"""What the README and the manual say is there, and everything that is there stands in one of them."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Final

import click

from tests.meta.sources import ROOT
from timebank.cli.commands import COMMANDS
from timebank.config import FOR_TESTS, PREFIX, SETTINGS

README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL: Final = (ROOT / "MANUAL.md").read_text(encoding="utf-8")
BOTH: Final = README + MANUAL


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and what a person types for it: `timebank batch confirm`."""
    for noun, place in COMMANDS.items():
        module, _, name = place.partition(".")
        command = getattr(import_module(f"timebank.cli.{module}"), name)
        if isinstance(command, click.Group):
            yield from ((f"timebank {noun} {verb}", found) for verb, found in command.commands.items())
        else:
            yield f"timebank {noun}", command


def typed() -> list[str]:
    """Every command that the two texts name, with its verb where its noun has verbs."""
    groups = {words.split()[1] for words, _ in commands() if len(words.split()) == 3}
    found = re.findall(r"timebank ([a-z]+)(?: ([a-z-]+))?", BOTH)
    return [f"timebank {noun} {verb}" if noun in groups and verb else f"timebank {noun}" for noun, verb in found]


class TestCommands:
    """style.md, tests about the code: every command is in the README or the manual, and the reverse."""

    def test_every_command_is_told(self):
        assert [] == [words for words, _ in commands() if not re.search(rf"{words}\b", BOTH)]

    def test_every_command_that_is_told_is_there(self):
        there = {words for words, _ in commands()} | {f"timebank {noun}" for noun in COMMANDS}

        assert [] == [words for words in typed() if words not in there]

    def test_every_help_shows_what_to_type(self):
        assert [] == [words for words, command in commands() if words not in (command.help or "")]


class TestSettings:
    """The same for settings."""

    def test_every_setting_is_told(self):
        assert [] == [name for name in SETTINGS if not re.search(rf"{PREFIX}{name}\b", BOTH)]

    def test_every_setting_that_is_told_is_there(self):
        told = set(re.findall(rf"{PREFIX}([A-Z_]+)", BOTH))

        assert set() == told - SETTINGS.keys() - FOR_TESTS


class TestFolders:
    """A reader finds each room in the README."""

    def test_every_room_is_in_the_map(self):
        rooms = {path.parent.name for path in (ROOT / "timebank").glob("*/__init__.py")}

        assert set() == {room for room in rooms if f"timebank/{room}/" not in README}
