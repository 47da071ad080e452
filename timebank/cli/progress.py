"""Progress: a line on a terminal while something takes longer than a second; nothing where nobody watches."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from timebank.cli.output import word

_TICK_SECONDS: Final = 0.5
_FIRST_TICK: Final = 2
"""Nothing is shown in the first second: what is done by then needs no line."""


@contextmanager
def working(chinese: str, english: str) -> Iterator[None]:
    """Show what is being done and for how many seconds, on the error stream of a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    ticker = threading.Thread(target=_tick, args=(word(chinese, english), done), daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()


def _tick(text: str, done: threading.Event) -> None:
    ticks = 0
    while not done.wait(_TICK_SECONDS):
        ticks += 1
        if ticks >= _FIRST_TICK:
            seconds = int(ticks * _TICK_SECONDS)
            click.echo(f"\r{text} … {seconds} {word('秒', 's')}", nl=False, err=True)
    if ticks >= _FIRST_TICK:
        click.echo("\r\033[K", nl=False, err=True)
