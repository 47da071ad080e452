"""The signer puts the log's name to one history only, and notices every other one."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.evidence.builders import KEYS, XFL, a_signer, grown, signed
from timebank.database import reading, writing
from timebank.evidence import queries, signing
from timebank.evidence.last_heads import LAST_HEADS_FILE, LastHeadMoved, LastHeads, LastHeadsDamaged
from timebank.evidence.signing import EntryAltered, LastHeadMissing, LogDamaged, LogForked, LogRolledBack
from timebank.ledger.checkpoint import open_checkpoint
from timebank.ledger.merkle import TreeHead

ENTRIES = 30


@pytest.fixture
def signer(tmp_path):
    return a_signer(tmp_path)


@pytest.fixture
def log(database, signer):
    """The engine over a log of 30 entries, the first 20 of them signed."""
    grown(database.engine, 20)
    signed(database.engine, signer)
    grown(database.engine, 10)
    return database.engine


def found_nothing_new(engine, signer):
    with reading(engine) as session:
        return signing.nothing_new(session, XFL, signer)


class TestSigning:
    """ledger.md section 5: signed when grown, C2SP checkpoint, Ed25519."""

    def test_the_head_covers_every_entry_and_anybody_can_verify_it(self, log, signer):
        head = signed(log, signer)

        assert ENTRIES == head.size
        checkpoint = open_checkpoint(head.note, KEYS.logs(XFL)[0])
        assert (f"{KEYS.site}/xfl", ENTRIES, head.root) == (checkpoint.origin, checkpoint.size, checkpoint.root)

    def test_an_unchanged_log_is_not_signed_again(self, log, signer):
        first = signed(log, signer)

        assert found_nothing_new(log, signer)
        assert first == signed(log, signer, at=NOON + timedelta(minutes=1))

    def test_a_log_that_has_grown_is_noticed(self, log, signer):
        assert not found_nothing_new(log, signer)

    def test_an_empty_log_has_nothing_to_sign(self, database, signer):
        grown(database.engine, 0)

        assert found_nothing_new(database.engine, signer)
        assert signed(database.engine, signer) is None

    def test_every_head_is_kept(self, log, signer):
        signed(log, signer)

        with reading(log) as session:
            assert [20, ENTRIES] == [head.size for head in queries.heads(session, XFL)]
            assert 20 == queries.signed_head(session, XFL, 20).size
            with pytest.raises(queries.NoSuchHead):
                queries.signed_head(session, XFL, 21)

    def test_what_comes_while_it_waits_for_the_lock_is_signed_too(self, log, signer):
        with reading(log) as session:
            checked = signing.checked_growth(session, XFL, signer)
        grown(log, 5)

        with writing(log) as session:
            signing.sign_head(session, XFL, signer=signer, checked=checked, at=NOON)
            newest = queries.heads(session, XFL)[-1]

        assert ENTRIES + 5 == newest.size

    def test_of_two_at_once_one_signs(self, log, signer):
        with reading(log) as session:
            checked = signing.checked_growth(session, XFL, signer)
        signed(log, signer)
        grown(log, 1)

        with pytest.raises(LastHeadMoved), writing(log) as session:
            signing.sign_head(session, XFL, signer=signer, checked=checked, at=NOON)

    def test_a_crash_between_memory_and_database_is_made_good(self, log, signer):
        with reading(log) as session:
            head = signing.checked_growth(session, XFL, signer).frontier.head()
        origin = KEYS.origin(XFL)
        signer.memory.swap(origin, expected=signer.memory.find(origin), new=head)

        assert ENTRIES == signed(log, signer).size

    def test_each_community_has_a_log_of_its_own(self, database, signer):
        grown(database.engine, 3)
        grown(database.engine, 2, community_id="other")

        assert 3 == signed(database.engine, signer).size
        assert f"{KEYS.site}/other" == signed(database.engine, signer, "other").note.text.split("\n")[0]


class TestDamage:
    """trust.md T17: a backup that was set back, or entries that were rewritten, are never signed."""

    def test_fewer_entries_than_were_signed(self, database, log, signer):
        signed(log, signer)
        database.meddle(
            "DELETE FROM line WHERE seq > 25",
            "DELETE FROM transfer WHERE seq > 25",
            "DELETE FROM entry WHERE seq > 25",
            "DELETE FROM checkpoint WHERE size > 25",
        )

        with pytest.raises(LogRolledBack) as refused:
            signed(log, signer)

        assert {"signed_size": ENTRIES, "found_size": 25} == refused.value.facts

    def test_a_backup_that_went_on_another_way(self, log, signer):
        signed_elsewhere, last = TreeHead(25, bytes(32)), signer.memory.find(KEYS.origin(XFL))
        signer.memory.swap(KEYS.origin(XFL), expected=last, new=signed_elsewhere)

        with pytest.raises(LogForked) as refused:
            signed(log, signer)

        assert {"size": 25} == refused.value.facts

    @pytest.mark.parametrize("seq", [21, 25, ENTRIES])
    def test_a_new_entry_whose_bytes_were_changed(self, database, log, signer, seq):
        database.meddle(f"UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE seq = 1) WHERE seq = {seq}")

        with pytest.raises(EntryAltered) as refused:
            signed(log, signer)

        assert {"seq": seq} == refused.value.facts

    def test_a_new_entry_that_was_replaced_with_its_hash(self, database, log, signer):
        database.meddle(
            "UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE seq = 1), "
            "leaf_hash = (SELECT leaf_hash FROM entry WHERE seq = 1) WHERE seq = 25"
        )

        with pytest.raises(LogDamaged):
            signed(log, signer)

    def test_a_node_of_the_tree_that_was_changed(self, database, signer):
        grown(database.engine, 256)
        database.meddle("UPDATE tree_node SET hash = (SELECT leaf_hash FROM entry WHERE seq = 1)")

        with pytest.raises(LogDamaged):
            signed(database.engine, signer)

    def test_a_node_of_the_tree_that_is_missing_below_the_last_head(self, database, signer):
        grown(database.engine, 256)
        signed(database.engine, signer)
        database.meddle("DELETE FROM tree_node")
        grown(database.engine, 1)

        with pytest.raises(LogDamaged):
            signed(database.engine, signer)

    @pytest.mark.parametrize("frontier", ["NULL_ROOT", "CUT"])
    def test_a_head_row_that_was_changed(self, database, log, signer, frontier):
        value = {"NULL_ROOT": "'00' || '00'", "CUT": "'ff'"}[frontier]
        cast = f"decode({value}, 'hex')" if database.kind == "postgresql" else f"CAST({value} AS BLOB)"
        database.meddle(f"UPDATE log_head SET frontier = {cast}")

        with reading(log) as session, pytest.raises(LogDamaged):
            signing.checked_growth(session, XFL, signer)

    def test_a_memory_that_is_gone(self, log, signer, tmp_path):
        (tmp_path / LAST_HEADS_FILE).unlink()

        with pytest.raises(LastHeadMissing) as refused:
            signed(log, signer)

        assert {"signed_size": 20} == refused.value.facts

    def test_a_memory_that_is_an_old_copy(self, log, signer, tmp_path):
        old = (tmp_path / LAST_HEADS_FILE).read_bytes()
        signed(log, signer)
        (tmp_path / LAST_HEADS_FILE).write_bytes(old)

        with pytest.raises(LastHeadMissing):
            signed(log, signer)

    def test_a_stored_head_that_is_not_the_one_that_was_signed(self, database, log, signer):
        database.meddle("UPDATE checkpoint SET root = (SELECT leaf_hash FROM entry WHERE seq = 1)")

        with pytest.raises(LogForked):
            signed(log, signer)


class TestTheMemory:
    """The signer's own store: compare-and-swap, atomic, readable by its owner alone."""

    def test_keeps_the_last_head_of_every_log(self, tmp_path):
        memory, heads = LastHeads(tmp_path), [TreeHead(1, bytes(32)), TreeHead(2, bytes([1]) * 32)]
        memory.swap("a", expected=None, new=heads[0])
        memory.swap("b", expected=None, new=heads[1])

        memory.swap("a", expected=heads[0], new=heads[1])

        assert [heads[1], heads[1], None] == [LastHeads(tmp_path).find(name) for name in "abc"]

    def test_refuses_a_swap_from_a_head_that_is_not_the_last(self, tmp_path):
        memory = LastHeads(tmp_path)
        memory.swap("a", expected=None, new=TreeHead(1, bytes(32)))

        for expected in (None, TreeHead(1, bytes([1]) * 32)):
            with pytest.raises(LastHeadMoved):
                memory.swap("a", expected=expected, new=TreeHead(2, bytes(32)))

        assert TreeHead(1, bytes(32)) == memory.find("a")

    @pytest.mark.parametrize(
        "text", ["", "[]", "{", '{"a": 1}', '{"a": {"size": 1}}', '{"a": {"size": 1, "root": "0"}}']
    )
    def test_does_not_begin_anew_when_it_cannot_be_read(self, tmp_path, text):
        (tmp_path / LAST_HEADS_FILE).write_text(text)

        with pytest.raises(LastHeadsDamaged):
            LastHeads(tmp_path).find("a")

    def test_belongs_to_its_owner_and_leaves_nothing_half_written(self, tmp_path):
        LastHeads(tmp_path).swap("a", expected=None, new=TreeHead(1, bytes(32)))

        assert 0o600 == (tmp_path / LAST_HEADS_FILE).stat().st_mode & 0o777
        assert {LAST_HEADS_FILE, f"{LAST_HEADS_FILE}.lock"} == {path.name for path in tmp_path.iterdir()}
