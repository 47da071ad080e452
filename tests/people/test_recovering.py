"""A password that is forgotten: two persons at the desk, or whoever holds the machine where there are not two."""

import pytest
import sqlalchemy as sa

from tests.builders import NOON, an_act
from tests.people.builders import (
    PASSWORD,
    XFL,
    a_password,
    a_staff_member,
    a_volunteer,
    acting_as,
    an_admin_act,
    open_the_community,
)
from tests.people.test_security_admins import appoint
from timebank.books.requests import Secret
from timebank.people import operations, queries
from timebank.people.operations.desk_requests import NoSuchReset, ResetNeedsAnother
from timebank.people.operations.logins import FIRST_LOGIN_LIFE, RESET_LIFE, LinkNeedsTwo, StaffDisabled
from timebank.people.operations.recovering import (
    AnotherCanConfirm,
    NoPasswordYet,
    ask_password_reset,
    confirm_password_reset,
    rescue_staff,
)
from timebank.people.operations.signing_in import open_session, use_one_time_login
from timebank.people.operations.staffing import NewStaff
from timebank.people.passwords import fits
from timebank.people.queries import NotAllowed
from timebank.people.queries.desk_requests import open_requests
from timebank.people.roles import SYSTEM, Role
from timebank.people.tables import CredentialRow, OneTimeLoginRow

LINK = Secret("link of two persons, long enough")


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


@pytest.fixture
def li(session):
    return a_staff_member(session, login="li", name="李建国")


@pytest.fixture
def chen(session):
    """A coordinator who has a password."""
    chen = a_staff_member(session, login="chen", name="陈敏")
    a_password(session, chen.number)
    return chen


@pytest.fixture
def wang(session):
    """A volunteer who has a password."""
    wang = a_volunteer(session)
    a_password(session, wang.number)
    return wang


def ask(session, staff, number):
    ask_password_reset(session, staff, number=number, reason="忘了，当面认得")
    (waiting,) = open_requests(session, XFL)
    return waiting


def rescue(session, number):
    """Give the link at the machine."""
    act = an_act(number=SYSTEM, person_id=operations.FIRST_ADMIN_ID)
    return rescue_staff(session, act, number=number, one_time_token=LINK)


def confirm(session, staff, waiting):
    return confirm_password_reset(session, staff, reset_id=waiting.id, one_time_token=LINK)


def password_of(session, person):
    """Return the hash of somebody's password."""
    return session.get_one(CredentialRow, (XFL, person.person_id)).password_hash


class TestTwoPersons:
    """ASVS 6.4.6: the desk starts a reset, two persons together, and never knows the password."""

    def test_a_volunteer_gets_a_link_and_chooses_a_new_password(self, session, li, wang):
        answer = confirm(session, an_admin_act(), ask(session, acting_as(li), wang.number))

        assert (wang.number, (NOON + RESET_LIFE).isoformat()) == (answer["number"], answer["expires_at"])
        assert wang.person_id == queries.one_time_login(session, XFL, secret=LINK.value, at=NOON).person_id
        assert () == open_requests(session, XFL)

    def test_one_person_alone_gives_no_link_to_who_has_a_password(self, session, li, wang, chen):
        for act, number in ((acting_as(li), wang.number), (an_admin_act(), chen.number)):
            with pytest.raises(LinkNeedsTwo) as refused:
                operations.issue_one_time_login(session, act, number=number, one_time_token=LINK)
            assert {"number": number} == refused.value.facts

    def test_a_first_link_stays_with_one_person(self, session, li):
        newcomer = a_volunteer(session)

        answer = operations.issue_one_time_login(session, acting_as(li), number=newcomer.number, one_time_token=LINK)

        assert (NOON + FIRST_LOGIN_LIFE).isoformat() == answer["expires_at"]
        with pytest.raises(NoPasswordYet):
            ask_password_reset(session, acting_as(li), number=newcomer.number, reason="忘了")

    def test_who_asked_does_not_confirm(self, session, li, wang):
        waiting = ask(session, acting_as(li), wang.number)

        with pytest.raises(ResetNeedsAnother):
            confirm(session, acting_as(li), waiting)

    def test_nobody_asks_or_confirms_for_themselves(self, session, li, chen):
        with pytest.raises(ResetNeedsAnother):
            ask(session, acting_as(chen), chen.number)
        other = a_staff_member(session, Role.ADMIN)
        a_password(session, other.number)
        waiting = ask(session, acting_as(li), other.number)
        with pytest.raises(ResetNeedsAnother):
            confirm(session, acting_as(other), waiting)

    def test_for_the_staff_whoever_manages_them_gives_the_link(self, session, li, chen):
        waiting = ask(session, acting_as(li), chen.number)
        with pytest.raises(NotAllowed):
            confirm(session, acting_as(a_staff_member(session)), waiting)

        assert chen.number == confirm(session, an_admin_act(), waiting)["number"]

    def test_a_staff_member_named_by_their_volunteer_number_is_of_the_staff(self, session, li, wang):
        a_staff_member(session, Role.CLERK, volunteer_number=wang.number)
        waiting = ask(session, acting_as(li), wang.number)

        with pytest.raises(NotAllowed):
            confirm(session, acting_as(a_staff_member(session)), waiting)

    @pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
    def test_clerks_and_auditors_ask_nothing(self, session, wang, role):
        with pytest.raises(NotAllowed):
            ask(session, acting_as(a_staff_member(session, role)), wang.number)

    def test_the_old_password_works_until_a_new_one_is_chosen(self, session, li, wang):
        confirm(session, an_admin_act(), ask(session, acting_as(li), wang.number))
        assert fits(Secret(PASSWORD), password_of(session, wang))
        owner = an_act(person_id=wang.person_id, number=wang.number)
        open_session(session, owner, wang.person_id, Secret("old"), "192.0.2.7")

        use_one_time_login(
            session,
            an_act(number="nobody"),
            token=LINK,
            password=Secret("月季花在五号楼下开了"),
            session_secret=Secret("new"),
            source="192.0.2.7",
        )

        assert not fits(Secret(PASSWORD), password_of(session, wang))
        assert queries.find_session(session, XFL, secret="old", at=NOON) is None

    def test_a_volunteer_who_joins_the_staff_gets_no_link_into_their_account(self, session, wang):
        answer = operations.add_staff(
            session,
            an_admin_act(),
            staff=NewStaff(login="wang", volunteer_number=wang.number),
            roles=(Role.CLERK,),
            one_time_token=LINK,
        )

        assert ("", "") == (answer["token_digest"], answer["expires_at"])
        with pytest.raises(queries.OneTimeLoginSpent):
            queries.one_time_login(session, XFL, secret=LINK.value, at=NOON)

    def test_the_database_wants_two_persons_too(self, session, li, wang):
        row = {"community_id": XFL, "digest": b"d" * 32, "person_id": wang.person_id, "issued_at": NOON}
        row |= {"issued_by": li.number, "expires_at": NOON + RESET_LIFE}

        with pytest.raises(sa.exc.IntegrityError, match="one_time_login_by_two"), session.begin_nested():
            session.execute(sa.insert(OneTimeLoginRow), row)


class TestTheMachine:
    """Where nobody on the staff could give the link, whoever holds the machine does the second half."""

    @pytest.fixture(autouse=True)
    def admin(self, session):
        return a_password(session, "S001")

    def test_a_community_of_one_is_helped(self, session):
        answer = rescue(session, "S001")

        assert "S001" == answer["number"]

    def test_with_a_colleague_they_ask_first(self, session, li):
        with pytest.raises(NoSuchReset):
            rescue(session, "S001")

        ask(session, acting_as(li), "S001")
        rescue(session, "S001")

        assert () == open_requests(session, XFL)

    def test_where_another_could_confirm_the_machine_does_not(self, session, li):
        a_staff_member(session, Role.ADMIN)
        ask(session, acting_as(li), "S001")

        with pytest.raises(AnotherCanConfirm):
            rescue(session, "S001")

    def test_who_asked_is_not_another(self, session, chen):
        ask(session, an_admin_act(), chen.number)

        assert rescue(session, chen.number)

    def test_an_admin_who_gave_it_up_is_no_other(self, session, li, chen):
        sun = a_staff_member(session, Role.AUDITOR, login="sun", name="孙立")
        a_password(session, sun.number)
        appoint(session, sun, confirmer=acting_as(chen))
        ask(session, acting_as(li), sun.number)

        assert rescue(session, sun.number)

    def test_nobody_but_the_machine(self, session, li):
        with pytest.raises(NotAllowed):
            rescue_staff(session, acting_as(li), number="S001", one_time_token=LINK)

    def test_not_for_who_has_left(self, session, chen):
        operations.disable_staff(session, an_admin_act(), number=chen.number)

        with pytest.raises(StaffDisabled):
            rescue(session, chen.number)
