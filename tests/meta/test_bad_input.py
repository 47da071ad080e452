"""Whatever is sent to whichever route: a page that says what is wrong, nothing changed, and never a broken page.

Source: trust.md, cases N, R8, W11, W13, W17, W18, Z8.
"""

import re
from urllib.parse import quote

import pytest

from tests.meta.routes import EXAMPLES, VISITORS, routes

NASTY = {
    "a NUL": "\0",
    "letters": "abc",
    "a number beyond every count": "9" * 40,
    "SQL": "' OR 1=1;--",
    "a script": '"><script>alert(1)</script>',
    "text that turns round": "\u202e王",
    "half a character": "\ufffd",
    "rare hanzi": "𠮷龘",
    "other digits": "٣²１２",
    "ten thousand characters": "长" * 10_000,
    "a line end": "a\r\nSet-Cookie: b=c",
}
WORST = ("a NUL", "letters", "a number beyond every count", "a line end", "half a character")
KEYS = ("a NUL", "rare hanzi", "ten thousand characters")
QUERIES = {
    "volunteer.passbook": ("before",),
    "volunteer.hours": ("before",),
    "coordinator.new_activity": ("like",),
    "coordinator.activities": ("before",),
    "hours.record_hours": ("again",),
    "persons.everybody": ("q",),
    "persons.person": ("before",),
    "till.redemptions": ("day",),
    "looking.look": ("text",),
    "reservations.waiting": ("code",),
    "auditor.accounts": ("as_of",),
    "auditor.account": ("before",),
    "auditor.holders": ("kind", "unit", "as_of"),
    "auditor.journal": ("kind", "actor", "owner", "account", "source", "first_on", "last_on", "before"),
    "auditor.trail_page": ("actor", "subject", "verb", "before"),
    "evidence.check": ("code",),
    "star_notices.notices": ("number",),
    "session.sign_in": ("next", "community"),
    "public.home": ("community",),
}
"""What pages read from their addresses."""
OTHERS = ("_external", "_scheme", "_anchor", "endpoint", "values", "self")
"""Names that mean something to the makers of links, and nothing in an address."""
FIELDS = (
    *("number", "name", "login", "password", "reason", "record", "award", "rating_for_all", "barcode", "good", "code"),
    *("pieces", "partner", "wanted_from", "price-G0001", "rating-x", "answer-x", "day", "begins", "ends", "capacity"),
    *("area", "default", "names", "came", "minutes", "remark", "step", "text", "language", "back", "form", "born_on"),
    *("document_kind", "document_number", "sex", "role", "purpose", "proposal", "valid_from", "cause", "lot", "note"),
)
DATABASE_FREE = pytest.mark.parametrize("database_kind", ["sqlite"])


def who_may(route):
    """A login name of somebody for whom a route is; nobody for public ones."""
    return None if route.is_public else next(login for login in VISITORS if route.is_for(login))


@pytest.fixture
def visitors(site):
    """Everybody, signed in once."""
    return {login: site.visitor(login) for login in (None, *VISITORS)}


def broken(answer):
    return answer.status_code >= 500


def is_plain(answer):
    """Whether an answer gives away nothing about the program; a token of chance may hold `.py` and a letter.

    A file that is taken away on purpose (the evidence holds its verifier) is no page.
    """
    if answer.mimetype == "application/zip":
        return True
    text = answer.get_data(as_text=True)
    return not re.search(r"""Traceback|sqlalchemy|psycopg|sqlite3|werkzeug|\.py[\s"',:)]""", text)


class TestNothingBreaksAPage:
    """trust.md G18: 0 × 5xx, whatever comes."""

    @pytest.mark.parametrize("what", NASTY)
    def test_in_an_address(self, site, visitors, what):
        asked = []
        for route in routes(site.app):
            for name, example in EXAMPLES.get(route.endpoint, {}).items():
                path = route.path.replace(quote(str(example), safe="/"), quote(NASTY[what], safe="/"), 1)
                visitor = visitors[who_may(route)]
                answer = visitor.post(path) if route.method == "POST" else visitor.get(path)
                asked.append((f"{route} {name}", answer))

        assert [] == [where for where, answer in asked if broken(answer) or not is_plain(answer)]

    @pytest.mark.parametrize("what", NASTY)
    def test_in_a_query(self, site, visitors, what):
        before = site.state()
        asked = {
            f"{route} {name}": visitors[who_may(route)].get(route.path, query_string={name: NASTY[what]})
            for route in routes(site.app)
            if route.method == "GET"
            for name in QUERIES.get(route.endpoint, ())
        }

        assert [] == [where for where, answer in asked.items() if broken(answer) or not is_plain(answer)]
        assert before == site.state()

    @DATABASE_FREE
    def test_in_a_query_that_no_page_reads(self, site, visitors):
        asked = {
            str(route): visitors[who_may(route)].get(route.path, query_string=dict.fromkeys(OTHERS, "javascript"))
            for route in routes(site.app)
            if route.method == "GET"
        }

        assert [] == [where for where, answer in asked.items() if broken(answer)]

    @pytest.mark.parametrize("what", WORST)
    def test_in_a_form(self, site, visitors, what):
        asked = {
            f"{route} {len(fields)}": visitors[who_may(route)].post(route.path, dict.fromkeys(fields, NASTY[what]))
            for route in routes(site.app)
            if route.method == "POST" and route.endpoint != "session.sign_out"
            for fields in ((), FIELDS)
        }

        assert [] == [where for where, answer in asked.items() if broken(answer) or not is_plain(answer)]

    @pytest.mark.parametrize("what", KEYS)
    def test_as_a_request_key(self, site, visitors, what):
        asked = {
            str(route): visitors[who_may(route)].post(route.path, key=NASTY[what])
            for route in routes(site.app)
            if route.method == "POST" and route.endpoint != "session.sign_out"
        }

        assert [] == [where for where, answer in asked.items() if broken(answer)]


@DATABASE_FREE
class TestTheShapeOfARequest:
    """trust.md N10, W5, W17: wrong content types, unknown and repeated fields, what is too large."""

    @pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data", ""])
    def test_another_content_type_is_never_done(self, site, visitors, kind):
        before = site.state()
        token = {"X-CSRFToken": ""}

        for route in routes(site.app):
            if route.method == "POST" and route.endpoint not in {"session.sign_out", "log_files.take_cosignature"}:
                visitor = visitors[who_may(route)]
                token = {"X-CSRFToken": visitor.token}
                answer = visitor.client.post(
                    route.path, data=b"[" * 2000, content_type=kind, headers=token, buffered=True
                )
                assert 400 <= answer.status_code < 500, route

        assert before == site.state()

    def test_a_form_too_large_is_refused(self, visitors):
        answer = visitors["li"].post("/people/new", {"name": "王" * 400_000})

        assert 413 == answer.status_code
        assert "太大" in answer.get_data(as_text=True)

    def test_a_body_too_large_is_refused_before_it_is_read(self, visitors):
        answer = visitors["li"].client.post(
            "/v", environ_overrides={"CONTENT_LENGTH": str(20 * 1024 * 1024)}, buffered=True
        )

        assert 413 == answer.status_code

    def test_a_field_that_nobody_asked_for_is_refused(self, site, visitors):
        before = site.state()

        answer = visitors["li"].post("/people/new", {"name": "李四", "community_id": "yfl"})

        assert 400 == answer.status_code
        assert "这一页没有这一项" in answer.get_data(as_text=True)
        assert before == site.state()

    def test_a_field_that_comes_twice_is_refused(self, site, visitors):
        before = site.state()

        answer = visitors["li"].post("/people/new", {"name": ["李四", "李五"]})

        assert 400 == answer.status_code
        assert "只能填一个" in answer.get_data(as_text=True)
        assert before == site.state()


@DATABASE_FREE
class TestHosts:
    """trust.md W8, W13, W14: only our own names, and nothing about what runs here."""

    @pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "", "a b"])
    def test_another_host_name_is_refused_without_any_link(self, site, host):
        answer = site.visitor().get("/", headers={"Host": host})

        assert 400 == answer.status_code
        assert "evil" not in answer.get_data(as_text=True)

    def test_what_a_proxy_may_claim_does_not_change_links(self, site):
        page = site.visitor("admin").post(
            "/staff/login", {"number": "S002"}, headers={"X-Forwarded-Host": "evil.example"}
        )

        assert "evil" not in page.get_data(as_text=True)

    @pytest.mark.parametrize(
        "path", ["/.git/config", "/static/../app.py", "/static/%2e%2e/app.py", "/metrics", "/console"]
    )
    def test_what_is_no_page_is_not_there(self, site, path):
        assert 404 == site.visitor("admin").get(path).status_code
