"""The tasks of a volunteer with a phone, each within its budget of taps: experience.md V5, V6 and V8."""

import re

import pytest

from tests.browser.hours.somebody import DESK, PHONE, Somebody, somebody
from tests.browser.hours.story import going_on
from tests.web.town import TO_COME, WANG, XFL
from timebank.service import queries


@pytest.fixture
def volunteer(browser, town):
    """王秀英 with her phone."""
    made = somebody(browser, town, WANG, PHONE)
    yield made
    made.page.context.close()


def digits_shown(browser, town, activity):
    """What the screen of an activity shows now."""
    desk = somebody(browser, town, "li", DESK).at(f"/coord/activities/{activity}/code")
    shown = desk.page.inner_text(".shown-code .hash")
    desk.page.context.close()
    return re.sub(r"\D", "", shown)


class TestJoining:
    """V5: two or three taps from the list; taken back on the same page."""

    def test_takes_two_taps_and_is_undone_by_one(self, volunteer: Somebody, town):
        volunteer.at("/activities")

        volunteer.tap("a.card:has-text('平安夜巡')")
        volunteer.taps("报名")
        volunteer.sees("您已经报名")

        assert 3 >= volunteer.actions
        assert [WANG] == listed(town, TO_COME)
        volunteer.taps("取消报名")
        volunteer.sees("已报名 0 人")
        assert [] == listed(town, TO_COME)


class TestCheckingIn:
    """V6: one scan and one tap; a second scan says that it is done, and nothing is kept twice."""

    def test_takes_a_scan_and_a_tap(self, browser, volunteer: Somebody, town):
        activity = going_on(town)
        volunteer.begins()

        volunteer.opens_by_scan(f"/in/{digits_shown(browser, town, activity)}")
        volunteer.taps("确定签到")
        volunteer.sees("签到好了")

        assert 2 >= volunteer.actions
        volunteer.opens_by_scan(f"/in/{digits_shown(browser, town, activity)}")
        volunteer.taps("确定签到")
        volunteer.sees("已经签到")
        with town.site.reading() as session:
            found = queries.activity(session, XFL, activity)
            assert [WANG] == [one.volunteer_number for one in queries.attendances(session, XFL, found.id)]


class TestDoubting:
    """V8: three taps from a line; a number is given, the state is seen, the desk has a task."""

    def test_takes_three_taps(self, browser, volunteer: Somebody, town):
        volunteer.at("/me/passbook")
        volunteer.tap("table.stacks a")
        volunteer.begins()

        volunteer.tap("summary:has-text('有疑问')")
        volunteer.tap("main details[open] label", 0)
        volunteer.taps("提交")
        volunteer.sees("Y-")

        assert 3 >= volunteer.actions
        with town.site.reading() as session:
            [case] = queries.objections_open(session, XFL)
        volunteer.sees(case.number)
        desk = somebody(browser, town, "li", DESK).at("/coord")
        desk.taps("等答复的异议")
        desk.sees(case.number)
        desk.page.context.close()


def listed(town, activity):
    """Who is signed up."""
    with town.site.reading() as session:
        found = queries.activity(session, XFL, activity)
        return [one.volunteer_number for one in queries.sign_ups(session, XFL, found)]
