"""Batches of every kind: two persons, once, and until something depends on it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.imports.builders import (
    XFL,
    a_balance,
    a_lot,
    a_person,
    a_register,
    a_service,
    balances,
    confirmed,
    registered,
    sheets,
    state_of,
    submitted_goods,
    submitted_hours,
    submitted_opening,
    undone,
)
from tests.people.builders import an_admin_act, open_the_community
from timebank.books import trail
from timebank.books.requests import RequestKeyReused
from timebank.books.trail import TrailFilter
from timebank.imports import operations, queries
from timebank.imports.operations.keeping import FileImportedBefore, NothingToImport
from timebank.imports.operations.submitted import FileHasProblems
from timebank.imports.queries import NoSuchBatch
from timebank.imports.rules import (
    BatchDecided,
    BatchKind,
    BatchReasonMissing,
    BatchState,
    ConfirmerIsMaker,
    RatingNotForThis,
)
from timebank.imports.tables import ImportBatchRow
from timebank.people.queries import NotAllowed

SUBMIT = {
    "hours": lambda office: submitted_hours(office, a_service()),
    "opening": lambda office: submitted_opening(office, a_balance()),
    "goods": lambda office: submitted_goods(office, a_lot()),
}
kinds = pytest.mark.parametrize("kind", SUBMIT)


@pytest.fixture(autouse=True)
def two_people(office):
    """V0001 石静 and V0002 孟桂兰."""
    registered(office)


class TestTwoPersons:
    """X8: approving by a file follows the same rule as approving by a page."""

    @kinds
    def test_nobody_confirms_what_they_brought(self, office, kind):
        answer = SUBMIT[kind](office)

        with pytest.raises(ConfirmerIsMaker) as refused:
            confirmed(office, answer, by=office.chen)

        assert {"batch": answer["batch"]} == refused.value.facts
        assert BatchState.PENDING == state_of(office, answer)

    @kinds
    @pytest.mark.parametrize("login", ["zhao", "zhou"])
    def test_clerk_and_auditor_confirm_nothing(self, office, kind, login):
        answer = SUBMIT[kind](office)

        with pytest.raises(NotAllowed):
            confirmed(office, answer, by=getattr(office, login))

    @kinds
    def test_a_batch_is_decided_once(self, office, kind):
        answer = SUBMIT[kind](office)
        confirmed(office, answer)

        with pytest.raises(BatchDecided):
            confirmed(office, answer)

    @kinds
    def test_what_was_taken_back_is_not_confirmed(self, office, kind):
        answer = SUBMIT[kind](office)
        undone(office, answer, by=office.chen)

        with pytest.raises(BatchDecided):
            confirmed(office, answer)
        with pytest.raises(BatchDecided):
            undone(office, answer)

    @kinds
    def test_who_decided_and_when_stands_there(self, office, kind):
        answer = SUBMIT[kind](office)
        confirmed(office, answer)
        undone(office, answer, at=NOON + timedelta(hours=1))

        batch = queries.batch(office.session, XFL, answer["batch"])
        assert (office.chen.number, office.li.number, office.li.number) == (
            batch.made_by,
            batch.confirmed_by,
            batch.undone_by,
        )
        assert (NOON, NOON + timedelta(hours=1), "导错了文件") == (
            batch.confirmed_at,
            batch.undone_at,
            batch.undo_reason,
        )

    def test_a_batch_of_a_colleague_takes_the_right_to_confirm(self, office):
        answer = submitted_opening(office, a_balance())

        with pytest.raises(NotAllowed):
            undone(office, answer, by=office.zhao)

    @pytest.mark.parametrize("reason", ["", "  ", "字" * 201, "一\x07"], ids=["none", "blanks", "long", "control"])
    def test_who_takes_back_says_why(self, office, reason):
        answer = submitted_opening(office, a_balance())

        with pytest.raises(BatchReasonMissing):
            undone(office, answer, by=office.chen, reason=reason)

    def test_stars_are_for_hours_only(self, office):
        answer = submitted_opening(office, a_balance())

        with pytest.raises(RatingNotForThis):
            confirmed(office, answer, rating=5)
        with pytest.raises(RatingNotForThis):
            confirmed(office, answer, answer="好")

    def test_a_batch_that_is_not_there(self, office):
        with pytest.raises(NoSuchBatch):
            confirmed(office, {"batch": "B9999"})


class TestTheSameFile:
    """I11: the same file, and the same rows in another file, come in once."""

    def test_the_same_bytes(self, office):
        first = submitted_hours(office, a_service())

        with pytest.raises(FileImportedBefore) as refused:
            submitted_hours(office, a_service())

        assert first["batch"] == refused.value.facts["batch"]
        assert office.chen.number == refused.value.facts["made_by"]

    def test_the_same_rows_in_another_order_and_another_file(self, office):
        rows = (a_service(), a_service("V0002"))
        submitted_hours(office, *rows)
        again = sheets(*reversed(rows)).file

        with pytest.raises(FileImportedBefore):
            operations.submit_hours(office.session, office.act(office.li), file=again)

    def test_a_register_too(self, office):
        with pytest.raises(FileImportedBefore):
            registered(office)

    def test_after_it_was_taken_back_it_may_come_again(self, office):
        undone(office, submitted_opening(office, a_balance()), by=office.chen)

        assert "B0003" == submitted_opening(office, a_balance())["batch"]

    def test_a_retry_is_told_the_first_answer(self, office):
        key = {"request_key": "the-same-key"}

        first = submitted_opening(office, a_balance(), **key)
        again = submitted_opening(office, a_balance(), **key)

        assert first == again
        assert 2 == len(queries.batches(office.session, XFL))

    def test_a_key_is_for_one_file(self, office):
        key = {"request_key": "the-same-key"}
        submitted_opening(office, a_balance(), **key)

        with pytest.raises(RequestKeyReused):
            submitted_opening(office, a_balance("V0002", "孟桂兰"), **key)

    def test_a_refused_file_is_refused_again_without_its_cells(self, office):
        file = sheets(a_service("V9999")).file
        key = {"request_key": "the-same-key"}

        for _ in range(2):
            with pytest.raises(FileHasProblems) as refused:
                operations.submit_hours(office.session, office.act(office.chen, **key), file=file)

        assert {"wrong_lines": 1, "repeated_lines": 0, "lines": [2]} == refused.value.facts
        assert () == refused.value.problems

    def test_nothing_is_nothing(self, office):
        empty = replace(balances(a_balance()).file, lines=())

        with pytest.raises(NothingToImport):
            operations.submit_opening(office.session, office.act(office.chen), file=empty)


class TestReading:
    """What is asked about batches."""

    def test_newest_first_and_by_state(self, office):
        confirmed(office, submitted_opening(office, a_balance()))
        submitted_hours(office, a_service())

        assert ["B0003", "B0002", "B0001"] == [batch.number for batch in queries.batches(office.session, XFL)]
        waiting = queries.batches(office.session, XFL, state=BatchState.PENDING)
        assert [("B0003", BatchKind.HOURS)] == [(batch.number, batch.kind) for batch in waiting]

    def test_the_trail_names_no_file(self, office):
        registered(office, a_person("V0003", "史红梅", building="3号楼"))

        lines = trail.lines(office.session, XFL, wanted=TrailFilter(verb="imports."))
        file = a_register(a_person("V0003", "史红梅", building="3号楼")).file
        assert ("imports.submit_volunteers", f"file:{file.sha256[:16]}") in {
            (line.verb, line.subject) for line in lines
        }


class TestTwoCommunities:
    """architecture.md section 4: two communities in one database never see each other."""

    def test_each_counts_its_own_batches(self, office):
        submitted_opening(office, a_balance())
        another = open_the_community(office.session, "hpl", name="和平里社区")
        act = an_admin_act(community_id="hpl", person_id=UUID(another["person_id"]))

        assert () == queries.batches(office.session, "hpl")
        with pytest.raises(NoSuchBatch):
            queries.batch(office.session, "hpl", "B0002")
        assert "B0001" == operations.submit_volunteers(office.session, act, file=a_register().file)["batch"]


class TestTheDatabaseRefuses:
    """What must never be stands in the database as well."""

    @pytest.mark.parametrize(
        "columns",
        [
            {"state": "confirmed", "confirmed_by_id": "made_by_id", "confirmed_at": NOON},
            {"state": "confirmed"},
            {"state": "refused", "undone_by_id": "made_by_id", "undone_at": NOON},
            {"state": "undone"},
            {"state": "other"},
            {"kind": "other"},
            {"row_count": 0},
        ],
        ids=lambda columns: " ".join(map(str, columns.values())),
    )
    def test_a_batch_that_could_not_be(self, office, columns):
        answer = submitted_opening(office, a_balance())
        row = office.session.scalars(sa.select(ImportBatchRow).where(ImportBatchRow.number == answer["batch"])).one()
        values = {name: row.made_by_id if value == "made_by_id" else value for name, value in columns.items()}

        with pytest.raises(sa.exc.IntegrityError), office.session.begin_nested():
            office.session.execute(sa.update(ImportBatchRow).where(ImportBatchRow.id == row.id).values(values))

    def test_the_same_rows_twice(self, office):
        submitted_opening(office, a_balance())
        undone(office, submitted_opening(office, a_balance("V0002", "孟桂兰")), by=office.chen)
        first, second = office.session.scalars(
            sa.select(ImportBatchRow).where(ImportBatchRow.kind == "opening").order_by(ImportBatchRow.number)
        )
        same = {"content_key": first.content_key, "state": "pending", "undone_by_id": None, "undone_at": None}

        with pytest.raises(sa.exc.IntegrityError), office.session.begin_nested():
            office.session.execute(sa.update(ImportBatchRow).where(ImportBatchRow.id == second.id).values(same))
