"""Identifying: who stands at the counter without a card; the end of their registered document tells."""

from flask import Blueprint, current_app
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank.market.operations import Identified
from timebank.people.operations.documents import check_document_tail
from timebank.people.vault import IdentityVault
from timebank.web.access import Audience, act, audience
from timebank.web.forms import REQUEST_KEY
from timebank.web.sent_json import sent_json
from timebank.web.till import NUMBER
from timebank.web.told_json import told

blueprint = Blueprint("identifying", __name__, url_prefix="/till/identify")


class TailForm(Schema):
    """Whose document, and how it ends."""

    request_key = fields.String(required=True, validate=REQUEST_KEY)
    volunteer = fields.String(required=True, validate=NUMBER)
    tail = fields.String(required=True, validate=validate.Regexp(r"[0-9A-Za-z]{4}\Z"))


@blueprint.post("")
@audience(Audience.CLERK)
def identify() -> Response | tuple[Response, int]:
    """Check how a registered document ends."""

    def check(session: Session) -> dict[str, str]:
        typed = TailForm().load(sent_json())
        keys = current_app.config["SETTINGS"].keys()
        vault = IdentityVault(encryption_key=keys.encryption, lookup_key=keys.lookup)
        doing = act(typed["request_key"])
        check_document_tail(session, doing, number=typed["volunteer"], tail=typed["tail"], vault=vault)
        return {"by": Identified.DOCUMENT_TAIL.value}

    return told(check)
