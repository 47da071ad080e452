"""Witness requests: one file has one form, so that what was signed is what was read."""

import pytest

from tests.ledger.signed_logs import a_checkpoint, leaves, signed
from timebank.ledger.proofs import consistency_proof, nodes_over
from timebank.ledger.witness_request import MalformedWitnessRequest, WitnessRequest, parse_witness_request


def a_request():
    hashes = leaves(3)
    return WitnessRequest(1, consistency_proof(1, 3, nodes_over(hashes)), signed(a_checkpoint(hashes)))


class TestRequests:
    """C2SP tlog-witness: the size, the proof, an empty line, the checkpoint."""

    def test_are_read_back_as_they_were_written(self):
        assert a_request() == parse_witness_request(a_request().to_bytes())

    def test_with_another_spelling_of_the_same_hash_are_refused(self):
        """The last sign of 32 bytes in base64 carries two bits that nobody reads."""
        raw = a_request().to_bytes()
        end = raw.index(b"=\n") - 1
        other_spelling = raw[:end] + bytes([raw[end] + 1]) + raw[end + 1 :]

        with pytest.raises(MalformedWitnessRequest):
            parse_witness_request(other_spelling)
