"""Reconcile stars: decided cases, and decided inquiries, beside their entries."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from timebank.audit.side_by_side import missing, unlike
from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry, EntryKind
from timebank.stars import queries as stars
from timebank.stars.queries.inquiries import decided_inquiries
from timebank.stars.rules import AwardState


class Awards:
    """Decided star awards."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Read every decided case: a handful per volunteer and life."""
        decided = (award for award in stars.awards_in_order(session, community_id) if award.entry_seq is not None)
        self._awards = {award.entry_seq: award for award in decided}

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare an entry with its case."""
        award = self._awards.pop(entry.seq, None)
        if award is None:
            yield Finding("award_record", f"entry {entry.seq}", {"source": entry.source})
            return
        granted = EntryKind.STAR_GRANTED if award.state is AwardState.GRANTED else EntryKind.STAR_REFUSED
        record = {"kind": granted.value, "volunteer": award.number, "level": award.level, "decider": award.decider}
        said = {"kind": entry.kind.value, "decider": entry.actor} | dict(entry.facts)
        yield from unlike(entry, record, said)
        if award.opener == award.decider:
            yield Finding("award_persons", f"entry {entry.seq}", {"opener": award.opener, "decider": award.decider})

    def rest(self) -> Iterator[Finding]:
        """Tell the cases whose entry never came."""
        yield from (missing("award_entry", award.number, seq) for seq, award in self._awards.items())


class Inquiries:
    """Decided inquiries into stars: about whom, what became of the star until when, decided by whom."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Read every decision: there are few."""
        self._decided = {one.entry_seq: (found, one) for found, one in decided_inquiries(session, community_id)}

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare an entry with its decision."""
        found, decision = self._decided.pop(entry.seq, (None, None))
        if found is None or decision is None:
            yield Finding("star_inquiry_record", f"entry {entry.seq}", {"source": entry.source})
            return
        record = {
            "volunteer": found.volunteer_number,
            "inquiry": found.number,
            "round": decision.round,
            "outcome": decision.outcome.value,
            "level": found.level,
            "level_after": decision.level_after,
            "until_on": decision.until_on.isoformat() if decision.until_on else None,
            "decider": decision.decider,
        }
        yield from unlike(entry, record, {**entry.facts, "decider": entry.actor})

    def rest(self) -> Iterator[Finding]:
        """Tell the decisions whose entry never came."""
        yield from (missing("star_inquiry_entry", found.number, seq) for seq, (found, _) in self._decided.items())
