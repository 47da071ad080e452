"""Two users at every route with an id: what the one has is asked for by the other, with what would fit."""

from datetime import timedelta
from re import sub

import pytest

from tests.web import town
from tests.web.api.programs import PREFIX, a_program
from tests.web.api.test_routes import LOGINS, NOBODY, ROUTES, doors
from timebank import clock
from timebank.ledger.days import day_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def ids_there(there):
    """Something of each kind that another community has, by the name that it has in an address."""
    admin, li, zhou = there["admin"], there["li"], there["zhou"]
    zhou.post("/exports", {"form": "csv"})
    admin.post("/webhooks", {"url": "https://example.org/", "topics": ["market"]})
    document = admin.get("/rule-versions").json["items"][-1]["document"] | {"star_notice_working_days": 6}
    proposed = {"document": document, "valid_from": str(day_of(clock.now()) + timedelta(days=20)), "reason": "试一试"}
    answer = admin.post("/rule-proposals", proposed)
    assert 200 == answer.status_code, answer.get_data(as_text=True)
    lists = {
        "record_id": (li, "/service-records", "id"),
        "award_id": (li, "/star-awards", "award_id"),
        "proposal_id": (admin, "/rule-proposals", "proposal_id"),
        "token_id": (admin, "/tokens", "id"),
        "webhook_id": (admin, "/webhooks", "id"),
        "export_id": (zhou, "/exports", "id"),
    }
    found = {name: who.get(path).json["items"] for name, (who, path, _) in lists.items()}
    assert all(found.values()), {name for name, items in found.items() if not items}
    return {name: items[0][lists[name][2]] for name, items in found.items()}


def tried(program, described, name, path):
    """Ask for something, or try to do it with the example of the description."""
    method, rule = name.split(" ", 1)
    route = described["paths"][PREFIX + sub("<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule)][method.lower()]
    body = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    shape = described["components"]["schemas"].get(body.get("$ref", "").split("/")[-1], {})
    if method == "GET":
        return program.get(path)
    sent = shape.get("examples", [{}])[0]
    return program.send(method, f"{path}?dry_run=true", sent, headers={"If-Match": "*"})


def with_an_id(site, theirs):
    """Every route whose address holds an id of one of these kinds: who may ask, its name, its path with their id."""
    for name, (rule, _) in doors(site).items():
        if not theirs.keys().isdisjoint(rule.arguments):
            parts = {part: theirs.get(part, NOBODY) for part in rule.arguments}
            path = site.app.url_map.bind("localhost").build(rule.endpoint, parts).removeprefix(PREFIX)
            yield from ((login, name, path) for login in ROUTES[name][1].split())


def test_no_route_gives_or_does_anything_by_an_id_of_another_community(site):
    """trust.md Z1, Z6, T11: it is not there."""
    there, here = (
        {login: a_program(site, login, community_id=community) for login in LOGINS}
        for community in (town.YFL, town.XFL)
    )
    asked = list(with_an_id(site, ids_there(there)))
    described = site.app.test_client().get(f"{PREFIX}/openapi.json").json
    before = site.state()

    answers = {f"{login} {name}": tried(here[login], described, name, path) for login, name, path in asked}

    assert len(asked) > 25
    assert {} == {asked: answer.data for asked, answer in answers.items() if 404 != answer.status_code}
    assert before == site.state()
