"""Recording the hours of one activity: all or none, by the table of rules, submitted until another person approves."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.service.builders import (
    FRIDAY,
    XFL,
    a_coordinator,
    a_line,
    a_sheet,
    a_volunteer,
    acting,
    an_activity,
    an_org_unit,
    approve,
    minutes_of,
    moment,
    person_id,
    recorded,
    relatives,
)
from timebank.books.requests import RequestKeyReused
from timebank.books.trail import TrailFilter, lines
from timebank.people.queries import NoSuchVolunteer, NotAllowed
from timebank.rulebook.rules import SourceClass
from timebank.service import operations, queries
from timebank.service.asked import Sheet
from timebank.service.queries.checking import NothingAsked
from timebank.service.rules import RecordState
from timebank.service.rules.refusals import (
    ActivityNotApproved,
    ActivityNotOver,
    BeforeGoLive,
    EndsBeforeStart,
    EntryDeadlinePassed,
    InTheFuture,
    NoSuchActivity,
    NotDuringActivity,
    NotWholeMinutes,
    Overlapping,
    RecorderIsBeneficiary,
    RecorderIsClose,
    VolunteerLeft,
)
from timebank.service.shapes import MomentOutOfRange, TextUnclear

pytestmark = pytest.mark.usefixtures("community")


def _records(session):
    return [record for group in queries.pending(session, XFL) for record in group.records]


class TestASheet:
    """experience.md C1: thirty people of one activity in one request."""

    def test_becomes_a_submitted_record_for_each_line(self, session):
        activity = an_activity(session)

        ids = recorded(session, a_line("V0001", 60), a_line("V0002", 90), activity=activity, sheet_number="QD-1")

        first, second = queries.records(session, XFL, ids)
        assert ("V0001", 60, "V0002", 90) == (
            first.volunteer_number,
            first.minutes,
            second.volunteer_number,
            second.minutes,
        )
        assert {RecordState.SUBMITTED} == {first.state, second.state}
        assert ("S001", NOON, "QD-1") == (first.recorder, first.recorded_at, first.sheet_number)
        assert 0 == minutes_of(session)

    def test_takes_class_place_and_person_in_charge_from_the_activity(self, session):
        [record_id] = recorded(session)

        record = queries.record(session, XFL, record_id)
        assert ("cleaning", "3号楼", "李建国", "清扫楼道") == (
            record.service_class,
            record.place,
            record.leader,
            record.content,
        )
        assert SourceClass.SHEET is record.source_class
        assert person_id("V0001") == record.person_id

    def test_keeps_start_and_end_and_computes_the_minutes(self, session):
        activity = an_activity(session, starts="2026-11-19 22:00", minutes=240)
        [record_id] = recorded(
            session, a_line(minutes=240, starts="2026-11-19 22:00", remark="值夜"), activity=activity
        )

        record = queries.record(session, XFL, record_id)
        assert (moment("2026-11-19 22:00"), moment("2026-11-20 02:00")) == (record.starts_at, record.ends_at)
        assert 240 == record.minutes
        assert "2026-11-19" == record.served_on.isoformat()

    def test_leaves_one_line_of_the_trail(self, session):
        activity = an_activity(session)

        recorded(session, a_line("V0001"), a_line("V0002"), activity=activity)

        [line] = lines(session, XFL, wanted=TrailFilter(verb="service.record_many"))
        assert ("S001", f"activity:{activity}", "done") == (line.actor, line.subject, line.outcome)

    def test_says_how_many_lines_are_flagged(self, session):
        activity = an_activity(session, minutes=600)
        sheet = a_sheet(activity, a_line("V0001", 241), a_line("V0002", 240))

        answer = operations.record_many(session, acting(), sheet=sheet)

        assert 1 == answer["flagged"]
        assert 2 == len(answer["records"])

    def test_has_lines(self, session):
        activity = an_activity(session)

        with pytest.raises(NothingAsked):
            operations.record_many(session, acting(), sheet=Sheet(activity_number=activity, lines=()))


class TestAllOrNone:
    """One wrong line, and no line is saved."""

    def test_a_blocked_line_keeps_the_good_ones_out(self, session):
        with pytest.raises(EndsBeforeStart):
            recorded(session, a_line("V0001", 60), a_line("V0002", 0))

        assert [] == _records(session)

    def test_the_refusal_names_the_volunteer_of_the_line(self, session):
        with pytest.raises(EndsBeforeStart) as refused:
            recorded(session, a_line("V0001", 60), a_line("V0002", 0))

        assert "V0002" == refused.value.facts["volunteer"]

    def test_the_check_page_shows_every_problem_of_every_line(self, session):
        activity = an_activity(session)
        sheet = a_sheet(activity, a_line("V0001", 0), a_line("V9999"), a_line("V0002"), a_line("V0002"))

        found = queries.problems_of_sheet(session, acting(), sheet)

        told = [[problem.code for problem in of_one] for of_one in found]
        assert [["ends_before_start"], ["no_such_volunteer"], [], ["overlapping"]] == told
        assert [] == _records(session)


class TestWhatIsRefused:
    """Each rule refuses through the operation as well."""

    def test_somebody_who_is_no_volunteer(self, session):
        with pytest.raises(NoSuchVolunteer):
            recorded(session, a_line("V9999"))

    def test_an_activity_that_there_is_not(self, session):
        with pytest.raises(NoSuchActivity):
            recorded(session, activity="HD9999")

    def test_an_activity_that_nobody_has_approved(self, session):
        with pytest.raises(ActivityNotApproved):
            recorded(session, activity=an_activity(session, approved=False))

    def test_an_activity_that_is_not_over(self, session):
        activity = an_activity(session, starts="2026-11-23 11:00", minutes=61)

        with pytest.raises(ActivityNotOver):
            recorded(session, a_line(starts="2026-11-23 11:00"), activity=activity)

    def test_a_time_outside_the_activity(self, session):
        with pytest.raises(NotDuringActivity):
            recorded(session, a_line(starts=f"{FRIDAY} 11:00"))

    def test_a_time_in_the_future(self, session):
        activity = an_activity(session, starts="2026-11-23 11:00", minutes=60)

        with pytest.raises(InTheFuture):
            recorded(session, a_line(starts="2026-11-23 11:00", minutes=61), activity=activity)

    def test_seconds(self, session):
        odd = replace(a_line(), ends_at=a_line().ends_at + timedelta(seconds=1))

        with pytest.raises(NotWholeMinutes):
            recorded(session, odd)

    def test_what_was_served_before_the_community_went_live(self, session):
        activity = an_activity(session, starts="2026-10-31 09:00")

        with pytest.raises(BeforeGoLive):
            recorded(session, a_line(starts="2026-10-31 09:00"), activity=activity)

    def test_a_volunteer_who_has_left(self, session):
        a_volunteer(session, "V0009", closed_on=moment("2026-11-19 00:00").date())

        with pytest.raises(VolunteerLeft):
            recorded(session, a_line("V0009"))

    def test_a_year_that_can_only_be_a_slip(self, session):
        with pytest.raises(MomentOutOfRange):
            recorded(session, replace(a_line(), starts_at=NOON.replace(year=1)))

    def test_a_remark_that_is_too_long(self, session):
        with pytest.raises(TextUnclear) as refused:
            recorded(session, a_line(remark="长" * 501))

        assert {"field": "remark", "longest": 500} == refused.value.facts

    def test_a_second_record_of_the_same_time(self, session):
        activity = an_activity(session)
        recorded(session, activity=activity)

        with pytest.raises(Overlapping):
            recorded(session, activity=activity)

    def test_the_same_time_in_another_activity(self, session):
        recorded(session, a_line(minutes=60))

        with pytest.raises(Overlapping):
            recorded(session, a_line(minutes=60, starts=f"{FRIDAY} 09:30"))

    def test_a_rejected_record_takes_no_time(self, session):
        activity = an_activity(session)
        [first] = recorded(session, activity=activity)
        operations.reject(session, acting("S002"), record_id=first, reason="签到表上没有")

        recorded(session, activity=activity)

        assert 1 == len(_records(session))


class TestWhoMayRecord:
    """trust.md X9 and X14: coordinators, for others, in their part of the community."""

    @pytest.mark.parametrize("role", ["clerk", "auditor", "admin"])
    def test_is_not_for_other_roles(self, session, role):
        a_coordinator(session, "S003", role=role)

        with pytest.raises(NotAllowed):
            recorded(session, by="S003")

    def test_not_for_oneself(self, session):
        a_volunteer(session, "V0009", staff_number="S001")

        with pytest.raises(RecorderIsBeneficiary):
            recorded(session, a_line("V0009"))

    def test_not_for_relatives(self, session):
        relatives(session, "S001", "V0002")

        with pytest.raises(RecorderIsClose):
            recorded(session, a_line("V0002"))

    def test_not_for_the_household(self, session):
        a_coordinator(session, "S003", household="3-2-501")
        a_volunteer(session, "V0009", household="3-2-501")

        with pytest.raises(RecorderIsClose):
            recorded(session, a_line("V0009"), by="S003")

    def test_not_for_another_part_of_the_community(self, session):
        north = an_org_unit(session, "north")
        an_org_unit(session, "south")
        a_coordinator(session, "S003", unit="south")

        with pytest.raises(NotAllowed):
            recorded(session, activity=an_activity(session, org_unit_id=north), by="S003")


class TestLateEntries:
    """Order 67 article 11; domain.md 2: counts for record and star, earns no points."""

    def test_the_deadline_closes_the_ordinary_way(self, session):
        activity = an_activity(session, starts="2026-11-02 09:00")

        with pytest.raises(EntryDeadlinePassed) as refused:
            recorded(session, a_line(starts="2026-11-02 09:00"), activity=activity)

        assert ("2026-11-16", 10) == (refused.value.facts["last_day"], refused.value.facts["limit_days"])

    def test_a_reason_opens_the_late_one(self, session):
        activity = an_activity(session, starts="2026-11-02 09:00")

        [record_id] = recorded(session, a_line(starts="2026-11-02 09:00"), activity=activity, late_reason="负责人住院")

        record = queries.record(session, XFL, record_id)
        assert (SourceClass.LATE_ENTRY, "负责人住院") == (record.source_class, record.late_reason)

    def test_it_earns_minutes_and_no_points(self, session):
        activity = an_activity(session, starts="2026-11-02 09:00")
        [record_id] = recorded(session, a_line(starts="2026-11-02 09:00"), activity=activity, late_reason="补")

        answer = approve(session, record_id)

        assert (60, 0) == (answer["minutes"], answer["points_e2"])
        assert 60 == minutes_of(session)


class TestPressedTwice:
    """trust.md G9: the same request counts once, also where it is refused."""

    def test_the_same_sheet_is_recorded_once(self, session):
        sheet = a_sheet(an_activity(session), a_line("V0001"), a_line("V0002"))
        act = acting(request_key="the-same-key")

        first = operations.record_many(session, act, sheet=sheet)
        again = operations.record_many(session, act, sheet=sheet)

        assert first == again
        assert 2 == len(_records(session))
        assert {UUID(one) for one in first["records"]} == {record.id for record in _records(session)}

    def test_another_sheet_under_the_same_key_is_refused(self, session):
        activity = an_activity(session)
        act = acting(request_key="the-same-key")
        operations.record_many(session, act, sheet=a_sheet(activity, a_line("V0001")))

        with pytest.raises(RequestKeyReused):
            operations.record_many(session, act, sheet=a_sheet(activity, a_line("V0002")))

        assert 1 == len(_records(session))

    def test_what_was_refused_stays_refused(self, session):
        activity = an_activity(session, approved=False)
        act = acting(request_key="the-same-key")
        sheet = a_sheet(activity)
        with pytest.raises(ActivityNotApproved):
            operations.record_many(session, act, sheet=sheet)
        operations.approve_activity(session, acting("S002"), number=activity)

        with pytest.raises(ActivityNotApproved):
            operations.record_many(session, act, sheet=sheet)

        assert [] == _records(session)
