"""What is done to the evidence by hand: keys announced, witnesses registered, cosignatures taken, a log recovered.

Everything that changes whom the log is believed for is an entry of the log itself.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import head as heads
from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.log import tree
from timebank.books.pages import JournalFilter, journal_page
from timebank.books.requests import once
from timebank.evidence.keys import LogKeys, verify_with
from timebank.evidence.queries import Witness, find_newest_head, signed_head, witnesses
from timebank.evidence.signing import LogForked, checked_from
from timebank.evidence.tables import CosignatureRow, WitnessRow
from timebank.ledger.checkpoint import open_checkpoint, verify_cosignature
from timebank.ledger.entries import Draft, EntryKind
from timebank.ledger.merkle import Frontier, TreeHead
from timebank.ledger.note import KeyKind, MalformedKey, Note, parse_key, parse_note
from timebank.ledger.witness_request import REQUEST_BEGINS
from timebank.people.queries import check_may
from timebank.people.roles import Permission
from timebank.refusal import Refusal

HOLDER_LENGTH_MAX = 60
NAME_LENGTH_MAX = 100
CLOCK_LEEWAY = timedelta(hours=1)
"""How far the clocks of two computers may be apart."""


class WitnessKnown(Refusal):
    """There is a witness of this name already."""

    code = "witness_known"


class NotAWitnessKey(Refusal):
    """The key is not one that a witness makes."""

    code = "not_a_witness_key"


class HolderUnclear(Refusal):
    """It must be said who keeps the witness's key, in 1 to 60 characters."""

    code = "holder_unclear"


class WitnessClockAhead(Refusal):
    """The cosignature names a moment that is still to come: the witness's computer shows a wrong time."""

    code = "witness_clock_ahead"


class NotWitnessed(Refusal):
    """No signature in the file is by a registered witness."""

    code = "not_witnessed"


@once("evidence.announce_key", subject="key")
def announce_key(session: Session, act: Act, *, key: str) -> int:
    """Write into the log under which key its heads are signed from now on; return the entry's number.

    Raises:
        NotAllowed: the actor does not keep the log.
        MalformedKey: it is no key.
    """
    check_may(session, act, Permission.KEEP_LOG)
    if parse_key(key).kind is not KeyKind.TEXT:
        raise MalformedKey()
    earlier = journal_page(session, act.community_id, JournalFilter(kind=EntryKind.LOG_KEY_SET), limit=1).entries
    facts = {"key": key, "previous": earlier[0].entry.facts["key"] if earlier else None}
    return journal.post(session, act, Draft(kind=EntryKind.LOG_KEY_SET, effective_on=act.today, facts=facts)).seq


@once("evidence.add_witness", subject="key")
def add_witness(session: Session, act: Act, *, key: str, holder: str) -> int:
    """Register somebody outside as a witness; return the number of the entry that says so.

    Args:
        key: the witness's public key, one line, as `timebank witness init` shows it.
        holder: who keeps it, in words for the public page (an office, a role; it is not written into the log).

    Raises:
        NotAllowed: the actor does not keep the log.
        MalformedKey, NotAWitnessKey: it is no witness's key.
        HolderUnclear: nobody is named, or at too great a length.
        WitnessKnown: there is a witness of this name.
    """
    check_may(session, act, Permission.KEEP_LOG)
    witness = parse_key(key)
    if witness.kind is not KeyKind.COSIGNATURE or len(witness.name) > NAME_LENGTH_MAX:
        raise NotAWitnessKey(name=witness.name)
    if not 1 <= len(holder.strip()) <= HOLDER_LENGTH_MAX:
        raise HolderUnclear(length_max=HOLDER_LENGTH_MAX)
    if session.get(WitnessRow, (act.community_id, witness.name)) is not None:
        raise WitnessKnown(name=witness.name)
    draft = Draft(
        kind=EntryKind.WITNESS_ADDED,
        effective_on=act.today,
        memo=holder.strip(),
        facts={"key": key, "name": witness.name},
    )
    seq = journal.post(session, act, draft).seq
    values = {"community_id": act.community_id, "name": witness.name, "key": key, "holder": holder.strip(), "seq": seq}
    session.execute(sa.insert(WitnessRow), values)
    return seq


def take_cosignatures(
    session: Session, community_id: str, *, raw: bytes, keys: LogKeys, at: datetime
) -> tuple[str, ...]:
    """Keep the cosignatures of registered witnesses in a checkpoint that is handed back; return their names.

    A cosignature that is there already is passed over, so the same file may be handed in twice; where the witness saw
    the same head again, the new moment is kept beside the old one.

    Raises:
        NoteTooLarge, NoteNotText, NoteCutOff, NoteNotSigned, MalformedSignature, MalformedCheckpoint: it is none.
        NotSignedBy, SignatureMismatch: it is not this log's, or a signature in it is false.
        NoSuchHead: no head of this size was signed.
        LogForked: this log's key signed another head of the same size: there are two histories.
        NotWitnessed: no registered witness has signed it, or it is the request that a witness was to sign.
        WitnessClockAhead: it was signed in the future.
    """
    if raw.startswith(REQUEST_BEGINS):
        raise NotWitnessed()
    note = parse_note(raw)
    checkpoint = open_checkpoint(note, keys.log_of(note, community_id))
    heads.lock(session, community_id)
    known = signed_head(session, community_id, checkpoint.size)
    if known.root != checkpoint.root:
        raise LogForked(size=checkpoint.size)
    signed = {(each.name, each.key_id) for each in note.signatures}
    found = [each for each in witnesses(session, community_id) if (each.name, each.key.key_id) in signed]
    if not found:
        raise NotWitnessed()
    seen = {witness: verify_cosignature(note, witness.key, verify_with(witness.key)) for witness in found}
    for witness, seen_at in seen.items():
        if seen_at > at + CLOCK_LEEWAY:
            raise WitnessClockAhead(name=witness.name, seen_at=seen_at.isoformat())
    there = {each.name: each.seen_at for each in known.cosignatures}
    new = [
        _cosignature(community_id, checkpoint.size, witness, note, seen_at)
        for witness, seen_at in seen.items()
        if witness.name not in there or there[witness.name] < seen_at
    ]
    if new:
        session.execute(sa.insert(CosignatureRow), new)
    return tuple(sorted(witness.name for witness in found))


def _cosignature(
    community_id: str, size: int, witness: Witness, note: Note, seen_at: datetime
) -> dict[str, str | int | datetime]:
    """Keep the newest of the witness's lines: what it says is what `verify_cosignature` returned."""
    line = max(note.signatures_by(witness.key), key=lambda signature: signature.value[:8]).line
    return {"community_id": community_id, "size": size, "name": witness.name, "line": line, "seen_at": seen_at}


@once("evidence.recover")
def recover(
    session: Session, act: Act, *, signed_size: int | None, signed_root: str | None, reason: str
) -> dict[str, Any]:
    """Go on from a restored backup: check the whole log and write into it what was signed before and what is there now.

    The signer's memory is changed afterwards, by the shell. Witnesses who saw more than what is there now will say so,
    and this entry is the answer to them.

    Args:
        signed_size, signed_root: the last head in the signer's memory (root in hex), None where it is gone.
        reason: why, in words.

    Returns:
        `entry`: the number of the entry that says so; `size` and `root` (hex): the head that is there, before it.

    Raises:
        NotAllowed: the actor does not keep the log.
        EntryAltered, LogDamaged: the restored log does not agree with itself; another backup is needed.
        LogForked: it does not agree with the heads that were signed in it.
    """
    check_may(session, act, Permission.KEEP_LOG)
    heads.lock(session, act.community_id)
    there = checked_from(session, act.community_id, Frontier()).head()
    _check_signed_heads(session, act.community_id, there)
    facts = {
        "signed_size": signed_size,
        "signed_root": signed_root,
        "restored_size": there.size,
        "restored_root": there.root.hex(),
    }
    draft = Draft(kind=EntryKind.LOG_RESTORED, effective_on=act.today, memo=reason, facts=facts)
    return {"entry": journal.post(session, act, draft).seq, "size": there.size, "root": there.root.hex()}


def _check_signed_heads(session: Session, community_id: str, there: TreeHead) -> None:
    newest = find_newest_head(session, community_id)
    if newest is None:
        return
    if newest.size > there.size or tree.head_at(session, community_id, newest.size) != newest.head:
        raise LogForked(size=newest.size)
