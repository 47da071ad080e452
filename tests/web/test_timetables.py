"""Opening calendars on their pages: made, filled in, offered as activities, booked by phone and at the desk."""

import re
from datetime import timedelta

import pytest

from tests.web import town
from tests.web.sites import said
from timebank import clock
from timebank.ledger.days import day_of
from timebank.service import queries as service
from timebank.timetable import queries
from timebank.timetable.wording import find_windows, in_writing

HAIRCUTS = {"name": "便民理发", "use": "appointments", "place": "服务站", "slot_minutes": "30", "places": "1"}
DUTY = {"name": "晚间值守", "use": "activities", "place": "服务站门口", "slot_minutes": "", "places": "2"}
KINDS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday", "worked_weekend")


def a_week(text):
    """The same hours on every kind of day, from today on."""
    return dict.fromkeys(KINDS, text) | {"valid_from": day_of(clock.now()).isoformat()}


@pytest.fixture
def li(site):
    """The coordinator at work."""
    return site.visitor("li")


def a_calendar(li, **changes):
    """Make a calendar that is open every day; return its address."""
    place = li.post("/coord/timetables", HAIRCUTS | changes).headers["Location"]
    li.post(f"{place}/hours", a_week("9:00-10:00、18:00-18:30 晚间"))
    return place


def first_slot(visitor, place="/appointments"):
    """The first free slot that the page offers."""
    return found_in(visitor.text(place).partition('name="starts_at"')[2], '<option value="([^"]+)"')


def found_in(page, pattern):
    """What a pattern finds on a page."""
    return re.findall(pattern, page)[0]


class TestAppointments:
    """domain.md section 1.7: slots with capacity, booked by phone, by oneself, by a helper."""

    def test_from_the_calendar_to_the_booking_and_back(self, site, li):
        place = a_calendar(li)
        wang = site.visitor(town.WANG)
        slot = first_slot(wang)

        booked = wang.post("/appointments/KF01", {"starts_at": slot, "about": "剪短", "whom": ""})

        assert "约好了" in wang.text(booked.headers["Location"])
        assert "剪短" in li.text(place)
        assert slot != first_slot(site.visitor(town.NAMESAKE))
        again = site.visitor(town.NAMESAKE).post("/appointments/KF01", {"starts_at": slot, "about": "", "whom": ""})
        assert 409 == again.status_code
        booking = found_in(wang.text("/appointments"), 'name="booking" value="([^"]+)"')
        wang.post("/appointments/give-back", {"booking": booking})
        assert slot == first_slot(site.visitor(town.NAMESAKE))

    def test_the_desk_books_for_whoever_calls(self, li):
        place = a_calendar(li)
        slot = first_slot(li, place)

        li.post(f"{place}/bookings", {"starts_at": slot, "who": town.ZHANG, "about": ""})

        page = li.text(place)
        assert "张桂芳" in page
        booking = found_in(page, 'name="booking" value="([^"]+)"')
        li.post(f"{place}/give-back", {"booking": booking})
        assert "约好的" not in li.text(place).partition("两周内的时段")[0].partition("<h1>")[2]

    def test_everybody_sees_what_is_free_and_who_is_not_signed_in_no_form(self, site, li):
        a_calendar(li)

        page = site.visitor().text("/appointments")

        assert "便民理发" in page
        assert "登录后就可以预约" in page
        assert 'name="starts_at"' not in page

    @pytest.mark.parametrize("wrong", ["", "tomorrow", "2026-11-25T09:00:00"])
    def test_a_slot_that_the_page_did_not_give_out_is_no_slot(self, site, li, wrong):
        a_calendar(li)

        answer = site.visitor(town.WANG).post("/appointments/KF01", {"starts_at": wrong, "about": "", "whom": ""})

        assert 400 == answer.status_code


class TestKeeping:
    """A calendar is data that the office changes."""

    def test_what_cannot_be_read_comes_back_with_the_form(self, li):
        place = a_calendar(li)

        answer = li.post(f"{place}/hours", a_week("九点到十点"))

        assert 400 == answer.status_code
        assert "请写成 8:30-12:00" in said(answer)
        assert 409 == li.post(f"{place}/hours", a_week("9:00-10:00、9:30-11:00")).status_code

    def test_days_that_differ_are_closed_and_opened_again(self, site, li):
        place = a_calendar(li)
        today = day_of(clock.now())
        differ = {"first_on": today.isoformat(), "last_on": (today + timedelta(days=30)).isoformat(), "reason": "装修"}

        li.post(f"{place}/exceptions", differ | {"openness": "closed", "windows": ""})
        assert "两周内没有空的时段" in site.visitor(town.WANG).text("/appointments")
        li.post(f"{place}/exceptions", differ | {"openness": "other", "windows": "14:00-14:30"})
        assert "14:00" in site.visitor(town.WANG).text("/appointments")
        li.post(f"{place}/exceptions", differ | {"openness": "ordinary", "windows": ""})
        assert "晚间" in site.visitor(town.WANG).text("/appointments")

    def test_a_calendar_that_is_closed_is_gone_from_the_list(self, site, li):
        place = a_calendar(li)

        li.post(f"{place}/close")

        assert "现在没有可以预约的服务" in site.visitor(town.WANG).text("/appointments")
        assert "已经停用" in li.text(place)

    def test_a_calendar_without_a_place_comes_back(self, li):
        assert 400 == li.post("/coord/timetables", HAIRCUTS | {"place": ""}).status_code
        assert 409 == li.post("/coord/timetables", HAIRCUTS | {"slot_minutes": "4"}).status_code

    def test_hours_are_written_as_they_are_read(self):
        written = "08:30-12:00、14:00-17:00 错时"

        assert written == in_writing(find_windows("8:30–12:00，14：00至17:00 错时") or ())
        assert written == in_writing(find_windows(written) or ())
        assert () == find_windows(" ")


class TestOffering:
    """experience.md C2: the activities of two weeks, like the last one, approved by a second person at once."""

    def test_every_slot_becomes_an_activity_and_the_other_coordinator_approves_all(self, site, li):
        place = a_calendar(li, **DUTY)
        li.post(f"{place}/offers", {"like": town.CLEANED, "days": "5"})
        assert "还没有活动" in li.text(place)

        numbers = re.findall(
            'type="hidden" name="number" value="([^"]+)"', site.visitor("chen").text("/coord/activities")
        )
        site.visitor("chen").post("/coord/activity-approvals/all", {"number": numbers})

        with site.reading() as session:
            assert () == service.activities_proposed(session, town.XFL)
            calendar = queries.timetable(session, town.XFL, "KF01")
            assert len(service.starts_offered(session, town.XFL, calendar.id, clock.now())) in (8, 9, 10)
        assert "晚间值守" not in site.visitor().text("/appointments")

    def test_approving_all_of_ones_own_is_refused(self, li):
        assert 409 == li.post("/coord/activity-approvals/all", {"number": [town.PROPOSED]}).status_code
        assert 400 == li.post("/coord/activity-approvals/all").status_code


class TestThePoster:
    """experience.md C6: a picture and words for the group chat."""

    def test_shows_what_when_where_and_a_code(self, site):
        stranger = site.visitor()
        page = stranger.text(f"/activities/{town.TO_COME}/poster")
        picture = stranger.get(f"/activities/{town.TO_COME}/poster.svg")

        assert f"/activities/{town.TO_COME}/poster.svg" in page
        assert "发到群里的话" in page
        assert "image/svg+xml" == picture.mimetype
        drawn = picture.get_data(as_text=True)
        assert "幸福里社区" in drawn
        assert "data:image/svg+xml" in drawn

    def test_what_nobody_has_approved_has_none(self, site):
        assert 404 == site.visitor().get(f"/activities/{town.PROPOSED}/poster").status_code
        assert 404 == site.visitor().get(f"/activities/{town.PROPOSED}/poster.svg").status_code
