"""The bars of a label: what a scanner of any maker reads."""

import pytest

from timebank.market.barcodes import ean_13_modules


class TestEan13:
    """GS1 General Specifications, section 5.2."""

    @pytest.mark.parametrize(
        ("code", "modules"),
        [
            (
                "5901234123457",
                "101"
                "0001011" "0100111" "0110011" "0010011" "0111101" "0011101"
                "01010"
                "1100110" "1101100" "1000010" "1011100" "1001110" "1000100"
                "101",
            ),
            (
                "0012345678905",
                "101"
                "0001101" "0011001" "0010011" "0111101" "0100011" "0110001"
                "01010"
                "1010000" "1000100" "1001000" "1110100" "1110010" "1001110"
                "101",
            ),
        ],
    )  # fmt: skip
    def test_known_patterns(self, code, modules):
        assert modules == ean_13_modules(code)

    def test_every_code_is_ninety_five_modules_between_its_guards(self):
        for code in ("2900000000018", "6901234567892", "9780201379624"):
            drawn = ean_13_modules(code)
            assert (95, "101", "01010", "101") == (len(drawn), drawn[:3], drawn[45:50], drawn[-3:])

    @pytest.mark.parametrize("wrong", ["5901234123458", "12345670", "590123412345", "59012341234x7"])
    def test_what_is_no_ean_13_is_not_drawn(self, wrong):
        with pytest.raises(AssertionError):
            ean_13_modules(wrong)
