"""A second factor that is lost: two people at the desk forget it, and its owner sets a new one up."""

import pytest
import sqlalchemy as sa

from tests.builders import NOON, an_act
from tests.people.builders import VAULT, XFL, a_staff_member, a_volunteer, acting_as, open_the_community, signed_in
from tests.people.test_second_factor import CODES, COOKIE, SECRET, set_up
from timebank.books.requests import Secret
from timebank.people.one_time_codes import code_at
from timebank.people.operations.desk_requests import (
    NoSuchReset,
    ResetAskedAlready,
    ResetNeedsAnother,
    ResetReasonMissing,
)
from timebank.people.operations.factor_resets import (
    ask_factor_reset,
    confirm_factor_reset,
    withdraw_factor_reset,
)
from timebank.people.operations.second_factor import NoSecondFactor, set_up_totp
from timebank.people.operations.signing_in import open_session
from timebank.people.queries import NotAllowed
from timebank.people.queries.desk_requests import open_requests
from timebank.people.queries.factors import second_factor
from timebank.people.roles import Role
from timebank.people.tables import DeskRequestRow


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


@pytest.fixture
def chen(session):
    """A coordinator with a session begun by a password alone."""
    chen = a_staff_member(session, login="chen", name="陈敏")
    open_session(session, acting_as(chen), chen.person_id, COOKIE, "192.0.2.7")
    return chen


class TestResetting:
    """ASVS 6.4.4: lost factors are replaced by two people who have seen their owner; the password stays needed."""

    @pytest.fixture
    def li(self, session):
        return a_staff_member(session, login="li", name="李建国")

    @pytest.fixture
    def wang(self, session):
        return a_staff_member(session, login="wang", name="王芳")

    def test_one_asks_and_another_does_it(self, session, chen, li, wang):
        set_up(session, chen)

        ask_factor_reset(session, acting_as(li), number=chen.number, reason="手机掉水里了，当面认得")
        (waiting,) = open_requests(session, XFL)
        assert ("陈敏", "李建国") == (waiting.name, waiting.asker)
        confirm_factor_reset(session, acting_as(wang), reset_id=waiting.id)

        assert signed_in(session) is None
        assert () == open_requests(session, XFL)
        found = second_factor(session, XFL, chen.person_id)
        assert (None, 0) == (found.set_up_at, found.codes_left)

    def test_who_asked_does_not_confirm_nor_does_the_owner(self, session, chen, li):
        set_up(session, chen)
        ask_factor_reset(session, acting_as(li), number=chen.number, reason="丢了")
        (waiting,) = open_requests(session, XFL)

        for staff in (li, chen):
            with pytest.raises(ResetNeedsAnother):
                confirm_factor_reset(session, acting_as(staff), reset_id=waiting.id)

        assert signed_in(session).has_second

    def test_nobody_asks_for_themselves(self, session, chen):
        set_up(session, chen)

        with pytest.raises(ResetNeedsAnother):
            ask_factor_reset(session, acting_as(chen), number=chen.number, reason="丢了")

    def test_the_database_wants_two_persons_too(self, session, chen, li):
        set_up(session, chen)
        ask_factor_reset(session, acting_as(li), number=chen.number, reason="丢了")
        row = session.scalars(sa.select(DeskRequestRow)).one()

        row.state, row.decided_at, row.decided_by, row.decider_id = "done", NOON, li.number, li.person_id
        with pytest.raises(sa.exc.IntegrityError):
            session.flush()

    def test_a_reason_of_two_characters_at_least(self, session, chen, li):
        set_up(session, chen)

        with pytest.raises(ResetReasonMissing):
            ask_factor_reset(session, acting_as(li), number=chen.number, reason=" 丢 ")

    def test_it_waits_once_and_can_be_taken_back(self, session, chen, li):
        set_up(session, chen)
        ask_factor_reset(session, acting_as(li), number=chen.number, reason="丢了")
        with pytest.raises(ResetAskedAlready):
            ask_factor_reset(session, acting_as(li), number=chen.number, reason="真的丢了")
        (waiting,) = open_requests(session, XFL)

        withdraw_factor_reset(session, acting_as(li), reset_id=waiting.id)

        assert signed_in(session).has_second
        with pytest.raises(NoSuchReset):
            confirm_factor_reset(session, acting_as(li), reset_id=waiting.id)

    def test_where_there_is_none_there_is_nothing_to_reset(self, session, chen, li):
        with pytest.raises(NoSecondFactor):
            ask_factor_reset(session, acting_as(li), number=chen.number, reason="丢了")

    def test_clerks_and_volunteers_reset_nothing(self, session, chen):
        set_up(session, chen)
        clerk = a_staff_member(session, Role.CLERK, login="zhao", name="赵敏")

        with pytest.raises(NotAllowed):
            ask_factor_reset(session, acting_as(clerk), number=chen.number, reason="丢了")

    def test_a_volunteer_who_has_one_is_helped_as_well(self, session, li):
        volunteer = a_volunteer(session)
        act = an_act(person_id=volunteer.person_id, number=volunteer.number)
        open_session(session, act, volunteer.person_id, Secret("phone"), "192.0.2.7")
        set_up_totp(
            session,
            act,
            secret=Secret(SECRET),
            typed=Secret(code_at(SECRET, NOON)),
            recovery_codes=CODES,
            session_secret=Secret("phone"),
            vault=VAULT,
        )

        ask_factor_reset(session, acting_as(li), number=volunteer.number, reason="换手机了")

        assert 1 == len(open_requests(session, XFL))
