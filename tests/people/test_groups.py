"""Groups (团队): registered like a person, with a passbook and nothing else that a person has."""

import pytest

from tests.people.builders import (
    a_staff_member,
    a_volunteer,
    acting_as,
    open_the_community,
)
from timebank.books.requests import Secret
from timebank.people import operations, queries
from timebank.people.admission import HomeUnknown, PersonNameInvalid, PhoneInvalid
from timebank.people.operations import NewGroup
from timebank.people.operations.grouping import GroupContactMissing, GroupExists
from timebank.people.operations.helping import name_helper
from timebank.people.queries import GroupOnlyGives, NoSuchVolunteer, NotAllowed
from timebank.people.roles import Role


@pytest.fixture
def chen(session):
    """A coordinator of an open community."""
    open_the_community(session)
    return a_staff_member(session)


def registered(session, who, **changes):
    """Register a group; return its number."""
    new = NewGroup(**({"name": "红马甲服务队", "contact": "王秀英", "phone": "13900001234"} | changes))
    return operations.register_group(session, acting_as(who), group=new)


class TestRegistering:
    """domain.md section 3, P4: a group has a number of its own kind and somebody who speaks for it."""

    def test_it_has_a_number_of_its_own_kind(self, session, chen):
        first, second = registered(session, chen), registered(session, chen, name="银龄护绿队")

        assert ("TD0001", "TD0002") == (first, second)
        found = queries.group(session, "xfl", first)
        assert ("红马甲服务队", "王秀英", "139****1234") == (found.name, found.contact, found.phone)
        assert queries.volunteer(session, "xfl", first).is_group

    def test_it_is_counted_apart_from_the_people_and_their_numbers_go_on(self, session, chen):
        person = a_volunteer(session)
        registered(session, chen)

        assert 1 == queries.volunteer_count(session, "xfl")
        assert int(person.number[1:]) + 1 == int(a_volunteer(session).number[1:])
        assert not queries.volunteer(session, "xfl", person.number).is_group

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"name": " "}, PersonNameInvalid),
            ({"contact": " "}, GroupContactMissing),
            ({"contact": "王" * 61}, GroupContactMissing),
            ({"contact": "王\n秀英"}, GroupContactMissing),
            ({"phone": "12"}, PhoneInvalid),
            ({"area": "没有的片区"}, HomeUnknown),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_registered(self, session, chen, changes, refusal):
        with pytest.raises(refusal):
            registered(session, chen, **changes)

        assert () == queries.groups(session, "xfl")

    def test_a_name_is_registered_once(self, session, chen):
        number = registered(session, chen)

        with pytest.raises(GroupExists) as refused:
            registered(session, chen, name=" 红马甲服务队 ")

        assert {"group": number} == refused.value.facts

    def test_not_by_whoever_registers_nobody(self, session, chen):
        with pytest.raises(NotAllowed):
            registered(session, a_staff_member(session, Role.CLERK))

    def test_a_person_is_no_group(self, session, chen):
        with pytest.raises(NoSuchVolunteer):
            queries.group(session, "xfl", a_volunteer(session).number)


class TestWhatAGroupHasNot:
    """No card, no login, no helper: nobody stands behind it as a person."""

    def test_no_card(self, session, chen):
        with pytest.raises(GroupOnlyGives):
            operations.issue_card(session, acting_as(chen), number=registered(session, chen))

    def test_no_login(self, session, chen):
        number = registered(session, chen)

        with pytest.raises(GroupOnlyGives) as refused:
            operations.issue_one_time_login(session, acting_as(chen), number=number, one_time_token=Secret("x" * 20))

        assert {"group": number} == refused.value.facts

    def test_no_helper(self, session, chen):
        number, helper = registered(session, chen), a_volunteer(session).number
        act = acting_as(chen)

        with pytest.raises(GroupOnlyGives):
            name_helper(session, act, number=number, helper_number=helper, relation="队员", until_on=act.today)
