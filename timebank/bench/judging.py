"""Judging: the books verified by us and by hledger, rules tried and recomputed, memory, and a proof from the tree."""

import itertools
import multiprocessing
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy.engine import Engine

from timebank.audit.exports import journal_lines
from timebank.audit.verification import examine
from timebank.bench.measuring import Measured, compare, repeated
from timebank.bench.town import Town
from timebank.books import statements
from timebank.books.log import tree
from timebank.database import new_engine, reading
from timebank.ledger.days import day_of
from timebank.rulebook.rules import ordinary_document
from timebank.rulebook.simulation import Recount, differences, simulate

JUDGE: Final = "hledger"
Work = Callable[[Engine, Town], None]
TRIED: Final = 100_000
"""How many services the figure of a trial is said for."""
PRIME: Final = 7919
"""The step from one leaf to the next whose proof is asked for, so that they lie all over the log."""


def judge_is_here() -> bool:
    """Tell whether hledger is installed."""
    return shutil.which(JUDGE) is not None


def verified(engine: Engine, town: Town) -> None:
    """Verify a whole community; the books of a benchmark are sound."""
    with reading(engine) as session:
        report = examine(session, town.community_id, ())
    assert report.sound, report.findings


def beside_hledger(engine: Engine, town: Town, folder: Path, *, rounds: int, seconds: float) -> Measured:
    """Verify the books beside `hledger check -s` of their own export, which must agree."""
    journal = folder / "bench.journal"
    with reading(engine) as session, journal.open("w", encoding="utf-8") as file:
        file.writelines(journal_lines(session, town.community_id, "hledger"))
    subject, yardstick = repeated(lambda: verified(engine, town)), repeated(lambda: _checked(journal))
    try:
        return compare(subject, yardstick, rounds=rounds, seconds=seconds, read=lambda spent: spent.per_second)
    finally:
        journal.unlink()


def _checked(journal: Path) -> None:
    subprocess.run([JUDGE, "-f", str(journal), "check", "-s"], check=True, capture_output=True)


def trial_seconds(engine: Engine, town: Town, records: int, *, rounds: int) -> Measured:
    """Try a rule document on every service of a community; return how long 100,000 of them take."""

    def try_once() -> None:
        with reading(engine) as session:
            simulate(session, town.community_id, ordinary_document(), last_on=day_of(town.now))

    side = repeated(try_once)
    return Measured(tuple(side(0).seconds_each * TRIED / records for _ in range(rounds)), ())


def recomputed(engine: Engine, town: Town) -> None:
    """Compute every posting of a community again; those of a benchmark are what their rules say."""
    with reading(engine) as session:
        assert next(differences(session, town.community_id, Recount()), None) is None, town.community_id


def peak_mib(engine: Engine, town: Town, work: Work = verified) -> Measured:
    """Do something in a process of its own and return the most memory that it held."""
    context = multiprocessing.get_context("spawn")
    told = context.SimpleQueue()
    url = engine.url.render_as_string(hide_password=False)
    child = context.Process(target=_do_and_tell, args=(work, url, town, told))
    child.start()
    child.join()
    assert child.exitcode == 0, child.exitcode
    return Measured((told.get(),), ())


def _do_and_tell(work: Work, url: str, town: Town, told: Any) -> None:  # a queue of any context
    engine = new_engine(url)
    work(engine, town)
    engine.dispose()
    told.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def proof_ms(engine: Engine, town: Town, *, rounds: int, seconds: float) -> Measured:
    """Prove one entry after the other to be in the log, each from the database."""
    side = repeated(_proof(engine, town))
    side(seconds / 10)
    return Measured(tuple(side(seconds).seconds_each * 1000 for _ in range(rounds)), ())


def _proof(engine: Engine, town: Town) -> Callable[[], None]:
    with reading(engine) as session:
        size = statements.entries_total(session, town.community_id)
    turns = itertools.count()

    def prove() -> None:
        with reading(engine) as session:
            tree.inclusion(session, town.community_id, index=next(turns) * PRIME % size, size=size)

    return prove
