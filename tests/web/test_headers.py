"""What every answer carries, whatever it shows; cookies and their flags; and what people type, shown as text."""

import re
from dataclasses import replace

import pytest

from tests.people.builders import a_password
from tests.web import town
from timebank.app import create_app
from timebank.database import writing

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

PASSWORD = "海棠花在三号楼下开了"
PATHS = ("/", "/login", "/people", f"/people/{town.WANG}", "/nowhere", "/second/own")
EVIL = ("<script>alert(1)</script>", '"><svg onload=alert(1)>', "{{7*7}}", "javascript:alert(1)")


class TestHeaders:
    """trust.md W9: no framing, no guessing of types, no copies, nothing told to others; no script but our files."""

    @pytest.mark.parametrize("path", PATHS)
    def test_every_page_carries_them(self, site, path):
        headers = site.visitor("li").get(path).headers

        policy = headers["Content-Security-Policy"]
        for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert rule in policy
        assert "unsafe" not in policy
        assert ("DENY", "nosniff") == (headers["X-Frame-Options"], headers["X-Content-Type-Options"])
        assert ("same-origin", "no-store") == (headers["Referrer-Policy"], headers["Cache-Control"])
        assert "same-origin" == headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"]
        assert "text/html; charset=utf-8" == headers["Content-Type"]

    @pytest.mark.parametrize("path", [*PATHS, "/static/timebank.css", "/api/v1/volunteers"])
    def test_no_other_site_may_read_an_answer(self, site, path):
        headers = site.visitor("li").get(path, headers={"Origin": "https://evil.example"}).headers

        assert "Access-Control-Allow-Origin" not in headers
        assert "Set-Cookie" not in headers or "SameSite=Lax" in headers["Set-Cookie"]

    @pytest.mark.parametrize("path", ["/static/timebank.css", "/static/till/till.js", "/api/v1/volunteers", "/nowhere"])
    def test_every_answer_says_what_it_is_and_in_which_letters(self, site, path):
        kind = site.visitor("li").get(path).headers["Content-Type"]

        assert "charset=utf-8" in kind or kind.endswith("json")

    def test_no_page_has_a_script_of_its_own(self, site):
        for path in PATHS:
            page = site.visitor("li").get(path).get_data(as_text=True)
            assert [] == re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page)


class TestCookies:
    """trust.md A5, A7: the cookie names nothing of before, and is for this site, this path and no script."""

    def signed_in(self, site, app):
        with writing(site.engine) as session:
            a_password(session, town.WANG)
        client = app.test_client()
        scheme = "https" if app.config["SETTINGS"].https else "http"
        page = client.get(f"/login?community={town.XFL}", base_url=f"{scheme}://localhost").get_data(as_text=True)
        (token,) = set(re.findall('name="csrf_token" value="([^"]+)"', page))
        fields = {"login": town.WANG, "password": PASSWORD, "csrf_token": token, "request_key": "12345678"}
        options = {"base_url": f"{scheme}://localhost", "headers": {"Referer": f"{scheme}://localhost/login"}}
        return client.post("/login", data=fields, query_string={"community": town.XFL}, **options)

    def test_it_carries_its_flags(self, site):
        answer = self.signed_in(site, site.app)

        assert 302 == answer.status_code
        (cookie,) = answer.headers.getlist("Set-Cookie")
        assert cookie.startswith("timebank=")
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))

    def test_behind_https_it_is_bound_to_the_host(self, site):
        answer = self.signed_in(site, create_app(replace(site.app.config["SETTINGS"], https=True)))

        (cookie,) = answer.headers.getlist("Set-Cookie")
        assert cookie.startswith("__Host-timebank=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie

    def test_behind_https_browsers_remember_it(self, site):
        app = create_app(replace(site.app.config["SETTINGS"], https=True))

        answer = app.test_client().get("/login", base_url="https://localhost")

        rule = answer.headers["Strict-Transport-Security"]
        assert int(re.findall(r"max-age=(\d+)", rule)[0]) >= 365 * 24 * 3600
        assert "includeSubDomains" in rule

    def test_what_a_stranger_put_there_does_not_go_on(self, site):
        with writing(site.engine) as session:
            a_password(session, town.WANG)
        visitor = site.visitor()
        token = visitor.token
        with visitor.client.session_transaction() as cookie:
            cookie["planted"] = "here"
        visitor.post("/login", {"login": town.WANG, "password": PASSWORD, "csrf_token": token})

        with visitor.client.session_transaction() as cookie:
            assert "planted" not in cookie
            assert cookie["_user_id"].startswith(f"{town.XFL}.")


class TestSigningOut:
    """ASVS 14.3.1: after signing out the browser keeps nothing of what was shown."""

    def test_the_browser_is_told_to_forget(self, site):
        visitor = site.visitor(town.WANG)

        answer = visitor.post("/logout")

        assert '"cache"' == answer.headers["Clear-Site-Data"]
        assert "/login" in visitor.get("/me").headers["Location"]

    def test_on_every_page_there_is_the_way_out(self, site):
        for login, path in (("li", "/coord"), ("zhao", "/till"), ("zhou", "/audit"), (town.WANG, "/me")):
            assert 'action="/logout"' in site.visitor(login).text(path), path


class TestTyped:
    """trust.md W1 to W4: whatever somebody types is shown as text."""

    @pytest.mark.parametrize("evil", EVIL)
    def test_in_the_skills_of_a_person(self, site, evil):
        li = site.visitor("li")
        answer = li.post("/people/new", {"name": "测试人", "skills": evil, "born_on": "1960-01-01"})
        assert 302 == answer.status_code

        page = li.text(answer.headers["Location"])

        assert "<script>alert" not in page
        assert "<svg onload" not in page
        assert 'href="javascript:' not in page

    @pytest.mark.parametrize("evil", EVIL)
    def test_in_what_was_searched_for(self, site, evil):
        page = site.visitor("li").get("/people", query_string={"q": evil}).get_data(as_text=True)

        assert "<script>alert" not in page
        assert "<svg onload" not in page
        assert "49" not in page[page.index("<main") : page.index('name="q"')] if "{{" in evil else True
