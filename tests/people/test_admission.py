"""Who is registered and who is not: every reason, on both sides of its boundary."""

from datetime import date, timedelta

import pytest

from tests.people.builders import (
    VAULT,
    a_guardian,
    a_newcomer,
    a_place,
    a_staff_member,
    a_volunteer,
    an_admin_act,
    an_identity_number,
    guardian_of,
    open_the_community,
)
from timebank.books import trail
from timebank.books.trail import TrailFilter
from timebank.people import admission, operations
from timebank.people.identity import DocumentKind
from timebank.people.operations.documents import masked_document

TODAY = date(2026, 11, 23)


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


def register(session, *people, **changes):
    """Register people in the name of the admin."""
    return operations.register_volunteers(session, an_admin_act(**changes), people=people)


def refused(session, kind, *people):
    """Register people who are refused; return the facts of the refusal."""
    with pytest.raises(kind) as refusal:
        register(session, *people)
    return refusal.value.facts


def a_document(number=None, kind=DocumentKind.RESIDENT_ID, community_id="xfl"):
    return VAULT.document(community_id, kind, number or an_identity_number())


class TestNames:
    """trust.md N9: names of every script are kept exactly; what cannot be seen is no name."""

    @pytest.mark.parametrize("name", ["阿依古丽·买买提", "㛃彧", "刘䶮", "𠮷田", "Tom O'Neil", "龘", "王" * 60])
    def test_a_name_is_kept_exactly(self, session, name):
        assert name == a_volunteer(session, name=name).name

    @pytest.mark.parametrize("name", ["", "  ", "王" * 61, "王\x00", "王\u202e英", "\u200b", "·", "王\n英"])
    def test_what_cannot_be_a_name_is_refused_with_its_place(self, session, name):
        facts = refused(session, admission.PersonNameInvalid, a_newcomer(), a_newcomer(name=name))

        assert {"place": 2, "length_max": 60} == facts

    @pytest.mark.parametrize("field", ["household", "skills"])
    def test_a_text_with_control_characters_is_refused(self, session, field):
        facts = refused(session, admission.PersonTextInvalid, a_newcomer(**{field: "3\x07号"}))

        assert (1, field) == (facts["place"], facts["field"])

    @pytest.mark.parametrize(("field", "length_max"), [("household", 60), ("skills", 200), ("note", 2000)])
    def test_a_text_has_its_largest_length(self, session, field, length_max):
        a_volunteer(session, **{field: "字" * length_max})

        facts = refused(session, admission.PersonTextInvalid, a_newcomer(**{field: "字" * (length_max + 1)}))

        assert {"place": 1, "field": field, "length_max": length_max} == facts

    def test_a_note_may_have_lines(self, session):
        a_volunteer(session, note="会按摩\n周三有空")

        assert "会按摩\n周三有空" == operations.details(session, "xfl", "V0001").note

    def test_a_sex_that_no_form_offers_is_a_fault(self):
        with pytest.raises(AssertionError):
            a_newcomer(sex="女")


class TestPhones:
    """domain.md 1.6: a mobile number, in any spelling."""

    @pytest.mark.parametrize("phone", ["1990000100", "199000010055", "12900001005", "0531-1234567", "abc"])
    def test_what_is_no_mobile_number_is_refused(self, session, phone):
        assert {"place": 1} == refused(session, admission.PhoneInvalid, a_newcomer(phone=phone))

    @pytest.mark.parametrize("phone", [None, "", " "])
    def test_nobody_needs_a_phone(self, session, phone):
        assert a_volunteer(session, phone=phone).phone is None


class TestNumbers:
    """The number owns the passbook: it is V and digits, and belongs to one person for ever."""

    @pytest.mark.parametrize("number", ["V001", "V123456789", "v0001", "S001", "V00A1", "V٠٠٠١", "0001", ""])
    def test_what_is_no_volunteer_number_is_refused(self, session, number):
        facts = refused(session, admission.VolunteerNumberInvalid, a_newcomer(number=number))

        assert {"place": 1, "number": number} == facts

    @pytest.mark.parametrize("number", ["V0001", "V12345678"])
    def test_four_to_eight_digits_are_accepted(self, session, number):
        assert number == a_volunteer(session, number=number).number

    def test_a_number_that_is_taken_is_refused(self, session):
        a_volunteer(session, number="V0005")

        facts = refused(session, admission.VolunteerNumberTaken, a_newcomer(), a_newcomer(number="V0005"))

        assert {"place": 2, "number": "V0005"} == facts

    def test_a_number_that_stands_in_the_list_twice_is_refused(self, session):
        facts = refused(session, admission.VolunteerNumberTaken, a_newcomer(number="V0005"), a_newcomer(number="V0005"))

        assert {"place": 2, "number": "V0005"} == facts

    def test_a_day_of_registration_that_has_not_come_is_refused(self, session):
        a_volunteer(session, registered_on=TODAY)

        facts = refused(session, admission.RegisteredInFuture, a_newcomer(registered_on=TODAY + timedelta(days=1)))

        assert {"place": 1, "registered_on": "2026-11-24"} == facts

    def test_a_staff_number_that_nobody_has_is_refused(self, session):
        facts = refused(session, admission.StaffNumberUnknown, a_newcomer(staff_number="S099"))

        assert {"place": 1, "number": "S099"} == facts

    def test_who_is_a_volunteer_already_is_refused(self, session):
        staff = a_staff_member(session)
        a_volunteer(session, staff_number=staff.number)

        facts = refused(session, admission.StaffNumberUnknown, a_newcomer(staff_number=staff.number))

        assert {"place": 1, "number": staff.number} == facts


class TestDocuments:
    """domain.md 1.5: a person is registered once; a wrong number is found before it is stored."""

    def test_a_document_is_kept_and_shown_masked(self, session):
        a_volunteer(session, document=a_document())

        shown = masked_document(session, "xfl", "V0001", VAULT)

        assert (DocumentKind.RESIDENT_ID, f"990***********{an_identity_number()[-4:]}") == (shown.kind, shown.masked)

    def test_a_document_that_belongs_to_somebody_is_refused(self, session):
        a_volunteer(session, document=a_document())

        facts = refused(session, admission.DocumentTaken, a_newcomer(name="李建国", document=a_document()))

        assert {"place": 1, "holder": "V0001"} == facts

    def test_a_document_that_stands_in_the_list_twice_is_refused(self, session):
        facts = refused(
            session,
            admission.DocumentTwice,
            a_newcomer(document=a_document()),
            a_newcomer(name="李建国"),
            a_newcomer(name="赵敏", document=a_document()),
        )

        assert {"place": 3, "first_place": 1} == facts

    def test_a_document_with_a_wrong_check_digit_is_refused(self, session):
        number = an_identity_number()
        wrong = number[:17] + ("1" if number[17] != "1" else "2")

        facts = refused(session, admission.DocumentInvalid, a_newcomer(document=a_document(wrong)))

        assert {"place": 1, "kind": "resident_id", "fault": "check_character"} == facts

    def test_a_birth_date_that_is_not_the_one_in_the_document_is_refused(self, session):
        facts = refused(
            session, admission.BirthDateDiffers, a_newcomer(born_on=date(1958, 3, 3), document=a_document())
        )

        assert {"place": 1, "born_on": "1958-03-03"} == facts

    def test_a_passport_says_nothing_of_the_birth_date(self, session):
        passport = a_document("E12345678", DocumentKind.PASSPORT)

        assert date(1958, 3, 2) == a_volunteer(session, document=passport).born_on

    def test_the_number_is_neither_in_the_refusal_nor_in_the_trail(self, session):
        wrong = an_identity_number()[:17] + "!"

        facts = refused(session, admission.DocumentInvalid, a_newcomer(document=a_document(wrong)))

        assert wrong[:17] not in str(facts) + str(trail.lines(session, "xfl", wanted=TrailFilter()))


class TestAges:
    """PIPL 31: under 14 only with a guardian's consent; Beijing: 14 to 17 with a guardian."""

    @pytest.mark.parametrize("born_on", [date(2012, 11, 24), date(2020, 1, 1), TODAY])
    def test_a_child_under_14_without_a_guardian_is_refused(self, session, born_on):
        facts = refused(session, admission.GuardianMissingForChild, a_newcomer(), a_newcomer(born_on=born_on))

        assert {"place": 2, "age_min": 14} == facts

    @pytest.mark.parametrize("born_on", [date(2012, 11, 23), date(2008, 11, 24)])
    def test_from_14_to_17_a_guardian_is_needed_too(self, session, born_on):
        facts = refused(session, admission.GuardianMissing, a_newcomer(born_on=born_on))

        assert {"place": 1, "age_min": 18} == facts

    def test_on_the_eighteenth_birthday_nobody_else_is_asked(self, session):
        assert a_volunteer(session, born_on=date(2008, 11, 23))

    @pytest.mark.parametrize("born_on", [date(2020, 1, 1), date(2010, 1, 1)])
    def test_a_minor_with_a_guardian_is_registered(self, session, born_on):
        a_volunteer(session, born_on=born_on, guardian=a_guardian(phone="199 0000 1006", consent_on=TODAY))

        guardian = guardian_of(session, "V0001")
        assert ("宋凤英", "母亲", "19900001006", TODAY) == (
            guardian.name,
            guardian.relation,
            guardian.phone,
            guardian.consent_on,
        )

    def test_whose_age_is_not_known_is_taken_for_grown_up(self, session):
        assert a_volunteer(session, born_on=None).born_on is None

    def test_a_guardian_may_be_a_volunteer_of_the_same_list(self, session):
        child = a_newcomer(born_on=date(2015, 1, 1), guardian=a_guardian(volunteer_number="V0002"), number="V0001")

        register(session, child, a_newcomer(name="宋凤英", number="V0002"))

        assert "V0002" == guardian_of(session, "V0001").volunteer_number

    @pytest.mark.parametrize("number", ["V0099", "V0001"])
    def test_a_guardian_who_is_nobody_or_the_child_is_refused(self, session, number):
        child = a_newcomer(born_on=date(2015, 1, 1), number="V0001", guardian=a_guardian(volunteer_number=number))

        assert {"place": 1, "number": number} == refused(session, admission.GuardianUnknown, child)

    @pytest.mark.parametrize(
        ("guardian", "kind"),
        [(a_guardian(name=" "), admission.PersonNameInvalid), (a_guardian(phone="123"), admission.PhoneInvalid)],
    )
    def test_what_is_told_of_the_guardian_must_be_right(self, session, guardian, kind):
        assert 1 == refused(session, kind, a_newcomer(born_on=date(2015, 1, 1), guardian=guardian))["place"]

    @pytest.mark.parametrize("born_on", [TODAY + timedelta(days=1), date(1899, 12, 31)])
    def test_a_birth_date_in_the_future_or_before_1900_is_refused(self, session, born_on):
        person = a_newcomer(born_on=born_on, guardian=a_guardian())

        assert {"place": 1, "born_on": born_on.isoformat()} == refused(session, admission.BirthDateImpossible, person)

    def test_the_first_of_1900_is_a_birth_date(self, session):
        assert a_volunteer(session, born_on=date(1900, 1, 1))


class TestHomes:
    """C8: people live in the organisation tree; a place that is not there is not invented."""

    @pytest.mark.parametrize(
        ("area", "building"), [("五片区", ""), ("", "99号楼"), ("二片区", "1号楼"), ("一片区", "3号楼")]
    )
    def test_a_place_that_is_not_in_the_tree_is_refused(self, session, area, building):
        a_place(session, area="一片区", building="1号楼")
        a_place(session, area="二片区", building="3号楼")

        facts = refused(session, admission.HomeUnknown, a_newcomer(area=area, building=building))

        assert {"place": 1, "area": area, "building": building} == facts

    def test_a_building_whose_name_is_there_twice_needs_its_area(self, session):
        a_place(session, area="一片区", building="1号楼")
        a_place(session, area="二片区", building="1号楼")

        refused(session, admission.HomeUnknown, a_newcomer(building="1号楼"))

        assert "二片区" == a_volunteer(session, area="二片区", building="1号楼").area

    def test_a_unit_that_nobody_knows_is_refused(self, session):
        assert refused(session, admission.HomeUnknown, a_newcomer(org_unit_id=an_admin_act().new_id("nothing")))

    def test_an_area_without_a_building_is_a_place(self, session):
        person = a_volunteer(session, area="一片区")

        assert ("一片区", None) == (person.area, person.building)
