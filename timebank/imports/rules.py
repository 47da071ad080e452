"""Batches: their kinds, their life, and who may decide about them.

A file of hours, opening balances or goods counts only after a second person has confirmed it. A register counts at
once: it gives nobody anything.

Source: trust.md X8 and I19 (imports follow the same four eyes), experience.md section 5.5.
"""

from enum import StrEnum
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal

ROWS_MAX: Final = 20_000
REASON_LENGTH_MAX: Final = 200


class BatchKind(StrEnum):
    """What a file brings."""

    VOLUNTEERS = "volunteers"
    HOURS = "hours"
    OPENING = "opening"
    GOODS = "goods"


class BatchState(StrEnum):
    """Where a batch stands."""

    PENDING = "pending"
    """It waits for a second person."""
    CONFIRMED = "confirmed"
    """It counts."""
    UNDONE = "undone"
    """It was taken back: before it counted, or afterwards by entries that reverse it."""
    REFUSED = "refused"
    """The second person sent it back; it never counted."""


NEXT: Final = {
    BatchState.PENDING: frozenset({BatchState.CONFIRMED, BatchState.UNDONE, BatchState.REFUSED}),
    BatchState.CONFIRMED: frozenset({BatchState.UNDONE}),
    BatchState.UNDONE: frozenset(),
    BatchState.REFUSED: frozenset(),
}
"""The life of a batch."""

LIVE: Final = (BatchState.PENDING, BatchState.CONFIRMED)
"""In these states a batch keeps the same file from coming in again."""


class BatchDecided(Refusal):
    """The batch does not wait any more; somebody has decided about it."""

    code = "batch_decided"


class ConfirmerIsMaker(Refusal):
    """A batch is confirmed by another person than the one who brought it (trust.md X8)."""

    code = "confirmer_is_maker"


class BatchReasonMissing(Refusal):
    """Who takes a batch back says why, in a sentence that can be kept."""

    code = "batch_reason_missing"


class RatingNotForThis(Refusal):
    """Stars and answers belong to hours only; this batch has none."""

    code = "rating_not_for_this"


def check_move(state: BatchState, target: BatchState, *, batch: str) -> None:
    """Make sure that a batch may go from one state to another.

    Raises:
        BatchDecided: it may not.
    """
    if target not in NEXT[state]:
        raise BatchDecided(batch=batch, state=state.value)


def check_confirmer(*, maker_id: UUID, confirmer_id: UUID, batch: str) -> None:
    """Make sure that two people stand behind a batch.

    Raises:
        ConfirmerIsMaker: it is the same one.
    """
    if maker_id == confirmer_id:
        raise ConfirmerIsMaker(batch=batch)


def end_for(state: BatchState, *, by_maker: bool) -> BatchState:
    """Return what a batch becomes when somebody takes it back: refused only where another person sends it back."""
    waits_for_another = state is BatchState.PENDING and not by_maker
    return BatchState.REFUSED if waits_for_another else BatchState.UNDONE


def check_hours_only(kind: BatchKind, *, rating: int | None, answer: str, batch: str) -> None:
    """Make sure that stars and answers are given for hours only.

    Raises:
        RatingNotForThis: the batch is of another kind.
    """
    if kind is not BatchKind.HOURS and (rating is not None or answer):
        raise RatingNotForThis(batch=batch)
