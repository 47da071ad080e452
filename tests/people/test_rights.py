"""Whether somebody may do something, and where."""

import pytest

from tests.builders import an_act
from tests.people.builders import a_place, a_staff_member, a_volunteer, acting_as, an_admin_act, open_the_community
from tests.people.test_security_admins import appoint
from timebank.people import queries
from timebank.people.queries.places import NoSuchOrgUnit
from timebank.people.queries.rights import NotAllowed
from timebank.people.roles import PERMISSIONS, SYSTEM, SYSTEM_PERMISSIONS, Permission, Role


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


class TestRights:
    """trust.md section 1: every operation asks first."""

    @pytest.mark.parametrize("role", [*Role])
    def test_each_role_may_exactly_what_its_row_says(self, session, role):
        alone = role is not Role.SECURITY_ADMIN
        someone = a_staff_member(session, role) if alone else appoint(session, a_staff_member(session))
        act = acting_as(someone)

        assert PERMISSIONS[role] == {each for each in Permission if queries.may(session, act, each)}

    def test_the_refusal_names_what_was_asked(self, session):
        with pytest.raises(NotAllowed) as refused:
            queries.check_may(session, an_admin_act(), Permission.REDEEM)

        assert {"permission": "redeem"} == refused.value.facts

    def test_the_system_may_exactly_what_its_row_says(self, session):
        act = an_act(number=SYSTEM)

        assert SYSTEM_PERMISSIONS == {each for each in Permission if queries.may(session, act, each)}

    def test_a_volunteer_without_a_role_may_nothing(self, session):
        person = a_volunteer(session)
        act = an_act(person_id=person.person_id, number=person.number)

        assert not any(queries.may(session, act, each) for each in Permission)

    def test_nobody_acts_under_the_number_of_another(self, session):
        one, other = a_staff_member(session), a_staff_member(session)

        assert not queries.may(session, acting_as(one, number=other.number), Permission.RECORD_HOURS)
        assert not queries.may(session, acting_as(one, number="system "), Permission.VERIFY)


class TestScopes:
    """domain.md C8: a role reaches as far as its part of the tree."""

    def test_it_reaches_its_unit_and_everything_below(self, session):
        building = a_place(session, area="一片区", building="5号楼")
        area = a_place(session, area="一片区")
        act = acting_as(a_staff_member(session, org_unit_id=area))

        assert queries.may(session, act, Permission.RECORD_HOURS, org_unit_id=building)
        assert queries.may(session, act, Permission.RECORD_HOURS, org_unit_id=area)

    def test_and_nothing_beside_or_above(self, session):
        area, other = a_place(session, area="一片区"), a_place(session, area="二片区")
        act = acting_as(a_staff_member(session, org_unit_id=area))

        assert not queries.may(session, act, Permission.RECORD_HOURS, org_unit_id=other)
        assert not queries.may(session, act, Permission.RECORD_HOURS, org_unit_id=queries.root(session, "xfl").id)

    def test_where_no_place_is_meant_any_part_will_do(self, session):
        act = acting_as(a_staff_member(session, org_unit_id=a_place(session, area="一片区")))

        assert queries.may(session, act, Permission.RECORD_HOURS)

    def test_a_place_that_is_not_there_is_told(self, session):
        with pytest.raises(NoSuchOrgUnit):
            queries.check_may(session, an_admin_act(), Permission.READ_PEOPLE, org_unit_id=an_act().new_id("x"))

    def test_a_person_is_where_they_live_and_without_a_home_in_the_whole(self, session):
        area = a_place(session, area="一片区")
        near, far = a_volunteer(session, area="一片区"), a_volunteer(session)
        act = acting_as(a_staff_member(session, org_unit_id=area))

        queries.check_may_for(session, act, Permission.READ_PEOPLE, near.person_id)
        with pytest.raises(NotAllowed):
            queries.check_may_for(session, act, Permission.READ_PEOPLE, far.person_id)
