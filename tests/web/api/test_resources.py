"""Files, notices, ratings, places and changes through the API: the same operations as the pages."""

import base64
from datetime import timedelta

import pytest

from tests.web import town
from tests.web.api.programs import a_program, problem
from timebank import clock
from timebank.ledger.days import day_of

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"])
NOBODY = "00000000-0000-7000-8000-000000000000"
REGISTER = "姓名,手机号\n新人甲,13911112222\n新人乙,13911113333\n"


def a_file(text, **changes):
    """A file as a program sends it."""
    content = base64.b64encode(text.encode()).decode()
    return {"kind": "volunteers", "file_name": "名单.csv", "content_base64": content} | changes


class TestImports:
    """trust.md I10: all of a file, or nothing of it and every wrong row named."""

    def test_a_register_comes_in_once_and_is_taken_back(self, site):
        program = a_program(site, "li")
        before = len(program.get("/volunteers?limit=200").json["items"])

        first, again = (program.post("/imports", a_file(REGISTER), key="register-0001") for _ in "ab")

        assert (201, first.data) == (again.status_code, again.data), first.data
        number = first.json["batch"]
        assert first.headers["Location"].endswith(f"/imports/{number}")
        assert before + 2 == len(program.get("/volunteers?limit=200").json["items"])
        assert number == program.get("/imports?state=confirmed").json["items"][0]["number"]
        assert 200 == program.post(f"/imports/{number}/reversals", {"reason": "重复的名单"}).status_code
        assert "undone" == program.get(f"/imports/{number}").json["state"]
        assert before == len(program.get("/volunteers?limit=200").json["items"])

    def test_what_is_wrong_is_named_row_by_row_and_nothing_came_in(self, site):
        program = a_program(site, "li")
        wrong = a_file(REGISTER + "新人丙,139\n,13911114444\n")
        before = site.state()

        tried = problem(program.post("/imports?dry_run=true", wrong), 409, "file_has_problems")

        assert [4, 5] == sorted({error["line"] for error in tried["errors"]})
        assert before == site.state()
        first, again = (program.post("/imports", wrong, key="register-0002") for _ in "ab")
        problem(first, 409, "file_has_problems")
        assert first.data == again.data

    @SQLITE
    def test_a_file_may_be_larger_than_other_documents_and_not_too_large(self, site):
        program = a_program(site, "li")

        large = program.post("/imports?dry_run=true", a_file(REGISTER + "," * 400_000))
        too_large = program.post("/imports?dry_run=true", a_file("x" * 9_000_000))

        assert large.status_code != 413
        problem(too_large, 413, "too_large")

    @SQLITE
    @pytest.mark.parametrize("content", ["%%%", "é", "YWJj\n=", 5])
    def test_what_is_no_base64_is_told_with_its_place(self, site, content):
        told = problem(a_program(site, "li").post("/imports", a_file("", content_base64=content)), 422, "invalid")

        assert ["/content_base64"] == [error["pointer"] for error in told["errors"]]

    @SQLITE
    def test_who_brought_it_does_not_confirm_it(self, site):
        text = f"志愿者编号,姓名,累计分钟,结余积分,纸质存折号\n{town.NAMESAKE},王秀英,120,20,存折0002\n"
        program = a_program(site, "li")
        brought = program.post("/imports", a_file(text, kind="opening", file_name="纸质.csv")).json

        number = brought["batch"]
        problem(program.post(f"/imports/{number}/confirmations", {}), 409, "confirmer_is_maker")
        assert "confirmed" == a_program(site, "chen").post(f"/imports/{number}/confirmations", {}).json["state"]
        problem(program.post("/imports/B9999/confirmations", {}), 404, "no_such_batch")


class TestExports:
    """The journal for other judges: an export is the same whenever it is read."""

    def test_it_is_read_to_the_byte_after_the_books_have_grown(self, site):
        auditor, till = a_program(site, "zhou"), a_program(site, "zhao")
        made = auditor.post("/exports", {"form": "jsonl"})
        path = f"/exports/{made.json['id']}"
        before = auditor.get(f"{path}/content")

        assert 201 == made.status_code
        assert made.json["entries"] == len(before.get_data(as_text=True).splitlines())
        basket = [{"good_number": town.TOWEL, "pieces": 1}]
        assert 201 == till.post("/redemptions", {"volunteer_number": town.WANG, "basket": basket}).status_code
        assert before.data == auditor.get(f"{path}/content").data
        assert "jsonl" == auditor.get(path).json["form"]
        later = auditor.post("/exports", {"form": "jsonl"}).json
        assert [later["id"], made.json["id"]] == [one["id"] for one in auditor.get("/exports").json["items"]]
        assert later["entries"] == made.json["entries"] + 1

    @SQLITE
    @pytest.mark.parametrize("form", ["hledger", "beancount", "csv"])
    def test_other_programs_have_their_own_format(self, site, form):
        auditor = a_program(site, "zhou")
        made = auditor.post("/exports", {"form": form}).json

        content = auditor.get(f"/exports/{made['id']}/content")

        assert 200 == content.status_code
        assert content.headers["Content-Disposition"].endswith(f".{form}")

    @SQLITE
    def test_one_that_never_was_is_not_there(self, site):
        problem(a_program(site, "zhou").get("/exports/00000000-0000-7000-8000-000000000000"), 404, "no_such_export")
        problem(a_program(site, "zhou").post("/exports", {"form": "pdf"}), 422, "invalid")


@SQLITE
class TestChanges:
    """experience.md 4.2: `ETag` and `If-Match` on what is changed; 428 without, 412 where somebody was faster."""

    def test_a_good_is_changed_by_who_has_read_it(self, site):
        program = a_program(site, "li")
        path = f"/goods/{town.TOWEL}"
        read = program.get(path)

        changed = program.send("PATCH", path, {"name": "大毛巾"}, headers={"If-Match": read.headers["ETag"]})

        assert (200, "大毛巾") == (changed.status_code, changed.json["name"]), changed.data
        assert read.json | {"name": "大毛巾"} == changed.json
        assert changed.headers["ETag"] == program.get(path).headers["ETag"] != read.headers["ETag"]
        late = program.send("PATCH", path, {"name": "小毛巾"}, headers={"If-Match": read.headers["ETag"]})
        problem(late, 412, "changed_since")
        assert "大毛巾" == program.get(path).json["name"]

    def test_without_a_tag_nothing_is_changed(self, site):
        before = site.state()
        program = a_program(site, "li")

        problem(program.send("PATCH", f"/goods/{town.TOWEL}", {"active": False}), 428, "if_match_missing")
        problem(program.send("PATCH", f"/volunteers/{town.WANG}", {"name": "王芳芳"}), 428, "if_match_missing")

        assert before == site.state() | {name: before[name] for name in ("api_token", "request", "trail")}

    def test_a_name_is_corrected_and_everything_else_stays(self, site):
        program = a_program(site, "li")
        path = f"/volunteers/{town.WANG}"
        known = program.get(path).json

        answer = program.send("PATCH", f"{path}?dry_run=true", {"name": "王芳芳"}, headers={"If-Match": "*"})
        assert (known | {"name": "王芳芳"}, "true") == (answer.json, answer.headers["Timebank-Dry-Run"])
        assert known == program.get(path).json
        answer = program.send("PATCH", path, {"name": "王芳芳"}, headers={"If-Match": "*"})

        assert known | {"name": "王芳芳"} == answer.json == program.get(path).json

    @pytest.mark.parametrize("sent", [{"number": "G9999"}, {"name": ""}, {"active": "yes"}, {"month_pieces_max": 1.0}])
    def test_only_what_can_be_changed_is_taken(self, site, sent):
        program = a_program(site, "li")

        answer = program.send("PATCH", f"/goods/{town.TOWEL}", sent, headers={"If-Match": "*"})

        assert answer.status_code in {400, 422}


@SQLITE
class TestSmallerThings:
    """Places, reservations, notices and ratings."""

    def test_places_are_added_once(self, site):
        program = a_program(site, "li")
        places = {"places": [{"area": "新片区", "building": "9号楼"}]}

        assert {"added": 2} == program.post("/org-units", places).json
        assert {"added": 0} == program.post("/org-units", places).json
        assert "9号楼" in {one["name"] for one in program.get("/org-units").json["items"]}

    def test_nobody_reserves_for_somebody_else(self, site):
        basket = {"volunteer_number": town.WANG, "basket": [{"good_number": town.TOWEL, "pieces": 1}]}

        problem(a_program(site, "zhao").post("/reservations", basket), 409, "reserve_for_another")

    def test_a_star_is_announced_objected_to_and_answered(self, site):
        opener, program = a_program(site, "chen"), a_program(site, "li")
        (case,) = [one["award_id"] for one in program.get("/star-awards").json["items"]][:1]
        noticed = opener.post("/notices", {"award_ids": [case]})
        if noticed.status_code == 409:
            noticed = program.post("/notices", {"award_ids": [case]})
        assert 200 == noticed.status_code, noticed.data
        assert [case] == [one["award_id"] for one in program.get("/notices").json["items"]]
        assert noticed.json["last_on"] > day_of(clock.now() - timedelta(days=1)).isoformat()

        number = program.post(f"/notices/{case}/objections", {"text": "没有来过那一次"}).json["number"]
        (objection,) = program.get(f"/notices/{case}").json["objections"]
        assert number == objection["number"]
        path = f"/notices/{case}/objections/{objection['objection_id']}/answers"
        answers = [who.post(path, {"answer": "查过签到表了，来过"}).status_code for who in (program, opener)]
        assert 204 in answers
        nobody = f"/notices/{case}/objections/{case}/answers"
        problem(program.post(nobody, {"answer": "查过签到表了"}), 404, "no_such_star_objection")

    def test_ratings_are_listed_and_taken_only_from_who_was_served(self, site):
        program = a_program(site, "li")
        rated = program.get("/ratings?limit=200").json["items"]
        records = {one["id"]: one["rating"] for one in program.get("/service-records?limit=200").json["items"]}

        assert {one["record_id"]: one["stars"] for one in rated} == {
            record: stars for record, stars in records.items() if stars is not None
        }
        sent = {"record_id": next(iter(records)), "code": "9700000000", "phone_tail": "0000", "stars": 5}
        assert program.post("/ratings", sent).status_code in {404, 409}

    def test_a_record_is_put_right(self, site):
        program = a_program(site, "li")
        (record, *_) = program.get("/service-records?state=approved").json["items"]

        answer = program.post(f"/service-records/{record['id']}/corrections", {"minutes": 30, "reason": "多记了半小时"})

        assert (200, "submitted") == (
            answer.status_code,
            program.get(f"/service-records/{answer.json['record']}").json["state"],
        )
        assert "reversed" == program.get(f"/service-records/{record['id']}").json["state"]


@SQLITE
class TestSeveralAtOnce:
    """experience.md 4.2: bulk is all or nothing, and a refusal names the row."""

    def test_the_wrong_person_of_several_is_named(self, site):
        people = [{"name": "新人甲"}, {"name": "新人乙", "phone": "139"}]

        told = problem(a_program(site, "li").post("/volunteers", {"people": people}), 409, "phone_invalid")

        assert ["/people/1"] == [error["pointer"] for error in told["errors"]]

    def test_the_wrong_lines_of_a_basket_are_named(self, site):
        basket = [{"good_number": town.TOWEL, "pieces": 99}, {"good_number": town.RICE, "pieces": 1}]

        told = a_program(site, "zhao").post("/redemptions", {"volunteer_number": town.WANG, "basket": basket}).json

        assert {"/basket/0", "/basket/1"} >= {error["pointer"] for error in told["errors"]} - {""}

    def test_every_wrong_line_of_a_sheet_is_named_and_none_is_recorded(self, site):
        program = a_program(site, "li")
        sheet = a_sheet(program, town.WANG, "V9999", town.NAMESAKE, town.WANG)
        before = site.state()

        told = problem(program.post("/service-record-batches?dry_run=true", sheet), 404, "no_such_volunteer")

        assert {"/lines/1", "/lines/3"} == {error["pointer"] for error in told["errors"]}
        assert before == site.state()

    def test_every_wrong_approval_is_named_and_nothing_is_approved(self, site):
        li, chen = a_program(site, "li"), a_program(site, "chen")
        (approved, *_) = li.get("/service-records?state=approved").json["items"]
        of_li = li.post("/service-record-batches", a_sheet(li, town.WANG)).json["records"]
        of_chen = chen.post("/service-record-batches", a_sheet(chen, town.NAMESAKE)).json["records"]
        before = site.state()

        told = problem(chen.post("/approvals?dry_run=true", deciding(*of_li, *of_li, NOBODY)), 409, "asked_twice")
        assert ["/decisions/1", "/decisions/2"] == [error["pointer"] for error in told["errors"]]
        told = chen.post("/approvals?dry_run=true", deciding(approved["id"], *of_li, *of_chen)).json
        assert {"/decisions/0": "record_not_waiting", "/decisions/2": "approver_is_recorder"} == {
            error["pointer"]: error["code"] for error in told["errors"]
        }
        assert before == site.state()

    def test_of_every_row_it_is_told_what_came_of_it_and_told_alike_again(self, site):
        li, chen = a_program(site, "li"), a_program(site, "chen")
        recorded = li.post("/service-record-batches", a_sheet(li, town.WANG, town.NAMESAKE)).json
        decisions = deciding(*recorded["records"])

        first, again = (chen.post("/approvals", decisions, key="evening-0001") for _ in "ab")

        assert (200, first.data) == (again.status_code, again.data), first.data
        assert [len(flags) > 0 for flags in recorded["flags"]].count(True) == recorded["flagged"]
        assert recorded["records"] == [row["record_id"] for row in first.json["rows"]]
        posted = [li.get(f"/service-records/{row['record_id']}").json["entry_seq"] for row in first.json["rows"]]
        assert posted == [row["seq"] for row in first.json["rows"]]


def a_sheet(program, *numbers):
    """A sheet of the cleaning of the day before, and who was there."""
    held = program.get("/activities/HD0002").json
    times = {name: held[name] for name in ("starts_at", "ends_at")}
    return {"activity_number": "HD0002", "lines": [{"volunteer_number": one} | times for one in numbers]}


def deciding(*record_ids):
    """Approvals of records, each with a word for what is flagged."""
    return {"decisions": [{"record_id": one, "answer": "签到表核对过"} for one in record_ids]}
