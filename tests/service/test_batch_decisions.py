"""An imported batch is approved as a whole by a second person, or taken back as a whole; nothing is erased."""

from uuid import UUID

import pytest

from tests.service.builders import (
    BATCH,
    XFL,
    a_coordinator,
    a_row,
    a_volunteer,
    acting,
    approve,
    imported,
    minutes_of,
    points_e2_of,
    recorded,
)
from timebank.books.statements import entries_of_source
from timebank.people.queries import NotAllowed
from timebank.service import operations, queries
from timebank.service.queries.checking import NothingAsked
from timebank.service.rules import ActivityState, RecordState
from timebank.service.rules.approval import ApproverIsRecorder, ReverserIsBeneficiary
from timebank.service.rules.refusals import (
    LongService,
)

pytestmark = pytest.mark.usefixtures("community")

OTHER_BATCH = UUID(int=0xB0002)


def _approve_batch(session, *, by="S002", batch_id=BATCH, rating=None, **changes):
    return operations.approve_batch(session, acting(by), batch_id=batch_id, rating=rating, **changes)


def _withdraw(session, *, by="S002", batch_id=BATCH):
    return operations.withdraw_batch(session, acting(by), batch_id=batch_id)


class TestApprovingABatch:
    """The rules of the opening period decide: these hours earn points."""

    def test_brings_minutes_and_points_to_everybody(self, session):
        imported(session, a_row("V0001", 90), a_row("V0002", 120))

        answer = _approve_batch(session)

        assert (2, 210, 3500) == (answer["approved"], answer["minutes"], answer["points_e2"])
        assert (90, 1500) == (minutes_of(session, "V0001"), points_e2_of(session, "V0001"))
        assert (120, 2000) == (minutes_of(session, "V0002"), points_e2_of(session, "V0002"))

    def test_by_rule_version_one(self, session):
        [record_id] = imported(session, a_row())

        _approve_batch(session)

        [entry] = entries_of_source(session, XFL, [queries.source_for(record_id)])
        assert 1 == entry.rule_version
        assert "opening" == entry.facts["source_class"]

    def test_approves_the_activities_that_it_brought(self, session):
        imported(session, a_row())

        _approve_batch(session)

        found = queries.activity(session, XFL, "HD08011")
        assert (ActivityState.APPROVED, "S002") == (found.state, found.approver)

    def test_is_for_a_second_person(self, session):
        imported(session, a_row())

        with pytest.raises(ApproverIsRecorder):
            _approve_batch(session, by="S001")

        assert 0 == minutes_of(session)
        assert ActivityState.PROPOSED is queries.activity(session, XFL, "HD08011").state

    def test_the_rating_on_the_sheet_comes_before_that_of_the_batch(self, session):
        rated, unrated = imported(session, a_row("V0001", rating=1), a_row("V0002"))

        _approve_batch(session, rating=4)

        found = queries.records(session, XFL, (rated, unrated))
        assert [1, 4] == [record.rating for record in found]

    def test_what_was_rejected_stays_out(self, session):
        first, _ = imported(session, a_row("V0001"), a_row("V0002"))
        operations.reject(session, acting("S002"), record_id=first, reason="不是本人")

        answer = _approve_batch(session)

        assert 1 == answer["approved"]
        assert 0 == minutes_of(session, "V0001")

    def test_a_flag_needs_an_answer(self, session):
        imported(session, a_row(minutes=241))

        with pytest.raises(LongService):
            _approve_batch(session)
        _approve_batch(session, answer="逐条核对过签到表")

        [record] = queries.records_of_batch(session, XFL, BATCH)
        assert ["逐条核对过签到表"] == [flag.answer for flag in record.flags]

    @pytest.mark.parametrize("batch_id", [BATCH, OTHER_BATCH])
    def test_twice_or_of_no_batch_is_refused(self, session, batch_id):
        imported(session, a_row())
        _approve_batch(session)

        with pytest.raises(NothingAsked):
            _approve_batch(session, batch_id=batch_id)

        assert 60 == minutes_of(session)

    def test_is_not_for_other_roles(self, session):
        imported(session, a_row())
        a_coordinator(session, "S003", role="clerk")

        with pytest.raises(NotAllowed):
            _approve_batch(session, by="S003")

    def test_an_activity_of_the_approvers_own_batch_waits_for_that_one(self, session):
        imported(session, a_row("V0001"), by="S002")
        imported(session, a_row("V0002"), batch_id=OTHER_BATCH, by="S001")

        _approve_batch(session, by="S002", batch_id=OTHER_BATCH)
        before = queries.activity(session, XFL, "HD08011").state
        _approve_batch(session, by="S001", batch_id=BATCH)

        assert ActivityState.PROPOSED is before
        assert ActivityState.APPROVED is queries.activity(session, XFL, "HD08011").state


class TestWithdrawingABatch:
    """A wrong file goes back as a whole; everything stays visible."""

    def test_rejects_what_waits(self, session):
        imported(session, a_row("V0001"), a_row("V0002"))

        answer = _withdraw(session, by="S001")

        assert {"rejected": 2, "reversed": 0} == answer
        found = queries.records_of_batch(session, XFL, BATCH)
        assert {(RecordState.REJECTED, "整批撤回")} == {(record.state, record.closing_reason) for record in found}

    def test_reverses_what_was_approved(self, session):
        imported(session, a_row("V0001"), a_row("V0002"))
        _approve_batch(session)

        answer = _withdraw(session)

        assert {"rejected": 0, "reversed": 2} == answer
        assert (0, 0) == (minutes_of(session, "V0001"), points_e2_of(session, "V0002"))
        found = queries.records_of_batch(session, XFL, BATCH)
        assert all((record.reversal_seq or 0) > (record.entry_seq or 0) for record in found)

    def test_drops_its_activities(self, session):
        imported(session, a_row())

        _withdraw(session)

        assert ActivityState.CANCELLED is queries.activity(session, XFL, "HD08011").state

    def test_keeps_an_activity_that_others_need(self, session):
        imported(session, a_row())
        imported(session, a_row("V0002"), batch_id=OTHER_BATCH)

        _withdraw(session)

        assert ActivityState.PROPOSED is queries.activity(session, XFL, "HD08011").state

    def test_lets_the_mended_file_come_in(self, session):
        imported(session, a_row(place="西门"))
        _approve_batch(session)
        _withdraw(session)

        imported(session, a_row(minutes=120), batch_id=OTHER_BATCH, by="S002")
        _approve_batch(session, by="S001", batch_id=OTHER_BATCH)

        found = queries.activity(session, XFL, "HD08011")
        assert ("东门路口", OTHER_BATCH, "S001") == (found.place, found.batch_id, found.approver)
        assert 120 == minutes_of(session)

    def test_needs_something_to_take_back(self, session):
        imported(session, a_row())
        _withdraw(session)

        with pytest.raises(NothingAsked):
            _withdraw(session)

    def test_what_is_approved_is_not_taken_back_by_who_served(self, session):
        a_coordinator(session, "S003")
        a_volunteer(session, "V0009", staff_number="S003")
        imported(session, a_row("V0009"))
        _approve_batch(session)

        with pytest.raises(ReverserIsBeneficiary):
            _withdraw(session, by="S003")

        assert 60 == minutes_of(session, "V0009")

    def test_leaves_other_records_alone(self, session):
        imported(session, a_row())
        [other] = recorded(session)
        approve(session, other)

        _withdraw(session)

        assert 60 == minutes_of(session)


class TestTotalsOfABatch:
    """Before confirming, the second person sees how much it is."""

    def test_by_state(self, session):
        first, _ = imported(session, a_row("V0001", 90), a_row("V0002", 120))
        operations.reject(session, acting("S002"), record_id=first, reason="不是本人")

        found = queries.totals_of_batch(session, XFL, BATCH)

        assert {RecordState.REJECTED: queries.Amount(1, 90), RecordState.SUBMITTED: queries.Amount(1, 120)} == found
