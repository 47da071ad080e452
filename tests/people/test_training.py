"""Trainings (Order 67 article 8): recorded for many, approved by a second person, kept for ever."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.service.builders import XFL, a_coordinator, a_volunteer, acting, person_id, relatives
from tests.service.builders import a_community as a_community_with_service
from timebank.people.operations import training as operations
from timebank.people.queries import NoSuchVolunteer, NotAllowed
from timebank.people.queries.training import (
    NoSuchTraining,
    training_minutes,
    training_records_of,
    trainings_decided,
    trainings_of,
    trainings_waiting,
)
from timebank.people.tables import TrainingRow
from timebank.people.training_rules import (
    AttendanceFacts,
    NewTraining,
    NobodyTrained,
    TrainingDecided,
    TrainingNeedsAnother,
    TrainingNotYet,
    TrainingOfYourself,
    TrainingReasonMissing,
    TrainingRecordedAlready,
    TrainingState,
    TrainingTooLong,
    TrainingUnclear,
    check_approval,
    check_reason,
    check_training,
)

TODAY = acting().today
FIRST_AID = NewTraining(
    course="急救", organiser="红十字会", trained_on=date(2026, 11, 20), minutes=180, content="心肺复苏"
)
ONE, OTHER = person_id("V0001"), person_id("S001")


def an_attendance(**changes):
    """An attendance that waits, recorded by S001."""
    known = AttendanceFacts("V0001", TrainingState.OPEN, ONE, OTHER, frozenset())
    return replace(known, **changes)


class TestTheRules:
    """A name, an organiser, a length, a day in the past; another person approves."""

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"course": " "}, TrainingUnclear),
            ({"course": "急" * 61}, TrainingUnclear),
            ({"organiser": ""}, TrainingUnclear),
            ({"content": "一" * 201}, TrainingUnclear),
            ({"content": "一行\n两行"}, TrainingUnclear),
            ({"minutes": 0}, TrainingTooLong),
            ({"minutes": 60_001}, TrainingTooLong),
            ({"trained_on": TODAY + timedelta(days=1)}, TrainingNotYet),
        ],
    )
    def test_what_is_missing_or_too_much_is_refused_by_name(self, changes, refusal):
        with pytest.raises(refusal):
            check_training(replace(FIRST_AID, **changes), today=TODAY)

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"course": "急" * 60, "content": "一" * 200},
            {"minutes": 1, "content": ""},
            {"minutes": 60_000},
            {"trained_on": TODAY},
        ],
    )
    def test_up_to_the_limits_it_is_taken(self, changes):
        check_training(replace(FIRST_AID, **changes), today=TODAY)

    @pytest.mark.parametrize(
        ("attendance", "approver", "refusal"),
        [
            (an_attendance(state=TrainingState.APPROVED), person_id("S002"), TrainingDecided),
            (an_attendance(state=TrainingState.REJECTED), person_id("S002"), TrainingDecided),
            (an_attendance(), OTHER, TrainingNeedsAnother),
            (an_attendance(), ONE, TrainingOfYourself),
            (an_attendance(close_to_person=frozenset({person_id("S002")})), person_id("S002"), TrainingOfYourself),
        ],
    )
    def test_neither_the_recorder_nor_the_volunteer_nor_their_family_approves(self, attendance, approver, refusal):
        with pytest.raises(refusal):
            check_approval(attendance, approver_id=approver)

    @pytest.mark.parametrize("reason", ["", "  ", "一" * 201, "一行\n两行"])
    def test_a_rejection_says_why(self, reason):
        with pytest.raises(TrainingReasonMissing):
            check_reason(reason)


@pytest.fixture
def community(session):
    """A community with three coordinators and two volunteers."""
    a_community_with_service(session, coordinators=("S001", "S002", "S003"))
    for number in ("V0001", "V0002"):
        a_volunteer(session, number)


def _recorded(session, *numbers, by="S001", training=FIRST_AID):
    answer = operations.record_training(session, acting(by), training=training, numbers=numbers or ("V0001",))
    return tuple(UUID(one) for one in answer["trainings"])


def _approved(session, *ids, by="S002"):
    return operations.approve_trainings(session, acting(by), training_ids=ids)


@pytest.mark.usefixtures("community")
class TestRecordingAndApproving:
    """Four eyes, as with hours."""

    def test_counts_once_a_second_person_approved_it(self, session):
        ids = _recorded(session, "V0001", "V0002")
        assert () == trainings_of(session, XFL, "V0001", on=TODAY)
        assert [(ids[0], "V0001"), (ids[1], "V0002")] == [
            (one.training_id, one.number) for one in trainings_waiting(session, XFL)
        ]

        assert 2 == _approved(session, *ids)

        (own,) = trainings_of(session, XFL, "V0001", on=TODAY)
        assert ("急救", "心肺复苏", "红十字会", 180, "S001", "S002") == (
            own.course,
            own.content,
            own.organiser,
            own.minutes,
            own.recorder,
            own.decider,
        )
        assert {"V0001": 180, "V0002": 180} == training_minutes(session, XFL, ["V0001", "V0002", "V0003"], on=TODAY)
        assert () == trainings_waiting(session, XFL)

    def test_is_there_from_its_day_on(self, session):
        _approved(session, *_recorded(session))

        assert () == trainings_of(session, XFL, "V0001", on=date(2026, 11, 19))
        assert {} == training_minutes(session, XFL, ["V0001"], on=date(2026, 11, 19))
        assert 1 == len(trainings_of(session, XFL, "V0001", on=date(2026, 11, 20)))

    def test_the_recorder_does_not_approve(self, session):
        ids = _recorded(session)

        with pytest.raises(TrainingNeedsAnother):
            _approved(session, *ids, by="S001")

    def test_nobody_records_their_own_or_their_familys(self, session):
        a_volunteer(session, "V0009", staff_number="S001")
        relatives(session, "S001", "V0002")

        for number in ("V0009", "V0002"):
            with pytest.raises(TrainingOfYourself):
                _recorded(session, number)

    def test_the_same_is_recorded_once_and_again_after_a_rejection(self, session):
        (first,) = _recorded(session)
        with pytest.raises(TrainingRecordedAlready):
            _recorded(session, by="S002")

        operations.reject_training(session, acting("S002"), training_id=first, reason="没有来")
        _recorded(session, by="S003")

        assert [("V0001", "没有来")] == [(one.number, one.reason) for one in trainings_decided(session, XFL, limit=9)]
        assert {"open", "rejected"} == {one.state.value for one in training_records_of(session, XFL, "V0001")}

    def test_what_was_decided_stays_so(self, session):
        ids = _recorded(session)
        _approved(session, *ids)

        with pytest.raises(TrainingDecided):
            _approved(session, *ids, by="S003")
        with pytest.raises(TrainingDecided):
            operations.reject_training(session, acting("S003"), training_id=ids[0], reason="记错了")
        with pytest.raises((sa.exc.IntegrityError, sa.exc.ProgrammingError), match="decided"), session.begin_nested():
            session.execute(sa.update(TrainingRow).values(minutes=1))

    def test_whoever_is_not_there_is_refused(self, session):
        with pytest.raises(NoSuchVolunteer):
            _recorded(session, "V0404")
        with pytest.raises(NobodyTrained):
            operations.approve_trainings(session, acting("S002"), training_ids=())
        with pytest.raises(NoSuchTraining):
            _approved(session, UUID(int=404))

    def test_a_clerk_neither_records_nor_approves(self, session):
        a_coordinator(session, "S009", role="clerk")
        with pytest.raises(NotAllowed):
            _recorded(session, by="S009")
        ids = _recorded(session)

        with pytest.raises(NotAllowed):
            _approved(session, *ids, by="S009")
        with pytest.raises(NotAllowed):
            operations.reject_training(session, acting("S009"), training_id=ids[0], reason="没有来")

    def test_the_database_keeps_four_eyes_too(self, session):
        (one,) = _recorded(session)
        own = {"state": "approved", "decider_id": OTHER, "decider": "S001", "decided_at": acting().at}

        with pytest.raises(sa.exc.IntegrityError, match="approved_by_another"), session.begin_nested():
            session.execute(sa.update(TrainingRow).where(TrainingRow.id == one).values(own))
