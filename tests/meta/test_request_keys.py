"""Request keys: the same key with anything else is a conflict, in every operation and for every field."""

import dataclasses
import importlib
import inspect
import pkgutil
from functools import cache
from typing import get_type_hints

import pytest

import timebank
from tests.books import builders
from tests.books.snapshots import fingerprint
from tests.builders import an_act
from tests.contents import others, sample
from tests.web.test_verbs import operations_by_name
from timebank.books import together
from timebank.books.acts import Act
from timebank.books.requests import RequestKeyReused, Secret, content_hash
from timebank.books.tables import RequestRow
from timebank.books.together import Rows

KEY = "the-same-key"
WHO_ASKS = {"number", "on_behalf_of"}
WHICH_KEY = {"community_id", "request_key"}
HOW_IT_CAME = {"person_id", "at", "channel", "salt"}


@cache
def operations():
    """Return every operation of the program that answers a request key, by its name."""
    names = (module.name for module in pkgutil.walk_packages(timebank.__path__, "timebank."))
    modules = [importlib.import_module(name) for name in names if "__main__" not in name and "verifier." not in name]
    functions = (value for module in modules for value in vars(module).values() if inspect.isfunction(value))
    found = (each for each in functions if each.__code__.co_name == "answered_once")
    return {inspect.getclosurevars(each).nonlocals["operation"]: each for each in found}


def takes(operation):
    """Return what an operation can be asked with, by name."""
    hints = get_type_hints(operation.__wrapped__)
    parameters = inspect.signature(operation.__wrapped__).parameters.values()
    return {each.name: hints[each.name] for each in parameters if each.kind is each.KEYWORD_ONLY}


def answered(session, name, asked):
    """Let somebody have asked before, and have been told 7."""
    act = an_act(request_key=KEY)
    row = {
        "community_id": act.community_id,
        "key": KEY,
        "operation": name,
        "content_hash": content_hash(name, act, asked),
        "outcome": "done",
        "answer": "7",
        "at": act.at,
    }
    together.write(session, [Rows(RequestRow, [row])])


def is_conflict(session, operation, asked, **changes):
    """Ask under the same key; tell whether it is refused as something else."""
    try:
        told = operation(session, an_act(request_key=KEY, **changes), **asked)
    except RequestKeyReused:
        return True
    assert 7 == told
    return False


def _conflicts(session, name, operation):
    """Yield every place in which something else can be asked, and whether that is noticed."""
    kinds = takes(operation)
    asked = {argument: sample(kind) for argument, kind in kinds.items()}
    with session.begin_nested() as savepoint:
        answered(session, name, asked)
        before = fingerprint(session)
        yield "asked again", not is_conflict(session, operation, asked)
        for argument, kind in kinds.items():
            for place, other in others(kind, asked[argument]):
                yield f"{argument}.{place}", is_conflict(session, operation, asked | {argument: other})
        yield "nothing changed", before == fingerprint(session)
        savepoint.rollback()


class TestEveryOperation:
    """ledger.md section 1, decision 6: same key and same content, the stored answer; other content, conflict."""

    def test_every_one_is_looked_at(self):
        assert operations_by_name() == operations().keys()

    def test_whatever_differs_is_a_conflict(self, session):
        builders.a_log(session)
        told = {name: list(_conflicts(session, name, operation)) for name, operation in operations().items()}

        assert [] == [f"{name}: {place}" for name, each in told.items() for place, noticed in each if not noticed]
        assert sum(map(len, told.values())) > 4 * len(told)

    def test_a_field_of_which_nothing_is_known_stops_this_test(self):
        @dataclasses.dataclass
        class Unknown:
            weight: float

        with pytest.raises(TypeError):
            sample(Unknown)

    def test_a_secret_is_the_only_thing_that_is_not_compared(self):
        assert [] == list(others(Secret, Secret("one")))


class TestWhoAsks:
    """The same person asking again from elsewhere asks the same; somebody else does not."""

    def test_every_field_of_an_act_either_counts_or_does_not(self):
        assert {field.name for field in dataclasses.fields(Act)} == WHO_ASKS | WHICH_KEY | HOW_IT_CAME

    @pytest.mark.parametrize("field", sorted(WHO_ASKS | HOW_IT_CAME))
    def test_somebody_else_is_a_conflict_another_way_is_not(self, session, field):
        builders.a_log(session)
        name = "service.withdraw_batch"
        asked = {argument: sample(kind) for argument, kind in takes(operations()[name]).items()}
        answered(session, name, asked)
        kind = get_type_hints(Act)[field]
        _, other = next(others(kind, getattr(an_act(), field)))
        change = {field: other[:32] if field != "salt" else bytes(32)} if isinstance(other, bytes) else {field: other}

        assert (field in WHO_ASKS) == is_conflict(session, operations()[name], asked, **change)
