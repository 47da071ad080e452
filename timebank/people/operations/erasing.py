"""Erasing who somebody was, when their passbook is closed: the row stays under its number, without a person in it.

Source: PIPL 47; domain.md section 3, V8 (hours kept under the number, identity cut).
"""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.people.operations.logins import end_sessions, withdraw_one_time_logins
from timebank.people.operations.second_factor import forget_recovery_codes
from timebank.people.tables import (
    ConsentRow,
    CredentialRow,
    DataRequestRow,
    DataRequestWordsRow,
    FamilyHelperRow,
    GuardianRow,
    LoginSessionRow,
    MemberCardRow,
    OneTimeLoginRow,
    PasskeyRow,
    PersonDocumentRow,
    PersonRow,
    RelativeRow,
    TotpFactorRow,
    VolunteerRow,
)

NOBODY: Final = "已销户"
"""The name that is left."""

_DELETED: Final = (
    CredentialRow,
    GuardianRow,
    LoginSessionRow,
    MemberCardRow,
    OneTimeLoginRow,
    PasskeyRow,
    PersonDocumentRow,
    TotpFactorRow,
)


def erase_identity(session: Session, act: Act, person_id: UUID) -> None:
    """Delete everything by which a volunteer could be known or could sign in; the number stays and is closed.

    Their card works no more, nobody acts for them any more, and what they said in requests is deleted.
    """
    end_sessions(session, act, person_id)
    withdraw_one_time_logins(session, act, person_id)
    forget_recovery_codes(session, act.community_id, person_id)
    for table in _DELETED:
        _delete(session, sa.delete(table).where(table.community_id == act.community_id, table.person_id == person_id))
    _let_go_of_others(session, act, person_id)
    _end_consents(session, act, person_id)
    _delete_words(session, act, person_id)
    person = session.get_one(PersonRow, (act.community_id, person_id))
    person.name, person.name_key, person.initials = NOBODY, "", ""
    person.sex = person.born_on = person.phone = person.org_unit_id = person.household = None
    person.skills = person.note = ""
    volunteer = session.get_one(VolunteerRow, (act.community_id, person_id))
    volunteer.closed_on = max(act.today, volunteer.registered_on)
    session.flush()


def _delete(session: Session, statement: sa.Delete) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})


def _let_go_of_others(session: Session, act: Act, person_id: UUID) -> None:
    """Untie the person from those who were related to them or acted for them."""
    related = sa.or_(RelativeRow.person_id == person_id, RelativeRow.other_id == person_id)
    _delete(session, sa.delete(RelativeRow).where(RelativeRow.community_id == act.community_id, related))
    session.execute(
        sa.update(GuardianRow)
        .where(GuardianRow.community_id == act.community_id, GuardianRow.guardian_id == person_id)
        .values(guardian_id=None)
    )
    helped = sa.or_(FamilyHelperRow.person_id == person_id, FamilyHelperRow.helper_id == person_id)
    session.execute(
        sa.update(FamilyHelperRow)
        .where(FamilyHelperRow.community_id == act.community_id, helped, FamilyHelperRow.state == "open")
        .values(state="ended", ended_at=act.at, ended_by=act.number)
    )


def _end_consents(session: Session, act: Act, person_id: UUID) -> None:
    session.execute(
        sa.update(ConsentRow)
        .where(
            ConsentRow.community_id == act.community_id,
            ConsentRow.person_id == person_id,
            ConsentRow.state == "open",
        )
        .values(state="withdrawn", withdrawn_at=act.at, withdrawn_by=act.number)
    )


def _delete_words(session: Session, act: Act, person_id: UUID) -> None:
    own = sa.select(DataRequestRow.id).where(
        DataRequestRow.community_id == act.community_id, DataRequestRow.person_id == person_id
    )
    _delete(
        session,
        sa.delete(DataRequestWordsRow).where(
            DataRequestWordsRow.community_id == act.community_id, DataRequestWordsRow.request_id.in_(own)
        ),
    )
