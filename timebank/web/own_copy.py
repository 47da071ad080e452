"""A copy of everything that is known of the visitor: one zip, readable first, then tables and JSON, with signed sums.

`SHA256SUMS` is a note like the log's heads, signed with the same key under a name of its own, so that nobody takes one
for the other: whoever is shown a copy can tell that it came from here and was not changed.

Source: PIPL 45 (query, copy, transfer); trust.md section 2.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template
from flask_login import current_user
from sqlalchemy.orm import Session

from timebank import clock
from timebank.books import pages, statements
from timebank.books.pages import StatementLine
from timebank.database import db
from timebank.evidence.keys import LogKeys
from timebank.ledger.note import VerifierKey, sign_text
from timebank.people import operations as people
from timebank.people.plain_text import formula_safe
from timebank.people.queries.sights import SightFilter, sights
from timebank.service import queries as service
from timebank.service.queries import ServiceRecord
from timebank.web import presenting
from timebank.web.access import Audience, audience
from timebank.web.log_keeper import keys_of
from timebank.web.own_data import FURTHER, further_tables
from timebank.web.persons import find_masked
from timebank.web.sights import words_of

blueprint = Blueprint("own_copy", __name__)

AT_ONCE: Final = 500
Table = list[dict[str, Any]]


@blueprint.get("/me/copy.zip")
@audience(Audience.VOLUNTEER)
def download() -> Response:
    """Give the visitor a copy of everything that is known of them."""
    community, number, now = current_user.community_id, current_user.volunteer_number, clock.now()
    known = _known(db.session(), community, number)
    files = _files(known, now)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    files["SHA256SUMS"] = _signed(keys_of(current_app.config["SETTINGS"]), community, number, now, sums)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    disposition = f"attachment; filename={number}-{now:%Y%m%d}.zip"
    return Response(packed.getvalue(), mimetype="application/zip", headers={"Content-Disposition": disposition})


def _known(session: Session, community: str, number: str) -> Mapping[str, Any]:
    """Collect what is known of a volunteer: themselves, their lines, their records, and who looked at it."""
    return {
        "person": asdict(people.details(session, community, number))
        | {"number": number, "document": find_masked(number)},
        "lines": [_line(line) for line in _all_lines(session, community, number)],
        "records": [_record(record) for record in _all_records(session, community, number)],
        "rated": asdict(service.rated_in_threes(session, community, number)),
        "looks": [
            {"at": line.at, "who": line.actor, "what": words_of(line.what)[0], "via": line.channel}
            for line in sights(session, community, wanted=SightFilter(subjects=(number,)), limit=10_000)
        ],
        **further_tables(session, community, current_user.person_id, number, clock.now()),
    }


def _all_lines(session: Session, community: str, number: str) -> Iterator[StatementLine]:
    for account in (one.account for one in statements.passbook_accounts(session, community, number)):
        before: int | None = None
        while True:
            page = pages.statement(session, community, [account], before=before, limit=AT_ONCE)
            yield from page.lines
            before = page.next_before
            if before is None:
                break


def _all_records(session: Session, community: str, number: str) -> Iterator[ServiceRecord]:
    page = service.records_of(session, community, number, limit=AT_ONCE)
    yield from page.records
    while page.before is not None:
        page = service.records_of(session, community, number, before=page.before, limit=AT_ONCE)
        yield from page.records


def _line(line: StatementLine) -> dict[str, Any]:
    return {
        "entry": line.seq,
        "booked_at": line.booked_at,
        "effective_on": line.effective_on,
        "what": line.memo or presenting.entry_word(line.kind),
        "change": presenting.signed_quantity(line.delta, line.account.unit),
        "balance": presenting.quantity(line.closing, line.account.unit),
        "unit": line.account.unit,
    }


def _record(record: ServiceRecord) -> dict[str, Any]:
    return {
        "activity": record.activity_title,
        "served_on": record.served_on,
        "starts_at": record.starts_at,
        "ends_at": record.ends_at,
        "minutes": record.minutes,
        "place": record.place,
        "leader": record.leader,
        "recorder": record.recorder,
        "approver": record.approver,
        "state": record.state,
    }


def _files(known: Mapping[str, Any], now: datetime) -> dict[str, bytes]:
    page = render_template("seen/copy.html", known=known, now=now)
    return {
        "index.html": page.encode(),
        "lines.csv": _csv(known["lines"]),
        "records.csv": _csv(known["records"]),
        "looks.csv": _csv(known["looks"]),
        **{f"{name}.csv": _csv(known[name]) for name in FURTHER},
        "everything.json": json.dumps(known, ensure_ascii=False, indent=1, default=str).encode(),
    }


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write a table that spreadsheets open as text: no cell is a formula."""
    written = io.StringIO()
    table = csv.writer(written)
    if rows:
        table.writerow(rows[0].keys())
    for row in rows:
        table.writerow(["" if cell is None else formula_safe(str(cell)) for cell in row.values()])
    return ("\ufeff" + written.getvalue()).encode()


def _signed(keys: LogKeys, community: str, number: str, now: datetime, sums: str) -> bytes:
    """Sign the sums under a name that no log has."""
    key: VerifierKey = replace(keys.verifier(community), name=f"{keys.origin(community)}/copy")
    text = f"{key.name}\n{number} {now.isoformat()}\n{sums}"
    return sign_text(text, key, keys.sign).to_bytes()
