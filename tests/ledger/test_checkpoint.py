"""Checkpoints and cosignatures: what is trusted, and every forgery we could think of."""

import base64

import pytest

from tests.ledger.signed_logs import (
    NOON,
    ORIGIN,
    WITNESS,
    a_checkpoint,
    a_private_key,
    leaves,
    log_key,
    signed,
    the_log,
    verifies,
    witness_key,
)
from timebank.ledger.checkpoint import (
    SECONDS_MAX,
    Checkpoint,
    ForeignLog,
    MalformedCheckpoint,
    cosign,
    open_checkpoint,
    parse_checkpoint,
    verify_continues,
    verify_cosignature,
)
from timebank.ledger.merkle import EMPTY_ROOT, SIZE_MAX, leaf_hash
from timebank.ledger.note import Note, NotSignedBy, Signature, SignatureMismatch, sign_text
from timebank.ledger.proofs import HeadWentBack, HistoryNotProven, WrongProofLength, consistency_proof, nodes_over

ROOT_TEXT = base64.b64encode(bytes(32)).decode()


class TestCheckpoints:
    """C2SP tlog-checkpoint: origin, size and root, each in the one form it has."""

    def test_are_three_lines(self):
        checkpoint = Checkpoint(ORIGIN, 20_852_163, bytes(32))

        assert f"xfl.example/log\n20852163\n{ROOT_TEXT}\n" == checkpoint.text

    @pytest.mark.parametrize("size", [1, 9, 10, 255, SIZE_MAX])
    @pytest.mark.parametrize("extensions", [(), ("one more line",), ("a", "b")])
    def test_are_read_back_as_written(self, size, extensions):
        checkpoint = Checkpoint("幸福里社区 log", size, bytes(range(32)), extensions)

        assert checkpoint == parse_checkpoint(checkpoint.text)

    def test_of_an_empty_log_have_the_root_of_nothing(self):
        empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)

        assert empty == parse_checkpoint(empty.text)
        with pytest.raises(MalformedCheckpoint):
            Checkpoint(ORIGIN, 0, bytes(32))

    @pytest.mark.parametrize("size", ["007", "00", "+7", "-7", "7.0", "7e1", " 7", "7 ", "", "7_0", "٧", "0x7"])
    def test_with_a_size_in_another_form_are_refused(self, size):
        with pytest.raises(MalformedCheckpoint):
            parse_checkpoint(f"{ORIGIN}\n{size}\n{ROOT_TEXT}\n")

    def test_with_a_size_beyond_every_tree_are_refused(self):
        for size in (SIZE_MAX + 1, 10**19, 10**40):
            with pytest.raises(MalformedCheckpoint):
                parse_checkpoint(f"{ORIGIN}\n{size}\n{ROOT_TEXT}\n")

    @pytest.mark.parametrize(
        "root",
        [
            "",
            ROOT_TEXT[:-1],
            ROOT_TEXT[:-2] + "B=",
            ROOT_TEXT + "A",
            "A" * 44,
            "_" * 43 + "=",
            base64.b64encode(bytes(31)).decode(),
            base64.b64encode(bytes(33)).decode(),
            bytes(32).hex(),
        ],
    )
    def test_with_a_root_in_another_form_are_refused(self, root):
        with pytest.raises(MalformedCheckpoint):
            parse_checkpoint(f"{ORIGIN}\n7\n{root}\n")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\n",
            f"{ORIGIN}\n7\n",
            f"\n7\n{ROOT_TEXT}\n",
            f"{ORIGIN}\n7\n{ROOT_TEXT}",
            f"{ORIGIN}\n7\n{ROOT_TEXT}\n\n",
            f"{ORIGIN}\n7\n{ROOT_TEXT}\nextension\n\n",
            f"{ORIGIN}\n\n7\n{ROOT_TEXT}\n",
        ],
    )
    def test_with_missing_or_empty_lines_are_refused(self, text):
        with pytest.raises(MalformedCheckpoint):
            parse_checkpoint(text)

    @pytest.mark.parametrize(
        ("origin", "size", "root", "extensions"),
        [
            ("", 1, bytes(32), ()),
            ("two\nlines", 1, bytes(32), ()),
            (ORIGIN, -1, bytes(32), ()),
            (ORIGIN, SIZE_MAX + 1, bytes(32), ()),
            (ORIGIN, 1, bytes(31), ()),
            (ORIGIN, 1, bytes(32), ("",)),
            (ORIGIN, 1, bytes(32), ("two\nlines",)),
        ],
    )
    def test_that_could_not_be_read_back_cannot_be_built(self, origin, size, root, extensions):
        with pytest.raises(MalformedCheckpoint):
            Checkpoint(origin, size, root, extensions)


class TestTrustingACheckpoint:
    """ledger.md section 5: forged and foreign checkpoints are found."""

    def test_takes_one_that_the_log_signed(self):
        checkpoint = a_checkpoint(leaves(5))

        assert checkpoint == open_checkpoint(signed(checkpoint), the_log())

    def test_refuses_one_that_a_forger_signed_in_the_name_of_the_log(self):
        with pytest.raises(NotSignedBy):
            open_checkpoint(signed(a_checkpoint(leaves(5)), number=3), the_log())

    def test_refuses_one_whose_size_or_root_was_changed_after_signing(self):
        note = signed(a_checkpoint(leaves(5)))

        for forged in (a_checkpoint(leaves(6)), Checkpoint(ORIGIN, 6, a_checkpoint(leaves(5)).root)):
            with pytest.raises(SignatureMismatch):
                open_checkpoint(Note(forged.text, note.signatures), the_log())

    def test_refuses_one_of_another_log_with_the_same_key(self):
        note = signed(a_checkpoint(leaves(5), origin="ygl.example/log"))

        with pytest.raises(ForeignLog) as refused:
            open_checkpoint(note, the_log())

        assert {"expected": ORIGIN, "found": "ygl.example/log"} == refused.value.facts

    def test_refuses_a_signed_text_that_is_no_checkpoint(self):
        note = sign_text("the log says hello\n", log_key(), a_private_key(1).sign)

        with pytest.raises(MalformedCheckpoint):
            open_checkpoint(note, the_log())


class TestContinuing:
    """ledger.md section 5: a witness and the signer compare with the head they saw last."""

    def test_takes_a_checkpoint_that_keeps_the_older_entries(self):
        every = leaves(9)

        verify_continues(a_checkpoint(every[:5]), a_checkpoint(every), consistency_proof(5, 9, nodes_over(every)))

    def test_takes_the_same_checkpoint_again(self):
        verify_continues(a_checkpoint(leaves(5)), a_checkpoint(leaves(5)), ())

    def test_takes_any_checkpoint_after_that_of_an_empty_log(self):
        verify_continues(a_checkpoint([]), a_checkpoint([]), ())
        verify_continues(a_checkpoint([]), a_checkpoint(leaves(5)), ())

    def test_refuses_hashes_after_an_empty_log(self):
        with pytest.raises(WrongProofLength) as refused:
            verify_continues(a_checkpoint([]), a_checkpoint(leaves(5)), leaves(2))

        assert {"found": 2, "expected": 0} == refused.value.facts

    def test_refuses_an_old_checkpoint_that_is_replayed(self):
        every = leaves(9)

        for replayed in (a_checkpoint(every[:5]), a_checkpoint([])):
            with pytest.raises(HeadWentBack):
                verify_continues(a_checkpoint(every), replayed, ())

    def test_refuses_a_fork_of_the_same_size(self):
        with pytest.raises(HistoryNotProven):
            verify_continues(a_checkpoint(leaves(5)), a_checkpoint(leaves(6)[1:]), ())

    def test_refuses_rewritten_books_with_recomputed_hashes(self):
        honest = leaves(9)
        rewritten = [leaf_hash(b"more points"), *honest[1:], leaf_hash(b"new")]

        with pytest.raises(HistoryNotProven):
            verify_continues(
                a_checkpoint(honest), a_checkpoint(rewritten), consistency_proof(9, 10, nodes_over(rewritten))
            )

    def test_refuses_another_log(self):
        with pytest.raises(ForeignLog):
            verify_continues(a_checkpoint(leaves(5)), a_checkpoint(leaves(5), origin="ygl.example/log"), ())


class TestWitnessing:
    """C2SP tlog-cosignature: a witness signs the checkpoint and the moment it saw it."""

    def test_signs_the_moment_and_the_whole_text(self):
        checkpoint = a_checkpoint(leaves(5))
        messages = []

        def sign(message):
            messages.append(message)
            return bytes(64)

        cosign(checkpoint, witness_key(), NOON, sign)

        assert [f"cosignature/v1\ntime 1772337600\n{checkpoint.text}".encode()] == messages

    def test_is_shown_with_its_moment_in_whole_seconds(self):
        note = signed(a_checkpoint(leaves(5)))
        cosigned = note.with_signature(
            cosign(a_checkpoint(leaves(5)), witness_key(), NOON.replace(microsecond=999_999), a_private_key(2).sign)
        )

        assert NOON == verify_cosignature(cosigned, witness_key(), verifies(2))
        assert a_checkpoint(leaves(5)) == open_checkpoint(cosigned, the_log())

    def test_twice_is_shown_with_the_later_moment(self):
        checkpoint = a_checkpoint(leaves(5))
        note = signed(checkpoint)
        for moment in (NOON.replace(day=3), NOON.replace(day=2)):
            note = note.with_signature(cosign(checkpoint, witness_key(), moment, a_private_key(2).sign))

        assert NOON.replace(day=3) == verify_cosignature(note, witness_key(), verifies(2))

    def test_is_not_shown_for_a_witness_that_did_not_sign(self):
        with pytest.raises(NotSignedBy) as refused:
            verify_cosignature(signed(a_checkpoint(leaves(5))), witness_key(), verifies(2))

        assert {"name": WITNESS} == refused.value.facts

    def test_is_refused_when_it_was_taken_from_another_checkpoint(self):
        other = cosign(a_checkpoint(leaves(4)), witness_key(), NOON, a_private_key(2).sign)

        with pytest.raises(SignatureMismatch):
            verify_cosignature(signed(a_checkpoint(leaves(5))).with_signature(other), witness_key(), verifies(2))

    def test_is_refused_when_the_moment_was_changed(self):
        checkpoint = a_checkpoint(leaves(5))
        true = cosign(checkpoint, witness_key(), NOON, a_private_key(2).sign)
        later = int(NOON.timestamp()) + 1
        forged = Signature(true.name, true.key_id, later.to_bytes(8, "big") + true.value[8:])

        with pytest.raises(SignatureMismatch):
            verify_cosignature(signed(checkpoint).with_signature(forged), witness_key(), verifies(2))

    def test_is_refused_when_a_plain_signature_stands_in_its_place(self):
        checkpoint = a_checkpoint(leaves(5))
        plain = Signature(WITNESS, witness_key().key_id, a_private_key(2).sign(checkpoint.text.encode()))

        with pytest.raises(SignatureMismatch):
            verify_cosignature(signed(checkpoint).with_signature(plain), witness_key(), verifies(2))

    @pytest.mark.parametrize("length", [7, 8, 64, 71, 73])
    def test_is_refused_in_another_length_without_asking_the_library(self, length):
        note = Note("text\n", (Signature(WITNESS, witness_key().key_id, bytes(length)),))

        with pytest.raises(SignatureMismatch):
            verify_cosignature(note, witness_key(), lambda signature, message: True)

    @pytest.mark.parametrize(("seconds", "accepted"), [(0, True), (SECONDS_MAX, True), (SECONDS_MAX + 1, False)])
    def test_is_refused_after_the_last_moment_of_the_year_9999(self, seconds, accepted):
        note = Note("text\n", (Signature(WITNESS, witness_key().key_id, seconds.to_bytes(8, "big") + bytes(64)),))

        if accepted:
            moment = verify_cosignature(note, witness_key(), lambda signature, message: True)
            assert seconds == moment.timestamp()
        else:
            with pytest.raises(SignatureMismatch):
                verify_cosignature(note, witness_key(), lambda signature, message: True)

    def test_needs_a_moment_with_a_zone(self):
        with pytest.raises(AssertionError):
            cosign(a_checkpoint(leaves(5)), witness_key(), NOON.replace(tzinfo=None), a_private_key(2).sign)
