"""A named helper confirms and denies for whom they help: both names stand on the act, until the last day."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.service.builders import XFL, a_coordinator, a_volunteer, acting, approve, recorded
from tests.service.confirmations import MONDAY, open_with, refused, rules, state_of
from timebank.books.statements import entries_of_source
from timebank.books.tables import TrailRow
from timebank.people.operations import helping
from timebank.people.queries.helping import authority
from timebank.service import operations, queries
from timebank.service.queries.records import source_for
from timebank.service.rules import RecordState

MOTHER, DAUGHTER = "V0001", "V0002"


@pytest.fixture(autouse=True)
def named(session):
    """V0002 may act for V0001 until in ten days."""
    open_with(session, rules())
    until_on = MONDAY + timedelta(days=10)
    helping.name_helper(session, acting(), number=MOTHER, helper_number=DAUGHTER, relation="女儿", until_on=until_on)


def _checked(session):
    [record_id] = recorded(session)
    approve(session, record_id)
    return record_id


def _confirm(session, record_id, *, by=DAUGHTER, behalf=MOTHER, days=1):
    act = acting(by, on_behalf_of=behalf, at=NOON + timedelta(days=days))
    return operations.confirm_record(session, act, record_id=record_id)


class TestANamedHelper:
    """domain.md section 3, V9: a named, dated authority; every act shows both."""

    def test_confirms_and_both_names_stand_on_it(self, session):
        record_id = _checked(session)

        assert 1 == _confirm(session, record_id)["posted"]

        [[said]] = queries.answers_to(session, XFL, [record_id]).values()
        by = authority(session, XFL, helper_number=said.answerer, number=MOTHER, on=MONDAY)
        assert by is not None
        assert (DAUGHTER, "女儿", MONDAY) == (said.answerer, by.relation, by.named_on)
        facts = session.scalar(sa.select(TrailRow.facts).where(TrailRow.verb == "service.confirm_record"))
        assert f'"on_behalf_of": "{MOTHER}"' in facts

    def test_the_entry_stays_the_approvers_alone(self, session):
        record_id = _checked(session)
        _confirm(session, record_id)

        [entry] = entries_of_source(session, XFL, [source_for(record_id)])

        assert ("S002", None) == (entry.actor, entry.on_behalf_of)

    def test_denies_and_opens_the_case_of_whom_they_help(self, session):
        record_id = _checked(session)
        act = acting(DAUGHTER, on_behalf_of=MOTHER)

        told = operations.deny_record(session, act, record_id=record_id, reason="那天在医院")

        [case] = queries.objections_open(session, XFL)
        assert (told["objection"], MOTHER) == (case.number, case.volunteer_number)

    def test_says_for_whom(self, session):
        refused("not_allowed", _confirm, session, _checked(session), behalf=None)

    def test_is_nobody_after_the_last_day(self, session):
        record_id = _checked(session)

        refused("not_allowed", _confirm, session, record_id, days=11)
        assert RecordState.CHECKED is state_of(session, record_id)

    def test_is_nobody_once_it_was_ended(self, session):
        record_id = _checked(session)
        helping.end_helper(session, acting(), number=MOTHER, helper_number=DAUGHTER)

        refused("not_allowed", _confirm, session, record_id)

    def test_cannot_name_one_person_and_answer_for_another(self, session):
        refused("no_such_record", _confirm, session, _checked(session), behalf="V0009")

    def test_who_recorded_the_hours_does_not_confirm_them_as_a_helper(self, session):
        a_coordinator(session, "S004")
        a_volunteer(session, "V0004", staff_number="S004")
        until_on = MONDAY + timedelta(days=10)
        helping.name_helper(session, acting(), number=MOTHER, helper_number="V0004", relation="儿子", until_on=until_on)
        [record_id] = recorded(session)
        approve(session, record_id, by="S004")

        refused("desk_not_apart", _confirm, session, record_id, by="S004")

    def test_answers_once_for_the_same_side(self, session):
        record_id = _checked(session)
        operations.confirm_record(session, acting(MOTHER), record_id=record_id)

        refused("answered_already", _confirm, session, record_id, days=0)
