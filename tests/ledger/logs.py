"""Builders of small logs in memory: entries one after the other, as the books would write them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from timebank.ledger import checks
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef, system
from timebank.ledger.canonical import leaf_bytes
from timebank.ledger.entries import Entry, EntryKind, Transfer
from timebank.ledger.merkle import leaf_hash

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ISSUANCE = system(AccountKind.ISSUANCE, POINTS)
REDEEMED = system(AccountKind.REDEEMED, POINTS)
SERVICE = system(AccountKind.SERVICE, MINUTES)


def passbook(owner="V0001", vintage=0):
    return AccountRef(AccountKind.PASSBOOK, owner, POINTS, vintage)


def held(owner="V0001"):
    return AccountRef(AccountKind.HELD, owner, POINTS)


def debt(owner="V0001"):
    return AccountRef(AccountKind.DEBT, owner, POINTS)


def recognised(owner="V0001"):
    return AccountRef(AccountKind.RECOGNISED, owner, MINUTES)


def an_entry(kind, *transfers, **changes):
    """Build an entry; its place in the log is given by `a_log`."""
    entry = Entry(
        community_id="xfl",
        seq=1,
        kind=kind,
        event_id="key:1",
        booked_at=NOON,
        effective_on=TODAY,
        served_on=None,
        actor="S001",
        on_behalf_of=None,
        source=None,
        memo_hash=None,
        rule_version=None,
        facts={},
        reverses=None,
        transfers=transfers,
    )
    return replace(entry, **changes)


def a_service(points=100, owner="V0001", **changes):
    facts = {"recorder": "S002"} | changes.pop("facts", {})
    moves = (Transfer(SERVICE, recognised(owner), 60), Transfer(ISSUANCE, passbook(owner), points))
    return an_entry(EntryKind.SERVICE_APPROVED, *moves, facts=facts, **changes)


def a_redemption(points=30, owner="V0001", **changes):
    return an_entry(EntryKind.GOODS_REDEEMED, Transfer(passbook(owner), REDEEMED, points), **changes)


def a_hold(points=20, owner="V0001", **changes):
    return an_entry(EntryKind.HOLD_PLACED, Transfer(passbook(owner), held(owner), points), **changes)


def an_end(kind, hold, *transfers):
    return an_entry(kind, *transfers, facts={"hold": hold})


def a_reversal(seq, *transfers, **changes):
    return an_entry(EntryKind.REVERSAL, *transfers, reverses=seq, **changes)


def a_log(*entries):
    """Give the entries their places, one second apart."""
    return [
        replace(entry, seq=place, booked_at=NOON + timedelta(seconds=place), event_id=f"key:{place}")
        for place, entry in enumerate(entries, start=1)
    ]


def leaves(entries):
    """Write entries as the books store them: bytes and hash."""
    written = [leaf_bytes(entry) for entry in entries]
    return [(leaf, leaf_hash(leaf)) for leaf in written]


def checked(entries, community="xfl"):
    """Check a log; return its findings as (check, subject)."""
    by_seq = {entry.seq: entry for entry in entries}
    _, findings = checks.run(community, leaves(entries), recall=by_seq.get)
    return [(finding.check, finding.subject) for finding in findings]
