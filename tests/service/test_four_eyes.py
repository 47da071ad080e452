"""Who may approve or reject what, how often, with which rating, and with which answers."""

import pytest

from tests.builders import NOON
from tests.service.builders import (
    XFL,
    a_coordinator,
    a_line,
    a_volunteer,
    acting,
    an_activity,
    an_org_unit,
    approve,
    minutes_of,
    person_id,
    points_e2_of,
    recorded,
    relatives,
)
from timebank.people.queries import NotAllowed
from timebank.service import operations, queries
from timebank.service.asked import Decision
from timebank.service.rules import RecordState
from timebank.service.rules.approval import (
    ApproverIsBeneficiary,
    ApproverIsClose,
    ApproverIsRecorder,
    RatingOutOfRange,
    RecordNotWaiting,
    RecordReasonMissing,
)
from timebank.service.rules.refusals import LongService, NightService

pytestmark = pytest.mark.usefixtures("community")


class TestFourEyes:
    """trust.md T6, X8, X9: recorder, approver and beneficiary are three persons; family counts as the person."""

    def test_not_what_one_has_recorded(self, session):
        [record_id] = recorded(session)

        with pytest.raises(ApproverIsRecorder):
            approve(session, record_id, by="S001")

        assert 0 == minutes_of(session)

    def test_not_ones_own_service(self, session):
        a_volunteer(session, "V0009", staff_number="S002")
        [record_id] = recorded(session, a_line("V0009"))

        with pytest.raises(ApproverIsBeneficiary) as refused:
            approve(session, record_id)

        assert {"volunteer": "V0009"} == refused.value.facts

    def test_not_the_service_of_relatives(self, session):
        relatives(session, "V0001", "S002")
        [record_id] = recorded(session)

        with pytest.raises(ApproverIsClose):
            approve(session, record_id)

    def test_not_the_service_of_the_household(self, session):
        a_coordinator(session, "S003", household="3-2-501")
        a_volunteer(session, "V0009", household="3-2-501")
        [record_id] = recorded(session, a_line("V0009"))

        with pytest.raises(ApproverIsClose):
            approve(session, record_id, by="S003")

    @pytest.mark.parametrize("role", ["clerk", "auditor", "admin"])
    def test_not_in_another_role(self, session, role):
        a_coordinator(session, "S003", role=role)
        [record_id] = recorded(session)

        with pytest.raises(NotAllowed):
            approve(session, record_id, by="S003")

    def test_not_in_another_part_of_the_community(self, session):
        north = an_org_unit(session, "north")
        an_org_unit(session, "south")
        a_coordinator(session, "S003", unit="south")
        [record_id] = recorded(session, activity=an_activity(session, org_unit_id=north))

        with pytest.raises(NotAllowed):
            approve(session, record_id, by="S003")
        approve(session, record_id)

    def test_not_with_somebody_elses_number(self, session):
        [record_id] = recorded(session)
        act = acting("S002", person_id=person_id("S001"))

        with pytest.raises(NotAllowed):
            operations.approve_many(session, act, decisions=(Decision(record_id=record_id, rating=None),))


class TestOnce:
    """A record is approved once; who comes second is told."""

    def test_twice_by_two_people(self, session):
        a_coordinator(session, "S003")
        [record_id] = recorded(session)
        approve(session, record_id)

        with pytest.raises(RecordNotWaiting) as refused:
            approve(session, record_id, by="S003")

        assert {"volunteer": "V0001", "state": "approved"} == refused.value.facts
        assert 60 == minutes_of(session)

    def test_not_after_it_was_rejected(self, session):
        [record_id] = recorded(session)
        operations.reject(session, acting("S002"), record_id=record_id, reason="没有来")

        with pytest.raises(RecordNotWaiting):
            approve(session, record_id)

    def test_pressed_twice_counts_once(self, session):
        [record_id] = recorded(session)

        first = approve(session, record_id, request_key="the-same-key")
        again = approve(session, record_id, request_key="the-same-key")

        assert first == again
        assert (60, 1000) == (minutes_of(session), points_e2_of(session))


class TestRatings:
    """domain.md 6: one to five stars belong to each record, or none."""

    @pytest.mark.parametrize("rating", [1, 5, None])
    def test_from_one_to_five(self, session, rating):
        [record_id] = recorded(session)

        approve(session, record_id, rating=rating, answer="核对过")

        assert rating == queries.record(session, XFL, record_id).rating

    @pytest.mark.parametrize("rating", [0, 6, -1])
    def test_no_other(self, session, rating):
        [record_id] = recorded(session)

        with pytest.raises(RatingOutOfRange) as refused:
            approve(session, record_id, rating=rating)

        assert {"rating": rating, "best": 5} == refused.value.facts
        assert 0 == minutes_of(session)


class TestFlags:
    """Whatever is flagged needs an answer in words; nothing flagged is posted silently."""

    @pytest.fixture
    def long_day(self, session):
        """An activity of ten hours."""
        return an_activity(session, minutes=600)

    def test_an_unanswered_flag_refuses_the_approval(self, session, long_day):
        [record_id] = recorded(session, a_line(minutes=241), activity=long_day)

        with pytest.raises(LongService) as refused:
            approve(session, record_id)

        assert {"volunteer": "V0001", "minutes": 241, "limit_minutes": 240} == refused.value.facts
        assert 0 == minutes_of(session)

    def test_the_approvers_answer_is_kept_with_the_flag(self, session, long_day):
        [record_id] = recorded(session, a_line(minutes=241), activity=long_day)

        approve(session, record_id, answer="电话核实过")

        [flag] = queries.record(session, XFL, record_id).flags
        assert ("long_service", "电话核实过", "S002") == (flag.code, flag.answer, flag.answered_by)
        assert 241 == minutes_of(session)

    def test_the_recorders_remark_answers_it_already(self, session, long_day):
        [record_id] = recorded(session, a_line(minutes=241, remark="洪水"), activity=long_day)

        approve(session, record_id, answer="另一句")

        [flag] = queries.record(session, XFL, record_id).flags
        assert ("洪水", "S001") == (flag.answer, flag.answered_by)

    def test_a_blank_answer_is_none(self, session, long_day):
        [record_id] = recorded(session, a_line(minutes=241, remark="  "), activity=long_day)

        with pytest.raises(LongService):
            approve(session, record_id, answer="  ")

    def test_each_record_needs_its_own(self, session):
        night = an_activity(session, starts="2026-11-19 22:00", minutes=60)
        answered, unanswered = recorded(
            session,
            a_line("V0001", starts="2026-11-19 22:00", remark="值夜"),
            a_line("V0002", starts="2026-11-19 22:00"),
            activity=night,
        )

        with pytest.raises(NightService) as refused:
            approve(session, answered, unanswered)

        assert "V0002" == refused.value.facts["volunteer"]
        approve(session, answered)


class TestRejecting:
    """A record that is wrong is rejected with a reason; it stays, and earns nothing."""

    def test_says_who_when_and_why(self, session):
        [record_id] = recorded(session)

        operations.reject(session, acting("S002"), record_id=record_id, reason="签到表上没有")

        record = queries.record(session, XFL, record_id)
        assert RecordState.REJECTED is record.state
        assert ("S002", NOON, "签到表上没有") == (record.closer, record.closed_at, record.closing_reason)
        assert record.entry_seq is None

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_needs_a_reason(self, session, reason):
        [record_id] = recorded(session)

        with pytest.raises(RecordReasonMissing):
            operations.reject(session, acting("S002"), record_id=record_id, reason=reason)

    def test_not_once_it_is_approved(self, session):
        [record_id] = recorded(session)
        approve(session, record_id)

        with pytest.raises(RecordNotWaiting):
            operations.reject(session, acting("S002"), record_id=record_id, reason="迟了")

    def test_who_recorded_it_may_take_it_back(self, session):
        [record_id] = recorded(session)

        operations.reject(session, acting("S001"), record_id=record_id, reason="录错了")

        assert RecordState.REJECTED is queries.record(session, XFL, record_id).state

    def test_is_not_for_other_roles(self, session):
        a_coordinator(session, "S003", role="clerk")
        [record_id] = recorded(session)

        with pytest.raises(NotAllowed):
            operations.reject(session, acting("S003"), record_id=record_id, reason="不对")
