"""The code on a phone: the volunteer shows it, the till uses it up."""

import hmac
from typing import Final

from flask import Blueprint, current_app, render_template
from flask_login import current_user
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.codes import read_code
from timebank.market.operations import Identified
from timebank.people import queries as people
from timebank.people.operations.phone_codes import use_phone_code
from timebank.people.phone_codes import PhoneCodes, seconds_left
from timebank.web.access import Audience, act, audience
from timebank.web.forms import REQUEST_KEY
from timebank.web.looking import customer_of
from timebank.web.sent_json import sent_json
from timebank.web.told_json import told

blueprint = Blueprint("phone", __name__)

PURPOSE: Final = b"codes on phones"


class PhoneCodeForm(Schema):
    """What was scanned."""

    request_key = fields.String(required=True, validate=REQUEST_KEY)
    code = fields.String(required=True, validate=validate.Regexp(r"92[0-9]{18}\Z"))


def _codes() -> PhoneCodes:
    """Return what makes the codes, under a key of its own."""
    return PhoneCodes(hmac.digest(current_app.config["SETTINGS"].keys().lookup, PURPOSE, "sha256"))


@blueprint.get("/me/code")
@audience(Audience.VOLUNTEER)
def own() -> str:
    """Show the volunteer's own code; the page renews itself when the code changes."""
    community, number, now = current_user.community_id, current_user.volunteer_number, clock.now()
    return render_template(
        "volunteer/code.html",
        volunteer=people.volunteer(db.session(), community, number),
        code=people.phone_code(db.session(), _codes(), community, number, now),
        seconds=seconds_left(now),
    )


@blueprint.post("/till/phone-code")
@audience(Audience.CLERK)
def use() -> Response | tuple[Response, int]:
    """Use a code up that was scanned, and tell whose it is."""

    def use_it(session: Session) -> dict[str, object]:
        typed = PhoneCodeForm().load(sent_json())
        payload = read_code(typed["code"]).payload
        found = use_phone_code(session, act(typed["request_key"]), payload=payload, codes=_codes())
        return customer_of(session, found["number"], clock.now()) | {"by": Identified.PHONE_CODE.value}

    return told(use_it)
