"""Every route of the API × every role × own, other and another community's; a route without a row fails."""

from typing import Final

import pytest

from tests.web import town
from tests.web.api.programs import PREFIX, a_program
from timebank.tokens.rules import Scope
from timebank.web.api.family import DOOR

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

LOGINS: Final = ("admin", "li", "zhao", "zhou")
"""An admin, a coordinator, a clerk, an auditor."""
EVERYBODY: Final = "admin li zhao zhou"

ROUTES: Final = {
    "GET /accounts": (Scope.READ, "zhou"),
    "GET /activities": (Scope.READ, EVERYBODY),
    "POST /activities": (Scope.HOURS, "li"),
    "GET /activities/<number>": (Scope.READ, EVERYBODY),
    "GET /activities/<number>/attendances": (Scope.READ, "li zhou"),
    "GET /activities/<number>/recipient": (Scope.READ, "li"),
    "POST /activities/<number>/recipients": (Scope.HOURS, "li"),
    "GET /activities/<number>/sign-ups": (Scope.READ, "li zhou"),
    "POST /activities/<number>/approvals": (Scope.HOURS, "li"),
    "POST /activities/<number>/attendances": (Scope.HOURS, "li"),
    "POST /activities/<number>/cancellations": (Scope.HOURS, "li"),
    "POST /activities/<number>/sign-offs": (Scope.HOURS, "li"),
    "POST /activities/<number>/sign-ups": (Scope.HOURS, "li"),
    "POST /approvals": (Scope.HOURS, "li"),
    "GET /certificates": (Scope.READ, "li zhou"),
    "POST /certificates": (Scope.HOURS, "li"),
    "GET /certificates/<number>": (Scope.READ, "li zhou"),
    "GET /donations": (Scope.READ, EVERYBODY),
    "POST /donations": (Scope.MARKET, "li zhao"),
    "GET /donations/<number>": (Scope.READ, EVERYBODY),
    "POST /donations/<number>/check-ins": (Scope.MARKET, "li zhao"),
    "POST /donations/<number>/reversals": (Scope.MARKET, "li zhao"),
    "POST /donations/<number>/withdrawals": (Scope.MARKET, "li zhao"),
    "GET /entries": (Scope.READ, "zhou"),
    "GET /entries/<int:seq>": (Scope.READ, "zhou"),
    "GET /exports": (Scope.READ, "zhou"),
    "POST /exports": (Scope.BOOKS, "zhou"),
    "GET /exports/<uuid:export_id>": (Scope.READ, "zhou"),
    "GET /exports/<uuid:export_id>/content": (Scope.READ, "zhou"),
    "POST /further-approvals": (Scope.HOURS, "li"),
    "GET /goods": (Scope.READ, EVERYBODY),
    "POST /goods": (Scope.MARKET, "admin li zhao"),
    "GET /goods/<number>": (Scope.READ, EVERYBODY),
    "PATCH /goods/<number>": (Scope.MARKET, "admin li"),
    "GET /imports": (Scope.READ, "admin li zhao"),
    "POST /imports": (Scope.BOOKS, "admin li zhao"),
    "GET /imports/<number>": (Scope.READ, "admin li zhao"),
    "POST /imports/<number>/confirmations": (Scope.BOOKS, "li"),
    "POST /imports/<number>/reversals": (Scope.BOOKS, "admin li zhao"),
    "GET /groups": (Scope.READ, "li zhou"),
    "POST /groups": (Scope.PEOPLE, "admin li"),
    "POST /groups/<number>/donations": (Scope.MARKET, "li"),
    "GET /log/checkpoint": (Scope.READ, EVERYBODY),
    "GET /log/proofs/<int:seq>": (Scope.READ, "zhao zhou"),
    "GET /lots": (Scope.READ, EVERYBODY),
    "GET /me": (Scope.READ, EVERYBODY),
    "GET /notices": (Scope.READ, "li zhou"),
    "POST /notices": (Scope.STARS, "li"),
    "GET /notices/<uuid:award_id>": (Scope.READ, "li zhou"),
    "POST /notices/<uuid:award_id>/objections": (Scope.STARS, "li"),
    "POST /notices/<uuid:award_id>/objections/<uuid:objection_id>/answers": (Scope.STARS, "li"),
    "GET /objections": (Scope.READ, "li zhou"),
    "POST /objections": (Scope.HOURS, "li"),
    "GET /objections/<number>": (Scope.READ, "li zhou"),
    "POST /objections/<number>/answers": (Scope.HOURS, "li"),
    "GET /org-units": (Scope.READ, EVERYBODY),
    "POST /org-units": (Scope.PEOPLE, "admin li"),
    "GET /metrics": (Scope.READ, "admin zhou"),
    "GET /needy-households": (Scope.READ, "li zhao zhou"),
    "GET /paper-forms": (Scope.READ, "zhao zhou"),
    "GET /partners": (Scope.READ, EVERYBODY),
    "POST /partners": (Scope.PEOPLE, "admin li zhao"),
    "GET /partners/<number>/gifts": (Scope.READ, "li zhao zhou"),
    "GET /ratings": (Scope.READ, "li zhou"),
    "POST /ratings": (Scope.HOURS, "li zhao"),
    "GET /price-lists": (Scope.READ, EVERYBODY),
    "POST /price-lists": (Scope.MARKET, "admin li"),
    "GET /price-lists/<int:version>": (Scope.READ, EVERYBODY),
    "POST /price-lists/<int:version>/confirmations": (Scope.MARKET, "admin li"),
    "POST /price-lists/<int:version>/withdrawals": (Scope.MARKET, "admin li"),
    "GET /redemptions": (Scope.READ, "li zhao zhou"),
    "POST /redemptions": (Scope.MARKET, "zhao"),
    "GET /redemptions/<number>": (Scope.READ, "li zhao zhou"),
    "POST /redemptions/<number>/reversals": (Scope.MARKET, "li zhao"),
    "GET /reliefs": (Scope.READ, "li zhao zhou"),
    "POST /reliefs": (Scope.MARKET, "li"),
    "GET /reliefs/<number>": (Scope.READ, "li zhao zhou"),
    "POST /reliefs/<number>/approvals": (Scope.MARKET, "li"),
    "POST /reliefs/<number>/issues": (Scope.MARKET, "li zhao"),
    "POST /reliefs/<number>/rejections": (Scope.MARKET, "li"),
    "GET /reservations": (Scope.READ, "li zhao zhou"),
    "POST /reservations": (Scope.MARKET, EVERYBODY),
    "GET /reservations/<number>": (Scope.READ, "li zhao zhou"),
    "POST /reservations/<number>/pick-ups": (Scope.MARKET, "zhao"),
    "POST /reservations/<number>/releases": (Scope.MARKET, "zhao"),
    "GET /rule-proposals": (Scope.READ, "admin li zhou"),
    "POST /rule-proposals": (Scope.RULES, "admin"),
    "POST /rule-proposals/<uuid:proposal_id>/confirmations": (Scope.RULES, "admin li"),
    "POST /rule-proposals/<uuid:proposal_id>/rejections": (Scope.RULES, "admin li"),
    "POST /rule-proposals/<uuid:proposal_id>/withdrawals": (Scope.RULES, "admin"),
    "GET /rule-versions": (Scope.READ, EVERYBODY),
    "GET /rule-versions/<int:version>": (Scope.READ, EVERYBODY),
    "POST /service-record-batches": (Scope.HOURS, "li"),
    "GET /service-records": (Scope.READ, "li zhou"),
    "GET /service-records/<uuid:record_id>": (Scope.READ, "li zhou"),
    "POST /service-records/<uuid:record_id>/approvals": (Scope.HOURS, "li"),
    "POST /service-records/<uuid:record_id>/confirmations": (Scope.HOURS, "li zhao"),
    "POST /service-records/<uuid:record_id>/corrections": (Scope.HOURS, "li"),
    "POST /service-records/<uuid:record_id>/rejections": (Scope.HOURS, "li"),
    "POST /service-records/<uuid:record_id>/reversals": (Scope.HOURS, "li"),
    "GET /shifts": (Scope.READ, "li zhao zhou"),
    "POST /shifts": (Scope.MARKET, "zhao"),
    "GET /shifts/<number>": (Scope.READ, "li zhao zhou"),
    "POST /shifts/<number>/closings": (Scope.MARKET, "zhao"),
    "POST /shifts/<number>/hand-overs": (Scope.MARKET, "zhao"),
    "GET /star-awards": (Scope.READ, "li zhou"),
    "POST /star-awards": (Scope.STARS, "li"),
    "GET /star-awards/<uuid:award_id>": (Scope.READ, "li zhou"),
    "POST /star-awards/<uuid:award_id>/grants": (Scope.STARS, "li"),
    "POST /star-awards/<uuid:award_id>/refusals": (Scope.STARS, "li"),
    "GET /star-inquiries": (Scope.READ, "li zhou"),
    "POST /star-inquiries": (Scope.STARS, "li"),
    "GET /stock-movements": (Scope.READ, "li zhao zhou"),
    "GET /stock-counts": (Scope.READ, "li zhao zhou"),
    "POST /stock-counts": (Scope.MARKET, "li zhao"),
    "GET /stock-counts/<number>": (Scope.READ, "li zhao zhou"),
    "POST /stock-counts/<number>/drops": (Scope.MARKET, "li zhao"),
    "POST /stock-counts/<number>/finalisations": (Scope.MARKET, "li zhao"),
    "POST /stock-counts/<number>/recounts": (Scope.MARKET, "li zhao"),
    "POST /stock-counts/<number>/submissions": (Scope.MARKET, "li zhao"),
    "GET /stock-counts/<number>/tallies": (Scope.READ, "li zhao zhou"),
    "POST /stock-counts/<number>/tallies": (Scope.MARKET, "li zhao"),
    "GET /stock-counts/<number>/variances": (Scope.READ, "li zhao zhou"),
    "GET /stock-moves": (Scope.READ, "li zhao zhou"),
    "POST /stock-moves": (Scope.MARKET, "li zhao"),
    "GET /stock-moves/<number>": (Scope.READ, "li zhao zhou"),
    "POST /stock-moves/<number>/returns": (Scope.MARKET, "li zhao"),
    "GET /timetables": (Scope.READ, EVERYBODY),
    "GET /timetables/<number>/slots": (Scope.READ, EVERYBODY),
    "POST /timetables/<number>/bookings": (Scope.HOURS, "li"),
    "POST /timetables/<number>/offers": (Scope.HOURS, "li"),
    "GET /tokens": (Scope.READ, EVERYBODY),
    "POST /tokens": (Scope.TOKENS, EVERYBODY),
    "GET /tokens/<uuid:token_id>": (Scope.READ, EVERYBODY),
    "POST /tokens/<uuid:token_id>/endings": (Scope.TOKENS, EVERYBODY),
    "GET /trail": (Scope.READ, "zhou"),
    "GET /trial-balance": (Scope.READ, "zhou"),
    "GET /voucher-offers": (Scope.READ, "admin li zhao zhou"),
    "POST /voucher-offers": (Scope.MARKET, "admin li"),
    "POST /voucher-offers/<number>/end": (Scope.MARKET, "admin li"),
    "GET /vouchers": (Scope.READ, "admin li zhao zhou"),
    "POST /vouchers": (Scope.MARKET, "zhao"),
    "GET /vouchers/<number>": (Scope.READ, "admin li zhao zhou"),
    "POST /vouchers/<number>/returns": (Scope.MARKET, "zhao"),
    "GET /voucher-settlements": (Scope.READ, "admin li zhou"),
    "POST /voucher-settlements": (Scope.MARKET, "admin li"),
    "POST /voucher-settlements/<number>/confirmations": (Scope.MARKET, "admin li"),
    "GET /unmet-demand": (Scope.READ, "admin li zhao zhou"),
    "POST /unmet-demand": (Scope.MARKET, "zhao"),
    "GET /verifications": (Scope.READ, "admin li zhou"),
    "POST /verifications": (Scope.BOOKS, "admin li zhou"),
    "GET /volunteers": (Scope.READ, EVERYBODY),
    "POST /volunteers": (Scope.PEOPLE, "admin li"),
    "GET /volunteers/<number>": (Scope.READ, EVERYBODY),
    "PATCH /volunteers/<number>": (Scope.PEOPLE, "admin li"),
    "GET /volunteers/<number>/passbook": (Scope.READ, "li zhao zhou"),
    "GET /volunteers/<number>/passbook/lines": (Scope.READ, "li zhao zhou"),
    "GET /waiting-list": (Scope.READ, "zhao zhou"),
    "POST /waiting-list": (Scope.MARKET, "zhao"),
    "GET /waiting-list/<number>": (Scope.READ, "zhao zhou"),
    "POST /waiting-list/<number>/departures": (Scope.MARKET, "zhao"),
    "GET /webhooks": (Scope.READ, "admin"),
    "POST /webhooks": (Scope.WEBHOOKS, "admin"),
    "GET /webhooks/<uuid:webhook_id>": (Scope.READ, "admin"),
    "GET /webhooks/<uuid:webhook_id>/deliveries": (Scope.READ, "admin"),
    "POST /webhooks/<uuid:webhook_id>/deliveries/<uuid:event_id>/repeats": (Scope.WEBHOOKS, "admin"),
    "POST /webhooks/<uuid:webhook_id>/endings": (Scope.WEBHOOKS, "admin"),
    "POST /webhooks/<uuid:webhook_id>/pings": (Scope.WEBHOOKS, "admin"),
}
"""For which scope and for whom each route is."""
NOBODY: Final = "00000000-0000-7000-8000-000000000000"
PARTS: Final = {"number": "V0001", "seq": 1, "version": 1}
OF_ANOTHER_COMMUNITY: Final = (
    ("li", f"/volunteers/{town.VOLUNTEER_ONLY_IN_YFL}"),
    ("li", f"/volunteers/{town.VOLUNTEER_ONLY_IN_YFL}/passbook"),
    ("li", f"/volunteers/{town.VOLUNTEER_ONLY_IN_YFL}/passbook/lines"),
    ("li", f"/activities/{town.ONLY_IN_YFL}"),
    ("li", f"/activities/{town.ONLY_IN_YFL}/sign-ups"),
    ("li", f"/activities/{town.ONLY_IN_YFL}/attendances"),
    ("zhao", f"/redemptions/{town.SLIP_ONLY_IN_YFL}"),
)
SUB_RESOURCES: Final = (
    ("chen", f"/activities/{town.ONLY_IN_YFL}/approvals", None),
    ("li", f"/activities/{town.ONLY_IN_YFL}/sign-ups", {"volunteer_number": town.WANG}),
    ("li", f"/activities/{town.ONLY_IN_YFL}/attendances", {"volunteer_number": town.WANG}),
    ("li", f"/activities/{town.ONLY_IN_YFL}/cancellations", {"reason": "下大雨了"}),
    ("zhao", f"/redemptions/{town.SLIP_ONLY_IN_YFL}/reversals", {"reason": "扫错了物品"}),
    ("zhao", "/reservations/Y000001/pick-ups", None),
    ("li", "/star-awards", {"volunteer_number": town.VOLUNTEER_ONLY_IN_YFL}),
)


def doors(site):
    """Every route of the API as the table names it, with its rule and door."""
    found = {}
    for rule in site.app.url_map.iter_rules():
        door = getattr(site.app.view_functions[rule.endpoint], DOOR, None)
        if door is not None:
            (method,) = rule.methods - {"HEAD", "OPTIONS"}
            found[f"{method} {rule.rule.removeprefix(PREFIX)}"] = (rule, door)
    return found


def path_of(site, rule):
    """An address of a route, of things that need not be there."""
    parts = {name: PARTS.get(name, NOBODY) for name in rule.arguments}
    return site.app.url_map.bind("localhost").build(rule.endpoint, parts).removeprefix(PREFIX)


def ask(program, name, path):
    """Ask for something, or try to do it."""
    if name.startswith("GET"):
        return program.get(path)
    return program.send(name.split()[0], f"{path}?dry_run=true", {}, headers={"If-Match": "*"})


class TestRoutes:
    """trust.md G16: the access matrix is decided by an explicit table."""

    def test_every_route_has_its_row(self, site):
        assert ROUTES.keys() == doors(site).keys()

    def test_every_route_asks_for_the_scope_of_its_row(self, site):
        assert {name: scope for name, (scope, _) in ROUTES.items()} == {
            name: door.scope for name, (_, door) in doors(site).items()
        }

    def test_nobody_comes_in_without_a_token(self, site):
        stranger = site.app.test_client()

        answered = [
            name
            for name, (rule, _) in doors(site).items()
            if 401 != stranger.open(PREFIX + path_of(site, rule), method=name.split()[0]).status_code
        ]

        assert [] == answered

    @pytest.mark.parametrize("login", LOGINS)
    def test_whoever_it_is_for_is_let_in_and_nobody_else(self, site, login):
        program = a_program(site, login)

        let_in = {
            name
            for name, (rule, _) in doors(site).items()
            if 403 != ask(program, name, path_of(site, rule)).status_code
        }

        assert {name for name, (_, logins) in ROUTES.items() if login in logins.split()} == let_in

    @pytest.mark.parametrize("login", LOGINS)
    def test_what_may_be_done_is_not_done_with_another_scope(self, site, login):
        reader = a_program(site, login, Scope.READ)

        let_in = [
            name
            for name, (rule, door) in doors(site).items()
            if door.scope is not Scope.READ and 403 != ask(reader, name, path_of(site, rule)).status_code
        ]

        assert [] == let_in

    def test_nothing_answers_with_a_fault_and_looking_changes_nothing(self, site):
        programs = {login: a_program(site, login) for login in LOGINS}
        before = site.state()

        broken = [
            name
            for name, (rule, _) in doors(site).items()
            if ask(programs[ROUTES[name][1].split()[0]], name, path_of(site, rule)).status_code >= 500
        ]

        assert [] == broken
        assert before == site.state()

    def test_no_other_method_is_answered(self, site):
        program = a_program(site, "li")
        known: dict[str, set[str]] = {}
        for name, (rule, _) in doors(site).items():
            known.setdefault(path_of(site, rule), set()).add(name.split()[0])

        answered = [
            f"{method} {path}"
            for path, methods in known.items()
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - methods
            if 405 != program.client.open(PREFIX + path, method=method).status_code
        ]

        assert [] == answered


class TestWhatIsSomebodyElses:
    """trust.md Z1, Z6, T11: what is another community's or another person's is not there."""

    @pytest.mark.parametrize(("login", "path"), OF_ANOTHER_COMMUNITY)
    def test_it_is_not_shown(self, site, login, path):
        assert 404 == a_program(site, login).get(path).status_code
        assert 200 == a_program(site, login, community_id=town.YFL).get(path).status_code

    @pytest.mark.parametrize(("login", "path", "sent"), SUB_RESOURCES)
    def test_nothing_is_done_with_it(self, site, login, path, sent):
        program = a_program(site, login)
        before = site.state()

        assert 404 == program.post(f"{path}?dry_run=true", sent).status_code

        assert before == site.state()

    def test_records_and_cases_of_another_community_are_not_there(self, site):
        there, here = (a_program(site, "li", community_id=community) for community in (town.YFL, town.XFL))

        for kind, name in (("service-records", "id"), ("star-awards", "award_id")):
            for one in there.get(f"/{kind}").json["items"][:3]:
                path = f"/{kind}/{one[name]}"
                own = path in {f"/{kind}/{each[name]}" for each in here.get(f"/{kind}?limit=200").json["items"]}
                assert (200 if own else 404) == here.get(path).status_code

    def test_a_token_of_somebody_else_is_not_there(self, site):
        (token,) = a_program(site, "chen").get("/tokens").json["items"]

        program = a_program(site, "li")

        assert 404 == program.post(f"/tokens/{token['id']}/endings").status_code
        assert 404 == program.get(f"/tokens/{token['id']}").status_code
        assert 200 == a_program(site, "admin").get(f"/tokens/{token['id']}").status_code

    def test_a_token_of_one_community_says_nothing_about_another(self, site):
        names = {one["number"] for one in a_program(site, "li").get("/volunteers?limit=200").json["items"]}

        assert town.VOLUNTEER_ONLY_IN_YFL not in names
