"""The books: entries, accounts, the trial balance, the log with its proofs, verifications and the trail."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import current_app
from marshmallow import fields
from sqlalchemy.orm import Session

from timebank import clock, schema
from timebank.audit import operations, queries
from timebank.audit.queries import TrialBalance, TrialLine, Verification, When
from timebank.audit.verification import examine
from timebank.books import pages, statements, trail
from timebank.books.acts import Act
from timebank.books.answers import find_answered
from timebank.books.journal import NoSuchEntry
from timebank.books.pages import EntryView, JournalFilter
from timebank.books.requests import DONE
from timebank.books.statements import AccountBalance, AccountFilter
from timebank.books.trail import TrailFilter, TrailLine
from timebank.database import db, reading
from timebank.evidence import receipts
from timebank.evidence.queries import NoSuchHead, find_newest_head
from timebank.ledger.accounts import AccountKind
from timebank.ledger.entries import EntryKind
from timebank.people.queries import volunteer_count
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Choice, Day, Moment, Number, Text, one_or_other
from timebank.web.api.keys import by_id, count_in, id_in
from timebank.web.api.lists import Key, Listed, Order
from timebank.web.api.shapes import shape, shape_of
from timebank.web.trail_copier import waiting

family = Family("books", "凭证、科目、核对和留痕 · Entries, accounts, verification, trail")

ENTRY: Final = shape_of(EntryView)
ACCOUNT: Final = shape_of(AccountBalance)
TRIAL: Final = shape_of(TrialLine)
VERIFICATION: Final = shape_of(Verification)
TRAIL: Final = shape_of(TrailLine)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The newest signed head of the log. note: as witnesses sign it, a C2SP signed note."""

    size: int
    root: bytes
    signed_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A receipt: that an entry is in the log under a signed head; checked elsewhere without this program."""

    seq: int
    proof: str


class JournalWords(Listed):
    """Which entries."""

    kind = Choice(EntryKind, load_default=None)
    actor = Number(load_default=None)
    owner = Number(load_default=None)
    account = Text(120, load_default=None)
    source = Text(120, load_default=None)
    first_on = Day(load_default=None)
    last_on = Day(load_default=None)


class WhenWords(Listed):
    """When: by booking (`at`) or by the day on which it counts (`as_of`); now where neither is given."""

    at = Moment(load_default=None)
    as_of = Day(load_default=None)


class AccountWords(WhenWords):
    """Which accounts, and when."""

    kind = Choice(AccountKind, load_default=None)
    unit = Text(60, load_default=None)


class TrailWords(Listed):
    """Which lines of the trail."""

    actor = Text(32, load_default=None)
    subject = Text(120, load_default=None)
    verb = Text(60, load_default=None)


def _by_seq(view: EntryView) -> int:
    return view.entry.seq


def _by_account(balance: AccountBalance) -> str:
    return balance.account.code


def _by_kind(line: TrialLine) -> str:
    return f"{line.kind.value}/{line.unit}"


def _when(words: Mapping[str, Any]) -> When:
    one_or_other(words["at"], words["as_of"])
    return When(at=words["at"], as_of=words["as_of"])


@family.lists("/entries", ENTRY, Permission.READ_BOOKS, order=Order(_by_seq, newest=True), kind=int, reads=JournalWords)
def entries(words: Mapping[str, Any], seen: Key | None, limit: int) -> Sequence[EntryView]:
    """List the entries of the journal with their transfers, the newest first."""
    wanted = JournalFilter(**words)
    return pages.journal_page(db.session(), community_id(), wanted, before=count_in(seen), limit=limit + 1).entries


@family.shows("/entries/<int:seq>", ENTRY, Permission.READ_BOOKS)
def entry(seq: int) -> EntryView:
    """Show one entry: its transfers, its leaf in the log, and what reversed it."""
    found = pages.entry_view(db.session(), community_id(), seq)
    if found is None:
        raise NoSuchEntry(seq=seq)
    return found


@family.lists("/accounts", ACCOUNT, Permission.READ_BOOKS, order=Order(_by_account), reads=AccountWords)
def accounts(words: Mapping[str, Any], **_place: Any) -> Sequence[AccountBalance]:
    """List the accounts with their balances, now, at a moment or as of a day."""
    wanted = AccountFilter(kind=words["kind"], unit=words["unit"])
    return queries.account_balances(db.session(), community_id(), _when(words), wanted)


@family.lists("/trial-balance", TRIAL, Permission.READ_BOOKS, order=Order(_by_kind), reads=WhenWords)
def trial_balance(words: Mapping[str, Any], **_place: Any) -> Sequence[TrialLine]:
    """List the sums of all accounts by kind and unit; they come to nought in every unit."""
    found: TrialBalance = queries.trial_balance(db.session(), community_id(), _when(words))
    return found.lines


@family.shows("/log/checkpoint", shape_of(Checkpoint))
def checkpoint() -> Checkpoint:
    """Show the newest signed head of the log, with the signatures of its witnesses."""
    head = find_newest_head(db.session(), community_id())
    if head is None:
        raise NoSuchHead(size=0)
    return Checkpoint(head.size, head.root, head.signed_at, head.file)


@family.shows("/log/proofs/<int:seq>", shape_of(Proof), Permission.READ_BOOKS, Permission.REDEEM)
def proof(seq: int) -> Proof:
    """Show the receipt of an entry (C2SP tlog-proof), to be checked elsewhere."""
    return Proof(seq, receipts.receipt(db.session(), community_id(), seq).to_bytes().decode())


@family.lists("/verifications", VERIFICATION, Permission.VERIFY, order=Order(by_id, newest=True))
def verifications(**_words: Any) -> Sequence[Verification]:
    """List the last verifications with what they found."""
    return queries.verifications(db.session(), community_id(), limit=200)


@family.does(
    "/verifications",
    Scope.BOOKS,
    Permission.VERIFY,
    reads=None,
    answers=shape("Verified", {"verification_id": fields.UUID(), "findings_total": fields.Integer()}),
)
def verify() -> Work:
    """Read everything again at one moment and compute it anew; what is found stops the books."""
    return _verify


def _verify(session: Session, act: Act) -> Any:  # what the operation answers
    """A repeated request is answered from what the first one found: the books have grown since.

    A key that was used for anything else is refused by the operation, as everywhere.
    """
    before = find_answered(session, act.community_id, act.request_key)
    if before is not None and before.operation == operations.KEEP and before.outcome == DONE:
        return before.answer
    missing = schema.missing_guards(session.connection())
    with reading() as snapshot:
        report = examine(snapshot, act.community_id, missing)
    return operations.keep_verification(session, act, report=report)


@family.lists("/trail", TRAIL, Permission.READ_BOOKS, order=Order(by_id, newest=True), reads=TrailWords)
def trail_lines(words: Mapping[str, Any], seen: Key | None, limit: int) -> Sequence[TrailLine]:
    """List who did or saw what and what came of it, the newest first."""
    return trail.lines(db.session(), community_id(), wanted=TrailFilter(**words), before=id_in(seen), limit=limit + 1)


def _uncopied(community: str, now: datetime) -> int | None:
    """Return how many lines of the trail the log server lacks, None where none is named."""
    settings = current_app.config["SETTINGS"]
    return waiting(db.session(), settings, community, now) if settings.log_server else None


@family.tells("/metrics", Permission.READ_BOOKS, Permission.KEEP_LOG)
def metrics() -> Iterator[str]:
    """Tell how large the books are and when they were signed and verified last, as Prometheus reads it."""
    community, now = community_id(), clock.now()
    head = find_newest_head(db.session(), community)
    last = queries.find_last_verification(db.session(), community)
    told = {
        "entries": statements.entries_total(db.session(), community),
        "transfers": pages.transfers_total(db.session(), community),
        "volunteers": volunteer_count(db.session(), community),
        "signed_entries": head.size if head else 0,
        "signed_seconds_ago": int((now - head.signed_at).total_seconds()) if head else None,
        "verified_seconds_ago": int((now - last.at).total_seconds()) if last else None,
        "findings": last.findings_total if last else None,
        "trail_lines_waiting": _uncopied(community, now),
    }
    for name, value in told.items():
        if value is not None:
            yield f"# TYPE timebank_{name} gauge"
            yield f'timebank_{name}{{community="{community}"}} {value}'
