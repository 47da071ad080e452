"""Witness requests: one file has one form, so that what was signed is what was read."""

import pytest

from tests.ledger.signed_logs import a_checkpoint, leaves, signed
from timebank.ledger.proofs import consistency_proof, nodes_over
from timebank.ledger.witness_request import (
    REQUEST_BEGINS,
    MalformedWitnessRequest,
    WitnessRequest,
    parse_witness_request,
)


def a_request():
    hashes = leaves(3)
    return WitnessRequest(1, consistency_proof(1, 3, nodes_over(hashes)), signed(a_checkpoint(hashes)))


class TestRequests:
    """C2SP tlog-witness: the size, the proof, an empty line, the checkpoint."""

    def test_are_read_back_as_they_were_written(self):
        assert a_request() == parse_witness_request(a_request().to_bytes())

    def test_begin_as_nothing_else_does_that_a_witness_is_handed(self):
        """A file is taken for a request by how it begins, before it is read; the checkpoint alone begins otherwise."""
        assert a_request().to_bytes().startswith(REQUEST_BEGINS)
        assert not a_request().note.to_bytes().startswith(REQUEST_BEGINS)

    def test_with_another_spelling_of_the_same_hash_are_refused(self):
        """The last sign of 32 bytes in base64 carries two bits that nobody reads."""
        raw = a_request().to_bytes()
        end = raw.index(b"=\n") - 1
        other_spelling = raw[:end] + bytes([raw[end] + 1]) + raw[end + 1 :]

        with pytest.raises(MalformedWitnessRequest):
            parse_witness_request(other_spelling)
