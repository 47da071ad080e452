"""Passwords and logins that work once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import NOON, an_act
from tests.people.builders import (
    PASSWORD,
    a_password,
    a_place,
    a_staff_member,
    a_volunteer,
    acting_as,
    an_admin_act,
    open_the_community,
    signed_in,
)
from timebank.books import trail
from timebank.books.requests import Secret
from timebank.books.trail import TrailFilter
from timebank.database import reading, writing
from timebank.people import operations, queries
from timebank.people.operations.logins import CurrentPasswordWrong, StaffDisabled
from timebank.people.operations.recovering import ask_password_reset, confirm_password_reset
from timebank.people.passwords import HASHER, NOBODYS_HASH, fits, password_hash
from timebank.people.queries.rights import NotAllowed
from timebank.people.queries.sessions import OneTimeLoginSpent
from timebank.people.queries.staff import NoSuchStaff
from timebank.people.queries.volunteers import NoSuchVolunteer
from timebank.people.roles import Role
from timebank.people.rules import PasswordTooCommon, PasswordTooShort

TOKEN, COOKIE = Secret("one-time-token"), Secret("cookie")


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


def issue(session, number, act=None, token=TOKEN):
    """Give somebody a one-time login in the name of the admin."""
    return operations.issue_one_time_login(session, act or an_admin_act(), number=number, one_time_token=token)


def recover(session, number, token=TOKEN):
    """Give somebody who has a password a one-time login: a coordinator asks, the admin confirms."""
    asked = ask_password_reset(session, acting_as(a_staff_member(session)), number=number, reason="忘了，当面认得")
    confirm_password_reset(session, an_admin_act(), reset_id=UUID(asked), one_time_token=token)


def use(session, token=TOKEN, password=PASSWORD, cookie=COOKIE, **changes):
    """Use a one-time login as a stranger."""
    operations.use_one_time_login(
        session,
        an_act(**({"number": "nobody"} | changes)),
        token=token,
        password=Secret(password),
        session_secret=cookie,
        source="192.0.2.7",
    )


class TestOneTimeLogins:
    """trust.md A9: used once, for a short time, the latest only."""

    def test_its_owner_chooses_a_password_and_is_signed_in(self, session):
        a_volunteer(session, name="王秀英")
        issue(session, "V0001")

        use(session)

        found = signed_in(session)
        assert ("王秀英", "V0001") == (found.name, found.number)

    def test_it_works_once(self, session):
        a_volunteer(session)
        issue(session, "V0001")
        use(session)

        with pytest.raises(OneTimeLoginSpent):
            use(session, cookie=Secret("other"))

    def test_looking_at_it_does_not_use_it_up(self, session):
        a_volunteer(session)
        issue(session, "V0001")

        queries.one_time_login(session, "xfl", secret=TOKEN.value, at=NOON)

        use(session)

    def test_the_next_one_replaces_it(self, session):
        a_volunteer(session)
        issue(session, "V0001")
        issue(session, "V0001", token=Secret("the next one"))

        with pytest.raises(OneTimeLoginSpent):
            use(session)
        use(session, token=Secret("the next one"))

    @pytest.mark.parametrize(
        ("later", "works"), [(timedelta(days=3) - timedelta(seconds=1), True), (timedelta(days=3), False)]
    )
    def test_a_first_one_lasts_three_days(self, session, later, works):
        a_volunteer(session)
        issue(session, "V0001")

        self.uses(session, works, at=NOON + later)

    @pytest.mark.parametrize(
        ("later", "works"), [(timedelta(minutes=9, seconds=59), True), (timedelta(minutes=10), False)]
    )
    def test_one_that_replaces_a_password_lasts_ten_minutes(self, session, later, works):
        a_volunteer(session)
        a_password(session, "V0001")
        recover(session, "V0001")

        self.uses(session, works, at=NOON + later)

    def uses(self, session, works, at):
        if works:
            use(session, at=at)
            return
        with pytest.raises(OneTimeLoginSpent):
            use(session, at=at)

    def test_a_guess_is_not_told_from_a_spent_one(self, session):
        with pytest.raises(OneTimeLoginSpent) as refused:
            use(session, token=Secret("guessed"))

        assert {} == refused.value.facts

    def test_earlier_sessions_end_when_it_is_used(self, session):
        a_volunteer(session)
        issue(session, "V0001")
        use(session, cookie=Secret("earlier"))
        recover(session, "V0001", token=Secret("the next one"))

        use(session, token=Secret("the next one"))

        assert signed_in(session, "earlier") is None

    def test_a_refused_password_does_not_use_it_up(self, database):
        open_the_community(database.engine)
        a_volunteer(database.engine)
        with writing(database.engine) as session:
            issue(session, "V0001")

        with pytest.raises(PasswordTooShort), writing(database.engine) as session:
            use(session, password="kurz")

        with reading(database.engine) as session:
            assert queries.one_time_login(session, "xfl", secret=TOKEN.value, at=NOON).name

    def test_of_two_who_use_it_at_the_same_moment_one_enters(self, database):
        open_the_community(database.engine)
        a_volunteer(database.engine)
        with writing(database.engine) as session:
            issue(session, "V0001")

        with ThreadPoolExecutor(4) as pool:
            entered = list(pool.map(lambda count: self.enters(database, count), range(4)))

        assert [False, False, False, True] == sorted(entered)

    def enters(self, database, count):
        try:
            with writing(database.engine) as session:
                use(session, cookie=Secret(f"cookie {count}"), request_key=f"use-it-{count:08}")
        except OneTimeLoginSpent:
            return False
        return True

    def test_the_answer_tells_which_token_works(self, session):
        a_volunteer(session)
        act = an_admin_act(request_key="issue-it-once")

        first = issue(session, "V0001", act=act)
        again = issue(session, "V0001", act=act, token=Secret("another"))

        assert first == again
        with pytest.raises(OneTimeLoginSpent):
            use(session, token=Secret("another"))

    def test_leaves_a_line_in_the_owners_name(self, session):
        a_volunteer(session)
        issue(session, "V0001")

        use(session)

        line = trail.lines(session, "xfl", wanted=TrailFilter(verb="people.use_one_time_login"))[0]
        assert ("V0001", "done") == (line.actor, line.outcome)
        assert TOKEN.value not in str(trail.lines(session, "xfl", wanted=TrailFilter()))


class TestWhoMayIssueThem:
    """ASVS 6.4.6: an admin starts a reset; nobody enters as somebody who may do more."""

    def test_a_coordinator_helps_a_volunteer(self, session):
        a_volunteer(session)

        assert issue(session, "V0001", act=acting_as(a_staff_member(session)))["number"] == "V0001"

    def test_but_no_member_of_the_staff(self, session):
        coordinator, clerk = a_staff_member(session), a_staff_member(session, Role.CLERK)

        with pytest.raises(NotAllowed):
            issue(session, clerk.number, act=acting_as(coordinator))

    def test_not_even_by_their_volunteer_number(self, session):
        coordinator = a_staff_member(session)
        admin_too = a_volunteer(session, staff_number="S001")

        with pytest.raises(NotAllowed):
            issue(session, admin_too.number, act=acting_as(coordinator))

    def test_a_coordinator_of_another_part_does_not_help(self, session):
        area = a_place(session, area="一片区")
        a_volunteer(session, area="二片区", building="3号楼")

        with pytest.raises(NotAllowed):
            issue(session, "V0001", act=acting_as(a_staff_member(session, org_unit_id=area)))

    @pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
    def test_clerks_and_auditors_help_nobody(self, session, role):
        a_volunteer(session)

        with pytest.raises(NotAllowed):
            issue(session, "V0001", act=acting_as(a_staff_member(session, role)))

    def test_who_is_disabled_gets_none(self, session):
        staff = a_staff_member(session)
        operations.disable_staff(session, an_admin_act(), number=staff.number)

        with pytest.raises(StaffDisabled):
            issue(session, staff.number)

    def test_who_is_disabled_may_be_a_volunteer_still(self, session):
        staff = a_staff_member(session)
        a_volunteer(session, staff_number=staff.number)
        operations.disable_staff(session, an_admin_act(), number=staff.number)

        assert "V0001" == issue(session, "V0001")["number"]

    def test_whom_nobody_knows_gets_none(self, session):
        with pytest.raises(NoSuchVolunteer):
            issue(session, "V0009")
        with pytest.raises(NoSuchStaff):
            issue(session, "S009")


class TestSettingAPassword:
    """ASVS 6.2: the present one is asked, the other sessions end."""

    def change(self, session, current=PASSWORD, password="茉莉花在五号楼下香了", keep=None):
        operations.set_password(
            session,
            an_act(person_id=queries.volunteer(session, "xfl", "V0001").person_id, number="V0001"),
            password=Secret(password),
            current=None if current is None else Secret(current),
            session_secret=keep,
        )

    def test_the_session_that_changes_it_goes_on_and_the_others_end(self, session):
        a_volunteer(session)
        issue(session, "V0001")
        use(session)
        a_session(session, "V0001", "another device")

        self.change(session, keep=COOKIE)

        assert signed_in(session)
        assert signed_in(session, "another device") is None

    def test_a_one_time_login_that_lies_about_works_no_more(self, session):
        a_volunteer(session)
        a_password(session, "V0001")
        recover(session, "V0001")

        self.change(session)

        with pytest.raises(OneTimeLoginSpent):
            use(session)

    @pytest.mark.parametrize("current", [None, "茉莉花在五号楼下香了", ""])
    def test_without_the_present_one_it_is_not_changed(self, session, current):
        a_volunteer(session)
        a_password(session, "V0001")

        with pytest.raises(CurrentPasswordWrong):
            self.change(session, current=current)

    def test_who_has_none_yet_is_not_asked(self, session):
        a_volunteer(session)

        self.change(session, current=None)

    @pytest.mark.parametrize("password", ["v0001v0001", "19900001005", "王秀英王秀英王秀英"])
    def test_the_own_number_phone_and_name_are_refused(self, session, password):
        a_volunteer(session, name="王秀英", phone="19900001005")
        issue(session, "V0001")

        with pytest.raises(PasswordTooCommon):
            use(session, password=password)


def a_session(session, number, cookie):
    """Sign somebody in on a further device."""
    operations.open_demo_session(session, an_act(number="nobody"), login=number, session_secret=Secret(cookie))


class TestHashes:
    """dependencies.md: argon2id with 19 MiB, two passes, one lane."""

    def test_the_parameters_are_those_that_were_decided(self):
        hashed = password_hash(Secret(PASSWORD), salt=b"s" * 16)

        assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert not HASHER.check_needs_rehash(NOBODYS_HASH)

    def test_the_right_password_fits_and_no_other(self):
        hashed = password_hash(Secret(PASSWORD), salt=b"s" * 16)

        assert fits(Secret(PASSWORD), hashed)
        assert not fits(Secret(PASSWORD + " "), hashed)

    def test_nothing_fits_nobody(self):
        assert not fits(Secret(PASSWORD), None)

    def test_one_password_of_two_people_looks_different(self):
        assert password_hash(Secret(PASSWORD), salt=b"s" * 16) != password_hash(Secret(PASSWORD), salt=b"t" * 16)
