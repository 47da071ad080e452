"""What happened at the counter stays, and what is not there is not handed out, whoever writes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.market.builders import TODAY, XFL, shelf
from tests.market.by_hand import REFUSED, some_books
from timebank.books.loading import account_states
from timebank.books.tables import EntryRow, LineRow, TransferRow
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, goods_unit, system
from timebank.market.tables import DonationUndoRow, GoodRow, RedemptionUndoRow, trade

PASSBOOK = AccountRef(AccountKind.PASSBOOK, "V0001", POINTS)


@pytest.fixture
def books(shop):
    return some_books(shop)


GROWING = sorted(
    row.__tablename__
    for row in vars(trade).values()
    if getattr(row, "__module__", None) == trade.__name__ and hasattr(row, "__tablename__") and row is not GoodRow
)


class TestOnlyGrows:
    """lessons.md D15 and D17: nothing that happened at the counter is changed or removed."""

    def test_no_row_is_changed_or_deleted(self, books):
        fill(books)
        assert [] == [table for table in GROWING if not books.session.scalar(sa.text(f"SELECT 1 FROM {table}"))]

        got_through = [
            statement
            for table in GROWING
            for statement in (f"UPDATE {table} SET community_id = 'abc'", f"DELETE FROM {table}")
            if not stopped(books, statement)
        ]

        assert [] == got_through


def stopped(books, statement):
    """Tell whether the database refuses a statement."""
    try:
        with books.session.begin_nested():
            books.session.execute(sa.text(statement))
    except REFUSED:
        return True
    return False


def fill(books):
    """Let there be a row in the two tables that the fixture leaves empty."""
    books.write(
        DonationUndoRow,
        donation_number="D0001",
        received_by_id=books.coordinator,
        undone_by_id=books.other,
        undone_at=NOON,
        reason="数错了",
        entry_seq=books.seq,
    )
    books.write(
        RedemptionUndoRow,
        redemption_id=books.redemption_id,
        person_id=books.volunteer,
        served_by_id=books.clerk,
        redeemed_on=TODAY,
        undone_by_id=books.clerk,
        undone_on=TODAY,
        reason="拿错了",
        entry_seq=books.seq,
    )


class TestStockIsNeverNegative:
    """ledger.md section 3: the shelf and the passbook hold what is there, also for whoever writes past the program."""

    def test_the_last_piece_and_the_last_point_can_be_written(self, shop, books):
        post_by_hand(books, shelf("G0001"), system(AccountKind.HANDED_OUT, goods_unit("G0001")), 3)
        post_by_hand(books, PASSBOOK, system(AccountKind.REDEEMED, POINTS), 5400)

    @pytest.mark.parametrize("wrong", [{}, {"opening": 4}, {"sign": -1}, {"n": 1, "previous_n": None, "opening": 0}])
    def test_one_more_cannot(self, books, wrong):
        with pytest.raises(REFUSED), books.session.begin_nested():
            post_by_hand(books, shelf("G0001"), system(AccountKind.HANDED_OUT, goods_unit("G0001")), 4, **wrong)
        with pytest.raises(REFUSED), books.session.begin_nested():
            post_by_hand(books, PASSBOOK, system(AccountKind.REDEEMED, POINTS), 5401, **wrong)


def post_by_hand(books, debit, credit, amount, **wrong):
    """Write an entry with one transfer, right in everything but what is said to be wrong in its debit line."""
    states = account_states(books.session, XFL, [debit, credit])
    seq = 1 + books.session.scalar(sa.select(sa.func.max(EntryRow.seq)).where(EntryRow.community_id == XFL))
    move = {
        "seq": seq,
        "line": 1,
        "unit": debit.unit,
        "debit": states[debit].id,
        "credit": states[credit].id,
        "amount": amount,
    }
    books.write(
        EntryRow,
        seq=seq,
        event_id=f"by-hand-{seq}",
        kind="goods-redeemed",
        booked_at=NOON + timedelta(hours=seq),
        effective_on=TODAY,
        actor="S001",
        leaf=b"{}",
        leaf_hash=bytes(32),
    )
    books.write(TransferRow, **move)
    books.write(LineRow, **(move | line_of(states[debit], -amount) | wrong))
    books.write(LineRow, **(move | line_of(states[credit], amount)))


def line_of(state, delta):
    """The next line of an account; the sign of both sides here is +1."""
    return {
        "account_id": state.id,
        "n": state.n + 1,
        "sign": 1,
        "delta": delta,
        "opening": state.balance,
        "closing": state.balance + delta,
        "previous_n": state.n,
    }
