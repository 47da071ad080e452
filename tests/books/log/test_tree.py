"""The stored tree: every head, proof and tile is the one that the pure tree over the same leaves has."""

import pytest
import sqlalchemy as sa

from tests.books.builders import TODAY, a_log
from tests.builders import an_act
from timebank import schema
from timebank.books import journal
from timebank.books.log import tree
from timebank.database import new_engine, reading, writing
from timebank.ledger.entries import Draft, EntryKind
from timebank.ledger.merkle import ImpossibleTree, tree_head
from timebank.ledger.proofs import consistency_proof, inclusion_proof, nodes_over
from timebank.ledger.tiles import Tile, tiles_of

COUNT = 600
SIZES = (1, 2, 3, 255, 256, 257, 511, 512, 513, COUNT)


@pytest.fixture
def leaves(session):
    """The leaf hashes of a log of 600 entries, posted in batches that no tile ends with."""
    a_log(session)
    hashes = []
    for batch in range(0, COUNT, 100):
        drafts = [Draft(kind=EntryKind.STAR_GRANTED, effective_on=TODAY, source=f"award:{batch}")] * 100
        hashes += [posted.leaf_hash for posted in journal.post_all(session, an_act(), drafts)]
    return hashes


class TestTheStoredTree:
    """ledger.md section 5: RFC 9162 over the stored bytes; a node for every eighth level is kept."""

    def test_knows_the_head_of_every_size(self, session, leaves):
        for size in (0, *SIZES):
            assert tree_head(leaves[:size]) == tree.head_at(session, "xfl", size)

    def test_proves_every_kind_of_place(self, session, leaves):
        for size in SIZES:
            pure = nodes_over(leaves[:size])
            for index in {0, size // 2, max(size - 2, 0), size - 1}:
                assert inclusion_proof(index, size, pure) == tree.inclusion(session, "xfl", index=index, size=size)

    def test_proves_that_the_newer_log_begins_with_the_older_one(self, session, leaves):
        for size in SIZES:
            pure = nodes_over(leaves[:size])
            for older in (one for one in SIZES if one <= size):
                found = tree.consistency(session, "xfl", older_size=older, size=size)
                assert consistency_proof(older, size, pure) == found

    def test_cuts_the_same_tiles(self, session, leaves):
        nodes = nodes_over(leaves)
        for tile in tiles_of(COUNT):
            expected = [nodes(8 * tile.level, tile.first + place) for place in range(tile.width)]
            assert expected == list(tree.tile_hashes(session, "xfl", tile))

    def test_gives_what_is_there_of_a_tile_that_is_not_full_yet(self, session, leaves):
        assert COUNT - 512 == len(tree.tile_hashes(session, "xfl", Tile(0, 2, 256)))
        assert () == tree.tile_hashes(session, "xfl", Tile(0, 3, 1))

    def test_asks_the_database_once_for_a_proof(self, session, leaves):
        asked = []
        sa.event.listen(session.connection(), "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))

        tree.inclusion(session, "xfl", index=300, size=COUNT)

        assert 1 == len(asked)

    def test_of_another_community_is_another_tree(self, session, leaves):
        assert tree_head([]) == tree.head_at(session, "other", 0)
        with pytest.raises(ImpossibleTree):
            tree.head_at(session, "other", 1)

    def test_has_no_head_beyond_its_entries(self, session, leaves):
        with pytest.raises(ImpossibleTree):
            tree.head_at(session, "xfl", COUNT + 1)


class TestGrowth:
    """What was added since a known head is hashed again and compared with what is stored."""

    def test_leads_to_the_head_of_the_whole(self, session, leaves):
        older = tree.frontier_at(session, "xfl", 250)

        assert tree_head(leaves) == tree.check_grown(session, "xfl", older, leaves[250:]).head()

    def test_notices_a_node_that_is_not_the_one_over_its_leaves(self, session, leaves):
        older = tree.frontier_at(session, "xfl", 250)
        leaves[255] = leaves[0]

        with pytest.raises(ImpossibleTree):
            tree.check_grown(session, "xfl", older, leaves[250:])


class TestAppendOnly:
    """ledger.md section 3: what was kept of the tree is never changed or removed."""

    @pytest.mark.parametrize("statement", ["UPDATE tree_node SET position = 9", "DELETE FROM tree_node"])
    def test_the_database_refuses_it(self, session, leaves, statement):
        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(sa.text(statement))


class TestTheStepThatMakesTheTables:
    """style.md section 9: what was there before the step has its nodes after it."""

    def test_fills_in_the_nodes_of_a_log_that_is_older_than_the_tables(self, database):
        with writing(database.engine) as session:
            a_log(session)
            drafts = [Draft(kind=EntryKind.STAR_GRANTED, effective_on=TODAY)] * 520
            journal.post_all(session, an_act(), drafts)
        database.engine.dispose()

        schema.downgrade(database.url, to="0008_audit")
        schema.upgrade(database.url)

        engine = new_engine(database.url)
        with reading(engine) as session:
            stored = [tree.tile_hashes(session, "xfl", Tile(level, 0, 256)) for level in (0, 1, 2)]
            assert [256, 2, 0] == [len(hashes) for hashes in stored]
            assert nodes_over(stored[0])(8, 0) == stored[1][0]
            tree.head_at(session, "xfl", 520)
        engine.dispose()
