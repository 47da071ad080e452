"""Signing in in two steps, on the pages."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import an_act
from tests.people.builders import a_password
from tests.web import town
from tests.web.sites import said
from timebank import clock
from timebank.books.requests import Secret
from timebank.database import writing
from timebank.people import queries as people
from timebank.people.one_time_codes import code_at
from timebank.people.operations.signing_in import open_session
from timebank.people.tables import LoginSessionRow

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def by_password(site, login):
    """Sign somebody in as the password alone does, and return a visitor with that session."""
    with writing(site.engine) as session:
        act = an_act(community_id=town.XFL, at=clock.now(), number="nobody")
        staff = people.find_staff_by_login(session, town.XFL, login)
        person_id = staff.person_id if staff else people.volunteer(session, town.XFL, login).person_id
        open_session(session, act, person_id, Secret(f"half {login}"), "127.0.0.1")
    visitor = site.visitor()
    with visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = f"{town.XFL}.half {login}"
    return visitor


def secret_on(page):
    """Read the secret that the page offers to be typed."""
    return re.findall(r'<code class="wrap">([A-Z2-7-]+)</code>', page)[0].replace("-", "")


def set_up(visitor, **options):
    """Set an authenticator up as a browser does; return its secret and the answer."""
    page = visitor.text("/second/set-up")
    signed = html.unescape(re.findall(r'name="signed" value="([^"]+)"', page)[0])
    secret = secret_on(page)
    fields = {"signed": signed, "code": code_at(secret, clock.now())} | options
    return secret, visitor.post("/second/set-up", fields)


def codes_on(answer):
    """Read the recovery codes that are shown once."""
    return re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", answer.get_data(as_text=True))


class TestTheSecondStep:
    """ASVS 6.3.3: whoever works here signs in with two factors; settings say who must."""

    def test_with_the_password_alone_every_page_leads_to_the_set_up(self, site):
        half = by_password(site, "li")

        assert half.get("/coord").headers["Location"].startswith("/second")
        assert half.get("/second").headers["Location"].startswith("/second/set-up")
        assert "登录要两步" in half.text("/second/set-up")

    def test_a_form_sent_half_way_in_does_nothing(self, site):
        half, before = by_password(site, "li"), site.state()

        assert half.post("/people/new", {"name": "没有"}).headers["Location"].startswith("/second")

        assert before == site.state()

    def test_a_script_half_way_in_is_told(self, site):
        half = by_password(site, "zhao")

        assert 401 == half.get("/till/goods", headers={"Accept": "application/json"}).status_code

    def test_once_it_is_set_up_the_pages_open(self, site):
        half = by_password(site, "li")

        _secret, answer = set_up(half)

        assert 8 == len(codes_on(answer))
        assert 200 == half.get("/coord").status_code

    def test_the_next_sign_in_asks_for_the_code_and_goes_on_to_the_page(self, site):
        _secret, answer = set_up(by_password(site, "li"))
        again = by_password_once_more(site, "li")

        assert "第二步验证" in again.text("/second?next=/people")
        given = again.post("/second", {"code": codes_on(answer)[0], "next": "/people"})

        assert "/people" == given.headers["Location"]
        assert 200 == again.get("/people").status_code

    def test_a_wrong_code_is_told(self, site):
        set_up(by_password(site, "li"))
        again = by_password_once_more(site, "li")

        answer = again.post("/second", {"code": "000000"})

        assert 409 == answer.status_code
        assert "动态码不对" in said(answer)

    def test_a_code_is_asked_for(self, site):
        set_up(by_password(site, "li"))

        assert 400 == by_password_once_more(site, "li").post("/second", {}).status_code

    def test_whoever_is_half_way_in_can_go_away(self, site):
        half = by_password(site, "li")

        half.post("/logout")

        assert half.get("/coord").headers["Location"].startswith("/login")

    def test_a_volunteer_needs_none_and_may_have_one(self, site):
        volunteer = by_password(site, town.WANG)
        assert 200 == volunteer.get("/me").status_code

        set_up(volunteer)

        assert by_password_once_more(site, town.WANG).get("/me").headers["Location"].startswith("/second")

    def test_a_secret_of_another_session_is_not_taken(self, site):
        signed = re.findall(r'name="signed" value="([^"]+)"', site.visitor(town.WANG).text("/second/set-up"))[0]
        half = by_password(site, "li")

        answer = half.post("/second/set-up", {"signed": html.unescape(signed), "code": "123456"})

        assert 409 == answer.status_code
        assert signed not in answer.get_data(as_text=True)

    def test_a_wrong_code_keeps_the_same_picture(self, site):
        half = by_password(site, "li")

        secret, answer = set_up(half, code="000000")

        assert 409 == answer.status_code
        assert secret == secret_on(answer.get_data(as_text=True))

    def test_by_the_settings_nobody_must_have_one(self, site):
        settings = site.app.config["SETTINGS"]
        site.app.config["SETTINGS"] = replace(settings, second_factor=frozenset())
        try:
            assert 200 == by_password(site, "li").get("/coord").status_code
        finally:
            site.app.config["SETTINGS"] = settings

    def test_after_the_password_the_door_leads_to_the_second_step(self, site):
        with writing(site.engine) as session:
            a_password(session, "S002")
        stranger = site.visitor()

        answer = stranger.post("/login", {"login": "li", "password": "海棠花在三号楼下开了", "next": "/people"})

        assert "/second?next=/people" == answer.headers["Location"].replace("%2F", "/")


def by_password_once_more(site, login):
    """Forget the half session of before and begin another one."""
    with writing(site.engine) as session:
        session.query(LoginSessionRow).where(LoginSessionRow.source == "127.0.0.1").delete()
    return by_password(site, login)


class TestSharpActs:
    """ASVS 7.5.3: roles, links and resets ask for the second factor again."""

    def test_a_stale_factor_is_asked_for_again_and_nothing_is_done(self, site):
        admin = stale(site, "admin")

        answer = admin.post("/admin/staff", {"name": "新人", "login": "xin", "role": "clerk"})

        assert answer.headers["Location"].startswith("/second")
        assert "再验证一次" in admin.text("/admin/staff")
        assert "新人" not in admin.text("/admin/staff")

    def test_a_fresh_one_is_enough(self, site):
        admin = site.visitor("admin")

        assert 200 == admin.post("/admin/staff", {"name": "新人", "login": "xin", "role": "clerk"}).status_code

    def test_the_desk_resets_with_two_people(self, site):
        set_up(by_password(site, "zhao"))
        li, chen = site.visitor("li"), site.visitor("chen")

        asked = li.post("/two-persons", {"what": "second_factor", "number": "s004", "reason": "手机丢了，当面认得"})
        assert 302 == asked.status_code
        (address,) = re.findall(r'action="(/two-persons/[^"]+/factor)"', chen.text("/two-persons"))
        assert 302 == chen.post(address).status_code

        assert "没有等确认的" in chen.text("/two-persons")

    def test_who_asked_has_no_button_to_confirm(self, site):
        set_up(by_password(site, "zhao"))
        li = site.visitor("li")
        li.post("/two-persons", {"what": "second_factor", "number": "S004", "reason": "手机丢了"})

        page = li.text("/two-persons")

        assert "/factor" not in page
        (address,) = re.findall(r'action="(/two-persons/[^"]+/withdraw)"', page)
        assert 302 == li.post(address).status_code

    def test_recovery_codes_are_renewed_and_shown_once(self, site):
        visitor = by_password(site, "li")
        set_up(visitor)

        answer = visitor.post("/second/codes", key="the-same-key")
        again = visitor.post("/second/codes", key="the-same-key")

        assert 8 == len(codes_on(answer))
        assert "/second/own" == again.headers["Location"]


def stale(site, login):
    """A visitor whose second factor was given longer ago than sharp acts allow."""
    visitor = by_password(site, login)
    set_up(visitor)
    with writing(site.engine) as session:
        row = session.query(LoginSessionRow).where(LoginSessionRow.source == "127.0.0.1").one()
        row.second_at = clock.now() - timedelta(days=1)
    return visitor
