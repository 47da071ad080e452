"""The twenty digits on paper: every mistake a hand or a scanner makes is noticed."""

import pytest

from timebank.ledger.codes import (
    PAYLOAD_MAX,
    SEQ_MAX,
    Code,
    CodeKind,
    CodeMistyped,
    NotACode,
    document_code,
    read_code,
    read_document,
)
from timebank.ledger.merkle import NotAHash, leaf_hash

HASH = leaf_hash(b"entry")
SOME = Code(CodeKind.CARD, 123_456_789)


class TestTheGrammar:
    """experience.md section 0.3: `9`, kind, sixteen digits, two check digits."""

    @pytest.mark.parametrize("kind", list(CodeKind))
    @pytest.mark.parametrize("payload", [0, 1, 42, PAYLOAD_MAX])
    def test_what_was_printed_is_read_again(self, kind, payload):
        printed = Code(kind, payload).digits

        assert 20 == len(printed)
        assert f"9{kind:d}" == printed[:2]
        assert Code(kind, payload) == read_code(printed)

    def test_what_is_printed_stays_what_it_is(self):
        """Paper was handed out with these digits: kinds and sizes can be added to, never changed."""
        kinds = {"CARD": 1, "PHONE": 2, "BADGE": 3, "COMMAND": 4, "RESERVATION": 5, "ACTIVITY": 6, "LABEL": 7}

        assert kinds | {"DOCUMENT": 8, "VOUCHER": 9} == {kind.name: kind.value for kind in CodeKind}
        assert (9_999_999_999_999_999, 99_999_999) == (PAYLOAD_MAX, SEQ_MAX)

    def test_the_check_digits_follow_iso_7064_mod_97_10(self):
        assert 1 == int(SOME.digits) % 97

    def test_a_person_reads_it_in_groups_and_may_type_the_spaces(self):
        assert "9100 0000 0123 4567 8930" == SOME.grouped
        assert SOME == read_code(SOME.grouped)
        assert SOME == read_code(SOME.grouped.replace(" ", "-"))
        assert SOME == read_code(SOME.grouped.replace(" ", "\u3000"))

    def test_every_wrong_digit_is_noticed(self):
        digits = SOME.digits
        for place in range(2, 20):
            for other in set("0123456789") - {digits[place]}:
                with pytest.raises(CodeMistyped):
                    read_code(digits[:place] + other + digits[place + 1 :])

    def test_every_exchange_of_two_neighbours_is_noticed(self):
        digits = SOME.digits
        for place in range(2, 19):
            if digits[place] != digits[place + 1]:
                exchanged = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
                with pytest.raises(CodeMistyped):
                    read_code(exchanged)

    def test_check_digits_with_the_same_remainder_are_not_a_second_form(self):
        low = next(
            code for code in (Code(CodeKind.CARD, number) for number in range(200)) if code.digits.endswith("97")
        )

        with pytest.raises(CodeMistyped):
            read_code(low.digits[:-2] + "00")

    @pytest.mark.parametrize(
        "foreign",
        [
            "",
            "6901234567892",
            "134567890123456789",
            "28123456789012345678",
            "6212345678901234567",
            "90000000000000000001",
            "90000000000000000098",
            SOME.digits[:-1],
            SOME.digits + "0",
            SOME.digits.replace("0", "٠"),
            SOME.digits.replace("1", "１"),
            SOME.digits[:-1] + "²",
            SOME.digits + "\n",
        ],
        ids=repr,
    )
    def test_what_is_not_ours_is_said_to_be_not_ours(self, foreign):
        with pytest.raises(NotACode):
            read_code(foreign)

    @pytest.mark.parametrize("payload", [-1, PAYLOAD_MAX + 1, 1.0, True])
    def test_a_payload_that_does_not_fit_is_a_fault(self, payload):
        with pytest.raises(AssertionError):
            Code(CodeKind.CARD, payload)


class TestTheCodeOfADocument:
    """A slip names its entry and repeats the beginning of the entry's hash."""

    @pytest.mark.parametrize("seq", [1, 42, SEQ_MAX])
    def test_names_the_entry_and_knows_it_again(self, seq):
        read = read_document(read_code(document_code(seq, HASH).digits))

        assert seq == read.seq
        assert read.stands_for(HASH)

    def test_does_not_stand_for_another_entry_of_the_same_number(self):
        read = read_document(document_code(7, HASH))

        assert not read.stands_for(leaf_hash(b"entry, changed"))

    def test_has_the_digits_that_were_printed_before(self):
        assert "9800 0000 4240 6989 1456" == document_code(42, HASH).grouped

    def test_is_made_of_a_whole_hash_only(self):
        with pytest.raises(NotAHash):
            document_code(42, HASH[:-1])

    def test_is_not_made_for_a_number_that_does_not_fit(self):
        for seq in (0, SEQ_MAX + 1):
            with pytest.raises(AssertionError):
                document_code(seq, HASH)

    def test_a_card_is_no_document(self):
        with pytest.raises(NotACode):
            read_document(SOME)

    def test_a_document_of_no_entry_is_none(self):
        with pytest.raises(NotACode):
            read_document(Code(CodeKind.DOCUMENT, 12345))
