"""Undo: a redemption is taken back whole, at most once; late ones by another person who counts what came back."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.market import queries
from timebank.market.operations.redemptions import close_to_actor
from timebank.market.queries import Redemption
from timebank.market.rules import RedemptionFacts, check_restocked, check_undo
from timebank.market.tables import RedemptionUndoRow, RestockCountRow
from timebank.market.texts import REASON_LENGTH_MAX, kept_text
from timebank.people.queries import check_may, may
from timebank.people.roles import Permission
from timebank.refusal import Refusal


class AlreadyUndone(Refusal):
    """The redemption was taken back before; once is enough."""

    code = "already_undone"


@dataclass(frozen=True, slots=True)
class Restocked:
    """How many pieces of a good came back over the counter."""

    good_number: str
    pieces: int


@once("market.undo", subject="redemption_number")
def undo(
    session: Session, act: Act, *, redemption_number: str, reason: str, restocked: tuple[Restocked, ...] = ()
) -> dict[str, Any]:
    """Take a redemption back: points return to the passbook, goods to the lots they came from; at most once.

    On the same civil day, while the shift is open, whoever serves at the till may do it. After the shift another
    person does, and counts what lies on the counter; after the day one who may undo late.

    Args:
        reason: why, 1 to 200 characters.
        restocked: once the shift or the day is over, what came back, good by good.

    Returns:
        The reversal's `seq` and the `points_e2` that were given back, hundredths of a point.

    Raises:
        NotAllowed: the actor may not do it, today or any more.
        NoSuchRedemption, AlreadyUndone: there is nothing to take back.
        UndoForOneself: it was for the actor, or somebody close to them.
        UndoNeedsAnother: the day or the shift is over, and the actor served it themselves.
        RestockCountMissing, RestockCountDiffers: the goods were not counted, or are not all there.
        MarketText: there is no reason that can be kept.
    """
    found = queries.redemption(session, act.community_id, redemption_number)
    facts = _check_may_undo(session, act, found)
    if found.undone is not None:
        raise AlreadyUndone(redemption=redemption_number, undone_on=found.undone.on.isoformat())
    if facts.is_late(act.today):
        check_restocked(_handed_out(found), {one.good_number: one.pieces for one in restocked})
    why = kept_text("reason", reason, length_max=REASON_LENGTH_MAX)
    posted = journal.reverse(session, act, seq=found.entry_seq, reason=why)
    session.execute(
        sa.insert(RedemptionUndoRow),
        {
            "community_id": act.community_id,
            "redemption_id": found.id,
            "person_id": found.person_id,
            "served_by_id": found.served_by_id,
            "redeemed_on": found.redeemed_on,
            "undone_by_id": act.person_id,
            "undone_on": act.today,
            "reason": why,
            "entry_seq": posted.seq,
        },
    )
    if facts.is_late(act.today):
        own = {"community_id": act.community_id, "redemption_id": found.id}
        counted = [own | {"good_number": one.good_number, "counted_pieces": one.pieces} for one in restocked]
        session.execute(sa.insert(RestockCountRow), counted)
    return {"seq": posted.seq, "points_e2": found.points_e2}


def _handed_out(found: Redemption) -> dict[str, int]:
    pieces = Counter[str]()
    for line in found.lines:
        pieces[line.good_number] += line.pieces
    return dict(pieces)


def _check_may_undo(session: Session, act: Act, found: Redemption) -> RedemptionFacts:
    same_day = act.today == found.redeemed_on
    if not (same_day and may(session, act, Permission.REDEEM)):
        check_may(session, act, Permission.UNDO_LATE)
    over = queries.is_shift_over(session, act.community_id, found)
    facts = RedemptionFacts(found.person_id, found.served_by_id, found.redeemed_on, over)
    check_undo(facts, undoer_id=act.person_id, close=close_to_actor(session, act), today=act.today)
    return facts
