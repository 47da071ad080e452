"""From text to value: numbers, money, texts, names, documents, phones and codes."""

import re
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.imports.lines import parsing
from timebank.imports.lines.parsing import (
    barcode,
    choice,
    document_kind,
    document_number,
    hundredths,
    person_name,
    phone,
    plain_text,
    reference,
    whole_number,
    written_e2,
    yuan_as_fen,
)
from timebank.imports.problems import CellProblem
from timebank.people.identity import DocumentKind


def code_of(value: object) -> str:
    assert isinstance(value, CellProblem), value
    return value.code


def pieces(text: str) -> int | CellProblem:
    return whole_number("pieces", text, low=1, high=1000)


def points(text: str) -> int | CellProblem:
    return hundredths("price_points", text, low_e2=1, high_e2=100_000)


class TestWholeNumbers:
    """N1, N4, N6: digits only; full-width ones are made plain, everything else is refused."""

    @pytest.mark.parametrize(
        ("number", "text"), [(1, "1"), (1000, "1000"), (12, "１２"), (7, " 7　"), (5, "05"), (3, "3\u00a0")]
    )
    def test_numbers_that_are_taken(self, number, text):
        assert number == pieces(text)

    @pytest.mark.parametrize(
        "text",
        [
            "1_0",
            "+5",
            "٣",
            "²",
            "1,000",
            "3.0",
            "5e0",
            "1E3",
            "NaN",
            "Infinity",
            "十",
            "1 0",
            "0x10",
            "--5",
            "5件",
            "9" * 13,
        ],
    )
    def test_what_is_no_whole_number_is_refused(self, text):
        assert "not_whole_number" == code_of(pieces(text))

    @pytest.mark.parametrize("text", ["-1", "-0", "－５", "-2.5"])
    def test_negative_numbers_are_refused_as_such(self, text):
        assert "negative_number" == code_of(pieces(text))

    @pytest.mark.parametrize("text", ["0", "1001", "9" * 12])
    def test_numbers_out_of_range_are_refused_with_the_range(self, text):
        problem = pieces(text)

        assert CellProblem("pieces", "out_of_range", {"written": text, "low": 1, "high": 1000}) == problem

    @given(st.integers(1, 1000))
    def test_every_number_in_range_comes_back(self, number):
        assert number == pieces(str(number))


class TestHundredths:
    """Points and money have at most two decimals and never pass through a float."""

    @pytest.mark.parametrize(
        ("e2", "text"),
        [(3000, "30"), (250, "2.5"), (250, "2.50"), (5, "0.05"), (1, "0.01"), (100_000, "1000"), (250, "２．５")],
    )
    def test_numbers_that_are_taken(self, e2, text):
        assert e2 == points(text)

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            ("too_many_decimals", "1.234"),
            ("too_many_decimals", "2.500"),
            ("not_a_number", ".5"),
            ("not_a_number", "5."),
            ("not_a_number", "1,5"),
            ("not_a_number", "+2.5"),
            ("not_a_number", "1e3"),
            ("not_a_number", "2.٥"),
            ("not_a_number", "2.5分"),
            ("not_a_number", "1.2.3"),
            ("negative_number", "-2.5"),
            ("out_of_range", "0"),
            ("out_of_range", "1000.01"),
        ],
    )
    def test_anything_else_is_told(self, code, text):
        assert code == code_of(points(text))

    def test_the_range_is_told_as_people_write_it(self):
        problem = points("2000")

        assert isinstance(problem, CellProblem)
        assert {"written": "2000", "low": "0.01", "high": "1000"} == problem.facts

    @given(st.integers(1, 100_000))
    def test_every_hundredth_comes_back(self, e2):
        assert e2 == points(written_e2(e2))

    @pytest.mark.parametrize(
        ("fen", "text"), [(270, "2.7"), (270, "¥2.70"), (270, "￥ 2.7 元"), (0, "0"), (900, "9元")]
    )
    def test_money_is_read_in_fen(self, fen, text):
        assert fen == yuan_as_fen("unit_price_yuan", text, high_fen=100_000)

    @pytest.mark.parametrize(
        ("code", "text"),
        [("not_a_number", "元"), ("not_a_number", "2元7角"), ("negative_number", "-1"), ("out_of_range", "1000.01")],
    )
    def test_money_that_is_not_money_is_told(self, code, text):
        assert code == code_of(yuan_as_fen("unit_price_yuan", text, high_fen=100_000))


class TestTexts:
    """N9, N11: kept exactly, in NFC; what nobody can read is refused."""

    def test_blanks_around_are_taken_off_and_letters_composed(self):
        assert "José =1+1" == plain_text("note", " Jose\u0301 =1+1　", limit=100)

    def test_lines_of_a_note_end_in_one_way(self):
        assert "一\n二" == plain_text("note", "一\r\n二", limit=100, multiline=True)

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            ("text_control", "王\n英"),
            ("text_control", "王\x00"),
            ("text_direction", "王\u202e"),
            ("text_half_character", "\ud800"),
            ("text_replaced", "王\ufffd英"),
            ("text_unseen", "\u200b"),
            ("text_too_long", "长" * 101),
        ],
    )
    def test_anything_else_is_told(self, code, text):
        assert code == code_of(plain_text("note", text, limit=100))

    def test_the_limit_counts_characters(self):
        assert "𠮷" * 100 == plain_text("note", "𠮷" * 100, limit=100)

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("文杰", "文　杰"),
            ("文杰", "文  杰"),
            ("𠮷田", "𠮷 田"),
            ("阿依古丽·买买提", "阿依古丽·买买提"),
            ("John Smith", "John Smith"),
            ("王 A", "王 A"),
        ],
    )
    def test_layout_blanks_between_hanzi_are_taken_out_of_names(self, name, text):
        assert name == person_name("volunteer_name", text)

    @pytest.mark.parametrize(("code", "text"), [("text_control", "王\n秀英"), ("text_too_long", "长" * 61)])
    def test_names_that_are_refused(self, code, text):
        assert code == code_of(person_name("volunteer_name", text))


class TestReferences:
    """Numbers that are names: as they are, in half width; rounded ones are refused."""

    @pytest.mark.parametrize(
        ("kept", "text"),
        [("V0001", "Ｖ０００１"), ("QD-20260801-1", " QD-20260801-1 "), ("存折0001", "存折0001"), ("E12", "E12")],
    )
    def test_references_that_are_taken(self, kept, text):
        assert kept == reference("sheet_number", text)

    @pytest.mark.parametrize("text", ["9.90000195311170E+17", "9.9E+17", "1e15", "9E17"])
    def test_a_number_that_lost_its_digits_is_refused(self, text):
        assert "digits_lost" == code_of(reference("sheet_number", text))
        assert "digits_lost" == code_of(phone("phone", text))
        assert "digits_lost" == code_of(barcode("barcode", text))
        assert "digits_lost" == code_of(document_number("document_number", text, kind=DocumentKind.PASSPORT))

    def test_a_reference_has_at_most_forty_characters(self):
        assert "1" * 40 == reference("sheet_number", "1" * 40)
        assert "text_too_long" == code_of(reference("sheet_number", "1" * 41))


class TestPeople:
    """Phones and documents; their numbers never stand in a problem."""

    def test_a_phone_is_eleven_digits(self):
        assert "19900001001" == phone("phone", "+86 199-0000-1001")
        assert CellProblem("phone", "not_a_phone") == phone("phone", "1990000100")

    @pytest.mark.parametrize(
        ("code", "number"),
        [
            ("document_length", "9900001953111700"),
            ("document_characters", "99000019531117001Y"),
            ("document_birth_date", "990000195302300018"),
            ("document_check_character", "990000195311170019"),
        ],
    )
    def test_a_wrong_identity_number_is_told_without_the_number(self, code, number):
        problem = document_number("document_number", number, kind=DocumentKind.RESIDENT_ID)

        assert CellProblem("document_number", code, {"length": len(number)}) == problem

    def test_a_document_is_read_by_the_rule_of_its_kind(self):
        assert "E99000001" == document_number("document_number", "e99000001", kind=DocumentKind.PASSPORT)
        assert DocumentKind.PASSPORT == document_kind("document_kind", " 护照")

    def test_an_unknown_kind_of_document_is_told_with_the_known_ones(self):
        problem = document_kind("document_kind", "图书证")

        assert isinstance(problem, CellProblem)
        assert "unknown_document_kind" == problem.code
        assert str(problem.facts["choices"]).startswith("居民身份证、")

    def test_one_of_a_few_words(self):
        choices = {"男": "male", "女": "female"}

        assert "female" == choice("sex", " 女", choices=choices)
        assert CellProblem("sex", "unknown_choice", {"written": "妇", "choices": "男、女"}) == choice(
            "sex", "妇", choices=choices
        )


class TestBarcodes:
    """EAN-13, EAN-8, UPC-A; a missing leading zero is noticed."""

    @pytest.mark.parametrize(
        ("kept", "text"),
        [
            ("6901234567892", " 6901234567892"),
            ("2100000000012", "２１００００００００ 012"),
            ("0036000291452", "036000291452"),
        ],
    )
    def test_codes_that_are_taken(self, kept, text):
        assert kept == barcode("barcode", text)

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            ("barcode_characters", "69012345678X2"),
            ("barcode_length", "36000291452"),
            ("barcode_check_digit", "6901234567893"),
        ],
    )
    def test_anything_else_is_told(self, code, text):
        assert CellProblem("barcode", code, {"written": text}) == barcode("barcode", text)


class TestPatternsAreLinear:
    """A hostile cell costs time with its length, not with its square."""

    def test_no_pattern_is_slow(self):
        patterns = [value for value in vars(parsing).values() if isinstance(value, re.Pattern)]
        hostile = ["1" * 50_000, "1." * 25_000, "-" + "1." * 25_000, "1" * 25_000 + "E" + "1" * 25_000]
        started = monotonic()

        for pattern in patterns:
            for text in hostile:
                pattern.fullmatch(text)
        person_name("volunteer_name", "王" + " " * 50_000 + "x" + "王 " * 25_000)

        assert len(patterns) >= 5
        assert monotonic() - started < 1
