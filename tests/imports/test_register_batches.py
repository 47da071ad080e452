"""Registers: everybody in the file at once, or nobody and every reason."""

import pytest
import sqlalchemy as sa

from tests.imports.builders import (
    XFL,
    a_balance,
    a_person,
    a_register,
    a_service,
    confirmed,
    problems_of,
    registered,
    state_of,
    submitted_hours,
    submitted_opening,
    undone,
)
from tests.people.builders import VAULT, a_place, a_staff_member, an_identity_number, guardian_of
from timebank.imports import operations, queries
from timebank.imports.operations.submitted import FileHasProblems
from timebank.imports.rules import BatchState
from timebank.people.operations.documents import masked_document
from timebank.people.operations.unregistering import VolunteersInUse
from timebank.people.queries import NotAllowed, all_volunteers, org_units, volunteer
from timebank.people.tables import PersonDocumentRow


class TestRegistering:
    """C2 and experience.md 5.5: a register counts at once, for it gives nobody anything."""

    def test_registers_everybody_with_their_homes(self, office):
        answer = registered(office, a_person("V0001", "石静"), a_person("V0007", "孟桂兰", building="2号楼"))

        person = volunteer(office.session, XFL, "V0007")
        assert ("孟桂兰", "一片区", "2号楼") == (person.name, person.area, person.building)
        assert {"一片区", "1号楼", "2号楼"} <= {unit.name for unit in org_units(office.session, XFL)}
        assert (2, 3, 0, 2) == tuple(
            answer[key] for key in ("rows", "new_org_units", "volunteers_before", "volunteers_after")
        )

    def test_counts_at_once(self, office):
        answer = registered(office)

        assert BatchState.CONFIRMED == state_of(office, answer)
        assert "B0001" == answer["batch"]

    def test_gives_the_next_number_to_whoever_has_none(self, office):
        registered(office, a_person("V0007", "石静"), a_person("", "孟桂兰", phone="19900000008"))

        assert ["V0007", "V0008"] == [person.number for person in all_volunteers(office.session, XFL)]

    def test_seals_document_numbers(self, office):
        number = an_identity_number()

        registered(office, a_person(document=number, born="1958-03-02"))

        masked = masked_document(office.session, XFL, "V0001", VAULT).masked
        assert number[:3] == masked[:3]
        assert number not in masked

    def test_keeps_the_guardian_of_a_minor(self, office):
        answer = registered(office, a_person(born="2013-05-04", guardian="宋凤英"))

        assert "宋凤英" == guardian_of(office.session, "V0001").name
        assert 1 == answer["minors"]

    def test_names_who_shares_a_phone(self, office):
        answer = registered(
            office, a_person(phone="19900000001"), a_person("V0002", "孟桂兰", phone="19900000001", building="2号楼")
        )

        assert [["V0001", "V0002"]] == answer["shared_phones"]

    def test_takes_a_building_alone_for_the_one_of_that_name(self, office):
        a_place(office.session, area="二片区", building="9号楼")

        registered(office, a_person(area="", building="9号楼"))

        assert "二片区" == volunteer(office.session, XFL, "V0001").area

    def test_makes_a_building_alone_where_there_is_none(self, office):
        answer = registered(office, a_person(area="", building="9号楼"))

        assert ("9号楼", None) == (
            volunteer(office.session, XFL, "V0001").building,
            volunteer(office.session, XFL, "V0001").area,
        )
        assert 1 == answer["new_org_units"]


class TestRefusing:
    """I10: one wrong row keeps the whole file out, and every wrong row is named."""

    def test_names_every_wrong_row_and_registers_nobody(self, office):
        rows = (
            a_person("V0001", "石静"),
            a_person("V0002", "孟桂兰", phone="12345"),
            a_person("V0003", "史红梅", born="2013-05-04"),
            a_person("7", "李四"),
            a_person("V0001", "王五"),
        )

        with pytest.raises(FileHasProblems) as refused:
            registered(office, *rows)

        assert [
            (3, "not_a_phone"),
            (4, "guardian_missing_for_child"),
            (5, "volunteer_number_invalid"),
            (6, "twice_in_file"),
        ] == problems_of(refused)
        assert () == all_volunteers(office.session, XFL)
        assert () == queries.batches(office.session, XFL)
        assert ["幸福里社区党总支"] == [unit.name for unit in org_units(office.session, XFL)]

    def test_keeps_no_cell_of_a_refused_file(self, office):
        with pytest.raises(FileHasProblems) as refused:
            registered(office, a_person(phone="12345"))

        assert {"wrong_lines": 1, "repeated_lines": 0, "lines": [2]} == refused.value.facts

    def test_refuses_a_person_who_is_registered_already(self, office):
        number = an_identity_number()
        registered(office, a_person(document=number, born="1958-03-02"))

        with pytest.raises(FileHasProblems) as refused:
            registered(office, a_person("V0002", "石静", document=number, born="1958-03-02"))

        assert [(2, "document_taken")] == problems_of(refused)

    def test_refuses_a_building_that_is_there_twice(self, office):
        a_place(office.session, area="一片区", building="9号楼")
        a_place(office.session, area="二片区", building="9号楼")

        with pytest.raises(FileHasProblems) as refused:
            registered(office, a_person(area="", building="9号楼"))

        assert [(2, "home_unknown")] == problems_of(refused)

    @pytest.mark.parametrize(
        ("building", "code"), [("楼" * 61, "text_too_long"), ("·", "text_unseen")], ids=["too long", "a dot"]
    )
    def test_refuses_a_place_that_cannot_have_this_name(self, office, building, code):
        with pytest.raises(FileHasProblems) as refused:
            registered(office, a_person(building=building))

        assert [(2, code)] == problems_of(refused)

    def test_is_not_for_the_auditor(self, office):
        with pytest.raises(NotAllowed):
            operations.submit_volunteers(office.session, office.act(office.zhou), file=a_register().file)

    def test_a_clerk_imports_but_registers_nobody(self, office):
        with pytest.raises(NotAllowed) as refused:
            operations.submit_volunteers(office.session, office.act(office.zhao), file=a_register().file)

        assert {"permission": "register_people"} == refused.value.facts


class TestTakingBack:
    """experience.md 5.5: a wrong file leaves no strangers behind, as long as nothing has happened to them."""

    def test_erases_everybody(self, office):
        answer = registered(
            office, a_person(document=an_identity_number(), born="1958-03-02"), a_person("V0002", "孟桂兰")
        )

        assert 2 == undone(office, answer)["erased"]

        assert () == all_volunteers(office.session, XFL)
        assert 0 == office.session.scalar(sa.select(sa.func.count()).select_from(PersonDocumentRow))
        assert BatchState.UNDONE == state_of(office, answer)

    def test_the_mended_file_may_come_in(self, office):
        undone(office, registered(office, a_person(name="石靜")))

        registered(office, a_person(name="石静"))

        assert ["石静"] == [person.name for person in all_volunteers(office.session, XFL)]

    def test_who_has_hours_keeps_all_of_them(self, office):
        answer = registered(office)
        submitted_hours(office, a_service("V0002"))

        with pytest.raises(VolunteersInUse):
            undone(office, answer)

        assert 2 == len(all_volunteers(office.session, XFL))

    def test_who_stands_in_the_books_is_named(self, office):
        answer = registered(office)
        confirmed(office, submitted_opening(office, a_balance("V0002", "孟桂兰")))

        with pytest.raises(VolunteersInUse) as refused:
            undone(office, answer)

        assert {"volunteers": ["V0002"]} == refused.value.facts

    def test_who_works_here_stays(self, office):
        answer = registered(office)
        a_staff_member(office.session, login="wang", name="", volunteer_number="V0001")

        with pytest.raises(VolunteersInUse):
            undone(office, answer)

    def test_is_for_whoever_confirms(self, office):
        answer = registered(office)

        with pytest.raises(NotAllowed):
            undone(office, answer, by=office.zhao)
