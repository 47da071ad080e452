"""Tiles: the log as plain files that can be cached for ever (C2SP tlog-tiles).

A tile is a run of up to 256 neighbouring hashes. Tile level 0 holds the leaf hashes; a hash at tile level `n` is the
perfect subtree at tree level `8 * n`. Full tiles never change; the last tile of a level may be partial, and then its
width is part of its name. The entries themselves lie in bundles that are cut like the tiles of level 0.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from timebank.ledger.merkle import ImpossibleTree, node_hash
from timebank.ledger.proofs import NodeAt
from timebank.refusal import Refusal

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
# 2**63 leaves need no more: level 8 is reached with 2**64.
TILE_LEVEL_MAX: Final = 7
LEAF_BYTES_MAX: Final = 2**16 - 1
"""A bundle writes the length of each entry in two bytes."""

StoredHashes = Callable[[int, int, int], Sequence[bytes]]
"""Looks up `(tile level, first index, count)`: neighbouring hashes of one tile level."""

# Six groups of three digits hold every index that a tree of 2**63 leaves can have.
_NAME: Final = re.compile(r"((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class NoSuchTile(Refusal):
    """The address is not the address of a tile or a bundle."""

    code = "no_such_tile"


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its level (0 to 7), its index in the level (from 0) and its width (1 to 256 hashes)."""

    level: int
    index: int
    width: int

    def __post_init__(self) -> None:
        """Refuse a tile that no log has."""
        if not 0 <= self.level <= TILE_LEVEL_MAX or self.index < 0 or not 1 <= self.width <= TILE_WIDTH:
            raise ImpossibleTree(f"no such tile: {self}")

    @property
    def first(self) -> int:
        """The index of the tile's first hash within its tile level."""
        return self.index * TILE_WIDTH

    @property
    def name(self) -> str:
        """The end of the tile's address: the index in groups of three digits, and the width unless the tile is full."""
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        *upper, last = (digits[start : start + 3] for start in range(0, len(digits), 3))
        suffix = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return "".join(f"x{group}/" for group in upper) + last + suffix


def tile_path(level: int, index: int, width: int) -> str:
    """Return the address of a tile below the log, such as `tile/0/x001/x234/067` or `tile/1/000.p/17`."""
    return f"tile/{level}/{Tile(level, index, width).name}"


def bundle_path(index: int, width: int) -> str:
    """Return the address of the bundle of entries beneath a tile of level 0, such as `tile/entries/000.p/5`."""
    return f"tile/entries/{Tile(0, index, width).name}"


def bundle(leaves: Iterable[bytes]) -> bytes:
    """Write entries one after the other, each with its length before it."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def read_tile(level: int, name: str) -> Tile:
    """Read the end of an address, as `Tile.name` writes it. A bundle of entries is read as the tile of level 0.

    Raises:
        NoSuchTile: the level is not 0 to 7, or the name is not exactly what `Tile.name` would write.
    """
    matched = _NAME.fullmatch(name)
    if matched is None or not 0 <= level <= TILE_LEVEL_MAX:
        raise NoSuchTile
    digits, width = matched.groups(str(TILE_WIDTH))
    if int(width) > TILE_WIDTH:
        raise NoSuchTile
    tile = Tile(level, int(digits.replace("x", "").replace("/", "")), int(width))
    # One tile has one address: a first group of zeros, or a full width that is written out, would be a second one.
    if tile.name != name:
        raise NoSuchTile
    return tile


def tile_counts(size: int) -> tuple[tuple[int, int], ...]:
    """Count the tiles of a tree of `size` leaves: for each level, how many are full and how wide the partial one is."""
    counts = []
    while size:
        counts.append(divmod(size, TILE_WIDTH))
        size //= TILE_WIDTH
    return tuple(counts)


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of a tree of `size` leaves, lowest level first, each level from the left."""
    for level, (full, partial_width) in enumerate(tile_counts(size)):
        for index in range(full):
            yield Tile(level, index, TILE_WIDTH)
        if partial_width:
            yield Tile(level, full, partial_width)


def nodes_from(stored: StoredHashes) -> NodeAt:
    """Return a look-up of every perfect subtree, made from hashes that are stored at the tile levels only.

    Raises:
        ImpossibleTree: the store does not have all hashes that a node needs (when the node is looked up).
    """

    def node_at(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        hashes = stored(tile_level, index << height, 1 << height)
        if len(hashes) != 1 << height:
            raise ImpossibleTree(f"node {index} of level {level} needs {1 << height} hashes, found {len(hashes)}")
        return _joined(hashes)

    return node_at


def _joined(hashes: Sequence[bytes]) -> bytes:
    """Hash neighbours together until one is left; every proof passes here, so nothing is looked at twice."""
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
