"""Taking an approved record back: a mirrored entry, once, by somebody else; nothing is erased."""

import pytest

from tests.builders import NOON
from tests.service.builders import (
    XFL,
    a_coordinator,
    a_line,
    a_volunteer,
    acting,
    approve,
    minutes_of,
    points_e2_of,
    recorded,
)
from timebank.books import journal, statements
from timebank.books.statements import entries_of_source
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.people.queries import NotAllowed
from timebank.service import operations, queries
from timebank.service.operations.posting import recognised
from timebank.service.queries.records import NoSuchRecord
from timebank.service.rules import RecordState
from timebank.service.rules.approval import RecordNotApproved, RecordReasonMissing, ReverserIsBeneficiary
from timebank.service.shapes import TextUnclear
from timebank.stars import queries as stars

pytestmark = pytest.mark.usefixtures("community")


@pytest.fixture
def approved(session):
    """The id of an approved record of V0001: 90 minutes, 15 points."""
    [record_id] = recorded(session, a_line(minutes=90))
    approve(session, record_id)
    return record_id


def _reverse(session, record_id, *, by="S002", reason="记错了人", **changes):
    return operations.reverse_record(session, acting(by, **changes), record_id=record_id, reason=reason)


class TestReversing:
    """V5: the correction appears as a reversal, the original stays visible."""

    def test_takes_minutes_and_points_back(self, session, approved):
        _reverse(session, approved)

        assert (0, 0) == (minutes_of(session), points_e2_of(session))

    def test_leaves_both_entries_and_says_who_and_why(self, session, approved):
        seq = _reverse(session, approved)

        record = queries.record(session, XFL, approved)
        original, reversal = entries_of_source(session, XFL, [record.source])
        assert RecordState.REVERSED is record.state
        assert (original.seq, reversal.seq) == (record.entry_seq, record.reversal_seq)
        assert (seq, original.seq) == (reversal.seq, reversal.reverses)
        assert ("S002", NOON, "记错了人") == (record.closer, record.closed_at, record.closing_reason)

    def test_points_that_were_spent_become_a_debt(self, session, approved):
        passbook = AccountRef(AccountKind.PASSBOOK, "V0001", POINTS)
        spent = Transfer(passbook, AccountRef(AccountKind.REDEEMED, "", POINTS), 1000)
        journal.post(
            session, acting(), Draft(kind=EntryKind.GOODS_REDEEMED, effective_on=NOON.date(), transfers=(spent,))
        )

        _reverse(session, approved)

        assert (0, 0) == (minutes_of(session), points_e2_of(session))
        assert -1000 == statements.balance(session, XFL, AccountRef(AccountKind.DEBT, "V0001", POINTS))

    def test_frees_the_time_for_the_right_record(self, session, approved):
        _reverse(session, approved)

        [again] = recorded(session, a_line(minutes=60))
        approve(session, again)

        assert 60 == minutes_of(session)

    def test_gives_the_star_room_the_new_minutes(self, session, approved):
        before = Transfer(AccountRef(AccountKind.OPENING, "", MINUTES), recognised("V0002"), 5940)
        draft = Draft(kind=EntryKind.OPENING_BALANCE, effective_on=NOON.date(), transfers=(before,))
        journal.post(session, acting(), draft)
        [sixty_more] = recorded(session, a_line("V0002", 60))
        approve(session, sixty_more)
        opened = stars.open_cases(session, XFL)

        _reverse(session, sixty_more)

        assert ["V0002"] == [case.number for case in opened]
        assert [] == list(stars.open_cases(session, XFL))


class TestWhatIsRefused:
    """Once, with a reason, by somebody else than who served."""

    def test_a_record_that_waits(self, session):
        [record_id] = recorded(session)

        with pytest.raises(RecordNotApproved) as refused:
            _reverse(session, record_id)

        assert {"volunteer": "V0001", "state": "submitted"} == refused.value.facts

    def test_a_record_that_is_reversed_already(self, session, approved):
        _reverse(session, approved)

        with pytest.raises(RecordNotApproved):
            _reverse(session, approved, by="S001")

        assert 0 == minutes_of(session)

    def test_ones_own_record(self, session):
        a_coordinator(session, "S003")
        a_volunteer(session, "V0009", staff_number="S003")
        [record_id] = recorded(session, a_line("V0009"))
        approve(session, record_id)

        with pytest.raises(ReverserIsBeneficiary):
            _reverse(session, record_id, by="S003")

        assert 60 == minutes_of(session, "V0009")

    @pytest.mark.parametrize("reason", ["", " \n "])
    def test_no_reason(self, session, approved, reason):
        with pytest.raises(RecordReasonMissing):
            _reverse(session, approved, reason=reason)

    def test_a_reason_that_is_too_long(self, session, approved):
        with pytest.raises(TextUnclear):
            _reverse(session, approved, reason="长" * 501)

    def test_a_record_that_there_is_not(self, session):
        with pytest.raises(NoSuchRecord):
            _reverse(session, acting().new_id("no record"))

    @pytest.mark.parametrize("role", ["clerk", "auditor", "admin"])
    def test_another_role(self, session, approved, role):
        a_coordinator(session, "S003", role=role)

        with pytest.raises(NotAllowed):
            _reverse(session, approved, by="S003")

        assert 90 == minutes_of(session)

    def test_pressed_twice_counts_once(self, session, approved):
        first = _reverse(session, approved, request_key="the-same-key")
        again = _reverse(session, approved, request_key="the-same-key")

        assert first == again
        assert 0 == minutes_of(session)
