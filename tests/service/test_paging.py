"""Lists of what waits: page after page shows everything once, and each page is read by an index, never by sorting."""

from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby
from typing import ClassVar

import pytest
import sqlalchemy as sa

from tests.service.builders import XFL, a_line, a_volunteer, acting, an_activity, recorded
from tests.service.confirmations import MONDAY, checked, confirm, deny, open_with, rules
from timebank.rulebook.rules import Confirmer
from timebank.service import operations, queries
from timebank.service.operations import objecting
from timebank.service.queries.records import waiting_records
from timebank.service.rules import RecordState
from timebank.service.rules.confirming import Side

PEOPLE = 7


@pytest.fixture(autouse=True)
def community(session):
    """Seven volunteers; what is typed is confirmed and stands on notice."""
    open_with(session, rules(notice_working_days=3))
    for number in range(3, PEOPLE + 1):
        a_volunteer(session, f"V{number:04}")


def _everybody(session, hour, *, approved):
    lines = [a_line(f"V{number:04}", minutes=30, starts=f"2026-11-20 {hour:02}:00") for number in range(1, PEOPLE + 1)]
    activity = an_activity(session, starts=f"2026-11-20 {hour:02}:00")
    return checked(session, *lines, activity=activity) if approved else recorded(session, *lines, activity=activity)


def _pages(session, ask, limit):
    after, found = None, []
    while True:
        page = ask(session, XFL, MONDAY, after=after, limit=limit)
        assert len(page.all) <= limit
        found.append(page)
        after = page.after
        if after is None:
            return found


class TestWhereOneSideAloneIsAsked:
    """The yes of who served is not the one that the rules ask for, so the desk goes on asking who was served."""

    @pytest.fixture
    def community(self, session):
        """Only the recipient confirms what was typed."""
        open_with(session, rules(sheet=Confirmer.RECIPIENT))

    def test_the_yes_of_the_other_side_does_not_hide_a_record(self, session):
        ids = checked(session)
        confirm(session, *ids)

        shown = queries.to_confirm(session, XFL, MONDAY).all

        assert ids == [one.record.id for one in shown]


class TestWhatWaitsForAYes:
    """By activity, the one that was made first at the top; every record once, however long a page is."""

    @pytest.mark.parametrize("limit", [1, 3, 7, 8, 50])
    def test_every_page_goes_on_after_the_one_before(self, session, limit):
        ids = [*_everybody(session, 9, approved=True), *_everybody(session, 13, approved=False)]

        pages = _pages(session, queries.to_confirm, limit)

        shown = [one.record.id for page in pages for one in page.all]
        assert sorted(ids) == sorted(shown)
        activities = [one.record.activity_number for page in pages for one in page.all]
        assert 2 == len(list(groupby(activities)))
        assert all(len({one.record.activity_number for one in group}) == 1 for page in pages for group in page.groups)

    @pytest.mark.parametrize("limit", [1, 3, 14, 50])
    def test_everything_that_is_not_posted_is_shown_page_by_page_too(self, session, limit):
        ids = [*_everybody(session, 9, approved=True), *_everybody(session, 13, approved=False)]
        confirm(session, ids[0], by="V0001")
        deny(session, ids[1], by="V0002")

        pages = _pages(session, queries.unposted_page, limit)

        assert sorted(ids) == sorted(one.record.id for page in pages for one in page.all)

    def test_what_is_overdue_is_counted(self, session):
        ids = [*_everybody(session, 9, approved=True), *_everybody(session, 13, approved=False)]
        confirm(session, ids[0], by="V0001")
        deny(session, ids[1], by="V0002")

        days = [MONDAY + timedelta(days=after) for after in (0, 3, 4)]

        assert [0, 0, len(ids) - 2] == [queries.overdue_count(session, XFL, day) for day in days]

    def test_who_has_answered_is_not_asked_again(self, session):
        ids = _everybody(session, 9, approved=True)
        confirm(session, ids[0], by="V0001")
        deny(session, ids[1], by="V0002")

        [page] = _pages(session, queries.to_confirm, 50)

        assert sorted(ids[2:]) == sorted(one.record.id for one in page.all)
        assert [ids[1]] == [one.record.id for one in queries.stopped(session, XFL, MONDAY)]

    def test_a_no_that_was_found_wrong_is_asked_about_no_more(self, session):
        [record_id, *_] = _everybody(session, 9, approved=True)
        number = deny(session, record_id, by="V0001")["objection"]
        objecting.answer_line_objection(session, acting("S002"), number=number, answer="有签名", corrected=False)

        [page] = _pages(session, queries.to_confirm, 50)

        assert record_id not in {one.record.id for one in page.all}
        assert () == queries.stopped(session, XFL, MONDAY)

    def test_a_page_after_nothing_is_refused(self, session):
        with pytest.raises(queries.NoSuchRecord):
            queries.to_confirm(session, XFL, MONDAY, after=acting().new_id("nothing"))

    def test_the_desk_answers_for_recipients_too(self, session):
        ids = _everybody(session, 9, approved=True)

        told = operations.confirm_many(session, acting("S003"), record_ids=tuple(ids), side=Side.RECIPIENT)

        assert PEOPLE == told["confirmed"]
        assert {Side.RECIPIENT} == {one.side for [one] in queries.answers_to(session, XFL, ids).values()}
        assert () == queries.to_confirm(session, XFL, MONDAY).all


class TestWhatStandsOnNotice:
    """trust.md T4."""

    @pytest.mark.parametrize("limit", [2, 50])
    def test_only_what_is_approved_stands_there(self, session, limit):
        ids = _everybody(session, 9, approved=True)
        _everybody(session, 13, approved=False)

        shown = [one.record.id for page in _pages(session, queries.on_notice, limit) for one in page.all]

        assert sorted(ids) == sorted(shown)


@contextmanager
def _statements(session):
    """Note every statement about records, with what it is asked with."""
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, *_more):
        if "FROM service_record" in statement and "ORDER BY" in statement:
            asked.append((statement, parameters))

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def _plan(session, statement, parameters):
    """How the database would find the rows, as text."""
    connection = session.connection()
    on_sqlite = connection.dialect.name == "sqlite"
    if not on_sqlite:
        # With few rows it is cheapest to read and sort them all; what matters is whether it could do without.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    explain = "EXPLAIN QUERY PLAN " if on_sqlite else "EXPLAIN "
    return "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(explain + statement, parameters))


class TestPagesAreReadByAnIndex:
    """A page of a hundred thousand records costs what a page of a hundred does: nothing is sorted or passed over."""

    ASKED: ClassVar = {
        "to_confirm": lambda session, last: queries.to_confirm(session, XFL, MONDAY, after=last),
        "on_notice": lambda session, last: queries.on_notice(session, XFL, MONDAY, after=last),
        "waiting": lambda session, _last: waiting_records(session, XFL, 50),
        "of a volunteer": lambda session, last: queries.records_of(session, XFL, "V0001", before=last),
        "newest": lambda session, last: queries.records_newest(session, XFL, before=last),
        "newest of a state": lambda session, last: queries.records_newest(
            session, XFL, state=RecordState.SUBMITTED, before=last
        ),
    }

    @pytest.mark.parametrize("name", ASKED)
    def test_in_its_order(self, session, name):
        [last, *_] = _everybody(session, 9, approved=True)

        with _statements(session) as asked:
            self.ASKED[name](session, last)

        assert asked
        for statement, parameters in asked:
            plan = _plan(session, statement, parameters)
            assert "TEMP B-TREE" not in plan, plan
            assert "Sort" not in plan, plan
            assert "SCAN service_record\n" not in plan, plan
