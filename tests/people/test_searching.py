"""Finding a volunteer at the desk."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.people.builders import a_newcomer, a_volunteer, an_admin_act, open_the_community
from timebank.people import operations, queries
from timebank.people.queries.volunteers import NoSuchVolunteer


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


def found(session, text, **options):
    """Return the numbers of those whom a text finds."""
    return [person.number for person in queries.search_volunteers(session, "xfl", text, **options)]


def close_passbook(session, number):
    """Close a passbook; there is no verb for it yet."""
    session.execute(
        sa.text("UPDATE volunteer SET closed_on = '2026-11-01', registered_on = '2020-01-01' WHERE number = :number"),
        {"number": number},
    )


class TestSearching:
    """domain.md V2: by number, name, pinyin initials, end of the phone, building."""

    @pytest.mark.parametrize(
        "text",
        ["V0001", "v0001", "Ｖ０００１", "0001", "王秀英", "秀英", "王", "wxy", "WXY", "wx", "1005", "19900001005"],
    )
    def test_whatever_people_say_finds_them(self, session, text):
        a_volunteer(session, name="王秀英", phone="19900001005")
        a_volunteer(session, name="李建国", phone="19900002222")

        assert ["V0001"] == found(session, text)

    def test_a_building_finds_everybody_in_it(self, session):
        a_volunteer(session, name="王秀英", area="一片区", building="5号楼")
        a_volunteer(session, name="李建国", area="一片区", building="15号楼")

        assert ["V0001"] == found(session, "5号楼")

    def test_dots_and_blanks_in_a_name_need_not_be_typed(self, session):
        a_volunteer(session, name="阿依古丽·买买提")

        assert ["V0001"] == found(session, "阿依古丽买买提")
        assert ["V0001"] == found(session, "买买提")

    @pytest.mark.parametrize(
        "text", ["", " ", "%", "_", "王%英", "王_英", "\\", "'; DROP TABLE person; --", "张", "王" * 61, "x" * 10_000]
    )
    def test_wildcards_and_nonsense_find_nobody(self, session, text):
        a_volunteer(session, name="王小英")

        assert [] == found(session, text)

    @pytest.mark.parametrize("text", ["05", "5"])
    def test_fewer_than_three_digits_of_a_phone_find_nobody(self, session, text):
        a_volunteer(session, phone="19900001005")

        assert [] == found(session, text)

    def test_finds_as_many_as_are_asked_for_and_never_more_than_fifty(self, session):
        people = tuple(a_newcomer(number=f"V{count:04}") for count in range(1, 56))
        operations.register_volunteers(session, an_admin_act(), people=people)

        assert 20 == len(found(session, "王秀英"))
        assert 3 == len(found(session, "王秀英", limit=3))
        assert 50 == len(found(session, "王秀英", limit=1_000_000))

    def test_the_exact_name_comes_before_the_beginning_and_before_the_middle(self, session):
        a_volunteer(session, name="小王秀")
        a_volunteer(session, name="王秀英")
        a_volunteer(session, name="王秀")

        assert ["V0003", "V0002", "V0001"] == found(session, "王秀")

    def test_a_closed_passbook_comes_last(self, session):
        a_volunteer(session)
        a_volunteer(session)
        close_passbook(session, "V0001")

        assert ["V0002", "V0001"] == found(session, "王秀英")


class TestTwoOfOneName:
    """domain.md V2: two 王秀英 are told apart by building, masked phone and year of birth."""

    def test_each_carries_what_tells_them_apart(self, session):
        a_volunteer(session, phone="19900001005", area="二片区", building="3号楼", born_on=date(1958, 3, 2))
        a_volunteer(session, phone="19900001006", area="一片区", building="5号楼", born_on=date(1947, 9, 1))

        people = queries.search_volunteers(session, "xfl", "王秀英")

        assert [("一片区", "5号楼", "199****1006", 1947), ("二片区", "3号楼", "199****1005", 1958)] == [
            (person.area, person.building, person.masked_phone, person.birth_year) for person in people
        ]

    def test_in_one_building_the_elder_stands_first(self, session):
        a_volunteer(session, area="一片区", building="5号楼", born_on=date(1958, 3, 2))
        a_volunteer(session, area="一片区", building="5号楼", born_on=date(1947, 9, 1))

        assert ["V0002", "V0001"] == found(session, "王秀英")

    def test_what_is_not_known_is_empty(self, session):
        person = a_volunteer(session, born_on=None)

        assert ("", None) == (person.masked_phone, person.birth_year)


class TestAskingForNumbers:
    """Whoever has the number, has the person."""

    def test_a_number_that_nobody_has_is_told(self, session):
        with pytest.raises(NoSuchVolunteer) as refused:
            queries.volunteer(session, "xfl", "V0009")

        assert {"number": "V0009"} == refused.value.facts
        assert queries.find_volunteer(session, "xfl", "V0009") is None

    def test_many_are_asked_for_at_once(self, session):
        one, other = a_volunteer(session), a_volunteer(session)

        assert {"V0001": one, "V0002": other} == queries.volunteers(session, "xfl", ["V0002", "V0001", "V0009"])

    def test_the_list_of_all_is_in_the_order_of_the_numbers(self, session):
        for number in ("V10000", "V0002", "V9999"):
            a_volunteer(session, number=number)
        close_passbook(session, "V0002")

        listed = queries.all_volunteers(session, "xfl")

        assert ["V0002", "V9999", "V10000"] == [person.number for person in listed]
        assert 2 == queries.volunteer_count(session, "xfl")
