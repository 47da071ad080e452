"""What an auditor does that leaves a mark: keep what a verification found, take the journal away."""

import dataclasses
import json
from typing import Any, Final

from sqlalchemy.orm import Session

from timebank.audit.tables import JournalExportRow, VerificationRow
from timebank.audit.verification import Report
from timebank.books.acts import Act
from timebank.books.log import alarm
from timebank.books.log.alarm import BooksDamaged, Check
from timebank.books.requests import once
from timebank.books.statements import entries_total
from timebank.people.queries import check_may
from timebank.people.roles import Permission

KEEP: Final = "audit.keep_verification"
"""Under which name a verification stands in the trail."""


@once("audit.export_journal", subject="form")
def export_journal(session: Session, act: Act, *, form: str) -> dict[str, Any]:
    """Note that the journal as it is now is taken away in a format of `exports.FORMATS`.

    Returns:
        `id`, and `entries`: how many it has.

    Raises:
        NotAllowed: the actor exports nothing.
    """
    check_may(session, act, Permission.EXPORT)
    export_id, entries = act.new_id("journal export"), entries_total(session, act.community_id)
    session.add(
        JournalExportRow(
            community_id=act.community_id,
            id=export_id,
            form=form,
            entries=entries,
            made_by=act.number,
            made_at=act.at,
        )
    )
    session.flush()
    return {"id": str(export_id), "entries": entries}


@once("audit.keep_verification")
def keep_verification(session: Session, act: Act, *, report: Report) -> dict[str, Any]:
    """Keep the report of a verification for ever; what it found stops the books, or lets them go on.

    Returns:
        `verification_id` and `findings_total`.

    Raises:
        NotAllowed: the actor does not verify.
    """
    check_may(session, act, Permission.VERIFY)
    verification_id = act.new_id("verification")
    found = [dataclasses.asdict(finding) for finding in report.findings]
    session.add(
        VerificationRow(
            community_id=act.community_id,
            id=verification_id,
            at=act.at,
            by=act.number,
            size=report.size,
            root=report.root,
            findings_total=report.findings_total,
            findings=json.dumps(found, ensure_ascii=False),
        )
    )
    damage = None if report.sound else BooksDamaged(findings_total=report.findings_total)
    alarm.note_check(session, act.community_id, Check.BOOKS, at=act.at, size=report.size, damage=damage)
    return {"verification_id": str(verification_id), "findings_total": report.findings_total}
