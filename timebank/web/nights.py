"""The runs of the night, for the admin and the auditor: which job was done for which day, when, with what result."""

from typing import Final

from flask import Blueprint, render_template
from flask_login import current_user

from timebank.books.answers import answered
from timebank.database import db
from timebank.web.access import Audience, audience
from timebank.web.night_words import job_name, results

blueprint = Blueprint("nights", __name__, url_prefix="/nightly")

SHOWN: Final = 120


@blueprint.get("")
@audience(Audience.ADMIN, Audience.AUDITOR)
def runs() -> str:
    """Show the newest runs."""
    found = answered(db.session(), current_user.community_id, prefix="nightly/", limit=SHOWN)
    return render_template(
        "admin/nights.html",
        runs=[(*run.key.split("/")[1:3], run) for run in found],
        job_name=job_name,
        results=results,
    )
