"""Every promise of safety names tests that are there, or says why it has none."""

import ast

import pytest

from tests.meta.hours_promises import HOURS_CASES
from tests.meta.promises import CASES, Promise
from tests.meta.sources import ROOT


def known_in(path):
    """The names of the tests of a file: `TestClass`, `TestClass::test_name`."""
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    found = {""}
    for group in tree.body:
        if isinstance(group, ast.ClassDef):
            found |= {group.name} | {
                f"{group.name}::{one.name}" for one in group.body if isinstance(one, ast.FunctionDef)
            }
    return found


@pytest.mark.parametrize("promises", [CASES, HOURS_CASES], ids=["cases", "hours"])
class TestPromises:
    """trust.md section 3: a table with a test name per line; the lines of ASVS stand in SECURITY.md."""

    def test_each_stands_once(self, promises: tuple[Promise, ...]):
        numbers = [promise.number for promise in promises]

        assert sorted(set(numbers)) == sorted(numbers)

    def test_each_is_tested_or_says_why_not(self, promises: tuple[Promise, ...]):
        assert [] == [promise.number for promise in promises if bool(promise.tests) == bool(promise.why_none)]

    def test_each_test_is_there(self, promises: tuple[Promise, ...]):
        missing = []
        for test in sorted({test for promise in promises for test in promise.tests}):
            path, _, name = test.partition("::")
            if not (ROOT / "tests" / path).exists() or name not in known_in(path):
                missing.append(test)

        assert [] == missing
