"""Whom somebody means who scans a card, types a number or a name: never guessed."""

import re
from typing import Final

from sqlalchemy.orm import Session

from timebank.ledger.codes import read_code
from timebank.people import queries as people
from timebank.people.queries import NoSuchVolunteer, Volunteer
from timebank.refusal import Refusal

CARD: Final = re.compile(r"91[0-9]{18}")
"""What a scanner types for a member's card."""


class SeveralMeant(Refusal):
    """Several people are called so."""

    code = "several_meant"


def meant_by(session: Session, community_id: str, text: str) -> tuple[Volunteer, ...]:
    """Return whom a line may mean: whose card was scanned, whose number or name it is, else all who are like it."""
    if CARD.fullmatch(text):
        try:
            return (_on_card(session, community_id, text),)
        except Refusal:
            return ()
    found = people.search_volunteers(session, community_id, text)
    return tuple(one for one in found if text.upper() == one.number or text == one.name) or found


def one_meant(session: Session, community_id: str, text: str) -> Volunteer:
    """Return whom a card, number or name means.

    Raises:
        CardUnknown, CodeMistyped: the card is nobody's.
        NoSuchVolunteer: nobody is called so.
        SeveralMeant: several are; the facts name their numbers.
    """
    if CARD.fullmatch(text):
        return _on_card(session, community_id, text)
    found = meant_by(session, community_id, text)
    if not found:
        raise NoSuchVolunteer(number=text)
    if len(found) > 1:
        raise SeveralMeant(name=text, numbers=[one.number for one in found[:10]])
    return found[0]


def _on_card(session: Session, community_id: str, text: str) -> Volunteer:
    number = people.number_on_card(session, community_id, read_code(text).payload)
    return people.volunteer(session, community_id, number)
