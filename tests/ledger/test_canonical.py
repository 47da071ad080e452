"""An entry as exact bytes: written in one way only, and read back only if written so."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings

from tests.ledger.entries_at_random import entries
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef, system
from timebank.ledger.canonical import commitment, entry_of, leaf_bytes, normal, read_moment, written_moment
from timebank.ledger.entries import Entry, EntryKind, Transfer
from timebank.ledger.merkle import leaf_hash

SERVICE = Entry(
    community_id="xfl",
    seq=7,
    kind=EntryKind.SERVICE_APPROVED,
    event_id="0123456789abcdef:1",
    booked_at=datetime(2026, 11, 23, 4, 0, 0, 1, tzinfo=UTC),
    effective_on=date(2026, 11, 20),
    served_on=date(2026, 11, 20),
    actor="S002",
    on_behalf_of=None,
    source="service-record:0192f0c4-0000-7000-8000-000000000001",
    memo_hash=commitment(bytes(32), "清扫楼道"),
    rule_version=2,
    facts={"minutes": 90, "service_class": "cleaning", "rating": 5, "late": False},
    reverses=None,
    transfers=(
        Transfer(system(AccountKind.SERVICE, MINUTES), AccountRef(AccountKind.RECOGNISED, "V0005", MINUTES), 90),
        Transfer(system(AccountKind.ISSUANCE, POINTS), AccountRef(AccountKind.PASSBOOK, "V0005", POINTS, 2026), 1500),
    ),
)
GOLDEN = (
    '{"actor":"S002","booked_at":"2026-11-23T04:00:00.000001Z","community":"xfl","effective_on":"2026-11-20",'
    '"event":"0123456789abcdef:1","facts":{"late":false,"minutes":90,"rating":5,"service_class":"cleaning"},'
    '"kind":"service-approved","memo":"ee994412cdf8bd452abe31d7a8ae12dc261270e90502361b9fa1c1ede27b72c6",'
    '"on_behalf_of":null,"reverses":null,"rule":2,"schema":1,"seq":7,"served_on":"2026-11-20",'
    '"source":"service-record:0192f0c4-0000-7000-8000-000000000001","transfers":['
    '{"amount":90,"credit":"recognised/V0005/minutes","debit":"service/minutes","unit":"minutes"},'
    '{"amount":1500,"credit":"passbook/V0005/points/2026","debit":"issuance/points","unit":"points"}],'
    '"type":"timebank.entry"}'
)
GOLDEN_HASH = "07bff55875e16afc4fccad1a682025c61aefdc9e299025428874b7ce21352a3f"
"""Checked with `sha256sum` over a zero byte and the text."""


class TestCanonicalBytes:
    """ledger.md section 5: sorted ASCII keys, no spaces, NFC, whole numbers; these bytes are the leaf for ever."""

    def test_the_bytes_never_change(self):
        assert GOLDEN == leaf_bytes(SERVICE).decode()

    def test_the_hash_never_changes(self):
        assert GOLDEN_HASH == leaf_hash(leaf_bytes(SERVICE)).hex()

    def test_an_entry_with_nothing_optional(self):
        bare = replace(SERVICE, served_on=None, source=None, memo_hash=None, rule_version=None, facts={}, transfers=())

        assert bare == entry_of(leaf_bytes(bare))
        assert b'"served_on":null' in leaf_bytes(bare)

    @settings(max_examples=50, deadline=None)
    @given(entries)
    def test_whatever_is_written_reads_back_as_it_was(self, entry):
        assert entry == entry_of(leaf_bytes(entry))

    def test_a_moment_is_written_in_utc_wherever_it_was_told(self):
        in_the_community = SERVICE.booked_at.astimezone(timezone(timedelta(hours=8)))

        assert leaf_bytes(SERVICE) == leaf_bytes(replace(SERVICE, booked_at=in_the_community))

    def test_facts_have_one_form_of_unicode(self):
        composed, decomposed = ({"note": text} for text in ("caf\u00e9", "cafe\u0301"))

        assert leaf_bytes(replace(SERVICE, facts=composed)) == leaf_bytes(replace(SERVICE, facts=decomposed))

    @pytest.mark.parametrize("value", [1.5, 2**53, -(2**53), (1,), {"a": 1}])
    def test_facts_are_plain_values(self, value):
        with pytest.raises(AssertionError):
            leaf_bytes(replace(SERVICE, facts={"value": value}))

    @pytest.mark.parametrize("value", [2**53 - 1, -(2**53) + 1, True, None, ""])
    def test_the_largest_and_smallest_values_are_taken(self, value):
        entry = replace(SERVICE, facts={"value": value})

        assert entry == entry_of(leaf_bytes(entry))

    def test_the_name_of_a_fact_is_ascii(self):
        with pytest.raises(AssertionError):
            leaf_bytes(replace(SERVICE, facts={"分钟": 1}))

    def test_text_that_is_not_in_the_one_form_is_a_fault(self):
        with pytest.raises(AssertionError):
            leaf_bytes(replace(SERVICE, source="cafe\u0301"))


def _changed(**changes):
    document = json.loads(leaf_bytes(SERVICE)) | changes
    return _written({key: value for key, value in document.items() if value is not ...})


def _written(document, *, sort_keys=True, separators=(",", ":")):
    return json.dumps(document, sort_keys=sort_keys, separators=separators, ensure_ascii=False).encode()


LEAF = leaf_bytes(SERVICE)
TRANSFER = json.loads(LEAF)["transfers"][0]
NOT_CANONICAL = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a number": b"7",
    "spaces": _written(json.loads(LEAF), separators=(", ", ": ")),
    "a line end behind it": LEAF + b"\n",
    "other order of keys": _written(dict(reversed(json.loads(LEAF).items())), sort_keys=False),
    "escaped text": LEAF.replace(b"cleaning", b"c\\u006ceaning"),
    "a key twice": LEAF.replace(b'{"actor"', b'{"actor":"S001","actor"'),
    "another encoding": LEAF.decode().encode("utf-16"),
    "bytes that are no text": LEAF.replace(b"cleaning", b"\xff\xfe"),
    "half of a character": LEAF.replace(b"cleaning", b"\\ud800"),
    "a decomposed character": LEAF.replace(b"cleaning", "e\u0301".encode()),
    "a hundred thousand brackets": b"[" * 100_000,
    "a number of five thousand digits": _changed(seq=...)[:-1] + b',"seq":' + b"9" * 5000 + b"}",
    "a key too many": _changed(more=1),
    "a key missing": _changed(memo=...),
    "another type": _changed(type="timebank.other"),
    "another schema": _changed(schema=2),
    "a fraction": _changed(seq=7.0),
    "a number as text": _changed(seq="7"),
    "yes as a number": _changed(seq=True),
    "a number too large": _changed(seq=2**53),
    "infinity": LEAF.replace(b'"seq":7', b'"seq":Infinity'),
    "an unknown kind": _changed(kind="gift"),
    "a moment without a zone": _changed(booked_at="2026-11-23T04:00:00.000001"),
    "a moment in another zone": _changed(booked_at="2026-11-23T12:00:00.000001+08:00"),
    "a moment to the second": _changed(booked_at="2026-11-23T04:00:00Z"),
    "a day in another form": _changed(effective_on="20261120"),
    "a day that is not": _changed(effective_on="2026-02-30"),
    "a week as a day of service": _changed(served_on="2026-W47-5"),
    "facts as a list": _changed(facts=[]),
    "a fact that is too large": _changed(facts={"minutes": 2**53}),
    "a fact that is too far below zero": _changed(facts={"minutes": -(2**53)}),
    "a fraction among the facts": _changed(facts={"minutes": 1.5}),
    "a list among the facts": _changed(facts={"minutes": [1]}),
    "a fact with a Chinese name": _changed(facts={"分": 1}),
    "transfers as an object": _changed(transfers={}),
    "a transfer as text": _changed(transfers=["all"]),
    "a transfer with more": _changed(transfers=[TRANSFER | {"more": 1}]),
    "a transfer without a unit": _changed(transfers=[{key: TRANSFER[key] for key in ("amount", "credit", "debit")}]),
    "a transfer in another unit": _changed(transfers=[TRANSFER | {"unit": "points"}]),
    "a transfer of nothing": _changed(transfers=[TRANSFER | {"amount": 0}]),
    "a transfer below nothing": _changed(transfers=[TRANSFER | {"amount": -1}]),
    "a transfer between units": _changed(transfers=[TRANSFER | {"credit": "passbook/V0005/points"}]),
    "a transfer to itself": _changed(transfers=[TRANSFER | {"credit": "service/minutes"}]),
    "an account that is none": _changed(transfers=[TRANSFER | {"debit": "cellar/minutes"}]),
    "an account of nobody": _changed(transfers=[TRANSFER | {"credit": "recognised/minutes"}]),
}


class TestReadingBytes:
    """ledger.md section 5: what is not exactly the canonical bytes of an entry is not an entry."""

    @pytest.mark.parametrize("leaf", NOT_CANONICAL.values(), ids=NOT_CANONICAL.keys())
    def test_anything_else_is_refused(self, leaf):
        with pytest.raises(ValueError, match=r".*"):
            entry_of(leaf)

    @pytest.mark.parametrize(
        ("leaf", "why"), [(_changed(schema=2), "not an entry"), (LEAF + b"\n", "not canonical")], ids=["what", "how"]
    )
    def test_it_is_said_whether_the_content_or_the_form_is_wrong(self, leaf, why):
        with pytest.raises(ValueError, match=rf"^{why}$"):
            entry_of(leaf)

    def test_the_right_bytes_are_read(self):
        assert SERVICE == entry_of(LEAF)

    @pytest.mark.parametrize("text", ["", "2026", "2026-11-23T04:00:00.1Z", "2026-11-23 04:00:00.000001Z"])
    def test_a_moment_has_one_form(self, text):
        with pytest.raises(ValueError, match=r".*"):
            read_moment(text)

    def test_a_moment_without_a_zone_is_never_written(self):
        with pytest.raises(AssertionError):
            written_moment(datetime(2026, 11, 23))  # noqa: DTZ001  # that is what is refused


class TestCommitments:
    """ledger.md section 5: names never enter a leaf; without the salt nobody can guess the text."""

    def test_the_same_text_and_salt_make_the_same_commitment(self):
        assert commitment(bytes(32), "cafe\u0301") == commitment(bytes(32), "caf\u00e9")

    def test_another_salt_makes_another(self):
        assert commitment(bytes(32), "text") != commitment(b"\1" * 32, "text")

    def test_the_one_form_of_text(self):
        assert "caf\u00e9" == normal("cafe\u0301")
