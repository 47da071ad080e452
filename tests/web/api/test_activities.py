"""Sign-ups, attendances, objections and opening calendars through the API: each counts once under its key."""

from datetime import timedelta

import pytest

from tests.builders import an_act
from tests.web import town
from tests.web.api.programs import a_program, problem
from timebank import clock
from timebank.database import writing
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.service import operations
from timebank.service.asked import NewActivity
from timebank.timetable import operations as timetables
from timebank.timetable.asked import NewTimetable
from timebank.timetable.rules import DayKind, Use, WeekWindow, Window

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
WHO = {"volunteer_number": town.WANG}


def _act(session, login):
    found = people.staff_by_login(session, town.XFL, login)
    return an_act(person_id=found.person_id, number=found.number, at=clock.now(), channel="web")


@pytest.fixture
def going_on(site):
    """An activity that began an hour ago; return its number."""
    starts_at = clock.now() - timedelta(hours=1)
    new = NewActivity(
        title="义诊",
        service_class="health",
        place="广场",
        leader="李建国",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
    )
    with writing(site.engine) as session:
        number = operations.create_activity(session, _act(session, "li"), new=new)
        operations.approve_activity(session, _act(session, "chen"), number=number)
    return number


class TestSignUps:
    """R8: a retry counts once; a rule's refusal is 409."""

    def test_a_retry_gets_the_same_answer_and_signs_nobody_up_twice(self, site):
        program = a_program(site, "li")
        path = f"/activities/{town.TO_COME}/sign-ups"

        first, again = (program.post(path, WHO, key="sign-up-0001") for _ in "ab")

        assert {"waits": 0} == first.json == again.json
        assert "true" == again.headers["Idempotency-Replayed"]
        assert [town.WANG] == [one["volunteer_number"] for one in program.get(path).json["items"]]
        problem(program.post(path, WHO), 409, "signed_up_already")
        problem(program.post(path, WHO, key=None), 400, "idempotency_key_missing")

    def test_the_list_is_left_again(self, site):
        program = a_program(site, "li")
        program.post(f"/activities/{town.TO_COME}/sign-ups", WHO)

        assert 204 == program.post(f"/activities/{town.TO_COME}/sign-offs", WHO).status_code
        assert [] == program.get(f"/activities/{town.TO_COME}/sign-ups").json["items"]

    def test_what_is_called_off_takes_nobody(self, site):
        program = a_program(site, "li")
        reason = {"reason": "下大雨了"}

        assert 204 == program.post(f"/activities/{town.TO_COME}/cancellations", reason).status_code
        problem(program.post(f"/activities/{town.TO_COME}/sign-ups", WHO), 404, "no_such_activity")


class TestAttendances:
    """Coming and going at the door."""

    def test_in_and_out(self, site, going_on):
        program = a_program(site, "li")
        path = f"/activities/{going_on}/attendances"

        assert {"direction": "in", "volunteer": town.WANG} == program.post(path, WHO).json
        assert "out" == program.post(path, WHO | {"way": "out"}).json["direction"]
        problem(program.post(path, WHO | {"way": "out"}), 409, "checked_out_already")
        assert 422 == program.post(path, WHO | {"way": "sideways"}).status_code


class TestObjections:
    """V8: a number and a day for the answer."""

    def test_taken_listed_and_answered_by_another(self, site):
        program = a_program(site, "li")
        taken = program.post("/objections", WHO | {"text": "少了一次"}, key="objection-1")
        number = taken.json["number"]

        assert 201 == taken.status_code
        assert taken.headers["Location"].endswith(f"/objections/{number}")
        assert [number] == [one["number"] for one in program.get("/objections").json["items"]]
        said = {"answer": "已经补上", "corrected": True}
        assert 204 == program.post(f"/objections/{number}/answers", said).status_code
        assert "corrected" == program.get(f"/objections/{number}").json["state"]
        problem(program.post(f"/objections/{number}/answers", said), 409, "line_objection_answered")


class TestCalendars:
    """Slots are read, booked and offered."""

    def test_slots_are_booked_and_offered(self, site):
        haircuts, duty = _calendars(site)
        program = a_program(site, "li")

        assert [haircuts, duty] == [one["number"] for one in program.get("/timetables").json["items"]]
        slots = program.get(f"/timetables/{haircuts}/slots?days=3").json["items"]
        booked = program.post(f"/timetables/{haircuts}/bookings", WHO | {"starts_at": slots[-1]["starts_at"]})
        offered = program.post(f"/timetables/{duty}/offers", {"like": town.CLEANED, "days": 3})

        assert 200 == booked.status_code
        assert 1 == program.get(f"/timetables/{haircuts}/slots?days=3").json["items"][-1]["taken"]
        assert len(offered.json["activities"]) in (2, 3)
        table = program.get(f"/timetables/{haircuts}/slots", headers={"Accept": "text/csv"}).get_data(as_text=True)
        assert "starts_at,ends_at,label,places,taken" in table


def _calendars(site):
    week = tuple(WeekWindow(kind, Window(1380, 1440)) for kind in DayKind)
    with writing(site.engine) as session:
        numbers = []
        for use in (Use.APPOINTMENTS, Use.ACTIVITIES):
            act = _act(session, "li")
            number = timetables.make(session, act, new=NewTimetable(use=use, name=use, place="服务站"))
            timetables.set_hours(session, _act(session, "li"), number=number, valid_from=day_of(act.at), windows=week)
            numbers.append(number)
    return numbers
