"""Second looks: households, passbooks that nobody used for long, and goods that come back after the shift."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.market.builders import (
    A_DAY,
    TODAY,
    XFL,
    a_good,
    a_volunteer,
    codes,
    points_e2_of,
    reasons,
    redeem,
    undo,
)
from tests.market.by_hand import REFUSED
from tests.people import builders as people
from timebank.books.pages import entry_view
from timebank.market import operations, queries
from timebank.market.operations import Identified, RedeemForOneself
from timebank.market.rules import (
    BasketRefused,
    DormantPassbook,
    LastUse,
    RestockCountDiffers,
    RestockCountMissing,
    UndoNeedsAnother,
    find_second_check,
)
from timebank.market.tables import PassbookCheckRow, RestockCountRow
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role
from timebank.rulebook.rules import ordinary_document

SHOP = ordinary_document().market
A_YEAR = timedelta(days=365)
HOME = {"area": "一片区", "building": "3号楼", "household": "3-2-501"}


def look(shop, volunteer, *, by=None, at=NOON + A_YEAR):
    act = shop.act(by or shop.other_clerk, at=at)
    operations.check_passbook(shop.session, act, volunteer_number=volunteer.number, identified=Identified.DOCUMENT_SEEN)


class TestHouseholds:
    """domain.md section 8, 18: limits per person, household and item; the basket is refused with every reason."""

    def test_those_who_live_together_share_the_limit_of_a_good(self, shop):
        soap = a_good(shop, household_pieces_max=3)
        mother, son = (a_volunteer(shop, points_e2=3000, **HOME) for _one in range(2))
        redeem(shop, mother, (soap, 2))

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, son, (soap, 2))
        assert [{"code": "household_good_limit_reached", "household_pieces_max": 3, "had_pieces": 2, "pieces": 2}] == (
            reasons(refused.value)
        )
        redeem(shop, son, (soap, 1))
        redeem(shop, a_volunteer(shop, points_e2=3000, **HOME | {"building": "4号楼"}), (soap, 3))
        redeem(shop, a_volunteer(shop, points_e2=3000), (soap, 3))

    def test_what_one_of_them_has_reserved_counts_too(self, shop):
        soap = a_good(shop, household_pieces_max=1)
        mother, son = (a_volunteer(shop, points_e2=3000, **HOME) for _one in range(2))
        act = people.acting_as(mother, at=NOON)
        basket = (operations.BasketLine(soap, 1),)
        operations.reserve(shop.session, act, volunteer_number=mother.number, basket=basket)

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, son, (soap, 1))
        assert ["household_good_limit_reached"] == codes(refused.value)


class TestDormantPassbooks:
    """trust.md T9, X16: a passbook that nobody used for a year is not emptied by one person."""

    def last_used(self, days, *checked_by):
        use = LastUse(TODAY - timedelta(days=days), checked_by)
        return find_second_check(SHOP, use, volunteer_number="V1", served_by_id=UUID(int=1), today=TODAY)

    def test_a_day_less_than_a_year_needs_nobody(self):
        assert self.last_used(364) is None

    def test_a_year_needs_somebody_else_who_has_looked(self):
        with pytest.raises(DormantPassbook) as refused:
            self.last_used(365, (UUID(int=1), "S001"))
        assert 365 == refused.value.facts["days"]
        assert "S002" == self.last_used(365, (UUID(int=1), "S001"), (UUID(int=2), "S002"))

    def test_one_that_was_never_used_holds_nothing(self):
        use = LastUse(None)
        assert find_second_check(SHOP, use, volunteer_number="V1", served_by_id=UUID(int=1), today=TODAY) is None

    def test_at_the_till_and_who_looked_stands_in_the_entry(self, shop):
        soap, wang = a_good(shop), a_volunteer(shop, points_e2=3000)
        with pytest.raises(DormantPassbook) as refused:
            redeem(shop, wang, (soap, 1), at=NOON + A_YEAR)
        assert {"volunteer": wang.number, "last_used_on": TODAY.isoformat(), "days": 365} == refused.value.facts

        look(shop, wang, by=shop.clerk)
        with pytest.raises(DormantPassbook):
            redeem(shop, wang, (soap, 1), at=NOON + A_YEAR)
        look(shop, wang)
        done = redeem(shop, wang, (soap, 1), at=NOON + A_YEAR)

        entry = entry_view(shop.session, XFL, done["seq"])
        assert entry is not None
        assert shop.other_clerk.number == entry.entry.facts["second_check"]
        redeem(shop, wang, (soap, 1), at=NOON + A_YEAR + A_DAY)

    def test_a_look_is_good_for_its_day(self, shop):
        soap, wang = a_good(shop), a_volunteer(shop, points_e2=3000)
        look(shop, wang)

        with pytest.raises(DormantPassbook):
            redeem(shop, wang, (soap, 1), at=NOON + A_YEAR + A_DAY)
        today = (NOON + A_YEAR).date()
        assert ((wang.number, shop.other_clerk.number),) == queries.checks_on(shop.session, XFL, today)

    def test_what_was_reserved_is_not_fetched_around_it(self, shop):
        soap, wang = a_good(shop), a_volunteer(shop, points_e2=3000)
        act = people.acting_as(wang, at=NOON + A_YEAR)
        basket = (operations.BasketLine(soap, 1),)
        reserved = operations.reserve(shop.session, act, volunteer_number=wang.number, basket=basket)

        with pytest.raises(DormantPassbook):
            operations.pick_up(
                shop.session, shop.act(at=NOON + A_YEAR), reservation_number=reserved["number"], basket=None
            )
        look(shop, wang)
        operations.pick_up(shop.session, shop.act(at=NOON + A_YEAR), reservation_number=reserved["number"], basket=None)

    def test_nobody_looks_at_their_own_and_not_everybody_may(self, shop):
        wang = a_volunteer(shop, points_e2=300)
        with pytest.raises(RedeemForOneself):
            look(shop, wang, by=people.a_staff_member(shop.session, Role.CLERK, volunteer_number=wang.number))
        with pytest.raises(NotAllowed):
            look(shop, wang, by=people.a_staff_member(shop.session, Role.AUDITOR))
        look(shop, wang, by=shop.coordinator)


class TestComingBackAfterTheShift:
    """trust.md T7 and X12: redeemed, taken back after the shop has closed, and the goods are gone."""

    @pytest.fixture
    def served(self, shop):
        soap, wang = a_good(shop), a_volunteer(shop, points_e2=3000)
        shift = operations.open_shift(shop.session, shop.act(), till="一号收银台")["number"]
        done = redeem(shop, wang, (soap, 2))
        counted = (operations.CountedGood(soap, 8),)
        act = shop.act(at=NOON + timedelta(hours=1))
        operations.close_shift(shop.session, act, shift_number=shift, counted=counted)
        return done | {"soap": soap, "wang": wang}

    def later(self, shop, served, **changes):
        return undo(shop, served, **({"at": NOON + timedelta(hours=2)} | changes))

    def test_who_served_no_longer_takes_it_back(self, shop, served):
        with pytest.raises(UndoNeedsAnother):
            self.later(shop, served)
        assert 2400 == points_e2_of(shop, served["wang"])

    def test_another_counts_what_came_back(self, shop, served):
        for restocked, refusal in (
            ({}, RestockCountMissing),
            ({served["soap"]: 2, "G9999": 1}, RestockCountMissing),
            ({served["soap"]: 1}, RestockCountDiffers),
            ({served["soap"]: 3}, RestockCountDiffers),
        ):
            with pytest.raises(refusal):
                self.later(shop, served, by=shop.other_clerk, restocked=restocked)

        self.later(shop, served, by=shop.other_clerk, restocked={served["soap"]: 2})

        (row,) = shop.session.scalars(sa.select(RestockCountRow)).all()
        assert (served["soap"], 2) == (row.good_number, row.counted_pieces)
        assert 3000 == points_e2_of(shop, served["wang"])

    def test_while_the_shift_is_open_nothing_is_counted(self, shop):
        wang = a_volunteer(shop, points_e2=3000)
        operations.open_shift(shop.session, shop.act(), till="二号收银台")

        undo(shop, redeem(shop, wang, (a_good(shop), 2)), restocked={})

        assert 3000 == points_e2_of(shop, wang)

    def test_of_another_shift_or_another_day_the_same(self, shop):
        wang, soap = a_volunteer(shop, points_e2=3000), a_good(shop)
        done = redeem(shop, wang, (soap, 1))

        with pytest.raises(RestockCountMissing):
            undo(shop, done, by=shop.coordinator, at=NOON + A_DAY, restocked={})


class TestPastTheProgram:
    """What the database itself refuses."""

    def test_nobody_looks_at_their_own_and_nothing_is_changed(self, shop):
        wang = a_volunteer(shop, points_e2=300)
        look(shop, wang)
        for statement in (sa.update(PassbookCheckRow).values(identified="known"), sa.delete(PassbookCheckRow)):
            with pytest.raises(REFUSED), shop.session.begin_nested():
                shop.session.execute(statement)
        own = {"checked_by_id": wang.person_id}
        (row,) = shop.session.execute(sa.select(*PassbookCheckRow.__table__.c)).mappings().all()
        with pytest.raises(REFUSED), shop.session.begin_nested():
            shop.session.execute(sa.insert(PassbookCheckRow), dict(row) | own | {"id": UUID(int=7)})
