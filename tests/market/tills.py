"""Many tills at once: processes on SQLite, threads with a connection each on PostgreSQL; they start together."""

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from timebank.database import Busy, new_engine, writing
from timebank.market import operations
from timebank.market.operations import BasketLine
from timebank.refusal import Refusal

TILLS: Final = 20
PATIENCE_SECONDS: Final = 60
TRIES: Final = 5
"""A till whose database is busy sends the same request again, as a tablet does."""

_STARTS: Final[list[Any]] = []
"""The barrier at which the tills of this process wait for the others."""


@dataclass(frozen=True)
class Order:
    """One request of one till."""

    url: str
    act: Any = None
    volunteer_number: str = ""
    basket: tuple[BasketLine, ...] = ()
    redemption_number: str = ""
    reservation_number: str = ""
    reserving: bool = False


def at_once(
    work: Callable[[Order], Any], orders: list[Order], *, patience_seconds: int = PATIENCE_SECONDS
) -> list[Any]:
    """Let every order be worked on by a till of its own, all starting at the same moment; return their answers."""
    if orders[0].url.startswith("sqlite"):
        processes = multiprocessing.get_context("fork")
        with processes.Pool(len(orders), _open_till, (processes.Barrier(len(orders)),)) as pool:
            return pool.map_async(work, orders, chunksize=1).get(patience_seconds)
    _open_till(threading.Barrier(len(orders)))
    with ThreadPoolExecutor(len(orders)) as threads:
        return list(threads.map(work, orders, timeout=patience_seconds))


def _open_till(start: Any) -> None:
    _STARTS[:] = [start]


def together() -> None:
    """Wait until every till is here."""
    _STARTS[0].wait(PATIENCE_SECONDS)


def redeem(order: Order) -> str:
    """Redeem; answer with the number of the redemption, or with why not."""
    return _answer(
        order,
        lambda session: operations.redeem(
            session, order.act, volunteer_number=order.volunteer_number, basket=order.basket
        ),
    )


def race(order: Order) -> list[str]:
    """Redeem one piece of each good in turn, always starting together with the others; answer for each good."""
    engine = new_engine(order.url)
    answers = []
    try:
        for line in order.basket:
            together()
            act = replace(order.act, request_key=f"{order.act.request_key}-{line.good_number}")
            answers.append(_asked(engine, partial(_one_piece, act, order.volunteer_number, line)))
    finally:
        engine.dispose()
    return answers


def _one_piece(act: Any, volunteer: str, line: BasketLine, session: Any) -> dict[str, Any]:
    return operations.redeem(session, act, volunteer_number=volunteer, basket=(line,))


def serve(order: Order) -> str:
    """Reserve from the phone, fetch a reservation, or redeem: what the order says."""
    if order.reservation_number:
        number = order.reservation_number
        return _answer(
            order, lambda session: operations.pick_up(session, order.act, reservation_number=number, basket=None)
        )
    if order.reserving:
        return _answer(
            order,
            lambda session: operations.reserve(
                session, order.act, volunteer_number=order.volunteer_number, basket=order.basket
            ),
        )
    return redeem(order)


def undo(order: Order) -> str:
    """Take a redemption back; answer with the number of the entry, or with why not."""
    return _answer(
        order,
        lambda session: operations.undo(session, order.act, redemption_number=order.redemption_number, reason="拿错了"),
    )


def _answer(order: Order, ask: Callable[[Any], dict[str, Any]]) -> str:
    engine = new_engine(order.url)
    together()
    try:
        return _asked(engine, ask)
    finally:
        engine.dispose()


def _asked(engine: Any, ask: Callable[[Any], dict[str, Any]]) -> str:
    for _time in range(TRIES):
        try:
            with writing(engine) as session:
                answer = ask(session)
                return str(answer.get("number", answer["seq"]))
        except Busy:
            continue
        except Refusal as refusal:
            problems: Any = refusal.facts.get("problems", [])
            return "no: " + (", ".join(problem["code"] for problem in problems) or refusal.code)
    return "busy"
