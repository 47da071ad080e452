"""Reconcile certificates: each is still the snapshot that the log committed to, and ended as the log says."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from timebank.audit.side_by_side import Side, unlike
from timebank.certificates import queries as certificates
from timebank.certificates.rules import digest_of
from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry


class Certificates:
    """Certificates as they were issued; a changed word is found by the commitment in the entry."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Begin before the first certificate."""
        issued = certificates.certificates_in_order(session, community_id)
        self._records = Side("certificate", issued, lambda one: one.entry_seq, lambda one: one.number)

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare an entry with its certificate."""
        record = yield from self._records.beside(entry)
        if record is None:
            return
        expected = {
            "certificate": record.number,
            "volunteer": record.volunteer_number,
            "digest": digest_of(record.salt, record.text),
            "issuer": record.issuer,
        }
        yield from unlike(entry, expected, dict(entry.facts))

    def rest(self) -> Iterator[Finding]:
        """Tell the certificates whose entry never came."""
        yield from self._records.rest()


class CertificateEnds:
    """How certificates were revoked or replaced."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Begin before the first end."""
        ended = certificates.ends_in_order(session, community_id)
        self._records = Side("certificate", ended, lambda one: one.entry_seq, lambda one: one.number)

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare an entry with the end that it wrote."""
        record = yield from self._records.beside(entry)
        if record is None:
            return
        expected = {"certificate": record.number, "state": record.state.value, "ender": record.ender}
        yield from unlike(entry, expected, {**entry.facts, "ender": entry.actor})

    def rest(self) -> Iterator[Finding]:
        """Tell the ends whose entry never came."""
        yield from self._records.rest()
