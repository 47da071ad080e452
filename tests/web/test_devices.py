"""The page of devices: where somebody is signed in, and the way out of each from here."""

import re

import pytest

from tests.builders import an_act
from tests.people.builders import PASSWORD, a_password
from tests.web import town
from tests.web.sites import said
from timebank import clock
from timebank.books.requests import Secret
from timebank.database import writing
from timebank.people import queries as people
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


class TestOwnPassword:
    """ASVS 6.2.2, 6.2.3, 7.4.3: everybody changes their own password, with the present one; other devices end."""

    NEW = "紫藤架下的第七张凳子"

    def change(self, visitor, **changes):
        fields = {"current": PASSWORD, "password": self.NEW, "again": self.NEW} | changes
        return visitor.post("/devices/password", fields)

    def test_it_is_changed_and_other_devices_are_signed_out(self, site):
        with writing(site.engine) as session:
            a_password(session, town.WANG)
        phone, computer = on_a_phone(site, town.WANG), site.visitor(town.WANG)

        assert 302 == self.change(computer).status_code

        assert "/login" in phone.get("/me").headers["Location"]
        assert 200 == computer.get("/me").status_code
        again = site.visitor().post("/login", {"login": town.WANG, "password": self.NEW})
        assert 302 == again.status_code

    def test_without_the_present_one_it_stays(self, site):
        with writing(site.engine) as session:
            a_password(session, town.WANG)

        answer = self.change(site.visitor(town.WANG), current="海棠花不开")

        assert 409 == answer.status_code
        assert self.NEW not in answer.get_data(as_text=True)
        assert 302 == site.visitor().post("/login", {"login": town.WANG, "password": PASSWORD}).status_code

    def test_two_different_ones_are_told(self, site):
        answer = self.change(site.visitor(town.WANG), again="另一个完全不同的")

        assert 400 == answer.status_code
        assert "两次输入的不一样" in said(answer)


class TestChangesThatAreTold:
    """ASVS 6.3.7: whoever signs in sees what happened to their password, their factor and their links."""

    def test_a_link_that_somebody_issued_is_told(self, site):
        site.visitor("li").post(f"/people/{town.WANG}/login")

        page = site.visitor(town.WANG).text("/devices")

        assert "给一次性链接" in page

    def test_a_failed_sign_in_is_told_and_a_plain_one_is_not(self, site):
        with writing(site.engine) as session:
            a_password(session, town.WANG)
        site.visitor().post("/login", {"login": town.WANG, "password": PASSWORD})
        before = site.visitor(town.WANG).text("/devices")
        site.visitor().post("/login", {"login": town.WANG, "password": "海棠花不开"})

        after = site.visitor(town.WANG).text("/devices")

        assert "没有成功" not in before
        assert "没有成功" in after

    def test_what_happened_to_others_is_not(self, site):
        site.visitor("li").post(f"/people/{town.NAMESAKE}/login")

        assert "给一次性链接" not in site.visitor(town.WANG).text("/devices")


class TestSigningSomebodyOut:
    """ASVS 7.4.5, trust.md T22: whoever manages the staff ends the sessions of a till that was lost."""

    def test_all_their_devices_are_out(self, site):
        with site.reading() as session:
            number = people.staff_by_login(session, town.XFL, "zhao").number
        till = site.visitor("zhao")

        assert 302 == site.visitor("admin").post("/admin/staff/sign-out", {"number": number}).status_code

        assert "/login" in till.get("/till").headers["Location"]
