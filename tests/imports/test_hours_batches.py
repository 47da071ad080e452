"""Sign-in sheets: one batch, checked like everything else that is recorded, approved by a second person."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.imports.builders import (
    XFL,
    a_person,
    a_service,
    confirmed,
    minutes_of,
    points_e2_of,
    problems_of,
    registered,
    sheets,
    state_of,
    submitted_hours,
    undone,
)
from tests.people.builders import a_staff_member, an_identity_number
from tests.stars.builders import announced
from timebank.books import journal
from timebank.imports import operations, queries
from timebank.imports.operations.submitted import FileHasProblems, RowsImportedBefore
from timebank.imports.operations.undoing import PointsSpentSince, StarsGrantedSince
from timebank.imports.rules import BatchState
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.people.queries import NotAllowed
from timebank.service import queries as service
from timebank.service.rules import RecordState
from timebank.service.rules.refusals import LongService
from timebank.stars import operations as stars
from timebank.stars import queries as star_queries


@pytest.fixture(autouse=True)
def two_people(office):
    """V0001 石静 and V0002 孟桂兰."""
    registered(office)


def one(office, number="V0001"):
    """The only record of a volunteer."""
    (record,) = service.records_of(office.session, XFL, number).records
    return record


class TestSubmitting:
    """domain.md C3: rows of a file are recorded, and count for nothing yet."""

    def test_records_every_row_with_its_sheet(self, office):
        answer = submitted_hours(office, a_service(name="石静"), a_service("V0002", ends="2026-10-10 10:30"))

        record = one(office, "V0002")
        assert ("QD-20261010-1", "陈敏", "冯国强") == (record.sheet_number, record.sheet_recorder, record.leader)
        assert (90, RecordState.SUBMITTED) == (record.minutes, record.state)
        assert BatchState.PENDING == state_of(office, answer)
        assert (0, 0) == (minutes_of(office, "V0001"), points_e2_of(office, "V0001"))

    def test_says_what_it_will_bring(self, office):
        answer = submitted_hours(
            office,
            a_service(),
            a_service("V0002", ends="2026-10-10 10:30"),
            a_service(activity="HD10111", starts="2026-10-11 09:00", ends="2026-10-11 09:45"),
        )

        assert {
            "rows": 3,
            "volunteers": 2,
            "activities": 2,
            "new_activities": 2,
            "minutes": 255,
            "points_e2": 4250,
            "minutes_before": 0,
            "minutes_after": 255,
            "points_after_e2": 4250,
            "flagged": 0,
            "first_on": "2026-10-10",
            "last_on": "2026-10-11",
        }.items() <= answer.items()

    def test_finds_people_by_their_document_and_keeps_no_number(self, office):
        number = an_identity_number()
        registered(office, a_person("V0003", "史红梅", document=number, born="1958-03-02", building="2号楼"))
        headings = ("活动编号", "证件号码", "开始时间", "结束时间", "服务类型", "负责人")
        file = sheets(
            ("HD1", number, "2026-10-10 09:00", "2026-10-10 11:00", "环境清洁", "冯国强"), headings=headings
        ).file

        operations.submit_hours(office.session, office.act(office.chen), file=file)

        assert 120 == one(office, "V0003").minutes
        assert number not in repr(file)

    def test_is_for_coordinators(self, office):
        with pytest.raises(NotAllowed) as refused:
            submitted_hours(office, a_service(), by=office.zhao)

        assert {"permission": "record_hours"} == refused.value.facts


class TestWrongRows:
    """I10: all or nothing, and every wrong row is named with its reason."""

    def test_names_every_wrong_row_and_records_nothing(self, office):
        rows = (
            a_service(),
            a_service("V9999"),
            a_service("V0002", "2026-10-10 11:00", "2026-10-10 11:00"),
            a_service("V0002", "2026-10-11 11:00", "2026-10-13 03:00"),
            a_service("V0002", "2026-02-30 09:00"),
            a_service("V0002", "2026-10-12 09:00", "2026-10-12 10:00", name="李四"),
            a_service("V0002", "2026-10-13 09:00", "2026-10-13 10:00", **{"class": "打麻将"}),
            a_service("V0002", "2031-01-01 09:00", "2031-01-01 10:00"),
            a_service("", "2026-10-14 09:00", "2026-10-14 10:00"),
            a_service(),
        )

        with pytest.raises(FileHasProblems) as refused:
            submitted_hours(office, *rows)

        assert [
            (3, "no_such_volunteer"),
            (4, "ends_before_start"),
            (5, "service_too_long"),
            (6, "no_such_day"),
            (7, "name_differs"),
            (8, "unknown_service_class"),
            (9, "in_the_future"),
            (10, "missing"),
            (11, "overlaps_in_file"),
        ] == problems_of(refused)
        assert {"wrong_lines": 9, "repeated_lines": 0, "lines": [3, 4, 5, 6, 7, 8, 9, 10, 11]} == refused.value.facts
        assert () == service.records_of(office.session, XFL, "V0001").records
        assert ["B0001"] == [batch.number for batch in queries.batches(office.session, XFL)]

    def test_a_formula_is_a_text(self, office):
        submitted_hours(office, a_service(content='"=HYPERLINK(""http://x"",""领奖"")"'))

        assert '=HYPERLINK("http://x","领奖")' == one(office).content

    def test_a_row_that_is_in_the_books_is_told_apart_from_a_wrong_one(self, office):
        submitted_hours(office, a_service(), a_service("V0002"))

        with pytest.raises(FileHasProblems) as refused:
            submitted_hours(office, a_service(), a_service("V0002", **{"class": "打麻将"}))

        assert [(2, "recorded_before"), (3, "unknown_service_class")] == problems_of(refused)
        assert {"wrong_lines": 1, "repeated_lines": 1, "lines": [3]} == refused.value.facts

    def test_rows_that_are_all_in_the_books_have_a_refusal_of_their_own(self, office):
        submitted_hours(office, a_service(), a_service("V0002"))

        with pytest.raises(RowsImportedBefore) as refused:
            submitted_hours(office, a_service("V0002"))

        assert {"wrong_lines": 0, "repeated_lines": 1, "lines": [2]} == refused.value.facts

    def test_a_time_that_is_taken_is_wrong(self, office):
        submitted_hours(office, a_service())

        with pytest.raises(FileHasProblems) as refused:
            submitted_hours(office, a_service(starts="2026-10-10 10:30", ends="2026-10-10 12:00"))

        assert [(2, "overlapping")] == problems_of(refused)

    @pytest.mark.parametrize(("starts", "overlaps"), [("2026-10-10 10:59", True), ("2026-10-10 11:00", False)])
    def test_two_rows_may_touch(self, office, starts, overlaps):
        rows = (a_service(), a_service(starts=starts, ends="2026-10-10 12:00"))

        if overlaps:
            with pytest.raises(FileHasProblems):
                submitted_hours(office, *rows)
        else:
            assert 2 == submitted_hours(office, *rows)["rows"]

    def test_nobody_records_themselves(self, office):
        wang = a_staff_member(office.session, login="wang", name="", volunteer_number="V0001")

        with pytest.raises(FileHasProblems) as refused:
            submitted_hours(office, a_service(), by=wang)

        assert [(2, "recorder_is_beneficiary")] == problems_of(refused)

    def test_a_number_and_a_document_of_two_people(self, office):
        number = an_identity_number()
        registered(office, a_person("V0003", "史红梅", document=number, born="1958-03-02", building="2号楼"))
        headings = ("活动编号", "志愿者编号", "证件号码", "开始时间", "结束时间", "服务类型", "负责人")
        times = ("2026-10-10 09:00", "2026-10-10 11:00", "环境清洁", "冯国强")
        other = an_identity_number(sequence=2)
        file = sheets(("HD1", "V0001", number, *times), ("HD1", "", other, *times), headings=headings).file

        with pytest.raises(FileHasProblems) as refused:
            operations.submit_hours(office.session, office.act(office.chen), file=file)

        assert [(2, "number_and_document_differ"), (3, "document_of_nobody")] == problems_of(refused)

    def test_after_the_first_day_the_ordinary_rules_hold(self, office):
        rows = (
            a_service(starts="2026-11-20 09:00", ends="2026-11-20 11:00"),
            a_service(starts="2026-11-02 09:00", ends="2026-11-02 11:00"),
        )

        with pytest.raises(FileHasProblems) as refused:
            submitted_hours(office, *rows)

        assert [(2, "no_such_activity"), (3, "entry_deadline_passed"), (3, "no_such_activity")] == problems_of(refused)

    def test_old_sheets_come_in_for_sixty_days(self, office):
        last_day = {"at": NOON + timedelta(days=38)}
        a_day_late = {"at": NOON + timedelta(days=39)}

        with pytest.raises(FileHasProblems) as refused:
            submitted_hours(office, a_service(), **a_day_late)

        assert [(2, "opening_closed")] == problems_of(refused)
        assert 1 == submitted_hours(office, a_service(), **last_day)["rows"]


class TestConfirming:
    """X8: a file gives points only by the second person, by the rules of the day of service."""

    def test_posts_every_row(self, office):
        answer = submitted_hours(office, a_service(), a_service("V0002", ends="2026-10-10 10:30"))

        told = confirmed(office, answer)

        assert (120, 2000) == (minutes_of(office, "V0001"), points_e2_of(office, "V0001"))
        assert (90, 1500) == (minutes_of(office, "V0002"), points_e2_of(office, "V0002"))
        assert {"approved": 2, "minutes": 210, "points_e2": 3500, "state": "confirmed"}.items() <= told.items()
        assert BatchState.CONFIRMED == state_of(office, answer)

    def test_gives_stars_to_rows_without(self, office):
        answer = submitted_hours(office, a_service())

        confirmed(office, answer, rating=5)

        assert 5 == one(office).rating

    def test_a_flag_needs_an_answer(self, office):
        answer = submitted_hours(office, a_service(ends="2026-10-10 14:00"))

        assert 1 == answer["flagged"]
        with pytest.raises(LongService):
            confirmed(office, answer)
        assert 1 == confirmed(office, answer, answer="社区运动会全天")["approved"]


class TestTakingBack:
    """experience.md 5.5: undo until something depends on it."""

    def test_what_waits_is_rejected(self, office):
        answer = submitted_hours(office, a_service())

        told = undone(office, answer, by=office.chen)

        assert (1, 0) == (told["rejected"], told["reversed"])
        assert RecordState.REJECTED == one(office).state
        assert BatchState.UNDONE == state_of(office, answer)

    def test_what_counts_is_reversed(self, office):
        answer = submitted_hours(office, a_service())
        confirmed(office, answer)

        told = undone(office, answer)

        assert (0, 1) == (told["rejected"], told["reversed"])
        assert (0, 0) == (minutes_of(office, "V0001"), points_e2_of(office, "V0001"))
        assert "导错了文件" == one(office).closing_reason

    def test_the_same_file_may_come_in_again_afterwards(self, office):
        undone(office, submitted_hours(office, a_service()), by=office.chen)

        assert "B0003" == submitted_hours(office, a_service())["batch"]

    def test_points_that_were_spent_keep_it(self, office):
        answer = submitted_hours(office, a_service(), a_service("V0002"))
        confirmed(office, answer)
        _spend(office, "V0002", 1)

        with pytest.raises(PointsSpentSince) as refused:
            undone(office, answer)

        assert {"batch": answer["batch"], "volunteers": ["V0002"]} == refused.value.facts
        assert 120 == minutes_of(office, "V0001")

    def test_a_star_that_needs_its_minutes_keeps_it(self, office):
        days = range(1, 16)
        rows = (
            a_service(activity=f"HD{day}", starts=f"2026-10-{day:02} 08:00", ends=f"2026-10-{day:02} 15:00")
            for day in days
        )
        answer = submitted_hours(office, *rows)
        confirmed(office, answer, answer="全天活动")
        (case,) = star_queries.open_cases(office.session, XFL)
        stars.grant(office.session, office.act(office.chen), award_id=announced(office.session, case.award_id))

        with pytest.raises(StarsGrantedSince) as refused:
            undone(office, answer)

        assert {"batch": answer["batch"], "volunteers": ["V0001"]} == refused.value.facts


def _spend(office, number, points_e2):
    passbook = AccountRef(AccountKind.PASSBOOK, number, POINTS)
    spent = Transfer(passbook, system(AccountKind.REDEEMED, POINTS), points_e2)
    draft = Draft(kind=EntryKind.GOODS_REDEEMED, effective_on=NOON.date(), transfers=(spent,))
    journal.post(office.session, office.act(office.zhao), draft)
