"""Values: what the ledger hands round cannot be changed by whoever receives it."""

import dataclasses
import inspect
import pkgutil
from importlib import import_module

import pytest

from timebank import ledger
from timebank.ledger.checks import SoFar
from timebank.ledger.entries import Draft, Entry

MODULES = [import_module(f"{ledger.__name__}.{module.name}") for module in pkgutil.iter_modules(ledger.__path__)]
VALUES = sorted(
    {
        value
        for module in MODULES
        for value in vars(module).values()
        if dataclasses.is_dataclass(value) and isinstance(value, type)
    },
    key=lambda value: f"{value.__module__}.{value.__qualname__}",
)
GATHERING = (SoFar,)
"""What grows while entries are read; nobody else holds it."""


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__qualname__)
class TestValues:
    """style.md: values are frozen, and have the fields that are declared and no others."""

    def test_cannot_be_changed(self, value):
        assert (value not in GATHERING) == value.__dataclass_params__.frozen

    def test_has_no_room_for_anything_else(self, value):
        assert {field.name for field in dataclasses.fields(value)} == set(value.__slots__)


@pytest.mark.parametrize("value", [Draft, Entry])
def test_an_entry_is_written_field_by_field_never_by_position(value):
    """Two days, or two numbers of people, could be mistaken for each other."""
    kinds = {parameter.kind for parameter in inspect.signature(value).parameters.values()}

    assert {inspect.Parameter.KEYWORD_ONLY} == kinds
