"""What the tests of the rulebook may ask for."""

import pytest

from tests.people.builders import a_staff_member
from tests.rulebook.community import a_community


@pytest.fixture
def admin(session):
    """The admin of a community that has its first rules."""
    return a_community(session)


@pytest.fixture
def coordinator(session, admin):
    """A second person, who may confirm rules."""
    return a_staff_member(session)
