"""The list of a round of stars as an Excel file: for the meeting and the level above, with room for its results."""

import io
from collections.abc import Mapping, Sequence
from typing import Final

import xlsxwriter

from timebank.people.queries import Volunteer
from timebank.rulebook.rules import Body
from timebank.stars.rules import results
from timebank.stars.rules.noticing import Noticed, Stage
from timebank.web import presenting

HEADINGS: Final = (
    results.NUMBER,
    "姓名",
    "楼栋",
    results.LEVEL,
    "累计服务",
    "要求",
    "由谁评定",
    "进展",
    "公示到",
    results.RESULT,
    results.DECIDED_ON,
    results.DOCUMENT,
    results.REASON,
)
BODIES: Final = {Body.AREA: "片区", Body.COMMUNITY: "本社区", Body.UPPER: "推荐给上级"}
STAGES: Final = {
    Stage.REACHED: "等公示",
    Stage.ON_NOTICE: "公示中",
    Stage.OBJECTED: "有异议",
    Stage.READY: "可以评定",
    Stage.RECOMMENDED: "已推荐给上级",
}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def star_list(cases: Sequence[Noticed], names: Mapping[str, Volunteer]) -> bytes:
    """Write the open cases, one a row, every cell as text: a name is never taken for a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("星级评定")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(HEADINGS) - 1, 14)
        for line, row in enumerate((HEADINGS, *(_row(one, names[one.award.number]) for one in cases))):
            for column, text in enumerate(row):
                sheet.write_string(line, column, text)
    return file.getvalue()


def _row(one: Noticed, volunteer: Volunteer) -> tuple[str, ...]:
    return (
        volunteer.number,
        volunteer.name,
        volunteer.building or "",
        str(one.award.level),
        presenting.duration(one.award.minutes),
        presenting.duration(one.award.needed_minutes),
        BODIES[one.award.body],
        STAGES[one.stage],
        one.last_on.isoformat() if one.last_on else "",
        "",
        "",
        "",
        "",
    )
