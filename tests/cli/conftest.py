"""What the tests of commands may ask for."""

import pytest

from tests.cli.offices import an_open_office, an_open_shop


@pytest.fixture
def office(database, tmp_path, monkeypatch):
    """A desk in an office with its staff and nobody registered."""
    return an_open_office(database, tmp_path, monkeypatch)


@pytest.fixture
def shop(office, tmp_path):
    """A desk where V0001 has 57.5 points and ten hours, and thirty pieces of soap stand on the shelf."""
    an_open_shop(office, tmp_path)
    return office
