"""Programs at the API of the town: each has a token of somebody who works there."""

import json

from tests.builders import an_act
from tests.web import town
from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.database import writing
from timebank.people import queries as people
from timebank.tokens import operations
from timebank.tokens.rules import Scope, written

PREFIX = "/api/v1"
BASKET = {"volunteer_number": town.WANG, "basket": [{"good_number": town.TOWEL, "pieces": 1}]}


class Program:
    """A program that asks the API, as Flask's test client does."""

    def __init__(self, site, token):
        self.client = site.app.test_client()
        self.token = token

    def get(self, path, **options):
        """Ask for something."""
        return self.client.get(PREFIX + path, headers=self._headers(options), buffered=True, **options)

    def post(self, path, sent=None, *, key="", **options):
        """Send a document under a key; a new one unless the test says otherwise, none where it says None."""
        headers = self._headers(options)
        if key is not None:
            headers.setdefault("Idempotency-Key", key or chance.fresh_key())
        if "data" not in options:
            options["json"] = {} if sent is None else sent
        return self.client.post(PREFIX + path, headers=headers, buffered=True, **options)

    def send(self, method, path, sent, **options):
        """Send a document by any method, without a key."""
        headers = self._headers(options)
        return self.client.open(PREFIX + path, method=method, json=sent, headers=headers, buffered=True, **options)

    def _headers(self, options):
        return {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})


def a_program(site, login, *scopes, community_id=town.XFL):
    """Issue a token to somebody of the town, for everything unless the test says otherwise."""
    return Program(site, a_token(site.engine, login, *scopes, community_id=community_id))


def a_token(engine, login, *scopes, community_id=town.XFL):
    """Issue a token and return it as a program sends it."""
    secret = chance.fresh_secret()
    with writing(engine) as session:
        member = people.staff_by_login(session, community_id, login)
        act = an_act(
            community_id=community_id,
            person_id=member.person_id,
            number=member.number,
            at=clock.now(),
            request_key=chance.fresh_key(),
        )
        operations.issue(session, act, name="程序", scopes=scopes or tuple(Scope), days=1, secret=Secret(secret))
    return written(community_id, secret)


def problem(answer, status, code):
    """Make sure that an answer is a problem of this kind, and return it."""
    assert status == answer.status_code, answer.get_data(as_text=True)
    assert "application/problem+json" == answer.content_type
    told = json.loads(answer.data)
    assert (status, code, f"/problems/{code}") == (told["status"], told["code"], told["type"])
    assert told["request_id"] == answer.headers["X-Request-Id"]
    return told
