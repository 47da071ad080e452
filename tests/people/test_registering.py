"""Registering volunteers."""

from datetime import date, timedelta

import pytest

from tests.builders import NOON
from tests.people.builders import (
    VAULT,
    a_newcomer,
    a_place,
    a_staff_member,
    a_volunteer,
    acting_as,
    an_admin_act,
    an_identity_number,
    open_the_community,
)
from timebank.books import trail
from timebank.books.requests import RequestKeyReused
from timebank.books.trail import TrailFilter
from timebank.people import admission, operations, queries
from timebank.people.identity import DocumentKind
from timebank.people.operations.registering import NobodyToRegister
from timebank.people.queries.rights import NotAllowed
from timebank.people.roles import Role

TODAY = date(2026, 11, 23)


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


def register(session, *people, **changes):
    """Register people in the name of the admin."""
    return operations.register_volunteers(session, an_admin_act(**changes), people=people)


def refused(session, kind, *people):
    """Register people who are refused; return the facts of the refusal."""
    with pytest.raises(kind) as refusal:
        register(session, *people)
    return refusal.value.facts


def a_document(number=None, kind=DocumentKind.RESIDENT_ID, community_id="xfl"):
    return VAULT.document(community_id, kind, number or an_identity_number())


class TestRegistering:
    """MCA Order 67 article 5: basic information; many at once, all or none."""

    def test_everything_that_was_told_can_be_read(self, session):
        home = a_place(session, area="一片区", building="5号楼")

        register(
            session,
            a_newcomer(
                name=" 王秀英 ",
                phone="+86 199 0000 1005",
                sex="female",
                area="一片区",
                building="5号楼",
                household="2单元301",
                registered_on=date(2020, 5, 1),
            ),
        )

        person = queries.volunteer(session, "xfl", "V0001")
        assert ("王秀英", "female", date(1958, 3, 2), "19900001005") == (
            person.name,
            person.sex,
            person.born_on,
            person.phone,
        )
        assert ("一片区", "5号楼", home, "2单元301") == (
            person.area,
            person.building,
            person.org_unit_id,
            person.household,
        )
        assert (date(2020, 5, 1), None) == (person.registered_on, person.closed_on)

    def test_numbers_go_on_after_the_largest(self, session):
        register(session, a_newcomer(number="V0041"))

        answer = register(session, a_newcomer(name="李建国"), a_newcomer(name="赵敏"))

        assert ["V0042", "V0043"] == [person["number"] for person in answer["people"]]

    def test_numbers_that_people_have_already_are_kept(self, session):
        answer = register(session, a_newcomer(number="V0007"), a_newcomer(), a_newcomer(number="V0003"))

        assert ["V0007", "V0008", "V0003"] == [person["number"] for person in answer["people"]]

    def test_after_v9999_comes_v10000(self, session):
        register(session, a_newcomer(number="V9999"))
        register(session, a_newcomer(), a_newcomer())

        assert "V10002" == register(session, a_newcomer())["people"][0]["number"]

    def test_the_day_of_registration_is_today_unless_told_otherwise(self, session):
        assert TODAY == a_volunteer(session).registered_on

    def test_the_birth_date_comes_from_the_identity_number_where_it_is_not_told(self, session):
        number = an_identity_number(date(1950, 2, 28))

        person = a_volunteer(session, born_on=None, document=a_document(number))

        assert date(1950, 2, 28) == person.born_on

    def test_a_building_is_enough_where_its_name_is_there_once(self, session):
        a_place(session, area="一片区", building="5号楼")

        register(session, a_newcomer(building="5号楼"))

        assert "一片区" == queries.volunteer(session, "xfl", "V0001").area

    def test_a_member_household_lies_in_its_building(self, session):
        unit = a_place(session, area="一片区", building="5号楼", member_household="李桂兰家")

        register(session, a_newcomer(org_unit_id=unit))

        person = queries.volunteer(session, "xfl", "V0001")
        assert ("一片区", "5号楼") == (person.area, person.building)

    def test_pressed_twice_registers_once(self, session):
        first = register(session, a_newcomer(), request_key="register-them")
        again = register(session, a_newcomer(), request_key="register-them")

        assert first == again
        assert queries.find_volunteer(session, "xfl", "V0002") is None

    def test_the_same_key_with_another_document_is_another_request(self, session):
        register(session, a_newcomer(document=a_document()), request_key="register-them")
        other = a_document(an_identity_number(sequence=2))

        with pytest.raises(RequestKeyReused):
            register(session, a_newcomer(document=other), request_key="register-them")

    def test_a_phone_of_two_people_is_allowed_and_reported(self, session):
        a_volunteer(session, phone="19900001005")

        answer = register(
            session, a_newcomer(phone="199 0000 1005"), a_newcomer(phone="19900001006"), a_newcomer(phone=None)
        )

        assert [["V0001", "V0002"]] == answer["shared_phones"]

    def test_somebody_of_the_staff_remains_the_same_person(self, session):
        staff = a_staff_member(session, name="李建国")

        person = a_volunteer(session, name="李建国", staff_number=staff.number, phone="19900001005")

        assert staff.person_id == person.person_id
        assert "19900001005" == person.phone

    def test_leaves_one_line_without_names_in_the_trail(self, session):
        register(session, a_newcomer(name="赖建国"))

        lines = trail.lines(session, "xfl", wanted=TrailFilter(verb="people.register_volunteers"))
        assert ["done"] == [line.outcome for line in lines]
        assert "赖建国" not in str(lines)

    def test_many_are_registered_at_once(self, session):
        people = [a_newcomer(name=f"居民{count}", number=f"V{count:04}") for count in range(1, 187)]

        answer = register(session, *people)

        assert 186 == len(answer["people"])
        assert "居民186" == queries.volunteer(session, "xfl", "V0186").name


class TestTheList:
    """trust.md I10: a list is told everything that is wrong with it, and nothing of it is done."""

    def test_every_reason_is_told_in_the_order_of_the_list(self, session):
        people = (a_newcomer(name=""), a_newcomer(), a_newcomer(phone="1", number="X"))

        found = operations.registration_refusals(session, an_admin_act(), people)

        assert [("person_name_invalid", 1), ("phone_invalid", 3), ("volunteer_number_invalid", 3)] == [
            (refusal.code, refusal.facts["place"]) for refusal in found
        ]

    def test_a_good_list_has_nothing_to_tell(self, session):
        assert () == operations.registration_refusals(session, an_admin_act(), (a_newcomer(),))

    def test_one_wrong_person_and_nobody_is_registered(self, session):
        refused(session, admission.PhoneInvalid, a_newcomer(number="V0001"), a_newcomer(phone="1"))

        assert queries.find_volunteer(session, "xfl", "V0001") is None

    @pytest.mark.parametrize("count", [0, 5001])
    def test_nobody_and_more_than_5000_are_refused(self, session, count):
        people = (a_newcomer(),) * count

        facts = refused(session, NobodyToRegister, *people)

        assert {"people": count, "people_max": 5000} == facts


class TestRights:
    """trust.md section 1: who may register people, and where."""

    @pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
    def test_clerks_and_auditors_register_nobody(self, session, role):
        staff = a_staff_member(session, role)

        with pytest.raises(NotAllowed):
            operations.register_volunteers(session, acting_as(staff), people=(a_newcomer(),))

    def test_a_coordinator_of_an_area_registers_people_there(self, session):
        unit = a_place(session, area="一片区")
        a_place(session, area="一片区", building="5号楼")
        staff = a_staff_member(session, org_unit_id=unit)

        answer = operations.register_volunteers(session, acting_as(staff), people=(a_newcomer(building="5号楼"),))

        assert "V0001" == answer["people"][0]["number"]

    @pytest.mark.parametrize("building", ["3号楼", ""])
    def test_but_nowhere_else(self, session, building):
        unit = a_place(session, area="一片区", building="5号楼")
        a_place(session, area="二片区", building="3号楼")
        staff = a_staff_member(session, org_unit_id=unit)

        with pytest.raises(NotAllowed):
            operations.register_volunteers(session, acting_as(staff), people=(a_newcomer(building=building),))

    def test_the_moment_of_the_act_decides_the_age(self, session):
        child = a_newcomer(born_on=date(2008, 11, 24))

        with pytest.raises(admission.GuardianMissing):
            register(session, child, at=NOON)

        assert register(session, child, at=NOON + timedelta(days=1))
