"""Lists of records are paged by place: a page far down costs no more than the first, however long the list is."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.service.builders import XFL, an_activity, person_id
from timebank.service import queries
from timebank.service.rules import RecordState
from timebank.service.tables import ActivityRow, ServiceRecordRow

pytestmark = [pytest.mark.parametrize("database_kind", ["sqlite"]), pytest.mark.usefixtures("community")]
RECORDS = 3_000
PAGE = 20
DEEP = RECORDS - 300
STEPS = 100


@pytest.fixture
def long_list(session):
    """Three thousand records of two volunteers, every third one rejected; return their ids, the oldest first."""
    number = an_activity(session)
    activity_id = session.scalar(sa.select(ActivityRow.id).where(ActivityRow.number == number))
    rows = [_row(place, activity_id) for place in range(RECORDS)]
    session.execute(sa.insert(ServiceRecordRow), rows)
    session.flush()
    return [row["id"] for row in rows]


def _row(place, activity_id):
    starts_at = NOON - timedelta(hours=RECORDS - place)
    rejected = place % 3 == 0
    texts = ("place", "content", "leader", "sheet_number", "sheet_recorder", "late_reason", "remark")
    return {
        "community_id": XFL,
        "id": UUID(int=place + 1),
        "person_id": person_id(f"V000{1 + place % 2}"),
        "volunteer_number": f"V000{1 + place % 2}",
        "activity_id": activity_id,
        "service_class": "cleaning",
        "source_class": "sheet",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=30),
        "minutes": 30,
        "served_on": starts_at.date(),
        **dict.fromkeys(texts, ""),
        "state": "rejected" if rejected else "submitted",
        "recorder_id": person_id("S001"),
        "recorder": "S001",
        "recorded_at": NOON,
        "closer_id": person_id("S002") if rejected else None,
        "closer": "S002" if rejected else None,
        "closed_at": NOON if rejected else None,
        "closing_reason": "",
    }


def work_of(session, ask):
    """Count how much SQLite does for a question, in hundreds of steps of its machine."""
    connection = session.connection().connection.driver_connection
    counted: list[int] = []
    connection.set_progress_handler(lambda: counted.append(1), STEPS)
    try:
        assert PAGE == len(ask())
    finally:
        connection.set_progress_handler(None, 0)
    return len(counted)


class TestPagesOfRecords:
    """performance.md: constant work for a page, counted in steps, not in time."""

    @pytest.mark.parametrize("state", [None, RecordState.SUBMITTED, RecordState.REJECTED])
    @pytest.mark.parametrize("volunteer", [None, "V0001"])
    def test_the_list_of_all(self, session, long_list, state, volunteer):
        def page(before):
            return queries.records_newest(
                session, XFL, state=state, volunteer_number=volunteer, before=before, limit=PAGE
            )

        first = work_of(session, lambda: page(None))
        deep = work_of(session, lambda: page(long_list[-DEEP]))

        assert deep <= 1.2 * first + 5
        assert first <= 150

    def test_the_list_of_one_volunteer(self, session, long_list):
        def page(before):
            return queries.records_of(session, XFL, "V0002", before=before, limit=PAGE).records

        first = work_of(session, lambda: page(None))
        deep = work_of(session, lambda: page(long_list[-DEEP + (DEEP % 2 == 0)]))

        assert deep <= 1.5 * first + 10
        assert first <= 150
