"""`timebank import`: what happens, what would happen, and what is wrong, line by line."""

import json

import pytest

from tests.cli.offices import a_delivery, a_register, balances, done, sheets, told
from tests.imports.builders import XFL, a_person, a_service
from timebank.books import trail
from timebank.books.trail import TrailFilter
from timebank.database import reading
from timebank.imports import queries
from timebank.imports.fields import HOURS
from timebank.imports.lines.columns import mapped
from timebank.imports.reading import read_table
from timebank.people.queries import all_volunteers

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])

WRONG = (a_service("V9999"), a_service("V0001", "2026-02-30 09:00"))


def everything(database):
    """What stands in the database, as far as a file could change it."""
    with reading(database.engine) as session:
        lines = trail.lines(session, XFL, wanted=TrailFilter(), limit=500)
        people = [person.number for person in all_volunteers(session, XFL)]
        return people, [batch.number for batch in queries.batches(session, XFL)], len(lines)


class TestImporting:
    """experience.md 4.3: the last line says what changed, and the next useful command."""

    def test_a_register(self, office, database, tmp_path):
        said = done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))

        assert (["V0001", "V0002"], ["B0001"]) == everything(database)[:2]
        assert "✓ 已登记 2 人，批次 B0001。下一步：timebank volunteer list" == said.err.strip().splitlines()[-1]
        assert "0 → 2" in said.out

    def test_what_waits_names_the_next_command(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))

        said = done(office("import", "opening", balances(tmp_path), "--as", "chen"))

        assert "下一步：timebank batch confirm B0002 --as" in said.err
        assert "0分 → 10小时" in said.out

    @on_sqlite
    def test_one_document_for_programs(self, office, tmp_path):
        answer = told(done(office("import", "volunteers", a_register(tmp_path), "--as", "chen", "--json")))

        assert {"batch": "B0001", "rows": 2, "state": "confirmed", "dry_run": False}.items() <= answer.items()

    @on_sqlite
    def test_tells_which_columns_it_does_not_read(self, office, tmp_path):
        path = tmp_path / "名单.csv"
        path.write_text("姓名,手机号,血型\n石静,19900000001,A\n", encoding="utf-8")

        assert "这些列没有读：血型。" in done(office("import", "volunteers", path, "--as", "chen")).err

    @on_sqlite
    def test_in_english(self, office, tmp_path):
        said = done(office("--lang", "en", "import", "volunteers", a_register(tmp_path), "--as", "chen"))

        assert "2 people registered, batch B0001" in said.err
        assert "Volunteers in all" in said.out


class TestADryRun:
    """I10: a dry run is the real run, undone: it says the same, and writes nothing."""

    def test_says_exactly_what_the_real_run_does(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
        command = ("import", "hours", sheets(tmp_path), "--as", "chen")

        tried = told(done(office(*command, "--dry-run", "--json")))
        real = told(done(office(*command, "--json")))

        assert tried | {"dry_run": False} == real
        assert (120, 2000) == (tried["minutes"], tried["points_e2"])

    @pytest.mark.parametrize("kind", ["volunteers", "hours", "opening", "goods"])
    def test_writes_nothing(self, office, database, tmp_path, kind):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
        another = a_register(tmp_path, a_person("V0003", "史红梅"))
        files = {"hours": sheets, "opening": balances, "goods": a_delivery}
        before = everything(database)

        said = done(
            office("import", kind, files[kind](tmp_path) if kind in files else another, "--as", "chen", "--dry-run")
        )

        assert before == everything(database)
        assert "什么都没有写入" in said.err

    def test_takes_a_day_and_clocks(self, office, database, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
        before = everything(database)
        path = tmp_path / "签到.csv"
        rows = (
            "活动编号,志愿者编号,日期,开始,结束,服务类型,负责人",
            "HD1,V0001,2026-10-10,9点半,上午11:00,环境清洁,冯国强",
        )
        path.write_text("\n".join(rows), encoding="utf-8")

        tried = told(done(office("import", "hours", path, "--as", "chen", "--dry-run", "--json")))

        assert 90 == tried["minutes"]
        assert before == everything(database)

    @on_sqlite
    def test_leaves_no_file_either(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
        before = sorted(tmp_path.iterdir())
        path = sheets(tmp_path, *WRONG)

        said = office("import", "hours", path, "--as", "chen", "--dry-run")

        assert 3 == said.code
        assert sorted([*before, path]) == sorted(tmp_path.iterdir())


class TestAWrongFile:
    """Every wrong line with its reason, a file to mend, and nothing written."""

    @pytest.fixture(autouse=True)
    def two_people(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))

    def test_is_told_line_by_line(self, office, database, tmp_path):
        before = everything(database)[:2]

        said = office("import", "hours", sheets(tmp_path, *WRONG), "--as", "chen")

        assert 3 == said.code
        assert "没有编号为 V9999 的志愿者。" in said.out
        assert "“开始时间”写的是“2026-02-30 09:00”，没有这一天。" in said.out
        assert "文件里有 2 行要改（第 2、3 行）。没有导入任何一行。" in said.err
        assert before == everything(database)[:2]

    def test_leaves_one_line_in_the_trail(self, office, database, tmp_path):
        before = everything(database)[2]

        office("import", "hours", sheets(tmp_path, *WRONG), "--as", "chen")

        assert before + 1 == everything(database)[2]

    @on_sqlite
    def test_comes_back_as_a_file_to_mend(self, office, tmp_path):
        path = sheets(tmp_path, *WRONG, a_service())

        office("import", "hours", path, "--as", "chen")

        mended = read_table("a", (tmp_path / "时长-errors.csv").read_bytes())
        assert ("行号", "问题", "怎么改") == mended.headings[-3:]
        assert ["2", "3", "4"] == [row.cells[-3] for row in mended.rows]
        assert "没有编号为 V9999 的志愿者。" == mended.rows[0].cells[-2]
        assert ("", "") == mended.rows[2].cells[-2:]
        assert mapped(read_table("a", path.read_bytes()), HOURS).content_key == mapped(mended, HOURS).content_key

    @on_sqlite
    def test_never_replaces_a_file_that_somebody_is_mending(self, office, tmp_path):
        path = sheets(tmp_path, *WRONG)
        (tmp_path / "时长-errors.csv").write_text("in work", encoding="utf-8")

        said = office("import", "hours", path, "--as", "chen")

        assert "in work" == (tmp_path / "时长-errors.csv").read_text(encoding="utf-8")
        assert (tmp_path / "时长-errors-2.csv").exists()
        assert "时长-errors-2.csv" in said.err

    @on_sqlite
    def test_goes_where_it_is_wanted(self, office, tmp_path):
        office(
            "import", "hours", sheets(tmp_path, *WRONG), "--as", "chen", "--dry-run", "--errors", tmp_path / "改.csv"
        )

        assert (tmp_path / "改.csv").exists()

    @on_sqlite
    def test_says_so_where_it_cannot_be_written(self, office, tmp_path):
        said = office(
            "import", "hours", sheets(tmp_path, *WRONG), "--as", "chen", "--errors", tmp_path / "no" / "x.csv"
        )

        assert "写不进去" in said.err
        assert 3 == said.code

    @on_sqlite
    def test_is_one_document_for_programs(self, office, tmp_path):
        said = office("import", "hours", sheets(tmp_path, *WRONG), "--as", "chen", "--json")

        answer = json.loads(said.out)
        assert "file_has_problems" == answer["refused"]
        assert [(2, "no_such_volunteer"), (3, "no_such_day")] == [
            (each["line"], each["code"]) for each in answer["problems"]
        ]
        assert str(tmp_path / "时长-errors.csv") == answer["error_file"]

    @on_sqlite
    def test_in_english(self, office, tmp_path):
        said = office("--lang", "en", "import", "hours", sheets(tmp_path, *WRONG), "--as", "chen")

        assert "There is no volunteer V9999." in said.out
        assert "2 lines of the file are wrong" in said.err

    @on_sqlite
    def test_rows_that_are_in_the_books_are_counted_apart(self, office, tmp_path):
        done(office("import", "hours", sheets(tmp_path), "--as", "chen"))

        mixed = office(
            "import", "hours", sheets(tmp_path, a_service(), a_service("V9999"), name="b.csv"), "--as", "chen"
        )
        known = office("import", "hours", sheets(tmp_path, a_service(sheet="QD-2"), name="c.csv"), "--as", "chen")

        assert (3, 5) == (mixed.code, known.code)
        assert "另有 1 行以前已经录入" in mixed.err
        assert "以前已经录入（第 2 行）。没有导入任何一行。" in known.err


class TestExitCodes:
    """experience.md 4.3."""

    def test_the_same_file_twice_is_a_conflict(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))

        said = office("import", "volunteers", a_register(tmp_path), "--as", "li")

        assert 5 == said.code
        assert "B0001" in said.err

    @on_sqlite
    def test_who_may_not_is_told_so(self, office, tmp_path):
        assert 7 == office("import", "volunteers", a_register(tmp_path), "--as", "zhou").code

    @on_sqlite
    def test_nobody_of_this_name(self, office, tmp_path):
        assert 4 == office("import", "volunteers", a_register(tmp_path), "--as", "nobody").code

    @on_sqlite
    def test_in_whose_name(self, office, tmp_path):
        said = office("import", "volunteers", a_register(tmp_path))

        assert 3 == said.code
        assert "--as" in said.err

    @on_sqlite
    def test_a_file_that_is_not_there(self, office, tmp_path):
        assert 2 == office("import", "volunteers", tmp_path / "none.csv", "--as", "chen").code

    @on_sqlite
    @pytest.mark.parametrize(
        "content", [b"", b"MZ\x90\x00", b"a,b\n1,2\n", b"\xff" * 40], ids=["empty", "exe", "csv", "x"]
    )
    def test_a_file_that_is_no_table(self, office, tmp_path, content):
        path = tmp_path / "x.csv"
        path.write_bytes(content)

        said = office("import", "hours", path, "--as", "chen")

        assert 3 == said.code
        assert "没有导入" in said.err

    @on_sqlite
    def test_a_key_is_used_for_one_thing(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen", "--key", "once-and-for-all"))
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen", "--key", "once-and-for-all"))

        other = a_register(tmp_path, a_person("V0009", "赖建国"))
        said = office("import", "volunteers", other, "--as", "chen", "--key", "once-and-for-all")

        assert 5 == said.code

    @on_sqlite
    @pytest.mark.parametrize("key", ["short", "with blank in it", "x" * 101])
    def test_a_key_that_is_none(self, office, tmp_path, key):
        assert 3 == office("import", "volunteers", a_register(tmp_path), "--as", "chen", "--key", key).code
