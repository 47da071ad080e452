"""The witnessed towns of this worker, by kind of database."""

from collections.abc import Iterator

import pytest

from tests.evidence.towns import Books, Template


@pytest.fixture(scope="session")
def templates() -> dict[str, Template]:
    """The towns that were built once, by kind of database; the run removes them when it ends."""
    return {}


@pytest.fixture
def template(templates, database_kind, database_server, tmp_path_factory) -> Template:
    """The witnessed town of this kind of database."""
    if database_kind not in templates:
        templates[database_kind] = Template(database_server, tmp_path_factory.mktemp("signer"))
    made: Template = templates[database_kind]
    return made


@pytest.fixture
def books(template, database_server, tmp_path) -> Iterator[Books]:
    """A copy of the witnessed books, for one test."""
    found = template.copied(tmp_path)
    yield found
    found.database.engine.dispose()
    database_server.drop(found.database.url)
