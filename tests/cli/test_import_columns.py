"""`timebank import … --column`, `import columns` and `import forget`: a strange heading is set right once."""

import pytest

from tests.cli.offices import done, told

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def strange(tmp_path):
    """A register whose column of names is called something that nobody knows."""

    def write(name):
        path = tmp_path / name
        path.write_text(f"称谓,手机号,性别,楼栋\n{name[:2]},1990000000{len(name)},女,\n", encoding="utf-8")
        return path

    return write


class TestColumns:
    """experience.md 5.5: the mapping of a source is remembered, shown, and forgotten again."""

    def test_a_heading_is_set_right_once_and_remembered(self, office, strange):
        refused = office("import", "volunteers", strange("石静一.csv"), "--as", "chen")
        done(office("import", "volunteers", strange("石静一.csv"), "--column", "称谓=姓名", "--as", "chen"))

        again = done(office("import", "volunteers", strange("孟桂兰二.csv"), "--as", "chen"))

        assert 3 == refused.code
        assert "已登记 1 人" in again.err
        [remembered] = told(done(office("import", "columns", "--json")))
        assert {"称谓": "volunteer_name"}.items() <= remembered["columns"].items()
        assert remembered["fingerprint"] in done(office("import", "columns")).out

    def test_what_was_forgotten_is_found_by_name_again(self, office, strange):
        done(office("import", "volunteers", strange("石静一.csv"), "--column", "称谓=姓名", "--as", "chen"))
        [remembered] = told(done(office("import", "columns", "--json")))

        forgotten = done(office("import", "forget", "volunteers", remembered["fingerprint"], "--as", "chen"))

        assert "忘掉了" in forgotten.err
        assert [] == told(done(office("import", "columns", "--json")))
        assert 3 == office("import", "volunteers", strange("孟桂兰二.csv"), "--as", "chen").code

    def test_a_source_that_nobody_knows_is_told(self, office):
        assert office("import", "forget", "hours", "0123456789abcdef", "--as", "chen").code in (3, 4)

    def test_a_field_that_there_is_not_names_those_there_are(self, office, strange):
        said = office("import", "volunteers", strange("石静一.csv"), "--column", "称谓=血型", "--as", "chen")

        assert 2 == said.code
        assert "姓名" in said.err

    def test_whoever_imports_nothing_remembers_nothing(self, office, strange):
        words = ("import", "volunteers", strange("石静一.csv"), "--column", "称谓=姓名", "--as", "zhou")

        assert 7 == office(*words).code
        assert [] == told(done(office("import", "columns", "--json")))
