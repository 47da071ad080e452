"""Killed at any moment, on either side: what was acknowledged is there, once, and whoever asks again hears the same."""

import json
import os
import secrets
from collections import Counter

import pytest

from tests.fixtures.servers import Installation
from tests.journeys import storm
from tests.web.town import SOAP, XFL
from timebank.books import statements
from timebank.books.statements import AccountFilter
from timebank.config import KEY_BYTES, KEY_NAMES, Keys, store_keys
from timebank.database import new_engine, reading
from timebank.ledger import merkle
from timebank.ledger.canonical import entry_of
from timebank.ledger.entries import EntryKind
from timebank.schema import upgrade

LONG = "TIMEBANK_TEST_LONG" in os.environ
KILLS = 500 if LONG else 25
STOPS = 200 if LONG else 10
EVERYTHING_EVERY = 12
"""Every so many kills it is not one worker but all of the service."""


class TestKilledService:
    """trust.md G2: SIGKILL of workers and of the whole service, four workers and eight clients."""

    @pytest.mark.parametrize("database_kind", ["sqlite"])
    def test_every_acknowledged_redemption_is_there_once(self, database, installation):
        storm.build(database.engine)
        before = redemptions(database.engine)

        with storm.Service(installation) as service, storm.raging(installation, service.url) as clerks:
            for kill in range(1, KILLS + 1):
                clerks.wait_for(3)
                if kill % EVERYTHING_EVERY == 0:
                    service.kill()
                else:
                    service.kill_a_worker(kill)
            clerks.wait_for(3)

        assert_told_is_true(database.engine, clerks, before)


class TestStoppedPostgresql:
    """trust.md G3: the database stopped at once under load; the service goes on without being started again."""

    def test_every_acknowledged_redemption_is_there_once(self, own_postgresql, tmp_path):
        upgrade(own_postgresql.url)
        engine = new_engine(own_postgresql.url)
        storm.build(engine)
        before = redemptions(engine)
        installation = Installation(database_url=own_postgresql.url, folder=tmp_path / "timebank-data")
        store_keys(installation.folder, Keys(**{name: secrets.token_bytes(KEY_BYTES) for name in KEY_NAMES}))

        with storm.Service(installation) as service, storm.raging(installation, service.url) as clerks:
            for _ in range(STOPS):
                clerks.wait_for(3)
                own_postgresql.stop_at_once()
                own_postgresql.start()
            clerks.wait_for(3)

        assert_told_is_true(engine, clerks, before)
        engine.dispose()


def redemptions(engine):
    """Count the redemptions in the books."""
    return len(_redeemed(engine))


def _redeemed(engine):
    with reading(engine) as session:
        entries = [entry_of(leaf) for leaf, _ in statements.entries_in_order(session, XFL)]
    return [entry for entry in entries if entry.kind is EntryKind.GOODS_REDEEMED]


def assert_told_is_true(engine, clerks, before):
    """Nothing lost, nothing torn, nothing double; and asking again was answered alike."""
    redeemed = [answer for answer in clerks.answers.values() if answer.startswith(b"200 ")]
    told = [json.loads(answer.partition(b" ")[2]) for answer in redeemed]
    assert [] == clerks.unlike
    assert len(told) > len(clerks.answers) / 2
    assert {1} == set(Counter(answer["number"] for answer in told).values())
    assert len(told) == redemptions(engine) - before

    with reading(engine) as session:
        log = list(statements.entries_in_order(session, XFL))
        held = statements.balances(session, XFL, AccountFilter())
    assert list(range(1, len(log) + 1)) == [entry_of(leaf).seq for leaf, _ in log]
    assert [merkle.leaf_hash(leaf) for leaf, _ in log] == [stored for _, stored in log]
    sums: Counter[str] = Counter()
    for item in held:
        sums[item.account.unit] += item.balance
    assert {0} == set(sums.values())
    handed_out = next(item.balance for item in held if item.account.code == f"handed-out/goods:{SOAP}")
    assert before + len(told) == handed_out
