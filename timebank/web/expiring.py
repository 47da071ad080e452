"""Points that expire soon, for the staff: who is to be told, by phone or at the door, since not everybody looks."""

from flask import Blueprint, render_template
from flask_login import current_user

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.rulebook.expiring import expiring_points
from timebank.web.access import Audience, audience

blueprint = Blueprint("expiring", __name__, url_prefix="/coord/expiring")


@blueprint.get("")
@audience(Audience.COORDINATOR)
def passbooks() -> str:
    """Show every passbook whose points expire soon, what ends first at the top."""
    community = current_user.community_id
    found = expiring_points(db.session(), community, day_of(clock.now()))
    return render_template(
        "coordinator/expiring.html",
        found=found,
        names=people.volunteers(db.session(), community, {one.number for one in found}),
    )
