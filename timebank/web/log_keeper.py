"""The keeper of the log: looks every minute whether it has grown, checks what was added, signs the new head.

What it finds wrong becomes the alarm: pages say so, and nothing is written until it is cleared up. Several processes
may keep the same log; whoever comes first signs, the others find nothing to do.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from timebank import chance, clock
from timebank.books import statements, trail
from timebank.books.acts import Act
from timebank.books.log import alarm
from timebank.books.log.alarm import Check
from timebank.config import Settings
from timebank.database import Busy, new_engine, reading, writing
from timebank.evidence import keys as log_keys
from timebank.evidence import queries, signing
from timebank.evidence.keys import LogKeyMissing
from timebank.evidence.last_heads import LastHeadMoved, LastHeads
from timebank.evidence.queries import SignedHead
from timebank.evidence.signing import Signer
from timebank.people import queries as people
from timebank.people.roles import SYSTEM
from timebank.refusal import Refusal

EVERY_SECONDS: Final = 60.0

logger: Final = logging.getLogger(__name__)


def keys_of(settings: Settings) -> log_keys.LogKeys:
    """Read the log's keys from the setting, else from the data folder.

    Raises:
        LogKeyMissing, LogKeyWrong: they are not there.
    """
    if settings.log_key_text is not None:
        return log_keys.read_keys(settings.log_key_text, "TIMEBANK_LOG_KEY")
    return log_keys.load_keys(settings.data_folder)


def signer_of(settings: Settings) -> Signer:
    """Return what signs for this installation; see `keys_of`."""
    return Signer(keys_of(settings), LastHeads(settings.data_folder))


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of one look: the newest signed head (None for a log without entries), or the damage."""

    head: SignedHead | None
    damage: Refusal | None


def keep(engine: Engine, signer: Signer, community_id: str, at: datetime) -> Kept:
    """Check the log of a community and sign its head, if there is anything new; note what was found.

    Raises:
        Busy: the database could not be had in time; nothing was changed.
    """
    with reading(engine) as session:
        quiet = alarm.find_damage(session, community_id) is None
        if quiet and signing.nothing_new(session, community_id, signer):
            return Kept(queries.find_newest_head(session, community_id), None)
    try:
        return Kept(_checked_and_signed(engine, signer, community_id, at), None)
    except (Busy, LastHeadMoved):
        raise
    except Refusal as damage:
        _note(engine, community_id, at, damage)
        return Kept(None, damage)


def _checked_and_signed(engine: Engine, signer: Signer, community_id: str, at: datetime) -> SignedHead | None:
    with reading(engine) as session:
        checked = signing.checked_growth(session, community_id, signer)
    with writing(engine) as session:
        signed = signing.sign_head(session, community_id, signer=signer, checked=checked, at=at)
    _note(engine, community_id, at, None)
    return signed


def _note(engine: Engine, community_id: str, at: datetime, damage: Refusal | None) -> None:
    """Raise or end the alarm, with a line in the trail when that is news."""
    with writing(engine) as session:
        size = statements.entries_total(session, community_id)
        if not alarm.note_check(session, community_id, Check.LOG, at=at, size=size, damage=damage):
            return
        facts = {"code": damage.code, **damage.facts} if damage else {}
        act = system_act(community_id, at)
        trail.note(session, act, "evidence.check", subject=None, outcome="refused" if damage else "done", facts=facts)


def system_act(community_id: str, at: datetime) -> Act:
    """Make an act of the installation itself."""
    return Act(
        community_id=community_id,
        person_id=UUID(int=0),
        number=SYSTEM,
        at=at,
        request_key=chance.fresh_key(),
        channel="nightly",
        salt=chance.fresh_salt(),
    )


def keep_all(engine: Engine, signer: Signer) -> None:
    """Look at the log of every community once."""
    with reading(engine) as session:
        known = people.communities(session)
    for community in known:
        kept = keep(engine, signer, community.id, clock.now())
        if kept.damage is not None:
            logger.error("the log of %s does not hold: %s", community.id, kept.damage)


def sign_at_once(settings: Settings, engine: Engine, community_id: str) -> None:
    """Sign at the end of a day's work; what hinders it is for the next minute, what it finds is the alarm."""
    try:
        keep(engine, signer_of(settings), community_id, clock.now())
    except (Busy, LastHeadMoved, LogKeyMissing, OperationalError) as later:
        logger.warning("the log of %s was not signed: %s", community_id, later)


def _look(engine: Engine, signer: Signer) -> None:
    """Look once; a database that is away or busy, or another process that was faster, is for the next time."""
    try:
        keep_all(engine, signer)
    except (Busy, LastHeadMoved, OperationalError) as later:
        logger.warning("the logs were not looked at: %s", later)


def start(settings: Settings, every_seconds: float = EVERY_SECONDS) -> threading.Event:
    """Keep the logs of an installation from a thread of this process until the returned event is set.

    Raises:
        LogKeyMissing, LogKeyWrong: nothing could be signed.
    """
    signer_of(settings)
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every_seconds):
            # All is opened afresh: the key may have been changed, and this process may have become two meanwhile.
            engine = new_engine(settings.database_url)
            try:
                _look(engine, signer_of(settings))
            finally:
                engine.dispose()

    threading.Thread(target=run, name="log-keeper", daemon=True).start()
    return stop
