"""How the API is asked: tokens, keys, strict JSON, lists, problems."""

import json

import pytest

from tests.web import town
from tests.web.api.programs import BASKET, PREFIX, Program, a_program, problem
from timebank.tokens.rules import Scope
from timebank.web.api.parsing import BODY_BYTES_MAX

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"])


@SQLITE
class TestTokens:
    """trust.md A13: scope, expiry and revocation hold, and a role that is taken is taken from the token."""

    @pytest.mark.parametrize("sent", ["", "Bearer", "Bearer tbk_xfl_nobody", "Basic dXNlcjpwYXNz", "Bearer \u00e9"])
    def test_without_one_that_works_nothing_is_told(self, site, sent):
        answer = site.app.test_client().get(f"{PREFIX}/me", headers={"Authorization": sent} if sent else {})

        problem(answer, 401, "token_missing")
        assert "Bearer" in answer.headers["WWW-Authenticate"]

    def test_a_cookie_is_worth_nothing(self, site):
        problem(site.visitor("li").get(f"{PREFIX}/me"), 401, "token_missing")

    def test_a_token_is_worth_nothing_on_a_page(self, site):
        zhou = a_program(site, "zhou")

        answer = zhou.client.get("/audit", headers={"Authorization": f"Bearer {zhou.token}"})

        assert 302 == answer.status_code

    def test_it_says_who_calls(self, site):
        told = a_program(site, "zhou").get("/me").json

        assert ("周会计", ["auditor"]) == (told["name"], told["roles"])

    def test_one_for_reading_writes_nothing(self, site):
        reader = a_program(site, "zhao", Scope.READ)
        before = site.state()

        problem(reader.post("/redemptions", BASKET), 403, "scope_missing")

        after = site.state()
        assert before == after | {"trail": before["trail"]}
        assert 1 == len(after["trail"]) - len(before["trail"])

    def test_a_program_issues_one_for_reading_alone_unless_more_is_asked_for(self, site):
        program = a_program(site, "li")

        issued = program.post("/tokens", {"name": "大屏"})

        assert 201 == issued.status_code
        (shown,) = [one for one in program.get("/tokens").json["items"] if one["id"] == issued.json["id"]]
        assert (["read"], "大屏") == (shown["scopes"], shown["name"])
        assert issued.headers["Location"] == f"{PREFIX}/tokens/{shown['id']}"
        assert "token" not in program.get(f"/tokens/{shown['id']}").json
        child = Program(site, issued.json["token"])
        assert "李建国" == child.get("/me").json["name"]
        problem(child.post("/tokens", {"name": "再发一个"}), 403, "scope_missing")

    def test_a_retry_is_given_the_same_token_and_nobody_else_is(self, site):
        program, other = a_program(site, "li"), a_program(site, "chen")

        first, again = (program.post("/tokens", {"name": "大屏"}, key="screen-0001") for _ in "ab")

        assert (201, first.data) == (again.status_code, again.data)
        assert first.json["token"] != other.post("/tokens", {"name": "大屏"}, key="screen-0001").json["token"]
        assert 2 == len(program.get("/tokens").json["items"])

    def test_nobody_gives_away_more_than_they_have_and_not_for_longer(self, site):
        program = a_program(site, "li", Scope.READ, Scope.TOKENS)
        (own,) = program.get("/tokens").json["items"]
        before = site.state()

        wider = {"name": "大屏", "scopes": ["read", "hours:write"]}
        problem(program.post("/tokens?dry_run=true", wider), 409, "token_beyond_own")

        assert before == site.state()
        assert own["expires_at"] == program.post("/tokens", {"name": "大屏", "days": 366}).json["expires_at"]

    def test_it_ends_itself(self, site):
        program = a_program(site, "li")
        (own,) = program.get("/tokens").json["items"]

        assert 204 == program.post(f"/tokens/{own['id']}/endings").status_code

        problem(program.get("/me"), 401, "token_missing")


class TestDoingOnce:
    """trust.md R8, R10, R11, G9: a key counts once and answers alike for ever."""

    def test_a_retry_gets_the_same_bytes_and_nothing_is_done_again(self, site):
        till = a_program(site, "zhao")

        first, again = (till.post("/redemptions", BASKET, key="till-1-0001") for _ in range(2))

        assert (201, 201) == (first.status_code, again.status_code)
        assert first.data == again.data
        assert first.headers["Location"] == again.headers["Location"]
        assert "Idempotency-Replayed" not in first.headers
        assert "true" == again.headers["Idempotency-Replayed"]
        assert 1 == sum(one["volunteer_number"] == town.WANG for one in till.get("/redemptions").json["items"])

    def test_a_refusal_is_repeated_to_the_byte_too(self, site):
        till = a_program(site, "zhao")
        too_much = BASKET | {"basket": [{"good_number": town.TOWEL, "pieces": 99}]}

        first, again = (till.post("/redemptions", too_much, key="till-1-0001") for _ in range(2))

        assert 409 == first.status_code
        assert first.data == again.data
        assert "true" == again.headers["Idempotency-Replayed"]

    def test_the_same_key_for_something_else_is_refused(self, site):
        till = a_program(site, "zhao")
        till.post("/redemptions", BASKET, key="till-1-0001")
        before = site.state()

        more = BASKET | {"basket": [{"good_number": town.SOAP, "pieces": 1}]}
        problem(till.post("/redemptions", more, key="till-1-0001"), 422, "request_key_reused")
        problem(till.post("/shifts", {"till": "1"}, key="till-1-0001"), 422, "request_key_reused")

        assert before == site.state()

    def test_two_programs_never_meet_in_one_key(self, site):
        first, other = a_program(site, "zhao"), a_program(site, "qian")

        assert 201 == first.post("/shifts", {"till": "1"}, key="the-same-key").status_code
        assert 201 == other.post("/shifts", {"till": "2"}, key="the-same-key").status_code

    def test_what_was_tried_first_leaves_nothing_and_uses_no_key(self, site):
        till = a_program(site, "zhao")
        before = site.state()

        tried = till.post("/redemptions?dry_run=true", BASKET, key=None)

        assert (200, "true") == (tried.status_code, tried.headers["Timebank-Dry-Run"])
        assert before == site.state()
        done = till.post("/redemptions", BASKET)
        assert tried.json["points_e2"] == done.json["points_e2"]

    def test_a_verification_repeated_later_answers_what_it_found_then(self, site):
        auditor, till = a_program(site, "zhou"), a_program(site, "zhao")
        first = auditor.post("/verifications", key="night-0001")
        till.post("/redemptions", BASKET)

        again = auditor.post("/verifications", key="night-0001")

        assert (200, first.data) == (again.status_code, again.data)
        assert 0 == first.json["findings_total"]

    @SQLITE
    def test_without_a_key_nothing_is_done(self, site):
        till = a_program(site, "zhao")
        before = site.state()

        problem(till.post("/redemptions", BASKET, key=None), 400, "idempotency_key_missing")
        for key in ("short", "k" * 101, "with blank", "schlüssel-1"):
            problem(till.post("/redemptions", BASKET, key=key), 400, "idempotency_key_wrong")

        assert before == site.state()


@SQLITE
class TestStrictJson:
    """trust.md N1-N10: whole numbers, each name once, bounded; what is malformed is told with its place."""

    @pytest.mark.parametrize(
        "text",
        [
            *("", "{", "NaN", '{"till": NaN}', '{"till": 1e400}', '{"a": 1.0}', '{"till": "1", "till": "2"}'),
            *("[" * 100_000, '{"a":' * 20 + "1" + "}" * 20, '{"a": ' + "9" * 40 + "}", '\ufeff{"till": "1"}'),
        ],
    )
    def test_what_is_no_strict_json_is_refused(self, site, text):
        till = a_program(site, "zhao")

        answer = till.post("/shifts", data=text.encode(), content_type="application/json")

        problem(answer, 400, "json_wrong")

    @pytest.mark.parametrize("pieces", [0, -1, 100, True, None, "5", [], {}, 2**31, 2**53 + 1])
    def test_what_is_no_number_of_pieces_is_told_with_its_place(self, site, pieces):
        basket = BASKET | {"basket": [{"good_number": town.TOWEL, "pieces": pieces}]}

        told = problem(a_program(site, "zhao").post("/redemptions", basket), 422, "invalid")

        assert ["/basket/0/pieces"] == [error["pointer"] for error in told["errors"]]

    def test_a_field_that_nobody_asked_for_is_refused(self, site):
        told = problem(
            a_program(site, "zhao").post("/redemptions", BASKET | {"community_id": town.YFL}), 422, "invalid"
        )

        assert ["/community_id"] == [error["pointer"] for error in told["errors"]]

    @pytest.mark.parametrize("text", ["a\0b", "\u202e王", "", " ", "长" * 21])
    def test_text_can_be_seen_and_is_bounded(self, site, text):
        problem(a_program(site, "zhao").post("/shifts", {"till": text}), 422, "invalid")

    @pytest.mark.parametrize("moment", ["2026-11-20T09:00:00", "2026-11-20", "24:00", "0001-01-01T00:00:00+14:00"])
    def test_a_moment_has_its_offset(self, site, moment):
        sent = {"title": "合唱", "service_class": "cleaning", "place": "3号楼", "leader": "李建国"}
        answer = a_program(site, "li").post("/activities", sent | {"starts_at": moment, "ends_at": moment})

        told = problem(answer, 422, "invalid")

        assert {"/starts_at", "/ends_at"} == {error["pointer"] for error in told["errors"]}

    def test_another_content_type_is_refused(self, site):
        till = a_program(site, "zhao")

        problem(till.post("/shifts", data=b"till=1", content_type="text/plain"), 415, "not_json")

    def test_what_is_too_large_is_refused(self, site):
        till = a_program(site, "zhao")
        large = b" " * (BODY_BYTES_MAX + 1)

        problem(till.post("/shifts", data=large, content_type="application/json"), 413, "too_large")

    @pytest.mark.parametrize("query", ["?limit=0", "?limit=201", "?limit=x", "?limit=1&limit=2", "?page=2", "?q=%00"])
    def test_an_address_is_read_as_strictly(self, site, query):
        told = problem(a_program(site, "li").get(f"/volunteers{query}"), 422, "invalid")

        assert told["errors"][0]["parameter"] in {"limit", "page", "q"}


@SQLITE
class TestProblems:
    """experience.md 4.2: every «no» is problem+json, and its type is a page."""

    def test_its_type_is_a_page_with_the_sentence(self, site):
        reader = a_program(site, "zhao", Scope.READ)
        told = problem(reader.post("/shifts", {"till": "1"}), 403, "scope_missing")

        page = site.visitor().text(told["type"])

        assert "scope_missing" in page

    def test_it_speaks_the_language_asked_for(self, site):
        program = a_program(site, "zhou")

        told = program.get("/volunteers/V9999", headers={"Accept-Language": "en"}).json

        assert told["detail"].isascii()
        assert "V9999" in told["detail"]

    def test_another_method_is_refused_with_those_that_there_are(self, site):
        answer = a_program(site, "zhou").client.put(f"{PREFIX}/redemptions")

        problem(answer, 405, "method_not_allowed")
        assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))

    def test_what_is_not_there_is_not_there(self, site):
        problem(a_program(site, "zhou").get("/nothing"), 404, "not_found")

    def test_several_reasons_are_told_each(self, site):
        lines = [{"good_number": town.TOWEL, "pieces": 99}, {"good_number": town.RICE, "pieces": 1}]

        answer = a_program(site, "zhao").post("/redemptions", BASKET | {"basket": lines})

        assert len(json.loads(answer.data)["errors"]) >= 2

    def test_a_page_of_a_problem_that_never_is_is_not_there(self, site):
        assert 404 == site.visitor().get("/problems/never").status_code


class TestLists:
    """experience.md 4.2: cursors, one stable order, Link, CSV; an answer that is known is not sent again."""

    @pytest.mark.parametrize(
        ("login", "path"),
        [
            ("li", "/volunteers"),
            ("li", "/activities"),
            ("li", "/service-records"),
            ("zhou", "/entries"),
            ("zhou", "/accounts"),
            ("zhou", "/trail"),
            ("zhao", "/goods"),
            ("zhao", "/donations"),
            ("zhou", f"/volunteers/{town.WANG}/passbook/lines"),
            ("zhou", f"/stock-movements?good={town.SOAP}"),
        ],
    )
    def test_page_by_page_is_the_same_as_all_at_once(self, site, login, path):
        program = a_program(site, login)
        whole = program.get(path + ("&" if "?" in path else "?") + "limit=200").json

        found, following = [], path + ("&" if "?" in path else "?") + "limit=2"
        for _ in range(12):
            answer = program.get(following)
            found += answer.json["items"]
            if answer.json["next_cursor"] is None:
                break
            following = answer.headers["Link"].split(">")[0].removeprefix(f"<{PREFIX}")

        assert whole["items"][: len(found)] == found
        assert len(found) in {24, len(whole["items"])}

    @SQLITE
    def test_a_cursor_of_nobody_is_refused(self, site):
        program = a_program(site, "zhou")

        for cursor in ("x", "bnVsbA==", "W10=", "IlYwMDAxIg=="):
            problem(program.get(f"/entries?cursor={cursor}"), 400, "cursor_wrong")

    @SQLITE
    def test_a_table_is_given_where_one_is_asked_for(self, site):
        answer = a_program(site, "zhao").get("/goods", headers={"Accept": "text/csv"})

        assert "text/csv; charset=utf-8" == answer.content_type
        first, *rows = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
        assert "number" in first.split(",")
        assert 4 == len(rows)

    @SQLITE
    def test_what_is_known_is_not_sent_again(self, site):
        program = a_program(site, "zhao")
        tag = program.get("/goods").headers["ETag"]

        again = program.get("/goods", headers={"If-None-Match": tag})

        assert (304, b"") == (again.status_code, again.data)
        assert "no-store" == again.headers["Cache-Control"]
