"""The page of devices: where somebody is signed in, and the way out of each from here."""

import re

import pytest

from tests.builders import an_act
from tests.web import town
from tests.web.sites import said
from timebank import clock
from timebank.books.requests import Secret
from timebank.database import writing
from timebank.people.operations.signing_in import open_demo_session

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def on_a_phone(site, login):
    """Sign somebody in on one more device, and return a visitor with it."""
    with writing(site.engine) as session:
        act = an_act(community_id=town.XFL, at=clock.now(), number="nobody")
        open_demo_session(session, act, login=login, session_secret=Secret("the phone"))
    phone = site.visitor(login)
    with phone.client.session_transaction() as cookie:
        cookie["_user_id"] = f"{town.XFL}.the phone"
    return phone


class TestDevices:
    """trust.md T22: a device that was lost is signed out from another one."""

    def test_the_own_device_is_marked_and_alone(self, site):
        page = site.visitor("li").text("/devices")

        assert 1 == page.count("就是这台")
        assert "别的设备都退出" not in page

    def test_a_lost_phone_is_signed_out(self, site):
        phone, computer = on_a_phone(site, town.WANG), site.visitor(town.WANG)
        (device,) = re.findall(r'name="device" value="([0-9a-f]{64})"', computer.text("/devices"))

        assert 302 == computer.post("/devices/end", {"device": device}).status_code

        assert "/login" in phone.get("/me").headers["Location"]
        assert "就是这台" in computer.text("/devices")

    def test_all_others_are_signed_out(self, site):
        phone, computer = on_a_phone(site, "li"), site.visitor("li")

        assert 302 == computer.post("/devices/end-others").status_code

        assert "/login" in phone.get("/devices").headers["Location"]

    def test_what_is_no_device_is_told(self, site):
        li = site.visitor("li")

        assert 400 == li.post("/devices/end", {"device": "phone"}).status_code
        assert "已经退出了" in said(li.post("/devices/end", {"device": "0" * 64}))
