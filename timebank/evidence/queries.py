"""Questions about the evidence: signed heads, who witnessed them, what stands behind an entry."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.log import tree
from timebank.evidence.tables import CheckpointRow, CosignatureRow, WitnessRow
from timebank.ledger.merkle import TreeHead
from timebank.ledger.note import Note, VerifierKey, parse_key, parse_note
from timebank.ledger.witness_request import WitnessRequest
from timebank.refusal import Refusal

WITNESS_OVERDUE: Final = timedelta(days=8)
"""A witness comes every week; one day more is grace."""


class NoSuchHead(Refusal):
    """No head of this size was signed."""

    code = "no_such_head"


@dataclass(frozen=True, slots=True)
class Cosignature:
    """What one witness signed: whose key, held by whom, when the head was seen, and the line below the note."""

    name: str
    holder: str
    seen_at: datetime
    line: str


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head that the log's key has signed.

    Attributes:
        size, root: of the tree.
        signed_at: when.
        note: the checkpoint with the log's own signature.
        cosignatures: of the witnesses, by name; of each the newest that it gave to this head.
    """

    size: int
    root: bytes
    signed_at: datetime
    note: Note
    cosignatures: tuple[Cosignature, ...]

    @property
    def head(self) -> TreeHead:
        """Size and root, for verifying proofs."""
        return TreeHead(self.size, self.root)

    @property
    def file(self) -> str:
        """The checkpoint as it is handed out: with the signatures of the log and of its witnesses."""
        return self.note.to_bytes().decode() + "".join(each.line for each in self.cosignatures)

    @property
    def witnessed_at(self) -> datetime | None:
        """When a witness last saw it, or None."""
        return max((each.seen_at for each in self.cosignatures), default=None)


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody outside who keeps a key and the last head.

    Attributes:
        name: name of the key; `key` the key itself.
        holder: who keeps it, as the community calls them.
        seq: the entry that made it a witness.
        last_size: the largest head that it has witnessed, 0 where none; `last_seen_at` when.
    """

    name: str
    key: VerifierKey
    holder: str
    seq: int
    last_size: int
    last_seen_at: datetime | None


def find_newest_head(session: Session, community_id: str) -> SignedHead | None:
    """Return the newest signed head, or None before the first one."""
    return next(iter(_heads(session, _of(community_id).limit(1))), None)


def signed_head(session: Session, community_id: str, size: int) -> SignedHead:
    """Return the signed head of a size.

    Raises:
        NoSuchHead: none was signed.
    """
    for head in _heads(session, _of(community_id).where(CheckpointRow.size == size)):
        return head
    raise NoSuchHead(size=size)


def find_head_behind(session: Session, community_id: str, seq: int) -> SignedHead | None:
    """Return what stands behind an entry best: the newest witnessed head that covers it, else the newest signed one."""
    covering = _of(community_id).where(CheckpointRow.size >= seq).limit(1)
    witnessed = sa.exists().where(
        CosignatureRow.community_id == CheckpointRow.community_id, CosignatureRow.size == CheckpointRow.size
    )
    found = _heads(session, covering.where(witnessed)) or _heads(session, covering)
    return found[0] if found else None


def heads(session: Session, community_id: str) -> tuple[SignedHead, ...]:
    """Return every signed head, oldest first, with the witnesses of each."""
    query = sa.select(CheckpointRow).where(CheckpointRow.community_id == community_id).order_by(CheckpointRow.size)
    return tuple(_heads(session, query))


def find_last_witnessed(session: Session, community_id: str) -> SignedHead | None:
    """Return the head that a witness saw last, or None where nobody ever did."""
    size = session.scalar(
        sa.select(CosignatureRow.size)
        .where(CosignatureRow.community_id == community_id)
        .order_by(CosignatureRow.seen_at.desc(), CosignatureRow.size.desc())
        .limit(1)
    )
    return None if size is None else signed_head(session, community_id, size)


def witnesses(session: Session, community_id: str) -> tuple[Witness, ...]:
    """Return the witnesses of a community's log, in the order in which they were registered."""
    rows = session.scalars(
        sa.select(WitnessRow).where(WitnessRow.community_id == community_id).order_by(WitnessRow.seq)
    ).all()
    seen = session.execute(
        sa.select(CosignatureRow.name, sa.func.max(CosignatureRow.size), sa.func.max(CosignatureRow.seen_at))
        .where(CosignatureRow.community_id == community_id)
        .group_by(CosignatureRow.name)
    )
    last = {row[0]: (row[1], row[2]) for row in seen}
    return tuple(
        Witness(row.name, parse_key(row.key), row.holder, row.seq, *last.get(row.name, (0, None))) for row in rows
    )


def witness_request(session: Session, community_id: str, older_size: int) -> WitnessRequest:
    """Return what a witness needs who saw the first `older_size` entries (0: none yet): the newest head and the proof.

    Where the log is shorter than that there is no proof; the witness sees it from the head.

    Raises:
        NoSuchHead: nothing was signed yet.
    """
    newest = find_newest_head(session, community_id)
    if newest is None:
        raise NoSuchHead(size=older_size)
    hashes: tuple[bytes, ...] = ()
    if 0 < older_size <= newest.size:
        hashes = tree.consistency(session, community_id, older_size=older_size, size=newest.size)
    return WitnessRequest(older_size, hashes, newest.note)


def is_unwatched(witnessed_at: datetime | None, now: datetime) -> bool:
    """Tell whether nobody has witnessed the log for more than eight days."""
    return witnessed_at is None or now - witnessed_at > WITNESS_OVERDUE


def _of(community_id: str) -> sa.Select[CheckpointRow]:
    query = sa.select(CheckpointRow).where(CheckpointRow.community_id == community_id)
    return query.order_by(CheckpointRow.size.desc())


def _heads(session: Session, query: sa.Select[CheckpointRow]) -> list[SignedHead]:
    rows = session.scalars(query).all()
    lines = _cosignatures(session, rows)
    return [
        SignedHead(row.size, row.root, row.signed_at, parse_note(row.note.encode()), lines.get(row.size, ()))
        for row in rows
    ]


def _cosignatures(session: Session, rows: Sequence[CheckpointRow]) -> Mapping[int, tuple[Cosignature, ...]]:
    if not rows:
        return {}
    query = (
        sa.select(CosignatureRow, WitnessRow.holder)
        .join(
            WitnessRow,
            sa.and_(WitnessRow.community_id == CosignatureRow.community_id, WitnessRow.name == CosignatureRow.name),
        )
        .where(CosignatureRow.community_id == rows[0].community_id)
        .where(CosignatureRow.size.between(min(row.size for row in rows), max(row.size for row in rows)))
        .order_by(CosignatureRow.name, CosignatureRow.seen_at)
    )
    newest: dict[int, dict[str, Cosignature]] = defaultdict(dict)
    for row, holder in session.execute(query):
        newest[row.size][row.name] = Cosignature(row.name, holder, row.seen_at, row.line)
    return {size: tuple(of_each.values()) for size, of_each in newest.items()}
