"""Identity documents: masked on the screen, in full only with a reason."""

import pytest
import sqlalchemy as sa

from tests.people.builders import (
    VAULT,
    a_place,
    a_staff_member,
    a_volunteer,
    acting_as,
    an_admin_act,
    an_identity_number,
    open_the_community,
)
from timebank.books import trail
from timebank.books.trail import TrailFilter
from timebank.database import reading, writing
from timebank.people import operations
from timebank.people.identity import DocumentKind
from timebank.people.operations.documents import (
    DocumentTailWrong,
    NoDocument,
    UnmaskReasonMissing,
    check_document_tail,
    find_holder,
    masked_document,
)
from timebank.people.queries.rights import NotAllowed
from timebank.people.queries.volunteers import NoSuchVolunteer
from timebank.people.roles import Role
from timebank.people.vault import DocumentDamaged, IdentityVault, VaultKeyMissing

NUMBER = an_identity_number()


def a_document(number=NUMBER):
    return VAULT.document("xfl", DocumentKind.RESIDENT_ID, number)


@pytest.fixture
def session(session):
    """A session in which V0001 has a document."""
    open_the_community(session)
    a_volunteer(session, document=a_document())
    return session


def unmask(session, act=None, number="V0001", reason="开具服务证明", vault=VAULT):
    """Ask for the full number."""
    return operations.unmask_document(session, act or an_admin_act(), number=number, reason=reason, vault=vault)


def trail_of(session):
    return trail.lines(session, "xfl", wanted=TrailFilter(verb="people.unmask_document"))


class TestUnmasking:
    """trust.md Z9, X15: each look at a full number leaves a line, with its reason."""

    def test_shows_the_number_and_notes_the_look(self, session):
        assert NUMBER == unmask(session)

        line = trail_of(session)[0]
        assert ("S001", "V0001", "seen", {"reason": "开具服务证明"}) == (
            line.actor,
            line.subject,
            line.outcome,
            line.facts,
        )

    def test_the_number_is_nowhere_in_the_database(self, database):
        open_the_community(database.engine)
        a_volunteer(database.engine, document=a_document())
        with writing(database.engine) as session:
            unmask(session)

        with reading(database.engine) as session:
            tables = sa.inspect(session.connection()).get_table_names()
            stored = "".join(str(session.execute(sa.text(f'SELECT * FROM "{table}"')).all()) for table in tables)
        assert NUMBER not in stored
        assert NUMBER[6:] not in stored

    @pytest.mark.parametrize("reason", ["", " ", "证", "证" * 201, "证\x00明"])
    def test_without_a_reason_nothing_is_shown(self, session, reason):
        with pytest.raises(UnmaskReasonMissing) as refused:
            unmask(session, reason=reason)

        assert {"length_max": 200} == refused.value.facts

    @pytest.mark.parametrize("reason", ["证明", "证" * 200])
    def test_two_to_200_characters_are_a_reason(self, session, reason):
        assert NUMBER == unmask(session, reason=reason)

    @pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
    def test_clerks_and_auditors_are_refused(self, session, role):
        with pytest.raises(NotAllowed):
            unmask(session, act=acting_as(a_staff_member(session, role)))

    def test_a_coordinator_of_another_part_is_refused(self, session):
        area = a_place(session, area="一片区")

        with pytest.raises(NotAllowed):
            unmask(session, act=acting_as(a_staff_member(session, org_unit_id=area)))

    def test_a_refused_look_is_noted_too(self, database):
        open_the_community(database.engine)
        a_volunteer(database.engine, document=a_document())
        clerk = a_staff_member(database.engine, Role.CLERK)

        with pytest.raises(NotAllowed), writing(database.engine) as session:
            unmask(session, act=acting_as(clerk))

        with reading(database.engine) as session:
            line = trail_of(session)[0]
        assert (clerk.number, "refused", {"code": "not_allowed"}) == (line.actor, line.outcome, line.facts)

    def test_who_has_no_document_is_told(self, session):
        a_volunteer(session)

        with pytest.raises(NoDocument) as refused:
            unmask(session, number="V0002")

        assert {"number": "V0002"} == refused.value.facts

    def test_whom_nobody_knows_is_told(self, session):
        with pytest.raises(NoSuchVolunteer):
            unmask(session, number="V0009")

    def test_with_another_key_nothing_is_shown(self, session):
        other = IdentityVault(encryption_key=b"o" * 32, lookup_key=b"l" * 32)

        with pytest.raises(VaultKeyMissing):
            unmask(session, vault=other)

    def test_a_number_that_was_moved_to_somebody_else_does_not_open(self, session):
        other = a_volunteer(session)
        session.execute(
            sa.text("UPDATE person_document SET person_id = :id"), {"id": _stored(session, other.person_id)}
        )

        with pytest.raises(DocumentDamaged):
            unmask(session, number="V0002")


def _stored(session, person_id):
    return person_id.hex if session.get_bind().dialect.name == "sqlite" else person_id


class TestMasking:
    """domain.md 1.5: masked display; trust.md: the last four digits are not kept in clear."""

    def test_a_screen_shows_three_and_four_characters(self, session):
        shown = masked_document(session, "xfl", "V0001", VAULT)

        assert f"990***********{NUMBER[-4:]}" == shown.masked

    def test_whose_document_it_is_is_found_without_opening_anything(self, session):
        assert "V0001" == find_holder(session, "xfl", a_document())
        assert find_holder(session, "xfl", a_document(an_identity_number(sequence=2))) is None

    def test_a_member_of_the_staff_is_found_by_staff_number(self, session):
        staff = a_staff_member(session)
        number = an_identity_number(sequence=3)
        person = operations.details(session, "xfl", staff.number)
        operations.correct_person(
            session, an_admin_act(), number=staff.number, person=_with_document(person, a_document(number))
        )

        assert staff.number == find_holder(session, "xfl", a_document(number))


def _with_document(person, document):
    return type(person)(name=person.name, document=document)


class TestTheEndOfADocument:
    """domain.md S1: who has no card is known by how their registered document ends; each try leaves a line."""

    @pytest.fixture
    def clerk(self, session):
        return acting_as(a_staff_member(session, Role.CLERK))

    def check(self, session, act, tail, number="V0001"):
        check_document_tail(session, act, number=number, tail=tail, vault=VAULT)

    def outcomes(self, session):
        lines = trail.lines(session, "xfl", wanted=TrailFilter(verb="people.check_document"))
        return [(line.subject, line.outcome) for line in lines]

    def test_the_right_four_are_enough(self, session, clerk):
        self.check(session, clerk, NUMBER[-4:].lower())

        assert [("V0001", "done")] == self.outcomes(session)

    @pytest.mark.parametrize("tail", ["", "0000", NUMBER[-3:], NUMBER[-5:], NUMBER])
    def test_anything_else_is_refused_and_noted(self, session, clerk, tail):
        with pytest.raises(DocumentTailWrong):
            self.check(session, clerk, tail)

        assert [("V0001", "refused")] == self.outcomes(session)

    def test_who_has_no_document_is_known_otherwise(self, session, clerk):
        a_volunteer(session)
        with pytest.raises(NoDocument):
            self.check(session, clerk, "0000", number="V0002")

    def test_only_the_till_asks(self, session):
        with pytest.raises(NotAllowed):
            self.check(session, acting_as(a_staff_member(session, Role.COORDINATOR)), NUMBER[-4:])
