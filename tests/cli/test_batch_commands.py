"""`timebank batch`: what waits, what it brings, confirming and taking back."""

import pytest

from tests.cli.offices import a_register, balances, done, sheets, told
from tests.imports.builders import a_service

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture(autouse=True)
def two_files(office, tmp_path):
    """B0001, a register, counts; B0002, sign-in sheets, wait."""
    done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
    done(office("import", "hours", sheets(tmp_path), "--as", "chen"))


class TestLooking:
    """The second person sees what a batch will bring before it counts."""

    @on_sqlite
    def test_lists_the_newest_first_and_names_the_next_command(self, office):
        said = done(office("batch", "list"))

        assert ["B0002", "B0001"] == [line.split()[0] for line in said.out.splitlines()[1:]]
        assert "下一步：timebank batch show B0002" in said.err

    @on_sqlite
    def test_lists_one_state(self, office):
        assert ["B0002"] == [
            batch["number"] for batch in told(done(office("batch", "list", "--state", "pending", "--json")))
        ]

    @on_sqlite
    def test_shows_what_it_will_bring(self, office):
        said = done(office("batch", "show", "B0002"))

        assert "2小时" in said.out
        assert "0 → 20" in said.out
        assert "S002" in said.out

    @on_sqlite
    def test_shows_what_became_of_it(self, office):
        done(office("batch", "undo", "B0002", "--as", "chen", "--reason", "重复了"))

        said = done(office("batch", "show", "B0002"))

        assert "已撤销" in said.out
        assert "重复了" in said.out

    @on_sqlite
    def test_shows_one_document(self, office):
        done(office("batch", "confirm", "B0002", "--as", "li"))

        shown = told(done(office("batch", "show", "B0002", "--json")))

        assert ("confirmed", 120, 1) == (shown["state"], shown["summary"]["minutes"], shown["outcome"]["approved"])

    @on_sqlite
    def test_one_that_is_not_there(self, office):
        assert 4 == office("batch", "show", "B9999").code


class TestDeciding:
    """Four eyes; all of it or nothing."""

    def test_confirms(self, office):
        said = done(office("batch", "confirm", "B0002", "--as", "li"))

        assert "2小时" in said.out
        assert "下一步：timebank verify" in said.err
        assert 120 == told(done(office("passbook", "V0001", "--json")))["minutes"]

    def test_tries_without_writing(self, office):
        said = done(office("batch", "confirm", "B0002", "--as", "li", "--dry-run"))

        assert "什么都没有写入" in said.err
        assert 0 == told(done(office("passbook", "V0001", "--json")))["minutes"]

    @on_sqlite
    def test_nobody_confirms_what_they_brought(self, office):
        said = office("batch", "confirm", "B0002", "--as", "chen")

        assert 3 == said.code
        assert "要由另一位同事确认" in said.err

    @on_sqlite
    def test_the_clerk_confirms_nothing(self, office):
        assert 7 == office("batch", "confirm", "B0002", "--as", "zhao").code

    @on_sqlite
    def test_what_is_flagged_needs_an_answer(self, office, tmp_path):
        path = sheets(tmp_path, a_service("V0002", ends="2026-10-10 14:00"), name="b.csv")
        done(office("import", "hours", path, "--as", "chen"))

        refused = office("batch", "confirm", "B0003", "--as", "li")
        answered = office("batch", "confirm", "B0003", "--as", "li", "--answer", "运动会", "--rating", 5, "--json")

        assert (3, 0) == (refused.code, answered.code)
        assert 1 == told(answered)["approved"]

    def test_takes_back_what_counts(self, office):
        done(office("batch", "confirm", "B0002", "--as", "li"))

        tried = done(office("batch", "undo", "B0002", "--as", "li", "--reason", "重复了", "--dry-run"))
        assert 120 == told(done(office("passbook", "V0001", "--json")))["minutes"]
        said = done(office("batch", "undo", "B0002", "--as", "li", "--reason", "重复了"))

        assert tried.out == said.out
        assert 0 == told(done(office("passbook", "V0001", "--json")))["minutes"]

    @on_sqlite
    def test_says_why(self, office):
        assert 2 == office("batch", "undo", "B0002", "--as", "chen").code
        assert 3 == office("batch", "undo", "B0002", "--as", "chen", "--reason", " ").code

    @on_sqlite
    def test_a_star_opens_with_the_balances(self, office, tmp_path):
        path = balances(tmp_path, ("V0001", "石静", "6000", "0", ""))
        done(office("import", "opening", path, "--as", "chen"))
        done(office("batch", "confirm", "B0003", "--as", "li"))

        said = done(office("star", "list"))

        assert "V0001" in said.out
        assert "一星志愿者" in done(office("passbook", "V0001")).out
        assert 3 == office("star", "grant", "V0001", "--as", "li").code
        done(office("star", "refuse", "V0001", "--reason", "还要核实", "--as", "chen"))
        assert 4 == office("star", "refuse", "V0001", "--reason", "还要核实", "--as", "chen").code
