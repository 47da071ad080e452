"""The tasks of a coordinator, each within its budget of actions and seconds: experience.md C1 to C6."""

import pytest

from tests.browser.hours.somebody import DESK, Somebody, somebody
from tests.browser.hours.story import card_for, going_on, signed_up, typed_in
from tests.browser.till.person import READ
from tests.web.town import CLEANED, PROPOSED, TO_COME, XFL
from tests.web.town import TO_RECORD as SWEEPING
from timebank.ledger.days import day_of
from timebank.service import queries
from timebank.service.rules import RecordState

PEOPLE = 30


def recorded(town, activity=SWEEPING):
    """The minutes of everybody who was recorded in an activity, by number."""
    with town.site.reading() as session:
        found = queries.records_of_activity(session, XFL, activity)
    return {one.volunteer_number: one.minutes for one in found if one.closer is None}


@pytest.fixture
def coordinator(browser, town):
    """李建国 at his desk."""
    made = somebody(browser, town, "li", DESK)
    yield made
    made.page.context.close()


class TestHoursForThirty:
    """C1: one absent and two others in at most twelve actions, under a minute; on one page."""

    def test_with_three_exceptions(self, coordinator: Somebody, town):
        signed_up(town, SWEEPING, PEOPLE)
        coordinator.at("/coord")

        coordinator.taps("录时长")
        coordinator.tap('[name=came][value="V0003"]')
        for place in (4, 7):
            coordinator.tap("[name=minutes]", place)
            coordinator.type("1.5")
        coordinator.taps("去核对")
        coordinator.sees("29 人")
        coordinator.taps("提交审批")
        coordinator.sees("等另一位")

        assert 12 >= coordinator.actions
        assert 60 > coordinator.seconds
        minutes = recorded(town)
        assert PEOPLE - 1 == len(minutes)
        assert "V0003" not in minutes
        assert {"V0005", "V0008"} == {number for number, length in minutes.items() if length == 90}

    def test_the_same_people_as_last_time(self, coordinator: Somebody, town):
        coordinator.at("/coord")

        coordinator.taps("录时长")
        coordinator.taps("和上次一样的 30 人")
        coordinator.taps("去核对")
        coordinator.taps("提交审批")
        coordinator.sees("等另一位")

        assert 4 >= coordinator.actions
        assert PEOPLE == len(recorded(town))

    def test_from_a_pasted_list_where_nobody_is_guessed(self, coordinator: Somebody, town):
        """C1b: unmatched names are listed."""
        coordinator.at("/coord")

        coordinator.taps("录时长")
        coordinator.tap("#names")
        coordinator.pastes("张桂芳\n王秀英\nV0004\n没有这人")
        coordinator.taps("加入名单并重算")
        coordinator.sees("没有这个人")
        coordinator.sees("同名的有")

        assert 60 > coordinator.seconds
        assert {"V0003", "V0004"} == {
            str(one.get_attribute("value")) for one in coordinator.page.locator("[name=number]").all()
        }


class TestAnotherActivity:
    """C2: like last time, in at most six actions and half a minute."""

    def test_is_proposed_for_another_day(self, coordinator: Somebody, town):
        coordinator.at("/coord/activities")

        coordinator.taps("再办一次")
        planned = coordinator.page.input_value("#day")
        coordinator.tap("#day")
        coordinator.press("ArrowUp")
        coordinator.taps("提交，等另一位批准")
        coordinator.sees("已提交，等另一位负责人批准")

        with town.site.reading() as session:
            [made] = [one for one in queries.activities_proposed(session, XFL) if one.number != PROPOSED]
        assert planned != day_of(made.starts_at).isoformat()
        assert 6 >= coordinator.actions
        assert 30 > coordinator.seconds


class TestTheDoor:
    """C3: one scan a person, ready for the next within a second and a half."""

    def test_takes_one_card_after_the_other(self, coordinator: Somebody, town):
        number = going_on(town)
        cards = [card_for(town, f"V{place:04d}") for place in range(4, 8)]
        coordinator.at(f"/coord/activities/{number}/door").is_asked("who")

        for place, card in enumerate(cards, start=1):
            coordinator.scan(card)
            coordinator.sees(f"已到 {place} 人")
            coordinator.is_asked("who")

        assert len(cards) == coordinator.actions
        assert 1.5 * len(cards) > coordinator.seconds - READ
        with town.site.reading() as session:
            assert len(cards) == len(queries.attendances(session, XFL, queries.activity(session, XFL, number).id))


class TestTheQueue:
    """C4: twenty records in twenty seconds; what oneself recorded is not to be ticked."""

    def test_is_approved_at_once_by_somebody_else(self, browser, town):
        typed_in(town, SWEEPING, 20)
        own, other = (somebody(browser, town, login, DESK) for login in ("li", "chen"))
        own.at("/coord")
        other.at("/coord")

        own.taps("等审批的记录")
        own.sees("请另一位审批")
        other.taps("等审批的记录")
        form = other.page.locator("form.card", has_text=SWEEPING)
        other.tap(form.get_by_role("button", name="通过打钩的"))
        other.sees("已通过 20 条")

        assert 0 == own.page.locator(f"form.card:has-text('{SWEEPING}') [name=record]").count()
        assert 2 >= other.actions
        assert 20 > other.seconds
        with town.site.reading() as session:
            found = queries.records_of_activity(session, XFL, SWEEPING)
        assert {RecordState.APPROVED} == {one.state for one in found}
        for one in (own, other):
            one.page.context.close()


class TestAMistake:
    """C5: corrected in at most six actions; the old line, its reversal and the new one are there."""

    def test_is_corrected(self, coordinator: Somebody, town):
        with town.site.reading() as session:
            found = queries.records_of_activity(session, XFL, CLEANED)
        [wrong] = [one for one in found if one.volunteer_number == "V0004"]
        coordinator.at(f"/coord/records/{wrong.id}")

        coordinator.tap("[name=minutes]")
        coordinator.type("1")
        coordinator.press("Tab")
        coordinator.writes("早退")
        coordinator.taps("更正")
        coordinator.sees("已更正：原来那一笔冲正了，新的一条等另一位审批")

        assert 6 >= coordinator.actions
        coordinator.sees("已冲正")
        coordinator.taps("这一条已由新的一条更正")
        coordinator.sees("1小时")
        coordinator.sees("等审批")


class TestTheGroup:
    """C6: the words for the group chat with one tap."""

    def test_is_told(self, coordinator: Somebody, town):
        coordinator.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        coordinator.at(f"/coord/activities/{TO_COME}")

        coordinator.taps("复制群消息")
        coordinator.sees("已复制，去群里粘贴吧")

        assert 1 == coordinator.actions
        copied = coordinator.page.evaluate("navigator.clipboard.readText()")
        assert "【幸福里社区】平安夜巡" in copied
        assert f"/activities/{TO_COME}" in copied
