"""An entry as exact bytes, and back. These bytes are the leaf of the log; everything else is a projection of them.

UTF-8 JSON with sorted ASCII keys and no spaces, text in NFC, whole numbers below 2^53, no floats. Whoever can write
JSON can recompute a leaf; whoever can hash can check it.

Reading is on the path of every verification, so what repeats (accounts, days) is read once and remembered.

Source: ledger.md section 5.
"""

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from timebank.ledger.accounts import AccountRef
from timebank.ledger.entries import Entry, EntryKind, Facts, FactValue, Transfer

TYPE: Final = "timebank.entry"
SCHEMA: Final = 1
INTEGER_BOUND: Final = 2**53

_KEYS: Final = frozenset(
    {
        *("actor", "booked_at", "community", "effective_on", "event", "facts", "kind", "memo", "on_behalf_of"),
        *("reverses", "rule", "schema", "seq", "served_on", "source", "transfers", "type"),
    }
)
_TRANSFER_KEYS: Final = frozenset({"amount", "credit", "debit", "unit"})
_OTHER_FACTS: Final = frozenset({str, bool})
_encode: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode


def leaf_bytes(entry: Entry) -> bytes:
    """Write an entry as its canonical bytes."""
    text = _encode(
        {
            "actor": entry.actor,
            "booked_at": written_moment(entry.booked_at),
            "community": entry.community_id,
            "effective_on": entry.effective_on.isoformat(),
            "event": entry.event_id,
            "facts": {_key(key): _plain(value) for key, value in entry.facts.items()},
            "kind": entry.kind.value,
            "memo": entry.memo_hash,
            "on_behalf_of": entry.on_behalf_of,
            "reverses": entry.reverses,
            "rule": entry.rule_version,
            "schema": SCHEMA,
            "seq": entry.seq,
            "served_on": entry.served_on and entry.served_on.isoformat(),
            "source": entry.source,
            "transfers": [_written(transfer) for transfer in entry.transfers],
            "type": TYPE,
        }
    )
    assert _is_normal(text), text
    return text.encode()


def entry_of(leaf: bytes) -> Entry:
    """Read canonical bytes back.

    Raises:
        ValueError: these are not the canonical bytes of an entry.
    """
    try:
        text = leaf.decode()
        document = json.loads(text)
        entry = _read(document)
    except (KeyError, TypeError, AssertionError, RecursionError) as error:
        raise ValueError("not an entry") from error
    if _encode(document) != text or not _is_normal(text):
        raise ValueError("not canonical")
    return entry


def commitment(salt: bytes, text: str) -> str:
    """Commit to a text without showing it: without the salt nobody can guess what it was (hex SHA-256)."""
    return hashlib.sha256(salt + normal(text).encode()).hexdigest()


def normal(text: str) -> str:
    """Return the one form (NFC) in which text enters the books."""
    return unicodedata.normalize("NFC", text)


def written_moment(moment: datetime) -> str:
    """Write an aware moment in the one form of the books: UTC, to the microsecond, ending in Z."""
    assert moment.tzinfo is not None, moment
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_moment(text: str) -> datetime:
    """Read what `written_moment` wrote.

    Raises:
        ValueError: it is no moment, or not in that form.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or written_moment(moment) != text:
        raise ValueError(text)
    return moment


def _is_normal(text: str) -> bool:
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def _plain(value: FactValue) -> FactValue:
    if isinstance(value, str):
        return normal(value)
    assert value is None or type(value) is bool or type(value) is int, value
    assert value is None or abs(value) < INTEGER_BOUND, value
    return value


def _key(key: str) -> str:
    assert key.isascii(), key
    return key


def _written(transfer: Transfer) -> dict[str, object]:
    return {
        "amount": transfer.amount,
        "credit": transfer.credit.code,
        "debit": transfer.debit.code,
        "unit": transfer.unit,
    }


def _read(document: object) -> Entry:
    assert type(document) is dict, document
    assert document.keys() == _KEYS, document
    assert document["type"] == TYPE, document
    assert document["schema"] == SCHEMA, document
    return Entry(
        community_id=_text(document["community"]),
        seq=_number(document["seq"]),
        kind=EntryKind(_text(document["kind"])),
        event_id=_text(document["event"]),
        booked_at=read_moment(_text(document["booked_at"])),
        effective_on=_day(_text(document["effective_on"])),
        served_on=None if document["served_on"] is None else _day(_text(document["served_on"])),
        actor=_text(document["actor"]),
        on_behalf_of=_text_or_none(document["on_behalf_of"]),
        source=_text_or_none(document["source"]),
        memo_hash=_text_or_none(document["memo"]),
        rule_version=None if document["rule"] is None else _number(document["rule"]),
        facts=_facts(document["facts"]),
        reverses=None if document["reverses"] is None else _number(document["reverses"]),
        transfers=_transfers(document["transfers"]),
    )


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    day = date.fromisoformat(text)
    assert day.isoformat() == text, text
    return day


@lru_cache(maxsize=16384)
def account_of(code: str) -> AccountRef:
    """Read the code of an account; the same code gives the same object, as long as it is remembered.

    Raises:
        ValueError: it is not the code of an account.
    """
    return AccountRef.parse(code)


def _transfers(value: object) -> tuple[Transfer, ...]:
    assert type(value) is list, value
    return tuple(_transfer(written) for written in value)


def _transfer(written: object) -> Transfer:
    assert type(written) is dict, written
    assert written.keys() == _TRANSFER_KEYS, written
    debit, credit = account_of(_text(written["debit"])), account_of(_text(written["credit"]))
    assert written["unit"] == debit.unit, written
    return Transfer(debit, credit, _number(written["amount"]))


def _facts(value: object) -> Facts:
    assert type(value) is dict, value
    for key, fact in value.items():
        assert key.isascii(), key
        if type(fact) is int:
            assert -INTEGER_BOUND < fact < INTEGER_BOUND, fact
        else:
            assert fact is None or type(fact) in _OTHER_FACTS, fact
    return value


def _text(value: object) -> str:
    assert type(value) is str, value
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _number(value: object) -> int:
    assert type(value) is int, value
    assert abs(value) < INTEGER_BOUND, value
    return value
