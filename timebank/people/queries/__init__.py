"""What others may ask the people room. Everything returns frozen dataclasses; `find_…` may return None.

Each kind of question lies in its own file (`volunteers`, `staff`, `rights`, `places`, `closeness`, `sessions`); all of
them are offered here under one name.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.asking import Question, ask
from timebank.books.head import NoSuchCommunity
from timebank.people.names import name_key
from timebank.people.numbers import could_be
from timebank.people.plain_text import find_text_fault
from timebank.people.queries.cards import CardUnknown, find_badge, find_card, number_on_card
from timebank.people.queries.closeness import close_to, closeness_question, household_numbers
from timebank.people.queries.demo import DemoPerson, demo_people
from timebank.people.queries.groups import GroupOnlyGives, VolunteerGroup, check_no_group, group, groups
from timebank.people.queries.phone_codes import phone_code
from timebank.people.queries.places import (
    LEVEL_NAMES,
    NoSuchOrgUnit,
    OrgLevel,
    OrgUnit,
    line_of,
    org_unit,
    org_units,
    root,
)
from timebank.people.queries.rights import (
    NotAllowed,
    allowed_to,
    check_granted,
    check_may,
    check_may_for,
    may,
    right_question,
)
from timebank.people.queries.sessions import (
    OneTimeLogin,
    OneTimeLoginSpent,
    OpenSession,
    SignedIn,
    active_roles,
    find_session,
    has_password,
    one_time_login,
    open_sessions,
    with_password,
)
from timebank.people.queries.staff import (
    NoSuchStaff,
    RoleHeld,
    Staff,
    all_staff,
    find_staff_by_login,
    roles_held,
    staff_by_login,
    staff_by_number,
    staff_member,
    staff_names,
)
from timebank.people.queries.volunteers import (
    NoSuchVolunteer,
    Volunteer,
    all_volunteers,
    find_volunteer,
    search_volunteers,
    volunteer,
    volunteer_count,
    volunteers,
    volunteers_question,
)
from timebank.people.tables import CommunityRow, PartnerRow
from timebank.refusal import Refusal

__all__ = [
    "LEVEL_NAMES",
    "CardUnknown",
    "Community",
    "DemoPerson",
    "GroupOnlyGives",
    "NoSuchCommunity",
    "NoSuchOrgUnit",
    "NoSuchPartner",
    "NoSuchStaff",
    "NoSuchVolunteer",
    "NotAllowed",
    "OneTimeLogin",
    "OneTimeLoginSpent",
    "OpenSession",
    "OrgLevel",
    "OrgUnit",
    "Partner",
    "RoleHeld",
    "SignedIn",
    "Staff",
    "Volunteer",
    "VolunteerGroup",
    "active_roles",
    "all_staff",
    "all_volunteers",
    "allowed_to",
    "check_granted",
    "check_may",
    "check_may_for",
    "check_no_group",
    "close_to",
    "closeness_question",
    "communities",
    "communities_question",
    "community",
    "demo_people",
    "find_badge",
    "find_card",
    "find_partner_by_name",
    "find_session",
    "find_staff_by_login",
    "find_volunteer",
    "group",
    "groups",
    "has_password",
    "household_numbers",
    "line_of",
    "may",
    "number_on_card",
    "one_time_login",
    "open_sessions",
    "org_unit",
    "org_units",
    "partner",
    "partners",
    "phone_code",
    "right_question",
    "roles_held",
    "root",
    "search_volunteers",
    "staff_by_login",
    "staff_by_number",
    "staff_member",
    "staff_names",
    "volunteer",
    "volunteer_count",
    "volunteers",
    "volunteers_question",
    "with_password",
]


class NoSuchPartner(Refusal):
    """There is no partner unit of this code in this community."""

    code = "no_such_partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A community. id: its code; go_live_on: the day from which the ordinary rules hold."""

    id: str
    name: str
    station_phone: str
    opening_hours: str
    go_live_on: date


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner unit (共建单位). code: `P001`; owns the donor's accounts."""

    code: str
    name: str


def communities(session: Session) -> tuple[Community, ...]:
    """Return every community of this database, by code."""
    return ask(session, communities_question())


def communities_question() -> Question[tuple[Community, ...]]:
    """Ask the same together with other questions."""
    return Question(_COMMUNITIES, {}, lambda rows: tuple(sorted((_community(row) for row in rows), key=_code)))


_COMMUNITIES: Final = sa.select(*CommunityRow.__table__.c)


def _code(community: Community) -> str:
    return community.id


def community(session: Session, community_id: str) -> Community:
    """Return one community.

    Raises:
        NoSuchCommunity: there is none of this code.
    """
    row = session.get(CommunityRow, community_id) if could_be(community_id.upper()) else None
    if row is None:
        raise NoSuchCommunity(community=community_id)
    return _community(row)


def _community(row: Any) -> Community:  # a row of the table, or of a question
    return Community(
        id=row.community_id,
        name=row.name,
        station_phone=row.station_phone,
        opening_hours=row.opening_hours,
        go_live_on=row.go_live_on,
    )


def partner(session: Session, community_id: str, code: str) -> Partner:
    """Return the partner unit of a code.

    Raises:
        NoSuchPartner: there is none.
    """
    row = session.get(PartnerRow, (community_id, code)) if could_be(code) else None
    if row is None:
        raise NoSuchPartner(partner=code)
    return Partner(row.code, row.name)


def find_partner_by_name(session: Session, community_id: str, name: str) -> Partner | None:
    """Return the partner unit of a name, or None; blanks, capitals and full-width letters make no difference."""
    if find_text_fault(name, multiline=False):
        return None
    query = sa.select(PartnerRow).where(PartnerRow.community_id == community_id, PartnerRow.name_key == name_key(name))
    row = session.scalars(query).one_or_none()
    return None if row is None else Partner(row.code, row.name)


def partners(session: Session, community_id: str) -> tuple[Partner, ...]:
    """Return the partner units, in the order of their codes."""
    query = sa.select(PartnerRow).where(PartnerRow.community_id == community_id)
    ordered = query.order_by(sa.func.length(PartnerRow.code), PartnerRow.code)
    return tuple(Partner(row.code, row.name) for row in session.scalars(ordered))
