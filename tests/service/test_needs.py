"""What an activity asks of those who come holds for whoever came without signing up: said in words, never silently."""

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.service.builders import (
    XFL,
    a_line,
    a_row,
    a_volunteer,
    acting,
    an_activity,
    approve,
    imported,
    person_id,
    recorded,
)
from tests.service.facts import a_service, codes_of, facts_of
from timebank.people.operations import training
from timebank.people.tables import PersonRow
from timebank.people.training_rules import NewTraining
from timebank.refusal import Refusal
from timebank.service import queries
from timebank.service.rules import Needs


def flags_of(session, record_ids):
    """The codes of what is flagged about each of these records."""
    return [[flag.code for flag in queries.record(session, XFL, one).flags] for one in record_ids]


def born(session, volunteer, born_on):
    """Note when somebody was born."""
    same = (PersonRow.community_id == XFL, PersonRow.id == person_id(volunteer))
    session.execute(sa.update(PersonRow).where(*same).values(born_on=born_on))


def learned(session, volunteer, course="急救", on=date(2026, 11, 18), *, approved=True):
    """Somebody attended a training; recorded and, unless the test says otherwise, approved."""
    new = NewTraining(course=course, organiser="红十字会", trained_on=on, minutes=120)
    told = training.record_training(session, acting("S001"), training=new, numbers=(volunteer,))
    if approved:
        ids = tuple(map(UUID, told["trainings"]))
        training.approve_trainings(session, acting("S002"), training_ids=ids)


class TestTheRules:
    """domain.md section 1.2: 条例 15 to 17, what is asked matches age and skill; on both sides of the limit."""

    @pytest.mark.parametrize(
        ("born_on", "found"), [(date(2008, 11, 20), []), (date(2008, 11, 21), ["served_too_young"])]
    )
    def test_the_age_of_that_day_counts(self, born_on, found):
        assert found == codes_of(a_service(needs=Needs(age_min=18, born_on=born_on)))

    def test_the_sentence_says_both_ages(self):
        facts = facts_of(a_service(needs=Needs(age_min=18, born_on=date(2008, 11, 21))))

        assert {"volunteer": "V0001", "activity": "HD0001", "age": 17, "age_min": 18} == facts

    def test_an_age_that_nobody_knows_is_said(self):
        assert ["served_age_unknown"] == codes_of(a_service(needs=Needs(age_min=18)))

    @pytest.mark.parametrize(("trained", "found"), [(True, []), (False, ["served_untrained"])])
    def test_the_training_counts(self, trained, found):
        assert found == codes_of(a_service(needs=Needs(course="急救", trained=trained)))

    def test_what_asks_for_nothing_finds_nothing(self):
        assert [] == codes_of(a_service(needs=Needs()))


@pytest.mark.usefixtures("community")
class TestWhoeverCame:
    """trust.md X8: at the door, on a sheet, in a file; the checks are the same ones."""

    def test_is_flagged_on_a_sheet_for_what_they_miss(self, session):
        activity = an_activity(session, course="急救", age_min=18)
        born(session, "V0001", date(1960, 1, 1))
        learned(session, "V0001")
        born(session, "V0002", date(2015, 1, 1))

        ids = recorded(session, *map(a_line, ("V0001", "V0002", "V0003")), activity=activity)

        missed = [["served_too_young", "served_untrained"], ["served_age_unknown", "served_untrained"]]
        assert [[], *missed] == flags_of(session, ids)

    def test_is_flagged_in_a_file(self, session):
        activity = an_activity(session, age_min=18)
        row = a_row(starts="2026-11-20 09:00", activity_number=activity, service_class="cleaning")

        assert [["served_age_unknown"]] == flags_of(session, imported(session, row))

    def test_is_not_posted_before_somebody_says_why(self, session):
        ids = recorded(session, activity=an_activity(session, course="急救"))

        with pytest.raises(Refusal) as refused:
            approve(session, *ids)

        assert "served_untrained" == refused.value.code
        assert 1 == approve(session, *ids, answer="在护士身边递水")["approved"]

    @pytest.mark.parametrize(
        ("fields", "found"),
        [
            ({}, []),
            ({"on": date(2026, 11, 20)}, []),
            ({"on": date(2026, 11, 21)}, ["served_untrained"]),
            ({"course": "消防"}, ["served_untrained"]),
            ({"approved": False}, ["served_untrained"]),
        ],
    )
    def test_a_training_counts_from_its_day_on_once_approved(self, session, fields, found):
        activity = an_activity(session, course="急救")
        learned(session, "V0001", **fields)

        assert [found] == flags_of(session, recorded(session, activity=activity))

    def test_an_activity_that_asks_for_nothing_finds_nothing(self, session):
        assert [[]] == flags_of(session, recorded(session))

    def test_of_a_group_nobody_knows_who_came(self, session):
        a_volunteer(session, "TD0001")
        activity = an_activity(session, course="急救", age_min=18)

        assert [[]] == flags_of(session, recorded(session, a_line("TD0001"), activity=activity))
