"""Passkeys (WebAuthn): what a browser is asked, and whether what it answers is right. No state, no database.

A passkey is asked for beside the password, so that the person was there is enough; nothing is wanted to be known of the
device. The browser binds every answer to our address: it is worth nothing on a page that looks like ours.

Source: W3C WebAuthn level 2; ASVS 5.0, 6.3.3 and 6.5.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

ANSWER_LENGTH_MAX: Final = 12_000
"""How long what a browser sends may be; an answer has two thousand characters."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passkey is for. rp_id: the host name; origin: scheme, host and port as the browser says them."""

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser answered, as JSON, to which challenge (in hex), at which place."""

    text: str
    challenge: str
    place: Place


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that proved itself: its id, its public key, and how often it says it was used."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def creation_options(
    place: Place, *, challenge: bytes, user_id: bytes, user_name: str, name: str, known: Sequence[bytes]
) -> str:
    """Return what the browser is asked to make, as JSON. known: passkeys that the person has already."""
    return options_to_json(
        generate_registration_options(
            rp_id=place.rp_id,
            rp_name=name,
            user_id=user_id,
            user_name=user_name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
    )


def request_options(place: Place, *, challenge: bytes, known: Sequence[bytes]) -> str:
    """Return what the browser is asked to sign, as JSON."""
    return options_to_json(
        generate_authentication_options(
            rp_id=place.rp_id,
            challenge=challenge,
            allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    )


def find_new(answer: Answer) -> NewPasskey | None:
    """Return the passkey that a browser made, or None where its answer is not one to what was asked here."""
    try:
        made = verify_registration_response(
            credential=answer.text,
            expected_challenge=bytes.fromhex(answer.challenge),
            expected_rp_id=answer.place.rp_id,
            expected_origin=answer.place.origin,
        )
    except (WebAuthnException, RecursionError):
        return None
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def find_sign_count(answer: Answer, *, public_key: bytes, sign_count: int) -> int | None:
    """Return how often a passkey now says that it was used, or None where its answer is not right.

    A passkey that says it was used less often than before was copied; it is refused.
    """
    try:
        given = verify_authentication_response(
            credential=answer.text,
            expected_challenge=bytes.fromhex(answer.challenge),
            expected_rp_id=answer.place.rp_id,
            expected_origin=answer.place.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
        )
    except (WebAuthnException, RecursionError):
        return None
    return given.new_sign_count


def find_id(answer: str) -> bytes | None:
    """Return the id of the passkey that a browser says it used, or None where it says none."""
    try:
        written = str(json.loads(answer)["rawId"])
        return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
