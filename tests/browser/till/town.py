"""The town behind a port: its codes, and what stands in its books after a test."""

import sqlalchemy as sa
from playwright._impl._api_structures import SetCookieParam
from werkzeug.serving import BaseWSGIServer

from tests.builders import an_act
from tests.people.builders import an_identity_number
from tests.web import town
from tests.web.sites import Site
from tests.web.town import PASTE_CODE, SOAP_CODE, TOWEL_CODE, WANG, XFL
from timebank import clock
from timebank.books import pages
from timebank.books.requests import Secret
from timebank.chance import fresh_secret
from timebank.database import writing
from timebank.ledger.days import day_of
from timebank.market import queries
from timebank.people import queries as people
from timebank.people.operations.badges import issue_badge
from timebank.people.operations.signing_in import open_demo_session

DOCUMENT_TAIL = an_identity_number(sequence=5)[-4:]
"""How the document of 张桂芳 ends, as it was registered."""
SOAP, PASTE, TOWEL = SOAP_CODE, PASTE_CODE, TOWEL_CODE


class Town:
    """A running site of the town."""

    def __init__(self, site: Site, server: BaseWSGIServer):
        self.site = site
        self.server = server
        self.url = f"http://127.0.0.1:{server.server_port}"

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.site.close()

    def cookie_of(self, login: str) -> SetCookieParam:
        """The cookie of somebody who has just signed in."""
        secret = fresh_secret()
        with writing(self.site.engine) as session:
            stranger = an_act(community_id=XFL, at=clock.now(), number="nobody")
            open_demo_session(session, stranger, login=login, session_secret=Secret(secret))
        client = self.site.app.test_client()
        with client.session_transaction() as cookie:
            cookie["community"] = XFL
            cookie["_user_id"] = f"{XFL}.{secret}"
        kept = client.get_cookie("timebank")
        assert kept is not None
        return {"name": "timebank", "value": kept.value, "url": self.url}

    def badge_of(self, login: str, *, pin: str) -> str:
        """Make a clerk's badge, and return its twenty digits."""
        number = town.number_of(login)
        with writing(self.site.engine) as session:
            clerk = people.staff_by_number(session, XFL, number)
            made = an_act(community_id=XFL, person_id=clerk.person_id, number=number, at=clock.now())
            return str(issue_badge(session, made, pin=Secret(pin))["code"])

    def fact_of_last(self, name: str) -> object:
        """A fact of the entry of the last redemption."""
        with self.site.reading() as session:
            view = pages.entry_view(session, XFL, self.redemptions()[0].entry_seq)
        assert view is not None
        return view.entry.facts.get(name)

    @property
    def card(self) -> str:
        """The card of 王秀英."""
        with self.site.reading() as session:
            return town.card_of(session)

    def points_e2(self, number: str = WANG) -> int:
        """What somebody may still spend."""
        with self.site.reading() as session:
            return queries.passbook(session, XFL, number, clock.now()).available_e2

    def redemptions(self) -> tuple[queries.Redemption, ...]:
        """What was redeemed today, newest first; the one of the town's own beginning left out."""
        with self.site.reading() as session:
            found = queries.redemptions_on(session, XFL, day_of(clock.now()))
        return tuple(one for one in found if one.number != town.SLIP)

    def parked(self, till: str = "一号收银台") -> tuple[queries.ParkedBasket, ...]:
        """Which baskets wait."""
        with self.site.reading() as session:
            return queries.parked_baskets(session, XFL, till)

    def wanted(self) -> list[str]:
        """What was noted as asked for in vain."""
        with self.site.reading() as session:
            return [one.words for one in queries.unmet_demand(session, XFL, day_of(clock.now()))]

    def trail(self, verb: str) -> list[str]:
        """Who did something of a kind, by number."""
        with self.site.engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT actor FROM trail WHERE verb = :verb ORDER BY at"), {"verb": verb})
            return [row.actor for row in rows]
