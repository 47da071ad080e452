"""Values: what the ledger hands round cannot be changed by whoever receives it."""

import dataclasses
import inspect
import pkgutil
from importlib import import_module

import pytest

from timebank import ledger
from timebank.ledger.checks import SoFar
from timebank.ledger.entries import Draft, Entry
from timebank.ledger.log_proof import PROOF_BYTES_MAX
from timebank.ledger.merkle import SIZE_MAX
from timebank.ledger.note import NOTE_BYTES_MAX, SIGNATURES_MAX, KeyKind, NoteNotText, read_text
from timebank.ledger.tiles import LEAF_BYTES_MAX
from timebank.ledger.witness_request import REQUEST_BYTES_MAX
from timebank.refusal import Refusal

MODULES = [import_module(f"{ledger.__name__}.{module.name}") for module in pkgutil.iter_modules(ledger.__path__)]
VALUES = sorted(
    {
        value
        for module in MODULES
        for value in vars(module).values()
        if dataclasses.is_dataclass(value) and isinstance(value, type)
    },
    key=lambda value: f"{value.__module__}.{value.__qualname__}",
)
GATHERING = (SoFar,)
"""What grows while entries are read; nobody else holds it."""

CODES = {
    *("not_enough", "above_bound"),
    *("not_a_code", "code_mistyped"),
    *("entry_beyond_tree", "empty_head", "head_went_back", "wrong_proof_length", "entry_not_proven"),
    *("history_not_proven", "malformed_log_proof", "no_such_tile", "not_a_hash"),
    *("malformed_checkpoint", "foreign_log", "malformed_witness_request"),
    *("note_too_large", "note_not_text", "note_cut_off", "note_not_signed"),
    *("malformed_signature", "malformed_key", "not_signed_by", "signature_mismatch"),
}


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__qualname__)
class TestValues:
    """style.md: values are frozen, and have the fields that are declared and no others."""

    def test_cannot_be_changed(self, value):
        assert (value not in GATHERING) == value.__dataclass_params__.frozen

    def test_has_no_room_for_anything_else(self, value):
        assert {field.name for field in dataclasses.fields(value)} == set(value.__slots__)


def test_refusals_keep_the_codes_under_which_they_are_stored_and_known_to_programs():
    codes = {kind.code for kind in Refusal.kinds().values() if kind.__module__.startswith(f"{ledger.__name__}.")}

    assert CODES == codes


def test_sizes_that_other_programs_rely_on_stay():
    """C2SP tlog-tiles and notes: what is larger is refused before it is read."""
    assert (131_072, 262_144, 262_144) == (NOTE_BYTES_MAX, PROOF_BYTES_MAX, REQUEST_BYTES_MAX)
    assert (64, 4) == (SIGNATURES_MAX, KeyKind.COSIGNATURE)
    assert (65_535, 9_223_372_036_854_775_807) == (LEAF_BYTES_MAX, SIZE_MAX)


@pytest.mark.parametrize("raw", [b"\n\xff\n", b"\n\x00\n"])
def test_a_file_that_begins_with_an_empty_line_is_counted_from_it(raw):
    with pytest.raises(NoteNotText) as refused:
        read_text(raw, bytes_max=10)

    assert 2 == refused.value.facts["line"]


@pytest.mark.parametrize("value", [Draft, Entry])
def test_an_entry_is_written_field_by_field_never_by_position(value):
    """Two days, or two numbers of people, could be mistaken for each other."""
    kinds = {parameter.kind for parameter in inspect.signature(value).parameters.values()}

    assert {inspect.Parameter.KEYWORD_ONLY} == kinds
