"""Correcting what is known of people, and declaring relatives."""

from dataclasses import replace
from datetime import date

import pytest

from tests.people.builders import (
    VAULT,
    a_guardian,
    a_place,
    a_staff_member,
    a_volunteer,
    acting_as,
    an_admin_act,
    an_identity_number,
    guardian_of,
    open_the_community,
)
from timebank.books import trail
from timebank.books.trail import TrailFilter
from timebank.people import admission, operations, queries
from timebank.people.identity import DocumentKind
from timebank.people.operations.correcting import AlreadyDeclared, RelationInvalid, SamePerson
from timebank.people.operations.documents import masked_document
from timebank.people.queries.rights import NotAllowed
from timebank.people.queries.staff import NoSuchStaff
from timebank.people.queries.volunteers import NoSuchVolunteer
from timebank.people.roles import Role


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


def correct(session, number="V0001", act=None, **changes):
    """Correct some fields of a person in the name of the admin."""
    wanted = replace(operations.details(session, "xfl", number), **changes)
    return operations.correct_person(session, act or an_admin_act(), number=number, person=wanted)


def a_document(sequence=1):
    return VAULT.document("xfl", DocumentKind.RESIDENT_ID, an_identity_number(sequence=sequence))


class TestCorrecting:
    """MCA Order 67 article 13: errors are corrected promptly."""

    def test_what_was_wrong_is_right_afterwards(self, session):
        a_place(session, area="一片区", building="5号楼")
        a_volunteer(session, name="王秀英", phone="19900001005")

        changed = correct(session, name="王秀瑛", phone="19900001006", building="5号楼")

        person = queries.volunteer(session, "xfl", "V0001")
        assert ("王秀瑛", "19900001006", "5号楼") == (person.name, person.phone, person.building)
        assert {"name", "phone", "org_unit_id"} == set(changed.split())

    def test_the_corrected_name_is_found(self, session):
        a_volunteer(session, name="王秀英")

        correct(session, name="单秀英")

        assert ["V0001"] == [person.number for person in queries.search_volunteers(session, "xfl", "sxy")]

    def test_nothing_changed_is_said_so(self, session):
        a_volunteer(session)

        assert "" == correct(session)

    def test_which_fields_stands_in_the_trail_and_what_stood_there_does_not(self, session):
        a_volunteer(session, phone="19900001005")

        correct(session, phone="19900001006")

        line = trail.lines(session, "xfl", wanted=TrailFilter(verb="people.correct_person"))[0]
        assert ("V0001", "done", {"answer": "phone"}) == (line.subject, line.outcome, line.facts)

    def test_a_document_is_added_later(self, session):
        a_volunteer(session)

        assert "document" == correct(session, document=a_document())
        assert masked_document(session, "xfl", "V0001", VAULT).masked

    def test_the_own_document_may_be_entered_again(self, session):
        a_volunteer(session, document=a_document())

        assert "document" == correct(session, document=a_document())

    def test_a_document_that_is_not_told_stays(self, session):
        a_volunteer(session, document=a_document())

        correct(session, phone="19900001006")

        assert masked_document(session, "xfl", "V0001", VAULT).masked

    def test_a_guardian_is_told_later(self, session):
        a_volunteer(session, born_on=date(2012, 1, 1), guardian=a_guardian())

        changed = correct(session, guardian=a_guardian(phone="19900001006"))

        assert "guardian" == changed
        assert "19900001006" == guardian_of(session, "V0001").phone

    def test_a_guardian_who_is_a_volunteer_is_told_by_number(self, session):
        a_volunteer(session, born_on=date(2012, 1, 1), guardian=a_guardian())
        a_volunteer(session, name="宋凤英")

        correct(session, guardian=a_guardian(volunteer_number="V0002"))

        assert "V0002" == guardian_of(session, "V0001").volunteer_number

    def test_a_member_of_the_staff_is_corrected_too(self, session):
        staff = a_staff_member(session, name="陈敏")

        correct(session, staff.number, phone="19900001006")

        assert "19900001006" == operations.details(session, "xfl", staff.number).phone

    def test_by_either_number_the_own_document_stays_the_own(self, session):
        staff = a_staff_member(session)
        a_volunteer(session, staff_number=staff.number, document=a_document())

        assert "document" == correct(session, staff.number, document=a_document())


class TestRefusedCorrections:
    """What refuses a newcomer refuses a correction."""

    def test_the_document_of_somebody_else(self, session):
        a_volunteer(session, document=a_document())
        a_volunteer(session)

        with pytest.raises(admission.DocumentTaken) as refused:
            correct(session, "V0002", document=a_document())

        assert {"place": 1, "holder": "V0001"} == refused.value.facts

    def test_an_age_that_needs_a_guardian(self, session):
        a_volunteer(session)

        with pytest.raises(admission.GuardianMissing):
            correct(session, born_on=date(2010, 1, 1))

    def test_a_guardian_of_themselves(self, session):
        a_volunteer(session, born_on=date(2012, 1, 1), guardian=a_guardian())

        with pytest.raises(admission.GuardianUnknown):
            correct(session, guardian=a_guardian(volunteer_number="V0001"))

    def test_a_person_whom_nobody_knows(self, session):
        with pytest.raises(NoSuchVolunteer):
            correct(session, "V0009")
        with pytest.raises(NoSuchStaff):
            correct(session, "S009")

    @pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
    def test_by_clerks_and_auditors(self, session, role):
        a_volunteer(session)

        with pytest.raises(NotAllowed):
            correct(session, act=acting_as(a_staff_member(session, role)), phone="19900001006")

    @pytest.mark.parametrize(("home", "wanted"), [("3号楼", "5号楼"), ("5号楼", "3号楼"), ("3号楼", "3号楼")])
    def test_by_a_coordinator_of_another_area(self, session, home, wanted):
        unit = a_place(session, area="一片区")
        a_place(session, area="一片区", building="5号楼")
        a_volunteer(session, area="一片区" if home == "5号楼" else "二片区", building=home)
        a_place(session, area="二片区", building="3号楼")
        coordinator = a_staff_member(session, org_unit_id=unit)

        with pytest.raises(NotAllowed):
            correct(session, act=acting_as(coordinator), building=wanted, org_unit_id=None)


class TestDeclaringRelatives:
    """trust.md T6, X9: declared relatives do not approve for each other."""

    def declare(self, session, number="V0001", other="V0002", relation="母女", act=None):
        operations.declare_relatives(
            session, act or an_admin_act(), number=number, other_number=other, relation=relation
        )

    def test_two_people_are_close_from_then_on(self, session):
        mother, daughter = a_volunteer(session), a_volunteer(session)

        self.declare(session)

        close = queries.close_to(session, "xfl", [mother.person_id, daughter.person_id])
        assert {mother.person_id: {daughter.person_id}, daughter.person_id: {mother.person_id}} == close

    def test_a_member_of_the_staff_has_relatives_too(self, session):
        mother, staff = a_volunteer(session), a_staff_member(session)

        self.declare(session, other=staff.number)

        assert {mother.person_id} == queries.close_to(session, "xfl", [staff.person_id])[staff.person_id]

    def test_the_other_way_round_it_is_declared_already(self, session):
        a_volunteer(session)
        a_volunteer(session)
        self.declare(session)

        with pytest.raises(AlreadyDeclared) as refused:
            self.declare(session, number="V0002", other="V0001")

        assert {"number": "V0002", "other": "V0001"} == refused.value.facts

    def test_nobody_is_related_to_themselves(self, session):
        staff = a_staff_member(session)
        a_volunteer(session, staff_number=staff.number)

        with pytest.raises(SamePerson) as refused:
            self.declare(session, other=staff.number)

        assert {"number": "V0001", "other": staff.number} == refused.value.facts

    @pytest.mark.parametrize("relation", ["", " ", "母" * 21, "母\u202e女"])
    def test_how_they_are_related_is_said_in_words(self, session, relation):
        a_volunteer(session)
        a_volunteer(session)

        with pytest.raises(RelationInvalid):
            self.declare(session, relation=relation)

    def test_twenty_characters_are_enough(self, session):
        a_volunteer(session)
        a_volunteer(session)

        self.declare(session, relation="母" * 20)

    def test_a_clerk_declares_nobody(self, session):
        a_volunteer(session)
        a_volunteer(session)

        with pytest.raises(NotAllowed):
            self.declare(session, act=acting_as(a_staff_member(session, Role.CLERK)))
