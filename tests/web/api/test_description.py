"""What programmers read: the description of the API is valid, the reference shows all of it, the quick start works."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from html import unescape
from re import DOTALL, findall, sub

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from werkzeug.serving import make_server

from tests.web.api.programs import PREFIX, a_program

NOBODY = "00000000-0000-7000-8000-000000000000"
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def description(site):
    """The description as a program reads it, without a token."""
    return site.app.test_client().get(f"{PREFIX}/openapi.json").json


class TestDescription:
    """experience.md 4.2: OpenAPI 3.1 that validates, with security schemes."""

    def test_it_is_valid(self, site):
        described = description(site)

        validate(described)
        assert "3.1.0" == described["openapi"]

    def test_every_route_says_for_which_scope_it_is_and_how_it_refuses(self, site):
        operations = [
            operation
            for path in description(site)["paths"].values()
            for method, operation in path.items()
            if method in {"get", "post", "patch"}
        ]

        assert all(operation["security"][0]["bearer"] for operation in operations)
        assert all({"401", "403", "404"} <= operation["responses"].keys() for operation in operations)
        assert len(operations) == len({operation["operationId"] for operation in operations})

    def test_whatever_is_posted_takes_a_key_and_may_be_tried(self, site):
        for path in description(site)["paths"].values():
            if "post" in path:
                names = {each["name"] for each in path["post"]["parameters"]}
                assert {"Idempotency-Key", "dry_run"} <= names

    def test_nothing_unknown_is_taken(self, site):
        shapes = description(site)["components"]["schemas"]

        assert all(shapes[name]["additionalProperties"] is False for name in shapes if name.endswith("Sent"))


class TestReference:
    """experience.md 4.2: a reference page served by ourselves, without anything from elsewhere."""

    def test_every_route_and_every_shape_stands_on_it(self, site):
        page, described = site.visitor().text("/api"), description(site)

        missing = [path for path in described["paths"] if unescape(path) not in unescape(page)]
        assert [] == missing
        assert all(f'id="shape-{name}"' in page for name in described["components"]["schemas"])

    def test_nothing_on_it_comes_from_elsewhere(self, site):
        page = site.visitor().text("/api")

        assert [] == findall(r'(?:src|href)="https?://', page)


@contextmanager
def serving(site):
    """Serve the site on a port of this machine."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def example(site, name):
    """The text of an example on the reference page."""
    (text,) = findall(f'<pre id="{name}">(.*?)</pre>', site.visitor().text("/api"), DOTALL)
    return unescape(text)


class TestQuickStart:
    """experience.md 4.2: the examples of the reference run as a test, over HTTP."""

    @pytest.fixture
    def settled(self, site):
        """The service over the town's database, and what the examples ask for in the environment."""
        with serving(site) as root:
            program = a_program(site, "zhao")
            yield os.environ | {"API": f"{root}{PREFIX}", "TOKEN": program.token}

    def test_python_reads_page_by_page_and_redeems_once(self, site, settled):
        ran = subprocess.run(
            [sys.executable, "-c", example(site, "python")], env=settled, capture_output=True, text=True, check=False
        )

        assert "" == ran.stderr
        assert ["4 goods", "R000002 5.0 points"] == ran.stdout.splitlines()

    def test_curl_tries_and_then_redeems(self, site, settled):
        commands = "\n".join(line for line in example(site, "curl").splitlines() if not line.startswith("export"))

        ran = subprocess.run(["bash", "-euc", commands], env=settled, capture_output=True, text=True, check=False)

        assert "" == ran.stderr
        assert '"number": "R000002"' in ran.stdout
        assert "香皂" in ran.stdout


class TestHealth:
    """experience.md 4.2: /healthz and /readyz; trust.md W14: metrics are nobody's."""

    def test_it_answers_without_a_name(self, site):
        stranger = site.visitor()

        assert "ok\n" == stranger.text("/healthz")
        assert "ready\n" == stranger.text("/readyz")
        assert 404 == stranger.get("/metrics").status_code


class TestExamples:
    """experience.md 4.2: every shape has an example, and an answer says where what was made is shown."""

    def test_every_shape_has_one_that_fits_it(self, site):
        described = description(site)
        shapes = described["components"]["schemas"]

        assert [] == [name for name, shape in shapes.items() if not shape["examples"]]
        wrong = {
            name: error.message
            for name, shape in shapes.items()
            for error in OAS31Validator({"$ref": f"#/components/schemas/{name}"} | described).iter_errors(
                shape["examples"][0]
            )
        }
        assert {} == wrong

    def test_what_is_sent_as_in_an_example_has_the_right_shape(self, site):
        program = {login: a_program(site, login) for login in ("admin", "li", "zhao", "zhou")}
        shapes = description(site)["components"]["schemas"]
        malformed = {}
        for path, methods in description(site)["paths"].items():
            for method in {"post", "patch"} & methods.keys():
                body = methods[method].get("requestBody", {}).get("content", {}).get("application/json", {})
                sent = shapes[body["schema"]["$ref"].split("/")[-1]]["examples"][0] if body else {}
                address = sub("{[^}]+_id}", NOBODY, sub("{(number|version)}", "9", path)).removeprefix(PREFIX)
                answers = [
                    who.send(method, f"{address}?dry_run=true", sent, headers={"If-Match": "*"})
                    for who in program.values()
                ]
                told = {answer.status_code: answer.get_data(as_text=True) for answer in answers}
                if 422 in told or 400 in told or max(told) >= 500:
                    malformed[f"{method} {path}"] = told

        assert {} == malformed

    def test_what_was_made_is_shown_where_the_link_leads(self, site):
        paths = description(site)["paths"]
        operations = {each["operationId"] for path in paths.values() for each in path.values() if "operationId" in each}
        links = [
            link
            for path in paths.values()
            for method, each in path.items()
            if method in {"get", "post", "patch"}
            for answer in each["responses"].values()
            for link in answer.get("links", {}).values()
        ]

        assert len(links) > 30
        assert {link["operationId"] for link in links} <= operations
        assert all("201" not in each["responses"] or each["responses"]["201"]["links"] for each in _posts(paths))


def _posts(paths):
    return [path["post"] for path in paths.values() if "post" in path]
