"""A busy community on each kind of database, made once per run of the tests; whoever reads or undoes may use it."""

from dataclasses import dataclass

import pytest
from sqlalchemy.engine import Engine

from tests.audit.builders import Community, a_busy_community
from timebank.database import new_engine, reading, writing


@dataclass(frozen=True)
class Made:
    """Where a busy community lies, and what it has."""

    url: str
    engine: Engine
    community: Community


@pytest.fixture(scope="session")
def made_communities():
    """The communities by kind of database; the databases themselves are removed with the run's folder and server."""
    made: dict[str, Made] = {}
    yield made
    for found in made.values():
        found.engine.dispose()


@pytest.fixture
def made(made_communities, database_kind, database_server):
    """The busy community of this kind of database. No test commits anything in it."""
    if database_kind not in made_communities:
        url = database_server.migrated()
        engine = new_engine(url)
        with writing(engine) as session:
            community = a_busy_community(session)
        made_communities[database_kind] = Made(url, engine, community)
    return made_communities[database_kind]


@pytest.fixture
def busy(made):
    """A session that reads in the busy community."""
    with reading(made.engine) as session:
        yield session
