"""Scenes of the shop: deliveries, prices, baskets handed out and taken back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from timebank.demo.scenes import Scene, refused
from timebank.demo.stage import COMMUNITY, Stage
from timebank.market import operations as market
from timebank.market import queries
from timebank.market.operations import BasketLine, NewDonation, NewLot, NewPrice, ReliefLine, Restocked, VarianceReason
from timebank.market.rules import WriteOffCause


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Pieces of one good in a delivery. good: its place in the catalogue."""

    good: int
    pieces: int
    unit_price_fen: int
    expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Scene):
    """A delivery of a partner unit is written down."""

    label: str
    partner: str
    lots: tuple[Lot, ...]
    slip: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        lots = tuple(
            NewLot(
                good_number=stage.goods[lot.good],
                pieces=lot.pieces,
                unit_price_fen=lot.unit_price_fen,
                expires_on=lot.expires_on,
            )
            for lot in self.lots
        )
        donation = NewDonation(partner_code=stage.partners[self.partner], lots=lots, slip=self.slip)
        received = market.receive(stage.session, stage.act(self.by, self.at), donation=donation)
        stage.deliveries[self.label] = received["number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn(Scene):
    """A delivery is checked in by another person."""

    label: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        number = stage.deliveries[self.label]
        market.check_in(stage.session, stage.act(self.by, self.at), donation_number=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrices(Scene):
    """Prices are proposed; `confirmed_at` by whom and when another person confirms them, or None."""

    points: tuple[tuple[int, int], ...]
    wanted_from: date
    confirmed: tuple[str, datetime] | None

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        prices = tuple(NewPrice(stage.goods[good], points * 100) for good, points in self.points)
        act = stage.act(self.by, self.at)
        proposed = market.propose_prices(stage.session, act, prices=prices, wanted_from=self.wanted_from)
        if self.confirmed is not None:
            market.confirm_prices(stage.session, stage.act(*self.confirmed), version=proposed["version"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve(Scene):
    """A basket is handed out. basket: place in the catalogue and pieces."""

    label: str
    volunteer: str
    basket: tuple[tuple[int, int], ...]

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        basket = tuple(BasketLine(stage.goods[good], pieces) for good, pieces in self.basket)
        act = stage.act(self.by, self.at)
        done = market.redeem(stage.session, act, volunteer_number=self.volunteer, basket=basket)
        stage.redemptions[self.label] = done["number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnAway(Serve):
    """Somebody wants more than their points allow; nothing is handed out, and the trail keeps it."""

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        refused(lambda: Serve.play(self, stage))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(Scene):
    """A redemption is undone; what comes back after its day is counted."""

    label: str
    reason: str
    counted: tuple[tuple[int, int], ...] = ()

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        number = stage.redemptions[self.label]
        restocked = tuple(Restocked(stage.goods[good], pieces) for good, pieces in self.counted)
        act = stage.act(self.by, self.at)
        market.undo(stage.session, act, redemption_number=number, reason=self.reason, restocked=restocked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve(Scene):
    """A volunteer puts goods aside from the phone; they wait at the till."""

    basket: tuple[tuple[int, int], ...]

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        basket = tuple(BasketLine(stage.goods[good], pieces) for good, pieces in self.basket)
        market.reserve(stage.session, stage.act(self.by, self.at), volunteer_number=self.by, basket=basket)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Scene):
    """A volunteer waits for a good that has run out; by: their number."""

    good: int

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        act, good = stage.act(self.by, self.at), stage.goods[self.good]
        market.join_waiting(stage.session, act, volunteer_number=self.by, good_number=good, pieces=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(Scene):
    """A household in hardship is registered, and goods are proposed for it; approved and handed out, or it waits.

    Attributes:
        member: number of who stands for the household; reason: of the registration.
        approved, handed: by whom and when, or None.
    """

    member: str
    reason: str
    lines: tuple[tuple[int, int], ...]
    approved: tuple[str, datetime] | None
    handed: tuple[str, datetime] | None

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        session, act = stage.session, stage.act(self.by, self.at)
        until_on = self.at.date() + timedelta(days=365)
        household = market.register_household(
            session, act, volunteer_number=self.member, reason=self.reason, until_on=until_on
        )["number"]
        lines = tuple(ReliefLine(stage.goods[good], pieces) for good, pieces in self.lines)
        act = stage.act(self.by, self.at + timedelta(minutes=5))
        number = market.propose_relief(session, act, household_number=household, lines=lines, note="")["number"]
        if self.approved is not None:
            market.approve_relief(session, stage.act(*self.approved), relief_number=number)
        if self.handed is not None:
            market.issue_relief(session, stage.act(*self.handed), relief_number=number, signed_by="家属代领")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff(Scene):
    """Damaged pieces leave the shelf; confirmed by whom and when, or None where it still waits."""

    good: int
    pieces: int
    note: str
    confirmed: tuple[str, datetime] | None

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        (lot, *_others) = queries.stock(stage.session, COMMUNITY, self.at, stage.goods[self.good])
        proposed = market.propose_write_off(
            stage.session,
            stage.act(self.by, self.at),
            lot_number=lot.lot.number,
            pieces=self.pieces,
            cause=WriteOffCause.DAMAGED,
            note=self.note,
        )
        if self.confirmed is not None:
            act = stage.act(*self.confirmed)
            market.confirm_write_off(stage.session, act, write_off_number=proposed["number"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CountGoods(Scene):
    """Some goods are counted; of one of them a piece is missing, and another person books it with the reason."""

    goods: tuple[int, ...]
    missing_of: int
    reason: str
    finalised: tuple[str, datetime]

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        session, numbers = stage.session, [stage.goods[good] for good in self.goods]
        count = market.open_count(session, stage.act(self.by, self.at), goods=tuple(numbers))["number"]
        there = queries.pieces_by_good(session, COMMUNITY, self.at)
        short = stage.goods[self.missing_of]
        for number in numbers:
            pieces = there[number] - (number == short)
            act = stage.act(self.by, self.at)
            market.tally(session, act, count_number=count, good_number=number, pieces=pieces)
        market.submit_count(session, stage.act(self.by, self.at), count_number=count)
        reasons = (VarianceReason(short, self.reason),)
        market.finalise_count(session, stage.act(*self.finalised), count_number=count, reasons=reasons)
