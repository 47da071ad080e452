"""A receipt proves an entry to anybody, with a head and witnesses behind it, and nothing else passes for one."""

import pytest

from tests.builders import NOON
from tests.evidence.builders import KEYS, XFL, AWitness, a_signer, a_system_act, grown, signed
from timebank.books.journal import NoSuchEntry
from timebank.database import reading, writing
from timebank.evidence import operations, queries, receipts
from timebank.evidence.keys import new_keys, trusted_log
from timebank.evidence.receipts import DocumentDiffers, NoSuchDocument, NotYetSigned, ReceiptWithoutEntry
from timebank.evidence.signing import EntryAltered
from timebank.ledger.canonical import leaf_bytes
from timebank.ledger.codes import DocumentCode, read_document
from timebank.ledger.log_proof import LogProof
from timebank.ledger.note import NotSignedBy, SignatureMismatch, parse_note, sign_text
from timebank.ledger.proofs import EntryNotProven

LOG = trusted_log(KEYS.verifier(XFL))


@pytest.fixture
def log(database):
    """The engine over a log of ten entries."""
    grown(database.engine, 10)
    return database.engine


@pytest.fixture
def head(log, tmp_path):
    """The log's signed head."""
    return signed(log, a_signer(tmp_path))


def receipt(engine, seq):
    with reading(engine) as session:
        return receipts.receipt(session, XFL, seq)


def as_bytes(database, value):
    """Write bytes as SQL."""
    return f"decode('{value.hex()}', 'hex')" if database.kind == "postgresql" else f"x'{value.hex()}'"


def checked(engine, raw, log=LOG):
    proof, entry = receipts.read_receipt(raw)
    with reading(engine) as session:
        return receipts.check_receipt(proof, entry, log, queries.witnesses(session, XFL))


class TestAReceipt:
    """C2SP tlog-proof with the entry in it: anybody can check it without a network."""

    @pytest.mark.parametrize("seq", [1, 5, 10])
    def test_proves_its_entry_and_no_other(self, log, head, seq):
        given = receipt(log, seq)

        proven = checked(log, given.to_bytes())

        assert (seq, given.entry, 10) == (proven.entry.seq, proven.entry, proven.checkpoint.size)

    def test_says_which_witnesses_stand_behind_it(self, log, head):
        witness = AWitness()
        with writing(log) as session:
            operations.add_witness(session, a_system_act(), key=str(witness.key), holder="街道办事处")
            operations.take_cosignatures(session, XFL, raw=witness.cosigned(head), keys=KEYS, at=NOON)

        proven = checked(log, receipt(log, 3).to_bytes())

        assert [("街道办事处", NOON)] == [(seal.holder, seal.seen_at) for seal in proven.seals]

    def test_prefers_a_witnessed_head_to_a_newer_one(self, log, head, tmp_path):
        witness = AWitness()
        with writing(log) as session:
            operations.add_witness(session, a_system_act(), key=str(witness.key), holder="街道办事处")
            operations.take_cosignatures(session, XFL, raw=witness.cosigned(head), keys=KEYS, at=NOON)
        signed(log, a_signer(tmp_path))

        assert 10 == checked(log, receipt(log, 3).to_bytes()).checkpoint.size
        assert 11 == checked(log, receipt(log, 11).to_bytes()).checkpoint.size

    def test_of_an_entry_that_is_not_signed_yet_is_not_given_out(self, log):
        given = receipt(log, 3)

        assert given.head is None
        with pytest.raises(NotYetSigned):
            given.to_bytes()
        assert receipts.check_own(given, KEYS, ()) is None

    def test_of_ours_holds_for_ourselves(self, log, head):
        proven = receipts.check_own(receipt(log, 3), KEYS, ())

        assert proven is not None
        assert 3 == proven.entry.seq

    def test_of_no_entry_there_is_none(self, log):
        with pytest.raises(NoSuchEntry):
            receipt(log, 11)


class TestForgedReceipts:
    """A damaged, truncated or foreign receipt gets a clear sentence."""

    def test_with_another_entry_in_it_proves_nothing(self, log, head):
        honest, other = receipt(log, 3), receipt(log, 4)
        forged = LogProof(honest.proof.index, honest.proof.hashes, honest.proof.note, other.proof.extra)

        with pytest.raises(EntryNotProven):
            checked(log, forged.to_bytes())

    def test_of_another_log_proves_nothing(self, log, head):
        with pytest.raises(NotSignedBy):
            checked(log, receipt(log, 3).to_bytes(), trusted_log(KEYS.verifier("other")))

    def test_under_a_stranger_s_key_proves_nothing(self, log, head):
        honest, stranger = receipt(log, 3).proof, new_keys(bytes([9]) * 32)
        note = sign_text(head.note.text, stranger.verifier(XFL), stranger.sign)

        with pytest.raises(NotSignedBy):
            checked(log, LogProof(honest.index, honest.hashes, note, honest.extra).to_bytes())

    def test_with_a_false_cosignature_proves_nothing(self, log, head):
        witness = AWitness()
        with writing(log) as session:
            operations.add_witness(session, a_system_act(), key=str(witness.key), holder="街道办事处")
        honest = receipt(log, 3).proof
        (_, line) = parse_note(witness.cosigned(head)).signatures
        false = parse_note(witness.cosigned(head, NOON.replace(hour=5))).signatures[1]
        mixed = type(line)(line.name, line.key_id, line.value[:8] + false.value[8:])
        forged = LogProof(honest.index, honest.hashes, honest.note.with_signature(mixed), honest.extra)

        with pytest.raises(SignatureMismatch):
            checked(log, forged.to_bytes())

    @pytest.mark.parametrize("extra", [b"", b"nonsense", b"{}"])
    def test_without_its_entry_is_said_to_be_without(self, log, head, extra):
        honest = receipt(log, 3).proof

        with pytest.raises(ReceiptWithoutEntry):
            receipts.read_receipt(LogProof(honest.index, honest.hashes, honest.note, extra).to_bytes())


class TestTheCodeOnPaper:
    """`/v/<code>`: twenty digits lead to the entry, and know when it is no longer the same."""

    def test_leads_to_its_entry(self, log, head):
        code = receipt(log, 3).code

        with reading(log) as session:
            community, found = receipts.find_document(session, ("other", XFL), read_document(code))
            assert code == receipts.code_of(session, XFL, 3)

        assert (XFL, 3) == (community, found.entry.seq)

    def test_of_an_entry_that_is_not_there_leads_nowhere(self, log):
        with reading(log) as session, pytest.raises(NoSuchDocument):
            receipts.find_document(session, (XFL,), DocumentCode(99, 5))

    def test_does_not_stand_for_another_entry_of_that_number(self, log):
        with reading(log) as session, pytest.raises(DocumentDiffers):
            receipts.find_document(session, (XFL,), DocumentCode(3, 5))

    def test_tells_when_the_entry_was_changed_afterwards(self, database, log, head):
        document = read_document(receipt(log, 3).code)
        changed = leaf_bytes(receipt(log, 3).entry).replace(b"S001", b"S002")
        database.meddle(f"UPDATE entry SET leaf = {as_bytes(database, changed)} WHERE seq = 3")

        with reading(log) as session, pytest.raises(DocumentDiffers):
            receipts.find_document(session, (XFL,), document)

    def test_tells_when_the_entry_is_no_entry_any_more(self, database, log, head):
        document = read_document(receipt(log, 3).code)
        for other in ("leaf_hash", "(SELECT leaf FROM entry WHERE seq = 4)"):
            database.meddle(f"UPDATE entry SET leaf = {other} WHERE seq = 3")

            with reading(log) as session, pytest.raises(EntryAltered):
                receipts.find_document(session, (XFL,), document)
