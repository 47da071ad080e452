"""What the tests of the star room may ask for."""

import pytest

from tests.people.builders import a_staff_member
from tests.rulebook.community import a_community


@pytest.fixture
def admin(session):
    """The admin of a community that has its first rules."""
    return a_community(session)


@pytest.fixture
def approver(session, admin):
    """A coordinator who approves hours, and so opens cases."""
    return a_staff_member(session)


@pytest.fixture
def granter(session, admin):
    """Another coordinator, who grants stars."""
    return a_staff_member(session)
