"""Builders of the audit: a community in which everything happened, by the real operations and honestly."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.builders import NOON
from tests.market import builders as market
from tests.people import builders as people
from tests.service.builders import BATCH, a_line, a_row, a_sheet, moment
from tests.stars.builders import announced, the_case
from timebank.books import holds, journal
from timebank.ledger.accounts import POINTS, AccountKind, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.market import operations
from timebank.market.operations import VarianceReason
from timebank.market.rules import WriteOffCause
from timebank.service import operations as service
from timebank.service.asked import Decision, NewActivity
from timebank.stars import operations as stars

XFL = people.XFL
FIRST_DAY = date(2026, 9, 7)
STAR_DAYS = 27
"""So many days of four hours are enough for the first star, with some to spare."""


@dataclass(frozen=True)
class Community:
    """A community after some busy weeks: whom and what a test may ask about."""

    shop: market.Shop
    volunteers: tuple[Any, ...]
    records: tuple[UUID, ...]
    redemption: dict[str, Any]


def a_busy_community(session):
    """Hours, a star, deliveries, prices, redemptions, holds, reversals, a closed account and a closed period."""
    shop = market.a_shop(session)
    volunteers = tuple(people.a_volunteer(session, name=name) for name in ("王秀英", "张桂芳", "李强"))
    first, second, third = volunteers
    _import(shop, first.number)
    records = _serve(shop, a_line(first.number, 90), a_line(second.number, 60), a_line(third.number, 45))
    award_id = announced(session, the_case(session, first.number))
    stars.grant(session, shop.act(shop.coordinator), award_id=award_id)
    rice = market.a_good(shop, price_e2=200, pieces=9, name="大米")
    soap = market.a_good(shop, price_e2=300, pieces=5)
    redemption = market.redeem(shop, first, (rice, 2), (soap, 1))
    market.undo(shop, market.redeem(shop, second, (rice, 1)))
    market.redeem(shop, third, (rice, 1))
    service.reverse_record(session, shop.act(shop.other_coordinator), record_id=records[2], reason="记错了人")
    market.a_price(shop, rice, 250, wanted_from=market.TODAY + timedelta(days=1))
    _take_stock(shop, soap)
    _hold(shop, first)
    _close(shop)
    return Community(shop, volunteers, records, redemption)


def _import(shop, number):
    days = [FIRST_DAY + timedelta(days=day) for day in range(STAR_DAYS)]
    rows = tuple(a_row(number, 240, f"{day} 08:00", activity_number=f"HD{day:%y%m%d}") for day in days)
    service.record_imported(shop.session, shop.act(shop.coordinator), batch_id=BATCH, records=rows)
    service.approve_batch(shop.session, shop.act(shop.other_coordinator), batch_id=BATCH, rating=None)


def _serve(shop, *lines, day="2026-11-20"):
    start = moment(f"{day} 09:00")
    activity = NewActivity(
        title="清扫楼道",
        service_class="cleaning",
        place="3号楼",
        leader="李建国",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
    )
    number = service.create_activity(shop.session, shop.act(shop.coordinator), new=activity)
    service.approve_activity(shop.session, shop.act(shop.other_coordinator), number=number)
    told = service.record_many(shop.session, shop.act(shop.coordinator), sheet=a_sheet(number, *lines))
    records = tuple(UUID(record_id) for record_id in told["records"])
    decisions = tuple(Decision(record_id=one, rating=5) for one in records)
    service.approve_many(shop.session, shop.act(shop.other_coordinator), decisions=decisions)
    return records


def _take_stock(shop, soap):
    """Two pieces are written off by two persons, the rest is counted: one too few."""
    damaged = operations.propose_write_off(
        shop.session, shop.act(), lot_number="L000002", pieces=2, cause=WriteOffCause.DAMAGED, note="压坏了"
    )
    confirming = shop.act(shop.other_clerk)
    operations.confirm_write_off(shop.session, confirming, write_off_number=damaged["number"])
    count = operations.open_count(shop.session, shop.act(), goods=(soap,))["number"]
    operations.tally(shop.session, shop.act(), count_number=count, good_number=soap, pieces=1)
    operations.submit_count(shop.session, shop.act(shop.other_clerk), count_number=count)
    why = (VarianceReason(soap, "找不到"),)
    operations.finalise_count(shop.session, shop.act(shop.coordinator), count_number=count, reasons=why)


def _hold(shop, volunteer):
    """One hold is handed over in part, one is given back, one runs out, one goes on."""
    parts = [(market.passbook(volunteer), 50)]

    def hold(expires_at=None):
        return holds.place(shop.session, shop.act(), parts=parts, expires_at=expires_at, source="hold", memo="").seq

    handed_over, given_back, _runs_out, _goes_on = hold(), hold(), hold(NOON + timedelta(hours=1)), hold()
    holds.capture(shop.session, shop.act(), hold_seq=handed_over, parts=[(market.passbook(volunteer), 30)])
    holds.release(shop.session, shop.act(), hold_seq=given_back)
    holds.expire(shop.session, shop.act(at=NOON + timedelta(hours=2)))


def _close(shop):
    """The accounts of somebody who moved away, emptied and closed; and the first month."""
    gone = people.a_volunteer(shop.session, name="赵敏")
    _serve(shop, a_line(gone.number, 60, "2026-11-19 09:00"), day="2026-11-19")
    balance = market.points_e2_of(shop, gone)
    expired = Transfer(market.passbook(gone), system(AccountKind.EXPIRED, POINTS), balance)
    draft = Draft(kind=EntryKind.POINTS_EXPIRED, effective_on=market.TODAY, transfers=(expired,))
    journal.post(shop.session, shop.act(), draft)
    journal.close_account(shop.session, shop.act(), account=market.passbook(gone))
    journal.close_period(shop.session, shop.act(), through=date(2026, 10, 31))
