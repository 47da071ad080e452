"""The site of the town: the application over a copy of the town, put back as it was after each test that wrote."""

from collections.abc import Iterator

import pytest

from tests.web.sites import Site, a_site_of_the_town


@pytest.fixture(scope="session")
def sites() -> Iterator[dict[str, Site]]:
    """The applications of this worker, by kind of database."""
    made: dict[str, Site] = {}
    yield made
    for site in made.values():
        site.close()


@pytest.fixture
def site(sites, database_kind, database_server, tmp_path_factory) -> Site:
    """The pages of the town as it was built, on this kind of database."""
    if database_kind not in sites:
        sites[database_kind] = a_site_of_the_town(database_server, tmp_path_factory.mktemp("site"))
    site: Site = sites[database_kind]
    site.put_back()
    return site
