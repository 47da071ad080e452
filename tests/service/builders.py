"""Builders of the service room: a community, its people, activities and sheets; say only what matters.

People are written straight into their tables: what is tested here is what happens to their hours.
"""

import hashlib
from datetime import date, datetime, timedelta
from uuid import UUID

from tests.builders import NOON, an_act, rules_at_once
from timebank.books import head, statements
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef
from timebank.ledger.days import ZONE
from timebank.people.tables import (
    CommunityRow,
    OrgUnitRow,
    PersonRow,
    RelativeRow,
    RoleGrantRow,
    StaffRow,
    VolunteerRow,
)
from timebank.rulebook.operations import publish_first
from timebank.service import operations
from timebank.service.asked import Decision, NewActivity, NewRecord, Sheet, SheetLine

XFL = "xfl"
GO_LIVE_ON = date(2026, 11, 1)
FRIDAY = "2026-11-20"
"""The working day before the one on which the tests take place."""
BATCH = UUID(int=0xB0001)


def moment(text):
    """Read a clock time of the community: `2026-11-20 09:00`."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def person_id(number):
    """The person behind a number."""
    return UUID(bytes=hashlib.sha256(number.encode()).digest()[:16])


def acting(number="S001", **changes):
    """Build an act of the person with this number."""
    return an_act(**({"person_id": person_id(number), "number": number} | changes))


def a_community(session, *, community_id=XFL, go_live_on=GO_LIVE_ON, coordinators=("S001", "S002"), rules=None):
    """Open a community with two coordinators; what is approved is posted at once unless its rules say otherwise."""
    act = an_act(community_id=community_id, person_id=UUID(int=0), number="system", at=NOON - timedelta(days=400))
    head.begin(session, act)
    session.add(
        CommunityRow(
            community_id=community_id,
            name="幸福里社区",
            station_phone="",
            opening_hours="",
            go_live_on=go_live_on,
            opened_at=act.at,
        )
    )
    session.flush()
    an_org_unit(session, "root", level=1, parent=None, community_id=community_id)
    publish_first(session, act, go_live_on=go_live_on, ordinary=rules or rules_at_once())
    for number in coordinators:
        a_coordinator(session, number, community_id=community_id)


def an_org_unit(session, name, *, level=2, parent="root", community_id=XFL):
    """Add a part of the organisation tree; return its id."""
    unit_id = person_id(f"unit {name}")
    session.add(
        OrgUnitRow(
            community_id=community_id,
            id=unit_id,
            level=level,
            name=name,
            parent_id=None if parent is None else person_id(f"unit {parent}"),
            parent_level=None if parent is None else level - 1,
        )
    )
    session.flush()
    return unit_id


def a_person(session, number, *, household=None, community_id=XFL):
    """Add a person."""
    name = f"人{number}"
    session.add(
        PersonRow(
            community_id=community_id,
            id=person_id(number),
            name=name,
            name_key=name,
            initials="",
            household=household,
            skills="",
            note="",
        )
    )
    session.flush()


def a_coordinator(session, number, *, role="coordinator", unit="root", household=None, community_id=XFL):
    """Add somebody to the staff."""
    a_person(session, number, household=household, community_id=community_id)
    session.add(
        StaffRow(
            community_id=community_id, person_id=person_id(number), number=number, login=number.lower(), added_at=NOON
        )
    )
    session.flush()
    session.add(
        RoleGrantRow(
            community_id=community_id,
            id=person_id(f"grant {number}"),
            person_id=person_id(number),
            role=role,
            org_unit_id=person_id(f"unit {unit}"),
            granted_at=NOON,
            granted_by="system",
        )
    )
    session.flush()


def a_volunteer(session, number="V0001", *, household=None, closed_on=None, staff_number=None, community_id=XFL):
    """Register a volunteer; one who is on the staff already remains the same person."""
    if staff_number is None:
        a_person(session, number, household=household, community_id=community_id)
    session.add(
        VolunteerRow(
            community_id=community_id,
            person_id=person_id(staff_number or number),
            number=number,
            registered_on=date(2020, 1, 1),
            closed_on=closed_on,
        )
    )
    session.flush()
    return number


def relatives(session, one, other):
    """Declare two people relatives."""
    first, second = sorted((person_id(one), person_id(other)), key=lambda found: found.hex)
    session.add(
        RelativeRow(
            community_id=XFL, person_id=first, other_id=second, relation="", declared_at=NOON, declared_by="S001"
        )
    )
    session.flush()


def an_activity(session, *, starts="2026-11-20 09:00", minutes=120, approved=True, community_id=XFL, **changes):
    """Make an activity and, unless the test says otherwise, let a second person approve it; return its number."""
    start = moment(starts)
    new = NewActivity(
        **(
            {
                "title": "清扫楼道",
                "service_class": "cleaning",
                "place": "3号楼",
                "leader": "李建国",
                "starts_at": start,
                "ends_at": start + timedelta(minutes=minutes),
            }
            | changes
        )
    )
    number = operations.create_activity(session, acting("S001", community_id=community_id), new=new)
    if approved:
        operations.approve_activity(session, acting("S002", community_id=community_id), number=number)
    return number


def a_line(volunteer="V0001", minutes=60, starts="2026-11-20 09:00", remark=""):
    """One person on a sheet."""
    start = moment(starts)
    ends_at = start + timedelta(minutes=minutes)
    return SheetLine(volunteer_number=volunteer, starts_at=start, ends_at=ends_at, remark=remark)


def a_sheet(activity, *lines, **changes):
    """Everybody of an activity."""
    return Sheet(activity_number=activity, lines=lines or (a_line(),), **changes)


def recorded(session, *lines, activity=None, by="S001", **changes):
    """Record a sheet and return the ids of its records."""
    sheet = a_sheet(activity or an_activity(session), *lines, **changes)
    answer = operations.record_many(session, acting(by), sheet=sheet)
    return [UUID(record_id) for record_id in answer["records"]]


def approve(session, *record_ids, by="S002", rating=None, answer="", **changes):
    """Approve records; return what was posted."""
    decisions = tuple(Decision(record_id=one, rating=rating, answer=answer) for one in record_ids)
    return operations.approve_many(session, acting(by, **changes), decisions=decisions)


def a_row(volunteer="V0001", minutes=60, starts="2026-08-01 15:30", **changes):
    """One row of a file of old sheets."""
    start = moment(starts)
    told = {
        "activity_number": "HD08011",
        "volunteer_number": volunteer,
        "starts_at": start,
        "ends_at": start + timedelta(minutes=minutes),
        "service_class": "patrol",
        "place": "东门路口",
        "content": "东门路口治安巡逻",
        "leader": "冯国强",
        "sheet_number": "QD-20260801-1",
        "sheet_recorder": "陈敏",
    }
    return NewRecord(**(told | changes))


def imported(session, *rows, batch_id=BATCH, by="S001"):
    """Import rows as one batch and return the ids of their records."""
    answer = operations.record_imported(session, acting(by), batch_id=batch_id, records=rows)
    return [UUID(record_id) for record_id in answer["records"]]


def minutes_of(session, number="V0001", community_id=XFL):
    """Recognised minutes of a volunteer."""
    return statements.balance(session, community_id, AccountRef(AccountKind.RECOGNISED, number, MINUTES))


def points_e2_of(session, number="V0001", community_id=XFL):
    """Points in the passbook of a volunteer, in hundredths."""
    return statements.balance(session, community_id, AccountRef(AccountKind.PASSBOOK, number, POINTS))
