"""Staff, their roles, and the last admin."""

import pytest

from tests.builders import NOON, an_act
from tests.people.builders import a_place, a_staff_member, a_volunteer, acting_as, an_admin_act, open_the_community
from timebank.books import trail
from timebank.books.requests import Secret
from timebank.books.trail import TrailFilter
from timebank.people import operations, queries
from timebank.people.admission import PersonNameInvalid, PhoneInvalid
from timebank.people.operations.granting import (
    LastAdmin,
    RoleForTheWhole,
    RoleHeldAlready,
    RoleNotHeld,
    RolesIncompatible,
)
from timebank.people.operations.logins import StaffDisabled
from timebank.people.operations.staffing import (
    AlreadyStaff,
    LoginInvalid,
    LoginTaken,
    NewStaff,
    RoleMissing,
)
from timebank.people.queries.places import NoSuchOrgUnit
from timebank.people.queries.rights import NotAllowed
from timebank.people.queries.sessions import OneTimeLoginSpent
from timebank.people.queries.staff import NoSuchStaff
from timebank.people.queries.volunteers import NoSuchVolunteer
from timebank.people.roles import SYSTEM, Permission, Role


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


def grant(session, staff, role, **changes):
    """Give a role in the name of the admin."""
    return operations.grant_role(session, an_admin_act(), number=staff.number, role=role, **changes)


def revoke(session, number, role, **changes):
    """Take a role in the name of the admin."""
    operations.revoke_role(session, an_admin_act(), number=number, role=role, **changes)


class TestAddingStaff:
    """trust.md A12: whoever is added begins with a login that works once."""

    def test_numbers_are_counted_and_roles_are_held(self, session):
        staff = a_staff_member(session, Role.CLERK, login="ZhaoMin", name="赵敏")

        assert ("S002", "zhaomin", "赵敏", {Role.CLERK}, False) == (
            staff.number,
            staff.login,
            staff.name,
            staff.roles,
            staff.disabled,
        )
        assert [staff.number] == [each.number for each in queries.all_staff(session, "xfl")][1:]

    def test_they_are_found_by_login_number_and_person(self, session):
        staff = a_staff_member(session, login="zhaomin")

        assert staff == queries.staff_by_login(session, "xfl", " ZHAOMIN ")
        assert staff == queries.staff_member(session, "xfl", staff.person_id)
        assert staff == queries.find_staff_by_login(session, "xfl", "zhaomin")

    def test_old_records_keep_the_names_of_those_who_left(self, session):
        staff = a_staff_member(session, name="赵敏")
        operations.disable_staff(session, an_admin_act(), number=staff.number)

        assert {"S001": "陈主任", staff.number: "赵敏"} == queries.staff_names(session, "xfl")

    def test_the_one_time_login_works(self, session):
        staff = a_staff_member(session, login="zhaomin")

        found = queries.one_time_login(session, "xfl", secret="token of zhaomin", at=NOON)

        assert staff.person_id == found.person_id

    def test_a_volunteer_who_joins_the_staff_remains_the_same_person(self, session):
        person = a_volunteer(session, name="王秀英")

        staff = a_staff_member(session, volunteer_number=person.number)

        assert (person.person_id, "王秀英") == (staff.person_id, staff.name)

    def test_who_gave_the_role_is_kept(self, session):
        staff = a_staff_member(session)

        held = queries.roles_held(session, "xfl", staff.person_id)

        top = queries.root(session, "xfl").id
        assert [(Role.COORDINATOR, top, "S001", NOON)] == [
            (each.role, each.org_unit_id, each.granted_by, each.granted_at) for each in held
        ]

    def test_leaves_one_line_in_the_trail_without_the_token(self, session):
        a_staff_member(session, login="zhaomin")

        lines = trail.lines(session, "xfl", wanted=TrailFilter(verb="people.add_staff"))
        assert ["done"] == [line.outcome for line in lines]
        assert "token of" not in str(lines)


class TestRefusedStaff:
    """Whoever cannot be on the staff, and why."""

    def add(self, session, *roles, act=None, **changes):
        new = NewStaff(**({"login": "zhaomin", "name": "赵敏"} | changes))
        operations.add_staff(
            session, act or an_admin_act(), staff=new, roles=roles or (Role.CLERK,), one_time_token=Secret("t")
        )

    def test_without_a_role(self, session):
        with pytest.raises(RoleMissing):
            operations.add_staff(
                session,
                an_admin_act(),
                staff=NewStaff(login="zhaomin", name="赵敏"),
                roles=(),
                one_time_token=Secret("token"),
            )

    @pytest.mark.parametrize(
        "login", ["", "z", "z" * 41, "zhao min", "s001", "V0005", "ld12", "zhao\u202emin", "zhao/min", "赵·敏"]
    )
    def test_with_a_login_that_is_none(self, session, login):
        with pytest.raises(LoginInvalid):
            self.add(session, login=login)

    @pytest.mark.parametrize("login", ["zm", "z" * 40, "赵敏", "zhao.min-2", "staff12", "abc1"])
    def test_but_not_with_one_that_can_be_typed(self, session, login):
        self.add(session, login=login)

        assert queries.find_staff_by_login(session, "xfl", login)

    def test_with_a_login_that_is_taken(self, session):
        a_staff_member(session, login="zhaomin")

        with pytest.raises(LoginTaken) as refused:
            self.add(session, login="ZhaoMin ")

        assert {"login": "zhaomin"} == refused.value.facts

    def test_without_a_name(self, session):
        with pytest.raises(PersonNameInvalid):
            self.add(session, name="")

    def test_with_a_phone_that_is_none(self, session):
        with pytest.raises(PhoneInvalid):
            self.add(session, phone="123")

    def test_twice(self, session):
        a_volunteer(session)
        a_staff_member(session, volunteer_number="V0001")

        with pytest.raises(AlreadyStaff) as refused:
            self.add(session, volunteer_number="V0001")

        assert {"number": "V0001"} == refused.value.facts

    def test_as_a_volunteer_whom_nobody_knows(self, session):
        with pytest.raises(NoSuchVolunteer):
            self.add(session, volunteer_number="V0009")

    def test_with_two_roles(self, session):
        with pytest.raises(RolesIncompatible) as refused:
            self.add(session, Role.COORDINATOR, Role.CLERK)

        assert {"one": "clerk", "other": "coordinator"} == refused.value.facts

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CLERK, Role.AUDITOR])
    def test_by_anybody_but_an_admin(self, session, role):
        with pytest.raises(NotAllowed):
            self.add(session, act=acting_as(a_staff_member(session, role)))

    def test_by_the_system(self, session):
        with pytest.raises(NotAllowed):
            self.add(session, act=an_act(number=SYSTEM))


class TestRoles:
    """trust.md Z10: an auditor is never made a recorder; section 1: one person, one role."""

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.COORDINATOR, Role.CLERK])
    def test_an_auditor_gets_no_other_role(self, session, role):
        auditor = a_staff_member(session, Role.AUDITOR)

        with pytest.raises(RolesIncompatible):
            grant(session, auditor, role)

    def test_the_admin_gives_themselves_nothing(self, session):
        admin = queries.staff_by_number(session, "xfl", "S001")

        with pytest.raises(RolesIncompatible):
            grant(session, admin, Role.COORDINATOR)

    def test_a_role_may_be_changed_for_another(self, session):
        staff = a_staff_member(session, Role.CLERK)
        revoke(session, staff.number, Role.CLERK)

        grant(session, staff, Role.COORDINATOR)

        assert {Role.COORDINATOR} == queries.staff_by_number(session, "xfl", staff.number).roles

    def test_one_role_is_held_for_several_parts(self, session):
        one, other = a_place(session, area="一片区"), a_place(session, area="二片区")
        staff = a_staff_member(session, org_unit_id=one)

        grant(session, staff, Role.COORDINATOR, org_unit_id=other)

        held = queries.roles_held(session, "xfl", staff.person_id)
        assert {one, other} == {each.org_unit_id for each in held}

    def test_what_is_held_is_not_given_again(self, session):
        staff = a_staff_member(session, Role.CLERK)

        with pytest.raises(RoleHeldAlready) as refused:
            grant(session, staff, Role.CLERK)

        assert {"role": "clerk"} == refused.value.facts

    def test_what_is_not_held_is_not_taken(self, session):
        area = a_place(session, area="一片区")
        staff = a_staff_member(session, Role.CLERK)

        with pytest.raises(RoleNotHeld):
            revoke(session, staff.number, Role.COORDINATOR)
        with pytest.raises(RoleNotHeld):
            revoke(session, staff.number, Role.CLERK, org_unit_id=area)

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
    def test_admins_and_auditors_are_there_for_the_whole(self, session, role):
        area = a_place(session, area="一片区")
        staff = a_staff_member(session, Role.CLERK)
        revoke(session, staff.number, Role.CLERK)

        with pytest.raises(RoleForTheWhole) as refused:
            grant(session, staff, role, org_unit_id=area)

        assert {"role": role.value} == refused.value.facts

    def test_for_a_part_that_is_not_there_nothing_is_given(self, session):
        with pytest.raises(NoSuchOrgUnit):
            a_staff_member(session, org_unit_id=an_act().new_id("nowhere"))

    def test_to_somebody_whom_nobody_knows_nothing_is_given(self, session):
        with pytest.raises(NoSuchStaff) as refused:
            operations.grant_role(session, an_admin_act(), number="S099", role=Role.CLERK)

        assert {"staff": "S099"} == refused.value.facts

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CLERK, Role.AUDITOR])
    def test_only_an_admin_gives_and_takes(self, session, role):
        staff = a_staff_member(session, role)

        with pytest.raises(NotAllowed):
            operations.grant_role(session, acting_as(staff), number="S001", role=Role.CLERK)
        with pytest.raises(NotAllowed):
            operations.revoke_role(session, acting_as(staff), number="S001", role=Role.ADMIN)


class TestTheLastAdmin:
    """trust.md Z10: somebody must remain who can manage the staff."""

    def test_keeps_the_role(self, session):
        with pytest.raises(LastAdmin) as refused:
            revoke(session, "S001", Role.ADMIN)

        assert {"number": "S001", "role": "admin"} == refused.value.facts

    def test_is_not_disabled(self, session):
        with pytest.raises(LastAdmin):
            operations.disable_staff(session, an_admin_act(), number="S001")

    def test_goes_when_there_is_another(self, session):
        a_staff_member(session, Role.ADMIN)

        revoke(session, "S001", Role.ADMIN)

        assert set() == queries.staff_by_number(session, "xfl", "S001").roles

    def test_of_two_who_go_the_second_stays(self, session):
        other = a_staff_member(session, Role.ADMIN)
        operations.disable_staff(session, an_admin_act(), number="S001")

        with pytest.raises(LastAdmin):
            operations.disable_staff(session, acting_as(other), number=other.number)


class TestDisabling:
    """trust.md Z5: whoever leaves has no access from the next request on."""

    def test_roles_and_rights_are_gone(self, session):
        staff = a_staff_member(session, Role.CLERK)

        operations.disable_staff(session, an_admin_act(), number=staff.number)

        gone = queries.staff_by_number(session, "xfl", staff.number)
        assert (True, frozenset()) == (gone.disabled, gone.roles)
        assert not queries.may(session, acting_as(staff), Permission.REDEEM)

    def test_an_unused_one_time_login_works_no_more(self, session):
        staff = a_staff_member(session, login="zhaomin")

        operations.disable_staff(session, an_admin_act(), number=staff.number)

        with pytest.raises(OneTimeLoginSpent):
            queries.one_time_login(session, "xfl", secret="token of zhaomin", at=NOON)

    def test_who_is_disabled_gets_no_role_and_is_not_disabled_again(self, session):
        staff = a_staff_member(session, Role.CLERK)
        operations.disable_staff(session, an_admin_act(), number=staff.number)

        with pytest.raises(StaffDisabled) as refused:
            grant(session, staff, Role.CLERK)
        assert {"number": staff.number} == refused.value.facts
        with pytest.raises(StaffDisabled):
            operations.disable_staff(session, an_admin_act(), number=staff.number)

    def test_who_comes_back_has_no_role_until_one_is_given(self, session):
        staff = a_staff_member(session, Role.CLERK)
        operations.disable_staff(session, an_admin_act(), number=staff.number)

        operations.enable_staff(session, an_admin_act(), number=staff.number)

        assert frozenset() == queries.staff_by_number(session, "xfl", staff.number).roles
        grant(session, staff, Role.COORDINATOR)
        assert queries.may(session, acting_as(staff), Permission.RECORD_HOURS)

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CLERK, Role.AUDITOR])
    def test_only_an_admin_disables_and_enables(self, session, role):
        staff = a_staff_member(session, role)

        with pytest.raises(NotAllowed):
            operations.disable_staff(session, acting_as(staff), number="S001")
        with pytest.raises(NotAllowed):
            operations.enable_staff(session, acting_as(staff), number="S001")
