"""Activities on their pages: signing up in two taps, the code on the screen, the door, and the hours that follow."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import an_act
from tests.web import town
from tests.web.sites import said
from timebank import clock
from timebank.database import writing
from timebank.ledger.codes import Code, CodeKind
from timebank.people import queries as people
from timebank.people.tables import PersonRow
from timebank.service import operations, queries
from timebank.service.asked import NewActivity
from timebank.service.operations import attending, signing_up

NOW_ON = "广场义诊"


def _act(session, login):
    found = people.staff_by_login(session, town.XFL, login)
    return an_act(person_id=found.person_id, number=found.number, at=clock.now(), channel="web")


@pytest.fixture
def going_on(site):
    """An activity that began an hour ago and goes on for another; return its number."""
    starts_at = clock.now() - timedelta(hours=1)
    new = NewActivity(
        title=NOW_ON,
        service_class="health",
        place="广场",
        leader="李建国",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        capacity=1,
    )
    with writing(site.engine) as session:
        number = operations.create_activity(session, _act(session, "li"), new=new)
        operations.approve_activity(session, _act(session, "chen"), number=number)
    return number


class TestSigningUp:
    """experience.md V5: card, 报名, done; 取消报名 on the same page."""

    def test_takes_two_taps_from_home(self, site):
        wang = site.visitor(town.WANG)
        assert f"/activities/{town.TO_COME}" in wang.text("/me")

        answer = wang.post(f"/activities/{town.TO_COME}/sign-up")

        page = wang.text(answer.headers["Location"])
        assert "报名好了" in page
        assert "您已经报名" in page
        assert "已报名" in wang.text("/me")
        wang.post(f"/activities/{town.TO_COME}/sign-off")
        assert "您已经报名" not in wang.text(f"/activities/{town.TO_COME}")

    def test_pressed_twice_says_so(self, site):
        wang = site.visitor(town.WANG)
        wang.post(f"/activities/{town.TO_COME}/sign-up")

        answer = wang.post(f"/activities/{town.TO_COME}/sign-up")

        assert 409 == answer.status_code
        assert "没有重复登记" in said(answer)

    def test_a_stranger_reads_it_and_signs_in_first(self, site):
        stranger = site.visitor()

        assert "登录后就可以报名" in stranger.text(f"/activities/{town.TO_COME}")
        assert town.TO_COME in stranger.text("/activities")

    def test_what_nobody_has_approved_is_not_there(self, site):
        assert 404 == site.visitor().get(f"/activities/{town.PROPOSED}").status_code

    def test_the_desk_signs_somebody_up_and_off(self, site):
        li = site.visitor("li")

        li.post(f"/coord/activities/{town.TO_COME}/sign-up", {"who": "张桂芳"})

        page = li.text(f"/coord/activities/{town.TO_COME}")
        assert "张桂芳" in page
        assert "由 S002 代报" in site.visitor(town.ZHANG).text(f"/activities/{town.TO_COME}")
        li.post(f"/coord/activities/{town.TO_COME}/sign-off", {"who": town.ZHANG})
        assert "还没有人报名" in li.text(f"/coord/activities/{town.TO_COME}")

    def test_two_people_of_one_name_are_never_guessed(self, site):
        answer = site.visitor("li").post(f"/coord/activities/{town.TO_COME}/sign-up", {"who": "王秀英"})

        assert 409 == answer.status_code
        assert f"{town.WANG}、{town.NAMESAKE}" in said(answer)

    def test_a_cancelled_one_says_why(self, site):
        li = site.visitor("li")

        li.post(f"/coord/activities/{town.TO_COME}/cancel", {"reason": "下大雨"})

        assert "这场活动取消了。 下大雨" in said(site.visitor().get(f"/activities/{town.TO_COME}"))


class TestAnAgeLimit:
    """domain.md C1: an age that nobody knows is told, and noted at the station."""

    def test_an_unknown_birth_date_is_refused_and_can_be_noted(self, site):
        starts_at = clock.now() + timedelta(days=3)
        new = NewActivity(
            title="义务消防",
            service_class="health",
            place="广场",
            leader="李建国",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            age_min=18,
        )
        with writing(site.engine) as session:
            number = operations.create_activity(session, _act(session, "li"), new=new)
            operations.approve_activity(session, _act(session, "chen"), number=number)
            session.execute(sa.update(PersonRow).where(PersonRow.name == "张桂芳").values(born_on=None))
        zhang, li = site.visitor(town.ZHANG), site.visitor("li")

        refused = zhang.post(f"/activities/{number}/sign-up")

        assert 409 == refused.status_code
        assert "没有登记出生日期。没有报名" in said(refused)
        assert 400 == li.post(f"/people/{town.ZHANG}/birth-date", {"born_on": "哪天"}).status_code
        assert 409 == li.post(f"/people/{town.ZHANG}/birth-date", {"born_on": "2100-01-01"}).status_code
        li.post(f"/people/{town.ZHANG}/birth-date", {"born_on": "1956-03-02"})
        assert "1956" in li.text(f"/people/{town.ZHANG}")
        assert 302 == zhang.post(f"/activities/{number}/sign-up").status_code


class TestTheCalendar:
    """experience.md 5.2: a stable name for each event, the called off ones marked."""

    def test_has_each_activity_once(self, site):
        site.visitor("li").post(f"/coord/activities/{town.TO_COME}/cancel", {"reason": "下大雨"})

        answer = site.visitor().get("/activities/calendar.ics?community=xfl")
        text = answer.get_data(as_text=True)

        assert "text/calendar" == answer.mimetype
        assert text.startswith("BEGIN:VCALENDAR\r\n")
        assert text.endswith("END:VCALENDAR\r\n")
        uids = re.findall("UID:(.+)\r\n", text)
        assert len(set(uids)) == len(uids) == text.count("BEGIN:VEVENT")
        assert 1 == text.count("STATUS:CANCELLED")
        assert "TZID:Asia/Shanghai" in text
        assert "义诊" not in text
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


class TestTheCode:
    """experience.md V6: one scan and one tap; the second scan says so."""

    def test_leads_from_the_screen_to_the_hours(self, site, going_on):
        li, wang = site.visitor("li"), site.visitor(town.WANG)
        page = li.text(f"/coord/activities/{going_on}/code?way=in")
        digits = re.findall('class="hash">([0-9 ]+)<', page)[0]

        assert "确定签到" in wang.text(f"/in/{digits.replace(' ', '')}")
        answer = wang.post("/in", {"code": digits})

        assert 302 == answer.status_code
        assert "签到好了" in wang.text("/me")
        assert "已经签到" in said(wang.post("/in", {"code": digits}))
        assert "王秀英" in li.text(f"/coord/activities/{going_on}")

    def test_of_another_time_is_refused_with_what_to_do(self, site, going_on):
        answer = site.visitor(town.WANG).post("/in", {"code": Code(CodeKind.ACTIVITY, 12).digits})

        assert 409 == answer.status_code
        assert "没有记下" in said(answer)

    def test_is_not_shown_when_nobody_can_check_in(self, site):
        assert "才有签到码" in site.visitor("li").text(f"/coord/activities/{town.TO_COME}/code")


class TestTheDoor:
    """experience.md C3: one scan a person, and the page waits for the next."""

    def test_notes_cards_numbers_and_names(self, site, going_on):
        li = site.visitor("li")
        with site.reading() as session:
            card = town.card_of(session)

        first = li.post(f"/coord/activities/{going_on}/door", {"who": card, "way": ""})
        second = li.post(f"/coord/activities/{going_on}/door", {"who": "张桂芳", "way": ""})

        assert "王秀英 签到" in said(first)
        assert "张桂芳 签到" in said(second)
        assert 'autofocus="autofocus"' in second.get_data(as_text=True)
        again = li.post(f"/coord/activities/{going_on}/door", {"who": card, "way": ""})
        assert 409 == again.status_code
        assert "已经签到" in said(again)
        out = li.post(f"/coord/activities/{going_on}/door", {"who": card, "way": "out"})
        assert "王秀英 签退" in said(out)


class TestTheHours:
    """experience.md C1: those who signed up and came stand on the page already."""

    def test_everybody_with_a_place_is_listed(self, site):
        li = site.visitor("li")
        number = self._of_yesterday(site)

        page = li.text(f"/coord/activities/{number}/hours")

        assert page.count('name="number"') == 3
        assert "已到 2 人" in said(li.get(f"/coord/activities/{number}/hours"))
        assert "1小时" in page

    def _of_yesterday(self, site):
        """Three signed up; one was there for all of it, one for half, one was not seen."""
        begins = clock.now() - timedelta(days=1)
        with writing(site.engine) as session:
            early = self._acting(session, begins - timedelta(days=2))
            new = NewActivity(
                title="理发",
                service_class="everyday_help",
                place="3号楼",
                leader="李建国",
                starts_at=begins,
                ends_at=begins + timedelta(hours=2),
            )
            number = operations.create_activity(session, early("li"), new=new)
            operations.approve_activity(session, early("chen"), number=number)
            for person in (town.WANG, town.NAMESAKE, town.ZHANG):
                signing_up.sign_up(session, early("li"), activity_number=number, volunteer_number=person)
            for person, minutes in ((town.WANG, (0, 120)), (town.NAMESAKE, (60, 120))):
                for after in minutes:
                    at = self._acting(session, begins + timedelta(minutes=after))
                    attending.mark_at_door(session, at("li"), activity_number=number, volunteer_number=person)
            assert 3 == len(queries.sign_ups(session, town.XFL, queries.activity(session, town.XFL, number)))
        return number

    def _acting(self, session, at):
        def act(login):
            found = people.staff_by_login(session, town.XFL, login)
            return an_act(person_id=found.person_id, number=found.number, at=at, channel="web")

        return act


class TestTheFamilysHelp:
    """domain.md section 3, V9: named at the desk, and then under one's own name for somebody else."""

    def test_leads_from_the_desk_to_the_list(self, site):
        li, zhang = site.visitor("li"), site.visitor(town.ZHANG)
        until = (clock.now() + timedelta(days=30)).date().isoformat()

        li.post(f"/people/{town.WANG}/helpers", {"helper": town.ZHANG, "relation": "儿媳", "until": until})
        assert "儿媳" in li.text(f"/people/{town.WANG}/helpers")
        assert "替 王秀英 报名" in zhang.text(f"/activities/{town.TO_COME}")
        zhang.post(f"/activities/{town.TO_COME}/sign-up", {"whom": town.WANG})

        assert f"由 {town.ZHANG} 代报" in site.visitor(town.WANG).text(f"/activities/{town.TO_COME}")
        zhang.post(f"/activities/{town.TO_COME}/sign-off", {"whom": town.WANG})
        li.post(f"/people/{town.WANG}/helpers/end", {"helper": town.ZHANG})
        assert "没有登记家人代办" in li.text(f"/people/{town.WANG}/helpers")


class TestALengthThatNobodyCanRead:
    """GOV.UK pattern: said at the top and at its row; what was typed stays; at most twelve hours."""

    @pytest.mark.parametrize(("typed", "wrong"), [("一会儿", True), ("12:01", True), ("12:00", False), ("90分", False)])
    def test_is_said_with_the_name_at_the_top(self, site, typed, wrong):
        row = {"number": "V0004", "came": "V0004", "minutes": typed, "remark": ""}
        fields = {"default": "2", "names": "", "step": "check"}

        answer = site.visitor("li").post(f"/coord/activities/{town.TO_RECORD}/hours", row | fields)

        assert 200 == answer.status_code
        assert wrong == ("1 人的时长看不懂，还没有保存：" in said(answer))
        assert wrong == ("请写成 1.5、1:30 或 90分，最多 12 小时" in said(answer))
        assert f'value="{typed}"' in answer.get_data(as_text=True)
