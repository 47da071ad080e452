"""Names of the staff by person, for pages that say who did something."""

from uuid import UUID

from flask_login import current_user

from timebank.database import db
from timebank.people import queries as people


def names_by_person() -> dict[UUID, str]:
    """Return the names of everybody who works or worked in the visitor's community."""
    return {one.person_id: one.name for one in people.all_staff(db.session(), current_user.community_id)}
