"""A named helper confirms for whom they help on a page of their own; both names stand on the record."""

import re
from datetime import timedelta

import pytest

from tests.builders import an_act
from tests.web import town
from tests.web.sites import said
from timebank import clock
from timebank.database import writing
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.people.operations import helping

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def named(asking):
    """张桂芳 may act for 王秀英 for a month."""
    with writing(asking.engine) as session:
        li = people.staff_by_login(session, town.XFL, "li")
        act = an_act(person_id=li.person_id, number=li.number, at=clock.now())
        until_on = day_of(clock.now()) + timedelta(days=30)
        helping.name_helper(
            session, act, number=town.WANG, helper_number=town.ZHANG, relation="女儿", until_on=until_on
        )
    return asking


def _first(page):
    return re.findall(rf'action="(/me/helped/{town.WANG}/([-0-9a-f]{{36}}))"', page)[0]


class TestHelping:
    """domain.md section 3, V9; two taps as for oneself."""

    def test_yes_for_whom_one_helps(self, named):
        zhang, li = named.visitor(town.ZHANG), named.visitor("li")
        assert "代家人办事" in zhang.text("/me")
        page = zhang.text("/me/helped")
        assert "您是女儿" in page
        where, record = _first(page)

        answer = zhang.post(where, {"answer": "yes"})

        assert "两个人的名字都记下了" in zhang.text(answer.headers["Location"])
        shown = said(li.get(f"/coord/records/{record}"))
        assert re.search("女儿 张桂芳 V0003 代 王秀英，授权 .* 至 ", shown)

    def test_no_for_whom_one_helps(self, named):
        zhang = named.visitor(town.ZHANG)
        where, _ = _first(zhang.text("/me/helped"))

        answer = zhang.post(where, {"answer": "时长不对"})

        assert re.search("已停住，编号 Y-[0-9]{6}-1", zhang.text(answer.headers["Location"]))

    def test_somebody_who_is_not_named_has_no_list_and_is_refused(self, named):
        where, _ = _first(named.visitor(town.ZHANG).text("/me/helped"))
        other = named.visitor(town.NAMESAKE)

        assert "没有登记您可以代谁办事" in other.text("/me/helped")
        assert "代家人办事" not in other.text("/me")
        assert 403 == other.post(where, {"answer": "yes"}).status_code

    def test_one_person_in_the_address_and_another_on_the_record_is_refused(self, named):
        zhang = named.visitor(town.ZHANG)
        _, record = _first(zhang.text("/me/helped"))

        answer = zhang.post(f"/me/helped/{town.NAMESAKE}/{record}", {"answer": "yes"})

        assert 409 == answer.status_code
        assert "没有找到这条服务记录" in said(answer)

    def test_no_answer_is_told(self, named):
        zhang = named.visitor(town.ZHANG)
        where, _ = _first(zhang.text("/me/helped"))

        assert 400 == zhang.post(where, {}).status_code
