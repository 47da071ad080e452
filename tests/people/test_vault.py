"""The vault of identity numbers."""

from uuid import UUID

import pytest

from tests.people.builders import VAULT, an_identity_number
from timebank.people.identity import DocumentKind
from timebank.people.vault import DocumentDamaged, IdentityVault, Sealed, VaultKeyMissing

NUMBER = an_identity_number()
OWNER, OTHER = UUID(int=7), UUID(int=8)
NONCE = bytes(12)
LATER = IdentityVault(encryption_key=b"n" * 32, lookup_key=b"l" * 32, retired_keys=(b"e" * 32,))


def sealed(vault=VAULT, number=NUMBER):
    return vault.seal("xfl", OWNER, number, nonce=NONCE)


class TestSealing:
    """domain.md 1.5: identity numbers are encrypted at rest; trust.md A5."""

    def test_a_sealed_number_opens_for_its_person(self):
        assert NUMBER == VAULT.open("xfl", OWNER, sealed())

    def test_nothing_of_the_number_is_in_what_is_stored(self):
        assert NUMBER[-4:].encode() not in sealed().ciphertext

    def test_moved_to_another_person_it_does_not_open(self):
        with pytest.raises(DocumentDamaged):
            VAULT.open("xfl", OTHER, sealed())

    def test_moved_to_another_community_it_does_not_open(self):
        with pytest.raises(DocumentDamaged):
            VAULT.open("xyz", OWNER, sealed())

    def test_a_changed_byte_is_noticed(self):
        shut = sealed()
        changed = Sealed(shut.key_id, shut.nonce, bytes([shut.ciphertext[0] ^ 1]) + shut.ciphertext[1:])

        with pytest.raises(DocumentDamaged):
            VAULT.open("xfl", OWNER, changed)

    def test_a_retired_key_opens_what_it_sealed(self):
        assert NUMBER == LATER.open("xfl", OWNER, sealed())

    def test_everything_new_is_sealed_with_the_new_key(self):
        assert sealed().key_id != sealed(LATER).key_id

    def test_a_key_that_is_not_there_is_named_and_not_shown(self):
        with pytest.raises(VaultKeyMissing) as refused:
            VAULT.open("xfl", OWNER, sealed(LATER))

        assert {"key": sealed(LATER).key_id} == refused.value.facts

    def test_keys_are_not_shown(self):
        assert "IdentityVault()" == repr(VAULT)

    def test_a_short_key_is_no_key(self):
        with pytest.raises(AssertionError):
            IdentityVault(encryption_key=b"e" * 31, lookup_key=b"l" * 32)


class TestLookUp:
    """A number is found again without opening anything, and only within its community."""

    def test_one_number_has_one_digest_however_it_is_typed(self):
        one = VAULT.document("xfl", DocumentKind.RESIDENT_ID, NUMBER)
        other = VAULT.document("xfl", DocumentKind.RESIDENT_ID, f" {NUMBER[:6]} {NUMBER[6:].lower()} ")

        assert one == other

    def test_the_digest_is_another_one_in_another_community(self):
        assert VAULT.digest("xfl", NUMBER) != VAULT.digest("xyz", NUMBER)

    def test_the_digest_stays_when_the_encryption_key_changes(self):
        assert VAULT.digest("xfl", NUMBER) == LATER.digest("xfl", NUMBER)

    def test_without_the_key_nobody_computes_the_digest(self):
        other = IdentityVault(encryption_key=b"e" * 32, lookup_key=b"m" * 32)

        assert VAULT.digest("xfl", NUMBER) != other.digest("xfl", NUMBER)

    def test_the_number_is_not_shown_with_the_document(self):
        assert NUMBER not in repr(VAULT.document("xfl", DocumentKind.RESIDENT_ID, NUMBER))
