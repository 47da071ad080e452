"""What other rules would have paid, and whether everything paid is what its own rules say."""

import json
from datetime import timedelta

import pytest

from tests.books.builders import SERVICE, recognised
from tests.builders import NOON
from tests.people.builders import a_volunteer, acting_as
from tests.rulebook.builders import a_document, a_document_with_class
from timebank.books import journal
from timebank.ledger.accounts import AccountKind, AccountRef, system
from timebank.ledger.days import day_of
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.rulebook.rules import (
    RuleDocumentInvalid,
    ServiceInputs,
    SourceClass,
    as_json,
    blocks_of,
    document_of,
    filled_in,
    inputs_as_facts,
    ordinary_document,
    points_for,
)
from timebank.rulebook.simulation import Recount, differences, simulate

TODAY = day_of(NOON)


def served(session, approver, number, *, days_ago=1, service_class="tutoring", minutes=60, points_e2=None):
    """Book one service of a volunteer as an approval does; return its entry's number."""
    inputs = ServiceInputs(minutes, service_class, None, 0, SourceClass.SHEET)
    paid = points_for(ordinary_document(), inputs) if points_e2 is None else points_e2
    passbook = AccountRef(AccountKind.PASSBOOK, number, "points")
    issued = (Transfer(system(AccountKind.ISSUANCE, "points"), passbook, paid),) if paid else ()
    draft = Draft(
        kind=EntryKind.SERVICE_APPROVED,
        effective_on=TODAY,
        served_on=TODAY - timedelta(days=days_ago),
        transfers=(Transfer(SERVICE, recognised(number), minutes), *issued),
        rule_version=2,
        facts=inputs_as_facts(inputs),
    )
    return journal.post(session, acting_as(approver), draft).seq


def simulated(session, document):
    """Simulate the twelve months up to today."""
    return simulate(session, "xfl", document, last_on=TODAY)


class TestSimulating:
    """What would this version have paid for the last twelve months? The books are only read."""

    def test_adds_up_by_class_area_and_person(self, session, coordinator):
        number = a_volunteer(session).number
        served(session, coordinator, number)
        served(session, coordinator, number, service_class="patrol", minutes=30)

        found = simulated(session, a_document_with_class(150, "tutoring"))

        assert (2, 90, 1500, 2000) == (
            found.total.records,
            found.total.minutes,
            found.total.paid_e2,
            found.total.would_pay_e2,
        )
        assert [("tutoring", 500), ("patrol", 0)] == [(name, one.difference_e2) for name, one in found.by_class]
        assert [(number, 500)] == [(name, one.difference_e2) for name, one in found.by_person]
        assert 1 == len(found.by_area)

    def test_rounds_each_service_once_half_up(self, session, coordinator):
        number = a_volunteer(session).number
        for _ in range(52):
            served(session, coordinator, number, minutes=45, points_e2=0)

        found = simulated(session, a_document(points_e2_per_hour=100))

        assert 3900 == found.total.would_pay_e2

    @pytest.mark.parametrize(("days_ago", "counted"), [(0, 1), (364, 1), (365, 0)])
    def test_looks_at_twelve_months(self, session, coordinator, days_ago, counted):
        served(session, coordinator, a_volunteer(session).number, days_ago=days_ago)

        assert counted == simulated(session, ordinary_document()).total.records

    def test_leaves_out_what_was_taken_back(self, session, coordinator):
        number = a_volunteer(session).number
        seq = served(session, coordinator, number)
        journal.reverse(session, acting_as(coordinator), seq=seq, reason="登记有误")

        found = simulated(session, ordinary_document())

        assert 0 == found.total.records
        assert () == found.by_person

    def test_says_which_classes_would_earn_nothing(self, session, coordinator):
        served(session, coordinator, a_volunteer(session).number)
        without = tuple(one for one in ordinary_document().service_classes if one.code != "tutoring")

        found = simulated(session, a_document(service_classes=without))

        assert ("tutoring",) == found.unknown_classes
        assert 0 == found.total.would_pay_e2


class TestRecomputing:
    """Every posting is what its own rule version says of its own inputs."""

    def test_finds_nothing_where_all_agree(self, session, coordinator):
        served(session, coordinator, a_volunteer(session).number)
        recount = Recount()

        assert [] == list(differences(session, "xfl", recount))
        assert 1 == recount.services

    def test_names_the_entry_that_paid_something_else(self, session, coordinator):
        seq = served(session, coordinator, a_volunteer(session).number, points_e2=1001)

        (found,) = differences(session, "xfl", Recount())

        assert seq == found.seq
        assert found.recomputed is not None
        assert (1001, 1000) == (found.recomputed.points_e2, found.recomputed.points_due_e2)

    def test_reports_what_cannot_be_computed(self, session, coordinator):
        served(session, coordinator, a_volunteer(session).number, service_class="unheard_of", points_e2=0)

        (found,) = differences(session, "xfl", Recount())

        assert found.recomputed is None


class TestFillingIn:
    """The form of the rules follows from the declared values, and leads back to the same document."""

    def test_a_form_that_nobody_touched_is_the_same_document(self):
        assert ordinary_document() == document_of(filled_in(the_form()))

    def test_every_value_of_the_document_is_on_it(self):
        paths = set(the_form())

        assert "limits.hold_hours" in paths
        assert "ladders[1].steps[4].minutes" in paths
        assert set(json.loads(as_json(ordinary_document()))) == {path.split(".")[0].split("[")[0] for path in paths} | {
            "schema"
        }

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("limits.hold_hours", "zwei"),
            ("limits.hold_hours", "721"),
            ("limits.night_from", "22"),
            ("rating_percents", "60 80"),
            ("ladders[0].steps[1].minutes", "6000"),
            ("working_years[0].days_off", "2025-1-1"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_path(self, path, text):
        with pytest.raises(RuleDocumentInvalid) as refused:
            document_of(filled_in(the_form() | {path: text}))

        assert str(refused.value.facts["path"]).startswith(path)

    def test_an_empty_limit_is_switched_off(self):
        document = document_of(filled_in(the_form() | {"limits.redemptions_per_month_max": ""}))

        assert document.limits.redemptions_per_month_max is None


def the_form():
    """What stands on the form of the ordinary rules."""
    rows = [row for block in blocks_of(ordinary_document()) for row in block.rows]
    return {field.path: field.text for row in rows for field in row}
