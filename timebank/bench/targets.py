"""The targets: what is measured, beside what, and what is asked for. A floor holds in the median of every run."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Target:
    """One target.

    Attributes:
        number: as it is called; parts of one target have a letter (`10b`).
        what: the subject; yardstick: what stands beside it.
        floor, aim: of the ratio (or of the figure itself, where `unit` names one).
        at_least: the ratio should be at least that; otherwise at most.
        unit: empty for a ratio; `MiB`, `ms` or `s` where there is no yardstick.
    """

    number: str
    what: str
    yardstick: str
    floor: float
    aim: float
    at_least: bool
    unit: str = ""

    def holds(self, figure: float, wanted: float) -> bool:
        """Tell whether a figure is as good as what is wanted."""
        return figure >= wanted if self.at_least else figure <= wanted

    @property
    def asked(self) -> str:
        """Floor and aim in signs: `≥ 0.30 · ≥ 0.45`."""
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {self.floor:g} · {sign} {self.aim:g}{' ' + self.unit if self.unit else ''}"


def _least(number: str, what: str, yardstick: str, floor: float, aim: float) -> Target:
    return Target(number, what, yardstick, floor, aim, at_least=True)


def _most(number: str, what: str, yardstick: str, floor: float, aim: float) -> Target:
    return Target(number, what, yardstick, floor, aim, at_least=False)


def _alone(number: str, what: str, floor: float, aim: float, unit: str) -> Target:
    """Nothing stands beside it: the figure itself is at most that."""
    return Target(number, what, "", floor, aim, at_least=False, unit=unit)


_ALL: Final = (
    _most("1", "redeem, PostgreSQL: CPU per call", "the same rows by one hand-written CTE", 5, 3.3),
    _least("2", "redeem, PostgreSQL: per second, one client", "the same rows by hand in psycopg", 0.30, 0.45),
    _least("4", "redeem: 16 clients in one community", "one client", 1.0, 2),
    _least("5", "redeem: 16 clients in 16 communities", "16 clients in one community", 3, 5),
    _least("6", "redeem during an open snapshot: last seconds", "its first seconds", 0.85, 0.95),
    _least("7", "redeem with leaf and tree", "without them", 0.85, 0.95),
    _least("8", "redeem, SQLite: per second, synchronous=FULL", "the same rows by hand in sqlite3", 0.30, 0.45),
    _least("9", "redeem with many lines in the books", "in a new community", 0.90, 0.97),
    _most("10a", "balance now: large books", "small books", 1.5, 1.1),
    _most("10b", "balance at a moment: large books", "small books", 1.5, 1.1),
    _most("10c", "balance as of a day: large books", "small books", 1.5, 1.1),
    _most("10d", "statement page: large books", "small books", 1.5, 1.1),
    _least("11", "redeem over HTTP", "sign-in and a commit of one row", 0.55, 0.75),
    _most("12", "redeem over HTTP, 8 connections: p99", "its p50", 3, 2),
    _least(
        "13", "card scanned at the till over HTTP: who, balance, limits", "sign-in and one SELECT by key", 0.80, 0.90
    ),
    _least("14", "passbook page of 50 lines over HTTP", "sign-in, one SELECT, a template of 50 rows", 0.60, 0.80),
    _least("15", "verification of the whole books", "hledger check of our export", 10, 15),
    _alone("16", "verification: peak memory", 128, 64, "MiB"),
    _least("17", "hours from an xlsx file to posted entries", "its rows in bulk, by hand", 0.15, 0.30),
    _alone("18", "proof that an entry is in the log", 2, 1, "ms"),
    _most("19", "import of the package and the application: CPU", "import of its libraries", 2, 1.5),
    _alone("20", "start of the server on large books", 3, 1, "s"),
    _alone("21", "trying a rule document: reading 100,000 services", 10, 5, "s"),
    _most("22", "computing every posting again: peak memory, large books", "small books", 1.2, 1.05),
    _alone("23a", "confirm a basket, 1 till: p50", 100, 25, "ms"),
    _alone("23b", "confirm a basket, 1 till: p99", 250, 100, "ms"),
    _alone("23c", "confirm a basket, 4 tills at once: p50", 100, 25, "ms"),
    _alone("23d", "confirm a basket, 4 tills at once: p99", 250, 100, "ms"),
    _alone("23e", "confirm a basket, 20 tills at once: p50", 250, 100, "ms"),
    _alone("23f", "confirm a basket, 20 tills at once: p99", 500, 250, "ms"),
    _most("24a", "redeem through the API, 8 programs: p50", "an endpoint that does nothing: p50", 80, 40),
    _most("24b", "redeem through the API, 8 programs: p99", "an endpoint that does nothing: p99", 60, 30),
    _most("25a", "passbook read through the API, 8 programs: p50", "an endpoint that does nothing: p50", 60, 30),
    _most("25b", "passbook read through the API, 8 programs: p99", "an endpoint that does nothing: p99", 60, 30),
)
TARGETS: Final = {target.number: target for target in _ALL}
"""Every target by its number. 3 is about another program (django-hordak) and stands in the manual of the figures."""
