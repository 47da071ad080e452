"""Filling in a rule document by hand: every value as a field with its meaning and range, and the way back to JSON.

The fields follow from the kinds that are declared in `document.py`, so a value that is added there is on the form too.
A list of plain values is one field; a list of groups is a table with an empty row at its end, and a row that is left
empty is no row. What was typed is read by `document_of`, which refuses it with the same path as a file.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from timebank.rulebook.rules import problems
from timebank.rulebook.rules.document import SCHEMA, RuleDocument
from timebank.rulebook.rules.kinds import Choice, Explanation, Group, Kind, Many, OrNone, Text, Whole, YesNo, kinds_of
from timebank.rulebook.rules.reading import as_json
from timebank.rulebook.rules.telling import worded

_FORM: Final = "schema"
"""The form of the document is the program's, not the community's."""
TITLES: Final = {
    "": worded("积分怎么算"),
    "source_percents": worded("登记方式"),
    "limits": worded("时长、录入与兑换"),
    "patterns": worded("要说明的情形"),
    "benefits": worded("星级有什么用"),
    "inquiries": worded("星级复核"),
    "confirmation": worded("确认与入账"),
    "expiry": worded("积分有效期"),
    "pool": worded("互助池"),
    "market": worded("爱心超市"),
}
"""What the values of a group are together; a list says it itself."""
_ALWAYS_CHOSEN: Final = (".body", ".no_open_case", ".scarce")
"""Values that are chosen from a closed set, also in a row that is meant to be empty."""
_WHOLE: Final = re.compile(r"-?[0-9]{1,12}")
_WORDS_APART: Final = re.compile(r"[、，,;；]")
_VALUES_APART: Final = re.compile(r"[、，,;；\s]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One value to be filled in.

    Attributes:
        path: where it stands, e.g. `limits.hold_hours`, `ladders[0].steps[2].minutes`.
        words, range: what it means, and what it may be, with its unit.
        text: what stands there now, as it would be typed.
        choices: the words of a closed set, empty where anything may be typed.
    """

    path: str
    words: str
    range: str
    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Fields that belong together: one row of them, or the rows of a table of which the last is empty.

    Attributes:
        path: where they stand.
        words: what they are together.
        of: whose they are, empty where there is only one such block: a ladder's name, as the community wrote it.
        rows: the fields; every row has the same columns.
    """

    path: str
    words: str
    of: str
    rows: tuple[tuple[Field, ...], ...]


def blocks_of(document: RuleDocument) -> tuple[Block, ...]:
    """Lay a document out as a form."""
    plain = json.loads(as_json(document))
    return _blocks(Group(RuleDocument), plain, "", TITLES[""])


def _blocks(group: Group, plain: Mapping[str, object], path: str, words: str) -> tuple[Block, ...]:
    simple: list[Field] = []
    further: list[Block] = []
    for name, kind in kinds_of(group.part).items():
        place, value = _joined(path, name), plain[name]
        if place == _FORM:
            continue
        if isinstance(kind, Group):
            assert isinstance(value, dict)
            further.extend(_blocks(kind, value, place, TITLES[place]))
        elif isinstance(kind, Many) and isinstance(kind.kind, Group):
            assert isinstance(value, list)
            further.extend(_tables(kind, kind.kind, value, place, words))
        else:
            simple.append(_field(kind, value, place))
    own = (Block(path, words, "", (tuple(simple),)),) if simple else ()
    return (*own, *further)


def _tables(many: Many, group: Group, values: list[object], path: str, words: str) -> tuple[Block, ...]:
    """A list of groups is one table; where a group holds a list of groups itself, each is a block of its own."""
    kinds = kinds_of(group.part)
    if any(isinstance(kind, Many) and isinstance(kind.kind, Group) for kind in kinds.values()):
        return tuple(
            block
            for place, value in enumerate(values)
            if isinstance(value, dict)
            for block in _blocks(group, value, f"{path}[{place}]", str(value["name"]))
        )
    rows = [value for value in values if isinstance(value, dict)]
    shown = rows if len(rows) >= many.most else [*rows, dict.fromkeys(kinds)]
    table = tuple(
        tuple(_field(kind, row[name], f"{path}[{place}].{name}") for name, kind in kinds.items())
        for place, row in enumerate(shown)
    )
    return (Block(path, many.words, "" if words in TITLES.values() else words, table),)


def _field(kind: Kind, value: object, path: str) -> Field:
    told = _told(kind, path)
    return Field(path, told.words, told.range, _typed(kind, value), _choices(kind))


def _told(kind: Kind, path: str) -> Explanation:
    """The first explanation of a kind; of a list of plain values also the range of one of them."""
    told = list(kind.explained(path))
    if isinstance(kind, Many) and len(told) > 1:
        return Explanation(path, told[0].words, f"{told[0].range}，{told[1].range}")
    return told[0]


def _choices(kind: Kind) -> tuple[str, ...]:
    if isinstance(kind, YesNo):
        return ("true", "false")
    return tuple(word.value for word in kind.words_of) if isinstance(kind, Choice) else ()


def _typed(kind: Kind, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(kind, Many):
        assert isinstance(value, list)
        return ("、" if isinstance(kind.kind, Text) else " ").join(str(item) for item in value)
    return str(value)


_PLACE: Final = re.compile(r"\[[0-9]{1,3}\]")


def filled_in(texts: Mapping[str, str]) -> str:
    """Make the JSON of a document from what was typed, by path; what cannot be read stays as it was typed.

    Whether it can be a rule document is decided by `document_of`, which names the path.

    Raises:
        UnknownRuleKey: something was typed for a value that no rule document has.
    """
    known = {told.path for told in Group(RuleDocument).explained("")}
    for path in texts:
        if _PLACE.sub("[]", path) not in known:
            raise problems.UnknownRuleKey(path=path[:120])
    return json.dumps({_FORM: SCHEMA} | _group(Group(RuleDocument), texts, ""), ensure_ascii=False)


def _group(group: Group, texts: Mapping[str, str], path: str) -> dict[str, object]:
    return {
        name: _value(kind, texts, _joined(path, name))
        for name, kind in kinds_of(group.part).items()
        if _joined(path, name) != _FORM
    }


def _value(kind: Kind, texts: Mapping[str, str], path: str) -> object:
    if isinstance(kind, Group):
        return _group(kind, texts, path)
    if isinstance(kind, Many) and isinstance(kind.kind, Group):
        return [_group(kind.kind, texts, f"{path}[{place}]") for place in _rows(texts, path)]
    text = texts.get(path, "").strip()
    if isinstance(kind, Many):
        apart = _WORDS_APART if isinstance(kind.kind, Text) else _VALUES_APART
        return [_single(kind.kind, part.strip()) for part in apart.split(text) if part.strip()]
    return _single(kind, text)


def _rows(texts: Mapping[str, str], path: str) -> Iterable[int]:
    """The numbers of the rows in which anything is typed; a closed set always is, so it does not count."""
    pattern = re.compile(re.escape(path) + r"\[([0-9]{1,3})\]")
    typed = {int(found[1]) for name, text in texts.items() if (found := pattern.match(name)) and _counts(name, text)}
    return sorted(typed)


def _counts(name: str, text: str) -> bool:
    return bool(text.strip()) and not name.endswith(_ALWAYS_CHOSEN)


def _single(kind: Kind, text: str) -> object:
    if isinstance(kind, OrNone):
        return None if not text else _single(kind.kind, text)
    if isinstance(kind, Whole) and _WHOLE.fullmatch(text):
        return int(text)
    if isinstance(kind, YesNo) and text in {"true", "false"}:
        return text == "true"
    return text


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
