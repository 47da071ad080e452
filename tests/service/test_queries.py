"""What others ask the service room: what waits, a volunteer's records, totals, all approved records for the auditor."""

from datetime import date
from uuid import UUID

import pytest

from tests.service.builders import (
    FRIDAY,
    XFL,
    a_community,
    a_line,
    a_sheet,
    a_volunteer,
    acting,
    an_activity,
    approve,
    moment,
    person_id,
    recorded,
)
from timebank.rulebook.rules import SourceClass
from timebank.service import operations, queries
from timebank.service.queries import overviews
from timebank.service.queries.records import NoSuchRecord
from timebank.service.rules import RecordState

pytestmark = pytest.mark.usefixtures("community")


class TestPending:
    """experience.md C4: the queue by activity, exceptions visible."""

    def test_groups_what_waits_by_activity_the_earliest_first(self, session):
        friday = an_activity(session)
        thursday = an_activity(session, starts="2026-11-19 09:00", minutes=600)
        recorded(session, a_line("V0001"), a_line("V0002"), activity=friday)
        recorded(session, a_line("V0001", 241, starts="2026-11-19 09:00"), activity=thursday)

        first, second = queries.pending(session, XFL)

        assert [thursday, friday] == [first.activity.number, second.activity.number]
        assert [(241, 1), (120, 0)] == [(group.minutes, group.flagged) for group in (first, second)]

    def test_what_is_decided_waits_no_more(self, session):
        approved, rejected, waiting = recorded(session, a_line("V0001"), a_line("V0002"), a_line("V0003"))
        approve(session, approved)
        operations.reject(session, acting("S002"), record_id=rejected, reason="没有来")

        [group] = queries.pending(session, XFL)

        assert [waiting] == [record.id for record in group.records]

    def test_shows_no_more_than_asked_for(self, session):
        recorded(session, a_line("V0001"), a_line("V0002"), a_line("V0003"))

        assert 2 == sum(len(group.records) for group in queries.pending(session, XFL, limit=2))

    def test_nothing_waits_at_first(self, session):
        assert () == queries.pending(session, XFL)


class TestWhatWaitsForAVolunteer:
    """experience.md, volunteer's home: how much more waits for approval."""

    def test_is_what_is_recorded_and_not_decided(self, session):
        first, _, _ = recorded(session, a_line("V0001", 60), a_line("V0002", 90), a_line("V0003", 30))
        approve(session, first)

        waiting = [queries.waiting_minutes(session, XFL, number) for number in ("V0001", "V0002", "V0003")]

        assert [0, 90, 30] == waiting


class TestWhoCameLastTime:
    """experience.md C1: the list begins with those who came the last time."""

    def test_is_whoever_has_hours_in_the_latest_activity_of_this_title(self, session):
        for day, number in (("2026-11-18", "V0003"), ("2026-11-19", "V0001")):
            activity = an_activity(session, starts=f"{day} 09:00")
            recorded(session, a_line(number, starts=f"{day} 09:00"), activity=activity)
        other = an_activity(session, title="巡逻")
        recorded(session, a_line("V0002"), activity=other)
        today = queries.activity(session, XFL, an_activity(session))

        assert ("V0001",) == queries.who_came_last_time(session, XFL, today)

    def test_is_nobody_the_first_time(self, session):
        today = queries.activity(session, XFL, an_activity(session))

        assert () == queries.who_came_last_time(session, XFL, today)


class TestWorth:
    """experience.md, batch hours: minutes and points of the page, before anybody has approved them."""

    def test_of_a_sheet_is_what_approving_without_ratings_brings(self, session):
        activity = an_activity(session)
        sheet = a_sheet(activity, a_line("V0001", 90), a_line("V0002", 59))

        worth = queries.worth_of_sheet(session, acting(), sheet)

        assert queries.Worth(149, 1500 + 983) == worth
        answer = approve(session, *recorded(session, *sheet.lines, activity=activity))
        assert (answer["minutes"], answer["points_e2"]) == (worth.minutes, worth.points_e2)

    def test_leaves_out_a_line_that_could_not_be(self, session):
        sheet = a_sheet(an_activity(session), a_line("V0001", 90), a_line("V0002", 0))

        assert queries.Worth(90, 1500) == queries.worth_of_sheet(session, acting(), sheet)

    def test_of_records_takes_their_ratings(self, session):
        records = queries.records(session, XFL, recorded(session, a_line("V0001", 60), a_line("V0002", 60)))

        rated = zip(records, (1, 5), strict=True)

        assert queries.Worth(120, 1600) == queries.worth_of(session, XFL, rated)

    def test_of_a_late_entry_is_minutes_only(self, session):
        sheet = a_sheet(an_activity(session), a_line("V0001", 60), late_reason="补录")

        assert queries.Worth(60, 0) == queries.worth_of_sheet(session, acting(), sheet)


class TestRecordsOfAVolunteer:
    """V1 and V4: every record in every state, page by page, the latest first."""

    def test_come_in_pages_without_gaps(self, session):
        days = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]
        ids = [
            recorded(session, a_line(starts=f"{day} 09:00"), activity=an_activity(session, starts=f"{day} 09:00"))[0]
            for day in days
        ]

        first = queries.records_of(session, XFL, "V0001", limit=2)
        second = queries.records_of(session, XFL, "V0001", before=first.before, limit=2)
        third = queries.records_of(session, XFL, "V0001", before=second.before, limit=2)

        shown = [record.id for page in (first, second, third) for record in page.records]
        assert list(reversed(ids)) == shown
        assert third.before is None

    def test_a_full_last_page_says_that_it_is_the_last(self, session):
        recorded(session)

        assert queries.records_of(session, XFL, "V0001", limit=1).before is None

    def test_nobody_elses(self, session):
        recorded(session, a_line("V0001"), a_line("V0002"))

        page = queries.records_of(session, XFL, "V0002")

        assert ["V0002"] == [record.volunteer_number for record in page.records]

    def test_begin_after_a_record_that_there_is(self, session):
        with pytest.raises(NoSuchRecord):
            queries.records_of(session, XFL, "V0001", before=UUID(int=1))


class TestOneRecord:
    """A record is found by its id, in its community only."""

    def test_has_its_flags(self, session):
        activity = an_activity(session, starts="2026-11-19 22:00", minutes=300)
        [record_id] = recorded(session, a_line(minutes=241, starts="2026-11-19 22:00"), activity=activity)

        record = queries.record(session, XFL, record_id)

        assert ["long_service", "night_service"] == [flag.code for flag in record.flags]
        assert {"volunteer": "V0001", "minutes": 241, "limit_minutes": 240} == record.flags[0].facts
        assert record.waits

    def test_another_community_does_not_see_it(self, session):
        [record_id] = recorded(session)

        with pytest.raises(NoSuchRecord):
            queries.record(session, "other", record_id)

    def test_several_come_in_the_order_asked_for(self, session):
        ids = recorded(session, a_line("V0001"), a_line("V0002"), a_line("V0003"))
        asked = [ids[2], ids[0], ids[1]]

        assert asked == [record.id for record in queries.records(session, XFL, asked)]

    def test_those_of_an_activity_stand_by_volunteer(self, session):
        activity = an_activity(session)
        recorded(session, a_line("V0002"), a_line("V0001"), activity=activity)

        found = queries.records_of_activity(session, XFL, activity)

        assert ["V0001", "V0002"] == [record.volunteer_number for record in found]


class TestTotals:
    """U1: how much there is, without names."""

    def test_count_records_minutes_and_people(self, session):
        first, second, third = recorded(session, a_line("V0001", 60), a_line("V0002", 90), a_line("V0003", 30))
        approve(session, first, second)

        found = queries.totals(session, XFL)

        assert queries.Totals(queries.Amount(1, 30), queries.Amount(2, 150), 2) == found
        assert third is not None

    def test_what_is_taken_back_does_not_count(self, session):
        [record_id] = recorded(session)
        approve(session, record_id)
        operations.reverse_record(session, acting("S002"), record_id=record_id, reason="记错了")

        assert queries.Totals(queries.Amount(0, 0), queries.Amount(0, 0), 0) == queries.totals(session, XFL)

    def test_each_community_has_its_own(self, session):
        a_community(session, community_id="other", coordinators=())
        recorded(session)

        assert queries.Amount(0, 0) == queries.totals(session, "other").waiting


class TestForTheAuditor:
    """architecture.md 6.3, step 5: every approved record with everything that its entry must agree with."""

    def test_has_all_that_the_rule_was_given(self, session):
        [record_id] = recorded(session, a_line(minutes=90))
        answer = approve(session, record_id, rating=4)

        [found] = queries.approved_records(session, XFL)

        assert (record_id, answer["first_seq"], None) == (found.id, found.entry_seq, found.reversal_seq)
        assert (90, "cleaning", SourceClass.SHEET, 4, date(2026, 11, 20)) == (
            found.minutes,
            found.service_class,
            found.source_class,
            found.rating,
            found.served_on,
        )
        assert ("V0001", "S001", "S002") == (found.volunteer_number, found.recorder, found.approver)
        people = {found.person_id, found.recorder_id, found.approver_id}
        assert {person_id("V0001"), person_id("S001"), person_id("S002")} == people
        assert moment(f"{FRIDAY} 09:00") == found.starts_at

    def test_reversed_ones_are_there_too(self, session):
        [record_id] = recorded(session)
        approve(session, record_id)
        seq = operations.reverse_record(session, acting("S002"), record_id=record_id, reason="记错了")

        [found] = queries.approved_records(session, XFL)

        assert (RecordState.REVERSED, seq) == (found.state, found.reversal_seq)

    def test_what_waits_or_was_rejected_is_not(self, session):
        first, _ = recorded(session, a_line("V0001"), a_line("V0002"))
        operations.reject(session, acting("S002"), record_id=first, reason="没有来")

        assert [] == list(queries.approved_records(session, XFL))

    def test_stream_in_the_order_of_the_entries_over_several_fetches(self, session, monkeypatch):
        monkeypatch.setattr(overviews, "STREAM", 2)
        numbers = [f"V{number:04}" for number in range(10, 15)]
        for number in numbers:
            a_volunteer(session, number)
        approve(session, *recorded(session, *(a_line(number) for number in numbers)))

        found = [record.volunteer_number for record in queries.approved_records(session, XFL)]

        assert numbers == found
