"""Signing: check what was added since the last signed head, then put the log's name to the new one.

Checking reads and may take long after a large import; signing writes and is short, for it checks only what came while
it waited for the lock. What is wrong is told as a kind of `LogDamaged`; the shell turns it into the alarm.

Source: ledger.md section 5, checkpoint.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import head as heads
from timebank.books import statements
from timebank.books.log import tree
from timebank.evidence.keys import LogKeys
from timebank.evidence.last_heads import LastHeads
from timebank.evidence.queries import SignedHead, find_newest_head
from timebank.evidence.tables import CheckpointRow
from timebank.ledger.checkpoint import Checkpoint
from timebank.ledger.merkle import Frontier, ImpossibleTree, TreeHead, leaf_hash
from timebank.ledger.note import sign_text
from timebank.refusal import Refusal

CHECKED_AT_A_TIME = 4096
"""Entries that are hashed before the next ones are fetched."""


class LogDamaged(Refusal):
    """The stored log does not agree with itself: leaves, nodes and head tell different things."""

    code = "log_damaged"


class EntryAltered(LogDamaged):
    """The stored bytes of an entry are not those that were hashed when it was booked."""

    code = "entry_altered"


class LogRolledBack(LogDamaged):
    """There are fewer entries than were signed before: an older backup was restored, or the end was cut off."""

    code = "log_rolled_back"


class LogForked(LogDamaged):
    """The entries up to a signed head are not the ones that were signed: there are two histories."""

    code = "log_forked"


class LastHeadMissing(LogDamaged):
    """Heads were signed before, but the signer's own memory of the last one is gone."""

    code = "last_head_missing"


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs: the keys, and the memory of the last heads."""

    keys: LogKeys
    memory: LastHeads


@dataclass(frozen=True, slots=True)
class CheckedLog:
    """A log that was just checked: from which last signed head on, and its right edge now."""

    last: TreeHead | None
    frontier: Frontier


def nothing_new(session: Session, community_id: str, signer: Signer) -> bool:
    """Tell whether the head of the log is exactly the last signed one; then there is nothing to check or sign."""
    last = signer.memory.find(signer.keys.origin(community_id))
    found = _stored_head(session, community_id)
    return found == (last or Frontier().head())


def checked_growth(session: Session, community_id: str, signer: Signer) -> CheckedLog:
    """Check the log from the last signed head on.

    Raises:
        LogDamaged, EntryAltered, LogRolledBack, LogForked, LastHeadMissing: what is wrong.
        LastHeadsDamaged: the signer's memory cannot be read.
    """
    last = signer.memory.find(signer.keys.origin(community_id))
    _check_memory(session, community_id, last)
    older = Frontier() if last is None else _frontier_of(session, community_id, last)
    return CheckedLog(last, checked_from(session, community_id, older))


def _stored_head(session: Session, community_id: str) -> TreeHead | None:
    """Return the head that the writers keep, or None where it is no head at all."""
    try:
        found = heads.find_head(session, community_id)
    except ImpossibleTree:
        return None
    if found is None or found.size != found.frontier.size:
        return None
    return found.frontier.head()


def _check_memory(session: Session, community_id: str, last: TreeHead | None) -> None:
    """Make sure that the memory is as new as the signed heads in the database: else it was lost, or is an old copy."""
    newest = find_newest_head(session, community_id)
    if newest is None:
        return
    if last is None or last.size < newest.size:
        raise LastHeadMissing(signed_size=newest.size)
    if last.size == newest.size and last.root != newest.root:
        raise LogForked(size=last.size)


def _frontier_of(session: Session, community_id: str, last: TreeHead) -> Frontier:
    """Return the right edge at the last signed head, if that head is in this log."""
    size = statements.entries_total(session, community_id)
    if size < last.size:
        raise LogRolledBack(signed_size=last.size, found_size=size)
    try:
        frontier = tree.frontier_at(session, community_id, last.size)
    except ImpossibleTree as error:
        raise LogDamaged(size=last.size) from error
    if frontier.head() != last:
        raise LogForked(size=last.size)
    return frontier


def checked_from(session: Session, community_id: str, older: Frontier) -> Frontier:
    """Hash every entry after a known right edge again, compare hashes, nodes and head, and return the new right edge.

    Raises:
        EntryAltered, LogDamaged: what is wrong.
    """
    frontier, leaves = older, []
    for leaf, stored in statements.entries_in_order(session, community_id, after=older.size):
        leaves.append(leaf_hash(leaf))
        if leaves[-1] != stored:
            raise EntryAltered(seq=frontier.size + len(leaves))
        if len(leaves) == CHECKED_AT_A_TIME:
            frontier, leaves = _grown(session, community_id, frontier, leaves), []
    frontier = _grown(session, community_id, frontier, leaves)
    if _stored_head(session, community_id) != frontier.head():
        raise LogDamaged(size=frontier.size)
    return frontier


def _grown(session: Session, community_id: str, older: Frontier, leaves: list[bytes]) -> Frontier:
    try:
        return tree.check_grown(session, community_id, older, leaves)
    except ImpossibleTree as error:
        raise LogDamaged(size=older.size + len(leaves)) from error


def sign_head(
    session: Session, community_id: str, *, signer: Signer, checked: CheckedLog, at: datetime
) -> SignedHead | None:
    """Sign the head of the log and store it; return it, or None for a log without entries.

    The session must not have posted anything itself: what is signed must be committed already.

    Args:
        checked: what was just checked; the rest is checked here.

    Raises:
        LogDamaged: what came since does not fit.
        LastHeadMoved: another process signed meanwhile; nothing to worry about.
    """
    heads.lock(session, community_id)
    head = checked_from(session, community_id, checked.frontier).head()
    newest = find_newest_head(session, community_id)
    if not head.size or (newest is not None and newest.size == head.size):
        return newest
    signer.memory.swap(signer.keys.origin(community_id), expected=checked.last, new=head)
    return _stored(session, community_id, signer.keys, head, at)


def _stored(session: Session, community_id: str, keys: LogKeys, head: TreeHead, at: datetime) -> SignedHead:
    checkpoint = Checkpoint(keys.origin(community_id), head.size, head.root)
    note = sign_text(checkpoint.text, keys.verifier(community_id), keys.sign)
    values = {
        "community_id": community_id,
        "size": head.size,
        "root": head.root,
        "note": note.to_bytes().decode(),
        "signed_at": at,
    }
    session.execute(sa.insert(CheckpointRow), values)
    return SignedHead(head.size, head.root, at, note, ())
