"""Tiles: the files of the static log, their addresses, and proofs made from them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from timebank.ledger.merkle import SIZE_MAX, Frontier, ImpossibleTree, leaf_hash, tree_head
from timebank.ledger.proofs import (
    consistency_proof,
    inclusion_proof,
    nodes_over,
    verify_consistency,
    verify_inclusion,
)
from timebank.ledger.tiles import (
    NoSuchTile,
    Tile,
    bundle_path,
    nodes_from,
    read_tile,
    tile_counts,
    tile_path,
    tiles_of,
)


def leaves(count):
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def stored_levels(leaf_hashes):
    """Keep what a log keeps when it appends one entry after another: leaf hashes, and every completed tile's hash."""
    levels: list[list[bytes]] = [[], []]
    frontier = Frontier()
    for leaf in leaf_hashes:
        completed = frontier.completed_by(leaf)
        levels[0].append(completed[0])
        levels[1].extend(completed[8:9])
        frontier = frontier.append(leaf)
    return levels


class TestAddresses:
    """C2SP tlog-tiles: indexes in groups of three digits, all but the last with an x; the width of partial tiles."""

    @pytest.mark.parametrize(
        ("expected", "level", "index", "width"),
        [
            ("tile/0/000", 0, 0, 256),
            ("tile/0/067", 0, 67, 256),
            ("tile/0/999", 0, 999, 256),
            ("tile/1/x001/000", 1, 1000, 256),
            ("tile/0/x001/x234/067", 0, 1_234_067, 256),
            ("tile/0/273.p/112", 0, 273, 112),
            ("tile/7/x001/x234/067.p/1", 7, 1_234_067, 1),
        ],
    )
    def test_of_tiles(self, expected, level, index, width):
        assert expected == tile_path(level, index, width)

    def test_of_bundles_of_entries(self):
        assert "tile/entries/x001/x234/067" == bundle_path(1_234_067, 256)
        assert "tile/entries/273.p/112" == bundle_path(273, 112)

    @given(st.integers(0, 7), st.integers(0, SIZE_MAX // 256), st.integers(1, 256))
    @example(0, 67, 256)
    @settings(max_examples=40, deadline=None)
    def test_are_read_back_as_the_same_tile(self, level, index, width):
        tile = Tile(level, index, width)

        assert tile == read_tile(level, tile.name)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "67",
            "0067",
            "x067",
            "067/",
            "x000/067",
            "001/067",
            "x001/67",
            "x001/x067",
            "067.p/0",
            "067.p/256",
            "067.p/257",
            "067.p/01",
            "067.p/",
            "067.p",
            "-01",
            "٠٦٧",
            "067\n",
            "../067",
            "x001/" * 6 + "000",
            "x001/" * 2000 + "000",
        ],
    )
    def test_that_nobody_wrote_are_refused(self, name):
        with pytest.raises(NoSuchTile):
            read_tile(0, name)

    @pytest.mark.parametrize("level", [-1, 8, 63])
    def test_of_levels_that_no_log_reaches_are_refused(self, level):
        with pytest.raises(NoSuchTile):
            read_tile(level, "000")

    @pytest.mark.parametrize(
        ("level", "index", "width"), [(-1, 0, 256), (8, 0, 256), (0, -1, 256), (0, 0, 0), (0, 0, 257)]
    )
    def test_of_impossible_tiles_cannot_be_written(self, level, index, width):
        with pytest.raises(ImpossibleTree):
            tile_path(level, index, width)


class TestTheTilesOfATree:
    """C2SP tlog-tiles, Partial Tiles: which files a tree of a size has."""

    @pytest.mark.parametrize(
        ("expected", "size"),
        [
            ((), 0),
            (((0, 1),), 1),
            (((0, 255),), 255),
            (((1, 0), (0, 1)), 256),
            (((1, 1), (0, 1)), 257),
            (((273, 112), (1, 17), (0, 1)), 70_000),
        ],
    )
    def test_are_counted_for_each_level(self, expected, size):
        assert expected == tile_counts(size)

    def test_are_listed_from_the_lowest_level_and_from_the_left(self):
        tiles = list(tiles_of(70_000))

        assert [Tile(0, 0, 256), Tile(0, 1, 256)] == tiles[:2]
        assert [Tile(0, 273, 112), Tile(1, 0, 256), Tile(1, 1, 17), Tile(2, 0, 1)] == tiles[273:]

    def test_have_no_partial_one_where_a_level_is_full(self):
        assert [Tile(0, 0, 256), Tile(1, 0, 1)] == list(tiles_of(256))

    def test_are_none_for_an_empty_tree(self):
        assert [] == list(tiles_of(0))

    def test_hold_every_entry_once(self):
        bottom = [tile for tile in tiles_of(1000) if tile.level == 0]

        places = [place for tile in bottom for place in range(tile.first, tile.first + tile.width)]

        assert list(range(1000)) == places


class TestProofsFromTiles:
    """A log that stores leaf hashes and one hash for each full tile can serve every proof."""

    def test_hold_like_those_from_the_whole_list(self):
        every = leaves(600)
        levels = stored_levels(every)
        nodes = nodes_from(lambda level, first, count: levels[level][first : first + count])

        for index in (0, 255, 256, 511, 512, 599):
            verify_inclusion(every[index], index, inclusion_proof(index, 600, nodes), tree_head(every))
        for older_size in (1, 256, 300, 512, 599):
            proof = consistency_proof(older_size, 600, nodes)
            verify_consistency(tree_head(every[:older_size]), tree_head(every), proof)

    def test_take_full_tiles_from_the_upper_level_only(self):
        every = leaves(600)
        levels = stored_levels(every)
        asked = []

        def stored(level, first, count):
            asked.append((level, first, count))
            return levels[level][first : first + count]

        nodes_from(stored)(9, 0)

        assert [(1, 0, 2)] == asked
        assert nodes_over(every)(9, 0) == nodes_from(stored)(9, 0)

    def test_cannot_be_made_when_hashes_are_missing(self):
        every = leaves(5)
        nodes = nodes_from(lambda level, first, count: every[first : first + count])

        with pytest.raises(ImpossibleTree):
            nodes(2, 1)
