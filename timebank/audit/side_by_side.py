"""Side by side: records and entries in the same order, and what to say where they differ."""

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, Generic, TypeVar

from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry, EntryKind

Record = TypeVar("Record")


class Side(Generic[Record]):
    """Records in the order of their entries, of which the next is always at hand; what has no other half is told."""

    def __init__(
        self,
        what: str,
        records: Iterator[Record],
        seq_of: Callable[[Record], int | None],
        subject_of: Callable[[Record], str],
    ) -> None:
        """Take the first. what: by which word the findings begin, as in `redemption_entry` and `redemption_record`."""
        self._what = what
        self._records = records
        self._seq_of = seq_of
        self._subject_of = subject_of
        self._next = next(records, None)

    def beside(self, entry: Entry) -> Generator[Finding, None, Record | None]:
        """Return the record of an entry; tell where it has none, and the records whose entry never came before it."""
        found: Record | None = None
        while self._next is not None and (self._seq_of(self._next) or 0) <= entry.seq:
            record, self._next = self._next, next(self._records, None)
            if self._seq_of(record) == entry.seq:
                found = record
                break
            yield self._without_entry(record)
        if found is None:
            yield Finding(f"{self._what}_record", f"entry {entry.seq}", {"source": entry.source})
        return found

    def rest(self) -> Iterator[Finding]:
        """Tell the records that are left: their entry never came."""
        while self._next is not None:
            record, self._next = self._next, next(self._records, None)
            yield self._without_entry(record)

    def _without_entry(self, record: Record) -> Finding:
        return missing(f"{self._what}_entry", self._subject_of(record), self._seq_of(record))


class Reversals:
    """What was taken back by its record must have been taken back in the books, by that entry, and the reverse."""

    WITH_RECORD = frozenset(
        kind.value
        for kind in (
            EntryKind.SERVICE_APPROVED,
            EntryKind.GOODS_REDEEMED,
            EntryKind.GOODS_RECEIVED,
            EntryKind.HOLD_CAPTURED,
        )
    )
    """The kinds whose record says whether it was taken back."""

    def __init__(self) -> None:
        """Begin with nothing taken back."""
        self._expected: dict[int, tuple[str, int]] = {}

    def expect(self, entry: Entry, source: str, reversal_seq: int | None) -> None:
        """Note that a record says by which entry it was taken back, if it was."""
        if reversal_seq is not None:
            self._expected[entry.seq] = (source, reversal_seq)

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare a reversal with what the record of its original says."""
        source, seq = self._expected.pop(entry.reverses or 0, ("", None))
        if seq is None and entry.facts.get("reversed_kind") not in self.WITH_RECORD:
            return
        if seq != entry.seq:
            yield Finding("reversal", source or f"entry {entry.seq}", {"record_says": seq, "entry": entry.seq})

    def rest(self) -> Iterator[Finding]:
        """Tell the records that were taken back by an entry that never came."""
        yield from (missing("reversal", source, seq) for source, seq in self._expected.values())


def missing(check: str, subject: str, seq: int | None) -> Finding:
    """Say that a record names an entry that is not there, or not of this record."""
    return Finding(check, subject, {"entry": seq})


def unlike(entry: Entry, record: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Finding]:
    """Say in which facts a record differs from what its entry says."""
    for name, value in record.items():
        if said.get(name) != value:
            facts = {"fact": name, "entry": str(said.get(name)), "record": str(value)}
            yield Finding("record_unlike_entry", f"entry {entry.seq}", facts)
