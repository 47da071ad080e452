"""The Merkle tree: leaves, heads and the frontier that grows one entry at a time."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timebank.ledger.merkle import (
    EMPTY_ROOT,
    SIZE_MAX,
    Frontier,
    ImpossibleTree,
    NotAHash,
    TreeHead,
    leaf_hash,
    node_hash,
    tree_head,
)

PUBLIC_ENTRIES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
PUBLIC_HEADS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def leaves(count):
    return [leaf_hash(f"entry {number}".encode()) for number in range(count)]


def root_by_definition(leaf_hashes):
    """The root as RFC 9162 section 2.1.1 defines it, word for word and slowly."""
    if not leaf_hashes:
        return hashlib.sha256().digest()
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    divide = 1
    while divide * 2 < len(leaf_hashes):
        divide *= 2
    joined = root_by_definition(leaf_hashes[:divide]) + root_by_definition(leaf_hashes[divide:])
    return hashlib.sha256(b"\x01" + joined).digest()


def frontier_over(leaf_hashes):
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier = frontier.append(leaf)
    return frontier


class TestHeads:
    """RFC 9162 section 2.1.1, with the public heads of RFC 6962."""

    @pytest.mark.parametrize("size", range(9))
    def test_equal_the_public_heads(self, size):
        entries = [bytes.fromhex(entry) for entry in PUBLIC_ENTRIES[:size]]

        head = tree_head(map(leaf_hash, entries))

        assert (size, PUBLIC_HEADS[size]) == (head.size, head.root.hex())

    def test_of_no_entries_is_the_hash_of_nothing(self):
        assert TreeHead(0, EMPTY_ROOT) == tree_head([])

    def test_change_when_two_entries_change_places(self):
        first, second, third = leaves(3)

        assert tree_head([first, second, third]) != tree_head([first, third, second])

    def test_tell_an_entry_from_a_node_with_the_same_bytes(self):
        left, right = leaves(2)

        assert node_hash(left, right) != leaf_hash(left + right)

    def test_refuse_a_root_of_31_or_33_bytes(self):
        for length in (0, 31, 33):
            with pytest.raises(NotAHash) as refused:
                TreeHead(1, bytes(length))
            assert {"length_bytes": length} == refused.value.facts

    def test_are_impossible_with_a_size_below_zero_or_too_large_or_no_whole_number(self):
        assert SIZE_MAX == TreeHead(SIZE_MAX, bytes(32)).size
        for size in (-1, SIZE_MAX + 1, True, 1.0):
            with pytest.raises(ImpossibleTree):
                TreeHead(size, bytes(32))  # type: ignore[arg-type]  # what an untyped caller might pass


class TestFrontier:
    """ledger.md section 2: the head row keeps the frontier, from which the next entry goes on."""

    def test_has_the_root_of_the_whole_tree_at_every_size(self):
        every = leaves(70)
        frontier = Frontier()

        for size, leaf in enumerate(every):
            assert root_by_definition(every[:size]) == frontier.root()
            frontier = frontier.append(leaf)

        assert TreeHead(70, root_by_definition(every)) == frontier.head()

    @given(st.lists(st.binary(max_size=40), max_size=100))
    @settings(max_examples=25, deadline=None)
    def test_has_the_root_of_the_whole_tree_whatever_the_entries_are(self, entries):
        leaf_hashes = [leaf_hash(entry) for entry in entries]

        assert root_by_definition(leaf_hashes) == frontier_over(leaf_hashes).root()

    def test_stays_as_it_was_when_an_entry_is_appended(self):
        frontier = frontier_over(leaves(5))
        root = frontier.root()

        frontier.append(leaf_hash(b"one more"))

        assert (5, root) == (frontier.size, frontier.root())

    def test_names_the_subtrees_that_an_entry_completes(self):
        every = leaves(8)

        completed = frontier_over(every[:7]).completed_by(every[7])

        expected = (every[7], *(root_by_definition(every[start:]) for start in (6, 4, 0)))
        assert expected == completed

    def test_completes_nothing_but_the_leaf_at_an_even_place(self):
        every = leaves(7)

        assert (every[6],) == frontier_over(every[:6]).completed_by(every[6])

    def test_takes_only_hashes(self):
        with pytest.raises(NotAHash):
            Frontier().append(b"an entry that nobody hashed")

    @pytest.mark.parametrize("size", [0, 1, 2, 7, 8, 255, 256])
    def test_is_stored_in_one_column_and_read_back(self, size):
        frontier = frontier_over(leaves(size))

        packed = frontier.to_bytes()

        assert frontier == Frontier.from_bytes(packed)
        assert 8 + 32 * size.bit_count() == len(packed)

    def test_is_not_read_when_it_is_cut_or_too_long(self):
        packed = frontier_over(leaves(6)).to_bytes()

        for damaged in (b"", packed[:7], packed[:8], packed[:-1], packed[:-32], packed + b"\x00", packed + bytes(32)):
            with pytest.raises(ImpossibleTree):
                Frontier.from_bytes(damaged)

    def test_is_not_read_when_its_size_has_another_number_of_subtrees(self):
        packed = frontier_over(leaves(6)).to_bytes()

        with pytest.raises(ImpossibleTree):
            Frontier.from_bytes((7).to_bytes(8, "big") + packed[8:])

    def test_is_not_read_when_its_size_is_beyond_every_tree(self):
        with pytest.raises(ImpossibleTree):
            Frontier.from_bytes((SIZE_MAX + 1).to_bytes(8, "big") + bytes(32))
