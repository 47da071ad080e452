"""Two answers at the same moment, and whatever may happen in whatever order."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random
from threading import Barrier
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.service.builders import (
    XFL,
    a_line,
    a_volunteer,
    acting,
    an_activity,
    approve,
    minutes_of,
    person_id,
    points_e2_of,
    recorded,
)
from tests.service.confirmations import (
    checked,
    confirm,
    deny,
    open_with,
    rules,
)
from timebank.database import reading, writing
from timebank.refusal import Refusal
from timebank.service import queries
from timebank.service.operations import objecting, posting
from timebank.service.rules import RecordState


@pytest.fixture
def community(session):
    """Sheets are confirmed and posted on the next day; S003 sits at the desk."""
    open_with(session, rules())


class TestAtOnce:
    """trust.md C3: two answers at the same moment; one of them counts, on both databases."""

    @pytest.fixture
    def record_id(self, database):
        with writing(database.engine) as session:
            open_with(session, rules(post_days=0))
            return checked(session)[0]

    def _together(self, database, *jobs):
        barrier = Barrier(len(jobs))

        def run(job):
            barrier.wait()
            try:
                with writing(database.engine) as session:
                    return job(session)
            except Refusal as refusal:
                return refusal.code

        with ThreadPoolExecutor(len(jobs)) as pool:
            return list(pool.map(run, jobs))

    def test_two_who_confirm_post_once(self, database, record_id):
        told = self._together(
            database,
            partial(confirm, record_id=record_id),
            partial(confirm, record_id=record_id, by="S003"),
        )

        assert 1 == sum(isinstance(one, str) for one in told)
        with reading(database.engine) as session:
            assert 60 == minutes_of(session)

    def test_a_yes_against_a_no_is_one_of_them(self, database, record_id):
        told = self._together(
            database,
            partial(confirm, record_id=record_id, by="S003"),
            partial(deny, record_id=record_id),
        )

        denied = isinstance(told[0], str)
        with reading(database.engine) as session:
            assert (0 if denied else 60) == minutes_of(session)
            assert denied == bool(queries.objections_open(session, XFL))


STEPS = ("yes", "no", "desk", "approve", "night", "kept", "wrong")
WALKS = 40


@pytest.mark.usefixtures("community")
class TestWhateverHappens:
    """trust.md T4: nothing that is denied, flagged without an answer or unconfirmed is ever posted."""

    def test_what_is_posted_was_approved_and_confirmed_and_is_not_denied(self, session):
        dice = Random(7)
        ends: Counter[RecordState] = Counter()
        activity = an_activity(session, minutes=480)
        for walk in range(WALKS):
            volunteer = a_volunteer(session, f"V{100 + walk:04}")
            line = a_line(volunteer, minutes=dice.choice([60, 300]) + walk)
            [record_id] = recorded(session, line, activity=activity)
            steps = dice.choices(STEPS, k=8)
            for day, step in enumerate(steps):
                _take(session, record_id, volunteer, step, day)

            ends[_end_of(session, record_id, volunteer, steps)] += 1

        assert min(ends[RecordState.APPROVED], ends[RecordState.REJECTED], ends[RecordState.CHECKED]) > 0


def _end_of(session, record_id, volunteer, steps):
    """Make sure that a record ended as it may; return how."""
    found = queries.record(session, XFL, record_id)
    if found.state is RecordState.APPROVED:
        said = queries.answers_to(session, XFL, [record_id])[record_id]
        assert all(one.agrees or one.outcome == "kept" for one in said)
        assert "approve" in steps
        assert all(flag.answer for flag in found.flags)
    else:
        assert (0, 0) == (minutes_of(session, volunteer), points_e2_of(session, volunteer))
    return found.state


def _take(session, record_id: UUID, volunteer: str, step: str, day: int) -> None:
    """Try one step; what a rule refuses changes nothing."""
    cases = queries.objections_of(session, XFL, person_id(volunteer))
    answer = {"number": cases[0].number if cases else "Y-000000-1", "answer": "核对过"}
    at = {"at": NOON + timedelta(days=day)}
    work = {
        "yes": lambda: confirm(session, record_id, by=volunteer, **at),
        "no": lambda: deny(session, record_id, by=volunteer, **at),
        "desk": lambda: confirm(session, record_id, by="S003", **at),
        "approve": lambda: approve(session, record_id, answer="问过本人" if day % 2 else "", **at),
        "night": lambda: posting.post_all_due(session, acting("system", **at)),
        "kept": lambda: objecting.answer_line_objection(session, acting("S002", **at), **answer, corrected=False),
        "wrong": lambda: objecting.answer_line_objection(session, acting("S002", **at), **answer, corrected=True),
    }[step]
    with suppress(Refusal):
        work()
