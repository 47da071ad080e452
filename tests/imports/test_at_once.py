"""I12, I13: two people at once, and a program that dies half-way."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from tests.imports.builders import (
    XFL,
    a_balance,
    a_register,
    a_service,
    an_office,
    balances,
    sheets,
)
from timebank.database import reading, writing
from timebank.imports import operations, queries
from timebank.imports.operations.keeping import FileImportedBefore
from timebank.refusal import Refusal
from timebank.service.queries import records_of_batch


@pytest.fixture
def office(database):
    """An office in a database of its own, where two people are registered."""
    with writing(database.engine) as session:
        office = an_office(session)
        operations.submit_volunteers(session, office.act(office.chen), file=a_register().file)
    return replace(office, session=None)


def at_once(*works):
    """Start several pieces of work at the same moment; return how each of them ended."""
    starting = threading.Barrier(len(works))
    ended: list[Any] = [None] * len(works)

    def run(place, work):
        starting.wait()
        try:
            ended[place] = work()
        except Refusal as refusal:
            ended[place] = refusal

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def submitting(database, office, by, operation, file):
    """Submit a file in a transaction of its own."""

    def work():
        with writing(database.engine) as session:
            return operation(session, office.act(by), file=file)

    return work


class TestTwoCoordinators:
    """I13: both right, or one told so; nothing twice."""

    def test_the_same_file_comes_in_once(self, database, office):
        file = sheets(a_service(), a_service("V0002")).file

        ended = at_once(
            submitting(database, office, office.chen, operations.submit_hours, file),
            submitting(database, office, office.li, operations.submit_hours, file),
        )

        refused = [end for end in ended if isinstance(end, FileImportedBefore)]
        assert 1 == len(refused)
        with reading(database.engine) as session:
            (batch, _register) = queries.batches(session, XFL)
            assert 2 == len(records_of_batch(session, XFL, batch.id))

    def test_two_files_both_come_in(self, database, office):
        ended = at_once(
            submitting(database, office, office.chen, operations.submit_hours, sheets(a_service()).file),
            submitting(database, office, office.li, operations.submit_opening, balances(a_balance()).file),
        )

        assert {"B0002", "B0003"} == {end["batch"] for end in ended}

    def test_one_batch_is_confirmed_once(self, database, office):
        with writing(database.engine) as session:
            batch = operations.submit_opening(session, office.act(office.chen), file=balances(a_balance()).file)

        def confirming():
            with writing(database.engine) as session:
                return operations.confirm(session, office.act(office.li), number=batch["batch"])

        ended = at_once(confirming, confirming)

        assert ["batch_decided"] == [end.code for end in ended if isinstance(end, Refusal)]


class PowerCut(Exception):
    """The program dies."""


class TestDyingHalfWay:
    """I12: all or nothing; and what was not finished can be done again."""

    def test_nothing_of_the_file_is_there(self, database, office):
        file = sheets(a_service(), a_service("V0002")).file

        with pytest.raises(PowerCut):
            _submit_and_die(database, office, file)

        with reading(database.engine) as session:
            assert ["B0001"] == [batch.number for batch in queries.batches(session, XFL)]
        with writing(database.engine) as session:
            again = operations.submit_hours(session, office.act(office.chen, request_key="the-same-key"), file=file)
        assert ("B0002", 2) == (again["batch"], again["rows"])


def _submit_and_die(database, office, file):
    with writing(database.engine) as session:
        operations.submit_hours(session, office.act(office.chen, request_key="the-same-key"), file=file)
        raise PowerCut
