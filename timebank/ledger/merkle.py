"""The Merkle tree over the entries: one root hash that changes when any entry changes (RFC 9162 section 2.1).

A leaf is the hash of an entry's stored bytes; leaf 0 is the first entry. A *perfect subtree* covers `2**level` leaves
and is named by `(level, index)`: its first leaf is `index << level`. A tree of any size is a row of perfect subtrees,
largest first, one for each binary one of its size; joined from the right they give the root. Leaves and nodes are
hashed with different first bytes, so that a node can never be passed off as a leaf.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from timebank.refusal import Refusal

HASH_BYTES: Final = 32
SIZE_MAX: Final = 2**63 - 1
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

LEAF_PREFIX: Final = b"\x00"
NODE_PREFIX: Final = b"\x01"
SIZE_BYTES: Final = 8


class ImpossibleTree(AssertionError):
    """The program asked for a tree, a node or a proof that cannot exist."""


class NotAHash(Refusal):
    """A hash of a leaf, node or root is not 32 bytes long."""

    code = "not_a_hash"


def leaf_hash(entry: bytes) -> bytes:
    """Hash the exact stored bytes of one entry. Source: RFC 9162 section 2.1.1."""
    return hashlib.sha256(LEAF_PREFIX + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into the one above them. Source: RFC 9162 section 2.1.1."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A tree told in two facts: how many leaves, and the root over all of them.

    size: 0 to SIZE_MAX leaves. root: 32 bytes.
    """

    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuse a size or root that no tree has."""
        _check_size(self.size)
        check_hash(self.root)


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a growing tree: all that is needed to append, and no more than 63 hashes.

    size: leaves so far. peaks: the perfect subtrees that make up the tree, left (largest) to right, one for each binary
    one of `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse peaks that do not belong to the size."""
        _check_size(self.size)
        if len(self.peaks) != self.size.bit_count() or any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ImpossibleTree(f"{len(self.peaks)} peaks cannot be a tree of {self.size} leaves")

    def completed_by(self, leaf: bytes) -> tuple[bytes, ...]:
        """Return the perfect subtrees that appending `leaf` (a leaf hash) completes, by level, the leaf itself first.

        The one at `level` has the index `size >> level`: that is how stored nodes and tiles grow.
        """
        check_hash(leaf)
        trailing_ones = (self.size ^ (self.size + 1)).bit_length() - 1
        completed = [leaf]
        for level in range(trailing_ones):
            completed.append(node_hash(self.peaks[-1 - level], completed[level]))
        return tuple(completed)

    def append(self, leaf: bytes) -> "Frontier":
        """Return the frontier with one more leaf hash; this one stays as it is."""
        completed = self.completed_by(leaf)
        kept = len(self.peaks) - (len(completed) - 1)
        return Frontier(self.size + 1, (*self.peaks[:kept], completed[-1]))

    def root(self) -> bytes:
        """Compute the root hash: the peaks joined from the right."""
        if not self.peaks:
            return EMPTY_ROOT
        *others, root = self.peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root

    def head(self) -> TreeHead:
        """Return size and root together."""
        return TreeHead(self.size, self.root())

    def to_bytes(self) -> bytes:
        """Pack into one column: the size in 8 bytes, then the peaks."""
        return self.size.to_bytes(SIZE_BYTES, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Read what `to_bytes` wrote.

        Raises:
            ImpossibleTree: the bytes are cut, too long, or name a size that their peaks cannot have.
        """
        if len(packed) < SIZE_BYTES:
            raise ImpossibleTree(f"a frontier has at least {SIZE_BYTES} bytes, found {len(packed)}")
        joined = packed[SIZE_BYTES:]
        peaks = tuple(joined[start : start + HASH_BYTES] for start in range(0, len(joined), HASH_BYTES))
        return cls(int.from_bytes(packed[:SIZE_BYTES], "big"), peaks)


def tree_head(leaf_hashes: Iterable[bytes]) -> TreeHead:
    """Compute the head over a whole sequence of leaf hashes. Source: RFC 9162 section 2.1.1."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier = frontier.append(leaf)
    return frontier.head()


def check_hash(value: bytes) -> None:
    """Refuse what cannot be a hash: it is not 32 bytes long."""
    if len(value) != HASH_BYTES:
        raise NotAHash(length_bytes=len(value))


def _check_size(size: int) -> None:
    if type(size) is not int or not 0 <= size <= SIZE_MAX:
        raise ImpossibleTree(f"a tree has 0 to {SIZE_MAX} leaves, not {size!r}")
