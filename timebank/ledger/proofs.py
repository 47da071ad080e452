"""Proofs about the tree: this entry is in it, and this later tree begins with that earlier one (RFC 9162 section 2.1).

Building takes a look-up of perfect subtrees (`NodeAt`), so that a database which stores some of them can serve every
proof; asking for a proof that cannot exist is a fault of the program (`ImpossibleTree`). Verifying takes what a
stranger hands in, and answers damage with a refusal that says what is wrong.
"""

from collections.abc import Callable, Sequence

from timebank.ledger.merkle import ImpossibleTree, TreeHead, check_hash, node_hash
from timebank.refusal import Refusal

NodeAt = Callable[[int, int], bytes]
"""Looks up the hash of the perfect subtree `(level, index)`."""


class EntryBeyondTree(Refusal):
    """The proof speaks of an entry that the tree of this size does not have."""

    code = "entry_beyond_tree"


class EmptyHead(Refusal):
    """The older head is empty, so that nothing can be compared with it."""

    code = "empty_head"


class HeadWentBack(Refusal):
    """The head that should be newer has fewer entries: an old head was shown again, or entries were cut off."""

    code = "head_went_back"


class WrongProofLength(Refusal):
    """The proof has more or fewer hashes than an honest one for these sizes."""

    code = "wrong_proof_length"


class EntryNotProven(Refusal):
    """The proof does not lead from this entry to the root of the head."""

    code = "entry_not_proven"


class HistoryNotProven(Refusal):
    """The newer head does not contain the older one unchanged: entries were moved, changed or removed."""

    code = "history_not_proven"


def nodes_over(leaf_hashes: Sequence[bytes]) -> NodeAt:
    """Hash all perfect subtrees over a list of leaf hashes and return the look-up into them."""
    _check_hashes(*leaf_hashes)
    levels = [list(leaf_hashes)]
    while below := levels[-1]:
        levels.append([node_hash(left, right) for left, right in zip(below[::2], below[1::2], strict=False)])
    return lambda level, index: levels[level][index]


def inclusion_proof(index: int, size: int, node_at: NodeAt) -> tuple[bytes, ...]:
    """Build the proof that leaf `index` is in the tree of the first `size` leaves, the leaf's neighbour first.

    Raises:
        ImpossibleTree: there is no such leaf.

    Source: RFC 9162 section 2.1.3.1.
    """
    if not 0 <= index < size:
        raise ImpossibleTree(f"no leaf {index} in a tree of {size} leaves")
    start, end = 0, size
    siblings = []
    while end - start > 1:
        middle = start + _left_width(end - start)
        if index < middle:
            siblings.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            siblings.append(_range_hash(start, middle, node_at))
            start = middle
    return tuple(reversed(siblings))


def consistency_proof(older_size: int, size: int, node_at: NodeAt) -> tuple[bytes, ...]:
    """Build the proof that the tree of `size` leaves begins with the tree of `older_size` leaves.

    Raises:
        ImpossibleTree: the older tree is empty or larger.

    Source: RFC 9162 section 2.1.4.1.
    """
    if not 0 < older_size <= size:
        raise ImpossibleTree(f"no proof leads from {older_size} to {size} leaves")
    start, end = 0, size
    hashes = []
    while end != older_size:
        middle = start + _left_width(end - start)
        if older_size <= middle:
            hashes.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            hashes.append(_range_hash(start, middle, node_at))
            start = middle
    # The last range is the older root itself when nothing lies to its left: the verifier has that already.
    if start:
        hashes.append(_range_hash(start, end, node_at))
    return tuple(reversed(hashes))


def verify_inclusion(leaf: bytes, index: int, proof: Sequence[bytes], head: TreeHead) -> None:
    """Verify that the leaf with the hash `leaf` stands at `index` (from 0) in the tree of this head.

    Raises:
        NotAHash: the leaf or a hash of the proof is not 32 bytes long.
        EntryBeyondTree: the tree has no such index.
        WrongProofLength: the proof is too long or too short for the index and the size.
        EntryNotProven: the proof leads to another root.

    Source: RFC 9162 section 2.1.3.2.
    """
    _check_hashes(leaf, *proof)
    if not 0 <= index < head.size:
        raise EntryBeyondTree(index=index, size=head.size)
    inner = (index ^ (head.size - 1)).bit_length()
    _check_length(proof, inner + (index >> inner).bit_count())

    if _climb(leaf, index, proof, inner) != head.root:
        raise EntryNotProven(index=index, size=head.size)


def verify_consistency(older: TreeHead, newer: TreeHead, proof: Sequence[bytes]) -> None:
    """Verify that the newer tree begins with all leaves of the older one, unchanged.

    Raises:
        NotAHash: a hash of the proof is not 32 bytes long.
        EmptyHead: the older tree has no leaves.
        HeadWentBack: the newer tree is smaller than the older one.
        WrongProofLength: the proof is too long or too short for the sizes (for equal sizes it is empty).
        HistoryNotProven: the proof leads to another older or newer root.

    Source: RFC 9162 section 2.1.4.2.
    """
    _check_hashes(*proof)
    if not older.size:
        raise EmptyHead
    if newer.size < older.size:
        raise HeadWentBack(older_size=older.size, newer_size=newer.size)

    if older.size == newer.size:
        # Nothing was added, so nothing needs proving: the two roots must be one.
        _check_length(proof, 0)
        roots = (newer.root, newer.root)
    else:
        roots = _roots_by_proof(older, newer.size, proof)
    if roots != (older.root, newer.root):
        raise HistoryNotProven(older_size=older.size, newer_size=newer.size)


def _roots_by_proof(older: TreeHead, newer_size: int, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Compute the older and the newer root that a consistency proof leads to."""
    # Both climbs begin at the largest subtree that ends where the older tree ends.
    level = (older.size & -older.size).bit_length() - 1
    index = (older.size - 1) >> level
    inner = (index ^ ((newer_size - 1) >> level)).bit_length()
    border = (index >> inner).bit_count()

    if index:
        _check_length(proof, 1 + inner + border)
        start, *siblings = proof
    else:
        _check_length(proof, inner)
        start, siblings = older.root, list(proof)

    # The older tree ends here: on its own way up it meets only what lies to the left.
    left = [sibling for step, sibling in enumerate(siblings) if step >= inner or index >> step & 1]
    return _climb(start, index, left, 0), _climb(start, index, siblings, inner)


def _climb(node: bytes, index: int, siblings: Sequence[bytes], inner: int) -> bytes:
    """Join `node` with its siblings upwards and return the hash at the top.

    The first `inner` siblings lie left or right as the bits of `index` say; the tree's right edge is above them, so
    all further ones lie to the left.
    """
    for step, sibling in enumerate(siblings):
        if step >= inner or index >> step & 1:
            node = node_hash(sibling, node)
        else:
            node = node_hash(node, sibling)
    return node


def _range_hash(start: int, end: int, node_at: NodeAt) -> bytes:
    """Compute the hash over the leaves `start` to `end` (exclusive), a range that the tree really has."""
    width = end - start
    if width.bit_count() == 1:
        level = width.bit_length() - 1
        return node_at(level, start >> level)
    middle = start + _left_width(width)
    return node_hash(_range_hash(start, middle, node_at), _range_hash(middle, end, node_at))


def _left_width(width: int) -> int:
    """Return the largest power of two below `width`: where a tree divides."""
    return 1 << (width - 1).bit_length() - 1


def _check_hashes(*values: bytes) -> None:
    for value in values:
        check_hash(value)


def _check_length(proof: Sequence[bytes], expected: int) -> None:
    if len(proof) != expected:
        raise WrongProofLength(found=len(proof), expected=expected)
