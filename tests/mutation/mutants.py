"""Mutants: every small change of a file that could be a mistake, one at a time."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
COMPUTED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "reversed": "list"}
UNREAD = (ast.JoinedStr, ast.AnnAssign)


@dataclass(frozen=True)
class Mutant:
    """A file with one change: the line, what stood there, what stands there now."""

    line: int
    was: str
    now: str
    text: str


def mutants(text: str) -> Iterator[Mutant]:
    """Yield every mutant of a file; docstrings, annotations and the words of assertions are left alone."""
    tree = ast.parse(text)
    for parent, field, place, node in _places(tree):
        for change in _changes(node):
            kept = _get(parent, field, place)
            _put(parent, field, place, change)
            yield Mutant(getattr(node, "lineno", 0), _words(node), _words(change), ast.unparse(tree))
            _put(parent, field, place, kept)


def unchanged(text: str) -> str:
    """Return the file as its mutants are written, without a change."""
    return ast.unparse(ast.parse(text))


Place = tuple[ast.AST, str, int | None, ast.AST]


def _places(node: ast.AST) -> Iterator[Place]:
    """Yield every node that counts, with where it hangs."""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "bases", "type_params"} or (
            isinstance(node, ast.Assert) and field == "msg"
        ):
            continue
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for place, child in children:
            if isinstance(child, ast.AST) and not _is_docstring(child):
                yield node, field, place, child
                yield from () if isinstance(child, ast.JoinedStr) else _places(child)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _get(parent: ast.AST, field: str, place: int | None) -> ast.AST:
    value = getattr(parent, field)
    found = value if place is None else value[place]
    assert isinstance(found, ast.AST), found
    return found


def _put(parent: ast.AST, field: str, place: int | None, node: ast.AST) -> None:
    if place is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[place] = node


def _words(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:100]


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in the place of a node."""
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BinOp() if type(node.op) in COMPUTED and not _of_types(node):
            yield _copy(node, op=COMPUTED[type(node.op)]())
        case ast.AugAssign() if type(node.op) in COMPUTED:
            yield _copy(node, op=COMPUTED[type(node.op)]())
        case ast.BoolOp():
            yield _copy(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.Constant():
            yield from _constants(node)
        case ast.Name(ctx=ast.Load(), id=name) if name in NAMES:
            yield ast.Name(id=NAMES[name], ctx=ast.Load())
        case _:
            yield from _statements(node)


def _of_types(node: ast.BinOp) -> bool:
    """Tell `int | None` from a sum."""
    return isinstance(node.op, ast.BitOr) and any(
        isinstance(side, ast.Constant) or (isinstance(side, ast.Name) and side.id in {"int", "str", "float", "bytes"})
        for side in (node.left, node.right)
    )


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr() | ast.Raise():
            yield ast.Pass()
        case ast.If() | ast.IfExp() if not isinstance(node.test, ast.Compare):
            yield _copy(node, test=ast.UnaryOp(op=ast.Not(), operand=node.test))
        case ast.Return(value=ast.Call() | ast.Name() | ast.Attribute() | ast.Tuple()):
            yield ast.Return(value=ast.Constant(value=None))
        case ast.comprehension(ifs=[_, *_]):
            yield _copy(node, ifs=[])


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for place, op in enumerate(node.ops):
        ops = list(node.ops)
        ops[place] = COMPARED[type(op)]()
        yield _copy(node, ops=ops)


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool():
            yield ast.Constant(value=not node.value)
        case int():
            yield ast.Constant(value=node.value + 1)
        case str() if node.value:
            yield ast.Constant(value=f"{node.value}~")
        case bytes() if node.value:
            yield ast.Constant(value=node.value + b"~")


def _copy(node: ast.AST, **changes: object) -> ast.AST:
    copied = copy.copy(node)
    for field, value in changes.items():
        setattr(copied, field, value)
    return ast.copy_location(copied, node)
