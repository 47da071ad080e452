"""Visits: pages as they are asked for over HTTP, beside a page that is as plain as it can be and looks the same.

Both sides run inside this process through WSGI, so that no network blurs them. The plain site signs people in by the
same cookie and the same row of the database; it asks one question more and answers.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, jsonify, render_template, request
from flask.testing import FlaskClient
from flask_login import LoginManager, UserMixin, current_user, login_required
from jinja2 import DictLoader
from sqlalchemy.engine import Engine

from timebank import chance, clock, config
from timebank.app import create_app
from timebank.bench.town import CLERK, PRICE_POINTS_E2, Player, Town, an_act
from timebank.books.requests import Secret
from timebank.config import Keys, store_keys
from timebank.database import db, new_engine, reading, writing
from timebank.evidence import keys as log_keys
from timebank.ledger.accounts import POINTS
from timebank.market.queries import passbook
from timebank.people.operations.signing_in import open_demo_session
from timebank.people.queries.sessions import secret_digest

PAGE_LINES: Final = 50
CLERK_AT: Final = "bench session of the clerk"
VOLUNTEER: Final = "V0001"
VOLUNTEER_AT: Final = "bench session of a volunteer"


class Site:
    """Our pages over a town, with a clerk and a volunteer signed in."""

    def __init__(self, engine: Engine, town: Town, folder: Path) -> None:
        self.town = town
        url = engine.url.render_as_string(hide_password=False)
        _sign_in(engine, town, CLERK, CLERK_AT)
        _sign_in(engine, town, VOLUNTEER, VOLUNTEER_AT)
        self.app = create_app(config.read({"TIMEBANK_DATA": str(make_keys(folder)), "TIMEBANK_DATABASE_URL": url}))
        with self.app.app_context():
            self.engine = db.engine

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def passbook(self) -> Callable[[], None]:
        """A volunteer's passbook of fifty lines."""
        return _get(_visitor(self.app, self.town, VOLUNTEER_AT), "/me/passbook")

    def card(self) -> Callable[[], None]:
        """A card scanned at the till."""
        return _get(_visitor(self.app, self.town, CLERK_AT), f"/till/look?text={VOLUNTEER}")

    def redemption(self) -> Callable[[], None]:
        """A basket redeemed at the till; the next volunteer each time, as each may come twice a month."""
        visitor = _visitor(self.app, self.town, CLERK_AT)
        found = re.search('data-token="([^"]+)"', visitor.get("/till").get_data(as_text=True))
        assert found is not None, "the till carries a token"
        basket = [{"good": self.town.good, "pieces": 1, "price_e2": PRICE_POINTS_E2}]
        places = iter(range(self.town.volunteers * 2))

        def redeem() -> None:
            number = self.town.volunteer(next(places))
            content = {"request_key": chance.fresh_key(), "volunteer": number, "basket": basket, "identified": "known"}
            answer = visitor.post("/till/redemptions", json=content, headers={"X-CSRFToken": found[1]})
            assert answer.status_code == 200, answer.get_data(as_text=True)

        return redeem


class PlainSite:
    """The plain pages over the same town (on SQLite); the same people are signed in by the same cookies."""

    def __init__(self, engine: Engine, town: Town) -> None:
        self.town = town
        self._engine = new_engine(engine.url.render_as_string(hide_password=False))
        self.app = _plain_site(self._engine, _account_of(engine, town))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def passbook(self) -> Callable[[], None]:
        """Fifty rows by one SELECT."""
        return _get(_visitor(self.app, self.town, VOLUNTEER_AT), "/passbook")

    def balance(self) -> Callable[[], None]:
        """A balance by one SELECT."""
        return _get(_visitor(self.app, self.town, CLERK_AT), "/balance")

    def row(self) -> Callable[[], None]:
        """One row written and committed."""
        visitor = _visitor(self.app, self.town, CLERK_AT)

        def write() -> None:
            answer = visitor.post("/rows", json={"key": chance.fresh_key()})
            assert answer.status_code == 200, answer.status_code

        return write


def _visitor(app: Flask, town: Town, secret: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["community"] = town.community_id
        cookie["_user_id"] = f"{town.community_id}.{secret}"
    return client


def _get(visitor: FlaskClient, path: str) -> Callable[[], None]:
    def get() -> None:
        answer = visitor.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        assert answer.get_data()

    return get


def _sign_in(engine: Engine, town: Town, login: str, secret: str) -> None:
    with writing(engine) as session:
        act = an_act(town.community_id, Player(UUID(int=0), "nobody"), f"sign-in-{login}", clock.now())
        open_demo_session(session, act, login=login, session_secret=Secret(secret))


def make_keys(folder: Path) -> Path:
    """Make the keys of an installation in a folder, unless they are there; return the folder."""
    if not (folder / config.KEYS_FILE).exists():
        store_keys(folder, Keys(*(chance.fresh_salt() for _ in config.KEY_NAMES)))
        log_keys.store_keys(folder, log_keys.new_keys(chance.fresh_salt()))
    return folder


def _account_of(engine: Engine, town: Town) -> dict[str, Any]:
    """Return the account of the volunteer that has most lines, by its key."""
    with reading(engine) as session:
        codes = [ref.code for ref, _ in passbook(session, town.community_id, VOLUNTEER, town.now).vintages]
    assert all(POINTS in code for code in codes), codes
    with engine.connect() as connection:
        number = connection.scalar(
            sa.text(
                "SELECT account_id FROM line JOIN account USING (community_id) WHERE community_id = :community "
                "AND account.id = account_id AND account.owner = :owner AND account.unit = 'points' "
                "GROUP BY account_id ORDER BY count(*) DESC LIMIT 1"
            ),
            {"community": town.community_id, "owner": VOLUNTEER},
        )
    return {"community": town.community_id, "account": number}


class _Somebody(UserMixin):
    def __init__(self, cookie: str) -> None:
        self.id = cookie


_TEMPLATES: Final = {
    "passbook.html": "<!doctype html><title>存折</title><table>{% for row in rows %}<tr><td>{{ row.seq }}<td>"
    "{{ row.kind }}<td>{{ row.effective_on }}<td>{{ row.delta }}<td>{{ row.closing }}</tr>{% endfor %}</table>"
}
_SESSION: Final = sa.text(
    "SELECT login_session.person_id FROM login_session WHERE community_id = :community AND digest = :digest "
    "AND ended_at IS NULL"
)
_LINES: Final = sa.text(
    "SELECT line.seq, kind, effective_on, delta, closing FROM line JOIN entry USING (community_id, seq) "
    "WHERE community_id = :community AND account_id = :account ORDER BY n DESC LIMIT 50"
)
_BALANCE: Final = sa.text(
    "SELECT closing FROM line WHERE community_id = :community AND account_id = :account ORDER BY n DESC LIMIT 1"
)
_TABLE: Final = sa.text("CREATE TABLE IF NOT EXISTS bench_row (key TEXT PRIMARY KEY, body TEXT NOT NULL)")
_ROW: Final = sa.text("INSERT INTO bench_row (key, body) VALUES (:key, :body)")


def _plain_site(engine: Engine, account: dict[str, Any]) -> Flask:
    app = Flask(__name__)
    app.secret_key = chance.fresh_key()
    app.jinja_loader = DictLoader(_TEMPLATES)
    manager = LoginManager(app)
    manager.session_protection = None
    with engine.begin() as connection:
        connection.execute(_TABLE)

    def find(cookie: str) -> _Somebody | None:
        community, _, secret = cookie.partition(".")
        with engine.connect() as connection:
            row = connection.execute(_SESSION, {"community": community, "digest": secret_digest(secret)}).one_or_none()
        return None if row is None else _Somebody(cookie)

    manager.user_loader(find)
    _add_pages(app, engine, account)
    return app


def _add_pages(app: Flask, engine: Engine, account: dict[str, Any]) -> None:
    def lines() -> str:
        with engine.connect() as connection:
            return render_template("passbook.html", rows=connection.execute(_LINES, account).all())

    def balance() -> Any:
        with engine.connect() as connection:
            return jsonify({"balance": connection.scalar(_BALANCE, account)})

    def add() -> Any:
        with engine.begin() as connection:
            connection.execute(_ROW, {"key": request.get_json()["key"], "body": json.dumps(current_user.id)})
        return jsonify({"done": True})

    app.add_url_rule("/passbook", view_func=login_required(lines))
    app.add_url_rule("/balance", view_func=login_required(balance))
    app.add_url_rule("/rows", view_func=login_required(add), methods=["POST"])
