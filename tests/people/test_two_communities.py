"""Two communities in one database never see each other."""

import pytest

from tests.builders import NOON, an_act
from tests.people.builders import (
    VAULT,
    a_newcomer,
    a_partner,
    a_password,
    a_place,
    a_staff_member,
    a_volunteer,
    acting_as,
    an_admin_act,
    an_identity_number,
    open_the_community,
)
from timebank.books.requests import Secret
from timebank.database import reading, writing
from timebank.people import operations, queries
from timebank.people.admission import HomeUnknown
from timebank.people.identity import DocumentKind
from timebank.people.operations.documents import find_holder
from timebank.people.operations.signing_in import SignInFailed
from timebank.people.queries import NoSuchPartner
from timebank.people.queries.places import NoSuchOrgUnit
from timebank.people.queries.rights import NotAllowed
from timebank.people.queries.sessions import OneTimeLoginSpent
from timebank.people.queries.staff import NoSuchStaff
from timebank.people.queries.volunteers import NoSuchVolunteer
from timebank.people.roles import Permission, Role

HERE, THERE = "xfl", "pal"


@pytest.fixture
def session(session):
    """A session in which two communities are open; everything that a test makes, it makes there."""
    open_the_community(session, HERE)
    open_the_community(session, THERE, name="平安里社区")
    return session


def a_document(community_id):
    return VAULT.document(community_id, DocumentKind.RESIDENT_ID, an_identity_number())


class TestNothingIsSeen:
    """architecture.md section 4: one tenant per row (trust.md T11, Z1)."""

    def test_both_count_from_one(self, session):
        assert "V0001" == a_volunteer(session, HERE).number == a_volunteer(session, THERE).number
        assert "P001" == a_partner(session, community_id=HERE) == a_partner(session, community_id=THERE)
        one, other = a_staff_member(session, community_id=HERE), a_staff_member(session, community_id=THERE)
        assert "S002" == one.number == other.number

    def test_one_login_name_is_free_in_both(self, session):
        a_staff_member(session, community_id=HERE, login="zhaomin")
        a_staff_member(session, community_id=THERE, login="zhaomin")

        one = queries.staff_by_login(session, HERE, "zhaomin")
        assert one.person_id != queries.staff_by_login(session, THERE, "zhaomin").person_id

    def test_one_document_is_registered_in_both_and_found_in_each(self, session):
        a_volunteer(session, HERE, document=a_document(HERE))

        assert find_holder(session, THERE, a_document(THERE)) is None
        assert a_volunteer(session, THERE, document=a_document(THERE))

    def test_volunteers_are_found_at_home_only(self, session):
        a_volunteer(session, THERE, name="王秀英", phone="19900001005", area="一片区", building="5号楼")

        for text in ("V0001", "王秀英", "wxy", "1005", "5号楼"):
            assert () == queries.search_volunteers(session, HERE, text)
        assert {} == queries.volunteers(session, HERE, ["V0001"])
        with pytest.raises(NoSuchVolunteer):
            queries.volunteer(session, HERE, "V0001")

    def test_staff_are_found_at_home_only(self, session):
        staff = a_staff_member(session, community_id=THERE, login="zhaomin")

        with pytest.raises(NoSuchStaff):
            queries.staff_by_login(session, HERE, "zhaomin")
        with pytest.raises(NoSuchStaff):
            queries.staff_member(session, HERE, staff.person_id)
        assert frozenset() == queries.active_roles(session, HERE, staff.person_id)
        assert () == queries.roles_held(session, HERE, staff.person_id)

    def test_partners_and_places_are_found_at_home_only(self, session):
        a_partner(session, "国税局", community_id=THERE)
        unit = a_place(session, THERE, area="一片区")

        assert () == queries.partners(session, HERE)
        assert queries.find_partner_by_name(session, HERE, "国税局") is None
        with pytest.raises(NoSuchPartner):
            queries.partner(session, HERE, "P001")
        with pytest.raises(NoSuchOrgUnit):
            queries.org_unit(session, HERE, unit)

    def test_relatives_and_housemates_are_close_at_home_only(self, session):
        one, other = (a_volunteer(session, THERE, household="301") for _ in range(2))

        assert {one.person_id: frozenset()} == queries.close_to(session, HERE, [one.person_id])
        assert {one.person_id: {other.person_id}} == queries.close_to(session, THERE, [one.person_id])

    def test_a_shared_phone_is_reported_at_home_only(self, session):
        a_volunteer(session, THERE, phone="19900001005")

        answer = operations.register_volunteers(session, an_admin_act(), people=(a_newcomer(phone="19900001005"),))

        assert [] == answer["shared_phones"]


class TestNothingIsDone:
    """Whoever may do something here, may do nothing there."""

    def test_a_role_is_worth_nothing_there(self, session):
        staff = a_staff_member(session, community_id=HERE)

        assert queries.may(session, acting_as(staff, community_id=HERE), Permission.RECORD_HOURS)
        assert not queries.may(session, acting_as(staff, community_id=THERE), Permission.RECORD_HOURS)

    def test_nobody_is_registered_into_a_unit_of_the_other(self, session):
        unit = a_place(session, THERE, area="一片区")

        with pytest.raises(HomeUnknown):
            operations.register_volunteers(session, an_admin_act(), people=(a_newcomer(org_unit_id=unit),))

    def test_no_role_is_given_for_a_unit_of_the_other(self, session):
        unit = a_place(session, THERE, area="一片区")
        staff = a_staff_member(session, Role.CLERK)

        with pytest.raises(NoSuchOrgUnit):
            operations.grant_role(session, an_admin_act(), number=staff.number, role=Role.CLERK, org_unit_id=unit)

    def test_nobody_of_the_other_is_corrected_unmasked_or_helped_to_a_login(self, session):
        a_volunteer(session, THERE, document=a_document(THERE))
        coordinator = acting_as(a_staff_member(session, community_id=HERE))

        with pytest.raises(NoSuchVolunteer):
            operations.correct_person(session, coordinator, number="V0001", person=a_newcomer())
        with pytest.raises(NoSuchVolunteer):
            operations.unmask_document(session, coordinator, number="V0001", reason="证明", vault=VAULT)
        with pytest.raises(NoSuchVolunteer):
            operations.issue_one_time_login(session, an_admin_act(), number="V0001", one_time_token=Secret("t"))

    def test_somebody_else_in_the_other_may_not_act_there_with_the_own_number(self, session):
        staff = a_staff_member(session, community_id=HERE)
        a_staff_member(session, community_id=THERE)

        with pytest.raises(NotAllowed):
            operations.add_partner(session, acting_as(staff, community_id=THERE), name="国税局")


class TestNobodyEnters:
    """A login, a session and a one-time login belong to one community."""

    def test_a_password_opens_the_own_door_only(self, database):
        for community_id in (HERE, THERE):
            open_the_community(database.engine, community_id)
        a_volunteer(database.engine, THERE)
        a_password(database.engine, "V0001", community_id=THERE)

        with pytest.raises(SignInFailed):
            self.enter(database, HERE)
        self.enter(database, THERE)

        with reading(database.engine) as session:
            assert queries.find_session(session, HERE, secret="cookie", at=NOON) is None
            assert queries.find_session(session, THERE, secret="cookie", at=NOON)

    def enter(self, database, community_id):
        operations.sign_in(
            lambda: writing(database.engine),
            an_act(community_id=community_id, number="nobody"),
            login="V0001",
            password=Secret("海棠花在三号楼下开了"),
            session_secret=Secret("cookie"),
            source="192.0.2.7",
        )

    def test_a_one_time_login_opens_the_own_door_only(self, session):
        a_staff_member(session, community_id=THERE, login="zhaomin")

        with pytest.raises(OneTimeLoginSpent):
            queries.one_time_login(session, HERE, secret="token of zhaomin", at=NOON)
        assert queries.one_time_login(session, THERE, secret="token of zhaomin", at=NOON).name
