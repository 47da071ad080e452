"""Measuring: a subject beside its yardstick, several rounds, the ratio taken inside each round.

Both sides run in every round, in an order that changes, so that what else the machine does falls on both.
"""

import hashlib
import os
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NOISE_MAX: Final = 2.0
"""A yardstick that differs by more than this between two rounds judges nothing."""
ROUNDS_MIN: Final = 5


@dataclass(frozen=True, slots=True)
class Spent:
    """What some calls took. cpu_seconds: of the client and, where it can be seen, of the database server."""

    calls: int
    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        """Calls a second."""
        return self.calls / self.seconds

    @property
    def seconds_each(self) -> float:
        """How long one call took."""
        return self.seconds / self.calls

    @property
    def cpu_ms_each(self) -> float:
        """Milliseconds of CPU for one call."""
        return self.cpu_seconds / self.calls * 1000


Side = Callable[[float], Spent]
"""Runs for about so many seconds."""
Read = Callable[[Spent], float]


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of both sides, round by round. yardstick: empty where there is none."""

    subject: tuple[float, ...]
    yardstick: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """The subject beside the yardstick; without one, the subject itself."""
        if not self.yardstick:
            return self.subject
        return tuple(one / other for one, other in zip(self.subject, self.yardstick, strict=True))

    @property
    def median(self) -> float:
        """The figure that is judged."""
        return statistics.median(self.ratios)

    @property
    def noise(self) -> float:
        """How much the yardstick differs between rounds: the largest by the smallest."""
        sides = self.yardstick or self.subject
        return max(sides) / min(sides)


Rounds = tuple[tuple[Spent, Spent], ...]
"""What subject and yardstick spent, round by round."""


def compare(subject: Side, yardstick: Side, *, rounds: int, seconds: float, read: Read) -> Measured:
    """Run both sides in every round and read one figure of each; see `side_by_side`."""
    return figures(side_by_side(subject, yardstick, rounds=rounds, seconds=seconds), read)


def side_by_side(subject: Side, yardstick: Side, *, rounds: int, seconds: float) -> Rounds:
    """Run both sides in every round, in changing order.

    Args:
        rounds: at least five, for a median that one bad round does not move.
        seconds: of each side in each round.
    """
    assert rounds >= ROUNDS_MIN, rounds
    warm = seconds / 10
    subject(warm), yardstick(warm)
    return tuple(_round(number, subject, yardstick, seconds) for number in range(rounds))


def figures(found: Rounds, read: Read) -> Measured:
    """Read one figure of each side: calls a second, CPU of a call, time of a call."""
    return Measured(tuple(read(one) for one, _ in found), tuple(read(other) for _, other in found))


def _round(number: int, subject: Side, yardstick: Side, seconds: float) -> tuple[Spent, Spent]:
    if hashlib.sha256(f"round {number}".encode()).digest()[0] % 2:
        other = yardstick(seconds)
        return subject(seconds), other
    one = subject(seconds)
    return one, yardstick(seconds)


def repeated(call: Callable[[], object], cpu: Callable[[], float] | None = None) -> Side:
    """Make a side of one call: it is made again and again until the time is over, once at least."""
    used = cpu or own_cpu_seconds

    def run(seconds: float) -> Spent:
        calls, began, cpu_before = 0, time.perf_counter(), used()
        deadline = began + seconds
        while calls == 0 or time.perf_counter() < deadline:
            call()
            calls += 1
        return Spent(calls, time.perf_counter() - began, used() - cpu_before)

    return run


def own_cpu_seconds() -> float:
    """Return the CPU that this process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def children_cpu_seconds() -> float:
    """Return the CPU that the child processes that have ended have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_seconds_of(process_id: int) -> float | None:
    """Return the CPU that a process has used so far; None where it is not on this machine, or nobody tells."""
    try:
        told = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = told.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
