"""Running: which targets are measured on which database, how long, and with what in the books."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy.engine import Engine

from timebank.bench import calls, judging, looking, promises
from timebank.bench.confirming import confirmed
from timebank.bench.measuring import ROUNDS_MIN, Measured, Spent, compare, figures, repeated, side_by_side
from timebank.bench.places import Place, backend_of, cpu_with, opened
from timebank.bench.reporting import Line, skipped
from timebank.bench.starting import Program
from timebank.bench.tills import beside_each_other, hand, till, under_a_snapshot
from timebank.bench.town import Size, Town, found, town_of
from timebank.bench.visits import PlainSite, Site

FOUNDED: Final = datetime(2025, 6, 1, 4, tzinfo=UTC)
"""When everything in a town has happened; the pages come after that by the clock of the machine."""
COMMUNITY: Final = "c01"
COMMUNITIES: Final = tuple(f"c{number:02d}" for number in range(1, 17))
CLIENTS: Final = 16
SNAPSHOT_SECONDS: Final = 12
"""How long a report stays open, five times over."""

SMALL: Final = Size(volunteers=17, records=15)
"""A thousand lines."""
ORDINARY: Final = Size(volunteers=2_000, records=1)
SHELF: Final = Size(volunteers=10, records=60)
CROWDED: Final = Size(volunteers=64, records=15)
MILLION: Final = Size(volunteers=16_700, records=15)
"""A million lines and a little more."""
TILLS: Final = (1, 4, 20)
YEARS: Final = timedelta(days=1461)
"""How much later each number of tills serves than the one before: nobody comes too often in a month."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How thorough a run is.

    Attributes:
        seconds: of each side in each round; rounds: how many.
        ordinary: a town where people redeem; shelf: one with long passbooks; large: one with a long history.
        crowded: each of sixteen.
        confirming: where baskets are confirmed, at each of these numbers of `tills`.
        quick: only what is short.
    """

    seconds: float
    large: Size
    rounds: int = ROUNDS_MIN
    ordinary: Size = ORDINARY
    shelf: Size = SHELF
    crowded: Size = CROWDED
    confirming: Size = ORDINARY
    tills: tuple[int, ...] = TILLS
    quick: bool = False


QUICK: Final = Pace(
    seconds=0.3, large=Size(volunteers=100, records=15), ordinary=Size(volunteers=500, records=1), quick=True
)
FULL: Final = Pace(seconds=2.5, large=Size(volunteers=2_000, records=15))
SCALE: Final = Pace(seconds=2.5, large=Size(volunteers=50_000, records=15), confirming=MILLION)


class Bench:
    """A run on one kind of database: makes towns, measures, and asks afterwards whether the books hold."""

    def __init__(self, place: Place, folder: Path, pace: Pace) -> None:
        self.place, self.folder, self.pace = place, folder, pace

    @contextmanager
    def town(self, size: Size) -> Iterator[tuple[Engine, Town]]:
        """Open a town of a size that nobody else has used; it must be sound when it is left."""
        with self.forged(size) as (engine, town):
            yield engine, town
            promises.check_sound(engine, COMMUNITY)

    @contextmanager
    def forged(self, size: Size) -> Iterator[tuple[Engine, Town]]:
        """Open another one, into which rows are written by hand: nobody believes it afterwards."""
        with opened(self.place, _named(size), partial(found, community_id=COMMUNITY, size=size, now=FOUNDED)) as engine:
            yield engine, town_of(engine, COMMUNITY)

    @contextmanager
    def towns(self) -> Iterator[tuple[Engine, list[Town]]]:
        """Open sixteen communities in one database."""
        size = self.pace.crowded
        with opened(self.place, f"sixteen_{_named(size)}", partial(_found_all, size=size)) as engine:
            yield engine, [town_of(engine, community) for community in COMMUNITIES]
            for community in COMMUNITIES:
                promises.check_sound(engine, community)

    def durable_line(self, number: str, measured: Measured, unit: str) -> Line:
        """Say what came of a target that means nothing where a commit may be lost."""
        why = self.place.not_durable
        return skipped(number, why, self.place.kind) if why else self.line(number, measured, unit)

    def line(self, number: str, measured: Measured, unit: str, note: str = "") -> Line:
        """Say what came of a target here."""
        return Line(number, self.place.kind, measured, unit, note)

    @property
    def how_large(self) -> str:
        """Say how large the large books are."""
        return f"{self.pace.large.lines:,} lines"


def _named(size: Size) -> str:
    return f"{size.volunteers}x{size.records}"


def _found_all(engine: Engine, size: Size) -> None:
    for community in COMMUNITIES:
        found(engine, community, size, FOUNDED)


Measurement = Callable[[Bench], Iterator[Line]]


def redemption(bench: Bench) -> Iterator[Line]:
    """One client beside the same rows by hand: per second, and on PostgreSQL also the CPU of each."""
    with bench.town(bench.pace.ordinary) as (engine, town), bench.forged(bench.pace.ordinary) as other:
        yard = hand(*other, "hand")
        subject = repeated(till(engine, town, "one-client"), cpu_with(backend_of(engine)))
        yardstick = repeated(yard.redeem, cpu_with(yard.backend))
        spent = side_by_side(subject, yardstick, rounds=bench.pace.rounds, seconds=bench.pace.seconds)
        yard.close()
    if bench.place.kind == "sqlite":
        yield bench.line("8", figures(spent, _per_second), "/s")
        return
    yield bench.line("1", figures(spent, lambda side: side.cpu_ms_each), "ms")
    yield bench.durable_line("2", figures(spent, _per_second), "/s")


def _per_second(spent: Spent) -> float:
    return spent.per_second


def crowds(bench: Bench) -> Iterator[Line]:
    """Sixteen clients at once, in one community and in sixteen; and a report that stays open."""
    rounds, seconds = bench.pace.rounds, bench.pace.seconds
    with bench.town(bench.pace.ordinary) as (engine, town):
        yield bench.durable_line(
            "4", beside_each_other(engine, [town], [town], (CLIENTS, 1), rounds=rounds, seconds=seconds), "/s"
        )
    with bench.towns() as (engine, towns):
        yield bench.durable_line(
            "5", beside_each_other(engine, towns, towns[:1], (CLIENTS, CLIENTS), rounds=rounds, seconds=seconds), "/s"
        )
    with bench.town(bench.pace.ordinary) as (engine, town):
        yield bench.durable_line("6", under_a_snapshot(engine, town, SNAPSHOT_SECONDS), "/s")


def history(bench: Bench) -> Iterator[Line]:
    """Post into large books and read them, beside small ones."""
    note = bench.how_large
    rounds, seconds = bench.pace.rounds, bench.pace.seconds
    with bench.town(bench.pace.large) as large, bench.town(SMALL) as small:
        yield bench.line("9", looking.posting(large, small, rounds=rounds, seconds=seconds), "/s", note)
        for number in looking.QUESTIONS:
            yield bench.line(
                number, looking.reading_of(number, large, small, rounds=rounds, seconds=seconds), "s", note
            )
        yield bench.line("18", judging.proof_ms(*large, rounds=rounds, seconds=seconds), "ms", note)
        yield bench.line("20", Program(large[0], bench.folder).first_page_seconds(rounds=3), "s", note)


def baskets(bench: Bench) -> Iterator[Line]:
    """Confirm baskets at one till, at four and at twenty."""
    note = f"{bench.pace.confirming.lines:,} lines"
    with bench.town(bench.pace.confirming) as (engine, town):
        for place, tills in enumerate(bench.pace.tills):
            later = replace(town, now=town.now + place * YEARS)
            found = confirmed(engine, later, tills, rounds=bench.pace.rounds, seconds=bench.pace.seconds)
            for number, measured in zip(BASKETS[2 * place : 2 * place + 2], found, strict=True):
                yield bench.line(number, measured, "ms", note)


def verification(bench: Bench) -> Iterator[Line]:
    """Verify the large books beside hledger, try rules on them, and compute their postings again."""
    note = bench.how_large
    with bench.town(bench.pace.large) as (engine, town):
        if judging.judge_is_here():
            found = judging.beside_hledger(engine, town, bench.folder, rounds=bench.pace.rounds, seconds=0)
            yield bench.line("15", found, "/s", note)
        else:
            yield skipped("15", "hledger is not installed", bench.place.kind)
        yield bench.line("16", judging.peak_mib(engine, town), "MiB", note)
        records, rounds = bench.pace.large.records * bench.pace.large.volunteers, bench.pace.rounds
        read = f"{records:,} services"
        yield bench.line("21", judging.trial_seconds(engine, town, records, rounds=rounds), "s", read)
        with bench.town(SMALL) as small:
            large = judging.peak_mib(engine, town, judging.recomputed)
            beside = judging.peak_mib(*small, judging.recomputed)
        yield bench.line("22", Measured(large.subject, beside.subject), "MiB", read)


def pages(bench: Bench) -> Iterator[Line]:
    """Ask for pages beside plain ones."""
    with bench.town(bench.pace.ordinary) as (engine, town):
        site, plain = Site(engine, town, bench.folder), PlainSite(engine, town)
        yield bench.line("11", _compared(bench, site.redemption(), plain.row()), "/s")
        yield bench.line("13", _compared(bench, site.card(), plain.balance()), "/s")
        site.close()
        plain.close()
    with bench.town(bench.pace.shelf) as (engine, town):
        site, plain = Site(engine, town, bench.folder), PlainSite(engine, town)
        yield bench.line("14", _compared(bench, site.passbook(), plain.passbook()), "/s")
        site.close()
        plain.close()


def _compared(bench: Bench, subject: Callable[[], None], yardstick: Callable[[], None]) -> Measured:
    sides = repeated(subject), repeated(yardstick)
    return compare(*sides, rounds=bench.pace.rounds, seconds=bench.pace.seconds, read=_per_second)


def programs(bench: Bench) -> Iterator[Line]:
    """Ask the running service by eight programs at once, beside an endpoint that does nothing."""
    rounds, seconds = bench.pace.rounds, bench.pace.seconds
    with (
        bench.town(bench.pace.ordinary) as (engine, town),
        calls.serving(engine, town, bench.folder) as service,
    ):
        redeemed = calls.rounds_of(service, service.redemption, rounds=rounds, seconds=seconds)
        read = calls.rounds_of(service, service.passbook, rounds=rounds, seconds=seconds)
    yield bench.line("12", calls.slow_beside_usual(redeemed), "ms")
    yield bench.line("24a", calls.beside_trivial(redeemed, 50), "ms")
    yield bench.line("24b", calls.beside_trivial(redeemed, 99), "ms")
    yield bench.line("25a", calls.beside_trivial(read, 50), "ms")
    yield bench.line("25b", calls.beside_trivial(read, 99), "ms")


def start(bench: Bench) -> Iterator[Line]:
    """Import the package and make the application."""
    with bench.town(SMALL) as (engine, _town):
        yield bench.line("19", Program(engine, bench.folder).cpu_beside_libraries(rounds=bench.pace.rounds), "ms")


@dataclass(frozen=True, slots=True)
class Part:
    """What is measured together. numbers: of its targets; kinds: of the databases; pace: quick takes what is short."""

    measure: Measurement
    numbers: tuple[str, ...]
    kinds: frozenset[str]
    in_quick: bool


EITHER: Final = frozenset({"sqlite", "postgresql"})
ONE: Final = frozenset({"sqlite"})
SERVER: Final = frozenset({"postgresql"})
BASKETS: Final = ("23a", "23b", "23c", "23d", "23e", "23f")
PARTS: Final = (
    Part(redemption, ("8",), ONE, in_quick=True),
    Part(redemption, ("1", "2"), SERVER, in_quick=False),
    Part(crowds, ("4", "5", "6"), SERVER, in_quick=False),
    Part(history, ("9", "10a", "10b", "10c", "10d", "18", "20"), EITHER, in_quick=True),
    Part(baskets, BASKETS, EITHER, in_quick=False),
    Part(pages, ("11", "13", "14"), ONE, in_quick=True),
    Part(verification, ("15", "16", "21", "22"), ONE, in_quick=True),
    Part(programs, ("12", "24a", "24b", "25a", "25b"), EITHER, in_quick=True),
    Part(start, ("19",), ONE, in_quick=True),
)
NOT_MEASURED: Final = {
    "7": "the leaf is part of every posting; there is no way to post without it",
    "17": "not measured yet",
}
"""Targets that no part measures, and why."""


def run(benches: Sequence[Bench], tell: Callable[[Line], None], only: Collection[str] = ()) -> list[Line]:
    """Measure everything that can be measured on these databases, then ask what the books promise.

    Args:
        tell: is given each line as soon as it is known.
        only: targets that are wanted; what is measured together with them is measured too. Empty for all.

    Raises:
        PromiseBroken: then no figure counts.
    """
    lines = []
    for line in _measured(benches, only):
        tell(line)
        lines.append(line)
    for bench in benches:
        with bench.forged(SMALL) as (engine, town):
            promises.check_kept(engine, town)
    return lines


def _measured(benches: Sequence[Bench], only: Collection[str]) -> Iterator[Line]:
    for part in PARTS:
        if only and not set(only) & set(part.numbers):
            continue
        ready = [bench for bench in benches if bench.place.kind in part.kinds]
        for bench in ready:
            yield from part.measure(bench) if part.in_quick or not bench.pace.quick else _too_long(part, bench)
        if not ready:
            yield from (skipped(number, "needs --database-url", "postgresql") for number in part.numbers)
    yield from (skipped(number, why) for number, why in NOT_MEASURED.items() if not only or number in only)


def _too_long(part: Part, bench: Bench) -> Iterator[Line]:
    return (skipped(number, "not in a quick run", bench.place.kind) for number in part.numbers)
