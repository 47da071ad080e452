"""By hand: the rows of a redemption as a program writes them that keeps no promise but the database's own.

The yardstick of a redemption: the same rows in the same tables, behind the same constraints and triggers, durable in
the same way. It asks for nobody's right, price, stock or limit, makes no leaf that says anything, and keeps no tree.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from timebank.bench.town import PRICE_POINTS_E2, Town
from timebank.database import APP_ROLE, SQLITE, prepare_sqlite
from timebank.ledger.days import day_of

LEAF_BYTES: Final = 900
"""How long the leaf of such a redemption is."""

_SQL: Final = """
WITH head AS (SELECT size FROM log_head WHERE community_id = %(c)s FOR UPDATE),
last AS (
    SELECT account.id, line.n, line.closing FROM unnest(%(accounts)s::bigint[]) AS account(id) CROSS JOIN LATERAL (
        SELECT n, closing FROM line WHERE community_id = %(c)s AND account_id = account.id ORDER BY n DESC LIMIT 1
    ) AS line
),
new_entry AS (
    INSERT INTO entry (community_id, seq, event_id, kind, booked_at, effective_on, actor, source, leaf, leaf_hash)
    SELECT %(c)s, size + 1, %(key)s, 'goods-redeemed', %(at)s, %(day)s, %(actor)s, %(source)s, %(leaf)s, %(hash)s
    FROM head RETURNING seq
),
new_memo AS (INSERT INTO memo (community_id, seq, salt, text) SELECT %(c)s, seq, %(hash)s, %(memo)s FROM new_entry),
move(line, unit, debit, credit, amount) AS (
    VALUES (1, 'points', %(passbook)s::bigint, %(redeemed)s::bigint, %(cost)s::bigint),
        (2, %(unit)s, %(shelf)s::bigint, %(handed)s::bigint, 1::bigint)
),
new_transfer AS (
    INSERT INTO transfer (community_id, seq, line, unit, debit, credit, amount)
    SELECT %(c)s, seq, line, unit, debit, credit, amount FROM new_entry, move
),
side AS (
    SELECT debit AS account, -amount AS delta, move.* FROM move UNION ALL SELECT credit, amount, move.* FROM move
),
new_line AS (
    INSERT INTO line (
        community_id, account_id, n, unit, sign, seq, line, debit, credit, amount, delta, opening, closing, previous_n
    )
    SELECT %(c)s, account, last.n + 1, unit, 1, seq, side.line, debit, credit, amount, delta, last.closing,
        last.closing + delta, last.n
    FROM new_entry, side JOIN last ON last.id = side.account
),
moved AS (UPDATE log_head SET size = size + 1, last_booked_at = %(at)s WHERE community_id = %(c)s),
new_redemption AS (
    INSERT INTO redemption (
        community_id, id, number, volunteer_number, person_id, served_by_id, redeemed_on, points_e2, rule_version,
        entry_seq
    )
    SELECT %(c)s, %(id)s, 'R' || lpad(seq::text, 6, '0'), %(volunteer)s, %(person)s, %(clerk)s, %(day)s, %(cost)s, 2,
        seq
    FROM new_entry
),
new_redemption_line AS (
    INSERT INTO redemption_line (
        community_id, redemption_id, line, good_number, lot_number, pieces, price_points_e2, price_version
    )
    SELECT %(c)s, %(id)s, 1, %(good)s, 'L000001', 1, %(cost)s, 1 FROM new_entry
),
new_request AS (
    INSERT INTO request (community_id, key, operation, content_hash, outcome, answer, at)
    VALUES (%(c)s, %(key)s, 'market.redeem', %(hash)s, 'done', %(answer)s, %(at)s)
)
INSERT INTO trail (community_id, id, at, actor, channel, verb, subject, outcome, facts)
VALUES (%(c)s, %(trail)s, %(at)s, %(actor)s, 'bench', 'market.redeem', %(volunteer)s, 'done', '{}')
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """What such a program keeps in memory: numbers of accounts and ids of people, by volunteer number."""

    accounts: dict[str, int]
    people: dict[str, UUID]


def _known(engine: Engine, town: Town) -> _Known:
    community = {"community": town.community_id}
    with engine.connect() as connection:
        accounts = connection.execute(
            sa.text("SELECT code, id FROM account WHERE community_id = :community"), community
        ).all()
        people = connection.execute(
            sa.text("SELECT number, person_id FROM volunteer WHERE community_id = :community").columns(
                person_id=sa.Uuid
            ),
            community,
        ).all()
    return _Known({row.code: row.id for row in accounts}, {row.number: row.person_id for row in people})


class Hand:
    """Writes one redemption after the other; `number` tells them apart."""

    def __init__(self, engine: Engine, town: Town, label: str) -> None:
        self.town, self.label, self.number = town, label, 0
        self.known = _known(engine, town)

    def values(self) -> dict[str, Any]:
        """Return what the next redemption writes."""
        town, known = self.town, self.known
        volunteer = town.volunteer(self.number)
        self.number += 1
        key = f"{self.label}-{self.number}"
        at = _moment(town, self.number)
        digest = hashlib.sha256(f"{town.community_id} {key}".encode()).digest()
        return {
            "c": town.community_id,
            "key": key,
            "at": at,
            "day": day_of(at),
            "actor": town.clerk.number,
            "source": f"redemption:{UUID(bytes=digest[:16])}",
            "leaf": json.dumps({"key": key}).encode().ljust(LEAF_BYTES),
            "hash": digest,
            "memo": "换香皂1块",
            "unit": f"goods:{town.good}",
            "cost": PRICE_POINTS_E2,
            "passbook": known.accounts[f"passbook/{volunteer}/points"],
            "redeemed": known.accounts["redeemed/points"],
            "shelf": known.accounts[f"shelf/L000001/goods:{town.good}"],
            "handed": known.accounts[f"handed-out/goods:{town.good}"],
            "id": UUID(bytes=digest[:16]),
            "trail": UUID(bytes=digest[16:]),
            "volunteer": volunteer,
            "person": known.people[volunteer],
            "clerk": town.clerk.person_id,
            "good": town.good,
            "answer": json.dumps({"redemption_id": str(UUID(bytes=digest[:16])), "seq": self.number}),
        }


def _moment(town: Town, number: int) -> datetime:
    """Every redemption has a later moment; far in the future, where nothing else happens."""
    return town.now + timedelta(days=4000, milliseconds=number)


@dataclass(frozen=True, slots=True)
class ByHand:
    """What makes one redemption after the other. backend: number of the database's process, None for SQLite."""

    redeem: Callable[[], None]
    backend: int | None
    close: Callable[[], None]


def in_postgresql(engine: Engine, town: Town, label: str) -> ByHand:
    """Return what makes one redemption by one statement, which is its own transaction."""
    hand = Hand(engine, town, label)
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    options = f"-c role={APP_ROLE} -c timezone=UTC"
    connection = psycopg.connect(address, options=options, prepare_threshold=0, autocommit=True)

    def redeem() -> None:
        values = hand.values()
        accounts = [values[name] for name in ("passbook", "redeemed", "shelf", "handed")]
        connection.execute(_SQL, values | {"accounts": accounts})

    return ByHand(redeem, connection.info.backend_pid, connection.close)


def in_sqlite(engine: Engine, town: Town, label: str) -> ByHand:
    """Return what makes one redemption by thirteen statements, each as plain as it can be, and their commit."""
    hand = Hand(engine, town, label)
    connection = SQLITE.connect(engine.url.database)
    prepare_sqlite(connection, None)
    cursor = connection.cursor()

    def redeem() -> None:
        values = hand.values()
        cursor.execute("BEGIN IMMEDIATE")
        _write_in_sqlite(cursor, _as_text(values))
        cursor.execute("COMMIT")

    return ByHand(redeem, None, connection.close)


def _as_text(values: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value.hex if isinstance(value, UUID) else value for name, value in values.items()}
    return kept | {"at": values["at"].strftime("%Y-%m-%d %H:%M:%S.%f"), "day": values["day"].isoformat()}


_LAST: Final = "SELECT n, closing FROM line WHERE community_id = ? AND account_id = ? ORDER BY n DESC LIMIT 1"
_COLUMNS: Final = {
    "entry": "community_id, seq, event_id, kind, booked_at, effective_on, actor, source, leaf, leaf_hash",
    "memo": "community_id, seq, salt, text",
    "transfer": "community_id, seq, line, unit, debit, credit, amount",
    "line": "community_id, account_id, n, unit, sign, seq, line, debit, credit, amount, delta, opening, closing, "
    "previous_n",
    "redemption": "community_id, id, number, volunteer_number, person_id, served_by_id, redeemed_on, points_e2, "
    "rule_version, entry_seq",
    "redemption_line": "community_id, redemption_id, line, good_number, lot_number, pieces, price_points_e2, "
    "price_version",
    "request": "community_id, key, operation, content_hash, outcome, answer, at",
    "trail": "community_id, id, at, actor, channel, verb, subject, outcome, facts",
}
_VALUES: Final = {
    "entry": ":c, :seq, :key, 'goods-redeemed', :at, :day, :actor, :source, :leaf, :hash",
    "memo": ":c, :seq, :hash, :memo",
    "transfer": "?, ?, ?, ?, ?, ?, ?",
    "line": "?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?",
    "redemption": ":c, :id, :number, :volunteer, :person, :clerk, :day, :cost, 2, :seq",
    "redemption_line": ":c, :id, 1, :good, 'L000001', 1, :cost, 1",
    "request": ":c, :key, 'market.redeem', :hash, 'done', :answer, :at",
    "trail": ":c, :trail, :at, :actor, 'bench', 'market.redeem', :volunteer, 'done', '{}'",
}
_INTO: Final = {name: f"INSERT INTO {name} ({_COLUMNS[name]}) VALUES ({values})" for name, values in _VALUES.items()}
_MOVE_HEAD: Final = "UPDATE log_head SET size = :seq, last_booked_at = :at WHERE community_id = :c"


def _write_in_sqlite(cursor: Any, values: dict[str, Any]) -> None:  # a cursor of either module
    community = values["c"]
    seq = cursor.execute("SELECT size FROM log_head WHERE community_id = ?", (community,)).fetchone()[0] + 1
    values |= {"seq": seq, "number": f"R{seq:06d}"}
    moves = (
        (1, "points", values["passbook"], values["redeemed"], values["cost"]),
        (2, values["unit"], values["shelf"], values["handed"], 1),
    )
    cursor.execute(_INTO["entry"], values)
    cursor.execute(_INTO["memo"], values)
    cursor.executemany(_INTO["transfer"], [(community, seq, *move) for move in moves])
    lines = []
    for line, unit, debit, credit, amount in moves:
        for account, delta in ((debit, -amount), (credit, amount)):
            n, closing = cursor.execute(_LAST, (community, account)).fetchone()
            place = (community, account, n + 1, unit, seq, line, debit, credit)
            lines.append((*place, amount, delta, closing, closing + delta, n))
    cursor.executemany(_INTO["line"], lines)
    cursor.execute(_MOVE_HEAD, values)
    for table in ("redemption", "redemption_line", "request", "trail"):
        cursor.execute(_INTO[table], values)
