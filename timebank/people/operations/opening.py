"""Opening a community: its log, its row, the top of its tree, and the first admin with a login that works once."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books import head, journal
from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.ledger.entries import Draft, EntryKind
from timebank.people.operations.granting import grant
from timebank.people.operations.organising import check_unit_name, unit_columns
from timebank.people.operations.staffing import NewStaff, write_staff
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.queries.places import OrgLevel
from timebank.people.roles import Role
from timebank.people.tables import CommunityRow, OrgUnitRow
from timebank.refusal import Refusal

FIRST_ADMIN_ID: Final = UUID(int=1)
"""The person id of a community's first admin: known before there is anybody, so that the first act can name them."""

CODE: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,14}[a-z0-9])")
CONTACT_LENGTH_MAX: Final = {"station_phone": 40, "opening_hours": 200}


class CommunityCodeInvalid(Refusal):
    """A community's code is 2 to 16 small letters, digits and hyphens, for ever."""

    code = "community_code_invalid"


class CommunityTextInvalid(Refusal):
    """Phone or opening hours are too long or have characters that cannot be kept."""

    code = "community_text_invalid"


class CommunityExists(Refusal):
    """There is a community of this code in this database."""

    code = "community_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCommunity:
    """A community that begins.

    Attributes:
        name: as it stands on every page, 幸福里社区.
        go_live_on: the day from which the ordinary rules hold; what was before is imported as an opening period.
        station_phone, opening_hours: where and when people find help; may be empty.
    """

    name: str
    go_live_on: date
    station_phone: str = ""
    opening_hours: str = ""


def open_community(
    session: Session, act: Act, *, community: NewCommunity, admin: NewStaff, one_time_token: Secret
) -> dict[str, Any]:
    """Open a community: begin its log with the entry `community-opened`, and add its first admin.

    Nobody can be asked for a right before there is anybody: whoever may open one holds the machine.

    Args:
        act: of `system`, with the code of the new community.
        one_time_token: see `staffing.add_staff`.

    Returns:
        `number` and `person_id` of the admin, `expires_at` and `token_digest` of the login, `seq` of the entry.

    Raises:
        CommunityCodeInvalid, UnitNameInvalid, CommunityTextInvalid: nothing was begun.
        CommunityExists: there is one of this code.
        LoginInvalid, PersonNameInvalid, PhoneInvalid: of the admin.
    """
    _check(act, community)
    try:
        head.lock(session, act.community_id)
    except head.NoSuchCommunity:
        head.begin(session, act)
    return _open(session, act, community=community, admin=admin, one_time_token=one_time_token)


def _check(act: Act, community: NewCommunity) -> None:
    """Refuse what could not even be written down as refused: there are no books for it yet."""
    if not CODE.fullmatch(act.community_id):
        raise CommunityCodeInvalid(community=act.community_id[:32])
    check_unit_name(composed(community.name).strip())
    for field, length_max in CONTACT_LENGTH_MAX.items():
        text = getattr(community, field)
        if len(text) > length_max or find_text_fault(text, multiline=False):
            raise CommunityTextInvalid(field=field, length_max=length_max)


@once("people.open_community")
def _open(
    session: Session, act: Act, *, community: NewCommunity, admin: NewStaff, one_time_token: Secret
) -> dict[str, Any]:
    if session.get(CommunityRow, act.community_id) is not None:
        raise CommunityExists(community=act.community_id)
    _write(session, act, community)
    facts = {"name": composed(community.name).strip(), "go_live_on": community.go_live_on.isoformat()}
    posted = journal.post(session, act, Draft(kind=EntryKind.COMMUNITY_OPENED, effective_on=act.today, facts=facts))
    answer = write_staff(session, act, admin, FIRST_ADMIN_ID, one_time_token)
    grant(session, act, FIRST_ADMIN_ID, Role.ADMIN)
    return answer | {"seq": posted.seq}


def _write(session: Session, act: Act, community: NewCommunity) -> None:
    name = composed(community.name).strip()
    session.add(
        CommunityRow(
            community_id=act.community_id,
            name=name,
            station_phone=community.station_phone.strip(),
            opening_hours=community.opening_hours.strip(),
            go_live_on=community.go_live_on,
            opened_at=act.at,
        )
    )
    session.flush()
    top = (act.new_id("root unit"), OrgLevel.BRANCH)
    session.add(OrgUnitRow(**unit_columns(act, top, f"{name}党总支"[:60], None)))
    session.flush()
