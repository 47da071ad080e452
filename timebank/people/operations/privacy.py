"""Consents, and requests about one's own data: given and asked for by their owner or at the desk; staff answer.

Closing a passbook is asked for here; it is done where everything that may be open is known (`timebank.leaving`).

Source: PIPL 13 to 17, 29, 31, 44 to 47, 50.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.consents import (
    ANSWER_DAYS,
    CURRENT,
    WORDS_MAX,
    Consent,
    ConsentByGuardian,
    ConsentGiven,
    ConsentOutdated,
    NoConsent,
    NoSuchDataRequest,
    RequestNeedsAnother,
    RequestWaitsAlready,
    WordsMissing,
)
from timebank.people.operations.logins import find_person
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.queries import check_may_for
from timebank.people.roles import Permission
from timebank.people.rules import CHILD_BELOW, age_on
from timebank.people.tables import (
    ConsentRow,
    DataRequestRow,
    DataRequestWordsRow,
    PersonDocumentRow,
    PersonRow,
)


@once("people.give_consent", subject="number")
def give_consent(session: Session, act: Act, *, number: str, what: Consent, version: int) -> None:
    """Write down that somebody agreed to a text: themselves on their page, or on paper at the desk.

    Args:
        version: of the text that they saw.

    Raises:
        NoSuchVolunteer, NotAllowed, ConsentByGuardian, ConsentOutdated, ConsentGiven
    """
    person_id = _whose(session, act, number)
    if act.person_id == person_id and _is_child(session, act, person_id):
        raise ConsentByGuardian(age_min=CHILD_BELOW)
    if version != CURRENT[what]:
        raise ConsentOutdated()
    held = _find_consent(session, act, person_id, what)
    if held is not None and held.version == version:
        raise ConsentGiven()
    if held is not None:
        _end(session, act, held)
    session.add(
        ConsentRow(
            community_id=act.community_id,
            id=act.new_id("consent"),
            person_id=person_id,
            what=what.value,
            version=version,
            given_at=act.at,
            given_by=act.number,
            state="open",
        )
    )
    session.flush()


@once("people.withdraw_consent", subject="number")
def withdraw_consent(session: Session, act: Act, *, number: str, what: Consent) -> str:
    """Withdraw a consent, with what follows from it; return what followed.

    Returns:
        `document_deleted`: the number of the document is gone; `closing_asked`: the desk was asked to close the
        passbook; or empty, where nothing was there to delete or it was asked already.

    Raises:
        NoSuchVolunteer, NotAllowed, NoConsent
    """
    person_id = _whose(session, act, number)
    held = _find_consent(session, act, person_id, what)
    if held is None:
        raise NoConsent()
    _end(session, act, held)
    if what is Consent.DOCUMENT:
        gone = session.execute(
            sa.delete(PersonDocumentRow)
            .where(PersonDocumentRow.community_id == act.community_id, PersonDocumentRow.person_id == person_id)
            .returning(PersonDocumentRow.person_id)
        )
        return "document_deleted" if gone.first() else ""
    if _find_open(session, act, person_id, "close") is not None:
        return ""
    _ask(session, act, person_id, "close", "")
    return "closing_asked"


@once("people.ask_correction", subject="number")
def ask_correction(session: Session, act: Act, *, number: str, words: str) -> str:
    """Ask that what is known of somebody be put right; return the id of the request.

    Raises:
        NoSuchVolunteer, NotAllowed, WordsMissing, RequestWaitsAlready
    """
    return _ask_once(session, act, _whose(session, act, number), "correct", checked_words(words))


@once("people.ask_closing", subject="number")
def ask_closing(session: Session, act: Act, *, number: str, words: str) -> str:
    """Ask that somebody's passbook be closed and their identity deleted; return the id of the request.

    Raises:
        NoSuchVolunteer, NotAllowed, WordsMissing, RequestWaitsAlready
    """
    return _ask_once(session, act, _whose(session, act, number), "close", checked_words(words))


@once("people.answer_correction", subject="request_id")
def answer_correction(session: Session, act: Act, *, request_id: UUID, done: bool, words: str) -> None:
    """Answer a request: it was put right, or it was not, and why. Closing is declined here, too.

    Raises:
        NotAllowed, NoSuchDataRequest, RequestNeedsAnother, WordsMissing
    """
    row = open_request(session, act, request_id)
    if act.person_id == row.person_id:
        raise RequestNeedsAnother()
    if row.kind == "close" and done:
        raise NoSuchDataRequest()
    said = checked_words(words)
    session.get_one(DataRequestWordsRow, (act.community_id, request_id)).answered = said
    decide(session, act, row, "done" if done else "declined")


@once("people.withdraw_data_request", subject="request_id")
def withdraw_data_request(session: Session, act: Act, *, request_id: UUID) -> None:
    """Take a request back: its owner, or whoever asked at the desk.

    Raises:
        NoSuchDataRequest
    """
    row = session.get(DataRequestRow, (act.community_id, request_id))
    if row is None or row.state != "open" or act.person_id not in {row.person_id, row.asker_id}:
        raise NoSuchDataRequest()
    decide(session, act, row, "withdrawn")


def open_request(session: Session, act: Act, request_id: UUID) -> DataRequestRow:
    """Return a request that waits and that the actor may answer.

    Raises:
        NoSuchDataRequest, NotAllowed
    """
    row = session.get(DataRequestRow, (act.community_id, request_id))
    if row is None or row.state != "open":
        raise NoSuchDataRequest()
    check_may_for(session, act, Permission.REGISTER_PEOPLE, row.person_id)
    return row


def decide(session: Session, act: Act, row: DataRequestRow, state: str) -> None:
    """Write down what became of a request, by whom."""
    row.state, row.decided_at, row.decided_by, row.decider_id = state, act.at, act.number, act.person_id
    session.flush()


def checked_words(words: str) -> str:
    """Return words as they are kept.

    Raises:
        WordsMissing
    """
    clean = composed(words).strip()
    if not 2 <= len(clean) <= WORDS_MAX or find_text_fault(clean, multiline=True):
        raise WordsMissing(length_max=WORDS_MAX)
    return clean


def _whose(session: Session, act: Act, number: str) -> UUID:
    """Return whose data it is about; the actor's own, or of somebody whom the actor registers."""
    person_id = find_person(session, act.community_id, number)
    if person_id != act.person_id:
        check_may_for(session, act, Permission.REGISTER_PEOPLE, person_id)
    return person_id


def _is_child(session: Session, act: Act, person_id: UUID) -> bool:
    born_on = session.get_one(PersonRow, (act.community_id, person_id)).born_on
    return born_on is not None and age_on(born_on, act.today) < CHILD_BELOW


def _find_consent(session: Session, act: Act, person_id: UUID, what: Consent) -> ConsentRow | None:
    return session.scalar(
        sa.select(ConsentRow).where(
            ConsentRow.community_id == act.community_id,
            ConsentRow.person_id == person_id,
            ConsentRow.what == what.value,
            ConsentRow.state == "open",
        )
    )


def _end(session: Session, act: Act, held: ConsentRow) -> None:
    held.state, held.withdrawn_at, held.withdrawn_by = "withdrawn", act.at, act.number
    session.flush()


def _find_open(session: Session, act: Act, person_id: UUID, kind: str) -> DataRequestRow | None:
    return session.scalar(
        sa.select(DataRequestRow).where(
            DataRequestRow.community_id == act.community_id,
            DataRequestRow.person_id == person_id,
            DataRequestRow.kind == kind,
            DataRequestRow.state == "open",
        )
    )


def _ask_once(session: Session, act: Act, person_id: UUID, kind: str, words: str) -> str:
    if _find_open(session, act, person_id, kind) is not None:
        raise RequestWaitsAlready()
    return _ask(session, act, person_id, kind, words)


def _ask(session: Session, act: Act, person_id: UUID, kind: str, words: str) -> str:
    request_id = act.new_id(f"data request {kind}")
    session.add(
        DataRequestRow(
            community_id=act.community_id,
            id=request_id,
            person_id=person_id,
            kind=kind,
            asked_at=act.at,
            asked_by=act.number,
            asker_id=act.person_id,
            due_on=act.today + timedelta(days=ANSWER_DAYS),
            state="open",
        )
    )
    session.flush()
    session.add(DataRequestWordsRow(community_id=act.community_id, request_id=request_id, asked=words, answered=""))
    session.flush()
    return str(request_id)
