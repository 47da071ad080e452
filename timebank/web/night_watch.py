"""The night watch: where no timer runs `timebank nightly`, the server does it itself, once a day for each community.

It looks every hour. What was done already, by a timer or by another process, is found done.
"""

import logging
import threading
from datetime import datetime
from typing import Final

from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from timebank import clock, nightly
from timebank.config import Settings
from timebank.database import new_engine, reading
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.web.log_keeper import system_act

FIRST_SECONDS: Final = 60.0
EVERY_SECONDS: Final = 3600.0

logger: Final = logging.getLogger(__name__)


def watch(engine: Engine, at: datetime, *, reads_kept_days: int = 400) -> None:
    """Do what is not done yet of today, for every community; what cannot be done now is for the next hour."""
    with reading(engine) as session:
        known = people.communities(session)
    for community in known:
        try:
            act = system_act(community.id, at)
            nightly.run_night(engine, act, day=day_of(at), reads_kept_days=reads_kept_days)
        except Refusal as later:
            logger.warning("the night of %s is not done: %s", community.id, later)


def start(settings: Settings) -> threading.Event:
    """Watch from a thread of this process until the returned event is set."""
    stop = threading.Event()

    def run() -> None:
        seconds = FIRST_SECONDS
        while not stop.wait(seconds):
            seconds = EVERY_SECONDS
            engine = new_engine(settings.database_url)
            try:
                watch(engine, clock.now(), reads_kept_days=settings.reads_kept_days)
            except OperationalError as later:
                logger.warning("nothing was looked at: %s", later)
            finally:
                engine.dispose()

    threading.Thread(target=run, name="night-watch", daemon=True).start()
    return stop
