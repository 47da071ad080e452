"""Every route says for whom it is, and keeps to it; looking changes nothing; nothing that is sent breaks a page."""

from typing import Final

import pytest

from tests.meta.routes import VISITORS, Route, path_of, routes, without_example
from tests.web import town
from timebank.web.access import Audience
from timebank.web.sights import SHOWS_NOBODY, SIGHTS

SQLITE: Final = pytest.mark.parametrize("database_kind", ["sqlite"])
"""For what is decided before any database is asked."""

PUBLIC: Final = frozenset(
    {
        "GET /",
        "GET /communities",
        "GET /shop",
        "GET /activities",
        "GET /activities/<number>",
        "GET /activities/calendar.ics",
        "GET /activities/<number>/poster",
        "GET /activities/<number>/poster.svg",
        "GET /appointments",
        "GET /notices",
        "POST /notices",
        "GET /notices/hours",
        "POST /notices/hours",
        "GET /served",
        "POST /served",
        "GET /vouchers/desk",
        "POST /vouchers/desk",
        "POST /vouchers/desk/card",
        "POST /vouchers/desk/leave",
        "POST /vouchers/desk/look",
        "POST /served/<uuid:record_id>/answer",
        "POST /served/<uuid:record_id>/stars",
        "GET /privacy",
        "GET /rules",
        "GET /rules/<int:version>",
        "GET /rules/<int:version>/document",
        "GET /login",
        "POST /login",
        "POST /login/demo",
        "POST /logout",
        "POST /settings",
        "GET /till/badge",
        "POST /till/badge",
        "GET /first/<community>/<token>",
        "POST /first/<community>/<token>",
        "GET /proof",
        "GET /v",
        "POST /v",
        "GET /v/<code>",
        "GET /v/<code>/receipt.tlog-proof",
        "GET /log/<community_id>/checkpoint",
        "GET /log/<community_id>/key",
        "GET /log/<community_id>/tile/<int:level>/<path:name>",
        "GET /log/<community_id>/tile/entries/<path:name>",
        "GET /log/<community_id>/for-witness/<int:older_size>",
        "POST /log/<community_id>/cosignature",
        "GET /api",
        "GET /api/v1/openapi.json",
        "GET /problems/<code>",
        "GET /healthz",
        "GET /readyz",
    }
)
"""What nobody needs to sign in for, written out: a route that becomes public by mistake is missing here."""
WITHOUT_TOKEN: Final = frozenset({"POST /log/<community_id>/cosignature"})
"""What no form sends: a cosignature proves itself."""
OF_ANOTHER_COMMUNITY: Final = (
    ("li", "hours.record_hours", {"number": town.ONLY_IN_YFL}),
    ("li", "persons.person", {"number": town.VOLUNTEER_ONLY_IN_YFL}),
    ("li", "persons.card", {"number": town.VOLUNTEER_ONLY_IN_YFL}),
    ("zhao", "till.slip", {"number": town.SLIP_ONLY_IN_YFL}),
    ("zhou", "auditor.entry", {"seq": 10_000}),
    ("li", "coordinator.new_activity", {"like": town.ONLY_IN_YFL}),
)


def ask(visitor, route: Route, **options):
    """Send what a browser would: a form with its token, or nothing."""
    if route.method == "POST":
        return visitor.post(route.path, **options)
    return visitor.get(route.path, **options)


def is_sent_to_sign_in(answer):
    return 302 == answer.status_code and answer.headers["Location"].startswith("/login")


@SQLITE
class TestAudiences:
    """trust.md G16: the access matrix is decided by an explicit table; a route without a row fails."""

    def test_every_route_declares_its_audience(self, site):
        assert ["static"] == [route.endpoint for route in routes(site.app) if route.audiences is None]

    def test_every_route_of_the_staff_says_whether_it_shows_somebody(self, site):
        staff = {
            route.endpoint
            for route in routes(site.app)
            if route.method == "GET"
            and not route.is_public
            and any(route.is_for(login) for login in VISITORS if login != town.WANG)
        }

        assert set() == staff - SIGHTS.keys() - SHOWS_NOBODY

    def test_every_changing_part_of_an_address_has_an_example(self, site):
        assert [] == without_example(site.app)

    def test_the_public_routes_are_these(self, site):
        found = {str(route) for route in routes(site.app) if route.audiences and Audience.PUBLIC in route.audiences}

        assert PUBLIC == found

    def test_a_stranger_is_sent_to_sign_in_everywhere_else(self, site):
        stranger = site.visitor()

        elsewhere = [
            str(route)
            for route in routes(site.app)
            if not route.is_public and not is_sent_to_sign_in(ask(stranger, route))
        ]

        assert [] == elsewhere

    def test_a_stranger_is_let_in_where_it_is_public(self, site):
        stranger = site.visitor()

        turned_away = [
            str(route) for route in routes(site.app) if route.is_public and is_sent_to_sign_in(ask(stranger, route))
        ]

        assert [] == turned_away

    @pytest.mark.parametrize("login", VISITORS)
    def test_somebody_else_is_turned_away(self, site, login):
        visitor = site.visitor(login)

        let_in = [
            str(route)
            for route in routes(site.app)
            if not route.is_for(login) and 403 != ask(visitor, route).status_code
        ]

        assert [] == let_in

    @pytest.mark.parametrize("login", VISITORS)
    def test_whoever_it_is_for_is_let_in(self, site, login):
        visitor = site.visitor(login)

        turned_away = []
        for route in routes(site.app):
            if not route.is_public and route.is_for(login):
                answer = ask(visitor, route)
                if answer.status_code in {401, 403, 405} or answer.status_code >= 500 or is_sent_to_sign_in(answer):
                    turned_away.append(f"{route} {answer.status_code}")

        assert [] == turned_away

    def test_no_other_method_is_answered(self, site):
        visitor = site.visitor("li")
        known: dict[str, set[str]] = {}
        for route in routes(site.app):
            known.setdefault(route.path, set()).add(route.method)

        answered = [
            f"{method} {path}"
            for path, methods in known.items()
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - methods
            if visitor.client.open(path, method=method, headers={"X-CSRFToken": visitor.token}).status_code != 405
        ]

        assert [] == answered

    def test_a_form_without_a_token_is_refused(self, site):
        visitor = site.visitor("li")

        taken = [
            str(route)
            for route in routes(site.app)
            if route.method == "POST"
            and str(route) not in WITHOUT_TOKEN
            and 400 != visitor.client.post(route.path, data={"request_key": "12345678"}).status_code
        ]

        assert [] == taken

    @pytest.mark.parametrize(
        "header", [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
    )
    def test_a_form_from_elsewhere_is_refused_even_with_a_token(self, site, header):
        visitor = site.visitor("li")

        taken = [
            str(route)
            for route in routes(site.app)
            if route.method == "POST" and 403 != visitor.post(route.path, headers=header).status_code
        ]

        assert [] == taken


class TestTheSecurityAdmin:
    """trust.md section 1: whoever keeps the accounts opens the pages of accounts and no others."""

    @pytest.fixture
    def qian(self, site):
        """A clerk who was made security admin by the admin and a coordinator."""
        town.make_security_admin(site.engine, "qian")
        return site.visitor("qian again")

    def test_what_is_not_theirs_turns_them_away(self, site, qian):
        let_in = [
            str(route)
            for route in routes(site.app)
            if not route.is_for_audience(Audience.SECURITY) and 403 != ask(qian, route).status_code
        ]

        assert [] == let_in

    def test_what_is_theirs_lets_them_in(self, site, qian):
        turned_away = []
        for route in routes(site.app):
            if not route.is_public and route.is_for_audience(Audience.SECURITY):
                answer = ask(qian, route)
                if answer.status_code in {401, 403, 405} or is_sent_to_sign_in(answer):
                    turned_away.append(str(route))

        assert [] == turned_away

    def test_the_admin_manages_no_accounts_any_more(self, site, qian):
        admin = site.visitor("admin")

        assert "安全管理员管" in admin.text("/admin/staff")
        for path, fields in (
            ("/admin/staff", {"login": "new", "name": "新人", "role": "clerk"}),
            ("/admin/staff/role", {"number": "S002", "role": "clerk"}),
            ("/admin/staff/role/take", {"number": "S002", "role": "coordinator"}),
            ("/admin/staff/login", {"number": "S002"}),
            ("/admin/staff/sign-out", {"number": "S002"}),
            ("/admin/staff/disable", {"number": "S002"}),
            ("/two-persons", {"what": "second_factor", "number": "S002", "reason": "丢了"}),
        ):
            assert 403 == admin.post(path, fields).status_code, path


class TestLookingChangesNothing:
    """architecture.md section 5: GET, HEAD and OPTIONS run in a transaction that cannot write."""

    @pytest.mark.parametrize("login", [*VISITORS, None])
    def test_a_page_that_is_shown_leaves_every_table_as_it_was(self, site, login):
        visitor = site.visitor(login)
        before = site.state()

        for route in routes(site.app):
            if route.method == "GET" and route.is_for(login):
                for method in ("GET", "HEAD", "OPTIONS"):
                    assert visitor.client.open(route.path, method=method, buffered=True).status_code < 500, route

        assert before == site.state()

    def test_a_door_that_stays_shut_is_noted_and_nothing_else(self, site):
        visitor, before = site.visitor("zhao"), site.state()

        assert 403 == visitor.get("/admin").status_code

        after = site.state()
        assert 1 == len(after["trail"]) - len(before["trail"])
        assert before == after | {"trail": before["trail"]}

    def test_a_stranger_at_the_door_leaves_nothing(self, site):
        stranger, before = site.visitor(), site.state()

        assert is_sent_to_sign_in(stranger.get("/admin"))

        assert before == site.state()


@SQLITE
class TestAnotherCommunity:
    """trust.md Z1, T11: what belongs to another community is not there."""

    @pytest.mark.parametrize(("login", "endpoint", "arguments"), OF_ANOTHER_COMMUNITY)
    def test_its_numbers_are_not_there(self, site, login, endpoint, arguments):
        path = path_of(site.app, endpoint, arguments)

        assert 404 == site.visitor(login).get(path).status_code

    def test_its_staff_finds_it(self, site):
        path = path_of(site.app, "till.slip", {"number": town.SLIP_ONLY_IN_YFL})

        assert 200 == site.visitor("zhao", town.YFL).get(path).status_code

    def test_a_cookie_cannot_choose_the_community_of_somebody_signed_in(self, site):
        visitor = site.visitor("li")

        assert "元丰里" not in visitor.text("/coord?community=yfl")
