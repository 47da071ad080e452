"""The page of what takes two persons, and the roles of the staff on theirs."""

import re

import pytest

from tests.people.builders import PASSWORD, a_password
from tests.web import town
from tests.web.sites import said


@pytest.fixture
def wang(site):
    """A volunteer who has a password, and has forgotten it."""
    return a_password(site.engine, town.WANG)


def button(visitor, kind):
    """Return the address of the only button of a kind."""
    (address,) = re.findall(rf'action="(/two-persons/[^"]+/{kind})"', visitor.text("/two-persons"))
    return address


class TestAForgottenPassword:
    """ASVS 6.4.6: one asks, another gives the link, and its owner alone knows the new password."""

    def test_one_asks_another_gives_the_link(self, site, wang):
        li, chen = site.visitor("li"), site.visitor("chen")
        page = li.text(f"/people/{wang}")
        assert "新的一次性链接" not in page
        (address,) = re.findall(r'href="(/two-persons[^"]*)"', page)
        assert f'value="{wang}"' in li.text(address)

        assert 302 == li.post("/two-persons", {"what": "password", "number": wang, "reason": "当面认得"}).status_code
        assert "/password" not in li.text("/two-persons")
        link = re.findall(
            r'id="one-time-link" readonly value="[^"]*(/first/[^"]+)"',
            chen.post(button(chen, "password")).get_data(as_text=True),
        )

        assert 200 == site.visitor().get(link[0]).status_code
        assert "没有等确认的" in chen.text("/two-persons")

    def test_the_form_pressed_twice_shows_no_second_link(self, site, wang):
        li, chen = site.visitor("li"), site.visitor("chen")
        li.post("/two-persons", {"what": "password", "number": wang, "reason": "当面认得"})
        address = button(chen, "password")

        chen.post(address, key="the-same-key")

        assert "不再显示" in said(chen.post(address, key="the-same-key"))

    def test_one_alone_gives_no_link(self, site, wang):
        answer = site.visitor("li").post(f"/people/{wang}/login")

        assert 409 == answer.status_code
        assert "两位同事" in said(answer)

    def test_of_the_staff_the_desk_asks_and_whoever_manages_them_confirms(self, site):
        number = a_password(site.engine, town.number_of("zhao"))
        li, chen, admin = site.visitor("li"), site.visitor("chen"), site.visitor("admin")
        li.post("/two-persons", {"what": "password", "number": number, "reason": "当面认得"})

        assert "等管账号的同事确认" in chen.text("/two-persons")
        assert "one-time-link" in admin.post(button(admin, "password")).get_data(as_text=True)

    @pytest.mark.parametrize(
        "fields",
        [
            {"what": "password"},
            {"what": "something", "number": town.WANG, "reason": "当面认得"},
            {"what": "password", "number": town.WANG, "reason": " "},
            {"what": "password", "number": town.WANG, "reason": "当面认得", "person": "1"},
        ],
    )
    def test_what_is_no_request_is_refused(self, site, wang, fields):
        assert 400 == site.visitor("li").post("/two-persons", fields).status_code


class TestTheCard:
    """A volunteer chooses six digits and signs in with card and digits."""

    def test_digits_are_chosen_and_let_their_owner_in(self, site, wang):
        visitor = site.visitor(wang)
        assert "/devices/card" in visitor.text("/devices")
        assert 409 == visitor.post("/devices/card", {"current": PASSWORD, "pin": "123456"}).status_code
        assert 302 == visitor.post("/devices/card", {"current": PASSWORD, "pin": "258036"}).status_code
        with site.reading() as session:
            code = town.card_of(session)

        entered = site.visitor().post("/login", {"login": code, "password": "258036", "next": ""})

        assert (302, "/me") == (entered.status_code, entered.headers["Location"])


class TestTheSecurityAdmin:
    """trust.md section 1: the admin asks, a coordinator confirms."""

    def test_only_whoever_manages_the_staff_is_offered_it(self, site):
        assert "security_admin" in site.visitor("admin").text("/two-persons")
        assert "security_admin" not in site.visitor("li").text("/two-persons")

    def test_is_made_by_two(self, site):
        admin, li = site.visitor("admin"), site.visitor("li")
        number = town.number_of("qian")

        admin.post("/two-persons", {"what": "security_admin", "number": number, "reason": "居委会决定"})
        assert 302 == li.post(button(li, "security-admin")).status_code

        assert "安全管理员" in admin.text("/admin/staff")
        assert 302 == site.visitor("qian").get("/till").status_code


class TestRolesOnThePage:
    """trust.md section 1: roles are taken and given, one at a time, and the last admin stays."""

    def test_a_role_is_taken_and_another_given(self, site):
        admin, number = site.visitor("admin"), town.number_of("qian")

        assert 302 == admin.post("/admin/staff/role/take", {"number": number, "role": "clerk"}).status_code
        assert 302 == site.visitor("qian").get("/till").status_code
        assert 302 == admin.post("/admin/staff/role", {"number": number, "role": "coordinator"}).status_code

        assert 2 < admin.text("/admin/staff").count("活动负责人")

    def test_two_roles_do_not_meet(self, site):
        answer = site.visitor("admin").post("/admin/staff/role", {"number": town.number_of("qian"), "role": "auditor"})

        assert 409 == answer.status_code
        assert "一个人只能担任一种角色" in said(answer)

    def test_the_last_admin_does_not_take_it_from_themselves(self, site):
        answer = site.visitor("admin").post("/admin/staff/role/take", {"number": "S001", "role": "admin"})

        assert 409 == answer.status_code
        assert "最后一位" in said(answer)

    def test_a_security_admin_is_not_given_here(self, site):
        fields = {"number": town.number_of("qian"), "role": "security_admin"}

        assert "一位提出、另一位确认" in said(site.visitor("admin").post("/admin/staff/role", fields))
