"""Many tills at once: processes on SQLite, threads with a connection each on PostgreSQL; they start together."""

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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


def at_once(work: Callable[[Order], Any], orders: list[Order]) -> list[Any]:
    """Let every order be worked on by a till of its own, all starting at the same moment; return their answers."""
    if orders[0].url.startswith("sqlite"):
        processes = multiprocessing.get_context("fork")
        with processes.Pool(len(orders), _open_till, (processes.Barrier(len(orders)),)) as pool:
            return pool.map_async(work, orders, chunksize=1).get(PATIENCE_SECONDS)
    _open_till(threading.Barrier(len(orders)))
    with ThreadPoolExecutor(len(orders)) as threads:
        return list(threads.map(work, orders, timeout=PATIENCE_SECONDS))


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
