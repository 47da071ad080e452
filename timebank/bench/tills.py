"""Tills: redemptions through the service layer with every promise of the books, beside the same rows by hand."""

import itertools
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any, Final

from sqlalchemy.engine import Engine

from timebank.bench import by_hand
from timebank.bench.by_hand import ByHand
from timebank.bench.measuring import Measured, Side, Spent, compare, own_cpu_seconds, repeated
from timebank.bench.town import Town, town_of
from timebank.database import new_engine, reading, writing
from timebank.market.operations import BasketLine, redeem

MONTH: Final = timedelta(days=31)


def till(engine: Engine, town: Town, label: str, *, first: int = 0, step: int = 1) -> Callable[[], None]:
    """Return what makes one redemption after the other, each in a transaction of its own.

    Every volunteer comes once in a month, then the next month begins; the rules allow it twice, so that two tills may
    serve the same people.

    Args:
        label: begins the request keys; two tills with one label would ask the same.
        first, step: which volunteers come to this till, where there are several.
    """
    turns = itertools.count()
    basket = (BasketLine(town.good, 1),)
    mine = -(-(town.volunteers - first) // step)

    def serve() -> None:
        turn = next(turns)
        months, _ = divmod(turn, mine)
        act = town.act(f"{label}-{turn}", _moment(town, months, turn))
        volunteer = town.volunteer(first + turn % mine * step)
        with writing(engine) as session:
            redeem(session, act, volunteer_number=volunteer, basket=basket)

    return serve


def _moment(town: Town, months: int, turn: int) -> datetime:
    return town.now + months * MONTH + timedelta(milliseconds=turn)


def hand(engine: Engine, town: Town, label: str) -> ByHand:
    """Return the yardstick: the same rows by hand. One true redemption first, for the accounts that it opens."""
    till(engine, town, f"{label}-first")()
    make = by_hand.in_sqlite if engine.dialect.name == "sqlite" else by_hand.in_postgresql
    return make(engine, town, label)


@contextmanager
def clients(towns: Sequence[Town], url: str, count: int, label: str) -> Iterator[Side]:
    """Let so many processes redeem at once, spread over the towns, whenever the side is run."""
    context = multiprocessing.get_context()
    start, done = context.Barrier(count + 1), context.SimpleQueue()
    orders = [context.SimpleQueue() for _ in range(count)]
    crew = [
        context.Process(
            target=_client,
            args=(url, towns[place % len(towns)], f"{label}-{place}", (place, count), (start, orders[place], done)),
            daemon=True,
        )
        for place in range(count)
    ]
    for process in crew:
        process.start()

    def run(seconds: float) -> Spent:
        for order in orders:
            order.put(seconds)
        start.wait()
        began = time.perf_counter()
        told = [done.get() for _ in crew]
        return Spent(sum(calls for calls, _ in told), time.perf_counter() - began, sum(cpu for _, cpu in told))

    try:
        yield run
    finally:
        for order in orders:
            order.put(None)
        for process in crew:
            process.join()


def _client(url: str, town: Town, label: str, place: tuple[int, int], wires: tuple[Barrier, Any, Any]) -> None:
    start, orders, done = wires
    engine = new_engine(url)
    serve = till(engine, town, label, first=place[0], step=place[1])
    while (seconds := orders.get()) is not None:
        start.wait()
        spent = repeated(serve, own_cpu_seconds)(seconds)
        done.put((spent.calls, spent.cpu_seconds))
    engine.dispose()


def beside_each_other(
    engine: Engine, one: Sequence[Town], other: Sequence[Town], counts: tuple[int, int], *, rounds: int, seconds: float
) -> Measured:
    """Compare so many clients in some towns with so many in others."""
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    name = f"{counts[0]}-in-{len(one)}-beside-{counts[1]}-in-{len(other)}"
    with (
        clients(one, url, counts[0], f"one-{name}") as subject,
        clients(other, url, counts[1], f"other-{name}") as yard,
    ):
        return compare(subject, yard, rounds=rounds, seconds=seconds, read=lambda spent: spent.per_second)


def under_a_snapshot(engine: Engine, town: Town, seconds: float) -> Measured:
    """Redeem while a report holds a snapshot open: the last part of the time beside the first, five times over."""
    serve = till(engine, town, "snapshot")
    first, last = [], []
    for _ in range(5):
        with reading(engine) as report:
            town_of(engine, town.community_id)
            report.connection()
            parts = [repeated(serve)(seconds / 4).per_second for _ in range(4)]
        first.append(parts[0])
        last.append(parts[-1])
    return Measured(tuple(last), tuple(first))
