"""Naming a family helper, and ending it: named at the desk, dated, at most three for one person.

Source: domain.md section 2, proxy; section 3, V9.
"""

from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.queries import check_may_for, check_no_group, volunteer
from timebank.people.queries.helping import helpers_of
from timebank.people.roles import Permission
from timebank.people.tables import FamilyHelperRow
from timebank.refusal import Refusal

HELPERS_MAX: Final = 3
LONGEST: Final = timedelta(days=731)
RELATION_MAX: Final = 20


class HelperUnclear(Refusal):
    """A helper is another person, in a relation of a few words, until a day within two years."""

    code = "helper_unclear"


class HelperNamedAlready(Refusal):
    """The two are named already, or three others are."""

    code = "helper_named_already"


class NoSuchHelper(Refusal):
    """Nobody of that number may act for the person."""

    code = "no_such_helper"


@once("people.name_helper", subject="number")
def name_helper(session: Session, act: Act, *, number: str, helper_number: str, relation: str, until_on: date) -> None:
    """Let a volunteer act for another one until a day; whoever is named signs in under their own name.

    Raises:
        NotAllowed: the actor registers nobody where the person lives.
        NoSuchVolunteer, HelperUnclear, HelperNamedAlready, GroupOnlyGives: it cannot be so.
    """
    check_no_group(number)
    person = volunteer(session, act.community_id, number)
    helper = volunteer(session, act.community_id, helper_number)
    check_may_for(session, act, Permission.REGISTER_PEOPLE, person.person_id)
    clean = composed(relation).strip()
    wrong_words = not 1 <= len(clean) <= RELATION_MAX or find_text_fault(clean, multiline=False) is not None
    if wrong_words or person.person_id == helper.person_id or not act.today <= until_on <= act.today + LONGEST:
        raise HelperUnclear(length_max=RELATION_MAX, last_day=(act.today + LONGEST).isoformat())
    there = helpers_of(session, act.community_id, person.person_id, act.today)
    if len(there) >= HELPERS_MAX or any(one.person_id == helper.person_id for one in there):
        raise HelperNamedAlready(number=number, most=HELPERS_MAX)
    _end(session, act, person.person_id, helper.person_id)
    session.add(
        FamilyHelperRow(
            community_id=act.community_id,
            id=act.new_id("family helper"),
            person_id=person.person_id,
            helper_id=helper.person_id,
            relation=clean,
            named_on=act.today,
            until_on=until_on,
            named_by=act.number,
            state="open",
        )
    )


@once("people.end_helper", subject="number")
def end_helper(session: Session, act: Act, *, number: str, helper_number: str) -> None:
    """Let somebody no longer act for a volunteer; either of the two may say so, or the desk.

    Raises:
        NotAllowed: it is none of the actor's business.
        NoSuchVolunteer, NoSuchHelper: there is nothing to end.
    """
    person = volunteer(session, act.community_id, number)
    helper = volunteer(session, act.community_id, helper_number)
    if act.person_id not in {person.person_id, helper.person_id}:
        check_may_for(session, act, Permission.REGISTER_PEOPLE, person.person_id)
    if not _end(session, act, person.person_id, helper.person_id):
        raise NoSuchHelper(number=number)


def _end(session: Session, act: Act, person_id: object, helper_id: object) -> bool:
    """End what is open between the two, also where its time is over."""
    row = FamilyHelperRow
    found = session.scalar(
        sa.select(row).where(
            row.community_id == act.community_id,
            row.person_id == person_id,
            row.helper_id == helper_id,
            row.state == "open",
        )
    )
    if found is None:
        return False
    found.state, found.ended_at, found.ended_by = "ended", act.at, act.number
    session.flush()
    return True
