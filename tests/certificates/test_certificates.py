"""Certificates of service (Order 67 articles 14 to 17): snapshots of the books, ended by a second person."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.certificates.builders import OFFICE, always, an_office, issued, served
from tests.service.builders import (
    XFL,
    a_community,
    a_coordinator,
    a_line,
    a_volunteer,
    acting,
    an_activity,
    person_id,
    recorded,
    relatives,
)
from timebank.audit.reconcile import Reconciler
from timebank.books.journal import entry_at
from timebank.books.statements import entries_in_order
from timebank.certificates import operations, queries
from timebank.certificates.queries import NoSuchCertificate, NoSuchCertificateRequest
from timebank.certificates.rules import (
    CertificateEnded,
    CertificateForYourself,
    CertificateNeedsAnother,
    CertificateRequestDecided,
    CertificateRequested,
    CertificateState,
    NothingToCertify,
    OfficeMissing,
    Period,
    digest_of,
)
from timebank.certificates.tables import CertificateEndRow, CertificateRow
from timebank.ledger.canonical import entry_of, leaf_bytes
from timebank.ledger.codes import read_code, read_document
from timebank.ledger.merkle import leaf_hash
from timebank.people.queries import NotAllowed
from timebank.service import operations as service

FRIDAY = date(2026, 11, 20)
pytestmark = pytest.mark.usefixtures("community")


@pytest.fixture
def community(session):
    """Two coordinators, an admin, and a volunteer who served an hour on Friday."""
    a_community(session)
    a_coordinator(session, "S009", role="admin")
    a_volunteer(session)
    served(session)


@pytest.fixture
def office(session):
    """The unit that issues and the person who is responsible are named."""
    an_office(session)


def findings_of(session):
    """What verification finds beside the log."""
    reconciler = Reconciler(session, XFL)
    entries = (entry_of(leaf) for leaf, _hash in entries_in_order(session, XFL))
    return [*(found for entry in entries for found in reconciler.take(entry)), *reconciler.rest()]


class TestIssuing:
    """What is posted is listed, by whom and with whose name is said, and nobody issues their own."""

    def test_says_all_that_it_must(self, session, office):
        found = issued(session)

        said = found.snapshot
        assert ("ZM2026-0001", "幸福里社区", OFFICE.unit, OFFICE.responsible, OFFICE.contact) == (
            said.number,
            said.community,
            said.unit,
            said.responsible,
            said.contact,
        )
        assert ("人V0001", "V0001", "人S001", NOON.date(), 60) == (
            said.name,
            said.volunteer_number,
            said.handler,
            said.issued_on,
            said.total_minutes,
        )
        assert [(FRIDAY, "清扫楼道", "3号楼", 60)] == [
            (one.served_on, one.title, one.place, one.minutes) for one in said.services
        ]

    def test_its_code_names_its_entry_which_holds_no_name(self, session, office):
        found = issued(session)

        document = read_document(read_code(found.code))
        entry = entry_at(session, XFL, document.seq)
        assert document.stands_for(leaf_hash(leaf_bytes(entry)))
        assert found == queries.find_certificate_of_entry(session, XFL, document.seq)
        assert digest_of(found.salt, found.text) == entry.facts["digest"]
        assert "人V0001" not in leaf_bytes(entry).decode()

    def test_only_approved_service_of_that_time_is_listed(self, session, office):
        recorded(session, a_line(starts="2026-11-20 13:00"), activity=an_activity(session, starts="2026-11-20 13:00"))
        served(
            session,
            a_line(starts="2026-11-19 09:00", minutes=30),
            activity=an_activity(session, starts="2026-11-19 09:00"),
        )

        assert [60, 30, 90] == [
            issued(session, period=Period(since, until)).snapshot.total_minutes
            for since, until in ((FRIDAY, FRIDAY), (None, date(2026, 11, 19)), (None, NOON.date()))
        ]

    @pytest.mark.parametrize("period", [Period(None, date(2026, 11, 19)), Period(date(2026, 11, 21), NOON.date())])
    def test_no_service_no_certificate(self, session, office, period):
        with pytest.raises(NothingToCertify):
            issued(session, period=period)

    def test_waits_until_somebody_says_who_issues(self, session):
        with pytest.raises(OfficeMissing):
            issued(session)

    def test_an_admin_says_who_issues_and_earlier_ones_stay(self, session, office):
        with pytest.raises(NotAllowed):
            an_office(session, "S001")
        assert OFFICE == queries.find_office(session, XFL)

    def test_nobody_issues_their_own_or_their_familys(self, session, office):
        relatives(session, "S001", "V0001")

        with pytest.raises(CertificateForYourself):
            issued(session)
        with pytest.raises(NotAllowed):
            issued(session, by="S009")

    def test_the_same_request_issues_once(self, session, office):
        first, again = (issued(session, request_key="the-same-key") for _ in range(2))

        assert first == again
        assert 1 == len(queries.certificates_of(session, XFL, person_id("V0001")))


class TestASnapshotOfThatDay:
    """It stays true: more hours and hours taken back change neither its words nor its state."""

    def test_more_hours_and_reversed_hours_leave_it_as_it_was(self, session, office):
        (record,) = served(
            session, a_line(starts="2026-11-19 09:00"), activity=an_activity(session, starts="2026-11-19 09:00")
        )
        before = issued(session)

        service.reverse_record(session, acting("S002"), record_id=record, reason="记错了")

        assert before == queries.certificate_by_code(session, XFL, before.code)
        assert (120, CertificateState.VALID) == (before.snapshot.total_minutes, before.state)
        assert 60 == issued(session).snapshot.total_minutes

    def test_the_database_changes_and_deletes_none(self, session, office):
        issued(session)

        for statement in (sa.update(CertificateRow).values(text="{}"), sa.delete(CertificateRow)):
            with pytest.raises((sa.exc.IntegrityError, sa.exc.ProgrammingError)), session.begin_nested():
                session.execute(statement)

    def test_verification_reads_it_beside_the_log(self, session, office):
        issued(session)
        operations.revoke(session, acting("S002"), certificate_id=issued(session).certificate_id, reason="重复")

        assert [] == findings_of(session)


class TestEnding:
    """A second person revokes; a new one replaces; both say why, and the code tells for ever."""

    def test_is_revoked_by_another_with_a_reason(self, session, office):
        found = issued(session)
        with pytest.raises(CertificateNeedsAnother):
            operations.revoke(session, acting("S001"), certificate_id=found.certificate_id, reason="记错了")

        operations.revoke(session, acting("S002"), certificate_id=found.certificate_id, reason="记错了")

        ended = queries.certificate_by_number(session, XFL, found.number)
        assert (CertificateState.REVOKED, "S002", "记错了", None) == (
            ended.state,
            ended.ender,
            ended.reason,
            ended.replaced_by,
        )
        assert found.snapshot == ended.snapshot
        with pytest.raises(CertificateEnded):
            operations.revoke(session, acting("S002"), certificate_id=found.certificate_id, reason="再来")

    def test_is_replaced_by_one_of_the_same_time(self, session, office):
        found = issued(session, period=Period(FRIDAY, FRIDAY))

        told = operations.replace_certificate(
            session, acting("S001"), certificate_id=found.certificate_id, reason="名字写错"
        )

        newer = queries.certificate(session, XFL, UUID(told["certificate"]))
        older = queries.certificate(session, XFL, found.certificate_id)
        assert (CertificateState.REPLACED, newer.code) == (older.state, older.replaced_by)
        assert ("ZM2026-0002", found.snapshot.period, CertificateState.VALID) == (
            newer.number,
            newer.snapshot.period,
            newer.state,
        )
        with pytest.raises(CertificateEnded):
            operations.replace_certificate(
                session, acting("S002"), certificate_id=found.certificate_id, reason="名字写错"
            )

    def test_the_database_keeps_the_second_person_too(self, session, office):
        found = issued(session)
        end = CertificateEndRow(
            community_id=XFL,
            certificate_id=found.certificate_id,
            state="revoked",
            reason="记错了",
            issuer_id=found.issuer_id,
            ender_id=found.issuer_id,
            ender="S001",
            ended_at=NOON,
            entry_seq=1,
        )

        session.add(end)

        with pytest.raises(sa.exc.IntegrityError, match="revoked_by_another"):
            session.flush()

    def test_what_is_not_there_is_not_ended(self, session, office):
        with pytest.raises(NoSuchCertificate):
            operations.revoke(session, acting("S002"), certificate_id=UUID(int=404), reason="记错了")


class TestAskingForOne:
    """A volunteer asks on their own page; the desk issues or declines, once."""

    def _asked(self, session, number="V0001", **changes):
        return UUID(operations.request_certificate(session, acting(number, **changes), period=always(), purpose="入学"))

    def test_is_issued_for_the_time_that_was_asked_for(self, session, office):
        request = self._asked(session)
        with pytest.raises(CertificateRequested):
            self._asked(session, at=NOON + timedelta(hours=1))

        told = operations.answer_request(session, acting("S001"), request_id=request)

        (mine,) = queries.requests_of(session, XFL, person_id("V0001"))
        assert ("issued", UUID(told["certificate"]), "入学") == (mine.state, mine.certificate_id, mine.purpose)
        assert () == queries.requests_open(session, XFL)
        with pytest.raises(CertificateRequestDecided):
            operations.decline_request(session, acting("S002"), request_id=request, reason="重复")

    def test_is_declined_with_a_reason(self, session):
        operations.decline_request(session, acting("S001"), request_id=self._asked(session), reason="请带证件来")

        (mine,) = queries.requests_of(session, XFL, person_id("V0001"))
        assert ("declined", "请带证件来") == (mine.state, mine.reason)

    def test_nobody_asks_without_service_and_nothing_that_is_not_there_is_answered(self, session, office):
        a_volunteer(session, "V0002")
        with pytest.raises(NothingToCertify):
            self._asked(session, "V0002")
        with pytest.raises(NoSuchCertificateRequest):
            operations.answer_request(session, acting("S001"), request_id=UUID(int=404))
