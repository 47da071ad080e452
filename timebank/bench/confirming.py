"""Confirming: how long a clerk waits for a basket, at one till and at many, with a long history in the books."""

import math
import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from typing import Any, Final

from sqlalchemy.engine import Engine

from timebank.bench.measuring import Measured
from timebank.bench.tills import till
from timebank.bench.town import Town
from timebank.database import Busy, new_engine

PERCENTILE: Final = 99


def confirmed(engine: Engine, town: Town, tills: int, *, rounds: int, seconds: float) -> tuple[Measured, Measured]:
    """Let so many tills confirm one basket after the other, each in a process of its own, all at once.

    Returns:
        The median and the 99th percentile of the time of one basket in milliseconds, of all tills together, by round.
    """
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    waits = _waits(url, town, tills, [seconds / 10, *[seconds] * rounds])[1:]
    middle = Measured(tuple(statistics.median(one) for one in waits), ())
    return middle, Measured(tuple(_percentile(one) for one in waits), ())


def _percentile(waits: Sequence[float]) -> float:
    """Return the shortest wait that is not exceeded by 99 in a hundred."""
    return sorted(waits)[math.ceil(len(waits) * PERCENTILE / 100) - 1]


def _waits(url: str, town: Town, tills: int, spans: Sequence[float]) -> list[list[float]]:
    """Run every till for each span of seconds; return the milliseconds of every basket, by span."""
    context = multiprocessing.get_context()
    start, done = context.Barrier(tills), context.SimpleQueue()
    crew = [
        context.Process(target=_serve, args=(url, town, (place, tills), spans, (start, done)), daemon=True)
        for place in range(tills)
    ]
    for process in crew:
        process.start()
    told = [done.get() for _ in crew]
    for process in crew:
        process.join()
    return [[wait for one in told for wait in one[span]] for span in range(len(spans))]


def _serve(url: str, town: Town, place: tuple[int, int], spans: Sequence[float], wires: tuple[Barrier, Any]) -> None:
    start, done = wires
    engine = new_engine(url)
    serve = till(engine, town, f"confirming-{place[0]}-of-{place[1]}", first=place[0], step=place[1])
    told = []
    for seconds in spans:
        start.wait()
        told.append(_timed(serve, seconds))
    engine.dispose()
    done.put(told)


def _timed(serve: Callable[[], None], seconds: float) -> list[float]:
    """Confirm baskets until the time is over, one at least; return the milliseconds of each.

    Who is told that the books are busy asks again, and has waited since the first time.
    """
    waits: list[float] = []
    deadline = time.perf_counter() + seconds
    while not waits or time.perf_counter() < deadline:
        began = time.perf_counter()
        while not _served(serve):
            pass
        waits.append((time.perf_counter() - began) * 1000)
    return waits


def _served(serve: Callable[[], None]) -> bool:
    try:
        serve()
    except Busy:
        return False
    return True
