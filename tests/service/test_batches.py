"""Files of sign-in sheets: recorded as one batch, by the same rules as the one-page form."""

from dataclasses import replace
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.service.builders import (
    BATCH,
    XFL,
    a_coordinator,
    a_row,
    acting,
    an_activity,
    imported,
    moment,
)
from timebank.people.queries import NoSuchVolunteer, NotAllowed
from timebank.rulebook.rules import SourceClass
from timebank.service import operations, queries
from timebank.service.queries.checking import NothingAsked
from timebank.service.rules import ActivityState, RecordState
from timebank.service.rules.approval import RatingOutOfRange
from timebank.service.rules.refusals import (
    ActivityNotApproved,
    EntryDeadlinePassed,
    NoSuchActivity,
    NotDuringActivity,
    OpeningClosed,
    Overlapping,
    UnknownServiceClass,
)
from timebank.service.shapes import MomentOutOfRange

pytestmark = pytest.mark.usefixtures("community")

OTHER_BATCH = UUID(int=0xB0002)


class TestRecordingAFile:
    """C3: bulk import takes the same path as the one-page form."""

    def test_keeps_every_row_with_its_sheet(self, session):
        ids = imported(session, a_row("V0001", 90), a_row("V0002", 120))

        first, second = queries.records(session, XFL, ids)
        assert (90, 120) == (first.minutes, second.minutes)
        assert ("QD-20260801-1", "陈敏", "冯国强") == (first.sheet_number, first.sheet_recorder, first.leader)
        assert (SourceClass.OPENING, RecordState.SUBMITTED, BATCH) == (first.source_class, first.state, first.batch_id)
        assert "S001" == first.recorder

    def test_brings_the_activity_of_which_only_sheets_tell(self, session):
        imported(session, a_row("V0001", 90), a_row("V0002", 180), a_row("V0003", 60, "2026-08-01 15:00"))

        found = queries.activity(session, XFL, "HD08011")
        assert (ActivityState.PROPOSED, "sheets", BATCH) == (found.state, found.origin, found.batch_id)
        assert (moment("2026-08-01 15:00"), moment("2026-08-01 18:30")) == (found.starts_at, found.ends_at)
        assert ("东门路口治安巡逻", "patrol", "东门路口") == (found.title, found.service_class, found.place)

    def test_two_activities_stay_two(self, session):
        imported(session, a_row(), a_row("V0002", activity_number="HD08012"))

        assert ["HD08011", "HD08012"] == [found.number for found in queries.activities_of_batch(session, XFL, BATCH)]

    def test_an_activity_without_content_or_place_has_its_number_as_title(self, session):
        imported(session, a_row(content="", place=""))

        assert "HD08011" == queries.activity(session, XFL, "HD08011").title

    def test_one_wrong_row_keeps_all_out(self, session):
        with pytest.raises(UnknownServiceClass):
            imported(session, a_row(), a_row("V0002", service_class="打麻将"))

        assert () == queries.records_of_batch(session, XFL, BATCH)
        assert queries.find_activity(session, XFL, "HD08011") is None

    def test_the_check_tells_every_problem_of_every_row(self, session):
        rows = [
            a_row(),
            a_row("V9999"),
            a_row("V0002", 0),
            a_row("V0002", 481),
            a_row("V0003", service_class="打麻将"),
            a_row("V0003", starts="2031-01-01 09:00"),
            a_row(),
        ]

        found = queries.problems_of_import(session, acting(), rows)

        assert [
            [],
            ["no_such_volunteer"],
            ["ends_before_start"],
            ["too_long_a_day", "long_service"],
            ["unknown_service_class"],
            ["in_the_future"],
            ["overlapping"],
        ] == [[problem.code for problem in of_one] for of_one in found]
        assert () == queries.records_of_batch(session, XFL, BATCH)

    def test_needs_rows(self, session):
        with pytest.raises(NothingAsked):
            imported(session)

    def test_needs_volunteers(self, session):
        with pytest.raises(NoSuchVolunteer) as refused:
            imported(session, a_row("V9999"))

        assert "V9999" == refused.value.facts["number"]

    def test_is_not_for_other_roles(self, session):
        a_coordinator(session, "S003", role="clerk")

        with pytest.raises(NotAllowed):
            imported(session, a_row(), by="S003")

    def test_a_rating_on_the_sheet_is_one_to_five(self, session):
        with pytest.raises(RatingOutOfRange):
            imported(session, a_row(rating=6))

    @pytest.mark.parametrize("year", [1, 1991, 2200, 9999])
    def test_a_year_that_can_only_be_a_slip_is_refused(self, session, year):
        with pytest.raises(MomentOutOfRange):
            imported(session, replace(a_row(), ends_at=NOON.replace(year=year, month=12, day=31, hour=20)))

    def test_pressed_twice_counts_once(self, session):
        act = acting(request_key="the-same-key")

        first = operations.record_imported(session, act, batch_id=BATCH, records=(a_row(),))
        again = operations.record_imported(session, act, batch_id=BATCH, records=(a_row(),))

        assert first == again
        assert 1 == len(queries.records_of_batch(session, XFL, BATCH))

    def test_the_same_rows_in_another_file_are_refused(self, session):
        imported(session, a_row())

        with pytest.raises(Overlapping):
            imported(session, a_row(), batch_id=OTHER_BATCH)

    def test_further_rows_join_an_activity_that_is_there(self, session):
        imported(session, a_row())
        imported(session, a_row("V0002"), batch_id=OTHER_BATCH)

        assert {"HD08011"} == {found.activity_number for found in queries.records_of_batch(session, XFL, OTHER_BATCH)}
        assert () == queries.activities_of_batch(session, XFL, OTHER_BATCH)

    def test_a_number_that_was_used_for_another_day_is_refused(self, session):
        imported(session, a_row())

        with pytest.raises(NotDuringActivity):
            imported(session, a_row("V0002", starts="2026-08-05 15:30"), batch_id=OTHER_BATCH)


class TestAfterGoingLive:
    """X1: since the community went live, an imported sheet needs an approved activity like any other."""

    def test_a_sheet_of_an_approved_activity_comes_in(self, session):
        number = an_activity(session)

        [record_id] = imported(session, a_row(starts="2026-11-20 09:00", activity_number=number))

        assert SourceClass.SHEET is queries.record(session, XFL, record_id).source_class

    def test_one_without_an_activity_does_not(self, session):
        with pytest.raises(NoSuchActivity):
            imported(session, a_row(starts="2026-11-20 09:00"))

    def test_one_of_an_activity_that_nobody_approved_does_not(self, session):
        number = an_activity(session, approved=False)

        with pytest.raises(ActivityNotApproved):
            imported(session, a_row(starts="2026-11-20 09:00", activity_number=number))

    def test_after_the_deadline_it_says_why(self, session):
        number = an_activity(session, starts="2026-11-02 09:00")
        row = a_row(starts="2026-11-02 09:00", activity_number=number)

        with pytest.raises(EntryDeadlinePassed):
            imported(session, row)
        [record_id] = imported(
            session, a_row(starts="2026-11-02 09:00", activity_number=number, late_reason="签到表找回")
        )

        assert SourceClass.LATE_ENTRY is queries.record(session, XFL, record_id).source_class

    def test_old_sheets_come_in_for_sixty_days(self, session):
        late = acting(at=NOON.replace(year=2027, month=1, day=1))

        with pytest.raises(OpeningClosed):
            operations.record_imported(session, late, batch_id=BATCH, records=(a_row(),))
