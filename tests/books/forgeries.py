"""Forgeries: rows that somebody writes past the program, and what makes each of them impossible.

Every forgery starts from a posting that is right in everything (V0001 redeems 10 more), so that what is refused is the
one thing that is wrong with it. Without its guard it gets in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tests.books.builders import FAR_AWAY, TODAY, a_delivery, a_log, a_redemption, a_service, passbook, posted
from tests.builders import NOON, an_act
from timebank.books import holds, journal
from timebank.books.requests import once
from timebank.books.tables import AccountRow
from timebank.database import Base, writing

Row = dict[str, Any]
FIRST_KEY = "the-first-request"


@dataclass
class Posting:
    """The rows of one posting, about to be written, and one further row of every other table of the books."""

    entry: Row
    transfer: Row
    debit: Row
    credit: Row
    accounts: dict[str, int]
    before: dict[str, Row]
    after: dict[str, Row]
    sides: int = 2
    again: list[tuple[str, Row]] = field(default_factory=list)

    @property
    def lines(self):
        """The lines of both sides, or of the debit side alone."""
        return [self.debit, self.credit][: self.sides]

    def row(self, table):
        """Return the row of a table; of the two lines that of the debit side."""
        own = {"entry": self.entry, "transfer": self.transfer, "line": self.debit}
        return (self.before | own | self.after)[table]

    def add(self, table, **changes):
        """Add a further row to a table, like the one that is there but for these columns."""
        self.again.append((table, self.row(table) | changes))

    def amount(self, amount):
        """Let it move another amount, right in everything that follows from it."""
        self.transfer["amount"] = amount
        for line, delta in ((self.debit, -amount), (self.credit, amount)):
            line |= {"amount": amount, "delta": delta, "closing": line["opening"] + delta}

    def write(self, connection):
        """Write it past the program."""
        own = [("entry", self.entry), ("transfer", self.transfer), *(("line", line) for line in self.lines)]
        for table, row in (*self.before.items(), *own, *self.after.items(), *self.again):
            connection.execute(sa.insert(Base.metadata.tables[table]), row)


def some_books(engine):
    """Write seven entries: of 100 points V0001 has 65 left and 5 on hold, what V0002 was given was taken back."""
    with writing(engine) as session:
        a_log(session)
        first = (a_service("V0001", 60, 60, memo="清扫楼道"), a_service("V0001", 40, 40), a_delivery("L000001", 5))
        posted(session, *first, request_key=FIRST_KEY)
        posted(session, a_redemption("V0001", 30, pieces=2))
        wrong = posted(session, a_service("V0002", 20, 20))
        take_back(session, an_act(), seq=wrong.seq)
        holds.place(session, an_act(), parts=[(passbook(), 5)], expires_at=FAR_AWAY, source="test", memo="")


@once("test.take_back")
def take_back(session, act, *, seq):
    """Reverse an entry, so that there are a request and a trail."""
    return journal.reverse(session, act, seq=seq, reason="写错人了").seq


def a_right_posting(connection):
    """Make the rows of a further redemption of 10 points, as the program would write them."""
    accounts = dict(iter(connection.execute(sa.select(AccountRow.code, AccountRow.id))))
    passbook, redeemed = accounts["passbook/V0001/points"], accounts["redeemed/points"]
    key = {"community_id": "xfl", "seq": 8}
    move = {**key, "line": 1, "unit": "points", "debit": passbook, "credit": redeemed, "amount": 10}
    entry = {
        **key,
        "event_id": "forged",
        "kind": "goods-redeemed",
        "booked_at": NOON + timedelta(hours=1),
        "effective_on": TODAY,
        "actor": "S001",
        "leaf": b"{}",
        "leaf_hash": bytes(32),
    }
    debit = {**move, "account_id": passbook, "n": 5, "sign": 1, "delta": -10, "opening": 65, "closing": 55}
    credit = {**move, "account_id": redeemed, "n": 2, "sign": 1, "delta": 10, "opening": 30, "closing": 40}
    lines = (debit | {"previous_n": 4}, credit | {"previous_n": 1})
    return Posting(entry, move, *lines, accounts, _first_rows(), _further_rows(accounts))


def _first_rows():
    """Make the rows to which others may refer: a further community, and an account that nothing moves on."""
    opened = {"size": 0, "frontier": b"", "accounts": 0, "last_booked_at": NOON, "closed_through": date(1900, 1, 1)}
    account = {"code": "passbook/V0009/points", "kind": "passbook", "owner": "V0009", "unit": "points", "vintage": 0}
    return {
        "log_head": {"community_id": "other", **opened},
        "account": {"community_id": "xfl", "id": 99, "sign": 1, **account},
    }


def _further_rows(accounts):
    """Make what may stand beside an entry: it resolves the hold, closes an account and a period, and is answered."""
    of_entry = {"community_id": "xfl", "seq": 8}
    request = {"operation": "test.forged", "content_hash": bytes(32), "outcome": "done", "answer": "8", "at": NOON}
    seen = {"at": NOON, "actor": "S001", "channel": "web", "verb": "test.forged", "outcome": "done", "facts": "{}"}
    return {
        "memo": {**of_entry, "salt": bytes(32), "text": "forged"},
        "hold": {**of_entry, "expires_at": FAR_AWAY},
        "hold_account": {"community_id": "xfl", "account_id": accounts["passbook/V0002/points"], "hold_seq": 8},
        "hold_resolution": {**of_entry, "hold_seq": 7, "outcome": "captured"},
        "account_closing": {**of_entry, "account_id": accounts["passbook/V0002/points"]},
        "period_close": {**of_entry, "closed_through": date(2026, 2, 28)},
        "request": {"community_id": "xfl", "key": "a-forged-key", **request},
        "trail": {"community_id": "xfl", "id": UUID(int=8), "subject": "V0001", **seen},
        "tree_node": {"community_id": "xfl", "level": 1, "position": 1, "hash": bytes(32)},
        "running_check": {"community_id": "other", "kind": "log", "checked_at": NOON, "size": 0, "facts": "{}"},
    }


@dataclass(frozen=True)
class Forgery:
    """One way to cheat: `guard` refuses it (as `table.name`), `change` is what is wrong with the posting."""

    guard: str
    change: Callable[[Posting], object]


def _overdraw(posting):
    posting.amount(66)


def _duplicate_key(posting):
    posting.entry["event_id"] = f"{FIRST_KEY}:1"


def _negative(posting):
    posting.amount(-10)


def _same_account(posting):
    posting.transfer["credit"] = posting.debit["credit"] = posting.debit["account_id"]
    posting.sides = 1


def _another_unit(posting):
    minutes = posting.accounts["recognised/V0001/minutes"]
    posting.transfer["credit"] = posting.debit["credit"] = minutes
    posting.credit |= {
        "credit": minutes,
        "account_id": minutes,
        "n": 3,
        "opening": 100,
        "closing": 110,
        "previous_n": 2,
    }


def _wrong_sum(posting):
    posting.debit["closing"] = 56


def _wrong_opening(posting):
    posting.debit |= {"opening": 80, "closing": 70}


def _skipped_place(posting):
    posting.debit |= {"n": 6}


def _wrong_start(posting):
    posting.debit |= {"n": 6, "previous_n": 5}


def _false_sign(posting):
    posting.amount(66)
    posting.debit["sign"] = -1


def _line_unlike_transfer(posting):
    posting.debit |= {"amount": 9, "delta": -9, "closing": 56}


def _wrong_side(posting):
    posting.debit |= {"delta": 10, "closing": 75}


def _one_sided(posting):
    posting.sides = 1


def _number_not_next(posting):
    for row in (posting.entry, posting.transfer, *posting.lines, *posting.after.values()):
        row |= {name: 9 for name in ("seq", "hold_seq") if row.get(name) == 8}


def _booked_before(posting):
    posting.entry["booked_at"] = NOON - timedelta(days=2)


def _reversed_twice(posting):
    posting.entry["reverses"] = 5


def _reverses_itself(posting):
    posting.entry["reverses"] = 8


FORGERIES = {
    "an overdraft": Forgery("line.ck_line_right_side_of_zero", _overdraw),
    "a key used twice": Forgery("entry.uq_entry_community_id_event_id", _duplicate_key),
    "a negative amount": Forgery("transfer.ck_transfer_amount_range", _negative),
    "an account that pays itself": Forgery("transfer.ck_transfer_two_accounts", _same_account),
    "points that become minutes": Forgery("line.fk_line_account", _another_unit),
    "a balance that does not add up": Forgery("line.ck_line_adds_up", _wrong_sum),
    "a balance that starts elsewhere": Forgery("line.fk_line_previous", _wrong_opening),
    "a place that is skipped": Forgery("line.ck_line_chained", _skipped_place),
    "a place after one that is not there": Forgery("line.fk_line_previous", _wrong_start),
    "an account that may suddenly go below zero": Forgery("line.fk_line_account", _false_sign),
    "a line unlike its transfer": Forgery("line.fk_line_transfer", _line_unlike_transfer),
    "a line on the wrong side": Forgery("line.ck_line_side", _wrong_side),
    "a transfer with one side": Forgery("transfer.fk_transfer_credit_line", _one_sided),
    "a number that is skipped": Forgery("entry.entry_in_order", _number_not_next),
    "an entry booked before the one before it": Forgery("entry.entry_in_order", _booked_before),
    "an entry taken back twice": Forgery("entry.uq_entry_reversed_once", _reversed_twice),
    "an entry that takes back itself": Forgery("entry.ck_entry_reverses_earlier", _reverses_itself),
}
"""What is added to the books; the database refuses it on both kinds."""

LAST_LINE = "account_id = (SELECT id FROM account WHERE code = 'passbook/V0001/points') AND n = 4"

EDITS = {
    "an old line edited": f"UPDATE line SET closing = 66 WHERE {LAST_LINE}",
    "an old entry edited": "UPDATE entry SET actor = 'S009' WHERE seq = 1",
    "an old transfer edited": "UPDATE transfer SET amount = 61 WHERE seq = 1 AND line = 2",
    "an account turned round": "UPDATE account SET sign = -sign WHERE id = 1",
    "the last line deleted": f"DELETE FROM line WHERE {LAST_LINE}",
    "a line in the middle deleted": f"DELETE FROM line WHERE {LAST_LINE.replace('n = 4', 'n = 2')}",
    "the newest entry deleted": "DELETE FROM entry WHERE seq = 7",
    "the newest transfer deleted": "DELETE FROM transfer WHERE seq = 7",
    "a request forgotten": "DELETE FROM request",
    "an answer changed": "UPDATE request SET answer = '99'",
    "the trail wiped": "DELETE FROM trail",
    "the trail rewritten": "UPDATE trail SET actor = 'S009'",
    "a hold lengthened": "UPDATE hold SET expires_at = NULL",
    "a memo rewritten": "UPDATE memo SET text = 'other'",
    "the log shortened": "UPDATE log_head SET size = size - 1",
    "the log handed to another community": "UPDATE log_head SET community_id = 'other'",
    "the log removed": "DELETE FROM log_head",
}
"""What is done to rows that are there."""

ONE_KIND_ONLY = {
    "sqlite": {
        "a line replaced": f"INSERT OR REPLACE INTO line SELECT * FROM line WHERE {LAST_LINE}",
        "an entry replaced": "REPLACE INTO entry SELECT * FROM entry WHERE seq = 1",
        "a line edited, others thrown out": f"UPDATE OR REPLACE line SET n = 2 WHERE {LAST_LINE}",
        "half a piece": "INSERT INTO transfer SELECT community_id, seq, 9, unit, debit, credit, 1.5 FROM transfer",
        "words": "INSERT INTO transfer SELECT community_id, seq, 9, unit, debit, credit, '9x' FROM transfer",
    },
    "postgresql": {
        "a line written over": "INSERT INTO line SELECT * FROM line ON CONFLICT (community_id, account_id, n) "
        "DO UPDATE SET closing = 0",
        "all lines gone at once": "TRUNCATE line CASCADE",
        "all entries gone at once": "TRUNCATE entry CASCADE",
        "the trail gone at once": "TRUNCATE trail",
        "memos gone at once": "TRUNCATE memo",
        "the head gone at once": "TRUNCATE log_head",
    },
}
"""What only one kind of database understands."""
