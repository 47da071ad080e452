"""The desk: tables of requests and results that a community worker can read.

    award V1 50            -> #1
    redeem V1 60           -> no: not_enough balance=50 needed=60
    show V1                -> passbook 50

One line is one request with a key of its own; `#1` is the number of the entry that it made. What is refused must leave
the books untouched, line by line. Of a refusal only the facts that stand in the table are compared.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.books import builders
from tests.books.snapshots import MOVED, fingerprint, rows_of
from tests.builders import NOON, an_act
from timebank.books import head, holds, journal, statements
from timebank.books.requests import once
from timebank.books.statements import AccountFilter
from timebank.ledger.accounts import AccountKind, AccountRef
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.refusal import Refusal


def play(session, script):
    """Play a table; every line must answer what it says."""
    desk = Desk(session)
    for line in script.strip().splitlines():
        asked, _, expected = (part.strip() for part in line.partition("->"))
        told = desk.ask(asked)
        assert _as_far_as_said(expected, told), f"{asked} -> {told}, not {expected}"


def _as_far_as_said(expected, told):
    if not expected.startswith("no:"):
        return expected == told
    return expected.split()[:2] == told.split()[:2] and set(expected.split()) <= set(told.split())


class Desk:
    """Where requests are made, one after the other, and time passes."""

    def __init__(self, session):
        self.session = session
        self.now = NOON
        self.requests = 0
        self.known = None
        builders.a_log(session)

    def ask(self, line):
        words, options = _read(line)
        if words[0] in {"wait", "turn-back"}:
            self.now += timedelta(seconds=int(words[1])) * (1 if words[0] == "wait" else -1)
            return "later" if words[0] == "wait" else "earlier"
        before = self._before()
        told = self._answer(words, options)
        refused = told.startswith(("no:", "fault:"))
        if refused:
            assert before == fingerprint(self.session, MOVED), f"{line} was refused and changed the books"
        self.known = before if refused else None
        return told

    def _before(self):
        """All that may move; what was refused has left it as it was."""
        return self.known or fingerprint(self.session, MOVED)

    def _answer(self, words, options):
        self.requests += 1
        key = options.pop("key", f"request-{self.requests:04d}")
        act = an_act(at=self.now, request_key=key, number=options.pop("by", "S001"))
        try:
            return do(self.session, act, words=tuple(words), options=options)
        except Refusal as refusal:
            facts = " ".join(f"{name}={value}" for name, value in refusal.facts.items())
            return f"no: {refusal.code} {facts}"
        except AssertionError as fault:
            head.forget(self.session)
            return f"fault: {type(fault).__name__}"


def _read(line):
    parts = line.split()
    options = dict(part.split("=") for part in parts if "=" in part)
    return [part for part in parts if "=" not in part], options


@once("desk.ask")
def do(session, act, *, words, options):
    """Do what the words say; the whole line is the content of the request."""
    if words[0] in DRAFTS or words[0] == "together":
        return f"#{journal.post_all(session, act, list(_drafts(words, options)))[-1].seq}"
    return COMMANDS[words[0]](session, act, *words[1:])


def _drafts(words, options):
    days: dict[str, Any] = {f"{name}_on": date.fromisoformat(day) for name, day in options.items()}
    for request in " ".join(words).removeprefix("together ").split(" + "):
        verb, *rest = request.split()
        yield replace(DRAFTS[verb](*rest), **days)


def _move(debit, credit, amount, kind):
    transfer = Transfer(AccountRef.parse(debit), AccountRef.parse(credit), int(amount))
    return Draft(kind=EntryKind(kind), effective_on=builders.TODAY, transfers=(transfer,))


DRAFTS: dict[str, Callable[..., Draft]] = {
    "award": lambda owner, amount: builders.an_award(owner, int(amount)),
    "serve": lambda owner, minutes, amount: builders.a_service(owner, int(minutes), int(amount)),
    "redeem": lambda owner, amount: builders.a_redemption(owner, int(amount)),
    "sell": lambda owner, amount, lot, pieces: builders.a_redemption(owner, int(amount), pieces=int(pieces), lot=lot),
    "deliver": lambda lot, pieces: builders.a_delivery(lot, int(pieces)),
    "move": _move,
}


def _hold(session, act, owner, amount, *rest):
    *goods, seconds = rest or ("for-ever",)
    parts = [(builders.passbook(owner), int(amount))]
    parts += [(builders.shelf(lot), int(pieces)) for lot, pieces in zip(goods[::2], goods[1::2], strict=True)]
    expires_at = None if seconds == "for-ever" else act.at + timedelta(seconds=int(seconds.removesuffix("s")))
    return f"#{holds.place(session, act, parts=parts, expires_at=expires_at, source='test', memo='').seq}"


def _capture(session, act, hold, owner=None, amount=None):
    parts = None if owner is None else [(builders.passbook(owner), int(amount))]
    return f"#{holds.capture(session, act, hold_seq=_number(hold), parts=parts).seq}"


def _close_period(session, act, day):
    return f"#{journal.close_period(session, act, through=date.fromisoformat(day)).seq}"


def _expire(session, act):
    return " ".join(f"#{seq}" for seq in holds.expire(session, act)) or "nothing"


def _show(session, act, owner):
    """What the owner has now: what is overdue on hold counts as given back."""
    found = {item.account: item.balance for item in _booked(session, act, owner)}
    for account, amount in statements.overdue_amounts(session, act.community_id, [owner], act.at).items():
        home = builders.passbook(owner) if account.kind is AccountKind.HELD else builders.shelf(owner)
        found[account] -= amount
        found[home] = found.get(home, 0) + amount
    return _told(found)


def _booked(session, act, owner):
    return statements.balances(session, act.community_id, AccountFilter(owners=(owner,)))


def _told(balances):
    shown = [f"{ref.kind} {abs(amount)}" for ref, amount in sorted(balances.items()) if amount]
    return ", ".join(sorted(shown, key=lambda text: KINDS.index(text.split()[0]))) or "nothing"


KINDS = ("passbook", "held", "debt", "recognised", "shelf", "reserved", "donor")


def _number(word):
    return int(word.removeprefix("#"))


COMMANDS: dict[str, Callable[..., str]] = {
    "hold": _hold,
    "capture": _capture,
    "release": lambda session, act, hold: f"#{holds.release(session, act, hold_seq=_number(hold)).seq}",
    "reverse": lambda session, act, seq: f"#{journal.reverse(session, act, seq=_number(seq), reason='wrong').seq}",
    "close": lambda session, act, code: f"#{journal.close_account(session, act, account=AccountRef.parse(code)).seq}",
    "close-period": _close_period,
    "expire": _expire,
    "show": _show,
    "booked": lambda session, act, owner: _told({item.account: item.balance for item in _booked(session, act, owner)}),
    "entries": lambda session, act: str(len(rows_of(session)["entry"])),
}
