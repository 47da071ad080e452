"""Security admins: made by two persons, and from then on accounts and logins are theirs alone."""

import pytest
import sqlalchemy as sa

from tests.builders import NOON, an_act
from tests.people.builders import (
    XFL,
    a_place,
    a_staff_member,
    acting_as,
    an_admin_act,
    open_the_community,
    signed_in,
)
from timebank.books.requests import Secret
from timebank.people import operations, queries
from timebank.people.operations.desk_requests import NoSuchReset, ResetAskedAlready, ResetNeedsAnother
from timebank.people.operations.factor_resets import withdraw_factor_reset
from timebank.people.operations.granting import (
    LastAdmin,
    RoleHeldAlready,
    RolesIncompatible,
    SecurityAdminNeedsTwo,
)
from timebank.people.operations.logins import StaffDisabled
from timebank.people.operations.security_admins import ask_security_admin, confirm_security_admin
from timebank.people.operations.signing_in import open_session
from timebank.people.operations.staffing import NewStaff
from timebank.people.queries import NotAllowed
from timebank.people.queries.desk_requests import open_requests
from timebank.people.roles import GIVEN_UP, SYSTEM, Permission, Role
from timebank.people.tables import RoleGrantRow


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


@pytest.fixture
def chen(session):
    return a_staff_member(session, login="chen", name="陈敏")


@pytest.fixture
def sun(session):
    """Whoever is to become security admin; an auditor until then."""
    return a_staff_member(session, Role.AUDITOR, login="sun", name="孙立")


def appoint(session, staff, *, asker=None, confirmer=None):
    """Make somebody security admin: the admin asks, a coordinator or the one named confirms."""
    confirmer = confirmer or acting_as(a_staff_member(session))
    ask_security_admin(session, asker or an_admin_act(), number=staff.number, reason="居委会决定")
    (waiting,) = open_requests(session, XFL)
    confirm_security_admin(session, confirmer, reset_id=waiting.id)
    return queries.staff_by_number(session, XFL, staff.number)


class TestAppointing:
    """trust.md section 1: roles, lockouts and keys belong to somebody whom no admin makes alone."""

    def test_one_asks_another_confirms_and_the_old_role_ends(self, session, chen, sun):
        assert {Role.SECURITY_ADMIN} == appoint(session, sun, confirmer=acting_as(chen)).roles

    def test_an_admin_does_not_make_themselves_one(self, session):
        with pytest.raises(ResetNeedsAnother):
            ask_security_admin(session, an_admin_act(), number="S001", reason="我来")
        with pytest.raises(SecurityAdminNeedsTwo):
            operations.grant_role(session, an_admin_act(), number="S001", role=Role.SECURITY_ADMIN)

    def test_an_admin_alone_makes_nobody_one(self, session, sun):
        new = NewStaff(login="other", name="别人")
        with pytest.raises(SecurityAdminNeedsTwo):
            operations.add_staff(
                session, an_admin_act(), staff=new, roles=(Role.SECURITY_ADMIN,), one_time_token=Secret("t")
            )
        with pytest.raises(SecurityAdminNeedsTwo):
            operations.grant_role(session, an_admin_act(), number=sun.number, role=Role.SECURITY_ADMIN)

        ask_security_admin(session, an_admin_act(), number=sun.number, reason="居委会决定")
        (waiting,) = open_requests(session, XFL)
        with pytest.raises(ResetNeedsAnother):
            confirm_security_admin(session, an_admin_act(), reset_id=waiting.id)

    def test_whoever_is_to_become_one_does_not_confirm_it(self, session, chen):
        ask_security_admin(session, an_admin_act(), number=chen.number, reason="居委会决定")
        (waiting,) = open_requests(session, XFL)

        with pytest.raises(ResetNeedsAnother):
            confirm_security_admin(session, acting_as(chen), reset_id=waiting.id)

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CLERK, Role.AUDITOR])
    def test_only_whoever_manages_the_staff_asks(self, session, sun, role):
        with pytest.raises(NotAllowed):
            ask_security_admin(session, acting_as(a_staff_member(session, role)), number=sun.number, reason="来")

    @pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
    def test_clerks_and_auditors_confirm_nothing(self, session, sun, role):
        other = a_staff_member(session, role)

        with pytest.raises(NotAllowed):
            appoint(session, sun, confirmer=acting_as(other))

    def test_it_waits_once_and_can_be_taken_back(self, session, chen, sun):
        ask_security_admin(session, an_admin_act(), number=sun.number, reason="居委会决定")
        with pytest.raises(ResetAskedAlready):
            ask_security_admin(session, an_admin_act(), number=sun.number, reason="还是他")
        (waiting,) = open_requests(session, XFL)

        withdraw_factor_reset(session, an_admin_act(), reset_id=waiting.id)

        with pytest.raises(NoSuchReset):
            confirm_security_admin(session, acting_as(chen), reset_id=waiting.id)
        assert {Role.AUDITOR} == queries.staff_by_number(session, XFL, sun.number).roles

    def test_who_has_left_becomes_none(self, session, chen, sun):
        ask_security_admin(session, an_admin_act(), number=sun.number, reason="居委会决定")
        (waiting,) = open_requests(session, XFL)
        operations.disable_staff(session, an_admin_act(), number=sun.number)

        with pytest.raises(StaffDisabled):
            confirm_security_admin(session, acting_as(chen), reset_id=waiting.id)

    def test_the_last_admin_becomes_none(self, session, chen):
        other = a_staff_member(session, Role.ADMIN)
        operations.disable_staff(session, acting_as(other), number="S001")
        li = appoint(session, a_staff_member_by(session, other), asker=acting_as(other), confirmer=acting_as(chen))
        ask_security_admin(session, acting_as(li), number=other.number, reason="换人")
        (waiting,) = open_requests(session, XFL)

        with pytest.raises(LastAdmin) as refused:
            confirm_security_admin(session, acting_as(chen), reset_id=waiting.id)

        assert {"number": other.number, "role": "admin"} == refused.value.facts

    def test_what_is_held_is_not_asked_for_again(self, session, chen, sun):
        security = appoint(session, sun, confirmer=acting_as(chen))

        with pytest.raises(RoleHeldAlready):
            ask_security_admin(session, acting_as(security), number=sun.number, reason="再来")


def a_staff_member_by(session, admin):
    """An auditor whom another admin than the first one adds."""
    answer = operations.add_staff(
        session,
        acting_as(admin),
        staff=NewStaff(login="li.later", name="李后来"),
        roles=(Role.AUDITOR,),
        one_time_token=Secret("token of li.later"),
    )
    return queries.staff_by_number(session, XFL, answer["number"])


class TestSeparation:
    """trust.md section 1: while there is a security admin, admins manage no accounts, and nobody has both."""

    @pytest.fixture
    def security(self, session, chen, sun):
        return appoint(session, sun, confirmer=acting_as(chen))

    @pytest.mark.parametrize("permission", sorted(GIVEN_UP))
    def test_admins_give_up_what_a_security_admin_has(self, session, security, permission):
        assert queries.may(session, acting_as(security), permission)
        assert not queries.may(session, an_admin_act(), permission)
        assert permission not in queries.allowed_to(session, XFL, frozenset({Role.ADMIN}))

    @pytest.mark.parametrize("permission", sorted(GIVEN_UP))
    def test_without_one_admins_have_it(self, session, permission):
        assert queries.may(session, an_admin_act(), permission)
        assert permission in queries.allowed_to(session, XFL, frozenset({Role.ADMIN}))

    def test_rules_and_prices_stay_with_the_admins(self, session, security):
        assert queries.may(session, an_admin_act(), Permission.PUBLISH_RULES)
        assert not queries.may(session, acting_as(security), Permission.PUBLISH_RULES)

    def test_another_community_keeps_its_admins(self, session, security):
        open_the_community(session, "yfl")

        assert queries.may(session, an_admin_act(community_id="yfl"), Permission.MANAGE_STAFF)

    def test_an_admin_takes_the_role_from_nobody(self, session, security):
        with pytest.raises(NotAllowed):
            operations.revoke_role(session, an_admin_act(), number=security.number, role=Role.SECURITY_ADMIN)
        with pytest.raises(NotAllowed):
            operations.disable_staff(session, an_admin_act(), number=security.number)

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.COORDINATOR, Role.CLERK, Role.AUDITOR])
    def test_a_security_admin_gives_themselves_nothing(self, session, security, role):
        with pytest.raises(RolesIncompatible):
            operations.grant_role(session, acting_as(security), number=security.number, role=role)

    def test_the_last_one_does_not_step_down(self, session, security):
        for leave in (
            lambda: operations.disable_staff(session, acting_as(security), number=security.number),
            lambda: operations.revoke_role(
                session, acting_as(security), number=security.number, role=Role.SECURITY_ADMIN
            ),
        ):
            with pytest.raises(LastAdmin) as refused:
                leave()
            assert {"number": security.number, "role": "security_admin"} == refused.value.facts

    def test_one_of_two_may(self, session, chen, security):
        other = acting_as(a_second(session, security, chen))

        operations.revoke_role(session, acting_as(security), number=security.number, role=Role.SECURITY_ADMIN)

        assert queries.may(session, other, Permission.MANAGE_STAFF)
        assert not queries.may(session, acting_as(security), Permission.MANAGE_STAFF)


def a_second(session, security, chen):
    """Make one more of the staff security admin."""
    answer = operations.add_staff(
        session,
        acting_as(security),
        staff=NewStaff(login="zhou", name="周明"),
        roles=(Role.AUDITOR,),
        one_time_token=Secret("token of zhou"),
    )
    zhou = queries.staff_by_number(session, XFL, answer["number"])
    return appoint(session, zhou, asker=acting_as(security), confirmer=acting_as(chen))


class TestRolesEndSessions:
    """A role that is given or taken counts from a new sign-in on."""

    @pytest.fixture
    def there(self, session, chen):
        open_session(session, acting_as(chen), chen.person_id, Secret("cookie"), "192.0.2.7")
        assert signed_in(session)
        return chen

    def test_when_one_is_taken(self, session, there):
        operations.revoke_role(session, an_admin_act(), number=there.number, role=Role.COORDINATOR)

        assert signed_in(session) is None

    def test_when_one_is_given(self, session, there):
        area = a_place(session, area="东片区")

        operations.grant_role(session, an_admin_act(), number=there.number, role=Role.COORDINATOR, org_unit_id=area)

        assert signed_in(session) is None

    def test_when_somebody_becomes_security_admin(self, session, there):
        appoint(session, there, confirmer=acting_as(a_staff_member(session)))

        assert signed_in(session) is None


class TestTheDatabase:
    """Past the program the database keeps the same: forged rows of `role_grant` are refused."""

    def forge(self, session, staff, **changes):
        row = {
            "community_id": XFL,
            "id": an_act().new_id("forged"),
            "person_id": staff.person_id,
            "role": "security_admin",
            "org_unit_id": queries.root(session, XFL).id,
            "granted_at": NOON,
            "granted_by": "S001",
        }
        with pytest.raises(sa.exc.IntegrityError) as refused, session.begin_nested():
            session.execute(sa.insert(RoleGrantRow), row | changes)
        return str(refused.value)

    def change(self, session, staff, **changes):
        with pytest.raises(sa.exc.IntegrityError) as refused, session.begin_nested():
            session.execute(sa.update(RoleGrantRow).where(RoleGrantRow.person_id == staff.person_id).values(**changes))
        return str(refused.value)

    def test_a_second_role_of_one_person(self, session, chen):
        assert "role_grant_one_role" in self.forge(session, chen, role="clerk")

    def test_a_security_admin_whom_nobody_confirmed(self, session, chen):
        operations.revoke_role(session, an_admin_act(), number=chen.number, role=Role.COORDINATOR)

        assert "role_grant_by_two" in self.forge(session, chen)

    def test_a_role_that_becomes_another(self, session, chen):
        assert "role_grant_as_given" in self.change(session, chen, role="admin")

    def test_a_role_that_was_taken_comes_back(self, session, chen):
        operations.revoke_role(session, an_admin_act(), number=chen.number, role=Role.COORDINATOR)

        assert "role_grant_as_given" in self.change(session, chen, revoked_at=None, revoked_by=None)

    def test_the_last_admin_goes(self, session):
        admin = queries.staff_by_number(session, XFL, "S001")

        assert "role_grant_last_one" in self.change(session, admin, revoked_at=NOON, revoked_by=SYSTEM)
