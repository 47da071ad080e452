"""Waiting for goods that have run out: join, leave, and the turns, in the order of joining.

When a turn comes, goods and points are put aside like any reservation, for as long as the rule says; what is not
fetched goes back, and the next one has their turn. Whoever cannot take theirs (too few points, a limit, a reservation
that is still open) keeps their place.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.market import queries
from timebank.market.operations.redemptions import own_passbook
from timebank.market.operations.reservations import ReserveForAnother, Wish, put_aside
from timebank.market.queries import Waiting
from timebank.market.rules import PIECES_MAX, BasketLine, BasketRefused, GoodNotOffered, free_pieces
from timebank.market.tables import WaitingEndRow, WaitingRow
from timebank.market.texts import next_numbers
from timebank.people.queries import Volunteer, check_may, may, volunteer
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.rulebook.queries import rules_on


class GoodStillThere(Refusal):
    """There are pieces on the shelf; whoever wants them redeems or reserves them."""

    code = "good_still_there"


class WaitingAlready(Refusal):
    """They wait for this good already; once is enough."""

    code = "waiting_already"


class WaitingOver(Refusal):
    """They wait no more: the turn came, or they left."""

    code = "waiting_over"


class WaitingPieces(Refusal):
    """One waits for 1 to 99 whole pieces."""

    code = "waiting_pieces"


@once("market.join_waiting", subject="volunteer_number")
def join_waiting(session: Session, act: Act, *, volunteer_number: str, good_number: str, pieces: int) -> dict[str, Any]:
    """Wait for a good that has run out; return the `number` and one's `place`. The desk does it for who has no phone.

    Raises:
        NoSuchVolunteer, PassbookClosed: there is no passbook.
        ReserveForAnother: it is somebody else's, and the actor does not serve at the till.
        UnknownGood, GoodNotOffered, GoodStillThere, WaitingPieces: it cannot be waited for.
        WaitingAlready: they wait already.
    """
    customer = _for_whom(session, act, volunteer_number)
    if type(pieces) is not int or not 1 <= pieces <= PIECES_MAX:
        raise WaitingPieces(pieces_max=PIECES_MAX)
    _check_gone(session, act, good_number)
    line = [one for one in queries.waiting_list(session, act.community_id) if one.good_number == good_number]
    if any(one.volunteer_number == customer.number for one in line):
        raise WaitingAlready(volunteer=customer.number)
    number = next_numbers(session, act.community_id, WaitingRow.number, "Q{:06d}", 1)[0]
    row = {
        "community_id": act.community_id,
        "number": number,
        "good_number": good_number,
        "pieces": pieces,
        "volunteer_number": customer.number,
        "joined_at": act.at,
        "joined_by": act.number,
    }
    session.execute(sa.insert(WaitingRow), row)
    return {"number": number, "place": len(line) + 1}


def _for_whom(session: Session, act: Act, volunteer_number: str) -> Volunteer:
    customer = own_passbook(session, act, volunteer_number)
    if customer.person_id != act.person_id and not may(session, act, Permission.REDEEM):
        raise ReserveForAnother(volunteer=volunteer_number)
    return customer


def _check_gone(session: Session, act: Act, good_number: str) -> None:
    good = queries.good(session, act.community_id, good_number)
    if not good.active:
        raise GoodNotOffered(good_number=good.number, good_name=good.name, unit_word=good.unit_word)
    lots = queries.shelf_lots(session, act.community_id, act.at, [good_number]).get(good_number, ())
    left = free_pieces(lots, act.today)
    if left:
        raise GoodStillThere(good_name=good.name, left_pieces=left, unit_word=good.unit_word)


@once("market.leave_waiting", subject="waiting_number")
def leave_waiting(session: Session, act: Act, *, waiting_number: str) -> None:
    """Wait no more: oneself, or the desk for somebody.

    Raises:
        NoSuchWaiting, WaitingOver: nobody waits under this number.
        ReserveForAnother: it is somebody else's, and the actor does not serve at the till.
    """
    found = queries.waiting(session, act.community_id, waiting_number)
    if found.state != "waiting":
        raise WaitingOver(waiting=waiting_number)
    _for_whom(session, act, found.volunteer_number)
    _end(session, act, found, outcome="left", reservation_id=None)


@once("market.give_turns")
def give_turns(session: Session, act: Act) -> dict[str, Any]:
    """Put aside what has come for those who wait, in the order of joining; return the numbers of the `reservations`.

    Raises:
        NotAllowed: the actor does not serve at the till.
    """
    check_may(session, act, Permission.REDEEM)
    return {"reservations": list(turns_given(session, act))}


def turns_given(session: Session, act: Act) -> tuple[str, ...]:
    """Give everybody their turn for whom there is enough; part of other operations. Returns reservations' numbers."""
    line = queries.waiting_list(session, act.community_id)
    given = (_turn(session, act, one, index) for index, one in enumerate(line, start=1))
    return tuple(number for number in given if number is not None)


def _turn(session: Session, act: Act, one: Waiting, index: int) -> str | None:
    customer = volunteer(session, act.community_id, one.volunteer_number)
    reserved = queries.reservations_of(session, act.community_id, one.volunteer_number, act.at)
    if customer.closed_on is not None or any(earlier.state == queries.OPEN for earlier in reserved):
        return None
    hours = rules_on(session, act.community_id, act.today).document.market.turn_hours
    wish = Wish((BasketLine(one.good_number, one.pieces),), act.at + timedelta(hours=hours), index)
    try:
        answer = put_aside(session, act, customer, wish)
    except BasketRefused:
        return None
    _end(session, act, one, outcome="turn", reservation_id=act.new_id("reservation", index))
    return str(answer["number"])


def _end(session: Session, act: Act, found: Waiting, **ended: Any) -> None:
    own = {"community_id": act.community_id, "waiting_number": found.number}
    session.execute(sa.insert(WaitingEndRow), own | ended | {"ended_at": act.at, "ended_by": act.number})
