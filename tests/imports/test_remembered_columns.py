"""Columns that somebody set right once: known again by the headings of the source, shown, changed and forgotten."""

import pytest

from tests.imports.files import a_csv
from tests.people.builders import XFL
from timebank.imports.fields import GOODS, HOURS, VOLUNTEERS
from timebank.imports.lines.columns import DuplicateColumns, MissingColumns, mapped
from timebank.imports.lines.remembered import ColumnsUnclear, check_columns, fingerprint
from timebank.imports.operations.columns import NoSuchColumns, forget_columns, remember_columns
from timebank.imports.queries import columns_known, columns_remembered
from timebank.imports.reading import read_table
from timebank.imports.rules import BatchKind
from timebank.people.queries import NotAllowed

HEADINGS = ("姓名", "本人电话", "家里电话", "志愿者编号")
WANG = ("王秀英", "19900001011", "19900001012", "V0011")
CHOSEN = {"本人电话": "phone", "家里电话": ""}


def a_table(headings=HEADINGS, row=WANG):
    return read_table("a.csv", a_csv(headings, row))


class TestReading:
    """A source is known by its headings, in any order; what was chosen goes before what a name says."""

    def test_a_strange_heading_is_read_as_chosen(self):
        with pytest.raises(MissingColumns):
            mapped(a_table(), VOLUNTEERS)

        found = mapped(a_table(), VOLUNTEERS, {fingerprint(HEADINGS): CHOSEN})

        assert "19900001011" == found.rows[0].texts["phone"]
        assert ("家里电话",) == found.ignored

    def test_of_two_columns_that_mean_the_same_one_is_left_out(self):
        headings = ("姓名", "手机号", "联系电话", "志愿者编号")
        with pytest.raises(DuplicateColumns):
            mapped(a_table(headings), VOLUNTEERS)

        found = mapped(a_table(headings), VOLUNTEERS, {fingerprint(headings): {"联系电话": ""}})

        assert "19900001011" == found.rows[0].texts["phone"]

    def test_the_same_headings_in_another_order_are_the_same_source_and_others_are_not(self):
        assert fingerprint(HEADINGS) == fingerprint([f" {heading}*" for heading in reversed(HEADINGS)])
        assert fingerprint(HEADINGS) != fingerprint(HEADINGS[:3])
        known = {fingerprint(HEADINGS[:3]): CHOSEN}
        with pytest.raises(MissingColumns):
            mapped(a_table(), VOLUNTEERS, known)

    @pytest.mark.parametrize(
        "chosen", [{"不在的列": "phone"}, {"本人电话": "pieces"}, {"本人电话": "phone", "家里电话": "phone"}]
    )
    def test_what_cannot_be_is_not_remembered(self, chosen):
        check_columns(VOLUNTEERS, HEADINGS, CHOSEN)

        with pytest.raises(ColumnsUnclear):
            check_columns(VOLUNTEERS, HEADINGS, chosen)


class TestRemembering:
    """Per community and kind; the last word counts, and it can be forgotten."""

    def test_is_known_for_its_kind_until_it_is_forgotten(self, office):
        source = _remembered(office, CHOSEN)
        assert {source: CHOSEN} == columns_known(office.session, XFL, BatchKind.VOLUNTEERS)
        assert {} == columns_known(office.session, XFL, BatchKind.HOURS)

        _remembered(office, {"家里电话": "phone", "本人电话": ""})
        [found] = columns_remembered(office.session, XFL)
        assert (HEADINGS, "phone") == (found.headings, found.columns["家里电话"])

        _forgotten(office, source)
        assert () == columns_remembered(office.session, XFL)
        with pytest.raises(NoSuchColumns):
            _forgotten(office, source)

    def test_whoever_imports_nothing_remembers_nothing(self, office):
        with pytest.raises(NotAllowed):
            _remembered(office, CHOSEN, by=office.zhou)


def _remembered(office, columns, by=None):
    act = office.act(by or office.chen)
    return remember_columns(office.session, act, kind=BatchKind.VOLUNTEERS, headings=HEADINGS, columns=columns)


def _forgotten(office, source):
    forget_columns(office.session, office.act(office.li), kind=BatchKind.VOLUNTEERS, source=source)


def test_the_kinds_have_fields_of_their_own():
    """A goods column is none of a sign-in sheet."""
    with pytest.raises(ColumnsUnclear):
        check_columns(HOURS, ("条码",), {"条码": "barcode"})
    check_columns(GOODS, ("货号",), {"货号": "barcode"})
