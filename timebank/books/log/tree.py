"""The tree over the entries, as it is stored: heads of any size, proofs, tiles.

Each of them needs a few hundred hashes at most, however long the log: what is needed is found first, by building the
proof over nothing, and then fetched in one statement.

Source: ledger.md section 5.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.merkle import HASH_BYTES, Frontier, ImpossibleTree, TreeHead
from timebank.ledger.proofs import NodeAt, consistency_proof, inclusion_proof
from timebank.ledger.tiles import TILE_HEIGHT, Tile, nodes_from

Run = tuple[int, int, int]
"""Neighbouring hashes of one tile level: (tile level, first position, count)."""
Hashes = dict[tuple[int, int], bytes]
"""Stored hashes by (tile level, position)."""
Answer = TypeVar("Answer")

_NOTHING: Final = bytes(HASH_BYTES)

_LEAVES: Final = (
    "SELECT :level{n} AS level, seq - 1 AS position, leaf_hash FROM entry "
    "WHERE community_id = :community AND seq BETWEEN :first{n} + 1 AND :last{n} + 1"
)
_NODES: Final = (
    "SELECT level, position, hash FROM tree_node "
    "WHERE community_id = :community AND level = :level{n} AND position BETWEEN :first{n} AND :last{n}"
)


def inclusion(session: Session, community_id: str, *, index: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that leaf `index` (from 0) is in the tree of the first `size` entries.

    Raises:
        ImpossibleTree: there is no such leaf, or the stored tree has a gap.
    """
    return _answered(session, community_id, lambda node_at: inclusion_proof(index, size, node_at))


def consistency(session: Session, community_id: str, *, older_size: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that the first `size` entries begin with the first `older_size` (from 1).

    Raises:
        ImpossibleTree: there are no such trees, or the stored tree has a gap.
    """
    return _answered(session, community_id, lambda node_at: consistency_proof(older_size, size, node_at))


def frontier_at(session: Session, community_id: str, size: int) -> Frontier:
    """Return the right edge of the tree as it was after `size` entries.

    Raises:
        ImpossibleTree: the stored tree has a gap or fewer entries.
    """
    return _answered(session, community_id, lambda node_at: Frontier(size, tuple(_peaks(size, node_at))))


def head_at(session: Session, community_id: str, size: int) -> TreeHead:
    """Return size and root of the tree as it was after `size` entries; see `frontier_at`."""
    return frontier_at(session, community_id, size).head()


def tile_hashes(session: Session, community_id: str, tile: Tile) -> tuple[bytes, ...]:
    """Return the hashes of a tile; fewer than its width where the log has not grown so far."""
    run = (tile.level, tile.first, tile.width)
    found = _fetched(session, community_id, [run])
    return tuple(found[key] for key in _keys(run) if key in found)


def _peaks(size: int, node_at: NodeAt) -> Iterator[bytes]:
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            yield node_at(level, start >> level)
            start += 1 << level


def _answered(session: Session, community_id: str, build: Callable[[NodeAt], Answer]) -> Answer:
    """Build once over nothing to learn which hashes are needed, fetch them together, and build over them."""
    needed: set[Run] = set()

    def note_need(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        needed.add((tile_level, index << height, 1 << height))
        return _NOTHING

    build(note_need)
    found = _fetched(session, community_id, _joined(needed))

    def stored(level: int, first: int, count: int) -> Sequence[bytes]:
        return [found[key] for key in _keys((level, first, count)) if key in found]

    return build(nodes_from(stored))


def _keys(run: Run) -> Iterator[tuple[int, int]]:
    level, first, count = run
    return ((level, position) for position in range(first, first + count))


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Join runs that touch, so that few ranges are asked for."""
    joined: list[Run] = []
    for level, first, count in sorted(runs):
        if joined and joined[-1][0] == level and sum(joined[-1][1:]) >= first:
            before = joined.pop()
            joined.append((level, before[1], max(before[2], first + count - before[1])))
        else:
            joined.append((level, first, count))
    return joined


def _fetched(session: Session, community_id: str, runs: Sequence[Run]) -> Hashes:
    if not runs:
        return {}
    # One range for each part: put together with OR, SQLite would read the whole log. And written as text, because so
    # many parts take longer to put together from objects than to run.
    parts = [_LEAVES if level == 0 else _NODES for level, _, _ in runs]
    values: dict[str, object] = {"community": community_id}
    for number, (level, first, count) in enumerate(runs):
        values |= {f"level{number}": level, f"first{number}": first, f"last{number}": first + count - 1}
    statement = " UNION ALL ".join(part.format(n=number) for number, part in enumerate(parts))
    rows: Sequence[Sequence[Any]] = session.execute(sa.text(statement), values).all()
    return {(level, position): bytes(value) for level, position, value in rows}


def check_grown(session: Session, community_id: str, older: Frontier, leaf_hashes: Iterable[bytes]) -> Frontier:
    """Let a frontier grow over further leaf hashes and compare every stored node that they complete.

    Raises:
        ImpossibleTree: a stored node is another one, or is missing.
    """
    frontier, completed = older, {}
    for leaf in leaf_hashes:
        for level, node in enumerate(frontier.completed_by(leaf)[TILE_HEIGHT::TILE_HEIGHT], start=1):
            completed[level, frontier.size >> level * TILE_HEIGHT] = node
        frontier = frontier.append(leaf)
    stored = _fetched(session, community_id, _joined((level, position, 1) for level, position in completed))
    for key, node in completed.items():
        if stored.get(key) != node:
            raise ImpossibleTree(f"stored node {key} is not the one over its leaves")
    return frontier
