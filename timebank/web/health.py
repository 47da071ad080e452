"""Health: whether the process answers, and whether it may be given work. Nothing is told beyond that."""

import sqlalchemy as sa
from flask import Blueprint, Response

from timebank.database import db
from timebank.web.access import Audience, audience

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@audience(Audience.PUBLIC)
def healthz() -> Response:
    """Say that the process answers; nothing is asked for it."""
    return Response("ok\n", content_type="text/plain")


@blueprint.get("/readyz")
@audience(Audience.PUBLIC)
def readyz() -> Response:
    """Say that the database answers; where it does not, the answer is 503 as for every page."""
    db.session.execute(sa.text("SELECT 1"))
    return Response("ready\n", content_type="text/plain")
