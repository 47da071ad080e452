"""Reading and writing rule documents: strict from JSON, one canonical form back.

The canonical form (sorted keys, no blanks, UTF-8, NFC) is what is stored and hashed; whoever has it can recompute.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, time
from typing import Final

from timebank.rulebook.rules import problems
from timebank.rulebook.rules.document import COMMUNITY_LADDER, Ladder, Pool, RuleDocument, YearOfWork
from timebank.rulebook.rules.forms import in_newest_form
from timebank.rulebook.rules.kinds import Explanation, Group, read_part

LONGEST: Final = 200_000
"""The longest document, in characters; twenty years of holidays and sixty classes need a tenth of it."""

_SATURDAY: Final = 5


def document_of(text: str) -> RuleDocument:
    """Read a rule document from JSON, of today's form or an older one.

    Raises:
        RuleDocumentInvalid: it cannot be one; the facts name the path, and the kind of refusal says why.
    """
    document = read_part(RuleDocument, in_newest_form(_parsed(text)), "")
    _check_classes(document)
    _check_ladders(document)
    _check_years(document)
    _check_caps(document.pool)
    again = _first_repeated(one.good for one in document.benefits.level_goods)
    if again is not None:
        raise problems.ListedTwice(path="benefits.level_goods", value=str(again))
    return document


def as_json(document: RuleDocument) -> str:
    """Write a document in its one canonical form."""
    return json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def document_hash(text: str) -> bytes:
    """Return the SHA-256 of a document's canonical text, as it stands in the entry that published it."""
    return hashlib.sha256(text.encode()).digest()


def explanations() -> tuple[Explanation, ...]:
    """Explain every value that a rule document has: path, meaning, unit and range."""
    return tuple(Group(RuleDocument).explained(""))


def _parsed(text: str) -> object:
    if len(text) > LONGEST:
        raise problems.RuleDocumentInvalid(path="$")
    try:
        parsed: object = json.loads(text, object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError) as error:
        raise problems.RuleDocumentInvalid(path="$") from error
    return parsed


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    repeated = _first_repeated(name for name, _ in pairs)
    if repeated is not None:
        raise problems.RepeatedRuleKey(path=str(repeated)[:120])
    return dict(pairs)


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _check_caps(pool: Pool) -> None:
    for name in ("volunteer_balance_most_e2", "group_balance_most_e2"):
        if getattr(pool, name) is not None and not pool.is_open:
            raise problems.CapWithoutPool(path=f"pool.{name}")


def _check_classes(document: RuleDocument) -> None:
    for place, found in enumerate(document.service_classes):
        earlier = document.service_classes[:place]
        taken = {word for other in earlier for word in (other.name, other.code, *other.synonyms)}
        own = (found.code, found.name, *found.synonyms)
        again = _first_repeated([*taken, *dict.fromkeys(own[:2]), *found.synonyms])
        if again is not None:
            raise problems.ListedTwice(path=f"service_classes[{place}]", value=str(again))


def _check_ladders(document: RuleDocument) -> None:
    again = _first_repeated(ladder.code for ladder in document.ladders)
    if again is not None:
        raise problems.ListedTwice(path="ladders", value=str(again))
    if all(ladder.code != COMMUNITY_LADDER for ladder in document.ladders):
        raise problems.LadderMissing(path="ladders", ladder=COMMUNITY_LADDER)
    for place, ladder in enumerate(document.ladders):
        _check_steps(ladder, f"ladders[{place}].steps")


def _check_steps(ladder: Ladder, path: str) -> None:
    for place, step in enumerate(ladder.steps):
        if step.level != place + 1:
            raise problems.LadderGap(path=f"{path}[{place}].level", found_level=step.level, expected_level=place + 1)
        if place and step.minutes <= ladder.steps[place - 1].minutes:
            raise problems.LadderNotRising(
                path=f"{path}[{place}].minutes",
                found_minutes=step.minutes,
                minutes_below=ladder.steps[place - 1].minutes,
            )


def _check_years(document: RuleDocument) -> None:
    again = _first_repeated(year.year for year in document.working_years)
    if again is not None:
        raise problems.ListedTwice(path="working_years", value=str(again))
    for place, year in enumerate(document.working_years):
        _check_year(year, f"working_years[{place}]")
    again = _first_repeated(document.expiry.notice_days)
    if again is not None:
        raise problems.ListedTwice(path="expiry.notice_days", value=str(again))


def _check_year(year: YearOfWork, path: str) -> None:
    _check_days(year.days_off, year.year, f"{path}.days_off", on_weekends=False)
    _check_days(year.days_on, year.year, f"{path}.days_on", on_weekends=True)


def _check_days(days: Sequence[date], year: int, path: str, *, on_weekends: bool) -> None:
    for place, day in enumerate(days):
        if day.year != year:
            raise problems.WrongYear(path=f"{path}[{place}]", day=day.isoformat(), year=str(year))
        if (day.weekday() >= _SATURDAY) != on_weekends:
            raise problems.WrongWeekday(path=f"{path}[{place}]", day=day.isoformat())
    again = _first_repeated(days)
    if again is not None:
        raise problems.ListedTwice(path=path, value=str(again))


def _first_repeated(items: Iterable[object]) -> object | None:
    seen: set[object] = set()
    for item in items:
        if item in seen:
            return item
        seen.add(item)
    return None
