"""Log proofs: the file in a receipt proves its entry, and nothing else."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.signed_logs import NOON, a_checkpoint, a_private_key, leaves, signed, the_log, verifies, witness_key
from timebank.ledger.checkpoint import cosign, verify_cosignature
from timebank.ledger.log_proof import PROOF_BYTES_MAX, LogProof, MalformedLogProof, parse_log_proof, verify_log_proof
from timebank.ledger.merkle import node_hash
from timebank.ledger.note import (
    MalformedSignature,
    NoteCutOff,
    NoteNotSigned,
    NoteNotText,
    NoteTooLarge,
    NotSignedBy,
    SignatureMismatch,
)
from timebank.ledger.proofs import EntryBeyondTree, EntryNotProven, WrongProofLength, inclusion_proof, nodes_over
from timebank.refusal import Refusal

ROOT_TEXT = base64.b64encode(bytes(32)).decode()


def a_proof(index, leaf_hashes, extra=b""):
    hashes = inclusion_proof(index, len(leaf_hashes), nodes_over(leaf_hashes))
    return LogProof(index, hashes, signed(a_checkpoint(leaf_hashes)), extra)


class TestLogProofs:
    """C2SP tlog-proof: one small text file proves one entry, without a network."""

    def test_are_written_as_the_standard_shows(self):
        every = leaves(2)
        note = signed(a_checkpoint(every))

        raw = LogProof(1, (every[0],), note, b"seq 2").to_bytes()

        head = f"c2sp.org/tlog-proof@v1\nextra c2VxIDI=\nindex 1\n{base64.b64encode(every[0]).decode()}\n\n".encode()
        assert head + note.to_bytes() == raw

    @pytest.mark.parametrize("extra", [b"", b"\x00", "义卖 30 分".encode()])
    @pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (6, 7), (20, 33)])
    def test_are_read_back_and_prove_their_entry(self, index, size, extra):
        every = leaves(size)
        proof = a_proof(index, every, extra)

        read = parse_log_proof(proof.to_bytes())

        assert proof == read
        assert a_checkpoint(every) == verify_log_proof(read, every[index], the_log())

    def test_of_the_largest_tree_are_read_with_all_63_hashes(self):
        largest = LogProof(0, (bytes(32),) * 63, signed(a_checkpoint(leaves(1))))

        assert largest == parse_log_proof(largest.to_bytes())

    def test_keep_the_cosignatures_of_witnesses(self):
        every = leaves(7)
        proof = a_proof(3, every)
        cosignature = cosign(a_checkpoint(every), witness_key(), NOON, a_private_key(2).sign)
        raw = LogProof(3, proof.hashes, proof.note.with_signature(cosignature)).to_bytes()

        assert NOON == verify_cosignature(parse_log_proof(raw).note, witness_key(), verifies(2))

    def test_do_not_prove_another_entry(self):
        every = leaves(7)

        with pytest.raises(EntryNotProven):
            verify_log_proof(a_proof(3, every), every[2], the_log())

    def test_do_not_prove_their_entry_at_another_place(self):
        every = leaves(8)
        proof = a_proof(3, every)

        with pytest.raises(EntryNotProven):
            verify_log_proof(LogProof(2, proof.hashes, proof.note), every[3], the_log())

    def test_do_not_prove_a_place_that_the_log_had_not_reached(self):
        every = leaves(8)
        proof = a_proof(3, every)

        with pytest.raises(EntryBeyondTree):
            verify_log_proof(LogProof(8, proof.hashes, proof.note), every[3], the_log())

    def test_do_not_prove_a_node_of_the_tree_as_an_entry(self):
        every = leaves(8)
        proof = a_proof(2, every)

        with pytest.raises(WrongProofLength):
            verify_log_proof(LogProof(1, proof.hashes[1:], proof.note), node_hash(every[2], every[3]), the_log())

    def test_do_not_prove_anything_with_the_checkpoint_of_another_day(self):
        every = leaves(8)
        proof = LogProof(3, a_proof(3, every).hashes, signed(a_checkpoint(every[:7])))

        with pytest.raises(EntryNotProven):
            verify_log_proof(proof, every[3], the_log())

    def test_do_not_prove_anything_with_a_checkpoint_that_we_did_not_sign(self):
        every = leaves(8)
        proof = LogProof(3, a_proof(3, every).hashes, signed(a_checkpoint(every), number=3))

        with pytest.raises(NotSignedBy):
            verify_log_proof(proof, every[3], the_log())

    @pytest.mark.parametrize(
        ("true", "false"),
        [
            ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
            ("c2sp.org/tlog-proof@v1", " c2sp.org/tlog-proof@v1"),
            ("c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\n\n"),
            ("extra c2VxIDI=\n", "extra \n"),
            ("extra c2VxIDI=\n", "extra c2VxIDI\n"),
            ("extra c2VxIDI=\n", "extra c2VxIDJ=\n"),
            ("extra c2VxIDI=\n", "extra c2VxIDI=\nextra c2VxIDI=\n"),
            ("index 3", "index 03"),
            ("index 3", "index -3"),
            ("index 3", "index +3"),
            ("index 3", "index ٣"),
            ("index 3", "index 3 "),
            ("index 3", "index " + "9" * 20),
            ("index 3\n", ""),
            ("index 3\n", "index 3\n" + "A" * 44 + "\n"),
            ("index 3\n", "index 3\n" + "A" * 42 + "B=\n"),
            ("index 3\n", "index 3\n" + (ROOT_TEXT + "\n") * 61),
        ],
    )
    def test_in_another_form_are_refused(self, true, false):
        raw = a_proof(3, leaves(8), b"seq 2").to_bytes()

        with pytest.raises(MalformedLogProof):
            parse_log_proof(raw.replace(true.encode(), false.encode(), 1))

    def test_do_not_prove_anything_when_an_empty_line_moves_the_proof_into_the_checkpoint(self):
        every = leaves(8)
        raw = a_proof(3, every).to_bytes().replace(b"index 3\n", b"index 3\n\n")

        with pytest.raises(SignatureMismatch):
            verify_log_proof(parse_log_proof(raw), every[3], the_log())

    def test_with_a_damaged_checkpoint_are_refused(self):
        raw = a_proof(3, leaves(8)).to_bytes()

        for damaged, refusal in (
            (raw[:-1], NoteCutOff),
            (raw + b"\n", NoteNotSigned),
            (raw.replace("— ".encode(), b"- "), MalformedSignature),
            (raw.replace(b"\n", b"\r\n"), NoteNotText),
            (raw + b"x" * PROOF_BYTES_MAX + b"\n", NoteTooLarge),
        ):
            with pytest.raises(refusal):
                parse_log_proof(damaged)

    @given(st.data())
    @settings(max_examples=40, deadline=None)
    def test_are_refused_with_any_byte_changed(self, data):
        every = leaves(5)
        raw = a_proof(3, every).to_bytes()
        place = data.draw(st.integers(0, len(raw) - 1))
        changed = raw[:place] + bytes([raw[place] ^ data.draw(st.integers(1, 255))]) + raw[place + 1 :]

        with pytest.raises(Refusal):
            verify_log_proof(parse_log_proof(changed), every[3], the_log())

    @given(st.data())
    @settings(max_examples=20, deadline=None)
    def test_are_refused_when_the_end_is_missing(self, data):
        raw = a_proof(3, leaves(5)).to_bytes()

        with pytest.raises(Refusal):
            parse_log_proof(raw[: data.draw(st.integers(0, len(raw) - 1))])
