"""What another rule document would have paid, and whether every posting is what its own version says. Both only read.

Both walk the log once, entry by entry, in flat memory: a community of any size can ask.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.head import find_head
from timebank.books.statements import entries_in_order
from timebank.ledger.accounts import POINTS, AccountKind
from timebank.ledger.canonical import entry_of
from timebank.ledger.entries import Entry, EntryKind
from timebank.people import queries as people
from timebank.rulebook.queries import rule_versions
from timebank.rulebook.rules import (
    SIMULATED_DAYS,
    Compared,
    NoSuchServiceClass,
    Recomputed,
    RuleDocument,
    Service,
    Tally,
    facts_as_inputs,
    recompute,
)

_SERVICE = b'"service-approved"'
"""What the leaf of every service has in it, and that of its reversal too: other leaves need not be parsed."""
STEP = 2000
"""After so many entries whoever waits is told how far it is."""
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a document would have paid for the services of twelve months.

    Attributes:
        first_on, last_on: days of service that were looked at, both included.
        total: all of them.
        by_class, by_area, by_person: the same by code of the class, name of the area, and number of the volunteer; the
            largest difference first.
        unknown_classes: classes in which people served and which the document does not have; they would earn nothing.
    """

    first_on: date
    last_on: date
    total: Compared
    by_class: tuple[tuple[str, Compared], ...]
    by_area: tuple[tuple[str, Compared], ...]
    by_person: tuple[tuple[str, Compared], ...]
    unknown_classes: tuple[str, ...]


class Trial:
    """A simulation that tells how far it is while it goes on; the books stay."""

    def __init__(self, session: Session, community_id: str, document: RuleDocument, *, last_on: date) -> None:
        """See `simulate`."""
        self._session, self._community_id, self._last_on = session, community_id, last_on
        self._first_on = last_on - timedelta(days=SIMULATED_DAYS - 1)
        self._tally = Tally(
            document, {one.number: one.area or "" for one in people.all_volunteers(session, community_id)}
        )
        self.services = 0

    def steps(self) -> Iterator[int]:
        """Look at every service once; yield now and then how much of the log has been read, in whole per cent."""
        head = find_head(self._session, self._community_id)
        size = head.size if head else 0
        for read, (leaf, _hash) in enumerate(entries_in_order(self._session, self._community_id), start=1):
            entry = _find_service(leaf)
            if entry is not None:
                self._take(entry)
            if read % STEP == 0:
                yield min(100, read * 100 // size)

    def _take(self, entry: Entry) -> None:
        self.services += 1
        if entry.reverses is None:
            original = entry
        else:
            original = journal.entry_at(self._session, self._community_id, entry.reverses)
        if original.served_on is not None and self._first_on <= original.served_on <= self._last_on:
            self._tally.take(_service_of(original), 1 if original is entry else -1)

    @property
    def simulation(self) -> Simulation:
        """What it has come to so far; all of it once the steps are over."""
        return Simulation(
            self._first_on,
            self._last_on,
            self._tally.total,
            _sorted(self._tally.by_class),
            _sorted(self._tally.by_area),
            _sorted(self._tally.by_person),
            tuple(sorted(self._tally.unknown_classes)),
        )


def simulate(
    session: Session, community_id: str, document: RuleDocument, *, last_on: date, told: Told = lambda _count: None
) -> Simulation:
    """Compute what a document would have paid for the services of the twelve months up to a day; the books stay.

    Args:
        last_on: the last day of service that counts.
        told: hears now and then, and at the end, how many services were looked at.
    """
    trial = Trial(session, community_id, document, last_on=last_on)
    for _per_cent in trial.steps():
        told(trial.services)
    told(trial.services)
    return trial.simulation


def _services(session: Session, community_id: str) -> Iterator[Entry]:
    """Yield every approved service, and every reversal of one, oldest first."""
    for leaf, _hash in entries_in_order(session, community_id):
        entry = _find_service(leaf)
        if entry is not None:
            yield entry


def _find_service(leaf: bytes) -> Entry | None:
    if _SERVICE not in leaf:
        return None
    entry = entry_of(leaf)
    return entry if entry.kind is EntryKind.SERVICE_APPROVED or entry.kind is EntryKind.REVERSAL else None


def _service_of(entry: Entry) -> Service:
    issued = sum(t.amount for t in entry.transfers if t.debit.kind is AccountKind.ISSUANCE and t.unit == POINTS)
    volunteer = next(t.credit.owner for t in entry.transfers if t.credit.kind is AccountKind.RECOGNISED)
    return Service(volunteer, facts_as_inputs(entry.facts), issued)


def _sorted(table: dict[str, Compared]) -> tuple[tuple[str, Compared], ...]:
    found = [(name, compared) for name, compared in table.items() if compared.records]
    return tuple(sorted(found, key=lambda pair: (-abs(pair[1].difference_e2), pair[0])))


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry that is not what its rule version says; `recomputed` is None where that cannot even be computed."""

    seq: int
    rule_version: int | None
    recomputed: Recomputed | None


@dataclass(slots=True)
class Recount:
    """How far a recomputation has come: how many services were looked at."""

    services: int = 0


def differences(
    session: Session, community_id: str, recount: Recount, told: Told = lambda _count: None
) -> Iterator[Difference]:
    """Recompute every approved service from its own entry and rule version; yield those that differ.

    Args:
        recount: is counted up while the entries pass by.
        told: hears now and then, and at the end, how many services were looked at.
    """
    documents = {version.version: version.document for version in rule_versions(session, community_id)}
    for entry in _services(session, community_id):
        if entry.kind is not EntryKind.SERVICE_APPROVED:
            continue
        recount.services += 1
        if recount.services % 1000 == 0:
            told(recount.services)
        again = _again(entry, documents)
        if again is None or not again.agrees:
            yield Difference(entry.seq, entry.rule_version, again)


def _again(entry: Entry, documents: dict[int, RuleDocument]) -> Recomputed | None:
    try:
        return recompute(entry, documents[entry.rule_version or 0])
    except (KeyError, ValueError, NoSuchServiceClass):
        return None
