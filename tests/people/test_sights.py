"""How long the trail of reads is kept, on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import an_act
from tests.people.builders import XFL, open_the_community
from timebank import clock
from timebank.people.operations.sights import KEPT_DAYS_MIN, forget_sights, note_sight
from timebank.people.queries.sights import Sight, SightFilter, sights
from timebank.people.tables import SightRow


def looked(session, days_ago, number="V0001"):
    """Somebody looked at a person's data so long ago, by the real clock, for the database goes by it."""
    act = an_act(at=clock.now() - timedelta(days=days_ago))
    note_sight(session, act, Sight(what="persons.person", subject=number))


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


class TestForgetting:
    """The database keeps 190 days; the setting may say more, and nothing less."""

    def test_a_line_of_190_days_stays_and_an_older_one_goes(self, session):
        looked(session, KEPT_DAYS_MIN - 1)
        looked(session, KEPT_DAYS_MIN + 1)
        now = clock.now()

        told = forget_sights(session, an_act(at=now), day=now.date(), kept_days=KEPT_DAYS_MIN)

        assert {"forgotten": 1} == told
        assert 1 == len(sights(session, XFL, wanted=SightFilter()))

    def test_fewer_days_are_no_choice(self, session):
        with pytest.raises(AssertionError):
            forget_sights(session, an_act(), day=clock.now().date(), kept_days=KEPT_DAYS_MIN - 1)

    @pytest.mark.parametrize("statement", [sa.delete(SightRow), sa.update(SightRow).values(actor="S009")])
    def test_the_database_itself_refuses(self, session, statement):
        looked(session, KEPT_DAYS_MIN - 1)

        with pytest.raises(sa.exc.DatabaseError), session.begin_nested():
            session.execute(statement)

    def test_lines_are_found_by_who_whose_and_what_newest_first(self, session):
        for number in ("V0001", "V0002", "V0001"):
            looked(session, 1, number)

        assert 2 == len(sights(session, XFL, wanted=SightFilter(subjects=("V0001",))))
        assert 3 == len(sights(session, XFL, wanted=SightFilter(actor=an_act().number, what="persons.")))
        newest = sights(session, XFL, wanted=SightFilter(), limit=1)
        assert 2 == len(sights(session, XFL, wanted=SightFilter(), before=newest[0].id))
