"""The keeper looks at every log, signs what has grown, and raises the alarm when a log does not hold."""

import threading

import pytest

from tests.builders import NOON
from tests.evidence.builders import KEYS, XFL, a_signer, grown
from tests.people.builders import open_the_community
from timebank import config
from timebank.books import statements, trail
from timebank.books.log import alarm
from timebank.books.trail import TrailFilter
from timebank.database import reading
from timebank.evidence import keys as log_keys
from timebank.evidence import queries
from timebank.evidence.keys import LogKeyMissing
from timebank.web import log_keeper


@pytest.fixture
def signer(tmp_path):
    return a_signer(tmp_path)


@pytest.fixture
def log(database):
    """The engine over a log of ten entries."""
    grown(database.engine, 10)
    return database.engine


def keep(engine, signer):
    return log_keeper.keep(engine, signer, XFL, NOON)


def damage_in(engine):
    with reading(engine) as session:
        return alarm.find_damage(session, XFL)


class TestKeeping:
    """ledger.md section 5: signed every minute if grown; refused when inconsistent."""

    def test_signs_what_has_grown(self, log, signer):
        assert 10 == keep(log, signer).head.size
        grown(log, 1)
        assert 11 == keep(log, signer).head.size

    def test_does_nothing_where_nothing_is_new(self, log, signer):
        first = keep(log, signer)

        assert first == keep(log, signer)

    def test_damage_becomes_the_alarm_and_stops_the_books(self, database, log, signer):
        keep(log, signer)
        grown(log, 1)
        database.meddle("UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE seq = 1) WHERE seq = 11")

        kept = keep(log, signer)

        assert ("entry_altered", None) == (kept.damage.code, kept.head)
        assert "entry_altered" == damage_in(log).code
        with reading(log) as session:
            noted = trail.lines(session, XFL, wanted=TrailFilter(verb="evidence.check"))
        assert ["refused"] == [line.outcome for line in noted]

    def test_the_alarm_ends_when_the_log_holds_again(self, database, log, signer):
        keep(log, signer)
        grown(log, 1)
        swap = "UPDATE entry SET leaf = {} WHERE seq = 11"
        with reading(log) as session:
            ((good, _),) = statements.entries_in_order(session, XFL, after=10)
        database.meddle(swap.format("(SELECT leaf FROM entry WHERE seq = 1)"))
        keep(log, signer)
        as_hex = f"decode('{good.hex()}', 'hex')" if database.kind == "postgresql" else f"x'{good.hex()}'"
        database.meddle(swap.format(as_hex))

        kept = keep(log, signer)
        assert (None, 11) == (kept.damage, kept.head and kept.head.size)
        assert damage_in(log) is None

    def test_of_a_log_without_entries_nothing_comes(self, database, signer):
        grown(database.engine, 0)

        assert (None, None) == (keep(database.engine, signer).head, keep(database.engine, signer).damage)

    def test_looks_at_every_community(self, database, signer):
        open_the_community(database.engine)
        open_the_community(database.engine, "other")

        log_keeper.keep_all(database.engine, signer)

        with reading(database.engine) as session:
            assert all(queries.find_newest_head(session, name) for name in (XFL, "other"))


class TestTheThread:
    """While serving, the keeper works beside the pages."""

    @pytest.mark.parametrize("database_kind", ["sqlite"])
    def test_signs_by_itself_until_it_is_told_to_stop(self, database, tmp_path):
        open_the_community(database.engine)
        log_keys.store_keys(tmp_path, KEYS)
        settings = config.read({"TIMEBANK_DATA": str(tmp_path), "TIMEBANK_DATABASE_URL": database.url})

        stop = log_keeper.start(settings, every_seconds=0.01)
        keeper = next(thread for thread in threading.enumerate() if thread.name == "log-keeper")
        while not signed_heads(database.engine):
            keeper.join(0.01)
            assert keeper.is_alive()
        stop.set()
        keeper.join(30)

        assert not keeper.is_alive()

    def test_does_not_start_without_a_key(self, database, tmp_path):
        settings = config.read({"TIMEBANK_DATA": str(tmp_path), "TIMEBANK_DATABASE_URL": database.url})

        with pytest.raises(LogKeyMissing):
            log_keeper.start(settings)

    def test_takes_the_key_from_the_setting_where_there_is_one(self, tmp_path):
        settings = config.read({"TIMEBANK_DATA": str(tmp_path), "TIMEBANK_LOG_KEY": KEYS.as_text()})

        assert KEYS == log_keeper.keys_of(settings)


def signed_heads(engine):
    with reading(engine) as session:
        return queries.heads(session, XFL)
