"""Lists: what each list of the program shows, beside the plain rows that it is made from.

A `Listing` says where the rows lie, what its filters are, in which order it shows them and how it is asked for a page.
The rows are read without any filter, and what should be shown is found by plain Python.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tests.journeys.listing import By, Listing, Row, Wanted, by, has, rows_of
from timebank.books import pages, statements, trail
from timebank.books.pages import JournalFilter
from timebank.books.statements import AccountFilter
from timebank.books.trail import TrailFilter
from timebank.demo.stage import COMMUNITY
from timebank.imports import queries as imports
from timebank.ledger.accounts import AccountKind, AccountRef
from timebank.ledger.canonical import entry_of
from timebank.market import queries as market
from timebank.people import queries as people
from timebank.pool import queries as pool
from timebank.service import queries as service
from timebank.service.queries.records import waiting_records
from timebank.stars import queries as stars
from timebank.timetable import queries as timetable
from timebank.timetable.rules import Use


def _number(row: Row) -> tuple[int, str]:
    return len(row["number"]), row["number"]


def _entries(session: Session) -> list[Row]:
    entries = [entry_of(leaf) for leaf, _ in statements.entries_in_order(session, COMMUNITY)]
    touched = [[ref for each in entry.transfers for ref in (each.debit, each.credit)] for entry in entries]
    return [
        {
            "seq": entry.seq,
            "kind": entry.kind,
            "actor": entry.actor,
            "source": entry.source,
            "day": entry.effective_on,
            "owners": sorted({ref.owner for ref in refs if ref.owner}),
            "accounts": sorted({ref.code for ref in refs}),
        }
        for entry, refs in zip(entries, touched, strict=True)
    ]


def _journal(session: Session, wanted: Wanted, before: Any, limit: int) -> Sequence[Any]:
    return pages.journal_page(session, COMMUNITY, JournalFilter(**wanted), before=before, limit=limit).entries


def _trail(session: Session, wanted: Wanted, before: Any, limit: int) -> Sequence[Any]:
    return trail.lines(session, COMMUNITY, wanted=TrailFilter(**wanted), before=before, limit=limit)


def _moves(session: Session) -> list[Row]:
    """Every movement of goods on and off a shelf, from the entries."""
    return [
        {"place": (entry.seq, line), "seq": entry.seq, "good": each.unit}
        for entry in (entry_of(leaf) for leaf, _ in statements.entries_in_order(session, COMMUNITY))
        for line, each in enumerate(entry.transfers, start=1)
        for ref in (each.debit, each.credit)
        if ref.kind is AccountKind.SHELF
    ]


def _shelves(session: Session, unit: str) -> list[AccountRef]:
    wanted = AccountFilter(kind=AccountKind.SHELF, unit=unit)
    return [item.account for item in statements.balances(session, COMMUNITY, wanted)]


def _stock_moves(session: Session, wanted: Wanted, before: Any, limit: int) -> Sequence[Any]:
    return pages.statement(session, COMMUNITY, _shelves(session, wanted["good"]), before=before, limit=limit).lines


def lists(now: datetime) -> dict[str, Listing]:
    """Return every list, as it stands at a moment."""
    return _books() | _records() | _activities(now) | _redemptions(now) | _market(now) | _other() | _stars()


def _books() -> dict[str, Listing]:
    return {
        "journal": Listing(
            rows=_entries,
            ask=_journal,
            shown=("seq", lambda view: view.entry.seq),
            order=lambda row: row["seq"],
            filters={
                "kind": By(lambda row: [row["kind"]], has("kind")),
                "actor": by("actor"),
                "source": by("source"),
                "owner": By(lambda row: row["owners"], lambda row, value: value in row["owners"], "V9999"),
                "account": By(lambda row: row["accounts"], lambda row, value: value in row["accounts"], "pool/points"),
                "first_on": By(lambda row: [row["day"]], lambda row, value: row["day"] >= value),
                "last_on": By(lambda row: [row["day"]], lambda row, value: row["day"] <= value),
            },
        ),
        "trail": Listing(
            rows=rows_of("trail"),
            ask=_trail,
            shown=("id", lambda line: line.id),
            order=lambda row: row["id"],
            filters={
                "actor": by("actor"),
                "subject": by("subject"),
                "verb": By(
                    lambda row: [row["verb"], row["verb"].partition(".")[0], row["verb"][:4]],
                    lambda row, value: row["verb"].startswith(value),
                    "%",
                ),
            },
        ),
        "stock movements": Listing(
            rows=_moves,
            ask=_stock_moves,
            shown=("place", lambda line: (line.seq, line.line)),
            order=lambda row: row["place"],
            filters={"good": by("good", None, needed=True)},
            after=lambda line: line.seq,
        ),
    }


def _by_start(row: Row) -> Any:
    return row["starts_at"], row["id"]


def _approved(row: Row) -> bool:
    return bool(row["state"] == "approved")


def _records() -> dict[str, Listing]:
    return {
        "service records": Listing(
            rows=rows_of("service_record"),
            ask=lambda session, wanted, before, limit: service.records_newest(
                session, COMMUNITY, before=before, limit=limit, **wanted
            ),
            shown=("id", lambda record: record.id),
            order=lambda row: row["id"],
            filters={"state": by("state", None), "volunteer_number": by("volunteer_number")},
        ),
        "service records of a volunteer": Listing(
            rows=rows_of("service_record"),
            ask=lambda session, wanted, before, limit: (
                service.records_of(session, COMMUNITY, wanted["volunteer_number"], before=before, limit=limit).records
            ),
            shown=("id", lambda record: record.id),
            order=_by_start,
            filters={"volunteer_number": by("volunteer_number", needed=True)},
        ),
        "service records that wait": Listing(
            rows=rows_of("service_record", lambda row: row["state"] == "submitted"),
            ask=lambda session, wanted, before, limit: waiting_records(session, COMMUNITY, limit),
            shown=("id", lambda record: record.id),
            order=_by_start,
            newest_first=False,
            pages=False,
        ),
    }


def _activities(now: datetime) -> dict[str, Listing]:
    return {
        "activities": Listing(
            rows=rows_of("activity"),
            ask=lambda session, wanted, before, limit: service.activities_newest(
                session, COMMUNITY, before=before, limit=limit
            ),
            shown=("id", lambda activity: activity.id),
            order=lambda row: row["id"],
        ),
        "activities that are over": Listing(
            rows=rows_of("activity", _approved, lambda row: row["ends_at"] <= now),
            ask=lambda session, wanted, before, limit: service.activities_past(
                session, COMMUNITY, now, before=before, limit=limit
            ),
            shown=("number", lambda activity: activity.number),
            order=_by_start,
        ),
        "activities to come": Listing(
            rows=rows_of("activity", _approved, lambda row: row["ends_at"] > now),
            ask=lambda session, wanted, before, limit: service.activities_to_come(session, COMMUNITY, now, limit=limit),
            shown=("number", lambda activity: activity.number),
            order=_by_start,
            newest_first=False,
            pages=False,
        ),
    }


def _redemptions(now: datetime) -> dict[str, Listing]:
    return {
        "redemptions": Listing(
            rows=rows_of("redemption"),
            ask=lambda session, wanted, before, limit: market.redemptions_newest(
                session, COMMUNITY, before=before, limit=limit
            ),
            shown=("entry_seq", lambda found: found.entry_seq),
            order=lambda row: row["entry_seq"],
        ),
        "redemptions of a volunteer": Listing(
            rows=rows_of("redemption"),
            ask=lambda session, wanted, before, limit: market.redemptions_of(
                session, COMMUNITY, wanted["volunteer_number"], limit
            ),
            shown=("entry_seq", lambda found: found.entry_seq),
            order=lambda row: row["entry_seq"],
            filters={"volunteer_number": by("volunteer_number", needed=True)},
            pages=False,
        ),
        "redemptions of a day": Listing(
            rows=rows_of("redemption"),
            ask=lambda session, wanted, before, limit: market.redemptions_on(session, COMMUNITY, wanted["redeemed_on"])[
                :limit
            ],
            shown=("entry_seq", lambda found: found.entry_seq),
            order=lambda row: row["entry_seq"],
            filters={"redeemed_on": by("redeemed_on", now.date(), needed=True)},
            pages=False,
        ),
    }


def _market(now: datetime) -> dict[str, Listing]:
    return {
        "donations": Listing(
            rows=rows_of("donation"),
            ask=lambda session, wanted, before, limit: market.donations(session, COMMUNITY, limit, before=before),
            shown=("number", lambda found: found.number),
            order=_number,
        ),
        "reservations": Listing(
            rows=rows_of("reservation"),
            ask=lambda session, wanted, before, limit: market.reservations_newest(
                session, COMMUNITY, now, before=before, limit=limit
            ),
            shown=("hold_seq", lambda found: found.hold_seq),
            order=lambda row: row["hold_seq"],
        ),
        "write-offs": Listing(
            rows=rows_of("write_off"),
            ask=lambda session, wanted, before, limit: market.write_offs(session, COMMUNITY, limit),
            shown=("number", lambda found: found.number),
            order=_number,
            pages=False,
        ),
        "counts of the shelf": Listing(
            rows=rows_of("stock_count"),
            ask=lambda session, wanted, before, limit: market.stock_counts(session, COMMUNITY, limit),
            shown=("number", lambda found: found.number),
            order=_number,
            pages=False,
        ),
    }


def _other() -> dict[str, Listing]:
    return {
        "batches": Listing(
            rows=rows_of("import_batch"),
            ask=lambda session, wanted, before, limit: imports.batches(session, COMMUNITY, limit=limit, **wanted),
            shown=("number", lambda found: found.number),
            order=_number,
            filters={"state": by("state", None)},
            pages=False,
        ),
        "volunteers": Listing(
            rows=rows_of("volunteer"),
            ask=lambda session, wanted, before, limit: people.all_volunteers(session, COMMUNITY)[:limit],
            shown=("number", lambda found: found.number),
            order=_number,
            newest_first=False,
            pages=False,
        ),
        "grants from the pool": Listing(
            rows=rows_of("pool_grant"),
            ask=lambda session, wanted, before, limit: pool.grants(session, COMMUNITY)[:limit],
            shown=("id", lambda found: found.grant_id),
            order=lambda row: (row["proposed_at"], row["id"]),
            pages=False,
        ),
        "timetables": Listing(
            rows=rows_of("timetable", lambda row: row["state"] == "open"),
            ask=lambda session, wanted, before, limit: timetable.timetables(session, COMMUNITY, **wanted)[:limit],
            shown=("number", lambda found: found.number),
            order=lambda row: row["number"],
            newest_first=False,
            filters={"use": By(lambda row: [Use(row["used_for"])], lambda row, value: row["used_for"] == value)},
            pages=False,
        ),
    }


def _stars() -> dict[str, Listing]:
    return {
        "star cases of a volunteer": Listing(
            rows=rows_of("star_award"),
            ask=lambda session, wanted, before, limit: stars.history(session, COMMUNITY, wanted["number"])[:limit],
            shown=("id", lambda found: found.award_id),
            order=lambda row: (row["opened_at"], row["level"], row["id"]),
            filters={"number": by("number", needed=True)},
            pages=False,
        ),
        "star cases that wait": Listing(
            rows=rows_of("star_award", lambda row: row["state"] == "open"),
            ask=lambda session, wanted, before, limit: stars.open_cases(session, COMMUNITY)[:limit],
            shown=("id", lambda found: found.award_id),
            order=lambda row: (row["opened_at"], row["number"]),
            newest_first=False,
            pages=False,
        ),
    }
