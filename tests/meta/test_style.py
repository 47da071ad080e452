"""The numbers the code holds itself to, and what is done in one place only."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from typing import Final

from tests.meta.sources import ROOT, Function, Source, dotted, sources

FUNCTION_LINES_MAX: Final = 45
FILE_LINES_MAX: Final = 350
NESTING_MAX: Final = 3
EXCUSES_MAX: Final = 3

BROAD: Final = frozenset({"", "Exception", "BaseException"})
BROAD_ALLOWED: Final = {"timebank/web/refusals.py": 1}
"""The page for what went wrong in the program is the one place that catches everything."""

COMMITS_ALLOWED: Final = frozenset({"timebank/database.py"})
CLOCK_ALLOWED: Final = frozenset({"timebank/clock.py"})
CLOCK: Final = frozenset(
    {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "func.now"}
)
CHANCE_ALLOWED: Final = frozenset({"timebank/chance.py"})
CHANCE: Final = frozenset({"os.urandom", "uuid4", "uuid.uuid4", "secrets.", "random."})

OPEN_WORK: Final = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
EXCUSE: Final = re.compile(r"#\s*(noqa|type:\s*ignore|mypy:)")
EXCUSE_WITH_REASON: Final = re.compile(r"#\s*(noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])\s+#\s+\w+")

BLOCKS: Final = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


def _code() -> tuple[Source, ...]:
    return sources("timebank", "migrations")


def _everything() -> tuple[Source, ...]:
    return sources("timebank", "migrations", "tests")


def _read_and_changed() -> tuple[Source, ...]:
    """The files that are read and changed; a migration is a list of tables that nobody edits after its release."""
    return sources("timebank", "tests")


def _comments(source: Source) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _body(function: Function) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def _body_lines(function: Function) -> int:
    body = _body(function)
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def _depth(node: ast.AST) -> int:
    """Count the blocks inside each other; an `elif` lies as deep as its `if`."""
    deepest = max((_depth(child) for child in ast.iter_child_nodes(node) if not _is_elif(node, child)), default=0)
    beside = max((_depth(child) - 1 for child in ast.iter_child_nodes(node) if _is_elif(node, child)), default=0)
    return max(deepest, beside) + isinstance(node, BLOCKS)


def _is_elif(node: ast.AST, child: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]


class TestSize:
    """Functions and files that a reader takes in at one look."""

    def test_no_function_is_longer_than_its_limit(self):
        functions = [(source, function) for source in _read_and_changed() for function in source.functions()]

        too_long = [
            source.at(function, f"{function.name} has {_body_lines(function)} lines")
            for source, function in functions
            if _body_lines(function) > FUNCTION_LINES_MAX
        ]

        assert [] == too_long

    def test_no_file_is_longer_than_its_limit(self):
        lengths = [(source, len(source.text.splitlines())) for source in _read_and_changed()]

        assert [] == [source.at(1, f"{lines} lines") for source, lines in lengths if lines > FILE_LINES_MAX]

    def test_no_function_is_nested_too_deep(self):
        functions = [(source, function) for source in _read_and_changed() for function in source.functions()]

        too_deep = [source.at(function, function.name) for source, function in functions if _too_deep(function)]

        assert [] == too_deep


def _too_deep(function: Function) -> bool:
    return max((_depth(statement) for statement in function.body), default=0) > NESTING_MAX


class TestWords:
    """Every module and every public function says what it means."""

    def test_every_module_has_a_docstring(self):
        assert [] == [source.path for source in _everything() if not ast.get_docstring(source.tree)]

    def test_every_public_function_and_class_has_a_docstring(self):
        silent = [
            source.at(node, node.name)
            for source in sources("timebank")
            for node in _public(source.tree.body)
            if not ast.get_docstring(node)
        ]

        assert [] == silent

    def test_every_class_of_tests_cites_what_it_is_about(self):
        silent = [
            source.at(node, node.name)
            for source in sources("tests")
            for node in source.tree.body
            if isinstance(node, ast.ClassDef) and node.name.startswith("Test") and not ast.get_docstring(node)
        ]

        assert [] == silent

    def test_open_work_is_an_issue_and_not_a_comment(self):
        assert [] == _commented(_everything(), OPEN_WORK)

    def test_a_checker_is_silenced_rarely(self):
        excuses = _commented(_code(), EXCUSE)

        assert EXCUSES_MAX >= len(excuses), "\n".join(excuses)

    def test_a_checker_is_silenced_with_a_reason_only(self):
        without_reason = [
            source.at(line, comment)
            for source in _everything()
            for line, comment in _comments(source)
            if EXCUSE.search(comment) and not EXCUSE_WITH_REASON.search(comment)
        ]

        assert [] == without_reason


def _public(body: Iterable[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


def _commented(files: Iterable[Source], pattern: re.Pattern[str]) -> list[str]:
    return [
        source.at(line, comment) for source in files for line, comment in _comments(source) if pattern.search(comment)
    ]


class TestOnePlace:
    """What is done in one place only, so that it can be trusted there."""

    def test_nothing_is_imported_inside_a_function(self):
        offences = [
            source.at(node, f"import inside {function.name}")
            for source in _everything()
            for function in source.functions()
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]

        assert [] == offences

    def test_nothing_prints(self):
        assert [] == _called(_everything(), frozenset({"print", "pprint"}), allowed=frozenset())

    def test_only_the_error_page_catches_everything(self):
        found = [(source, node) for source in _everything() for node in ast.walk(source.tree) if _is_broad(node)]
        by_file = {source.path: sum(other is source for other, _ in found) for source, _ in found}

        assert [] == [
            source.at(node, "broad except")
            for source, node in found
            if by_file[source.path] > BROAD_ALLOWED.get(source.path, 0)
        ]

    def test_only_the_database_module_commits(self):
        offences = [
            source.at(node, name)
            for source in sources("timebank")
            for node, name in source.calls()
            if name.endswith(".commit") and source.path not in COMMITS_ALLOWED
        ]

        assert [] == offences

    def test_only_the_clock_asks_for_the_time(self):
        assert [] == _called(sources("timebank"), CLOCK, allowed=CLOCK_ALLOWED)

    def test_only_chance_asks_for_randomness(self):
        assert [] == _called(sources("timebank"), CHANCE, allowed=CHANCE_ALLOWED)

    def test_the_core_and_the_rules_know_their_types(self):
        pure = [source for source in sources("timebank") if _is_core(source)]

        offences = [
            source.at(node, "Any")
            for source in pure
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Name | ast.Attribute) and dotted(node) in {"Any", "typing.Any"}
        ]

        assert [] == offences

    def test_the_tree_read_here_is_the_whole_one(self):
        assert len(sources("timebank")) > 20
        assert (ROOT / "setup.cfg").exists()


def _is_core(source: Source) -> bool:
    rules_of_a_room = "/rules" in source.path and not source.path.startswith("timebank/cli/")
    return source.path.startswith("timebank/ledger/") or rules_of_a_room


def _is_broad(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    named = [kind.value if isinstance(kind, ast.Starred) else kind for kind in caught]
    return any(kind is None or dotted(kind) in BROAD for kind in named)


def _called(files: Iterable[Source], names: frozenset[str], *, allowed: frozenset[str]) -> list[str]:
    """Find calls of a named function; a name that ends in a dot stands for a whole module."""
    return [
        source.at(node, name)
        for source in files
        for node, name in source.calls()
        if source.path not in allowed and _matches(name, names)
    ]


def _matches(name: str, names: frozenset[str]) -> bool:
    return any(
        name.startswith(wanted) if wanted.endswith(".") else name == wanted or name.endswith(f".{wanted}")
        for wanted in names
    )
