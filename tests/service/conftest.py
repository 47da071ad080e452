"""What the tests of the service room may ask for."""

import pytest

from tests.service.builders import a_community, a_volunteer


@pytest.fixture
def community(session):
    """A community that went live on 1 November, with two coordinators (S001, S002) and three volunteers."""
    a_community(session)
    for number in ("V0001", "V0002", "V0003"):
        a_volunteer(session, number)
