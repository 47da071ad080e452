"""What the books say: every balance, list and filter is compared with a plain look at all entries."""

from datetime import timedelta
from itertools import pairwise, product
from typing import Any

import pytest

from tests.books import builders
from tests.books.random_books import LOTS, OWNERS, STAFF, RandomBooks
from tests.builders import NOON, an_act
from timebank.books import holds, journal, pages, statements
from timebank.books.pages import JournalFilter
from timebank.books.statements import AccountFilter
from timebank.database import new_engine, reading, writing
from timebank.ledger.accounts import POINTS, AccountKind
from timebank.ledger.canonical import entry_of
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.ledger.merkle import leaf_hash


@pytest.fixture(scope="module")
def made_books():
    """The random books of each kind of database, made when the first test reads in them, removed after the last."""
    made: dict[str, Any] = {}
    yield made
    for server, url, engine in made.values():
        engine.dispose()
        server.drop(url)


@pytest.fixture
def books(made_books, database_kind, database_server):
    """A session that reads in some weeks of random books."""
    if database_kind not in made_books:
        url = database_server.migrated()
        engine = new_engine(url)
        with writing(engine) as session:
            RandomBooks(session, seed=1).live(80)
        made_books[database_kind] = (database_server, url, engine)
    with reading(made_books[database_kind][2]) as session:
        yield session


def all_entries(session):
    return [entry_of(leaf) for leaf, _ in statements.entries_in_order(session, "xfl")]


def lines(entries, account):
    """Every movement of an account, as (entry, line, delta), oldest first."""
    return [
        (entry, number, transfer.amount if transfer.credit == account else -transfer.amount)
        for entry in entries
        for number, transfer in enumerate(entry.transfers, start=1)
        if account in {transfer.debit, transfer.credit}
    ]


def accounts(entries):
    return {ref for entry in entries for transfer in entry.transfers for ref in (transfer.debit, transfer.credit)}


def sums(entries, counted=lambda entry: True):
    """Every account that a counted entry touches, and the sum of what counts."""
    counting = [entry for entry in entries if counted(entry)]
    return {ref: sum(delta for _, _, delta in lines(counting, ref)) for ref in accounts(counting)}


def told(balances):
    return {item.account: item.balance for item in balances}


class TestBalances:
    """ledger.md section 2: now, at a moment, as of a day; compared with a replay of everything."""

    def test_now(self, books):
        expected = sums(all_entries(books))

        assert expected == told(statements.balances(books, "xfl"))
        assert expected == {ref: statements.balance(books, "xfl", ref) for ref in expected}

    def test_at_any_moment(self, books):
        entries = all_entries(books)
        for entry in entries[:: len(entries) // 6]:
            for moment in (entry.booked_at, entry.booked_at - timedelta(microseconds=1)):
                expected = sums(entries, lambda other, moment=moment: other.booked_at <= moment)

                assert expected == told(statements.balances_at(books, "xfl", moment))
                assert expected == {ref: statements.balance_at(books, "xfl", ref, moment) for ref in expected}

    def test_as_of_any_day(self, books):
        entries = all_entries(books)
        for day in sorted({entry.effective_on for entry in entries})[::4]:
            expected = sums(entries, lambda other, day=day: other.effective_on <= day)

            assert expected == told(statements.balances_as_of(books, "xfl", day))
            assert expected == {ref: statements.balance_as_of(books, "xfl", ref, day) for ref in expected}

    def test_before_anything_there_was_nothing(self, books):
        long_ago = NOON - timedelta(days=999)

        assert () == statements.balances_at(books, "xfl", long_ago)
        assert 0 == statements.balance_at(books, "xfl", builders.passbook(), long_ago)
        assert 0 == statements.balance_as_of(books, "xfl", builders.passbook(), long_ago.date())

    def test_every_filter_of_accounts(self, books):
        kinds = (None, AccountKind.PASSBOOK, AccountKind.SHELF, AccountKind.POOL)
        whose = (None, (), ("V0001",), (*OWNERS, *LOTS))
        everything = sums(all_entries(books))
        for kind, unit, owners in product(kinds, (None, POINTS, builders.RICE), whose):
            expected = {
                ref: amount
                for ref, amount in everything.items()
                if kind in {None, ref.kind} and unit in {None, ref.unit} and (owners is None or ref.owner in owners)
            }

            assert expected == told(statements.balances(books, "xfl", AccountFilter(kind, unit, owners)))

    def test_another_community_has_nothing(self, books):
        assert () == statements.balances(books, "other")
        assert [] == list(statements.entries_in_order(books, "other"))
        assert 0 == statements.balance(books, "other", builders.passbook())

    def test_a_passbook_of_several_years_is_told_oldest_first(self, session):
        builders.a_log(session)
        for year in (0, 2027, 2026):
            transfer = Transfer(builders.ISSUANCE, builders.passbook("V0001", year), 5)
            kind = EntryKind.SERVICE_APPROVED
            builders.posted(session, Draft(kind=kind, effective_on=builders.TODAY, transfers=(transfer,)))

        found = statements.passbook_accounts(session, "xfl", "V0001")

        assert [2026, 2027, 0] == [item.account.vintage for item in found]


class TestEntriesInOrder:
    """architecture.md section 6.3: every entry, oldest first, with its exact bytes."""

    def test_all_of_them_whatever_the_size_of_a_page(self, books, monkeypatch):
        whole = list(statements.entries_in_order(books, "xfl"))
        monkeypatch.setattr(statements, "STREAM", 7)

        assert whole == list(statements.entries_in_order(books, "xfl"))
        assert list(range(1, len(whole) + 1)) == [entry_of(leaf).seq for leaf, _ in whole]
        assert [leaf_hash(leaf) for leaf, _ in whole] == [stored for _, stored in whole]

    def test_from_any_place_on(self, books):
        whole = list(statements.entries_in_order(books, "xfl"))

        assert whole[5:] == list(statements.entries_in_order(books, "xfl", after=5))

    def test_the_moments_of_booking_strictly_increase(self, books):
        moments = [entry.booked_at for entry in all_entries(books)]

        assert sorted(set(moments)) == moments

    def test_by_what_stands_behind_them(self, books):
        expected = [entry for entry in all_entries(books) if entry.source in {"a", "c"}]

        assert tuple(expected) == statements.entries_of_source(books, "xfl", ["c", "a", "nothing"])


class TestStatementPages:
    """issue of scale: a page starts anywhere, tears no entry apart, and its balances are the running ones."""

    @pytest.mark.parametrize("limit", [4, 1000])
    def test_all_pages_together_are_the_whole_history(self, books, limit):
        entries = all_entries(books)
        for ref in accounts(entries):
            expected = _running(lines(entries, ref))

            assert expected == list(_pages(books, [ref], limit))

    @pytest.mark.parametrize("limit", [1, 2, 3])
    def test_the_smallest_pages_too(self, books, limit):
        expected = _running(lines(all_entries(books), builders.passbook("V0001")))

        assert expected == list(_pages(books, [builders.passbook("V0001")], limit))

    @pytest.mark.parametrize("limit", [1, 4, 1000])
    def test_several_accounts_of_one_person_make_one_statement(self, books, limit):
        entries = all_entries(books)
        purse = [builders.passbook("V0001"), builders.held("V0001"), builders.debt("V0001")]
        moved = [move for ref in purse for move in lines(entries, ref)]

        found = list(_pages(books, purse, limit))

        assert sorted((entry.seq, line, delta) for entry, line, delta in moved) == sorted(each[:3] for each in found)
        assert sum(delta for _, _, delta in moved) == found[0][3]
        assert all(newer[3] - newer[2] == older[3] for newer, older in pairwise(found))
        assert found[-1][2] == found[-1][3]

    def test_a_long_entry_is_not_torn_apart(self, session):
        builders.a_log(session)
        many = tuple(Transfer(builders.DONOR, builders.shelf(f"L{lot:06}"), 1) for lot in range(60))
        builders.posted(session, Draft(kind=EntryKind.GOODS_RECEIVED, effective_on=builders.TODAY, transfers=many))
        builders.posted(session, builders.a_delivery())

        first = pages.statement(session, "xfl", [builders.DONOR], limit=2)
        second = pages.statement(session, "xfl", [builders.DONOR], limit=2, before=2)

        assert (61, None) == (len(first.lines), first.next_before)
        assert (60, None) == (len(second.lines), second.next_before)

    def test_an_account_without_lines_has_an_empty_page(self, books):
        page = pages.statement(books, "xfl", [builders.passbook("V0099")])

        assert ((), None) == (page.lines, page.next_before)

    def test_a_line_tells_what_it_was(self, session):
        builders.a_log(session)
        award = builders.posted(session, builders.an_award(points_e2=50, memo="清扫楼道", source="r:1"), number="S007")
        back = journal.reverse(session, an_act(), seq=award.seq, reason="写错人了")

        newer, older = pages.statement(session, "xfl", [builders.passbook()]).lines

        assert ("清扫楼道", "S007", "r:1", 50, 50) == (
            older.memo,
            older.actor,
            older.source,
            older.delta,
            older.closing,
        )
        assert (builders.ISSUANCE, back.seq, None) == (older.counterpart, older.reversed_by, older.reverses)
        assert ("写错人了", -50, 0, award.seq, None) == (
            newer.memo,
            newer.delta,
            newer.closing,
            newer.reverses,
            newer.reversed_by,
        )

    def test_accounts_in_different_units_make_no_statement(self, session):
        with pytest.raises(AssertionError):
            pages.statement(session, "xfl", [builders.passbook(), builders.recognised()])


def _running(moves):
    balance, found = 0, []
    for entry, line, delta in moves:
        balance += delta
        found.append((entry.seq, line, delta, balance))
    return found[::-1]


def _pages(session, refs, limit):
    before = None
    while True:
        page = pages.statement(session, "xfl", refs, before=before, limit=limit)
        yield from ((line.seq, line.line, line.delta, line.closing) for line in page.lines)
        before = page.next_before
        if before is None:
            return


JOURNAL_FILTERS = [
    JournalFilter(),
    JournalFilter(kind=EntryKind.SERVICE_APPROVED),
    JournalFilter(actor=STAFF[0]),
    JournalFilter(owner="V0001"),
    JournalFilter(owner="L000001"),
    JournalFilter(owner="V0099"),
    JournalFilter(account="issuance/points"),
    JournalFilter(account="passbook/V0002/points"),
    JournalFilter(source="b"),
    JournalFilter(first_on=builders.TODAY),
    JournalFilter(last_on=builders.TODAY + timedelta(days=5)),
    JournalFilter(first_on=builders.TODAY, last_on=builders.TODAY + timedelta(days=9), owner="V0003", actor=STAFF[1]),
    JournalFilter(kind=EntryKind.REVERSAL, source="a"),
]


def _wanted(entry, asked):
    touched = accounts([entry])
    return (
        asked.kind in {None, entry.kind}
        and asked.actor in {None, entry.actor}
        and asked.source in {None, entry.source}
        and (asked.owner is None or asked.owner in {ref.owner for ref in touched})
        and (asked.account is None or asked.account in {ref.code for ref in touched})
        and (asked.first_on is None or entry.effective_on >= asked.first_on)
        and (asked.last_on is None or entry.effective_on <= asked.last_on)
    )


class TestJournalPages:
    """experience.md A3: every filter, alone and together, page by page."""

    @pytest.mark.parametrize("limit", [4, 500])
    def test_every_filter_finds_what_a_plain_look_finds(self, books, limit):
        entries = all_entries(books)
        for asked in JOURNAL_FILTERS:
            expected = [entry for entry in reversed(entries) if _wanted(entry, asked)]

            assert expected == [view.entry for view in _journal(books, asked, limit)]

    def test_an_entry_is_found_by_its_number(self, books):
        entries = all_entries(books)

        assert entries[3] == builders.the_entry(books, 4).entry
        assert None is pages.entry_view(books, "xfl", len(entries) + 1)
        assert None is pages.entry_view(books, "other", 1)

    def test_an_entry_knows_who_took_it_back(self, books):
        for entry in all_entries(books):
            if entry.reverses is not None:
                assert entry.seq == builders.the_entry(books, entry.reverses).reversed_by

    def test_the_number_of_transfers(self, books):
        assert sum(len(entry.transfers) for entry in all_entries(books)) == pages.transfers_total(books, "xfl")


def _journal(session, asked, limit):
    before = None
    while True:
        page = pages.journal_page(session, "xfl", asked, before=before, limit=limit)
        yield from page.entries
        before = page.next_before
        if before is None:
            return


class TestOverdueHolds:
    """ledger.md section 1, decision 7: what is overdue counts as given back before anybody books it."""

    def test_is_told_by_owner_and_moment(self, session):
        builders.a_log(session)
        builders.posted(session, builders.an_award("V0001", 10), builders.an_award("V0002", 10))
        for owner, amount, seconds in (("V0001", 3, 1), ("V0001", 4, 2), ("V0002", 5, 1)):
            hold(session, owner, amount, NOON + timedelta(seconds=seconds))

        def overdue(owners, seconds):
            moment = NOON + timedelta(seconds=seconds)
            return statements.overdue_amounts(session, "xfl", owners, moment)

        assert {} == overdue(["V0001", "V0002"], 0)
        assert {builders.held("V0001"): 3, builders.held("V0002"): 5} == overdue(["V0001", "V0002"], 1)
        assert {builders.held("V0001"): 7} == overdue(["V0001"], 2)
        assert {} == overdue([], 2)


def hold(session, owner, amount, expires_at):
    """Put points aside."""
    parts = [(builders.passbook(owner), amount)]
    holds.place(session, an_act(), parts=parts, expires_at=expires_at, source="test", memo="")
