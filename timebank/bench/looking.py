"""Looking: what a long history costs: posting into large books and reading them, beside the same in small ones."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy.engine import Engine

from timebank.bench.measuring import Measured, compare, repeated
from timebank.bench.tills import till
from timebank.bench.town import Town
from timebank.books import pages, statements
from timebank.database import reading
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef
from timebank.ledger.days import day_of

LINES_ON_A_PAGE: Final = 50


def posting(large: tuple[Engine, Town], small: tuple[Engine, Town], *, rounds: int, seconds: float) -> Measured:
    """Redeem in large books beside small ones."""
    subject, yardstick = (repeated(till(engine, town, "history")) for engine, town in (large, small))
    return compare(subject, yardstick, rounds=rounds, seconds=seconds, read=lambda spent: spent.per_second)


def reading_of(
    what: str, large: tuple[Engine, Town], small: tuple[Engine, Town], *, rounds: int, seconds: float
) -> Measured:
    """Ask one of `QUESTIONS` in large books beside small ones; each volunteer has as many lines in both."""
    subject, yardstick = (repeated(_asked(QUESTIONS[what], *books)) for books in (large, small))
    return compare(subject, yardstick, rounds=rounds, seconds=seconds, read=lambda spent: spent.seconds_each)


Question = Callable[[Engine, Town, AccountRef], None]


def _asked(question: Question, engine: Engine, town: Town) -> Callable[[], None]:
    accounts = _passbooks(engine, town)
    turns = itertools.count()

    def ask() -> None:
        question(engine, town, accounts[next(turns) % len(accounts)])

    return ask


def _passbooks(engine: Engine, town: Town) -> list[AccountRef]:
    """Return an account of each of some volunteers, with what they earned in the last year."""
    with reading(engine) as session:
        found = [
            statements.passbook_accounts(session, town.community_id, town.volunteer(place))[-1].account
            for place in range(min(town.volunteers, 100))
        ]
    assert all(account.kind is AccountKind.PASSBOOK and account.unit == POINTS for account in found), found
    return found


def _balance(engine: Engine, town: Town, account: AccountRef) -> None:
    with reading(engine) as session:
        statements.balance(session, town.community_id, account)


def _balance_at(engine: Engine, town: Town, account: AccountRef) -> None:
    with reading(engine) as session:
        statements.balance_at(session, town.community_id, account, town.now - timedelta(days=10))


def _balance_as_of(engine: Engine, town: Town, account: AccountRef) -> None:
    with reading(engine) as session:
        statements.balance_as_of(session, town.community_id, account, day_of(town.now) - timedelta(days=200))


def _page(engine: Engine, town: Town, account: AccountRef) -> None:
    with reading(engine) as session:
        pages.statement(session, town.community_id, [account], limit=LINES_ON_A_PAGE)


QUESTIONS: Final[dict[str, Question]] = {
    "10a": _balance,
    "10b": _balance_at,
    "10c": _balance_as_of,
    "10d": _page,
}
"""What is asked, by the number of its target."""
