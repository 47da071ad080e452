"""Receipts: what somebody holds to prove an entry. A code of twenty digits on paper, and a small text file.

The file is a C2SP log proof whose extra data is the entry itself, so that it can be checked without a network and
without this program. Which head stands behind it: the newest one that a witness has cosigned, else the newest signed.

Source: ledger.md section 5, receipt; C2SP tlog-proof.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from timebank.books.journal import entry_at
from timebank.books.log import tree
from timebank.books.pages import entry_view
from timebank.books.statements import entries_total
from timebank.evidence.keys import LogKeys, verify_with
from timebank.evidence.queries import SignedHead, Witness, find_head_behind
from timebank.evidence.signing import EntryAltered
from timebank.ledger.canonical import entry_of, leaf_bytes
from timebank.ledger.checkpoint import Checkpoint, TrustedLog, verify_cosignature
from timebank.ledger.codes import Code, DocumentCode, document_code
from timebank.ledger.entries import Entry
from timebank.ledger.log_proof import LogProof, parse_log_proof, verify_log_proof
from timebank.ledger.merkle import leaf_hash
from timebank.ledger.note import Note, parse_note
from timebank.refusal import Refusal


class NotYetSigned(Refusal):
    """The entry was booked a moment ago and no signed head covers it yet."""

    code = "not_yet_signed"


class NoSuchDocument(Refusal):
    """No entry has this code."""

    code = "no_such_document"


class DocumentDiffers(Refusal):
    """There is an entry of this number, but it is not the one that the paper was printed for."""

    code = "document_differs"


class ReceiptWithoutEntry(Refusal):
    """The file proves something, but does not carry the entry that it proves."""

    code = "receipt_without_entry"


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry and the proof of it.

    Attributes:
        code: for paper.
        entry: what was booked; nothing that is not in the log.
        reversed_by: number of the entry that took it back, if any.
        head: the signed head behind it, None while it is not signed yet; `proof` leads from the entry to it.
    """

    code: Code
    entry: Entry
    reversed_by: int | None
    head: SignedHead | None
    proof: LogProof | None

    def to_bytes(self) -> bytes:
        """Write the receipt as a file.

        Raises:
            NotYetSigned: there is no head to prove it by.
        """
        if self.proof is None:
            raise NotYetSigned(seq=self.entry.seq)
        return self.proof.to_bytes()


def receipt(session: Session, community_id: str, seq: int) -> Receipt:
    """Return the receipt of an entry.

    Raises:
        NoSuchEntry: there is no entry of this number.
        EntryAltered: what stands there is no entry any more.
    """
    entry = _entry(session, community_id, seq)
    view = entry_view(session, community_id, seq)
    head = find_head_behind(session, community_id, seq)
    proof = None if head is None else _proof(session, community_id, entry, head)
    return Receipt(document_code(seq, _hash_of(entry)), entry, view.reversed_by if view else None, head, proof)


def _entry(session: Session, community_id: str, seq: int) -> Entry:
    """Read the entry that stands under a number."""
    try:
        entry = entry_at(session, community_id, seq)
    except ValueError as error:
        raise EntryAltered(seq=seq) from error
    if (entry.community_id, entry.seq) != (community_id, seq):
        raise EntryAltered(seq=seq)
    return entry


def _hash_of(entry: Entry) -> bytes:
    """Hash what stands there now, not what is stored as its hash."""
    return leaf_hash(leaf_bytes(entry))


def _proof(session: Session, community_id: str, entry: Entry, head: SignedHead) -> LogProof:
    hashes = tree.inclusion(session, community_id, index=entry.seq - 1, size=head.size)
    return LogProof(entry.seq - 1, hashes, parse_note(head.file.encode()), leaf_bytes(entry))


def find_document(session: Session, community_ids: Iterable[str], document: DocumentCode) -> tuple[str, Receipt]:
    """Return the community and the receipt of a printed code, looking through communities in order.

    Raises:
        NoSuchDocument: none of them has an entry of this number.
        DocumentDiffers: one has, but its hash begins in another way than the paper says.
        EntryAltered: what stands there is no entry any more, or another one.
    """
    there = [community_id for community_id in community_ids if entries_total(session, community_id) >= document.seq]
    for community_id in there:
        if document.stands_for(_hash_of(_entry(session, community_id, document.seq))):
            return community_id, receipt(session, community_id, document.seq)
    if there:
        raise DocumentDiffers(seq=document.seq)
    raise NoSuchDocument()


def code_of(session: Session, community_id: str, seq: int) -> Code:
    """Return the code to print on the document of an entry.

    Raises:
        NoSuchEntry: there is no entry of this number.
    """
    return document_code(seq, _hash_of(_entry(session, community_id, seq)))


@dataclass(frozen=True, slots=True)
class Seal:
    """A witness whose cosignature stands below the head: who, and when they saw it."""

    name: str
    holder: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """What a receipt proves, after it was verified.

    Attributes:
        entry: the entry that is in the log.
        checkpoint: the head of the log that it is in.
        seals: the witnesses that stand behind that head.
    """

    entry: Entry
    checkpoint: Checkpoint
    seals: tuple[Seal, ...]


def read_receipt(raw: bytes) -> tuple[LogProof, Entry]:
    """Read a receipt from a file; nothing is proven yet.

    Raises:
        NoteTooLarge, NoteNotText, NoteCutOff, MalformedLogProof, NoteNotSigned, MalformedSignature: it is no log proof.
        ReceiptWithoutEntry: the entry is not in it.
    """
    proof = parse_log_proof(raw)
    try:
        return proof, entry_of(proof.extra)
    except ValueError as error:
        raise ReceiptWithoutEntry() from error


def check_receipt(proof: LogProof, entry: Entry, log: TrustedLog, witnesses: Iterable[Witness]) -> Checked:
    """Verify that the entry is in the log, and which of the known witnesses stand behind the head.

    Raises:
        NotSignedBy, SignatureMismatch, MalformedCheckpoint, ForeignLog: the head in it is not the log's.
        EntryBeyondTree, WrongProofLength, EntryNotProven: the proof does not lead to that head.
    """
    checkpoint = verify_log_proof(proof, leaf_hash(proof.extra), log)
    return Checked(entry, checkpoint, tuple(_seals(proof.note, witnesses)))


def _seals(note: Note, witnesses: Iterable[Witness]) -> Iterable[Seal]:
    signed = {(each.name, each.key_id) for each in note.signatures}
    for witness in witnesses:
        if (witness.name, witness.key.key_id) in signed:
            seen_at = verify_cosignature(note, witness.key, verify_with(witness.key))
            yield Seal(witness.name, witness.holder, seen_at)


def check_own(found: Receipt, keys: LogKeys, witnesses: Iterable[Witness]) -> Checked | None:
    """Verify a receipt of ours as a stranger would; None while it is not signed yet.

    Raises:
        NotSignedBy, SignatureMismatch, EntryNotProven and the like: our own log does not hold.
    """
    if found.proof is None:
        return None
    log = keys.log_of(found.proof.note, found.entry.community_id)
    return check_receipt(found.proof, found.entry, log, witnesses)
