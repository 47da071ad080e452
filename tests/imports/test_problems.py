"""Every problem has a sentence and advice in both languages, in the words of the column."""

import ast
import string
from pathlib import Path

import pytest

from timebank.imports import problems
from timebank.imports.fields import FIELD_NAMES
from timebank.imports.problems import PROBLEMS, CellProblem, mend_sentence, problem_sentence, shown
from timebank.imports.problems.room_problems import ROOM_FIELDS, ROOM_PROBLEMS
from timebank.market.barcodes import BarcodeFault
from timebank.market.operations import ExpiredOnArrival
from timebank.market.rules import GoodNotOffered
from timebank.people import admission
from timebank.people.identity import DocumentFault
from timebank.people.plain_text import TextFault
from timebank.people.queries import NoSuchVolunteer
from timebank.refusal import Refusal
from timebank.service.rules import CHECKS, Severity
from timebank.web.sentences.imports import SENTENCES

FOLDER = Path(problems.__file__).parents[1]
TABLES = {"cell_problems.py", "row_problems.py", "room_problems.py"}


def nodes_of_the_source() -> list[ast.AST]:
    files = [file for file in FOLDER.rglob("*.py") if file.name not in TABLES and file != Path(problems.__file__)]
    return [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]


def codes_in_the_source() -> set[str]:
    """Return every text of this package that is the code of a problem, and the codes made from faults."""
    constants = [node.value for node in nodes_of_the_source() if isinstance(node, ast.Constant)]
    texts = {text for text in constants if isinstance(text, str)}
    made = {f"text_{fault}" for fault in TextFault}
    made |= {f"document_{fault}" for fault in DocumentFault} | {f"barcode_{fault}" for fault in BarcodeFault}
    return (texts & PROBLEMS.keys()) | made | codes_of_other_rooms()


def codes_of_other_rooms() -> set[str]:
    """Return the codes of everything that blocks a row in another room."""
    blocking = {check.refusal.code for check in CHECKS if check.severity is Severity.BLOCKED}
    people = {kind.code for kind in vars(admission).values() if isinstance(kind, type) and issubclass(kind, Refusal)}
    not_of_files = {Refusal.code, "registered_in_future", "staff_number_unknown", "guardian_unknown"}
    goods = {ExpiredOnArrival.code, GoodNotOffered.code}
    return blocking | (people - not_of_files) | goods | {NoSuchVolunteer.code}


def names_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


class TestSentences:
    """What is wrong, and what to do: 您, short, no blame."""

    def test_every_code_with_sentences_is_used(self):
        assert PROBLEMS.keys() == codes_in_the_source()

    def test_every_problem_that_is_made_has_sentences(self):
        calls = [node for node in nodes_of_the_source() if isinstance(node, ast.Call)]
        made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "CellProblem"]
        codes = {call.args[1].value for call in made if isinstance(call.args[1], ast.Constant)}

        assert len(codes) > 10
        assert codes <= PROBLEMS.keys()

    @pytest.mark.parametrize("code", PROBLEMS)
    def test_both_languages_tell_the_same_facts(self, code):
        texts = PROBLEMS[code]

        assert names_in(texts.what_zh) == names_in(texts.what_en)
        assert names_in(texts.mend_zh) | {"label"} >= names_in(texts.mend_en) - {"label"}
        assert all(text.endswith(("。", ".")) for text in texts)

    @pytest.mark.parametrize("texts", [*PROBLEMS.values(), *SENTENCES.values()])
    def test_no_word_blames_the_reader(self, texts):
        assert not any(word in text for text in texts for word in ("非法", "无效", "错误代码", "请输入正确的", "老人"))

    def test_a_sentence_names_the_column_and_repeats_what_was_written(self):
        problem = CellProblem("starts_at", "no_such_day", {"written": "2026-02-30 09:00"})

        assert "“开始时间”写的是“2026-02-30 09:00”，没有这一天。" == problem_sentence(problem, "zh")
        assert "“start” says “2026-02-30 09:00”; there is no such day." == problem_sentence(problem, "en")
        assert "请照原件核对日期。" == mend_sentence(problem, "zh")
        assert "Check the date in the original." == mend_sentence(problem, "en")

    def test_lengths_of_time_are_told_as_hours_and_minutes(self):
        facts: dict[str, str | int] = {"served_duration": 750, "limit_duration": 720}
        problem = CellProblem("ends_at", "service_too_long", facts)

        assert "一次服务长达12小时30分，最多12小时。" == problem_sentence(problem, "zh")
        assert "One service of 12 h 30 min is longer than 12 h 00 min." == problem_sentence(problem, "en")

    def test_what_other_rooms_find_is_looked_for_in_a_column_that_there_is(self):
        assert ROOM_FIELDS.keys() <= ROOM_PROBLEMS.keys()
        assert set(ROOM_FIELDS.values()) <= FIELD_NAMES.keys()

    def test_a_problem_of_the_whole_row_needs_no_column(self):
        assert "这一行比表头多出内容：“多”。" == problem_sentence(
            CellProblem("", "row_too_long", {"written": "多"}), "zh"
        )

    def test_every_field_has_a_name_in_both_languages(self):
        assert all(chinese and english for chinese, english in FIELD_NAMES.values())

    def test_what_was_written_is_repeated_short_and_in_one_line(self):
        assert "王 英" == shown("王\n英")
        assert "长" * 40 == shown("长" * 40)
        assert "长" * 40 + "…" == shown("长" * 41)


class TestRefusalsOfFiles:
    """Every refusal of a file has a sentence in both languages that says that nothing was imported."""

    @pytest.mark.parametrize("code", SENTENCES)
    def test_both_languages_say_what_did_not_happen(self, code):
        chinese, english = SENTENCES[code]

        assert "没有导入" in chinese
        assert "Nothing was imported" in english

    @pytest.mark.parametrize("code", SENTENCES)
    def test_both_languages_use_the_same_facts(self, code):
        chinese, english = (names_in(sentence) for sentence in SENTENCES[code])

        assert {name.removesuffix("_zh") for name in chinese} == {name.removesuffix("_en") for name in english}
