"""Shown again: a form that was refused comes back with everything that was typed and what is wrong with it.

`attempt` runs what a form asks for; malformed input and refusals come back as words for the form, and are never lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar, cast

from flask import request
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from timebank.database import writing
from timebank.refusal import Refusal
from timebank.web import refusals, texts

Answer = TypeVar("Answer")
PASSED_ON: Final = frozenset({403, 503})
"""What is no matter of this form: somebody who may not, a database that is busy."""


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Answer]):
    """What came of a form.

    Attributes:
        done: it was done; `answer` is then what came of it.
        errors: what is wrong, by field.
        refused: the sentences of a refusal, one for each reason.
    """

    done: bool
    given: Answer | None = None
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    refused: tuple[str, ...] = ()

    @property
    def answer(self) -> Answer:
        """What came of it; only what was done has an answer."""
        assert self.done, "this was not done"
        return cast(Answer, self.given)

    @property
    def status(self) -> int:
        """The status of the page that shows the form again."""
        return 400 if self.errors else 409

    def form(self) -> dict[str, Any]:
        """Return what the template of the form needs: what was typed and what is wrong with it."""
        return {"typed": {} if self.done else request.form, "errors": self.errors, "refused": self.refused}


NOT_TRIED: Final[Attempt[Any]] = Attempt(done=False)
"""The form as it is shown for the first time."""


def attempt(work: Callable[[Session], Answer]) -> Attempt[Answer]:
    """Do what a form asks for in one transaction, or tell what is wrong; nothing is half done."""
    try:
        with writing() as session:
            return Attempt(done=True, given=work(session))
    except ValidationError as error:
        return malformed(error)
    except Refusal as refusal:
        if refusals.status_of(refusal) in PASSED_ON:
            raise
        return Attempt(done=False, refused=tuple(texts.reasons(refusal)))


def malformed(error: ValidationError) -> Attempt[Any]:
    """Return what is wrong with the shape of a form."""
    return Attempt(done=False, errors=error.normalized_messages())
