"""What text is kept exactly, what is refused, and what is made alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.people.plain_text import (
    TextFault,
    composed,
    find_text_fault,
    formula_safe,
    half_width,
    without_formula_guard,
)


class TestTextThatIsKept:
    """N9: letters of every script, emoji and rare hanzi are kept exactly."""

    @pytest.mark.parametrize(
        "text",
        ["王秀英", "阿依古丽·买买提", "㛃彧", "刘䶮", "𠮷田", "龘", "José", "👩‍🌾 种菜", "𱍐", "=1+1", "a\u200db", ""],
    )
    def test_names_and_notes_have_no_fault(self, text):
        assert find_text_fault(text, multiline=False) is None

    def test_a_note_may_have_several_lines(self):
        assert find_text_fault("第一行\n第二行", multiline=True) is None


class TestTextThatIsRefused:
    """N9: control characters, turned reading direction, halves of characters, and what nobody can see."""

    @pytest.mark.parametrize(
        ("fault", "text"),
        [
            (TextFault.CONTROL, "王\x00英"),
            (TextFault.CONTROL, "王\t英"),
            (TextFault.CONTROL, "王\x7f英"),
            (TextFault.CONTROL, "王\x85英"),
            (TextFault.CONTROL, "王\u2028英"),
            (TextFault.CONTROL, "王\uffff英"),
            (TextFault.DIRECTION, "王\u202e英"),
            (TextFault.DIRECTION, "王\u2066英"),
            (TextFault.DIRECTION, "王\u200f英"),
            (TextFault.HALF_CHARACTER, "王\ud800英"),
            (TextFault.REPLACED, "王\ufffd英"),
            (TextFault.UNSEEN, "\u200b\u200d"),
            (TextFault.UNSEEN, "\ufeff \u3000"),
            (TextFault.UNSEEN, "\u3164"),
        ],
    )
    def test_the_fault_is_named(self, fault, text):
        assert fault == find_text_fault(text, multiline=False)

    def test_a_line_feed_in_a_name_is_a_fault(self):
        assert TextFault.CONTROL == find_text_fault("王\n英", multiline=False)

    def test_a_carriage_return_in_a_note_is_a_fault(self):
        assert TextFault.CONTROL == find_text_fault("第一行\r第二行", multiline=True)


class TestMakingAlike:
    """N6 and N11: full-width digits become plain ones, other scripts' digits do not; names are compared in NFC."""

    @pytest.mark.parametrize(
        ("plain", "written"),
        [("12:30", "１２：３０"), ("X", "Ｘ"), (" 7 ", " 7　"), ("٣", "٣"), ("²", "²"), ("(元)", "（元）")],
    )
    def test_full_width_becomes_plain(self, plain, written):
        assert plain == half_width(written)

    def test_two_ways_to_write_a_letter_are_one(self):
        assert "José" == composed("Jose\u0301")


class TestTextForSpreadsheets:
    """I8 and I21: a text that a spreadsheet would run gets an apostrophe, and loses it when it comes back."""

    @pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM", "\tx", "\rx", "＝1", "'=1", "''=1"])
    def test_a_formula_gets_an_apostrophe(self, text):
        assert f"'{text}" == formula_safe(text)

    @pytest.mark.parametrize("text", ["王秀英", "1+1", "'王", "", "O'Neil"])
    def test_any_other_text_stays(self, text):
        assert text == formula_safe(text)
        assert text == without_formula_guard(text)

    @given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n＝a王"), max_size=6))
    def test_what_goes_out_comes_back(self, text):
        assert text == without_formula_guard(formula_safe(text))
