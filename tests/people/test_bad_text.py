"""What no database can look for finds nobody, on both databases alike."""

import pytest

from tests.builders import NOON, an_act
from tests.people.builders import a_password, a_volunteer, open_the_community
from tests.people.test_signing_in import sign_in
from timebank.books.requests import Secret
from timebank.people import operations, queries
from timebank.people.operations.signing_in import NoSuchPerson, SignInFailed
from timebank.people.queries import NoSuchCommunity, NoSuchPartner
from timebank.people.queries.sessions import OneTimeLoginSpent
from timebank.people.queries.staff import NoSuchStaff
from timebank.people.queries.volunteers import NoSuchVolunteer

BAD = ["V0001\x00", "\x00", "V0001\ud800", "V0001\u202e", "' OR 1=1 --", "９" * 40, "x" * 10_000]


@pytest.fixture
def session(session):
    """A session in which V0001 has a password."""
    open_the_community(session)
    a_volunteer(session)
    a_password(session, "V0001")
    return session


@pytest.mark.parametrize("text", BAD)
class TestBadText:
    """trust.md N9: NUL, halves of characters, direction marks and floods: refused, never an error."""

    def test_finds_nobody_by_search(self, session, text):
        assert () == queries.search_volunteers(session, "xfl", text)

    def test_is_no_number(self, session, text):
        assert queries.find_volunteer(session, "xfl", text) is None
        with pytest.raises(NoSuchVolunteer):
            operations.details(session, "xfl", text)
        with pytest.raises(NoSuchStaff):
            queries.staff_by_number(session, "xfl", text)
        with pytest.raises(NoSuchPartner):
            queries.partner(session, "xfl", text)

    def test_is_no_name(self, session, text):
        assert queries.find_staff_by_login(session, "xfl", text) is None
        assert queries.find_partner_by_name(session, "xfl", text) is None
        with pytest.raises(NoSuchStaff):
            queries.staff_by_login(session, "xfl", text)

    def test_is_no_community(self, session, text):
        with pytest.raises(NoSuchCommunity):
            queries.community(session, text)
        with pytest.raises(OneTimeLoginSpent):
            queries.one_time_login(session, text, secret=text, at=NOON)

    def test_signs_nobody_in(self, session, text):
        with pytest.raises(SignInFailed):
            sign_in(session, text)
        with pytest.raises(SignInFailed):
            sign_in(session, "V0001", password=text)
        with pytest.raises(NoSuchPerson):
            operations.open_demo_session(session, an_act(number="nobody"), login=text, session_secret=Secret("cookie"))
        assert queries.find_session(session, "xfl", secret=text, at=NOON) is None
