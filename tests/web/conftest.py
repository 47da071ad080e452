"""The site of the town: the application over a copy of the town, put back as it was after each test that wrote."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import an_act
from tests.web import town
from tests.web.sites import Site, a_site_of_the_town
from timebank import clock
from timebank.database import writing
from timebank.ledger.days import day_of
from timebank.people.tables import StaffRow
from timebank.rulebook.operations import confirm, propose
from timebank.rulebook.rules import AT_ONCE, Confirmer, as_json, ordinary_document


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


ASKED = replace(AT_ONCE, sheet=Confirmer.EITHER, notice_working_days=3)


@pytest.fixture
def asking(site):
    """The rules of the town ask who served; four hours wait for an approval since two days ago."""
    then = clock.now() - timedelta(days=8)
    with writing(site.engine) as session:
        staff = session.scalars(sa.select(StaffRow).where(StaffRow.community_id == town.XFL))
        acts = {one.login: an_act(person_id=one.person_id, number=one.number, at=then) for one in staff}
        document = as_json(replace(ordinary_document(), confirmation=ASKED))
        begins = day_of(then) + timedelta(days=1)
        proposed = propose(session, acts["admin"], document=document, valid_from=begins, reason="居民议事会通过")
        confirm(session, acts["chen"], proposal_id=UUID(proposed))
    return site
