"""What the database itself keeps about stars, past the program."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.people.builders import acting_as
from tests.stars.builders import (
    ONE_STAR,
    a_candidate,
    a_star,
    credit,
    looked_at,
    take_back,
)
from timebank.stars import queries
from timebank.stars.tables import StarAwardRow, StarReviewRow

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


class TestTheDatabaseKeepsIt:
    """ledger.md section 3: maker is not checker is not beneficiary, by CHECK; a case is decided once, by trigger."""

    @pytest.fixture
    def case(self, session, approver):
        """An open case."""
        a_candidate(session, approver)
        return queries.open_cases(session, "xfl")[0]

    def granted_by(self, person_id):
        """The columns of a grant by somebody."""
        return {
            "state": "granted",
            "decider_id": person_id,
            "decider": "S009",
            "decided_at": NOON,
            "entry_seq": 1,
        }

    def test_not_granted_by_its_opener(self, session, case):
        with pytest.raises(sa.exc.IntegrityError, match="granted_by_another"), session.begin_nested():
            session.execute(sa.update(StarAwardRow).values(**self.granted_by(case.opener_id)))

    @pytest.mark.parametrize("state", ["granted", "refused"])
    def test_not_decided_by_the_volunteer(self, session, case, state):
        own = self.granted_by(case.person_id) | {"state": state, "reason": "谦让"}

        with pytest.raises(sa.exc.IntegrityError, match="not_for_oneself"), session.begin_nested():
            session.execute(sa.update(StarAwardRow).values(**own))

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"decided_at": None, "decider_id": None, "decider": None}, "decided_once"),
            ({"decider_id": None}, "decided_by_somebody"),
            ({"entry_seq": None}, "decision_is_an_entry"),
            ({"state": "refused"}, "refused_with_reason"),
            ({"state": "lost", "entry_seq": None}, "state_known"),
        ],
    )
    def test_a_decision_is_whole(self, session, case, change, why):
        with pytest.raises(sa.exc.IntegrityError, match=why), session.begin_nested():
            session.execute(sa.update(StarAwardRow).values(**(self.granted_by(UUID(int=9)) | change)))

    def test_a_level_is_open_or_held_once(self, session, case):
        row = {column.name: column for column in StarAwardRow.__table__.columns}
        again = sa.select(*(sa.literal(UUID(int=8), sa.Uuid()) if name == "id" else row[name] for name in row))

        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(sa.insert(StarAwardRow).from_select(list(row), again))

    @pytest.mark.parametrize("change", [{"state": "open"}, {"level": 2}, {"reason": "改一改"}])
    def test_what_was_decided_is_not_changed(self, session, approver, granter, case, change):
        a_star(session, case.number, granter)

        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(sa.update(StarAwardRow).values(**change))

    @pytest.mark.parametrize("change", [{"level": 2}, {"number": "V0002"}, {"opener_id": UUID(int=9)}])
    def test_an_open_case_stays_what_it_is_about(self, session, case, change):
        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(sa.update(StarAwardRow).values(**change))

    def test_cases_and_reviews_are_never_deleted(self, session, approver, granter, case):
        a_star(session, case.number, granter)
        take_back(session, acting_as(approver), case.number)

        for table in (StarReviewRow, StarAwardRow):
            with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
                session.execute(sa.delete(table))

    def test_a_closed_review_is_not_opened_again(self, session, approver, granter, case):
        a_star(session, case.number, granter)
        take_back(session, acting_as(approver), case.number)
        credit(session, acting_as(approver), {case.number: ONE_STAR})
        again = {"state": "open", "closed_at": None, "closer": None}

        assert () == queries.open_reviews(session, "xfl")
        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(sa.update(StarReviewRow).values(**again))

    def test_looking_again_after_all_that_changes_nothing(self, session, approver, case):
        assert {"opened": [], "withdrawn": [], "flagged": [], "recovered": []} == looked_at(
            session, acting_as(approver), case.number
        )
