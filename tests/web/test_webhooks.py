"""Webhooks on their way: a real receiver is told what was done, signed, again until it arrives; nobody private is."""

import base64
import hashlib
import hmac
import json
import re
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.web import town
from tests.web.api.programs import BASKET, a_program, problem
from tests.web.sites import said
from timebank import clock
from timebank.books.trail import TrailLine
from timebank.database import writing
from timebank.ledger.days import day_of
from timebank.web.webhook_sender import send, tell, tell_all
from timebank.webhooks import operations
from timebank.webhooks.queries import Due
from timebank.webhooks.rules import RETRY_AFTER

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"])
MADE = {"topics": ["market"]}
EVENT = TrailLine(UUID(int=2), NOON, "S001", "web", "market.redeem", "V0001", "done", {})


class Receiver:
    """Somebody's server: keeps what it is sent, and answers as it was told to."""

    def __init__(self):
        self.answer, self.location = 204, ""
        self.got: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.answer)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def log_message(self, *_words):
                """Nothing to the screen."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.place}/timebank?a=b"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def types(self):
        return [json.loads(body)["type"] for _, body in self.got]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    """A receiver on this machine."""
    found = Receiver()
    yield found
    found.close()


@pytest.fixture
def settings(site, receiver):
    """The settings of an installation whose operator has named this receiver."""
    before = site.app.config["SETTINGS"]
    site.app.config["SETTINGS"] = replace(before, webhook_hosts=frozenset({receiver.place}))
    yield site.app.config["SETTINGS"]
    site.app.config["SETTINGS"] = before


@pytest.fixture
def admin(site):
    """A program of the admin."""
    return a_program(site, "admin")


@pytest.fixture
def webhook(settings, admin, receiver):
    """A webhook of the market, as the API answers it."""
    return admin.post("/webhooks", MADE | {"url": receiver.url}).json


def deliveries(admin, webhook):
    """What became of each event, the newest first."""
    items = admin.get(f"/webhooks/{webhook['id']}/deliveries").json["items"]
    return [(one["type"], one["state"], one["attempts"], one["status"], one["problem"]) for one in items]


class TestTelling:
    """experience.md 4.2: webhooks are signed, retried and can be sent again."""

    def test_what_is_done_is_told_once_and_signed(self, site, settings, admin, webhook, receiver):
        a_program(site, "zhao").post("/redemptions", BASKET)

        assert 1 == tell(site.engine, settings, town.XFL, clock.now())
        assert 0 == tell(site.engine, settings, town.XFL, clock.now())

        [(headers, body)] = receiver.got
        event = json.loads(body)
        assert ("market.redeem", town.WANG) == (event["type"], event["data"]["subject"])
        assert headers["webhook-id"] == event["data"]["id"]
        key = base64.b64decode(webhook["secret"].removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert f"v1,{expected}" == headers["webhook-signature"]
        assert [("market.redeem", "delivered", 1, 204, "")] == deliveries(admin, webhook)

    def test_no_name_and_no_amount_leaves_the_house(self, site, settings, webhook, receiver):
        a_program(site, "zhao").post("/redemptions", BASKET)

        tell_all(site.engine, settings)

        [(_, body)] = receiver.got
        assert {"actor", "channel", "community", "id", "subject"} == json.loads(body)["data"].keys()

    def test_what_does_not_arrive_is_sent_again_under_the_same_id(self, site, settings, admin, webhook, receiver):
        receiver.answer = 500
        a_program(site, "zhao").post("/redemptions", BASKET)
        now = clock.now()

        tell(site.engine, settings, town.XFL, now)
        assert [("market.redeem", "waiting", 1, 500, "http 500")] == deliveries(admin, webhook)
        receiver.answer = 200
        assert 0 == tell(site.engine, settings, town.XFL, now + timedelta(seconds=4))
        assert 1 == tell(site.engine, settings, town.XFL, now + timedelta(seconds=6))

        assert [("market.redeem", "delivered", 2, 200, "")] == deliveries(admin, webhook)
        (first, body), (second, same) = receiver.got
        assert first["webhook-id"] == second["webhook-id"]
        assert body == same

    def test_what_never_arrives_is_given_up_and_can_be_sent_again(self, site, settings, admin, webhook, receiver):
        receiver.answer = 503
        a_program(site, "zhao").post("/redemptions", BASKET)
        now = clock.now()
        for later in (timedelta(0), *RETRY_AFTER):
            now += later
            assert 1 == tell(site.engine, settings, town.XFL, now)
        assert 0 == tell(site.engine, settings, town.XFL, now + timedelta(days=30))
        assert [("market.redeem", "failed", 9, 503, "http 503")] == deliveries(admin, webhook)

        receiver.answer = 204
        event = admin.get(f"/webhooks/{webhook['id']}/deliveries").json["items"][0]["event_id"]
        assert 204 == admin.post(f"/webhooks/{webhook['id']}/deliveries/{event}/repeats").status_code
        tell(site.engine, settings, town.XFL, clock.now())

        assert [("market.redeem", "delivered", 1, 204, "")] == deliveries(admin, webhook)

    def test_who_dies_while_sending_has_lost_nothing(self, site, settings, webhook, receiver):
        a_program(site, "zhao").post("/redemptions", BASKET)
        now = clock.now()
        with writing(site.engine) as session:
            operations.queue(session, town.XFL, now)
            assert 1 == len(operations.take_due(session, town.XFL, now, limit=20))

        assert 0 == tell(site.engine, settings, town.XFL, now + timedelta(minutes=4))
        assert 1 == tell(site.engine, settings, town.XFL, now + timedelta(minutes=6))

    @SQLITE
    def test_only_what_it_was_made_for_is_told_and_nothing_of_another_community(
        self, site, settings, webhook, receiver
    ):
        a_program(site, "li").post("/partners", {"name": "阳光超市"})
        a_program(site, "zhao", community_id=town.YFL).post("/shifts", {"till": "7"})
        a_program(site, "zhao").post("/shifts", {"till": "1"})

        tell_all(site.engine, settings)

        assert ["market.open_shift"] == receiver.types()

    @SQLITE
    def test_a_refusal_is_nobodys_event(self, site, settings, webhook, receiver):
        too_much = BASKET | {"basket": [{"good_number": town.TOWEL, "pieces": 99}]}
        assert 409 == a_program(site, "zhao").post("/redemptions", too_much).status_code

        assert 0 == tell(site.engine, settings, town.XFL, clock.now())

    def test_it_can_be_tried_and_ended(self, site, settings, admin, webhook, receiver):
        pinged = admin.post(f"/webhooks/{webhook['id']}/pings").json
        tell(site.engine, settings, town.XFL, clock.now())
        assert ["webhooks.ping"] == receiver.types()
        assert pinged["event_id"] == receiver.got[0][0]["webhook-id"]

        assert 204 == admin.post(f"/webhooks/{webhook['id']}/endings").status_code
        a_program(site, "zhao").post("/redemptions", BASKET)

        assert 0 == tell(site.engine, settings, town.XFL, clock.now())
        problem(admin.post(f"/webhooks/{webhook['id']}/pings"), 409, "webhook_ended")

    def test_a_quiet_community_is_only_read(self, site, settings, webhook):
        before = site.state()

        assert 0 == tell(site.engine, settings, town.XFL, clock.now())

        assert before == site.state()


@SQLITE
class TestNoWayIn:
    """trust.md W10: what is private is not reached, neither by name nor by redirect, unless a setting names it."""

    def due(self, url):
        return Due(webhook_id=UUID(int=1), url=url, event=EVENT, attempts=1)

    def test_a_name_that_stands_for_this_machine_is_not_sent_to(self, site, receiver):
        port = receiver.server.server_port

        assert (None, "webhook_not_public") == send(self.due(f"https://localhost:{port}/"), {}, b"{}", frozenset())
        assert [] == receiver.got

    def test_a_redirect_is_not_followed(self, site, settings, admin, webhook, receiver):
        other = Receiver()
        receiver.answer, receiver.location = 307, other.url
        a_program(site, "zhao").post("/redemptions", BASKET)

        tell(site.engine, settings, town.XFL, clock.now())

        assert ([], 1) == (other.got, len(receiver.got))
        assert [("market.redeem", "waiting", 1, 307, "http 307")] == deliveries(admin, webhook)
        other.close()

    def test_somebody_who_is_away_is_told_in_a_word(self, site, receiver):
        receiver.close()

        answer = send(self.due(receiver.url), {}, b"{}", frozenset({receiver.place}))

        assert (None, "ConnectionRefusedError") == answer

    def test_what_a_setting_names_needs_no_certificate_but_everything_else_does(self, site, receiver):
        url = f"https://{receiver.place}/"

        status, word = send(self.due(url), {}, b"{}", frozenset({receiver.place}))

        assert status is None
        assert "SSL" in word

    def test_by_default_nobody_private_is_taken(self, admin, receiver):
        problem(admin.post("/webhooks", MADE | {"url": receiver.url}), 409, "webhook_address_wrong")
        private = MADE | {"url": f"https://{receiver.place}/"}
        problem(admin.post("/webhooks", private), 409, "webhook_address_private")


@SQLITE
class TestKeeping:
    """An admin keeps webhooks; nobody reads their secrets again."""

    def test_a_retry_makes_one_and_answers_alike(self, settings, admin, receiver):
        sent = MADE | {"url": receiver.url}

        first, again = (admin.post("/webhooks", sent, key="webhook-0001") for _ in "ab")

        assert (201, first.data) == (again.status_code, again.data)
        assert 1 == len(admin.get("/webhooks").json["items"])
        assert "secret" not in admin.get(f"/webhooks/{first.json['id']}").json

    def test_there_are_not_too_many(self, settings, admin, receiver):
        answers = [admin.post("/webhooks", MADE | {"url": receiver.url}).status_code for _ in range(21)]

        assert ([201] * 20, 409) == (answers[:20], answers[20])

    def test_what_is_not_there_is_not_there(self, admin, webhook):
        nobody = "00000000-0000-7000-8000-000000000000"

        problem(admin.get(f"/webhooks/{nobody}"), 404, "no_such_webhook")
        problem(admin.get(f"/webhooks/{nobody}/deliveries"), 404, "no_such_webhook")
        again = f"/webhooks/{webhook['id']}/deliveries/{nobody}/repeats"
        problem(admin.post(again), 404, "no_such_delivery")

    def test_an_admin_makes_tries_and_ends_one_on_the_page(self, site, settings, receiver):
        admin = site.visitor("admin")
        made = admin.post("/webhooks", {"url": receiver.url, "topics": ["market", "hours"]})
        assert 1 == len(re.findall('value="whsec_', made.get_data(as_text=True)))
        (webhook_id,) = re.findall('href="/webhooks/([0-9a-f-]{36})"', made.get_data(as_text=True))

        assert 302 == admin.post(f"/webhooks/{webhook_id}/ping").status_code
        tell(site.engine, settings, town.XFL, clock.now())
        page = admin.text(f"/webhooks/{webhook_id}")
        assert "试发推送" in page
        assert "已送到" in page
        (event,) = set(re.findall('name="event_id" value="([^"]+)"', page))
        assert 302 == admin.post(f"/webhooks/{webhook_id}/again", {"event_id": event}).status_code
        tell(site.engine, settings, town.XFL, clock.now())
        assert 2 == len(receiver.got)

        assert 302 == admin.post(f"/webhooks/{webhook_id}/end").status_code
        assert "已经停用" in said(admin.post(f"/webhooks/{webhook_id}/ping"))
        assert "whsec_" not in admin.text("/webhooks")

    def test_what_is_filled_in_wrongly_is_said(self, site):
        admin = site.visitor("admin")

        assert 400 == admin.post("/webhooks", {"url": "https://example.org/"}).status_code
        answer = admin.post("/webhooks", {"url": "http://example.org/", "topics": ["market"]})
        assert 409 == answer.status_code
        assert "https://" in said(answer)


def test_the_day_of_an_event_is_told(site, settings, webhook, receiver):
    """The moment is that of the deed, with its offset."""
    a_program(site, "zhao").post("/redemptions", BASKET)
    tell(site.engine, settings, town.XFL, clock.now())

    moment = clock.now().fromisoformat(json.loads(receiver.got[0][1])["timestamp"])

    assert day_of(clock.now()) == day_of(moment)
