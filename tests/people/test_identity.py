"""Identity documents and phones: what is taken, what is refused, and what the screen shows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.people.identity import (
    DocumentFault,
    DocumentKind,
    birth_date_in,
    find_document_fault,
    find_document_kind,
    find_identity_fault,
    identity_check_character,
    is_phone,
    mask_identity,
    mask_name,
    mask_phone,
    normalised_document_number,
    normalised_phone,
)

born_from_1900 = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def an_identity_number(born_on: date, *, region: str = "990000", sequence: str = "001") -> str:
    first_digits = f"{region}{born_on:%Y%m%d}{sequence}"
    return first_digits + identity_check_character(first_digits)


class TestIdentityNumbers:
    """GB 11643-1999: region, birth date, sequence, check character."""

    @pytest.mark.parametrize("number", ["11010519491231002X", "990000195311170018", "99000019521231002X"])
    def test_a_right_number_has_no_fault(self, number):
        assert find_identity_fault(number) is None

    @pytest.mark.parametrize(
        ("fault", "number"),
        [
            (DocumentFault.LENGTH, "99000019531117001"),
            (DocumentFault.LENGTH, "9900001953111700188"),
            (DocumentFault.LENGTH, "990000531117001"),
            (DocumentFault.LENGTH, ""),
            (DocumentFault.CHARACTERS, "99000019531117001x"),
            (DocumentFault.CHARACTERS, "X90000195311170018"),
            (DocumentFault.CHARACTERS, "99000019531117٠018"),
            (DocumentFault.BIRTH_DATE, "990000195302300018"),
            (DocumentFault.BIRTH_DATE, "990000189912310018"),
            (DocumentFault.CHECK_CHARACTER, "990000195311170019"),
            (DocumentFault.CHECK_CHARACTER, "990000195311170081"),
        ],
    )
    def test_the_fault_is_named(self, fault, number):
        assert fault == find_identity_fault(number)

    def test_the_birth_date_stands_in_the_number(self):
        assert date(1953, 11, 17) == birth_date_in("990000195311170018")

    @given(born_from_1900)
    def test_every_birth_date_is_taken_and_found_again(self, born_on):
        number = an_identity_number(born_on)

        assert find_identity_fault(number) is None
        assert born_on == birth_date_in(number)

    @given(born_from_1900, st.integers(0, 16), st.integers(1, 9))
    def test_one_wrong_digit_is_always_noticed(self, born_on, place, difference):
        number = an_identity_number(born_on)
        digit = str((int(number[place]) + difference) % 10)

        wrong = number[:place] + digit + number[place + 1 :]

        assert find_identity_fault(wrong) is not None


class TestOtherDocuments:
    """Documents without a check character are taken by their shape."""

    @pytest.mark.parametrize(
        ("kind", "number"),
        [
            (DocumentKind.PASSPORT, "E99000001"),
            (DocumentKind.PASSPORT, "12345"),
            (DocumentKind.HONGKONG_MACAO_PERMIT, "H12345678"),
            (DocumentKind.HONGKONG_MACAO_PERMIT, "M1234567890"),
            (DocumentKind.TAIWAN_PERMIT, "12345678"),
            (DocumentKind.TAIWAN_PERMIT, "1234567890AB"),
            (DocumentKind.RESIDENCE_PERMIT, "99000019521231002X"),
            (DocumentKind.PERMANENT_RESIDENT_ID, "USA110080010101"),
            (DocumentKind.PERMANENT_RESIDENT_ID, "99000019521231002X"),
            (DocumentKind.OTHER, "A-1(2)"),
        ],
    )
    def test_a_right_shape_has_no_fault(self, kind, number):
        assert find_document_fault(kind, number) is None

    @pytest.mark.parametrize(
        ("fault", "kind", "number"),
        [
            (DocumentFault.LENGTH, DocumentKind.PASSPORT, "E999"),
            (DocumentFault.LENGTH, DocumentKind.PASSPORT, "E999999999999999"),
            (DocumentFault.CHARACTERS, DocumentKind.PASSPORT, "ABCDEFG"),
            (DocumentFault.CHARACTERS, DocumentKind.PASSPORT, "E9900-001"),
            (DocumentFault.CHARACTERS, DocumentKind.HONGKONG_MACAO_PERMIT, "X12345678"),
            (DocumentFault.LENGTH, DocumentKind.HONGKONG_MACAO_PERMIT, "H1234567"),
            (DocumentFault.LENGTH, DocumentKind.TAIWAN_PERMIT, "1234567"),
            (DocumentFault.LENGTH, DocumentKind.RESIDENT_ID, "E99000001"),
            (DocumentFault.LENGTH, DocumentKind.PERMANENT_RESIDENT_ID, "USA1100800101"),
            (DocumentFault.CHARACTERS, DocumentKind.OTHER, "甲123"),
        ],
    )
    def test_the_fault_is_named(self, fault, kind, number):
        assert fault == find_document_fault(kind, number)

    @pytest.mark.parametrize(
        ("kind", "name"),
        [
            (DocumentKind.RESIDENT_ID, "居民身份证"),
            (DocumentKind.RESIDENT_ID, " 身份证 "),
            (DocumentKind.PASSPORT, "护照"),
            (DocumentKind.PASSPORT, "passport"),
            (None, "图书证"),
        ],
    )
    def test_registers_name_the_kinds(self, kind, name):
        assert kind == find_document_kind(name)

    def test_numbers_are_made_alike(self):
        assert "99000019521231002X" == normalised_document_number(" 990000 19521231 ００２ｘ ")


class TestPhones:
    """Mainland mobile numbers: eleven digits, starting with 1 and 3 to 9."""

    @pytest.mark.parametrize(
        "written",
        [
            "19900001001",
            "+86 199 0000 1001",
            "0086-199-0000-1001",
            "8619900001001",
            "１９９００００１００１",
            " 199 0000 1001　",
        ],
    )
    def test_ways_to_write_one_number(self, written):
        assert "19900001001" == normalised_phone(written)

    @pytest.mark.parametrize("number", ["13000000000", "19900001001"])
    def test_a_mobile_number_is_one(self, number):
        assert is_phone(number)

    @pytest.mark.parametrize(
        "number", ["", "1990000100", "199000010011", "12000000000", "29900001001", "0991234567", "1990000100٣"]
    )
    def test_anything_else_is_not(self, number):
        assert not is_phone(number)

    def test_a_number_that_begins_with_86_keeps_its_digits(self):
        assert "8612345" == normalised_phone("8612345")


class TestMasking:
    """What the screen and public pages show: enough to recognise, not enough to use."""

    @pytest.mark.parametrize(
        ("masked", "number"),
        [
            ("990***********0018", "990000195311170018"),
            ("*******01", "E99000001"),
            ("**34", "1234"),
            ("*2", "12"),
            ("*", "1"),
            ("", ""),
        ],
    )
    def test_identity_numbers(self, masked, number):
        assert masked == mask_identity(number)

    @pytest.mark.parametrize(("masked", "phone"), [("199****1001", "19900001001"), ("*****67", "1234567")])
    def test_phones(self, masked, phone):
        assert masked == mask_phone(phone)

    @pytest.mark.parametrize(
        ("masked", "name"),
        [("王*英", "王秀英"), ("文*", "文杰"), ("*", "文"), ("*", ""), ("阿*提", "阿依古丽·买买提"), ("刘*", "刘䶮")],
    )
    def test_names(self, masked, name):
        assert masked == mask_name(name)

    @given(st.text(alphabet="0123456789ABCX", min_size=1, max_size=30))
    def test_at_least_half_of_a_number_is_hidden(self, number):
        masked = mask_identity(number)

        assert len(number) == len(masked)
        assert masked.count("*") * 2 >= len(number)
