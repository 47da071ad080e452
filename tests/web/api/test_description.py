"""What programmers read: the description of the API is valid, the reference shows all of it, the quick start works."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from html import unescape
from re import DOTALL, findall

import pytest
from openapi_spec_validator import validate
from werkzeug.serving import make_server

from tests.web.api.programs import PREFIX, a_program

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
            if method in {"get", "post"}
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
