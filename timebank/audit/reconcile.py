"""Reconcile: every record has its entry and every entry its record, and each says the same as the other.

Records and entries are read side by side, both in the order of the entries, so that books of any size are compared in
flat memory. What a record was worth is computed again from the rule version and the inputs in its entry. One class
stands for each kind of record; goods and prices have their own file.
"""

from collections.abc import Iterator
from typing import Any, Protocol

from sqlalchemy.orm import Session

from timebank.audit.reconcile_certificates import CertificateEnds, Certificates
from timebank.audit.reconcile_market import Prices, Redemptions
from timebank.audit.reconcile_pool import UNREADABLE, PoolGrants, Surpluses
from timebank.audit.reconcile_relief import Reliefs
from timebank.audit.reconcile_stars import Awards, Inquiries
from timebank.audit.reconcile_stock import Deliveries, StockCounts, StockMoves, WriteOffs
from timebank.audit.reconcile_vouchers import Captured
from timebank.audit.side_by_side import Reversals, Side, unlike
from timebank.ledger.accounts import MINUTES, AccountKind
from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry, EntryKind
from timebank.rulebook.queries import rule_version
from timebank.rulebook.rules import (
    NoSuchServiceClass,
    RuleDocument,
    document_hash,
    recompute,
)
from timebank.service import queries as service
from timebank.service.queries import ApprovedRecord


class Records(Protocol):
    """One kind of record, beside the entries that it stands behind."""

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare one entry with its record."""

    def rest(self) -> Iterator[Finding]:
        """After the last entry: the records whose entry never came."""


class Services:
    """Approved service records: minutes, persons, and the points that the rule gives for them."""

    def __init__(self, session: Session, community_id: str, reversals: Reversals) -> None:
        """Begin before the first record."""
        approved = service.approved_records(session, community_id)
        self._records = Side("service", approved, lambda record: record.entry_seq, _source)
        self._reversals = reversals
        self._documents = _Documents(session, community_id)

    def take(self, entry: Entry) -> Iterator[Finding]:
        """See `Records`."""
        record = yield from self._records.beside(entry)
        if record is not None:
            yield from unlike(entry, _service_facts(record), _service_said(entry))
            self._reversals.expect(entry, _source(record), record.reversal_seq)
        yield from self._recomputed(entry)

    def _recomputed(self, entry: Entry) -> Iterator[Finding]:
        try:
            again = recompute(entry, self._documents.of(entry))
        except (ValueError, NoSuchServiceClass, *UNREADABLE):
            yield Finding("rule", f"entry {entry.seq}", {"rule_version": entry.rule_version})
            return
        if not again.agrees:
            facts = {"points_e2": again.points_e2, "points_due_e2": again.points_due_e2}
            yield Finding(
                "rule", f"entry {entry.seq}", {**facts, "minutes": again.minutes, "minutes_due": again.minutes_due}
            )

    def rest(self) -> Iterator[Finding]:
        """See `Records`."""
        yield from self._records.rest()


class _Documents:
    """The rule documents that entries name, each read once."""

    def __init__(self, session: Session, community_id: str) -> None:
        self._session = session
        self._community_id = community_id
        self._read: dict[int, RuleDocument] = {}

    def of(self, entry: Entry) -> RuleDocument:
        version = entry.rule_version or 0
        if version not in self._read:
            self._read[version] = rule_version(self._session, self._community_id, version).document
        return self._read[version]


def _source(record: ApprovedRecord) -> str:
    return f"service-record:{record.id}"


def _service_facts(record: ApprovedRecord) -> dict[str, Any]:
    return {
        "source": _source(record),
        "volunteers": {record.volunteer_number},
        "minutes": record.minutes,
        "served_on": record.served_on,
        "recorder": record.recorder,
        "approver": record.approver,
        "rating": record.rating,
        "further": record.further or ("missing" if record.needs_further else None),
        "persons": 3 if len({record.recorder_id, record.approver_id, record.person_id}) == 3 else "not three",
    }


def _service_said(entry: Entry) -> dict[str, Any]:
    served = [transfer for transfer in entry.transfers if transfer.debit.kind is AccountKind.SERVICE]
    return {
        "source": entry.source,
        "volunteers": {transfer.credit.owner for transfer in entry.transfers if transfer.credit.owner},
        "minutes": sum(transfer.amount for transfer in served if transfer.unit == MINUTES),
        "served_on": entry.served_on,
        "recorder": entry.facts.get("recorder"),
        "approver": entry.actor,
        "rating": entry.facts.get("rating"),
        "further": entry.facts.get("further"),
        "persons": 3,
    }


class Rules:
    """Published rule versions: each is still the document whose hash was published."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Read nothing yet; there are few versions."""
        self._session = session
        self._community_id = community_id

    def take(self, entry: Entry) -> Iterator[Finding]:
        """See `Records`."""
        try:
            version = rule_version(self._session, self._community_id, entry.rule_version or 0)
        except UNREADABLE:
            yield Finding("rule_version", f"entry {entry.seq}", {"rule_version": entry.rule_version})
            return
        record = {
            "version": version.version,
            "valid_from": version.valid_from.isoformat(),
            "document_sha256": document_hash(version.text).hex(),
            "entry": version.entry_seq,
        }
        yield from unlike(entry, record, {**entry.facts, "entry": entry.seq})

    def rest(self) -> Iterator[Finding]:
        """A version that no entry published is found where an entry names it."""
        return iter(())


class Reconciler:
    """Reads records beside the entries; give it every entry in order, then ask what is left."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Begin before the first entry."""
        self._reversals = Reversals()
        services = Services(session, community_id, self._reversals)
        prices = Prices()
        redemptions = Redemptions(session, community_id, self._reversals, prices)
        deliveries = Deliveries(session, community_id, self._reversals)
        awards = Awards(session, community_id)
        self._records: dict[EntryKind, Records] = {
            EntryKind.SERVICE_APPROVED: services,
            EntryKind.PRICES_PUBLISHED: prices,
            EntryKind.GOODS_REDEEMED: redemptions,
            EntryKind.HOLD_CAPTURED: Captured(session, community_id, prices, redemptions),
            EntryKind.GOODS_RECEIVED: deliveries,
            EntryKind.GOODS_WRITTEN_OFF: WriteOffs(session, community_id),
            EntryKind.RELIEF_ISSUED: Reliefs(session, community_id),
            EntryKind.GOODS_MOVED: StockMoves(session, community_id),
            EntryKind.GOODS_COUNTED: StockCounts(session, community_id),
            EntryKind.STAR_GRANTED: awards,
            EntryKind.STAR_REFUSED: awards,
            EntryKind.STAR_INQUIRY_DECIDED: Inquiries(session, community_id),
            EntryKind.POOL_GRANTED: PoolGrants(session, community_id),
            EntryKind.SURPLUS_DONATED: Surpluses(session, community_id),
            EntryKind.CERTIFICATE_ISSUED: Certificates(session, community_id),
            EntryKind.CERTIFICATE_ENDED: CertificateEnds(session, community_id),
            EntryKind.RULES_PUBLISHED: Rules(session, community_id),
            EntryKind.REVERSAL: self._reversals,
        }

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare one entry with its record."""
        records = self._records.get(entry.kind)
        if records is not None:
            yield from records.take(entry)

    def rest(self) -> Iterator[Finding]:
        """After the last entry: records whose entry never came."""
        for records in dict.fromkeys(self._records.values()):
            yield from records.rest()
