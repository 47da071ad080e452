"""Family helpers: named at the desk with a relation and a last day, at most three, ended by either of the two."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.service.builders import XFL, a_volunteer, acting, an_activity, moment, person_id
from tests.service.builders import a_community as a_community_with_service
from timebank.people.operations import helping
from timebank.people.operations.helping import HelperNamedAlready, HelperUnclear, NoSuchHelper
from timebank.people.queries import NotAllowed
from timebank.people.queries.helping import helped_by, helpers_of
from timebank.people.tables import FamilyHelperRow
from timebank.service import queries
from timebank.service.operations import signing_up

MOTHER, DAUGHTER = "V0001", "V0002"
TODAY = acting().today


@pytest.fixture(autouse=True)
def community(session):
    """A community with a mother, a daughter and three others."""
    a_community_with_service(session)
    for number in (MOTHER, DAUGHTER, "V0003", "V0004", "V0005"):
        a_volunteer(session, number)


def _named(session, helper=DAUGHTER, *, by="S001", relation="女儿", days=365, number=MOTHER):
    until_on = TODAY + timedelta(days=days)
    helping.name_helper(session, acting(by), number=number, helper_number=helper, relation=relation, until_on=until_on)


def _ended(session, *, by):
    helping.end_helper(session, acting(by), number=MOTHER, helper_number=DAUGHTER)


class TestNaming:
    """domain.md section 2: at most three, confirmed at the desk, dated."""

    def test_is_seen_from_both_sides_until_its_last_day(self, session):
        _named(session, days=10)

        last, after = TODAY + timedelta(days=10), TODAY + timedelta(days=11)
        assert [DAUGHTER] == [one.number for one in helpers_of(session, XFL, person_id(MOTHER), last)]
        assert [(MOTHER, "女儿")] == [
            (one.number, one.relation) for one in helped_by(session, XFL, person_id(DAUGHTER), last)
        ]
        assert () == helped_by(session, XFL, person_id(DAUGHTER), after)

    @pytest.mark.parametrize("changes", [{"relation": " "}, {"days": -1}, {"days": 732}, {"helper": MOTHER}])
    def test_names_another_person_a_relation_and_a_day(self, session, changes):
        with pytest.raises(HelperUnclear):
            _named(session, **changes)

    def test_three_are_enough_and_nobody_is_named_twice(self, session):
        _named(session)
        with pytest.raises(HelperNamedAlready):
            _named(session)
        _named(session, "V0003")
        _named(session, "V0004")

        with pytest.raises(HelperNamedAlready):
            _named(session, "V0005")

    def test_is_done_at_the_desk(self, session):
        with pytest.raises(NotAllowed):
            _named(session, by=DAUGHTER)

    @pytest.mark.parametrize("by", [MOTHER, DAUGHTER, "S001"])
    def test_is_ended_by_either_or_the_desk(self, session, by):
        _named(session)

        _ended(session, by=by)

        assert () == helpers_of(session, XFL, person_id(MOTHER), TODAY)
        with pytest.raises(NoSuchHelper):
            _ended(session, by=by)

    def test_is_ended_by_nobody_else_and_never_undone(self, session):
        _named(session)
        with pytest.raises(NotAllowed):
            _ended(session, by="V0003")
        _ended(session, by=MOTHER)

        with pytest.raises((sa.exc.IntegrityError, sa.exc.ProgrammingError), match="decided"), session.begin_nested():
            session.execute(sa.update(FamilyHelperRow).values(state="open", ended_at=None, ended_by=None))


class TestActingForSomebody:
    """domain.md section 3, V9: every act shows both names."""

    def test_a_helper_signs_up_and_off(self, session):
        activity = an_activity(session, starts="2026-11-25 09:00")
        act = acting(DAUGHTER, at=moment("2026-11-24 09:00"))
        with pytest.raises(NotAllowed):
            signing_up.sign_up(session, act, activity_number=activity, volunteer_number=MOTHER)
        _named(session)

        again = acting(DAUGHTER, at=moment("2026-11-24 09:00"))
        signing_up.sign_up(session, again, activity_number=activity, volunteer_number=MOTHER)

        [found] = queries.sign_ups(session, XFL, queries.activity(session, XFL, activity))
        assert (MOTHER, DAUGHTER) == (found.volunteer_number, found.signer)
        later = acting(DAUGHTER, at=moment("2026-11-24 09:01"))
        signing_up.cancel_sign_up(session, later, activity_number=activity, volunteer_number=MOTHER)
