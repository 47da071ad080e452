"""Bar codes: the check digit, the three lengths, and the one form in which a code is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.market.barcodes import (
    BarcodeFault,
    canonical_barcode,
    check_digit_for,
    find_barcode_fault,
    is_barcode,
)


class TestBarcodes:
    """GS1: EAN-13, EAN-8 and UPC-A with the check digit modulo 10."""

    @pytest.mark.parametrize("code", ["6901234567892", "2100000000012", "96385074", "036000291452", "0036000291452"])
    def test_a_right_code_is_taken(self, code):
        assert is_barcode(code)

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            (BarcodeFault.CHARACTERS, ""),
            (BarcodeFault.CHARACTERS, "69012345678٩2"),
            (BarcodeFault.CHARACTERS, "6901234 567892"),
            (BarcodeFault.CHARACTERS, "-901234567892"),
            (BarcodeFault.LENGTH, "690123456789"[:11]),
            (BarcodeFault.LENGTH, "69012345678923"),
            (BarcodeFault.LENGTH, "1234567"),
            (BarcodeFault.CHECK_DIGIT, "6901234567893"),
            (BarcodeFault.CHECK_DIGIT, "96385075"),
        ],
    )
    def test_the_fault_is_named(self, fault, code):
        assert fault == find_barcode_fault(code)

    @given(st.sampled_from([7, 11, 12]), st.integers(0, 10**12 - 1), st.integers(0, 11), st.integers(1, 9))
    def test_one_wrong_digit_is_always_noticed(self, length, number, place, difference):
        digits = f"{number:012}"[-length:]
        code = digits + check_digit_for(digits)
        place %= length

        wrong = code[:place] + str((int(code[place]) + difference) % 10) + code[place + 1 :]

        assert is_barcode(code)
        assert BarcodeFault.CHECK_DIGIT == find_barcode_fault(wrong)

    def test_a_upc_a_code_is_kept_as_the_ean_13_that_other_scanners_send(self):
        assert "0036000291452" == canonical_barcode("036000291452")
        assert is_barcode(canonical_barcode("036000291452"))

    def test_other_codes_are_kept_as_they_are(self):
        assert "6901234567892" == canonical_barcode("6901234567892")
        assert "96385074" == canonical_barcode("96385074")
