"""Objecting to a line, answering, putting a record right. Pure.

Sources: domain.md section 3, V5; Order 67 articles 12 and 13; experience.md V8, C5.
"""

from collections.abc import Set
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal

OPEN_MAX: Final = 20
"""So many unanswered objections of one person are enough; whoever has more is asked to come."""


class ObjectionEmpty(Refusal):
    """An objection, and its answer, says something."""

    code = "objection_empty"


class NoSuchLine(Refusal):
    """The line is none of the volunteer's own."""

    code = "no_such_line"


class ObjectedAlready(Refusal):
    """The volunteer has objected to this line and waits for the answer."""

    code = "objected_already"


class TooManyOpenObjections(Refusal):
    """The volunteer waits for many answers already."""

    code = "too_many_open_objections"


class NoSuchLineObjection(Refusal):
    """There is no such objection."""

    code = "no_such_line_objection"


class LineObjectionAnswered(Refusal):
    """Somebody has answered it."""

    code = "line_objection_answered"


class AnswererIsClose(Refusal):
    """Nobody answers their own objection, or one of their family."""

    code = "answerer_is_close"


class NothingCorrected(Refusal):
    """The record says so already."""

    code = "nothing_corrected"


def check_said(text: str) -> None:
    """Make sure that an objection or an answer says something.

    Raises:
        ObjectionEmpty: it does not.
    """
    if len(text.strip()) < 2:
        raise ObjectionEmpty()


def check_objection(*, is_own: bool, objected: bool, waiting: int) -> None:
    """Make sure that a volunteer may object to a line.

    Raises:
        NoSuchLine, ObjectedAlready, TooManyOpenObjections: they may not.
    """
    if not is_own:
        raise NoSuchLine()
    if objected:
        raise ObjectedAlready()
    if waiting >= OPEN_MAX:
        raise TooManyOpenObjections(objections=waiting)


def check_answer(*, number: str, is_open: bool, person_id: UUID, answerer_id: UUID, close: Set[UUID]) -> None:
    """Make sure that a person may answer an objection.

    Raises:
        LineObjectionAnswered, AnswererIsClose: they may not.
    """
    if not is_open:
        raise LineObjectionAnswered(number=number)
    if person_id == answerer_id or person_id in close:
        raise AnswererIsClose(number=number)
