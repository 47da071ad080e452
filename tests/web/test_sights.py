"""The trail of reads: each look at somebody's data leaves one line, and its owner sees it."""

from typing import Final

import pytest
import sqlalchemy as sa

from tests.meta.routes import VISITORS, routes
from tests.web import town
from tests.web.api.programs import a_program
from tests.web.api.test_routes import ROUTES, doors, path_of
from tests.web.sites import said
from timebank.people.tables import SightRow
from timebank.web.access import Audience
from timebank.web.sights import SHOWS_NOBODY, SIGHTS

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

STAFF: Final = {login: audience for login, audience in VISITORS.items() if audience is not Audience.VOLUNTEER}


def for_staff(app):
    """The routes that somebody on the staff may look at and a stranger may not."""
    return [
        route
        for route in routes(app)
        if route.method == "GET" and not route.is_public and any(route.is_for(login) for login in STAFF)
    ]


def api_reads(site):
    """The routes of the API that read, by name."""
    return {name: rule for name, (rule, _door) in doors(site).items() if name.startswith("GET ")}


class TestTheTable:
    """trust.md G17: whether a route shows somebody is decided by an explicit table; a new route without a row fails."""

    def test_every_route_is_in_it_once(self, site):
        known = {route.endpoint for route in for_staff(site.app)}
        known |= {rule.endpoint for rule in api_reads(site).values()}

        assert set() == known - SIGHTS.keys() - SHOWS_NOBODY
        assert set() == SIGHTS.keys() & SHOWS_NOBODY
        assert set() == (SIGHTS.keys() | SHOWS_NOBODY) - known

    def test_the_person_is_named_by_a_part_of_the_address(self, site):
        rules = {rule.endpoint: rule for rule in site.app.url_map.iter_rules()}

        assert [] == [
            name for name, shown in SIGHTS.items() if shown.whose and shown.whose not in rules[name].arguments
        ]


class TestLines:
    """trust.md X15, G17: one look, one line, success and refusal alike; what shows nobody leaves none."""

    @pytest.mark.parametrize("login", STAFF)
    def test_every_page_leaves_the_line_of_its_row(self, site, login):
        visitor = site.visitor(login)
        wrong = []
        for route in for_staff(site.app):
            if route.is_for(login):
                before = len(site.sights())
                status = visitor.get(route.path).status_code
                shown = SIGHTS.get(route.endpoint)
                expected = int(shown is not None and not shown.if_told and status in {200, 404})
                lines = site.sights()[before:]
                if [route.endpoint] * expected != [line.what for line in lines]:
                    wrong.append((str(route), status, lines))

        assert [] == wrong

    def test_every_answer_of_the_api_leaves_the_line_of_its_row(self, site):
        wrong = []
        programs = {login: a_program(site, login) for login in STAFF}
        for name, rule in api_reads(site).items():
            program, before = programs[ROUTES[name][1].split()[0]], len(site.sights())
            status = program.get(path_of(site, rule)).status_code
            expected = int(rule.endpoint in SIGHTS and status in {200, 404})
            if expected != len(site.sights()) - before:
                wrong.append((name, status))

        assert [] == wrong

    def test_the_line_says_who_looked_at_whose(self, site):
        site.visitor("li").text(f"/people/{town.WANG}")

        (line,) = site.sights()
        assert ("S002", "web", "persons.person", town.WANG, "seen") == (
            line.actor,
            line.channel,
            line.what,
            line.subject,
            line.outcome,
        )

    def test_a_list_says_how_many_and_names_nobody(self, site):
        site.visitor("li").text("/people")

        (line,) = site.sights()
        assert ("persons.everybody", None) == (line.what, line.subject)
        assert line.shown is not None
        assert line.shown > 1

    def test_who_is_not_there_leaves_a_refusal(self, site):
        assert 404 == site.visitor("li").get(f"/people/{town.VOLUNTEER_ONLY_IN_YFL}").status_code

        (line,) = site.sights()
        assert ("refused", town.VOLUNTEER_ONLY_IN_YFL) == (line.outcome, line.subject)

    def test_what_is_no_number_is_not_written_down(self, site):
        assert 404 == site.visitor("li").get("/people/王秀英").status_code

        assert [None] == [line.subject for line in site.sights()]

    @pytest.mark.parametrize(("text", "lines"), [(town.WANG, 1), ("王秀英", 1), (town.SOAP_CODE, 0)])
    def test_the_till_leaves_one_only_where_it_shows_somebody(self, site, text, lines):
        assert 200 == site.visitor("zhao").get(f"/till/look?text={text}").status_code

        assert lines == len(site.sights())

    def test_looking_at_ones_own_leaves_none(self, site):
        volunteer = site.visitor(town.WANG)
        for path in ("/me", "/me/passbook", "/me/stars", "/seen"):
            volunteer.text(path)

        assert () == site.sights()

    def test_only_what_is_got_counts(self, site):
        site.visitor("li").client.head(f"/people/{town.WANG}")

        assert () == site.sights()


class TestWhoSeesIt:
    """trust.md X15, T25: a member sees who looked at their data; the auditor sees all of it."""

    def test_its_owner(self, site):
        site.visitor("li").text(f"/people/{town.WANG}")
        site.visitor("li").post(f"/people/{town.WANG}/document", {"purpose": "核对保险单"})

        page = said(site.visitor(town.WANG).get("/seen"))

        assert "李建国 S002 个人资料" in page
        assert "核对保险单" in page

    def test_nobody_else(self, site):
        site.visitor("li").text(f"/people/{town.WANG}")

        assert "李建国" not in said(site.visitor(town.ZHANG).get("/seen"))

    def test_the_auditor_who_leaves_a_line_too(self, site):
        site.visitor("li").text(f"/people/{town.WANG}")
        zhou = site.visitor("zhou")

        assert "个人资料" in said(zhou.get(f"/audit/sights?subject={town.WANG.lower()}"))
        assert "没有符合条件的记录" in said(zhou.get("/audit/sights?actor=S999"))

        assert ["persons.person", "seen.everything", "seen.everything"] == [line.what for line in site.sights()]

    def test_page_after_page(self, site):
        for _look in range(52):
            site.visitor("li").get(f"/people/{town.WANG}")

        assert "更早的" in site.visitor("zhou").text("/audit/sights")


class TestKept:
    """网络安全法: logs are kept for six months at least; the database itself refuses to lose a younger line."""

    def test_no_line_can_be_changed_or_deleted(self, site):
        site.visitor("li").text(f"/people/{town.WANG}")

        for statement in (sa.update(SightRow).values(actor="S009"), sa.delete(SightRow)):
            with pytest.raises(sa.exc.DatabaseError), site.engine.begin() as connection:
                connection.execute(statement)

        assert 1 == len(site.sights())
