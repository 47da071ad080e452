"""Helping: how `--help` keeps examples as they are written, one a line, before the options."""

from typing import Final

import click

MARK: Final = r"\b"
"""Stands in a docstring above lines that are examples; click knows the backspace character for it."""


def readable(command: click.Command) -> click.Command:
    """Make the examples of a command, and of all commands below it, stand line by line."""
    if command.help is not None:
        command.help = command.help.replace(MARK, "\b")
    if isinstance(command, click.Group):
        for below in command.commands.values():
            readable(below)
    return command
