"""More than eight hours a day take a further approver: on the page, through the API and on the record itself."""

from datetime import time, timedelta
from uuid import UUID

import pytest

from tests.builders import an_act
from tests.web import town
from tests.web.api.programs import a_program, problem
from tests.web.sites import said
from timebank import clock
from timebank.books.requests import Secret
from timebank.database import writing
from timebank.ledger.days import day_of, moment_of
from timebank.people import operations as people
from timebank.people import queries as people_queries
from timebank.people.operations import NewStaff
from timebank.people.operations.signing_in import open_demo_session
from timebank.people.roles import Role
from timebank.service import operations
from timebank.service.asked import Decision, NewActivity, Sheet, SheetLine

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def _act(session, login, **changes):
    found = people_queries.staff_by_login(session, town.XFL, login)
    return an_act(**({"person_id": found.person_id, "number": found.number, "at": clock.now()} | changes))


@pytest.fixture
def third(site):
    """A third coordinator, sun."""
    with writing(site.engine) as session:
        people.add_staff(
            session,
            _act(session, "admin"),
            staff=NewStaff(login="sun", name="孙丽"),
            roles=(Role.COORDINATOR,),
            one_time_token=Secret("token of sun"),
        )
        act = an_act(at=clock.now(), number="nobody")
        open_demo_session(session, act, login="sun", session_secret=Secret(town.secret_of("sun")))
    return site


@pytest.fixture
def too_long(site):
    """Ten hours of one person on one day, recorded by li and approved by chen; return the record's id."""
    begins = moment_of(day_of(clock.now()) - timedelta(days=1), time(8))
    new = NewActivity(
        title="搬家",
        service_class="everyday_help",
        place="3号楼",
        leader="李建国",
        starts_at=begins,
        ends_at=begins + timedelta(hours=10),
    )
    line = SheetLine(volunteer_number=town.ZHANG, starts_at=begins, ends_at=new.ends_at, remark="从早到晚都在")
    with writing(site.engine) as session:
        early = begins - timedelta(days=1)
        number = operations.create_activity(session, _act(session, "li", at=early), new=new)
        operations.approve_activity(session, _act(session, "chen", at=early), number=number)
        sheet = Sheet(activity_number=number, lines=(line,))
        [record_id] = operations.record_many(session, _act(session, "li"), sheet=sheet)["records"]
        chosen = (Decision(record_id=UUID(record_id), rating=5),)
        operations.approve_many(session, _act(session, "chen"), decisions=chosen)
    return record_id


class TestThePage:
    """C4: what takes a further approver stands at the top of the queue, with why."""

    def test_the_third_coordinator_lets_it_in(self, third, too_long):
        sun = third.visitor("sun")
        page = sun.text("/coord/approvals")
        assert "一天过长，要再一位审批" in page
        assert "从早到晚都在" in page

        answer = sun.post("/coord/approvals/further", {"record": too_long, "answer": "邻居都看到了"})

        assert "已再审批 1 条，其中 1 条已经入账" in sun.text(answer.headers["Location"])
        shown = said(sun.get(f"/coord/records/{too_long}"))
        assert "邻居都看到了" in shown
        assert "孙丽" in shown

    @pytest.mark.parametrize("login", ["li", "chen"])
    def test_those_before_have_nothing_to_tick_and_are_refused(self, third, too_long, login):
        visitor = third.visitor(login)
        page = visitor.text("/coord/approvals")
        assert f'value="{too_long}"' not in page
        assert "请找另一位" in page

        answer = visitor.post("/coord/approvals/further", {"record": too_long, "answer": "邻居都看到了"})

        assert 409 == answer.status_code
        assert "没有通过。请换一位同事" in said(answer)

    @pytest.mark.parametrize("typed", [{}, {"answer": "邻居都看到了"}, {"record": town.ZHANG, "answer": "是的"}])
    def test_what_is_incomplete_is_told(self, third, too_long, typed):
        assert 400 == third.visitor("sun").post("/coord/approvals/further", typed).status_code


class TestTheApi:
    """The same rules hold for programs."""

    def test_the_third_coordinator_lets_it_in(self, third, too_long):
        asked = {"record_ids": [too_long], "answer": "邻居都看到了"}
        problem(a_program(third, "chen").post("/further-approvals", asked), 409, "further_not_apart")

        told = a_program(third, "sun").post("/further-approvals", asked)

        assert {"approved": 1, "posted": 1} == told.json
        problem(a_program(third, "sun").post("/further-approvals", asked), 409, "further_not_asked")


class TestRecipientsByProgram:
    """domain.md R2: who was served is named, and their stars come in, by code and phone."""

    def test_named_shown_and_rating(self, site):
        program = a_program(site, "li")
        path = f"/activities/{town.CLASSROOM}"
        problem(program.get(f"{path}/recipient"), 404, "no_such_recipient")
        program.post(f"{path}/recipients", {"name": "周奶奶", "phone_tail": "0007"})
        found = program.get(f"{path}/recipient").json
        records = program.get("/service-records?state=submitted").json["items"]
        where = next(one["id"] for one in records if one["activity_number"] == town.CLASSROOM)

        door = {"record_id": where, "code": found["code"], "phone_tail": "0007"}
        problem(program.post("/ratings", door | {"stars": 2}), 409, "stars_without_reason")
        wrong = door | {"stars": 5, "phone_tail": "0008"}
        problem(program.post("/ratings", wrong), 404, "no_such_recipient_code")
        rated = program.post("/ratings", door | {"stars": 2, "reason": "来晚了"})

        assert ("周奶奶", {"stars": 2}) == (found["name"], rated.json)
