"""What a browser is asked about passkeys. It travels through the form, signed, for this session and ten minutes."""

from dataclasses import dataclass
from typing import Final

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from timebank import chance
from timebank.database import db
from timebank.people import queries as people
from timebank.people.passkeys import Place, creation_options, request_options
from timebank.people.queries.factors import second_factor
from timebank.web.access import here

ASKED_SECONDS: Final = 600
"""How long what was asked may still be answered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks of the browser. asked: as JSON; signed: how it comes back."""

    asked: str
    signed: str


def place() -> Place:
    """Return where passkeys are for: the host that the browser asked for, which is one of ours."""
    scheme = "https" if current_app.config["SETTINGS"].https else request.scheme
    return Place(rp_id=request.host.partition(":")[0], origin=f"{scheme}://{request.host}")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="passkey")


def _signed(challenge: str) -> str:
    return _signer().dumps([challenge, here().session_secret])


def challenge_of(signed: str) -> str | None:
    """Return what was asked of this session a while ago, or None."""
    try:
        challenge, session_secret = _signer().loads(signed, max_age=ASKED_SECONDS)
    except BadData:
        return None
    return str(challenge) if session_secret == here().session_secret else None


def asked_to_give() -> Asked | None:
    """Return what the second step asks of a browser whose owner has passkeys; None where there are none."""
    visitor = here()
    known = [one.credential_id for one in second_factor(db.session(), visitor.community_id, visitor.person_id).passkeys]
    if not known:
        return None
    challenge = chance.fresh_salt()
    return Asked(request_options(place(), challenge=challenge, known=known), _signed(challenge.hex()))


def asked_to_make() -> Asked:
    """Return what a browser is asked, so that it makes a passkey that this person has not yet."""
    visitor, challenge = here(), chance.fresh_salt()
    held = second_factor(db.session(), visitor.community_id, visitor.person_id)
    asked = creation_options(
        place(),
        challenge=challenge,
        user_id=visitor.person_id.bytes,
        user_name=f"{visitor.staff_number or visitor.volunteer_number}@{visitor.community_id}",
        name=f"{people.community(db.session(), visitor.community_id).name}爱心存折",
        known=[one.credential_id for one in held.passkeys],
    )
    return Asked(asked, _signed(challenge.hex()))
