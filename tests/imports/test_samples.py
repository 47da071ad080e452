"""A whole community's files, when they lie beside the project: the figures must be those that were counted."""

import json
from typing import Any

import pytest

from tests.imports.files import SAMPLES
from timebank.imports.fields import GOODS, HOURS, OPENING, VOLUNTEERS, TableKind
from timebank.imports.lines.columns import MappedTable, mapped
from timebank.imports.lines.goods_lines import goods_lines
from timebank.imports.lines.hours_lines import hours_lines
from timebank.imports.lines.opening_lines import opening_lines
from timebank.imports.lines.volunteer_lines import volunteer_lines
from timebank.imports.problems.error_file import error_csv, error_lines, error_xlsx
from timebank.imports.reading import read_table
from timebank.people.identity import DocumentKind

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"SAMPLE FILES NOT TESTED: there is no {SAMPLES}; the other tests build their own"
)


def sample(name: str, kind: TableKind) -> MappedTable:
    return mapped(read_table(name, (SAMPLES / name).read_bytes()), kind)


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((SAMPLES / "facts.json").read_text(encoding="utf-8"))
    return told


class TestSampleFiles:
    """The main job on real input: nothing is lost between the file and the lines."""

    def test_the_register(self, facts):
        lines = volunteer_lines(sample("volunteers.xlsx", VOLUNTEERS))

        people = {line.volunteer_number: line for line in lines.lines}
        assert () == lines.problems
        assert facts["volunteers"] == len(people)
        assert 2 == [line.volunteer_name for line in lines.lines].count("王秀英")
        assert "阿依古丽·买买提" == people["V0013"].volunteer_name
        assert "宋凤英" == people["V0041"].guardian_name
        assert DocumentKind.PASSPORT == people["V0051"].document_kind
        assert 3 == lines.lines[0].line

    def test_the_sign_in_sheets(self, facts):
        lines = hours_lines(sample("hours.csv", HOURS))

        seconds = sum((line.ends_at - line.starts_at).total_seconds() for line in lines.lines)
        assert () == lines.problems
        assert facts["service_rows"] == len(lines.lines)
        assert facts["service_minutes"] * 60 == seconds
        assert all(line.sheet_number for line in lines.lines)

    def test_the_paper_passbooks(self, facts):
        table = sample("opening-balances.csv", OPENING)

        lines = opening_lines(table)

        assert () == lines.problems
        assert facts["opening_rows"] == len(lines.lines)
        assert facts["opening_minutes"] == sum(line.minutes for line in lines.lines)
        assert facts["opening_points"] * 100 == sum(line.points_e2 for line in lines.lines)
        assert table.total is not None

    def test_the_delivery(self, facts):
        lines = goods_lines(sample("goods.xlsx", GOODS))

        assert () == lines.problems
        assert facts["goods"] == len(lines.lines)
        assert facts["goods_pieces"] == sum(line.pieces for line in lines.lines)
        assert 11 == len({line.donor for line in lines.lines})

    def test_the_dirty_sheet(self, facts):
        """Two of its lines are wrong in themselves; the others need the register, the rules or the calendar."""
        table = sample("hours-dirty.csv", HOURS)

        lines = hours_lines(table)

        assert facts["dirty_rows"] == len(table.rows)
        assert [(17, "no_such_day"), (33, "missing")] == [(each.line, each.problem.code) for each in lines.problems]
        formula = next(line for line in lines.lines if line.line == 37)
        assert '=HYPERLINK("http://x","领奖")' == formula.content

    @pytest.mark.parametrize("write", [error_csv, error_xlsx])
    def test_the_error_file_of_the_dirty_sheet_is_the_same_sheet(self, write):
        table = sample("hours-dirty.csv", HOURS)

        content = write(table.table, error_lines(hours_lines(table).problems, "zh"))

        assert table.content_key == mapped(read_table("改.csv", content), HOURS).content_key
