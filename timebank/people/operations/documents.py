"""Identity documents that are registered: masked for the screen, and in full for whoever has a reason.

Every look at a full number leaves a line in the trail, the refused ones too (trust.md Z9, X15). It does not
go through a request key: the number must not be stored as an answer.
"""

import hmac
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from timebank.books import trail
from timebank.books.acts import Act
from timebank.people.identity import DocumentKind, mask_identity
from timebank.people.operations.logins import find_person
from timebank.people.operations.registering import holders
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.queries import check_may, check_may_for
from timebank.people.roles import Permission
from timebank.people.tables import PersonDocumentRow
from timebank.people.vault import Document, IdentityVault, Sealed
from timebank.refusal import Refusal

REASON_LENGTH_MAX: Final = 200
TAIL_LENGTH: Final = 4


class NoDocument(Refusal):
    """No identity document is registered for this person."""

    code = "no_document"


class UnmaskReasonMissing(Refusal):
    """Whoever wants to see a number in full says what for, in a sentence that can be read later."""

    code = "unmask_reason_missing"


class DocumentTailWrong(Refusal):
    """The digits that were said are not the end of the document that is registered."""

    code = "document_tail_wrong"


@dataclass(frozen=True, slots=True)
class MaskedDocument:
    """A document as a screen shows it. masked: `990***********0018`."""

    kind: DocumentKind
    masked: str


def unmask_document(session: Session, act: Act, *, number: str, reason: str, vault: IdentityVault) -> str:
    """Return somebody's document number in full, and note who saw it and what for.

    Args:
        number: of the volunteer or staff member.
        reason: 2 to 200 characters; stands in the trail.

    Raises:
        NotAllowed, UnmaskReasonMissing, NoSuchVolunteer, NoSuchStaff, NoDocument, VaultKeyMissing, DocumentDamaged
    """
    try:
        person_id = find_person(session, act.community_id, number)
        check_may_for(session, act, Permission.UNMASK_DOCUMENT, person_id)
        why = _checked_reason(reason)
        shown = _opened(session, act.community_id, number, vault)[1]
    except Refusal as refusal:
        facts = {"code": refusal.code}
        trail.note(session, act, "people.unmask_document", subject=number[:32], outcome="refused", facts=facts)
        raise refusal.keep() from None
    trail.note(session, act, "people.unmask_document", subject=number, outcome="seen", facts={"reason": why})
    return shown


def _checked_reason(reason: str) -> str:
    clean = composed(reason).strip()
    if not 2 <= len(clean) <= REASON_LENGTH_MAX or find_text_fault(clean, multiline=False):
        raise UnmaskReasonMissing(length_max=REASON_LENGTH_MAX)
    return clean


def masked_document(session: Session, community_id: str, number: str, vault: IdentityVault) -> MaskedDocument:
    """Return somebody's document as a screen may show it.

    Raises:
        NoSuchVolunteer, NoSuchStaff, NoDocument, VaultKeyMissing, DocumentDamaged
    """
    kind, shown = _opened(session, community_id, number, vault)
    return MaskedDocument(kind, mask_identity(shown))


def check_document_tail(session: Session, act: Act, *, number: str, tail: str, vault: IdentityVault) -> None:
    """Make sure that somebody at the counter knows how their registered document ends; both outcomes are noted.

    tail: its last four characters, as they were said.

    Raises:
        NotAllowed, NoSuchVolunteer, NoDocument, DocumentTailWrong, VaultKeyMissing, DocumentDamaged
    """
    try:
        check_may(session, act, Permission.REDEEM)
        shown = _opened(session, act.community_id, number, vault)[1]
        if len(tail) != TAIL_LENGTH or not hmac.compare_digest(shown[-TAIL_LENGTH:].encode(), tail.upper().encode()):
            raise DocumentTailWrong(number=number)
    except Refusal as refusal:
        facts = {"code": refusal.code}
        trail.note(session, act, "people.check_document", subject=number[:32], outcome="refused", facts=facts)
        raise refusal.keep() from None
    trail.note(session, act, "people.check_document", subject=number, outcome="done", facts={})


def _opened(session: Session, community_id: str, number: str, vault: IdentityVault) -> tuple[DocumentKind, str]:
    person_id = find_person(session, community_id, number)
    row = session.get(PersonDocumentRow, (community_id, person_id))
    if row is None:
        raise NoDocument(number=number)
    sealed = Sealed(row.key_id, row.nonce, row.ciphertext)
    return DocumentKind(row.kind), vault.open(community_id, person_id, sealed)


def find_holder(session: Session, community_id: str, document: Document) -> str | None:
    """Return the number of whoever has this document, or None; nothing is decrypted for it."""
    return holders(session, community_id, [document]).get(document.digest)
