"""Unregistering: people who were registered by mistake are erased, as long as nothing has happened to them.

A wrong file would otherwise leave hundreds of strangers, with their phones and documents, in the register for ever.
Whoever has a line in the books, hours, a star, a login or a relative here stays; the database refuses the rest.

Source: PIPL articles 6 and 47 (no more than is needed; deletion once the purpose is gone).
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.loading import in_chunks
from timebank.books.requests import once
from timebank.books.statements import AccountFilter, balances
from timebank.people.queries import check_may, volunteers
from timebank.people.roles import Permission
from timebank.people.tables import (
    GuardianRow,
    MemberCardRow,
    OneTimeLoginRow,
    PersonDocumentRow,
    PersonRow,
    VolunteerRow,
)
from timebank.refusal import Refusal

_NAMED: Final = 10
_OF_THE_REGISTRATION: Final = (GuardianRow, PersonDocumentRow, OneTimeLoginRow, MemberCardRow, VolunteerRow)
"""What a person has by being registered; everything else that refers to a person keeps them."""


class VolunteersInUse(Refusal):
    """Something has happened to these people here; they are corrected or closed one by one, never erased.

    Facts: `volunteers`, the first of them; empty where only the database knows who.
    """

    code = "volunteers_in_use"


@once("people.unregister_volunteers")
def unregister_volunteers(session: Session, act: Act, *, numbers: tuple[str, ...]) -> dict[str, Any]:
    """Erase people who were registered by mistake, all or none.

    Returns:
        `erased`: how many. Numbers that nobody has any more are passed over.

    Raises:
        NotAllowed: the actor registers no people.
        VolunteersInUse: something has happened to one of them.
    """
    check_may(session, act, Permission.REGISTER_PEOPLE)
    found = volunteers(session, act.community_id, numbers)
    _check_books(session, act.community_id, sorted(found))
    person_ids = [person.person_id for person in found.values()]
    try:
        with session.begin_nested():
            _erase(session, act.community_id, person_ids)
    except sa.exc.IntegrityError as error:
        raise VolunteersInUse(volunteers=[]) from error
    return {"erased": len(person_ids)}


def _check_books(session: Session, community_id: str, numbers: Sequence[str]) -> None:
    in_books: set[str] = set()
    for chunk in in_chunks(numbers):
        found = balances(session, community_id, AccountFilter(owners=tuple(chunk)))
        in_books |= {item.account.owner for item in found}
    if in_books:
        raise VolunteersInUse(volunteers=[*sorted(in_books)[:_NAMED]])


def _erase(session: Session, community_id: str, person_ids: Sequence[UUID]) -> None:
    for chunk in in_chunks(person_ids):
        for table in _OF_THE_REGISTRATION:
            session.execute(
                sa.delete(table).where(table.community_id == community_id, table.person_id.in_(chunk)),
                execution_options={"synchronize_session": False},
            )
        session.execute(
            sa.delete(PersonRow).where(PersonRow.community_id == community_id, PersonRow.id.in_(chunk)),
            execution_options={"synchronize_session": False},
        )
