"""Redemptions, reservations and shifts: what happens at the counter of the shop."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields

from timebank import clock
from timebank.database import db
from timebank.market import operations, queries
from timebank.market.operations import BasketLine, Restocked
from timebank.market.operations.shifts import CountedGood
from timebank.market.queries import Redemption, Reservation, Shift
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web import sights
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Many, Number, Part, Sent, Text, Whole
from timebank.web.api.keys import by_number, count_in, number_in
from timebank.web.api.lists import Key, Listed, Order
from timebank.web.api.service import ReasonSent
from timebank.web.api.shapes import shape, shape_of

family = Family("counter", "兑换、预约和班次 · Redemptions, reservations, shifts")

READERS: Final = (Permission.REDEEM, Permission.UNDO_LATE, Permission.READ_BOOKS)
REDEMPTION: Final = shape_of(Redemption, without=frozenset({"person_id"}))
RESERVATION: Final = shape_of(Reservation, without=frozenset({"person_id", "code"}))
SHIFT: Final = shape_of(Shift)
GOODS_MAX: Final = 99


class BasketLineSent(Sent):
    """Pieces of one good; with the price that was shown, a change of it refuses the basket."""

    good_number = Number(required=True)
    pieces = Whole(1, 99, required=True)
    shown_points_e2 = Whole(1, 100_000_000, load_default=None, allow_none=True)


class BasketSent(Sent):
    """A basket, all of it or none."""

    volunteer_number = Number(required=True)
    basket = Many(Part(BasketLineSent), GOODS_MAX, required=True)


class ReserveSent(BasketSent):
    """A basket to be put aside. pick_up_time: one of those that are offered, where the rules ask for one."""

    pick_up_time = Text(40, load_default=None, allow_none=True)


class TillSent(Sent):
    """At which till."""

    till = Text(20, required=True)


class CountedSent(Sent):
    """Pieces of one good that were counted."""

    good_number = Number(required=True)
    pieces = Whole(0, 1_000_000, required=True)


class CloseSent(Sent):
    """What was counted of the goods that moved."""

    counted = Many(Part(CountedSent), 500, fewest=0, required=True)


class UndoSent(ReasonSent):
    """Why a redemption is taken back, and what came back once its shift or day is over."""

    restocked = Many(Part(CountedSent), 500, fewest=0, load_default=list)


class RedemptionWords(Listed):
    """Whose redemptions."""

    volunteer = Number(load_default=None)


def _basket(typed: Mapping[str, Any]) -> tuple[BasketLine, ...]:
    return tuple(BasketLine(**line) for line in typed["basket"])


def _by_entry(redemption: Redemption) -> int:
    return redemption.entry_seq


def _by_hold(reservation: Reservation) -> int:
    return reservation.hold_seq


@family.lists(
    "/redemptions", REDEMPTION, *READERS, order=Order(_by_entry, newest=True), kind=int, reads=RedemptionWords
)
def redemptions(words: Mapping[str, Any], seen: Key | None, limit: int) -> Sequence[Redemption]:
    """List the redemptions, or those of one volunteer, the newest first, those too that were taken back."""
    if words["volunteer"] is not None:
        return queries.redemptions_of(db.session(), community_id(), words["volunteer"], limit=1000)
    return queries.redemptions_newest(db.session(), community_id(), before=count_in(seen), limit=limit + 1)


@family.does(
    "/redemptions",
    Scope.MARKET,
    Permission.REDEEM,
    reads=BasketSent,
    rows="basket",
    answers=shape(
        "Redeemed",
        {
            "redemption_id": fields.UUID(),
            "number": fields.String(),
            "seq": fields.Integer(),
            "points_e2": fields.Integer(),
            "available_e2": fields.Integer(),
        },
    ),
    at="/redemptions/{number}",
)
def redeem(typed: Mapping[str, Any]) -> Work:
    """Redeem a basket: points leave the passbook and goods the shelf, in one entry."""
    basket = _basket(typed)
    return lambda session, act: operations.redeem(
        session, act, volunteer_number=typed["volunteer_number"], basket=basket
    )


@family.shows("/redemptions/<number>", REDEMPTION, *READERS)
def redemption(number: str) -> Redemption:
    """Show one redemption."""
    found = queries.redemption(db.session(), community_id(), number)
    sights.about(found.volunteer_number)
    return found


@family.does(
    "/redemptions/<number>/reversals",
    Scope.MARKET,
    Permission.REDEEM,
    Permission.UNDO_LATE,
    reads=UndoSent,
    answers=shape("RedemptionReversed", {"seq": fields.Integer(), "points_e2": fields.Integer()}),
)
def undo(typed: Mapping[str, Any], number: str) -> Work:
    """Take a redemption back: points and goods return to where they came from, at most once."""
    reason, restocked = typed["reason"], tuple(Restocked(**line) for line in typed["restocked"])
    return lambda session, act: operations.undo(
        session, act, redemption_number=number, reason=reason, restocked=restocked
    )


@family.lists("/reservations", RESERVATION, *READERS, order=Order(_by_hold, newest=True), kind=int)
def reservations(seen: Key | None, limit: int, **_words: Any) -> Sequence[Reservation]:
    """List the reservations, the newest first, those too that are over."""
    before = count_in(seen)
    return queries.reservations_newest(db.session(), community_id(), clock.now(), before=before, limit=limit + 1)


@family.does(
    "/reservations",
    Scope.MARKET,
    reads=ReserveSent,
    answers=shape(
        "Reserved",
        {
            "number": fields.String(),
            "code": fields.String(metadata={"description": "by which it is picked up"}),
            "expires_at": fields.AwareDateTime(format="iso"),
            "seq": fields.Integer(),
            "points_e2": fields.Integer(),
        },
    ),
    at="/reservations/{number}",
)
def reserve(typed: Mapping[str, Any]) -> Work:
    """Put a basket aside for oneself or for whom one helps, all of it or none; nobody reserves for anybody else."""
    basket = _basket(typed)
    asked = {"volunteer_number": typed["volunteer_number"], "pick_up_time": typed["pick_up_time"]}
    return lambda session, act: operations.reserve(session, act, basket=basket, **asked)


@family.shows("/reservations/<number>", RESERVATION, *READERS)
def reservation(number: str) -> Reservation:
    """Show one reservation; the code for picking it up is its customer's alone."""
    found = queries.reservation(db.session(), community_id(), number, clock.now())
    sights.about(found.volunteer_number)
    return found


@family.does(
    "/reservations/<number>/pick-ups",
    Scope.MARKET,
    Permission.REDEEM,
    reads=None,
    answers=shape(
        "PickedUp",
        {
            "redemption_id": fields.UUID(),
            "number": fields.String(),
            "seq": fields.Integer(),
            "points_e2": fields.Integer(),
        },
    ),
)
def pick_up(number: str) -> Work:
    """Hand a reservation out whole, at the prices of the day on which it was made."""
    return lambda session, act: operations.pick_up(session, act, reservation_number=number, basket=None)


@family.does(
    "/reservations/<number>/releases",
    Scope.MARKET,
    Permission.REDEEM,
    reads=None,
    answers=shape("Released", {"seq": fields.Integer()}),
)
def release(number: str) -> Work:
    """Give a reservation back: its points and pieces are free again."""
    return lambda session, act: operations.release_reservation(session, act, reservation_number=number)


@family.lists("/shifts", SHIFT, *READERS, order=Order(by_number, newest=True))
def shifts(seen: Key | None, limit: int, **_words: Any) -> Sequence[Shift]:
    """List the shifts, the newest first."""
    return queries.shifts(db.session(), community_id(), limit + 1, before=number_in(seen))


@family.does(
    "/shifts",
    Scope.MARKET,
    Permission.REDEEM,
    reads=TillSent,
    answers=shape("OpenedShift", {"number": fields.String()}),
    at="/shifts/{number}",
)
def open_shift(typed: Mapping[str, Any]) -> Work:
    """Open a shift at a till."""
    return lambda session, act: operations.open_shift(session, act, till=typed["till"])


@family.shows("/shifts/<number>", SHIFT, *READERS)
def shift(number: str) -> Shift:
    """Show one shift."""
    return queries.shift(db.session(), community_id(), number)


@family.does("/shifts/<number>/hand-overs", Scope.MARKET, Permission.REDEEM, reads=None, answers=None)
def take_over_shift(number: str) -> Work:
    """Take a shift over from who has it."""
    return lambda session, act: operations.take_over_shift(session, act, shift_number=number)


@family.does(
    "/shifts/<number>/closings",
    Scope.MARKET,
    Permission.REDEEM,
    reads=CloseSent,
    answers=shape("ClosedShift", {"differences": fields.Integer()}),
)
def close_shift(typed: Mapping[str, Any], number: str) -> Work:
    """Close a shift with what was counted, blind, of the goods that moved."""
    counted = tuple(CountedGood(**line) for line in typed["counted"])
    return lambda session, act: operations.close_shift(session, act, shift_number=number, counted=counted)
