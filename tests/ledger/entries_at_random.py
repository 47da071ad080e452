"""Entries made at random, every kind of account, date and fact among them."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from timebank.ledger.accounts import KINDS, AccountKind, AccountRef, Family
from timebank.ledger.canonical import normal
from timebank.ledger.entries import AMOUNT_MAX, Entry, EntryKind, Transfer

numbers = st.integers(1, 2**53 - 1)
owners = st.sampled_from(["V0001", "V0002", "S001", "P001", "L000001", "0", "A-", "X" * 32])
days = st.dates(date(1990, 1, 1), date(2199, 12, 31))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # bounds
texts = st.text(st.characters(codec="utf-8"), max_size=8).map(normal)
words = st.sampled_from(["minutes", "rating", "a", "z_9"])
facts = st.dictionaries(words, st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts, max_size=4)


@st.composite
def accounts(draw, family=None):
    """Any account, of one family of units where that matters."""
    kinds = [kind for kind, rule in KINDS.items() if family is None or family in rule.families]
    kind = draw(st.sampled_from(kinds))
    chosen = family or draw(st.sampled_from(sorted(KINDS[kind].families)))
    unit = chosen.value + (f":{draw(owners)}" if chosen is Family.GOODS else "")
    owner = draw(owners) if KINDS[kind].owned else ""
    ageing = kind in {AccountKind.PASSBOOK, AccountKind.HELD}
    return AccountRef(kind, owner, unit, draw(st.sampled_from([0, 2000, 2026, 2999])) if ageing else 0)


@st.composite
def transfers(draw):
    """Any transfer of minutes or points; the road is not looked at."""
    family = draw(st.sampled_from([Family.MINUTES, Family.POINTS]))
    debit, credit = draw(st.tuples(accounts(family), accounts(family)).filter(lambda pair: pair[0] != pair[1]))
    return Transfer(debit, credit, draw(st.integers(1, AMOUNT_MAX)))


entries = st.builds(
    Entry,
    community_id=st.sampled_from(["xfl", "x-1", "a" * 16]),
    seq=numbers,
    kind=st.sampled_from(EntryKind),
    event_id=texts,
    booked_at=moments,
    effective_on=days,
    served_on=st.none() | days,
    actor=owners,
    on_behalf_of=st.none() | owners,
    source=st.none() | texts,
    memo_hash=st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex),
    rule_version=st.none() | numbers,
    facts=facts,
    reverses=st.none() | numbers,
    transfers=st.lists(transfers(), max_size=3).map(tuple),
)
