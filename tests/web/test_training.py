"""The page of trainings: recorded by one coordinator, approved or rejected by the other."""

import re

from tests.web.sites import said
from tests.web.town import NAMESAKE, WANG
from timebank import clock
from timebank.ledger.days import day_of
from timebank.people.queries.training import training_records_of, trainings_of

PAGE = "/coord/trainings"


def a_training(**changes):
    """What is typed into the form."""
    typed = {
        "course": "急救",
        "organiser": "红十字会",
        "trained_on": day_of(clock.now()).isoformat(),
        "length": "1:30",
        "names": f"{WANG}\n\n{NAMESAKE}",
    }
    return typed | changes


def ticked(visitor):
    """The ids that wait, as the page has them."""
    return re.findall('name="training" value="([0-9a-f-]{36})" form', visitor.text(PAGE))


class TestTrainings:
    """Order 67 article 8."""

    def test_is_recorded_by_one_and_approved_by_another(self, site):
        li, chen = site.visitor("li"), site.visitor("chen")
        li.post(PAGE, a_training())
        assert [] == ticked(li)
        assert "等通过的培训" in said(chen.get("/coord"))

        chen.post(f"{PAGE}/approve", {"training": ticked(chen)[0]})
        rejected = {"training": ticked(chen)[0], "reason": "没有来"}
        chen.post(f"{PAGE}/reject", rejected)

        page = said(chen.get(PAGE))
        assert "没有等通过的培训" in page
        assert "已退回：没有来" in page
        with site.reading() as session:
            today = day_of(clock.now())
            assert [90] == [one.minutes for one in trainings_of(session, "xfl", WANG, on=today)]
            assert ["rejected"] == [one.state.value for one in training_records_of(session, "xfl", NAMESAKE)]

    def test_what_is_wrong_is_said_and_nothing_is_lost(self, site):
        answer = site.visitor("li").post(PAGE, a_training(length="很久", course=""))

        assert 400 == answer.status_code
        assert "请写成 1.5、1:30 或 90分" in said(answer)
        assert NAMESAKE in answer.get_data(as_text=True)

    def test_a_name_of_two_people_is_never_guessed(self, site):
        answer = site.visitor("li").post(PAGE, a_training(names="王秀英"))

        assert 409 == answer.status_code
        assert {WANG, NAMESAKE} <= set(re.findall(r"V\d{4}", said(answer)))
