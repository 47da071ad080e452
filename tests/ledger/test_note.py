"""Signed notes: the public example, what is written and read back, and what is refused."""

import base64
import re

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from timebank.ledger.note import (
    NOTE_BYTES_MAX,
    SIGNATURES_MAX,
    KeyKind,
    MalformedKey,
    MalformedSignature,
    Note,
    NoteCutOff,
    NoteNotSigned,
    NoteNotText,
    NoteTooLarge,
    NotSignedBy,
    Signature,
    SignatureMismatch,
    VerifierKey,
    parse_key,
    parse_note,
    sign_text,
    verify_signature,
)

PUBLIC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
PUBLIC_TEXT = "This is an example message.\n"
PUBLIC_NOTE = (
    PUBLIC_TEXT + "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def a_private_key(number=1):
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def a_key(name="xfl.example/log", number=1, kind=KeyKind.TEXT):
    return VerifierKey(name, kind, a_private_key(number).public_key().public_bytes_raw())


def verifier_of(key):
    """The function that asks the cryptography library whether a signature is this key's."""

    def verify(signature, message):
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify


def a_note(text="the books of today\n", number=1, name="xfl.example/log"):
    return sign_text(text, a_key(name, number), a_private_key(number).sign)


class TestThePublicExample:
    """C2SP signed-note: the example that every implementation reads alike."""

    def test_is_signed_by_its_key(self):
        key = parse_key(PUBLIC_KEY)
        note = parse_note(PUBLIC_NOTE.encode())

        verify_signature(note, key, verifier_of(key))

        assert PUBLIC_TEXT == note.text
        assert ("example.com/foo", "530d903a") == (key.name, key.key_id.hex())

    def test_is_written_again_byte_for_byte(self):
        assert PUBLIC_NOTE.encode() == parse_note(PUBLIC_NOTE.encode()).to_bytes()
        assert PUBLIC_KEY == str(parse_key(PUBLIC_KEY))

    def test_is_refused_with_one_letter_changed(self):
        key = parse_key(PUBLIC_KEY)
        note = parse_note(PUBLIC_NOTE.replace("This", "Thus").encode())

        with pytest.raises(SignatureMismatch) as refused:
            verify_signature(note, key, verifier_of(key))

        assert {"name": "example.com/foo"} == refused.value.facts


class TestSigning:
    """C2SP signed-note, Signatures: a known key's signature must be true; unknown keys are not looked at."""

    def test_is_verified_with_the_public_key(self):
        note = a_note()

        verify_signature(note, a_key(), verifier_of(a_key()))

        assert ("xfl.example/log", a_key().key_id) == (note.signatures[0].name, note.signatures[0].key_id)

    def test_is_not_disturbed_by_signatures_of_strangers(self):
        stranger = Signature("stranger.example", b"\x00\x00\x00\x01", b"anything")

        verify_signature(a_note().with_signature(stranger), a_key(), verifier_of(a_key()))

    def test_by_another_key_of_the_same_name_is_not_enough(self):
        with pytest.raises(NotSignedBy) as refused:
            verify_signature(a_note(number=2), a_key(number=1), verifier_of(a_key()))

        assert {"name": "xfl.example/log"} == refused.value.facts

    def test_by_the_same_key_in_another_name_is_not_enough(self):
        with pytest.raises(NotSignedBy):
            verify_signature(a_note(name="other.example/log"), a_key(), verifier_of(a_key()))

    def test_twice_by_the_log_is_refused_when_one_of_the_two_is_false(self):
        true = a_note()
        false = Signature("xfl.example/log", a_key().key_id, bytes(64))

        with pytest.raises(SignatureMismatch):
            verify_signature(true.with_signature(false), a_key(), verifier_of(a_key()))

    @pytest.mark.parametrize("length", [1, 63, 65, 72])
    def test_of_another_length_than_64_bytes_is_refused_without_asking_the_library(self, length):
        note = Note("a text\n", (Signature("xfl.example/log", a_key().key_id, bytes(length)),))

        with pytest.raises(SignatureMismatch):
            verify_signature(note, a_key(), lambda signature, message: True)

    @given(st.integers(0, 64 * 8 - 1))
    @settings(max_examples=10, deadline=None)
    def test_is_refused_with_any_bit_changed(self, bit):
        note = a_note()
        changed = (int.from_bytes(note.signatures[0].value, "big") ^ (1 << bit)).to_bytes(64, "big")
        forged = Note(note.text, (Signature("xfl.example/log", a_key().key_id, changed),))

        with pytest.raises(SignatureMismatch):
            verify_signature(forged, a_key(), verifier_of(a_key()))


class TestReadingNotes:
    """C2SP signed-note, Format: one note has one form."""

    @given(
        st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=20),
        st.lists(st.binary(min_size=1, max_size=80), min_size=1, max_size=4),
    )
    @settings(max_examples=30, deadline=None)
    def test_gives_back_whatever_was_written(self, line, values):
        signatures = tuple(Signature("见证人.example", bytes(4), value) for value in values)
        note = Note(f"{line}\n\n{line}\n", signatures)

        assert note == parse_note(note.to_bytes())

    def test_takes_the_last_empty_line_as_the_end_of_the_text(self):
        note = a_note("first part\n\n\nsecond part\n\n")

        assert "first part\n\n\nsecond part\n\n" == parse_note(note.to_bytes()).text

    def test_refuses_a_note_that_does_not_end_with_a_newline(self):
        for raw in (b"", a_note().to_bytes()[:-1], a_note().to_bytes()[:-10]):
            with pytest.raises(NoteCutOff):
                parse_note(raw)

    @pytest.mark.parametrize(
        ("control", "line"), [("\r\n", 1), ("\n\t", 2), ("\n\n\n\x00", 4), ("\x0b", 1), ("\x1f", 1)]
    )
    def test_refuses_control_characters_and_names_the_line(self, control, line):
        with pytest.raises(NoteNotText) as refused:
            parse_note(a_note().to_bytes().replace(b"\n", control.encode(), 1))

        assert {"line": line} == refused.value.facts

    def test_refuses_what_is_not_utf_8_and_names_the_line(self):
        with pytest.raises(NoteNotText) as refused:
            parse_note(b"first line\n" + "爱心存折".encode("gbk") + b"\n\n" + a_note().signatures[0].line.encode())

        assert {"line": 2} == refused.value.facts

    @pytest.mark.parametrize("raw", [b"\n", b"\n\n", b"text\n", b"text\n\n", b"text\n\nmore\n\n"])
    def test_refuses_a_note_without_signatures(self, raw):
        with pytest.raises(NoteNotSigned):
            parse_note(raw)

    def test_refuses_a_note_whose_signatures_are_not_set_off(self):
        with pytest.raises(NoteNotSigned):
            parse_note(b"text\n" + a_note().signatures[0].line.encode())

    @pytest.mark.parametrize(
        "line",
        [
            "- log.example AAAAAAE=",
            "—log.example AAAAAAE=",
            "— log.example  AAAAAAE=",
            "— log.example AAAAAAE= ",
            "—  AAAAAAE=",
            "— log example AAAAAAE=",
            "— log\u2003example AAAAAAE=",
            "— log\u2028example AAAAAAE=",
            "— log+example AAAAAAE=",
            "— log.example",
            "— log.example AAAAAAE",
            "— log.example AAAAAAF=",
            "— log.example AAAAAA==",
            "— log.example AAAA",
            "— log.example AAAAA_E=",
            "just another line",
        ],
    )
    def test_refuses_signature_lines_of_another_form_and_says_which(self, line):
        raw = a_note().to_bytes() + f"{line}\n".encode()

        with pytest.raises(MalformedSignature) as refused:
            parse_note(raw)

        assert {"number": 2} == refused.value.facts

    def test_takes_64_signatures_and_refuses_65(self):
        line = a_note().signatures[0].line

        assert SIGNATURES_MAX == len(parse_note(f"text\n\n{line * SIGNATURES_MAX}".encode()).signatures)
        with pytest.raises(NoteTooLarge):
            parse_note(f"text\n\n{line * (SIGNATURES_MAX + 1)}".encode())

    def test_takes_128_kib_and_refuses_one_byte_more(self):
        end = f"\n\n{a_note().signatures[0].line}".encode()
        largest = b"x" * (NOTE_BYTES_MAX - len(end)) + end

        assert largest == parse_note(largest).to_bytes()
        with pytest.raises(NoteTooLarge) as refused:
            parse_note(b"x" + largest)

        assert {"bytes_max": NOTE_BYTES_MAX, "signatures_max": SIGNATURES_MAX} == refused.value.facts


class TestBuildingNotes:
    """A note that could not be read back cannot be built."""

    def test_needs_a_text_that_ends_with_a_newline(self):
        for text in ("", "no newline"):
            with pytest.raises(NoteCutOff):
                Note(text, (Signature("log.example", bytes(4), bytes(64)),))

    def test_needs_a_text_without_control_characters(self):
        with pytest.raises(NoteNotText):
            Note("a tab\t\n", (Signature("log.example", bytes(4), bytes(64)),))

    def test_needs_a_signature(self):
        with pytest.raises(NoteNotSigned):
            Note("text\n", ())


class TestKeys:
    """C2SP signed-note, verifier keys: name, id and key in one line."""

    @pytest.mark.parametrize("kind", list(KeyKind))
    def test_are_written_in_one_line_and_read_back(self, kind):
        key = a_key("党群服务中心.example/w1", kind=kind)

        line = str(key)

        assert key == parse_key(line)
        assert re.fullmatch(r"党群服务中心\.example/w1\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}", line)

    def test_have_another_id_for_another_use(self):
        assert a_key(kind=KeyKind.TEXT).key_id != a_key(kind=KeyKind.COSIGNATURE).key_id

    @pytest.mark.parametrize("name", ["", "two words", "a+b", "new\nline", "\x00", "\u3000", "\ud800"])
    def test_have_a_name_that_can_stand_in_a_signature_line(self, name):
        with pytest.raises(MalformedKey):
            VerifierKey(name, KeyKind.TEXT, bytes(32))

    @pytest.mark.parametrize("length", [0, 31, 33])
    def test_have_32_bytes(self, length):
        with pytest.raises(MalformedKey):
            VerifierKey("log.example", KeyKind.TEXT, bytes(length))

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "example.com/foo",
            PUBLIC_KEY + "\n",
            " " + PUBLIC_KEY,
            PUBLIC_KEY.replace("530d903a", "530d903b"),
            PUBLIC_KEY.replace("530d903a", "530D903A"),
            PUBLIC_KEY.replace("foo", "bar"),
            PUBLIC_KEY[:-4],
            PUBLIC_KEY[:-1],
            PUBLIC_KEY[:-1] + "=",
            "example.com/foo+530d903a+A",
            "example.com/foo+530d903a+" + base64.b64encode(b"\x02" + bytes(32)).decode(),
            "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "\ud800+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        ],
    )
    def test_are_refused_in_any_other_form(self, text):
        with pytest.raises(MalformedKey):
            parse_key(text)
