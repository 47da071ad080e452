"""Ten coordinators at the same moment: no line is lost, none is doubled, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from tests.service.builders import (
    XFL,
    a_community,
    a_line,
    a_sheet,
    a_volunteer,
    acting,
    an_activity,
    approve,
    minutes_of,
    points_e2_of,
    recorded,
)
from timebank.books.statements import entries_in_order
from timebank.database import reading, writing
from timebank.refusal import Refusal
from timebank.service import operations, queries

TEN = range(10)
COORDINATORS = tuple(f"S{number:03}" for number in range(1, 11))


@pytest.fixture
def activity(database):
    """An activity in a community with ten coordinators and thirty volunteers; return its number."""
    with writing(database.engine) as session:
        a_community(session, coordinators=COORDINATORS)
        for number in range(1, 31):
            a_volunteer(session, f"V{number:04}")
        return an_activity(session)


def _at_once(database, jobs):
    """Run each job in a transaction of its own, all begun at the same moment; return answers and codes of refusals."""
    together = Barrier(len(jobs))

    def run(job):
        together.wait()
        try:
            with writing(database.engine) as session:
                return job(session)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def _save(session, *, by, sheet, **changes):
    return operations.record_many(session, acting(by, **changes), sheet=sheet)["records"]


class TestSavingAtOnce:
    """trust.md I13: ten people type the sheets of one activity at the same time."""

    def test_every_line_is_there_once(self, database, activity):
        sheets = [
            a_sheet(activity, *(a_line(f"V{ten * 3 + one:04}") for one in (1, 2, 3)), sheet_number=f"QD-{ten}")
            for ten in TEN
        ]

        _at_once(database, [partial(_save, by=COORDINATORS[ten], sheet=sheets[ten]) for ten in TEN])

        with reading(database.engine) as session:
            found = queries.records_of_activity(session, XFL, activity)
        assert [f"V{number:04}" for number in range(1, 31)] == [record.volunteer_number for record in found]
        assert {f"QD-{ten}": 3 for ten in TEN} == Counter(record.sheet_number for record in found)

    def test_one_line_typed_by_ten_people_is_kept_once(self, database, activity):
        sheet = a_sheet(activity, a_line("V0001"))

        told = _at_once(database, [partial(_save, by=COORDINATORS[ten], sheet=sheet) for ten in TEN])

        assert 9 == told.count("overlapping")
        with reading(database.engine) as session:
            assert 1 == len(queries.records_of_activity(session, XFL, activity))

    def test_one_request_sent_ten_times_has_one_answer(self, database, activity):
        sheet = a_sheet(activity, a_line("V0001"))
        job = partial(_save, by="S001", sheet=sheet, request_key="the-same-key")

        told = _at_once(database, [job] * 10)

        assert [told[0]] * 10 == told
        with reading(database.engine) as session:
            assert told[0] == [str(record.id) for record in queries.records_of_activity(session, XFL, activity)]


class TestApprovingAtOnce:
    """The same queue on ten screens: each record is approved once."""

    def test_one_record_is_posted_once(self, database, activity):
        with writing(database.engine) as session:
            [record_id] = recorded(session, activity=activity)
            before = len(list(entries_in_order(session, XFL)))

        told = _at_once(database, _approvals(record_id, COORDINATORS[1:]))

        assert 8 == told.count("record_not_waiting")
        with reading(database.engine) as session:
            assert (60, 1000) == (minutes_of(session), points_e2_of(session))
            assert before + 1 == len(list(entries_in_order(session, XFL)))

    def test_different_records_are_all_posted(self, database, activity):
        with writing(database.engine) as session:
            ids = recorded(session, *(a_line(f"V{number:04}") for number in range(1, 10)), activity=activity)

        jobs = [job for one, by in zip(ids, COORDINATORS[1:], strict=True) for job in _approvals(one, [by])]
        _at_once(database, jobs)

        with reading(database.engine) as session:
            assert queries.Amount(9, 540) == queries.totals(session, XFL).approved
            assert [60] * 9 == [minutes_of(session, f"V{number:04}") for number in range(1, 10)]

    def test_approved_or_rejected_but_not_both(self, database, activity):
        with writing(database.engine) as session:
            [record_id] = recorded(session, activity=activity)

        def reject(session):
            return operations.reject(session, acting("S003"), record_id=record_id, reason="没有来")

        told = _at_once(database, [*_approvals(record_id, ["S002"]), reject])

        with reading(database.engine) as session:
            state = queries.record(session, XFL, record_id).state
            assert 1 == told.count("record_not_waiting")
            assert (60 if state == "approved" else 0) == minutes_of(session)


def _approvals(record_id, approvers):
    def approving(by, session):
        return approve(session, record_id, by=by)

    return [partial(approving, by) for by in approvers]
