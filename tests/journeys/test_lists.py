"""Lists: whatever is asked for in whatever pages, a list shows what a plain look at every row finds."""

import random
from typing import Any

import pytest

from tests.demo.conftest import NOW, made_in
from tests.fixtures.chance import run_seed
from tests.journeys.lists import lists
from timebank.database import new_engine, reading

LISTS = lists(NOW)
TRIES = 25
LIMITS = (1, 2, 3, 7, 500)


@pytest.fixture(scope="module")
def made():
    """The community of each kind of database, made when the first test asks for it, removed after the last."""
    found: dict[str, Any] = {}
    yield found
    for server, url, engine in found.values():
        engine.dispose()
        server.drop(url)


@pytest.fixture
def community(made, database_kind, database_server):
    """A session that reads in five weeks of a community."""
    if database_kind not in made:
        url = database_server.migrated()
        made_in(url)
        made[database_kind] = database_server, url, new_engine(url)
    with reading(made[database_kind][2]) as session:
        yield session


def some_wish(chance, listing, rows):
    """Ask for one thing or several that some row has, now and then for what none has."""
    wanted = {}
    for name, by in listing.filters.items():
        values = sorted({value for row in rows for value in by.values(row)}, key=str)
        if by.absent is not None and chance.random() < 0.1:
            wanted[name] = by.absent
        elif values and (by.needed or chance.random() < 0.4):
            wanted[name] = chance.choice(values)
    return wanted


def expected(listing, rows, wanted):
    """Find by plain Python what should be shown, in order."""
    found = [row for row in rows if all(listing.filters[name].fits(row, value) for name, value in wanted.items())]
    return [row[listing.shown[0]] for row in sorted(found, key=listing.order, reverse=listing.newest_first)]


def shown(session, listing, wanted, limit):
    """Turn page after page to the end."""
    named, after = listing.shown[1], listing.after or listing.shown[1]
    found: list[Any] = []
    before = None
    while page := listing.ask(session, wanted, before, limit):
        found += [named(item) for item in page]
        before = after(page[-1])
        if not listing.pages:
            break
    return found


@pytest.mark.parametrize("name", LISTS)
class TestEveryList:
    """ledger.md section 7: every filter of every list is compared with a plain Python filter over all rows."""

    def test_shows_what_a_plain_look_finds(self, community, name):
        listing = LISTS[name]
        rows = listing.rows(community)
        chance = random.Random(f"{run_seed()} {name}")

        assert rows, "nothing there to show"
        for _ in range(TRIES):
            wanted, limit = some_wish(chance, listing, rows), chance.choice(LIMITS)
            all_of_it = expected(listing, rows, wanted)

            assert (all_of_it if listing.pages else all_of_it[:limit]) == shown(community, listing, wanted, limit), (
                wanted,
                limit,
            )
