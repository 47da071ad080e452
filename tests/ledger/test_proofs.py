"""Proofs: an entry is in the tree, and a later tree begins with an earlier one; and every way to cheat."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timebank.ledger.merkle import EMPTY_ROOT, ImpossibleTree, NotAHash, TreeHead, leaf_hash, node_hash, tree_head
from timebank.ledger.proofs import (
    EmptyHead,
    EntryBeyondTree,
    EntryNotProven,
    HeadWentBack,
    HistoryNotProven,
    WrongProofLength,
    consistency_proof,
    inclusion_proof,
    nodes_over,
    verify_consistency,
    verify_inclusion,
)
from timebank.refusal import Refusal

PUBLIC_VECTORS = Path(__file__).parents[2].parent / "shared" / "vectors" / "merkle-inclusion.json"
ALL_SIZES_MAX = 40


def leaves(count):
    return [leaf_hash(f"entry {number}".encode()) for number in range(count)]


def included(index, leaf_hashes):
    return inclusion_proof(index, len(leaf_hashes), nodes_over(leaf_hashes))


def continued(older_size, leaf_hashes):
    return consistency_proof(older_size, len(leaf_hashes), nodes_over(leaf_hashes))


def with_bit_flipped(value, bit):
    return (int.from_bytes(value, "big") ^ (1 << bit)).to_bytes(len(value), "big")


def is_refused_as_public_vector(case):
    leaf, root, *hashes = (
        base64.b64decode(text or "") for text in (case["leafHash"], case["root"], *(case["proof"] or ()))
    )
    try:
        verify_inclusion(leaf, case["leafIdx"], hashes, TreeHead(case["treeSize"], root))
    except (Refusal, ImpossibleTree):
        return True
    return False


class TestPublicVectors:
    """98 inclusion proofs published for RFC 6962, 6 true and 92 false."""

    def test_are_all_judged_as_their_makers_say(self):
        if not PUBLIC_VECTORS.exists():
            pytest.skip(f"PUBLIC VECTORS NOT CHECKED: {PUBLIC_VECTORS} is not there")
        cases = json.loads(PUBLIC_VECTORS.read_text())

        misjudged = [case["case"] for case in cases if is_refused_as_public_vector(case) != case["wantErr"]]

        assert [] == misjudged
        assert (92, 98) == (sum(case["wantErr"] for case in cases), len(cases))


class TestTheExampleOfTheStandard:
    """RFC 9162 section 2.1.5: the tree of seven entries and its proofs, node by node."""

    def test_proves_entries_with_the_nodes_that_the_standard_names(self):
        a, b, c, d, e, f, j = every = leaves(7)
        g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
        k, el = node_hash(g, h), node_hash(i, j)

        assert (b, h, el) == included(0, every)
        assert (c, g, el) == included(3, every)
        assert (f, j, k) == included(4, every)
        assert (i, k) == included(6, every)

    def test_proves_growth_with_the_nodes_that_the_standard_names(self):
        a, b, c, d, e, f, j = every = leaves(7)
        g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
        k, el = node_hash(g, h), node_hash(i, j)

        assert (c, d, g, el) == continued(3, every)
        assert (el,) == continued(4, every)
        assert (i, j, k) == continued(6, every)


class TestAnEntryInTheTree:
    """RFC 9162 section 2.1.3: an inclusion proof holds for one entry at one place under one head."""

    def test_is_proven_at_every_place_of_every_tree(self):
        every = leaves(ALL_SIZES_MAX)

        for size in range(1, ALL_SIZES_MAX + 1):
            head, nodes = tree_head(every[:size]), nodes_over(every[:size])
            for index in range(size):
                verify_inclusion(every[index], index, inclusion_proof(index, size, nodes), head)

    def test_is_proven_in_an_earlier_tree_from_what_is_stored_today(self):
        today = leaves(20)

        proof = inclusion_proof(6, 11, nodes_over(today))

        verify_inclusion(today[6], 6, proof, tree_head(today[:11]))

    def test_is_not_proven_at_any_other_place(self):
        every = leaves(11)
        head = tree_head(every)

        for index in range(11):
            for other in set(range(11)) - {index}:
                with pytest.raises((EntryNotProven, WrongProofLength)):
                    verify_inclusion(every[index], other, included(index, every), head)

    def test_is_not_proven_by_the_proof_of_its_neighbour(self):
        every = leaves(8)

        with pytest.raises(EntryNotProven) as refused:
            verify_inclusion(every[3], 3, included(2, every), tree_head(every))

        assert {"index": 3, "size": 8} == refused.value.facts

    def test_is_not_proven_under_the_head_of_another_tree(self):
        ours, theirs = leaves(8), leaves(9)[1:]

        with pytest.raises(EntryNotProven):
            verify_inclusion(ours[3], 3, included(3, ours), tree_head(theirs))

    def test_cannot_be_a_node_that_is_passed_off_as_a_leaf(self):
        every = leaves(8)
        node = node_hash(every[2], every[3])

        with pytest.raises(WrongProofLength):
            verify_inclusion(node, 1, included(2, every)[1:], tree_head(every))
        with pytest.raises(EntryNotProven):
            verify_inclusion(
                leaf_hash(every[2] + every[3]), 1, included(2, every)[1:], TreeHead(4, tree_head(every).root)
            )

    def test_is_the_whole_tree_when_it_is_alone(self):
        (only,) = leaves(1)

        verify_inclusion(only, 0, (), TreeHead(1, only))

    def test_is_refused_from_the_size_of_the_tree_on(self):
        every = leaves(5)

        for index, size in ((5, 5), (6, 5), (-1, 5), (0, 0)):
            with pytest.raises(EntryBeyondTree) as refused:
                verify_inclusion(every[4], index, included(4, every), tree_head(every[:size]))
            assert {"index": index, "size": size} == refused.value.facts

    def test_is_refused_when_a_hash_has_another_length(self):
        every = leaves(5)
        proof = included(1, every)

        for leaf, hashes in (
            (every[1][:31], proof),
            (every[1] + b"\x00", proof),
            (every[1], (proof[0][:-1], *proof[1:])),
        ):
            with pytest.raises(NotAHash):
                verify_inclusion(leaf, 1, hashes, tree_head(every))

    def test_is_refused_when_the_proof_is_too_short_or_too_long(self):
        every = leaves(5)
        proof = included(1, every)

        for hashes in (proof[:-1], proof[1:], (*proof, proof[0]), ()):
            with pytest.raises(WrongProofLength) as refused:
                verify_inclusion(every[1], 1, hashes, tree_head(every))
            assert {"found": len(hashes), "expected": 3} == refused.value.facts

    def test_is_refused_when_two_hashes_of_the_proof_change_places(self):
        every = leaves(8)
        lowest, middle, highest = included(1, every)

        with pytest.raises(EntryNotProven):
            verify_inclusion(every[1], 1, (middle, lowest, highest), tree_head(every))

    @given(st.data())
    @settings(max_examples=60, deadline=None)
    def test_is_refused_when_one_bit_of_leaf_proof_or_root_is_changed(self, data):
        every = leaves(data.draw(st.integers(1, 33)))
        index = data.draw(st.integers(0, len(every) - 1))
        hashes = [every[index], *included(index, every), tree_head(every).root]
        place = data.draw(st.integers(0, len(hashes) - 1))

        hashes[place] = with_bit_flipped(hashes[place], data.draw(st.integers(0, 255)))

        leaf, *proof, root = hashes
        with pytest.raises(EntryNotProven):
            verify_inclusion(leaf, index, proof, TreeHead(len(every), root))

    def test_cannot_be_asked_of_a_tree_that_does_not_have_it(self):
        for index, size in ((5, 5), (-1, 5), (0, 0)):
            with pytest.raises(ImpossibleTree):
                inclusion_proof(index, size, nodes_over(leaves(5)))


class TestALaterTree:
    """RFC 9162 section 2.1.4: a consistency proof shows that nothing old was touched."""

    def test_continues_every_earlier_one(self):
        every = leaves(ALL_SIZES_MAX)
        heads = [tree_head(every[:size]) for size in range(ALL_SIZES_MAX + 1)]
        nodes = nodes_over(every)

        for size in range(1, ALL_SIZES_MAX + 1):
            for older_size in range(1, size + 1):
                verify_consistency(heads[older_size], heads[size], consistency_proof(older_size, size, nodes))

    @pytest.mark.parametrize("older_size", [1, 2, 3, 4, 6, 7, 8, 12])
    def test_does_not_continue_one_whose_entries_were_changed(self, older_size):
        honest = leaves(13)
        for changed in range(older_size):
            forged = [*honest[:changed], leaf_hash(b"more points"), *honest[changed + 1 :]]

            with pytest.raises(HistoryNotProven) as refused:
                verify_consistency(tree_head(honest[:older_size]), tree_head(forged), continued(older_size, forged))

            assert {"older_size": older_size, "newer_size": 13} == refused.value.facts

    @pytest.mark.parametrize("older_size", [2, 3, 5, 8, 9])
    def test_does_not_continue_one_whose_entries_were_moved(self, older_size):
        honest = leaves(10)
        moved = [honest[older_size - 1], *honest[1 : older_size - 1], honest[0], *honest[older_size:]]

        with pytest.raises(HistoryNotProven):
            verify_consistency(tree_head(honest[:older_size]), tree_head(moved), continued(older_size, moved))

    def test_does_not_continue_one_from_which_an_entry_was_removed(self):
        honest = leaves(10)
        without_one = [*honest[:3], *honest[4:]]

        with pytest.raises(HistoryNotProven):
            verify_consistency(tree_head(honest[:7]), tree_head(without_one), continued(7, without_one))

    def test_does_not_continue_a_fork(self):
        ours = leaves(10)
        theirs = [*ours[:6], leaf_hash(b"restored backup"), *leaves(3)]

        with pytest.raises(HistoryNotProven):
            verify_consistency(tree_head(ours[:8]), tree_head(theirs), continued(8, theirs))

    def test_of_the_same_size_needs_an_empty_proof_and_the_same_root(self):
        every = leaves(6)
        head = tree_head(every)

        verify_consistency(head, head, ())
        with pytest.raises(WrongProofLength) as refused:
            verify_consistency(head, head, (head.root,))
        with pytest.raises(HistoryNotProven):
            verify_consistency(head, tree_head(leaves(7)[1:]), ())

        assert {"found": 1, "expected": 0} == refused.value.facts

    def test_cannot_be_compared_with_an_empty_one(self):
        empty = TreeHead(0, EMPTY_ROOT)

        for newer in (empty, tree_head(leaves(3))):
            with pytest.raises(EmptyHead):
                verify_consistency(empty, newer, ())

    def test_is_refused_when_it_is_the_smaller_one(self):
        every = leaves(6)

        with pytest.raises(HeadWentBack) as refused:
            verify_consistency(tree_head(every), tree_head(every[:5]), continued(5, every))

        assert {"older_size": 6, "newer_size": 5} == refused.value.facts

    @pytest.mark.parametrize(("older_size", "expected"), [(3, 4), (4, 1), (6, 3)])
    def test_is_refused_when_the_proof_is_too_short_or_too_long(self, older_size, expected):
        every = leaves(7)
        proof = continued(older_size, every)

        for hashes in ((), proof[:-1], (*proof, proof[0])):
            with pytest.raises(WrongProofLength) as refused:
                verify_consistency(tree_head(every[:older_size]), tree_head(every), hashes)
            assert {"found": len(hashes), "expected": expected} == refused.value.facts

    def test_is_refused_when_a_hash_has_another_length(self):
        every = leaves(7)
        first, *others = continued(3, every)

        with pytest.raises(NotAHash):
            verify_consistency(tree_head(every[:3]), tree_head(every), (first[:31], *others))

    @given(st.data())
    @settings(max_examples=60, deadline=None)
    def test_is_refused_when_one_bit_of_proof_or_root_is_changed(self, data):
        every = leaves(data.draw(st.integers(1, 33)))
        older_size = data.draw(st.integers(1, len(every)))
        hashes = [tree_head(every[:older_size]).root, *continued(older_size, every), tree_head(every).root]
        place = data.draw(st.integers(0, len(hashes) - 1))

        hashes[place] = with_bit_flipped(hashes[place], data.draw(st.integers(0, 255)))

        older_root, *proof, root = hashes
        with pytest.raises(HistoryNotProven):
            verify_consistency(TreeHead(older_size, older_root), TreeHead(len(every), root), proof)

    def test_cannot_be_asked_from_an_empty_or_larger_one(self):
        for older_size, size in ((0, 5), (6, 5), (-1, 5)):
            with pytest.raises(ImpossibleTree):
                consistency_proof(older_size, size, nodes_over(leaves(5)))


class TestNodesOverAList:
    """The look-up that serves proofs from a list of leaf hashes."""

    def test_takes_only_hashes(self):
        with pytest.raises(NotAHash):
            nodes_over([b"an entry that nobody hashed"])
