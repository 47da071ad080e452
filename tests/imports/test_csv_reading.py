"""CSV files: encodings, delimiters, quotation marks, and the line that is to blame."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timebank.imports.reading import NoRows, read_table
from timebank.imports.reading.csv_reading import (
    BrokenQuotes,
    MixedEncodings,
    NulInText,
    UnreadableText,
    csv_rows,
    decoded,
)
from timebank.imports.reading.table import CellTooLong
from timebank.people.plain_text import composed, formula_safe

HEAD = "姓名,手机号\n"

WRITTEN = st.characters(codec="utf-8", exclude_characters="\0\r\n")


class TestEncodings:
    """I4, I5: UTF-8, UTF-16 with a mark, GB18030; never a guess that turns hanzi into something else."""

    @pytest.mark.parametrize(
        ("name", "codec"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("gb18030", "gbk")]
    )
    def test_the_encoding_is_found(self, name, codec):
        assert ("姓名,王秀英", name) == decoded("姓名,王秀英".encode(codec))

    def test_big_endian_utf_16_is_read(self):
        assert ("姓名", "utf-16") == decoded(b"\xfe\xff" + "姓名".encode("utf-16-be"))

    def test_gb18030_that_looks_like_utf_8_in_one_line_is_still_gb18030(self):
        # 一 is D2 BB in GB18030, which is also a letter in UTF-8.
        assert ("姓名,王\n一", "gb18030") == decoded("姓名,王\n一".encode("gb18030"))

    @pytest.mark.parametrize(
        ("line", "content"),
        [
            (3, HEAD.encode() + "王秀英,1\n".encode() + "李四,2\n".encode("gb18030")),
            (2, HEAD.encode("gb18030") + "王秀英,1\n".encode()),
            (2, b"\xef\xbb\xbfa,b\n" + "李四,2\n".encode("gb18030")),
            (2, HEAD.encode() + "王秀英".encode()[:-1]),
        ],
    )
    def test_two_encodings_in_one_file_are_refused_with_the_line(self, line, content):
        with pytest.raises(MixedEncodings) as refused:
            decoded(content)

        assert {"line": line} == refused.value.facts

    @pytest.mark.parametrize(
        ("line", "content"),
        [
            (2, HEAD.encode("gb18030") + b"caf\xe9,1\n"),
            (1, b"\xff,1\n"),
            (2, "姓名\n".encode("utf-16") + b"x"),
        ],
    )
    def test_what_no_encoding_reads_is_refused_with_the_line(self, line, content):
        with pytest.raises(UnreadableText) as refused:
            decoded(content)

        assert {"line": line} == refused.value.facts

    @pytest.mark.parametrize(
        ("line", "content"),
        [
            (1, b"a\0b"),
            (3, b"a\r\nb\r\n\0"),
            (2, "a\n\0".encode("utf-16")),
            (1, b"\xff\xfe\0\0a\0\0\0"),
        ],
    )
    def test_nul_is_refused_with_the_line(self, line, content):
        with pytest.raises(NulInText) as refused:
            decoded(content)

        assert {"line": line} == refused.value.facts

    @given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
    @settings(deadline=None)
    def test_what_is_read_is_all_that_was_written(self, text):
        content = text.encode("gb18030")

        read, encoding = decoded(content)

        assert content == read.encode("utf-8" if encoding == "utf-8" else "gb18030")


class TestRows:
    """I6: delimiters, line ends, quotation marks, embedded line ends; lines are those of an editor."""

    def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(self):
        rows = csv_rows('姓名,手机号\n"王,""秀""\r\n英",1\n李四,2\n')

        assert ('王,"秀"\r\n英', "1") == rows[1].cells
        assert [1, 2, 4] == [row.line for row in rows]

    def test_the_delimiter_is_the_one_that_gives_known_headings(self):
        assert ("王,英", "1") == csv_rows("姓名;手机号\n王,英;1\n")[1].cells
        assert ("王;英", "1") == csv_rows("姓名\t手机号\n王;英\t1\n")[1].cells

    @pytest.mark.parametrize(
        ("line", "text"),
        [
            (2, HEAD + '"王"英,1\n'),
            (3, HEAD + '王,1\n"李,2\n'),
            (2, HEAD + '"王\n李,2\n张,3\n'),
            (3, '姓名\t手机号\n王\t1\n"李"x\t2\n'),
        ],
    )
    def test_a_broken_quotation_is_refused_with_its_first_line(self, line, text):
        with pytest.raises(BrokenQuotes) as refused:
            csv_rows(text)

        assert {"line": line} == refused.value.facts

    def test_a_quotation_that_swallows_the_file_is_refused_with_its_first_line(self):
        with pytest.raises(CellTooLong) as refused:
            csv_rows(HEAD + '"王,1\n' + "李四,2\n" * 30_000)

        assert 2 == refused.value.facts["line"]

    def test_a_formula_stays_text(self):
        assert '=HYPERLINK("http://x","领奖")' == csv_rows(HEAD + '"=HYPERLINK(""http://x"",""领奖"")",1\n')[1].cells[0]

    def test_the_apostrophe_of_our_own_exports_is_taken_off(self):
        assert "=1+1" == csv_rows(HEAD + "'=1+1,1\n")[1].cells[0]
        assert "'王" == csv_rows(HEAD + "'王,1\n")[1].cells[0]

    def test_letters_are_composed(self):
        assert "José" == csv_rows(HEAD + "Jose\u0301,1\n")[1].cells[0]

    @given(
        st.lists(
            st.lists(st.text(WRITTEN), min_size=2, max_size=9),
            min_size=1,
            max_size=5,
        ),
        st.sampled_from([",", ";", "\t"]),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    )
    @settings(deadline=None)
    def test_what_a_csv_writer_writes_is_read_again(self, rows, delimiter, encoding):
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerows([["姓名", "手机号"], *([formula_safe(cell) for cell in row] for row in rows)])

        try:
            table = read_table("a", stream.getvalue().encode(encoding))
        except NoRows:
            assert not any(cell.strip() for row in rows for cell in row)
            return

        wanted = [[composed(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]
        read = [list(row.cells) for row in table.rows]
        assert [_trimmed(row) for row in wanted] == [_trimmed(row) for row in read]


def _trimmed(cells):
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells
