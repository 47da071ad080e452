"""Whether a batch that counts can still be taken back: until somebody has spent its points or holds a star by it.

Source: experience.md section 5.5 (undo until something depends on it).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.loading import in_chunks
from timebank.books.statements import AccountFilter, balances, entries_of_source
from timebank.imports.queries import Batch
from timebank.ledger.accounts import AccountKind, AccountRef
from timebank.ledger.entries import Entry
from timebank.refusal import Fact, Refusal
from timebank.stars.queries import awards_in_order
from timebank.stars.rules import AwardState

_NAMED: Final = 10


class PointsSpentSince(Refusal):
    """Passbooks no longer hold the points that the batch brought; taking it back would leave debts."""

    code = "points_spent_since"


class StarsGrantedSince(Refusal):
    """Stars were granted that the minutes of the batch are needed for."""

    code = "stars_granted_since"


def standing_entries(session: Session, community_id: str, sources: Sequence[str]) -> tuple[Entry, ...]:
    """Return the entries behind these records that nobody has reversed, oldest first."""
    entries = entries_of_source(session, community_id, sources)
    reversed_seqs = {entry.reverses for entry in entries}
    return tuple(entry for entry in entries if entry.reverses is None and entry.seq not in reversed_seqs)


def check_nothing_depends(session: Session, act: Act, batch: Batch, sources: Sequence[str]) -> None:
    """Make sure that the entries of a batch can be reversed without touching what came after.

    Raises:
        PointsSpentSince: some passbook holds less than the batch has brought.
        StarsGrantedSince: some star would not have been reached without it.
    """
    brought = Counter[AccountRef]()
    for entry in standing_entries(session, act.community_id, sources):
        for transfer in entry.transfers:
            brought[transfer.credit] += transfer.amount
    owners = sorted({ref.owner for ref in brought})
    _check_points(session, act, batch, brought, owners)
    _check_stars(session, act, batch, brought, owners)


def _check_points(
    session: Session, act: Act, batch: Batch, brought: Counter[AccountRef], owners: Sequence[str]
) -> None:
    there = _balances(session, act.community_id, AccountKind.PASSBOOK, owners)
    short = (ref for ref in brought if ref.kind is AccountKind.PASSBOOK and there.get(ref, 0) < brought[ref])
    owing = (ref for ref in brought if ref.kind is AccountKind.DEBT)
    found = _named(ref.owner for ref in (*short, *owing))
    if found:
        raise PointsSpentSince(batch=batch.number, volunteers=found)


def _check_stars(session: Session, act: Act, batch: Batch, brought: Counter[AccountRef], owners: Sequence[str]) -> None:
    there = _balances(session, act.community_id, AccountKind.RECOGNISED, owners)
    left = {ref.owner: balance - brought[ref] for ref, balance in there.items() if ref in brought}
    granted = (
        award.number
        for award in awards_in_order(session, act.community_id)
        if award.state is AwardState.GRANTED and left.get(award.number, award.needed_minutes) < award.needed_minutes
    )
    found = _named(granted)
    if found:
        raise StarsGrantedSince(batch=batch.number, volunteers=found)


def _balances(session: Session, community_id: str, kind: AccountKind, owners: Sequence[str]) -> dict[AccountRef, int]:
    found: dict[AccountRef, int] = {}
    for chunk in in_chunks(owners):
        wanted = AccountFilter(kind=kind, owners=tuple(chunk))
        found |= {item.account: item.balance for item in balances(session, community_id, wanted)}
    return found


def _named(numbers: Iterable[str]) -> list[Fact]:
    """Return the first few numbers, each once: enough to go and look."""
    return list(sorted(set(numbers))[:_NAMED])
