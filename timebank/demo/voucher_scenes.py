"""Service vouchers in the demo: the hairdresser offers haircuts; one was honoured, one waits on a phone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from timebank.books.requests import Secret
from timebank.demo.cast import CHEN, LI
from timebank.demo.scenes import Scene
from timebank.demo.stage import COMMUNITY, Stage
from timebank.ledger.days import moment_of
from timebank.market import operations as market
from timebank.market import queries
from timebank.market.operations import NewGood, NewOffer, NewPrice
from timebank.market.queries.vouchers import vouchers_of
from timebank.market.rules.vouchers import OfferTerms

HAIRDRESSER: Final = "暖阳理发店"
HAIRCUT_POINTS_E2: Final = 2000
TERMS: Final = OfferTerms(month_quota=12, person_month_max=1, valid_days=21, unit_value_fen=1500)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHaircuts(Scene):
    """A coordinator offers haircuts, and another confirms their price: by whom and when."""

    confirmed: tuple[str, datetime]

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        session, start = stage.session, self.at
        haircut = NewGood(barcode=None, name="理发", unit_word="次", month_pieces_max=None)
        good = market.add_goods(session, stage.act(self.by, start), goods=(haircut,))["numbers"][0]
        prices = (NewPrice(good, HAIRCUT_POINTS_E2),)
        act = stage.act(self.by, start + timedelta(minutes=2))
        proposed = market.propose_prices(session, act, prices=prices, wanted_from=start.date())
        market.confirm_prices(session, stage.act(*self.confirmed), version=proposed["version"])
        unit, later = stage.partners[HAIRDRESSER], self.confirmed[1] + timedelta(minutes=10)
        offer = NewOffer(unit, good, TERMS)
        stage.vouchers["offer"] = market.offer_vouchers(session, stage.act(self.by, later), offer=offer)["number"]
        act = stage.act(self.by, later + timedelta(minutes=5))
        stage.vouchers["card"] = market.make_voucher_desk(session, act, partner_code=unit, keeper="孙师傅")["code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HaveHaircut(Scene):
    """The first of some volunteers who can pay takes a voucher; it is honoured at a moment, or waits on their phone."""

    members: tuple[str, ...]
    honoured_at: datetime | None

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        session = stage.session
        able = (
            number
            for number in self.members
            if queries.passbook(session, COMMUNITY, number, self.at).available_e2 >= HAIRCUT_POINTS_E2
            and not vouchers_of(session, COMMUNITY, number, self.at)
        )
        number = next(able, None)
        if number is None:
            return
        act = stage.act(number, self.at)
        offer = stage.vouchers["offer"]
        taken = market.take_voucher(session, act, volunteer_number=number, offer_number=offer)
        if self.honoured_at is not None:
            nobody = replace(stage.act(CHEN, self.honoured_at), number="nobody", person_id=UUID(int=0))
            card, code = Secret(stage.vouchers["card"]), Secret(taken["code"])
            market.honour_voucher(session, nobody, desk=card, code=code)


def voucher_scenes(days: Sequence[date], members: Sequence[str]) -> Iterator[Scene]:
    """Yield the haircuts. days: on which the shop was open; members: numbers of who would like one."""
    offered_on, last_day = days[3], days[-1]
    confirmed = (LI, moment_of(offered_on, time(9, 40)))
    yield OfferHaircuts(at=moment_of(offered_on, time(9, 5)), by=CHEN, confirmed=confirmed)
    for minute, honoured_at in ((31, moment_of(last_day, time(19, 20))), (41, None)):
        at = moment_of(last_day, time(18, minute))
        yield HaveHaircut(at=at, by=CHEN, members=tuple(members), honoured_at=honoured_at)
