"""Promises: what the books must hold while they are measured. A figure counts only if none of these is broken."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy.engine import Engine

from timebank import schema
from timebank.audit.verification import examine
from timebank.bench.town import Town
from timebank.books import journal, statements
from timebank.books.requests import RequestKeyReused
from timebank.database import reading, writing
from timebank.ledger.accounts import POINTS, AccountKind, system
from timebank.ledger.balances import NotEnough
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.market.operations import BasketLine, redeem

AT_ONCE: Final = 16
LATER: Final = timedelta(days=9000)
"""After whatever was measured."""


class PromiseBroken(AssertionError):
    """The figures are worthless: something that the books promise does not hold."""


def check_sound(engine: Engine, community_id: str) -> None:
    """Verify books that were measured: units sum to nothing, kept balances are those computed again, leaves and tree.

    Raises:
        PromiseBroken: something was found.
    """
    with engine.connect() as connection:
        missing = schema.missing_guards(connection)
    with reading(engine) as session:
        report = examine(session, community_id, missing)
    if not report.sound:
        raise PromiseBroken(f"{community_id}: {report.findings[:3]}")


def check_kept(engine: Engine, town: Town) -> None:
    """Make sure of the rest on a town of its own: durable, once, never below zero with sixteen at once.

    Raises:
        PromiseBroken: the first that does not hold.
    """
    for broken in (*_not_durable(engine), *_not_once(engine, town), *_overdrawn(engine, town)):
        raise PromiseBroken(broken)


def _not_durable(engine: Engine) -> Iterator[str]:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        if level != 2:
            yield f"synchronous={level}"


def _not_once(engine: Engine, town: Town) -> Iterator[str]:
    act = town.act("promise-once", town.now + LATER)
    answers = []
    for _ in range(2):
        with writing(engine) as session:
            answers.append(redeem(session, act, volunteer_number=town.volunteer(0), basket=_one_piece(town)))
    if answers[0] != answers[1]:
        yield f"one key, two answers: {answers}"
    try:
        with writing(engine) as session:
            redeem(session, act, volunteer_number=town.volunteer(1), basket=_one_piece(town))
        yield "a key was used for something else"
    except RequestKeyReused:
        return


def _one_piece(town: Town) -> tuple[BasketLine, ...]:
    return (BasketLine(town.good, 1),)


def _overdrawn(engine: Engine, town: Town) -> Iterator[str]:
    """Let sixteen ask at once for more than half of what is there: one may have it."""
    with reading(engine) as session:
        found = statements.passbook_accounts(session, town.community_id, town.volunteer(2))[-1]
    account, there = found.account, found.balance
    start, had = threading.Barrier(AT_ONCE), []

    def take(place: int) -> None:
        act = town.act(f"promise-last-{place}", town.now + LATER)
        transfer = Transfer(account, system(AccountKind.REDEEMED, POINTS), there // 2 + 1)
        draft = Draft(kind=EntryKind.GOODS_REDEEMED, effective_on=act.today, transfers=(transfer,))
        start.wait()
        try:
            with writing(engine) as session:
                had.append(journal.post(session, act, draft).seq)
        except NotEnough:
            return

    threads = [threading.Thread(target=take, args=(place,)) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        left = statements.balance(session, town.community_id, account)
    if len(had) != 1 or left != there - (there // 2 + 1):
        yield f"{len(had)} of {AT_ONCE} had more than half, {left} of {there} is left"
