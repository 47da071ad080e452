"""One function of a loaded program changed in place, so that nothing has to be loaded again for a mutant.

A function keeps its identity: whoever imported it by name, or keeps it in a table, calls the changed one.
"""

import gc
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

Functions = dict[tuple[str, str], list[FunctionType]]
"""Living functions by file and name; those of one name in the order in which they stand."""


@dataclass(frozen=True)
class Change:
    """The one function that differs: its name in the file, which of that name, and what it does now."""

    name: str
    place: int
    code: CodeType


def change_of(before: CodeType, after: CodeType) -> Change | None:
    """Return the one function in which two versions of a file differ, or None where more than that differs."""
    if _around(before) != _around(after):
        return None
    pairs = list(zip(_functions(before), _functions(after), strict=True))
    different = [place for place, (old, new) in enumerate(pairs) if old != new]
    if len(different) != 1:
        return None
    name = pairs[different[0]][1].co_qualname
    earlier = [new for _old, new in pairs[: different[0]] if new.co_qualname == name]
    return Change(name, len(earlier), pairs[different[0]][1])


def _around(code: CodeType) -> tuple[object, ...]:
    """Return all that runs when the file is loaded, without the insides of its functions."""
    parts = (
        _around(part) if not _is_function(part) else (part.co_name, part.co_argcount)
        for part in code.co_consts
        if isinstance(part, CodeType)
    )
    values = tuple((type(part), part) for part in code.co_consts if not isinstance(part, CodeType))
    return code.co_code, code.co_names, values, tuple(parts)


def _functions(code: CodeType) -> Iterator[CodeType]:
    """Yield the functions of a file and of its classes in the order in which they stand; not those inside functions."""
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from [part] if _is_function(part) else _functions(part)


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_OPTIMIZED)


def loaded_functions(files: list[Path]) -> Functions:
    """Return the living functions of some files."""
    paths = {str(file) for file in files}
    found: Functions = {}
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename in paths:
            found.setdefault((thing.__code__.co_filename, thing.__code__.co_qualname), []).append(thing)
    for functions in found.values():
        functions.sort(key=lambda function: function.__code__.co_firstlineno)
    return found
