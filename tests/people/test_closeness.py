"""Who is close to whom."""

from datetime import date

import pytest

from tests.people.builders import a_guardian, a_place, a_volunteer, open_the_community
from timebank.people import queries


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


def close(session, *people):
    """Return, per person, the numbers of those close to them."""
    found = queries.close_to(session, "xfl", [person.person_id for person in people])
    numbers = {person.person_id: person.number for person in people}
    return {numbers[one]: {numbers.get(other) for other in others} for one, others in found.items()}


class TestHouseholds:
    """trust.md T6: whoever lives together is close."""

    def test_one_household_in_one_building(self, session):
        one, other = (a_volunteer(session, area="一片区", building="5号楼", household="301") for _ in range(2))

        assert {"V0001": {"V0002"}, "V0002": {"V0001"}} == close(session, one, other)

    def test_the_same_door_in_another_building_is_another_household(self, session):
        one = a_volunteer(session, area="一片区", building="5号楼", household="301")
        other = a_volunteer(session, area="一片区", building="6号楼", household="301")

        assert {"V0001": set(), "V0002": set()} == close(session, one, other)

    def test_who_is_led_by_a_member_household_lives_in_its_building(self, session):
        one = a_volunteer(session, area="一片区", building="5号楼", household="301")
        unit = a_place(session, area="一片区", building="5号楼", member_household="李桂兰家")
        other = a_volunteer(session, org_unit_id=unit, household="301")

        assert {"V0001": {"V0002"}, "V0002": {"V0001"}} == close(session, one, other)

    def test_without_a_household_neighbours_are_not_close(self, session):
        one, other = (a_volunteer(session, area="一片区", building="5号楼") for _ in range(2))

        assert {"V0001": set(), "V0002": set()} == close(session, one, other)

    def test_asked_for_one_it_tells_of_the_others(self, session):
        one, other = (a_volunteer(session, household="5号楼301") for _ in range(2))

        assert {one.person_id: {other.person_id}} == queries.close_to(session, "xfl", [one.person_id])


class TestGuardians:
    """A guardian is close to the minor."""

    def test_both_ways(self, session):
        guardian = a_volunteer(session, name="宋凤英")
        child = a_volunteer(session, born_on=date(2012, 1, 1), guardian=a_guardian(volunteer_number="V0001"))

        assert {"V0001": {"V0002"}, "V0002": {"V0001"}} == close(session, guardian, child)

    def test_a_guardian_from_outside_is_nobody_here(self, session):
        child = a_volunteer(session, born_on=date(2012, 1, 1), guardian=a_guardian())

        assert {"V0001": set()} == close(session, child)

    def test_of_nobody_nobody_is_close(self, session):
        assert {} == queries.close_to(session, "xfl", [])
