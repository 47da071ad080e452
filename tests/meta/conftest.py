"""The tests about the routes visit the town of the tests of the pages."""

from tests.web.conftest import site, sites

__all__ = ["site", "sites"]
