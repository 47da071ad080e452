"""Refusal: an expected «no» of the service, with a stable code and the facts.

A refusal is not a fault: the program is right and the answer is no. Each kind is a subclass that stands beside the
function that raises it; its sentences (Chinese and English) are looked up by `code` in `timebank/web/texts.py`.
"""

from collections.abc import Sequence
from typing import ClassVar, Final, Self

ROWS_TOLD_MAX: Final = 200
"""Of so many rows a refusal tells what is wrong with them; it is kept for ever."""

Fact = str | int | bool | None | list["Fact"] | dict[str, "Fact"]


class Refusal(Exception):
    """An expected «no».

    Attributes:
        code: stable snake_case name of the kind of refusal; part of the API and of the stored answers.
        facts: what the sentence needs, as plain JSON values (quantities carry their unit in the name).
        remembered: the refusal is stored under its request key, and the transaction that stores it must be kept.
    """

    code: ClassVar[str] = "refused"
    _kinds: ClassVar[dict[str, type["Refusal"]]] = {}

    def __init_subclass__(cls) -> None:
        """Register the kind under its code; two kinds must not share one."""
        super().__init_subclass__()
        holder = Refusal._kinds.setdefault(cls.code, cls)
        same_class_again = holder.__qualname__ == cls.__qualname__ and holder.__module__ == cls.__module__
        assert holder is cls or same_class_again, f"{cls} and {holder} share the code {cls.code}"

    def __init__(self, **facts: Fact) -> None:
        """Refuse with the facts that make the sentence complete; they have one order, so every answer is alike."""
        super().__init__(f"{self.code} {facts}")
        self.facts = dict(sorted(facts.items()))
        self.remembered = False

    @classmethod
    def kinds(cls) -> dict[str, type["Refusal"]]:
        """Return every known kind by its code (the meta tests read this)."""
        return dict(Refusal._kinds)

    @classmethod
    def again(cls, code: str, facts: dict[str, Fact]) -> "Refusal":
        """Rebuild a stored refusal, so that a retry with the same key is refused alike."""
        return Refusal._kinds.get(code, Refusal)(**facts)

    def keep(self) -> Self:
        """Mark the refusal as stored: the transaction around it is to be committed."""
        self.remembered = True
        return self


def refusal_of_rows(found: Sequence[tuple[int, Refusal]], *, rows: int) -> Refusal | None:
    """Return the one «no» to several rows: the first refusal, with what is said to every row that is wrong.

    Args:
        found: what refuses which row, counted from 1, in their order.
        rows: how many there are; to a single one nothing is added.

    Where one row is wrong its number is the fact `place`; where several are, `problems` holds each with its `line`.
    """
    if not found:
        return None
    place, first = found[0]
    if rows == 1:
        return first
    told: list[Fact] = [{**one.facts, "line": line, "code": one.code} for line, one in found[:ROWS_TOLD_MAX]]
    where: dict[str, Fact] = {"place": place} if len(found) == 1 else {"problems": told}
    return Refusal.again(first.code, first.facts | where)
