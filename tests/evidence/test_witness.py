"""A witness signs only what keeps everything that it saw before."""

import json
from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.evidence.builders import KEYS, XFL
from timebank.evidence import witness
from timebank.evidence.keys import new_keys, verify_with
from timebank.evidence.witness import LogUnknown, RequestOutdated, WitnessFileWrong
from timebank.ledger.checkpoint import Checkpoint, MalformedCheckpoint, verify_cosignature
from timebank.ledger.merkle import leaf_hash, tree_head
from timebank.ledger.note import MalformedKey, Note, NoteCutOff, NotSignedBy, SignatureMismatch, sign_text
from timebank.ledger.proofs import (
    HeadWentBack,
    HistoryNotProven,
    WrongProofLength,
    consistency_proof,
    nodes_over,
)
from timebank.ledger.witness_request import MalformedWitnessRequest, WitnessRequest, parse_witness_request

NAME = "jiedao.example/w1"
LEAVES = [leaf_hash(b"%d" % number) for number in range(20)]
LOG_KEY = KEYS.verifier(XFL)


def a_note(count, leaves=LEAVES, keys=KEYS):
    head = tree_head(leaves[:count])
    return sign_text(Checkpoint(KEYS.origin(XFL), head.size, head.root).text, keys.verifier(XFL), keys.sign)


def a_request(older, count, leaves=LEAVES, keys=KEYS):
    hashes = consistency_proof(older, count, nodes_over(leaves[:count])) if 0 < older <= count else ()
    return WitnessRequest(older, hashes, a_note(count, leaves, keys))


def cosigned(keeper, request, log_key=None, at=NOON):
    return witness.cosign_request(keeper, request, log_key=log_key, at=at)


@pytest.fixture
def new():
    return witness.new_witness(NAME, bytes([7]) * 32)


@pytest.fixture
def keeper(new):
    """A witness who has seen ten entries."""
    return cosigned(new, a_request(0, 10), LOG_KEY).witness


class TestCosigning:
    """C2SP tlog-witness: consistent with the last head seen, or not signed."""

    def test_the_first_head_is_signed_on_the_key_from_the_notice(self, new):
        done = cosigned(new, a_request(0, 10), LOG_KEY)

        assert NOON == verify_cosignature(done.note, new.key, verify_with(new.key))
        assert 10 == done.witness.size_seen(KEYS.origin(XFL))

    def test_a_longer_log_that_keeps_everything_is_signed(self, keeper):
        done = cosigned(keeper, a_request(10, 20), at=NOON + timedelta(days=7))

        assert 20 == done.checkpoint.size
        assert NOON + timedelta(days=7) == done.witness.logs[KEYS.origin(XFL)].seen_at

    def test_the_same_head_may_be_signed_again(self, keeper):
        assert 10 == cosigned(keeper, a_request(10, 10)).checkpoint.size
        assert 10 == cosigned(keeper, a_request(0, 10)).checkpoint.size

    def test_signatures_of_others_are_not_passed_on(self, keeper):
        other = cosigned(witness.new_witness("other", bytes(32)), a_request(0, 20), LOG_KEY).note
        request = WitnessRequest(10, a_request(10, 20).hashes, other)

        done = cosigned(keeper, request)

        assert [KEYS.origin(XFL), NAME] == [signature.name for signature in done.note.signatures]

    def test_a_shorter_log_is_not_signed(self, keeper):
        with pytest.raises(HeadWentBack):
            cosigned(keeper, a_request(0, 9))

    def test_another_history_of_the_same_length_is_not_signed(self, keeper):
        with pytest.raises(HistoryNotProven):
            cosigned(keeper, a_request(10, 10, LEAVES[::-1]))

    def test_a_longer_log_with_another_history_is_not_signed(self, keeper):
        changed = [leaf_hash(b"changed"), *LEAVES[1:]]

        with pytest.raises(HistoryNotProven):
            cosigned(keeper, a_request(10, 20, changed))

    def test_a_proof_that_is_too_short_is_not_enough(self, keeper):
        request = a_request(10, 20)

        with pytest.raises(WrongProofLength):
            cosigned(keeper, WitnessRequest(10, request.hashes[:-1], request.note))

    def test_a_proof_from_another_head_asks_for_a_new_file(self, keeper):
        with pytest.raises(RequestOutdated) as refused:
            cosigned(keeper, a_request(5, 20))

        assert {"seen_size": 10, "request_size": 5} == refused.value.facts

    def test_a_log_that_is_new_needs_its_key(self, new):
        with pytest.raises(LogUnknown):
            cosigned(new, a_request(0, 10))

    def test_a_log_that_another_key_signed_is_not_signed(self, keeper):
        foreign = new_keys(bytes([9]) * 32)

        with pytest.raises(NotSignedBy):
            cosigned(keeper, a_request(10, 20, keys=foreign))

    def test_a_head_whose_signature_is_false_is_not_signed(self, keeper):
        honest, other = a_note(20), a_note(19)

        with pytest.raises(SignatureMismatch):
            cosigned(keeper, WitnessRequest(10, a_request(10, 20).hashes, Note(honest.text, other.signatures)))

    def test_a_changed_key_is_believed_when_the_witness_is_told(self, keeper):
        changed = KEYS.followed_by(bytes([9]) * 32)
        request = a_request(10, 20, keys=changed)
        with pytest.raises(NotSignedBy):
            cosigned(keeper, request)

        done = cosigned(keeper, request, changed.verifier(XFL))

        assert changed.verifier(XFL) == done.witness.logs[KEYS.origin(XFL)].key

    def test_the_key_of_a_witness_is_no_key_of_a_log(self, new):
        with pytest.raises(MalformedKey):
            cosigned(new, a_request(0, 10), new.key)

    def test_a_witness_that_begins_anew_has_forgotten_that_log(self, keeper):
        assert 0 == keeper.without(KEYS.origin(XFL)).size_seen(KEYS.origin(XFL))


class TestTheFileOfAWitness:
    """One laptop, one file."""

    def test_is_read_as_it_was_written(self, keeper):
        assert keeper == witness.read_witness(keeper.as_text(), "here")

    def test_has_a_key_that_the_community_can_register(self, new):
        assert str(new.key).startswith(f"{NAME}+")

    @pytest.mark.parametrize("name", ["", "a b", "a+b"])
    def test_is_not_made_under_a_name_that_cannot_be_written(self, name):
        with pytest.raises(MalformedKey):
            witness.new_witness(name, bytes(32))

    @pytest.mark.parametrize(
        "changes",
        [
            {"name": ""},
            {"name": 5},
            {"private": "AA=="},
            {"private": "§"},
            {"logs": []},
            {"logs": {"a": {}}},
            {"logs": {"a": {"key": str(LOG_KEY), "seen": "nonsense", "seen_at": "2026-01-01T00:00:00.000000Z"}}},
            {"logs": {"a": {"key": str(LOG_KEY), "seen": a_note(1).text, "seen_at": "yesterday"}}},
        ],
        ids=str,
    )
    def test_that_is_damaged_is_refused(self, keeper, changes):
        document = json.loads(keeper.as_text()) | changes

        with pytest.raises(WitnessFileWrong):
            witness.read_witness(json.dumps(document), "here")

    @pytest.mark.parametrize("text", ["", "nonsense", "[]", "5"])
    def test_that_is_none_is_refused(self, text):
        with pytest.raises(WitnessFileWrong):
            witness.read_witness(text, "here")


class TestTheRequest:
    """C2SP tlog-witness, add-checkpoint: one form."""

    @pytest.mark.parametrize(("older", "count"), [(0, 1), (10, 10), (10, 20), (16, 20)])
    def test_is_read_as_it_was_written(self, older, count):
        request = a_request(older, count)

        assert request == parse_witness_request(request.to_bytes())

    @pytest.mark.parametrize(
        "change",
        [
            lambda raw: raw.replace(b"old 10", b"old 010"),
            lambda raw: raw.replace(b"old 10", b"new 10"),
            lambda raw: raw.replace(b"old 10\n", b"old 10\nAA==\n"),
            lambda raw: b"\n" + raw,
        ],
    )
    def test_in_another_form_is_refused(self, change):
        with pytest.raises(MalformedWitnessRequest):
            parse_witness_request(change(a_request(10, 20).to_bytes()))

    def test_that_is_empty_or_cut_is_refused(self):
        for raw in (b"", a_request(10, 20).to_bytes()[:-1]):
            with pytest.raises(NoteCutOff):
                parse_witness_request(raw)

    def test_whose_checkpoint_is_none_is_not_signed(self, keeper):
        raw = a_request(10, 20).to_bytes().replace(b"old 10\n", b"old 10\n\n")

        with pytest.raises(MalformedCheckpoint):
            cosigned(keeper, parse_witness_request(raw))

    def test_with_more_hashes_than_any_proof_is_refused(self):
        raw = a_request(10, 20).to_bytes()
        line = raw.split(b"\n")[1] + b"\n"

        with pytest.raises(MalformedWitnessRequest):
            parse_witness_request(raw.replace(b"old 10\n", b"old 10\n" + line * 63))
