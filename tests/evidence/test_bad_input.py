"""Bad input: a damaged, cut, foreign or oversized file gets a sentence and a code, never a stack trace.

Whatever the dice do to an honest file, a reader either finds the same as before, or refuses.
"""

import random
import zipfile
from contextlib import suppress
from io import BytesIO

import pytest

from tests.builders import NOON
from tests.evidence.builders import KEYS, XFL, AWitness, a_signer, grown, signed
from tests.evidence.towns import exported, verified
from timebank.database import reading
from timebank.evidence import queries, receipts, witness
from timebank.evidence.keys import trusted_log
from timebank.ledger.checkpoint import open_checkpoint
from timebank.ledger.note import parse_note
from timebank.ledger.witness_request import parse_witness_request
from timebank.refusal import Refusal

LOG = trusted_log(KEYS.verifier(XFL))
TIMES = 150


def damaged(raw, dice):
    """Do one thing to a file that a bad stick, a bad line or a bad person might do."""
    at, length = dice.randrange(len(raw) + 1), dice.randrange(1, 40)
    return dice.choice(
        [
            raw[:at],
            raw[at:],
            raw[:at] + dice.randbytes(length) + raw[at:],
            raw[:at] + raw[at + length :],
            raw[:at] + dice.randbytes(length) + raw[at + length :],
            raw[:at] + raw[at:] * 2,
            raw.replace(b"\n", b"\r\n"),
            raw + bytes(length),
            raw[:at] + bytes([raw[at - 1] ^ 1 << dice.randrange(8)]) + raw[at:] if raw else raw,
        ]
    )


class TestFilesOfOthers:
    """Receipts, requests of witnesses and cosigned heads, as they come back."""

    @pytest.fixture
    def files(self, database, tmp_path):
        """One honest file of each kind, with its reader."""
        grown(database.engine, 10)
        head = signed(database.engine, a_signer(tmp_path))
        with reading(database.engine) as session:
            receipt = receipts.receipt(session, XFL, 3).to_bytes()
            request = queries.witness_request(session, XFL, 4).to_bytes()
        return ((receipt, _prove), (request, _cosign), (AWitness().cosigned(head), _open))

    def test_are_refused_or_say_what_they_said_before(self, files):
        dice = random.Random(4)

        for raw, read in files:
            honest = read(raw)
            for _ in range(TIMES):
                with suppress(Refusal):
                    assert honest == read(damaged(raw, dice))


def _prove(raw):
    proof, entry = receipts.read_receipt(raw)
    return receipts.check_receipt(proof, entry, LOG, ()).entry


def _cosign(raw):
    keeper = witness.new_witness("jiedao.example/w1", bytes(32))
    done = witness.cosign_request(keeper, parse_witness_request(raw), log_key=KEYS.verifier(XFL), at=NOON)
    return done.checkpoint


def _open(raw):
    return open_checkpoint(parse_note(raw), LOG)


class TestBundles:
    """The verifier, on what is left of a bundle."""

    def test_a_zip_with_anything_done_to_it_ends_with_a_sentence(self, books, tmp_path, monkeypatch, capsys):
        folder, packed = exported(books, tmp_path / "bundle"), BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            for path in folder.rglob("*"):
                file.write(path, path.relative_to(folder))
        dice = random.Random(5)

        for _ in range(TIMES):
            (tmp_path / "bundle.zip").write_bytes(damaged(packed.getvalue(), dice))
            code, said = verified(monkeypatch, capsys, tmp_path / "bundle.zip")
            assert (code == 0) == said.endswith("全部成立 everything holds\n"), said
            assert code in {0, 3, 6}, said
            assert code == 0 or said.splitlines()[-1].startswith("✗ "), said
