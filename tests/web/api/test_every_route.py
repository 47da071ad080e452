"""What holds for every route of the API: strict JSON, keys, lists, tags, tables, limits; a new route is asked too."""

import csv
import io
import json
from re import sub
from typing import Final

import pytest

from tests.web import town
from tests.web.api.programs import PREFIX, a_program, problem
from tests.web.api.test_routes import LOGINS, NOBODY, ROUTES, doors
from timebank.chance import fresh_key
from timebank.web.api.parsing import BODY_BYTES_MAX, DEPTH_MAX

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
WHERE = {"/volunteers/": town.WANG, "/activities/": "HD0001", "/partners/": "P001"}
"""Things of the town, by the beginning of the addresses under which they are shown."""


NO_NUMBERS: Final[tuple[object, ...]] = (5.0, 0.1, "5", True, 10**19, {})


class Walk:
    """Every route of the API, each with somebody who may ask it, an address, and what the description sends there."""

    def __init__(self, site):
        self.programs = {login: a_program(site, login) for login in LOGINS}
        self.described = site.app.test_client().get(f"{PREFIX}/openapi.json").json
        self.rules = {name: rule for name, (rule, _) in doors(site).items()}
        self.adapter = site.app.url_map.bind("localhost")

    def routes(self, *methods):
        """The routes of some methods: name, program, address, what is sent (None where nothing is)."""
        for name, rule in self.rules.items():
            method = name.split()[0]
            if method in methods:
                program = self.programs[ROUTES[name][1].split()[0]]
                yield name, program, self._path(rule), self._sent(rule, method)

    def lists(self):
        """The lists, each with its whole content; those of things that the town does not have are left out."""
        for name, program, path, _ in self.routes("GET"):
            rule = self.rules[name]
            parameters = self._operation(rule, "get").get("parameters", [])
            if "cursor" in {each["name"] for each in parameters}:
                answer = program.get(f"{path}?limit=200")
                assert answer.status_code in {200, 404} | ({422} if any(map(_is_needed, parameters)) else set()), name
                if answer.status_code == 200:
                    yield name, program, path, answer

    def _path(self, rule):
        number = next((one for beginning, one in WHERE.items() if rule.rule.startswith(PREFIX + beginning)), "X0001")
        parts = {"number": number, "seq": 1, "version": 1}
        address = self.adapter.build(rule.endpoint, {part: parts.get(part, NOBODY) for part in rule.arguments})
        return address.removeprefix(PREFIX)

    def _operation(self, rule, method):
        return self.described["paths"][sub("<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule.rule)][method]

    def _sent(self, rule, method):
        content = self._operation(rule, method.lower()).get("requestBody", {}).get("content", {})
        if not content:
            return None
        name = content["application/json"]["schema"]["$ref"].split("/")[-1]
        return self.described["components"]["schemas"][name]["examples"][0]


def _is_needed(parameter):
    return parameter["in"] == "query" and parameter.get("required", False)


def numbers_in(document, path=()):
    """The places of all whole numbers of a document, however deep."""
    if isinstance(document, bool):
        return
    if isinstance(document, int):
        yield path
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for name, part in inner:
        yield from numbers_in(part, (*path, name))


def with_at(document, path, value):
    """The same document with something else at one place."""
    copy = json.loads(json.dumps(document))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return copy


class TestStrictJsonEverywhere:
    """trust.md N1-N10, on every route that reads a document: nothing of it is done."""

    def test_what_is_no_strict_json_is_refused_by_every_route(self, site):
        walk = Walk(site)
        before = site.state()
        taken = []
        for name, program, path, sent in walk.routes("POST", "PATCH"):
            if sent is None:
                continue
            whole = json.dumps(sent)[1:-1]
            wrong = [
                *('{"zz": NaN, ' + whole + "}", "{" + whole + ', "zz": 1, "zz": 1}', "[" * 100_000, "", "[]"),
                '{"zz": ' + "[" * DEPTH_MAX + "]" * DEPTH_MAX + ", " + whole + "}",
                '{"zz": 1, ' + whole + "}",
                "\ufeff{" + whole + "}",
            ]
            taken += [
                (name, text[:40]) for text in wrong if _sent_as(program, name, path, text).status_code not in {400, 422}
            ]

        assert [] == taken
        assert before == site.state()

    def test_no_route_takes_anything_but_whole_numbers(self, site):
        walk = Walk(site)
        before = site.state()
        places, taken = set(), []
        for name, program, path, sent in walk.routes("POST", "PATCH"):
            for place, value in _numbers_replaced(sent):
                places.add((name, place))
                answer = _sent_as(program, name, path, json.dumps(with_at(sent, place, value)))
                if answer.status_code not in {400, 422}:
                    taken.append((name, place, value))

        assert len(places) > 20
        assert [] == taken
        assert before == site.state()

    def test_every_route_bounds_what_it_reads_and_reads_nothing_but_json(self, site):
        walk = Walk(site)

        for name, program, path, sent in walk.routes("POST", "PATCH"):
            if sent is not None and name != "POST /imports":
                large = json.dumps(sent) + " " * BODY_BYTES_MAX
                problem(_sent_as(program, name, path, large), 413, "too_large")
                problem(_sent_as(program, name, path, json.dumps(sent), kind="text/plain"), 415, "not_json")


def _numbers_replaced(sent):
    """Yield every number's place in a document with each of what is no whole number."""
    for place in numbers_in(sent):
        if place[0] != "document":  # rules read rule documents, and refuse what is none
            yield from ((place, value) for value in NO_NUMBERS)


def _sent_as(program, name, path, text, kind="application/json"):
    return program.client.open(
        f"{PREFIX}{path}?dry_run=true",
        method=name.split()[0],
        data=text.encode(),
        content_type=kind,
        headers={"Authorization": f"Bearer {program.token}", "If-Match": "*"},
        buffered=True,
    )


class TestKeysEverywhere:
    """trust.md R8-R11, G9, on every route that posts."""

    def test_no_route_posts_without_a_key(self, site):
        walk = Walk(site)
        before = site.state()

        for _, program, path, sent in walk.routes("POST"):
            problem(program.post(path, sent, key=None), 400, "idempotency_key_missing")
            problem(program.post(path, sent, key="short"), 400, "idempotency_key_wrong")

        assert before == site.state()

    def test_every_route_tries_without_a_key_and_keeps_nothing(self, site):
        walk = Walk(site)
        before = site.state()

        tried = {
            name: program.post(f"{path}?dry_run=true", sent, key=None)
            for name, program, path, sent in walk.routes("POST")
        }

        assert [] == [name for name, answer in tried.items() if answer.status_code not in {200, 204, 403, 404, 409}]
        assert all("true" == one.headers["Timebank-Dry-Run"] for one in tried.values() if one.status_code < 300)
        assert before == site.state()

    def test_every_route_answers_a_retry_to_the_byte(self, site):
        walk = Walk(site)
        auditor = walk.programs["zhou"]
        reused = [
            auditor.post("/exports", {"form": "csv"}, key="month-0001"),
            auditor.post("/verifications", key="month-0001"),
        ]
        assert [201, 422] == [answer.status_code for answer in reused]
        differing, counted = [], 0

        for name, program, path, sent in walk.routes("POST"):
            if name == "POST /tokens/<uuid:token_id>/endings":
                continue
            key = fresh_key()
            first, again = (program.post(path, sent, key=key) for _ in "ab")
            other = program.post("/tokens" if name != "POST /tokens" else "/verifications", {"name": "别的"}, key=key)
            counted += "Idempotency-Replayed" in again.headers
            if (first.status_code, first.data) != (again.status_code, again.data):
                differing.append((name, first.data, again.data))
            if "Idempotency-Replayed" in again.headers and 422 != other.status_code:
                differing.append((name, first.data, other.data))

        assert [] == differing
        assert counted > 60


class TestListsEverywhere:
    """experience.md 4.2, on every list."""

    def test_every_list_is_walked_page_by_page(self, site):
        walked = 0
        for name, program, path, whole in Walk(site).lists():
            found, following = [], f"{path}?limit=1"
            for _ in range(3):
                answer = program.get(following)
                found += answer.json["items"]
                if answer.json["next_cursor"] is None:
                    assert "Link" not in answer.headers, name
                    break
                address, relation = answer.headers["Link"].split("; ")
                assert 'rel="next"' == relation
                following = address.strip("<>").removeprefix(PREFIX)
            wanted = whole.json["items"]
            if name != "GET /trail":  # each look at the trail is a line of it
                assert wanted[: len(found)] == found, name
            assert len(found) == min(3, len(wanted)) or name == "GET /trail", name
            walked += 1

        assert walked > 30

    def test_every_list_is_a_table_where_one_is_asked_for(self, site):
        for name, program, path, whole in Walk(site).lists():
            answer = program.get(f"{path}?limit=200", headers={"Accept": "text/csv"})

            assert "text/csv; charset=utf-8" == answer.content_type, name
            rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
            assert name == "GET /trail" or len(whole.json["items"]) == len(rows) - 1, name
            assert all(set(item) == {column.split(".")[0] for column in rows[0]} for item in whole.json["items"]), name

    def test_what_lies_within_something_is_a_column_of_its_own(self, site):
        answer = a_program(site, "zhao").get("/lots", headers={"Accept": "text/csv"})

        first, *rows = csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
        assert ("L000001", town.SOAP) == (first["lot.number"], first["lot.good_number"])
        assert not [cell for row in (first, *rows) for cell in row.values() if cell.startswith("{")]

    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=1&limit=2", "page=2", "nobody=1"])
    def test_every_list_reads_its_address_strictly(self, site, query):
        for _, program, path, _whole in Walk(site).lists():
            problem(program.get(f"{path}?{query}"), 422, "invalid")

    def test_every_list_refuses_a_cursor_that_it_never_gave(self, site):
        for _, program, path, _whole in Walk(site).lists():
            for cursor in ("x", "bnVsbA==", "W10="):
                problem(program.get(f"{path}?cursor={cursor}"), 400, "cursor_wrong")


class TestHeadersEverywhere:
    """experience.md 4.2: what is known is not sent again, what changed is not overwritten, and how much is left."""

    def test_what_is_known_is_not_sent_again(self, site):
        asked = 0
        for name, program, path, _ in Walk(site).routes("GET"):
            first = program.get(path)
            if first.status_code == 200 and first.content_type == "application/json" and name != "GET /trail":
                again = program.get(path, headers={"If-None-Match": first.headers["ETag"]})
                assert (304, b"") == (again.status_code, again.data), name
                asked += 1

        assert asked > 40

    def test_nothing_is_changed_that_was_not_read(self, site):
        before = site.state()

        for _, program, path, sent in Walk(site).routes("PATCH"):
            problem(program.send("PATCH", path, sent), 428, "if_match_missing")

        assert before == site.state() | {name: before[name] for name in ("api_token", "request", "trail")}

    def test_every_answer_tells_what_is_left_and_is_kept_by_nobody(self, site):
        for name, program, path, sent in Walk(site).routes("GET", "POST", "PATCH"):
            headers = program.send(name.split()[0], path, sent).headers

            assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Request-Id"} <= set(
                headers.keys()
            ), name
            assert "no-store" == headers["Cache-Control"], name

    def test_another_method_is_told_which_there_are(self, site):
        methods: dict[str, set[str]] = {}
        walk = Walk(site)
        for name, _, path, _sent in walk.routes("GET", "POST", "PATCH"):
            methods.setdefault(path, set()).add(name.split()[0])

        for path, known in methods.items():
            answer = walk.programs["li"].client.delete(PREFIX + path)
            problem(answer, 405, "method_not_allowed")
            assert known <= set(answer.headers["Allow"].split(", ")), path


class TestProblemsEverywhere:
    """experience.md 4.2: the type of every problem is a page."""

    def test_every_problem_that_is_met_has_its_page(self, site):
        walk = Walk(site)
        answers = [
            program.send(name.split()[0], f"{path}?dry_run=true" if sent is not None else path, sent)
            for name, program, path, sent in walk.routes("GET", "POST", "PATCH")
        ]
        met = {answer.json["type"] for answer in answers if answer.status_code >= 400}

        stranger = site.visitor()
        assert len(met) > 20
        assert {200} == {stranger.get(kind).status_code for kind in met}
