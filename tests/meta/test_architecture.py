"""Imports point one way, down, and the core loads alone."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from typing import Final, NamedTuple

from tests.meta.sources import ROOT, Source, sources

CORE: Final = frozenset({"ledger", "books"})
BELOW_SERVICE: Final = CORE | {"people", "rulebook", "stars", "timetable"}
BELOW_AUDIT: Final = BELOW_SERVICE | {"service", "market"}
EDGE: Final = frozenset({"chance", "clock", "config", "resources"})
"""What depends on the machine: its time, its randomness, its settings, its files."""

SHELL: Final = (
    BELOW_AUDIT
    | EDGE
    | {"audit", "certificates", "database", "demo", "evidence", "imports", "leaving", "nightly", "pool"}
    | {"schema", "tokens", "webhooks"}
)

THE_SHELL: Final = frozenset({"app", "cli", "web"})
"""The rooms whose files are named after audiences and nouns, not after what is decided, stored, done and asked."""

MAY_IMPORT: Final[dict[str, frozenset[str]]] = {
    "refusal": frozenset(),
    "clock": frozenset(),
    "chance": frozenset(),
    "config": frozenset(),
    "resources": frozenset(),
    "turns": frozenset(),
    "database": frozenset({"turns"}),
    "guards": frozenset(),
    "schema": frozenset({"database", "guards", "resources"}),
    "ledger": frozenset(),
    "books": frozenset({"ledger"}),
    "people": CORE,
    "rulebook": CORE | {"people"},
    "stars": CORE | {"people", "rulebook"},
    "timetable": CORE | {"people", "rulebook"},
    "service": BELOW_SERVICE,
    "market": BELOW_SERVICE,
    "pool": CORE | {"people", "rulebook"},
    "certificates": BELOW_SERVICE | {"service"},
    "imports": BELOW_AUDIT,
    "tokens": CORE | {"people"},
    "webhooks": CORE | {"people"},
    "evidence": CORE | {"people", "rulebook"},
    "audit": BELOW_AUDIT | {"certificates", "evidence", "pool"},
    "nightly": BELOW_AUDIT | {"certificates", "database", "pool"},
    "leaving": BELOW_AUDIT | {"certificates"},
    "demo": BELOW_AUDIT | {"certificates", "audit", "evidence", "imports", "pool"},
    "web": SHELL | {"web"},
    "bench": SHELL | {"app"},
    "cli": SHELL | {"app", "bench", "cli", "web"},
    "app": SHELL | {"app", "cli", "web"},
}
"""Which room may import which; each may import itself and `refusal`, and its `tables.py` may import `database`."""

EVERYTHING: Final = frozenset({"*"})
THIRD_PARTY: Final[dict[str, frozenset[str]]] = {
    "database": frozenset({"sqlalchemy", "flask", "flask_sqlalchemy"}),
    "schema": frozenset({"sqlalchemy", "alembic"}),
    "books": frozenset({"sqlalchemy", "cryptography"}),
    "people": frozenset({"sqlalchemy", "argon2", "cryptography", "pyotp", "pypinyin", "webauthn"}),
    "rulebook": frozenset({"sqlalchemy"}),
    "stars": frozenset({"sqlalchemy"}),
    "timetable": frozenset({"sqlalchemy"}),
    "service": frozenset({"sqlalchemy"}),
    "market": frozenset({"sqlalchemy"}),
    "certificates": frozenset({"sqlalchemy"}),
    "imports": frozenset({"sqlalchemy", "python_calamine", "xlsxwriter"}),
    "evidence": frozenset({"sqlalchemy", "cryptography"}),
    "audit": frozenset({"sqlalchemy"}),
    "leaving": frozenset({"sqlalchemy"}),
    "nightly": frozenset({"sqlalchemy"}),
    "pool": frozenset({"sqlalchemy"}),
    "tokens": frozenset({"sqlalchemy"}),
    "webhooks": frozenset({"sqlalchemy"}),
    "demo": frozenset({"sqlalchemy"}),
    "bench": frozenset({"flask", "flask_login", "jinja2", "psycopg", "sqlalchemy"}),
    "web": EVERYTHING,
    "cli": EVERYTHING,
    "app": EVERYTHING,
}
"""Which room may import what from outside; a room that is not named here lives on the standard library."""

RULES_MAY_IMPORT: Final = frozenset({"ledger", "refusal"})

HEAVY: Final = ("alembic", "argon2", "click", "cryptography", "flask", "marshmallow", "psycopg", "sqlalchemy")


class Import(NamedTuple):
    """One imported module, and where."""

    source: Source
    line: int
    module: str

    @property
    def offence(self) -> str:
        """The line that a reader looks up."""
        return self.source.at(self.line, f"imports {self.module}")


def _imports(source: Source) -> Iterator[Import]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (Import(source, node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _imported_from(source, node)


def _imported_from(source: Source, node: ast.ImportFrom) -> Iterator[Import]:
    """`from timebank.books import journal` names the module `timebank.books.journal`; a name inside one stays it."""
    module = "." * node.level + (node.module or "")
    for name in node.names:
        inner = f"{module}.{name.name}"
        yield Import(source, node.lineno, inner if _is_module(inner) else module)


def _is_module(dotted: str) -> bool:
    path = ROOT / dotted.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def _room(module: str) -> str:
    """`timebank.books.journal` lies in `books`; the package `timebank` itself is a room without a name."""
    return module.partition(".")[2].partition(".")[0]


def _is_ours(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] == "timebank"


def _is_kind(module: str, kind: str) -> bool:
    """`timebank.market.rules`, `timebank.market.rules.prices` and `timebank.books.log.rules` are all `rules`."""
    return _is_ours(module) and _room(module) not in THE_SHELL and kind in module.split(".")[2:]


def _is_rules(module: str) -> bool:
    return _is_kind(module, "rules")


def _all_imports() -> Iterator[Import]:
    for source in sources("timebank"):
        yield from _imports(source)


class TestImportsPointDown:
    """architecture.md section 3: who may import whom."""

    def test_every_room_has_its_row_in_the_table(self):
        rooms = {_room(source.module) for source in sources("timebank")} - {""}

        assert set() == rooms - set(MAY_IMPORT)

    def test_no_room_imports_from_above_or_beside(self):
        offences = [found.offence for found in _all_imports() if _is_ours(found.module) and not _allowed(found)]

        assert [] == offences

    def test_no_room_uses_a_library_that_is_not_its_own(self):
        outside = (found for found in _all_imports() if not _is_ours(found.module) and not _is_standard(found.module))

        assert [] == [found.offence for found in outside if not _library_allowed(found)]

    def test_the_package_itself_imports_nothing(self):
        offences = [found.offence for found in _all_imports() if found.source.module == "timebank"]

        assert [] == offences

    def test_nothing_is_imported_by_a_relative_name(self):
        assert [] == [found.offence for found in _all_imports() if found.module.startswith(".")]


class TestRulesArePure:
    """architecture.md section 3: any `rules.py` knows the ledger, refusals and rules below it, and nothing else."""

    def test_rules_import_only_the_ledger_refusals_and_other_rules(self):
        ours = (found for found in _all_imports() if _is_rules(found.source.module) and _is_ours(found.module))

        assert [] == [found.offence for found in ours if not _allowed_in_rules(found)]

    def test_rules_and_the_ledger_use_no_library(self):
        pure = (
            found
            for found in _all_imports()
            if _is_rules(found.source.module) or _room(found.source.module) == "ledger"
        )

        offences = [found.offence for found in pure if not _is_ours(found.module) and not _is_standard(found.module)]

        assert [] == offences


class TestTablesArePrivate:
    """architecture.md section 3: `tables.py` is private to its package; others ask `queries` or call `operations`."""

    def test_no_package_imports_the_tables_of_another(self):
        ours = (found for found in _all_imports() if _is_kind(found.module, "tables"))

        assert [] == [found.offence for found in ours if _room(found.module) != _room(found.source.module)]

    def test_migrations_import_nothing_from_the_code_that_moves_on(self):
        found = [found for source in sources("migrations/versions") for found in _imports(source)]

        assert [] == [each.offence for each in found if _is_ours(each.module)]


class TestTheCoreStandsAlone:
    """architecture.md: the ledger knows nothing of Flask, SQL or the clock."""

    def test_importing_the_ledger_loads_no_framework(self):
        modules = sorted(source.module for source in sources("timebank/ledger"))
        script = f"import sys, {', '.join(modules)}\nsys.stdout.write(' '.join(set({HEAVY!r}) & set(sys.modules)))"

        loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

        assert "" == loaded.stdout


def _allowed(found: Import) -> bool:
    room, target = _room(found.source.module), _room(found.module)
    tables_on_the_base = target == "database" and _is_kind(found.source.module, "tables")
    return target in {room, "refusal"} or target in MAY_IMPORT.get(room, frozenset()) or tables_on_the_base


def _allowed_in_rules(found: Import) -> bool:
    other_rules = _is_rules(found.module) and _allowed(found)
    return other_rules or _room(found.module) in RULES_MAY_IMPORT


def _is_standard(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] in sys.stdlib_module_names


def _library_allowed(found: Import) -> bool:
    allowed = THIRD_PARTY.get(_room(found.source.module), frozenset())
    return allowed == EVERYTHING or found.module.split(".", maxsplit=1)[0] in allowed
