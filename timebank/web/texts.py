"""Texts: every sentence that a refusal is told with, by its code, in Chinese and English.

Each room's sentences stand in their own file under `sentences/`; this joins them. A sentence names what did not happen
and what to do next. Facts are filled in the way people read them: `…_e2` as points, `…minutes` as hours, days as days.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import date
from typing import Final

from timebank.refusal import Fact, Refusal
from timebank.web import presenting, sentences

Pair = tuple[str, str]


def _joined() -> dict[str, Pair]:
    joined: dict[str, Pair] = {}
    for module in pkgutil.iter_modules(sentences.__path__):
        found: Mapping[str, Pair] = importlib.import_module(f"{sentences.__name__}.{module.name}").SENTENCES
        twice = joined.keys() & found.keys()
        assert not twice, f"two sentences for {twice}"
        joined.update(found)
    return joined


SENTENCES: Final[Mapping[str, Pair]] = _joined()
"""Chinese and English sentence of each refusal, by code."""


def sentence(refusal: Refusal) -> str:
    """Tell a refusal in the language of the page."""
    return told(refusal.code, refusal.facts)


def reasons(refusal: Refusal) -> list[str]:
    """Tell every reason of a refusal that has several, or the one that it has."""
    problems = refusal.facts.get("problems")
    if not isinstance(problems, list):
        return [sentence(refusal)]
    return [_placed(one) for one in problems if isinstance(one, dict)]


def _placed(problem: Mapping[str, Fact]) -> str:
    said = told(str(problem["code"]), problem)
    return f"{problem['line']}. {said}" if "line" in problem else said


def told(code: str, facts: Mapping[str, Fact]) -> str:
    """Fill the sentence of a code with facts."""
    pair = SENTENCES[code]
    return pair[1 if presenting.in_english() else 0].format_map({key: _shown(key, fact) for key, fact in facts.items()})


def _shown(name: str, fact: Fact) -> str:
    if isinstance(fact, list):
        return (", " if presenting.in_english() else "、").join(_shown(name, item) for item in fact)
    if isinstance(fact, dict):
        return (", " if presenting.in_english() else "，").join(_shown(key, item) for key, item in fact.items())
    if type(fact) is int:
        return _number(name, fact)
    if isinstance(fact, str) and name.endswith(("_on", "day")):
        return _day(fact)
    return "" if fact is None else str(fact)


def _number(name: str, number: int) -> str:
    if name.endswith("_e2"):
        return presenting.points(number)
    return presenting.duration(number) if "minutes" in name else f"{number:,}"


def _day(text: str) -> str:
    try:
        return presenting.day(date.fromisoformat(text))
    except ValueError:
        return text
