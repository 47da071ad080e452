"""What another rule document would have paid, and whether every posting is what its own version says. Both only read.

Both walk the log once, entry by entry, in flat memory: a community of any size can ask.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from timebank.books import journal
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


def simulate(
    session: Session, community_id: str, document: RuleDocument, *, last_on: date, told: Told = lambda _count: None
) -> Simulation:
    """Compute what a document would have paid for the services of the twelve months up to a day; the books stay.

    Args:
        last_on: the last day of service that counts.
        told: hears now and then how many services were looked at.
    """
    first_on = last_on - timedelta(days=SIMULATED_DAYS - 1)
    areas = {one.number: one.area or "" for one in people.all_volunteers(session, community_id)}
    tally = Tally(document, areas)
    for count, entry in enumerate(_services(session, community_id), start=1):
        if count % 1000 == 0:
            told(count)
        original = entry if entry.reverses is None else journal.entry_at(session, community_id, entry.reverses)
        if original.served_on is not None and first_on <= original.served_on <= last_on:
            tally.take(_service_of(original), 1 if original is entry else -1)
    return Simulation(
        first_on,
        last_on,
        tally.total,
        _sorted(tally.by_class),
        _sorted(tally.by_area),
        _sorted(tally.by_person),
        tuple(sorted(tally.unknown_classes)),
    )


def _services(session: Session, community_id: str) -> Iterator[Entry]:
    """Yield every approved service, and every reversal of one, oldest first."""
    for leaf, _hash in entries_in_order(session, community_id):
        if _SERVICE in leaf:
            entry = entry_of(leaf)
            if entry.kind is EntryKind.SERVICE_APPROVED or entry.kind is EntryKind.REVERSAL:
                yield entry


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
        told: hears now and then how many services were looked at.
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
