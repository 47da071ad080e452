"""The project's own Python files, read and parsed once for all tests about the code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its path from the top of the tree, its text, its syntax tree."""

    path: str
    text: str = field(repr=False)
    tree: ast.Module = field(repr=False)

    @property
    def module(self) -> str:
        """The dotted name under which it is imported."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def at(self, node: ast.AST | int, what: str) -> str:
        """Name a line of this file and what is wrong with it."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"{self.path}:{line}: {what}"

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Every call with the dotted name of what is called, as far as it is written as a name."""
        return ((node, dotted(node.func)) for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def dotted(node: ast.expr) -> str:
    """Write `a.b.c` for a chain of names; an unnamed start is left out (`.commit` for `f().commit`)."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Return the files of these folders, sorted by path."""
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(_read(path) for path in paths)


@cache
def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path=path.relative_to(ROOT).as_posix(), text=text, tree=ast.parse(text))
