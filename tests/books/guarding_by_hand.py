"""Forgeries that cannot be read from the guard, and those that more than one guard refuses."""

from datetime import timedelta

from tests.books.builders import TODAY
from tests.books.guarding import Breach
from tests.builders import NOON
from timebank.books.tables import SEQ_MAX
from timebank.ledger.entries import AMOUNT_MAX, BALANCE_MAX

LATER = NOON + timedelta(hours=2)


def _both_lines(column, value):
    def change(posting):
        for row in (posting.transfer, *posting.lines):
            row[column] = value

    return change


def _next_line(**changes):
    """Add one more line to the passbook, right in everything but what is changed."""

    def change(posting):
        posting.add("line", **({"n": 6, "previous_n": 5, "opening": 55, "closing": 45, "line": 2} | changes))

    return change


def _fork(amount):
    """Spend the same balance twice: a second transfer whose line stands at the place of the first one's."""

    def change(posting):
        posting.add("transfer", line=2, amount=amount)
        of_second = {"line": 2, "amount": amount}
        posting.add("line", **of_second, delta=-amount, closing=65 - amount)
        credit = posting.credit | of_second | {"n": 3, "previous_n": 2, "opening": 40}
        posting.again.append(("line", credit | {"delta": amount, "closing": 40 + amount}))

    return change


def _credit(**changes):
    return lambda posting: posting.credit.update(changes)


def _resolution(**changes):
    return lambda posting: posting.row("hold_resolution").update(changes)


def _closed_day(posting):
    del posting.after["period_close"]
    posting.before["period_close"] = {"community_id": "xfl", "seq": 7, "closed_through": TODAY}


def _closed_account(posting):
    del posting.after["account_closing"]
    closed = {"community_id": "xfl", "seq": 7, "account_id": posting.debit["account_id"]}
    posting.before["account_closing"] = closed


def _spent_by_a_group(posting):
    """Let a group have the 10 points, and redeem them."""
    group, redeemed = 99, posting.credit["account_id"]
    posting.before["account"] |= {"code": "passbook/TD0001/points", "owner": "TD0001"}
    for row in (posting.transfer, posting.debit):
        row["credit"] = group
    posting.credit |= {"credit": group, "account_id": group, "n": 1, "opening": 0, "closing": 10, "previous_n": None}
    spent = {"line": 2, "debit": group, "credit": redeemed}
    posting.add("transfer", **spent)
    posting.add("line", **spent, account_id=group, n=2, opening=10, closing=0, previous_n=1)
    there = {"account_id": redeemed, "n": 2, "opening": 30, "closing": 40, "previous_n": 1}
    posting.again.append(("line", posting.credit | spent | there))


def _hold_of_nothing(posting):
    posting.after["hold"]["seq"] = 98
    posting.after["hold_account"]["hold_seq"] = 7


OF_LINES = ("transfer.fk_transfer_debit_line", "transfer.fk_transfer_credit_line")
PK_ACCOUNT = ("account.pk_account",)
IN_ORDER = ("entry.entry_in_order",)
UPDATES = {
    "account": Breach("", statement="UPDATE account SET owner = 'V0008' WHERE id = 99"),
    "entry": Breach("", statement="UPDATE entry SET actor = 'S009' WHERE seq = 1"),
    "transfer": Breach(
        "", statement="UPDATE transfer SET amount = 11 WHERE seq = 8", behind=("line.fk_line_transfer",)
    ),
    "line": Breach(
        "",
        statement="UPDATE line SET opening = opening + 1, closing = closing + 1 WHERE seq = 8",
        behind=("line.fk_line_previous",),
    ),
    "hold": Breach("", statement="UPDATE hold SET expires_at = NULL"),
    "hold_account": Breach("", statement="UPDATE hold_account SET account_id = 99 WHERE hold_seq = 8"),
    "hold_resolution": Breach("", statement="UPDATE hold_resolution SET outcome = 'released'"),
    "account_closing": Breach("", statement="UPDATE account_closing SET account_id = 99"),
    "period_close": Breach("", statement="UPDATE period_close SET closed_through = '2026-01-31'"),
    "request": Breach("", statement="UPDATE request SET answer = '99'"),
    "trail": Breach("", statement="UPDATE trail SET actor = 'S009'"),
    "tree_node": Breach("", statement="UPDATE tree_node SET position = 2"),
}
"""An old row changed, by table."""
DELETES = {
    "account": Breach("", statement="DELETE FROM account WHERE id = 99"),
    "entry": Breach(
        "",
        lambda posting: posting.add("entry", seq=9, event_id="forged:2", booked_at=LATER),
        statement="DELETE FROM entry WHERE seq = 9",
    ),
    "transfer": Breach("", statement="DELETE FROM transfer WHERE seq = 8", behind=("line.fk_line_transfer",)),
    "line": Breach("", statement="DELETE FROM line WHERE seq = 8", behind=OF_LINES),
    "hold": Breach("", statement="DELETE FROM hold WHERE seq = 8", behind=("hold_account.fk_hold_account_hold",)),
    **{
        table: Breach("", statement=f"DELETE FROM {table}")
        for table in ("hold_account", "hold_resolution", "account_closing", "period_close", "request", "trail")
    },
    "tree_node": Breach("", statement="DELETE FROM tree_node"),
}
"""An old row taken away, by table."""


def _named(guard: str, breach: Breach) -> Breach:
    return Breach(guard, breach.change, breach.statement, breach.behind)


BY_HAND = (
    *(_named(f"{table}.{table}_no_{verb}", UPDATES[table]) for table in UPDATES for verb in ("update", "change")),
    *(_named(f"{table}.{table}_no_{verb}", DELETES[table]) for table in DELETES for verb in ("delete", "change")),
    Breach("memo.memo_no_update", statement="UPDATE memo SET text = 'other'"),
    Breach("log_head.log_head_only_grows", statement="UPDATE log_head SET size = size - 1 WHERE size > 0"),
    Breach("log_head.log_head_only_grows", statement="UPDATE log_head SET accounts = 0 WHERE size > 0"),
    Breach("log_head.log_head_only_grows", statement="UPDATE log_head SET community_id = 'third' WHERE size = 0"),
    Breach("log_head.log_head_no_delete", statement="DELETE FROM log_head"),
    Breach("entry.entry_in_order", _closed_day),
    Breach("line.line_on_open_account", _closed_account),
    Breach("transfer.transfer_group_only_gives", _spent_by_a_group),
    Breach("account.pk_account", lambda posting: posting.add("account", code="pool/points", unit="other")),
    Breach("account.uq_account_community_id_code", lambda posting: posting.add("account", id=100)),
    Breach(
        "account.uq_account_pinned", lambda posting: posting.add("account", code="x"), behind=("account.pk_account",)
    ),
    Breach(
        "entry.pk_entry", lambda posting: posting.add("entry", event_id="forged:2", booked_at=LATER), behind=IN_ORDER
    ),
    Breach(
        "entry.uq_entry_booked_at",
        lambda posting: posting.add("entry", seq=9, event_id="forged:2"),
        behind=IN_ORDER,
    ),
    Breach("entry.fk_entry_reverses", lambda posting: posting.entry.update(reverses=0)),
    Breach(
        "entry.ck_entry_seq_range",
        lambda posting: posting.add("entry", seq=SEQ_MAX + 1, event_id="forged:2", booked_at=LATER),
        behind=IN_ORDER,
    ),
    Breach(
        "entry.ck_entry_seq_whole",
        lambda posting: posting.add("entry", seq=8.5, event_id="forged:2", booked_at=LATER),
        behind=IN_ORDER,
    ),
    Breach("transfer.pk_transfer", lambda posting: posting.add("transfer", amount=11)),
    Breach("transfer.uq_transfer_pinned", lambda posting: posting.add("transfer"), behind=("transfer.pk_transfer",)),
    Breach("transfer.fk_transfer_entry", lambda posting: posting.add("transfer", seq=98), behind=OF_LINES),
    Breach("transfer.fk_transfer_debit_line", lambda posting: posting.add("transfer", line=2), behind=OF_LINES[1:]),
    Breach("transfer.fk_transfer_credit_line", lambda posting: posting.add("transfer", line=2), behind=OF_LINES[:1]),
    Breach("transfer.ck_transfer_line_range", _both_lines("line", 10_001)),
    Breach("transfer.ck_transfer_line_whole", _both_lines("line", 1.5)),
    Breach(
        "transfer.ck_transfer_amount_whole",
        lambda posting: posting.amount(9.5),
        behind=("line.ck_line_delta_whole", "line.ck_line_closing_whole"),
    ),
    *(
        Breach(f"transfer.{column} NOT NULL", _both_lines(column, None), behind=(f"line.{column} NOT NULL",))
        for column in ("unit", "debit", "credit", "amount")
    ),
    Breach("line.pk_line", _fork(11)),
    Breach("line.uq_line_chained", _fork(10), behind=("line.pk_line",)),
    Breach("line.uq_line_of_transfer", _next_line(line=1)),
    Breach("line.seq NOT NULL", _next_line(seq=None)),
    Breach("line.line NOT NULL", _next_line(line=None)),
    Breach(
        "line.ck_line_n_range", _credit(n=0, previous_n=None, opening=0, closing=10), behind=("line.ck_line_chained",)
    ),
    Breach("line.ck_line_n_whole", _credit(n=2.5), behind=("line.ck_line_chained",)),
    Breach(
        "line.ck_line_delta_range",
        _credit(delta=AMOUNT_MAX + 1, closing=30 + AMOUNT_MAX + 1),
        behind=("line.ck_line_side",),
    ),
    Breach(
        "line.ck_line_delta_whole",
        _credit(delta=9.5, closing=39.5),
        behind=("line.ck_line_side", "line.ck_line_closing_whole"),
    ),
    Breach(
        "line.ck_line_opening_range",
        lambda posting: posting.debit.update(opening=BALANCE_MAX + 5, closing=BALANCE_MAX - 5),
        behind=("line.fk_line_previous",),
    ),
    Breach(
        "line.ck_line_opening_whole",
        _credit(opening=29.5, closing=39.5),
        behind=("line.fk_line_previous", "line.ck_line_closing_whole"),
    ),
    Breach(
        "line.ck_line_closing_range",
        _credit(opening=BALANCE_MAX - 5, closing=BALANCE_MAX + 5),
        behind=("line.fk_line_previous",),
    ),
    Breach("line.ck_line_closing_whole", _credit(closing=39.5), behind=("line.ck_line_adds_up",)),
    Breach("hold.fk_hold_entry", _hold_of_nothing),
    Breach("hold_resolution.fk_hold_resolution_hold", _resolution(hold_seq=6)),
    Breach(
        "hold_resolution.ck_hold_resolution_after_the_hold",
        _resolution(seq=7),
    ),
)
"""In place of what can be read from these guards."""
