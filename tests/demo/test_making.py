"""The demo, made by the operations of all rooms: what comes out, and that its books verify."""

import pytest

from tests.demo.conftest import NOW
from tests.people.builders import open_the_community
from timebank.audit.verification import examine
from timebank.books import trail
from timebank.books.trail import TrailFilter
from timebank.demo import queries
from timebank.demo.cast import CANDIDATE, HEROINE, LI, MINOR, PAPER_ONLY
from timebank.demo.diary import SMALL
from timebank.demo.inquiring import ASKED, LOWERED
from timebank.demo.queries import DemoFindsAnother
from timebank.demo.stage import COMMUNITY
from timebank.demo.together import GIVEN_E2, IN_NEED
from timebank.market import queries as market
from timebank.market.rules import StockLevel
from timebank.people import queries as people
from timebank.pool import queries as pool
from timebank.service import queries as service
from timebank.stars import queries as stars
from timebank.stars.queries import notices
from timebank.stars.queries.inquiries import inquiries
from timebank.stars.rules.noticing import Stage


class TestTheDemo:
    """experience.md section 6: everything by real operations, so that the books verify and every list has something."""

    def test_has_books_that_verify(self, demo):
        report = examine(demo, COMMUNITY, ())

        assert [] == list(report.findings)
        assert report.size > 100

    def test_has_as_much_as_its_scale_says(self, demo):
        figures = queries.figures(demo, NOW)

        assert (SMALL.members, SMALL.past) == (figures.volunteers, figures.activities)
        assert 0 < figures.redemptions <= SMALL.redemptions
        assert figures.records > 30

    def test_shows_the_heroine_twelve_hours_below_her_third_star(self, demo):
        progress = stars.progress(demo, COMMUNITY, HEROINE, NOW.date())

        assert (2, 3, 12 * 60) == (progress.level, progress.next_level, progress.missing_minutes)

    def test_leaves_one_star_to_be_decided(self, demo):
        cases = notices.open_cases_noticed(demo, COMMUNITY, NOW.date())

        waiting = [one.award for one in cases if one.stage is not Stage.ON_NOTICE]
        assert [(CANDIDATE, 1)] == [(case.number, case.level) for case in waiting]

    def test_shows_an_inquiry_that_was_decided_and_one_that_waits_after_the_hearing(self, demo):
        waiting, decided = inquiries(demo, COMMUNITY)

        assert (ASKED, True, 1, ()) == (
            waiting.volunteer_number,
            waiting.waits,
            len(waiting.hearings),
            waiting.decisions,
        )
        assert (LOWERED, False, 1) == (decided.volunteer_number, decided.waits, len(decided.hearings))
        assert 0 == stars.progress(demo, COMMUNITY, LOWERED, NOW.date()).level

    def test_shows_a_group_that_gave_points_for_a_household_whose_grant_waits(self, demo):
        (group,) = people.groups(demo, COMMUNITY)

        assert ("TD0001", "红马甲服务队") == (group.number, group.name)
        assert GIVEN_E2 == pool.pool_e2(demo, COMMUNITY)
        assert [("open", IN_NEED)] == [(one.state, one.number) for one in pool.grants(demo, COMMUNITY)]

    def test_leaves_hours_and_activities_to_both_coordinators(self, demo):
        waiting = service.pending(demo, COMMUNITY)

        assert SMALL.waiting == len(waiting)
        assert 1 == len(service.activities_needing_hours(demo, COMMUNITY, NOW))
        assert 1 == len(service.activities_proposed(demo, COMMUNITY))
        assert any(group.flagged for group in waiting)

    def test_asks_its_volunteers_since_a_change_of_the_rules(self, demo):
        found = service.unposted_page(demo, COMMUNITY, NOW.date(), limit=1000).all

        assert any(one.asks_volunteer for one in found)
        assert 1 == sum(one.waiting.denied for one in found)
        assert 1 == len(service.objections_open(demo, COMMUNITY))

    def test_leaves_a_delivery_and_a_price_to_another_person(self, demo):
        assert 1 == len(market.waiting_donations(demo, COMMUNITY))
        assert 1 == len(market.waiting_prices(demo, COMMUNITY))

    def test_leaves_a_write_off_to_another_person_and_a_reservation_at_the_till(self, demo):
        states = [one.state for one in market.write_offs(demo, COMMUNITY)]

        assert ["waiting", "confirmed"] == states
        assert 1 == len(market.open_reservations(demo, COMMUNITY, NOW))

    def test_has_a_count_with_a_difference_that_somebody_explained(self, demo):
        (count,) = market.stock_counts(demo, COMMUNITY)
        (variance,) = market.variances(demo, COMMUNITY, count.number)

        assert "finalised" == count.state
        assert 1 == variance.expected_pieces - variance.counted_pieces

    def test_has_a_shelf_with_one_good_out_three_low_and_one_near_its_last_day(self, demo):
        offered = [one.level for one in market.goods_on_sale(demo, COMMUNITY, NOW)]

        assert (1, 3) == (offered.count(StockLevel.NONE), offered.count(StockLevel.LOW))
        assert 1 == len(market.near_expiry(demo, COMMUNITY, NOW))

    def test_keeps_in_the_trail_what_was_refused(self, demo):
        lines = trail.lines(demo, COMMUNITY, wanted=TrailFilter(), limit=1000)

        refused = {(line.verb, line.facts["code"]) for line in lines if line.outcome == "refused"}

        assert {("service.approve_many", "approver_is_recorder"), ("market.redeem", "basket_refused")} == refused

    def test_took_place_in_the_past_and_is_booked_so(self, demo):
        (donation,) = market.waiting_donations(demo, COMMUNITY)

        assert donation.received_at < NOW

    def test_is_found_by_name_like_any_community(self, demo):
        found = people.search_volunteers(demo, COMMUNITY, "王秀英")
        minor = people.search_volunteers(demo, COMMUNITY, MINOR)[0]
        paper_only = people.search_volunteers(demo, COMMUNITY, PAPER_ONLY)[0]

        assert 2 == len({one.building for one in found})
        assert minor.building == "6号楼"
        assert paper_only.phone is None

    def test_offers_two_coordinators_for_what_one_records_the_other_approves(self, demo):
        offered = [(person.role, person.name) for person in people.demo_people(demo, COMMUNITY)]

        assert [
            ("volunteer", "王秀英"),
            ("clerk", "赵敏"),
            ("coordinator", "李建国"),
            ("coordinator", "陈敏"),
            ("auditor", "周会计"),
            ("admin", "陈主任"),
        ] == offered
        assert LI == people.demo_people(demo, COMMUNITY)[2].login

    def test_is_known_as_the_demo(self, demo):
        assert queries.is_there(demo)


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestWhoseDatabaseItIs:
    """experience.md section 6: the demo refuses to run where somebody else's community is."""

    def test_an_empty_one_has_no_demo_yet(self, session):
        assert not queries.is_there(session)

    def test_refuses_one_with_a_community_of_another_code(self, session):
        open_the_community(session)

        with pytest.raises(DemoFindsAnother) as refused:
            queries.is_there(session)

        assert {"community": "xfl"} == refused.value.facts

    def test_refuses_one_whose_community_only_has_the_same_code(self, session):
        open_the_community(session, COMMUNITY)

        with pytest.raises(DemoFindsAnother) as refused:
            queries.is_there(session)

        assert {"community": COMMUNITY} == refused.value.facts
