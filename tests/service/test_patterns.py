"""What is flagged because days of service seldom look like it; each limit on both sides."""

import pytest

from tests.service.builders import moment
from tests.service.facts import (
    ORDINARY,
    a_service,
    a_span,
    an_opening,
    around,
    codes,
    codes_of,
    shown,
    typed,
    with_patterns,
)
from timebank.rulebook.rules import SourceClass
from timebank.service.rules import CHECKS, ActivityFacts, ActivityState, check_records

SCAN = SourceClass.STAFF_SCAN


class TestWhatCodesAndCardsShow:
    """trust.md X3: a check-in without a check-out, more than was shown, a crowd at one phone."""

    def test_a_forgotten_check_out_waits_for_a_word(self):
        assert ["no_check_out"] == codes_of(a_service(source_class=SCAN, attended=shown(forgotten=True)))

    def test_a_sheet_beside_a_forgotten_check_out_says_it_already(self):
        assert [] == codes_of(a_service(attended=shown(forgotten=True)))

    @pytest.mark.parametrize(("minutes", "found"), [(61, ["more_than_attended"]), (60, []), (59, [])])
    def test_more_than_was_shown_waits_for_a_word(self, minutes, found):
        assert found == codes_of(a_service(minutes=minutes, attended=shown(60)))

    @pytest.mark.parametrize(("people", "found"), [(29, []), (30, ["one_device"])])
    def test_thirty_people_at_one_phone_wait_for_a_word(self, people, found):
        assert found == codes_of(a_service(source_class=SCAN, attended=shown(on_device=people)))


class TestWhatOneRecorderTypes:
    """trust.md T4, X5: the same hours for a crowd, and sums that splitting does not lower."""

    @pytest.mark.parametrize(("before", "found"), [(28, []), (29, ["many_alike"])])
    def test_the_thirtieth_of_the_same_hour_waits_for_a_word(self, before, found):
        assert found == codes_of(a_service(), around(typed=typed(alike=before)))

    def test_those_of_one_sheet_that_nobody_approved_beforehand_count_each(self):
        assert [[]] * 29 + [["many_alike"]] * 2 == codes(*a_sheet(31, approved=None))
        late = ["activity_approved_late"]
        assert [late] * 29 + [[*late, "many_alike"]] * 2 == codes(*a_sheet(31, approved="2026-11-20 09:01"))

    def test_a_sheet_served_as_it_was_approved_counts_once_whatever_its_length(self):
        assert [[]] * 100 == codes(*a_sheet(100))
        assert [[]] * 60 == codes(*a_sheet(30), *a_sheet(30, activity="HD0002"))

    def test_a_planned_sheet_is_the_thirtieth_of_its_kind_as_a_whole(self):
        assert [["many_alike"]] * 3 == codes(*a_sheet(3), beside=around(typed=typed(alike=29)))
        assert [[]] * 3 == codes(*a_sheet(3), beside=around(typed=typed(alike=28)))

    def test_longer_than_planned_counts_each(self):
        assert [[]] * 29 + [["many_alike"]] == codes(*a_sheet(30, planned_minutes=59))

    def test_the_same_hour_of_another_day_is_alike_and_another_hour_is_not(self):
        day_before = a_service("2026-11-19 09:00")

        assert ["many_alike"] == codes_of(day_before, around(typed=typed(alike=29)))
        assert [] == codes_of(a_service("2026-11-20 09:01"), around(typed=typed(alike=29)))
        assert [] == codes_of(a_service(minutes=61), around(typed=typed(alike=29)))

    @pytest.mark.parametrize(
        ("changes", "service", "code"),
        [
            ({"alike_records": 4}, {"typed": typed(alike=3)}, "many_alike"),
            ({"recorder_minutes": 119}, {"typed": typed(week=60)}, "recorder_types_much"),
            ({"pair_minutes": 119}, {"typed": typed(pair=60)}, "pair_types_much"),
        ],
    )
    def test_each_community_sets_its_own_limits(self, changes, service, code):
        assert [code] == codes_of(a_service(rules=with_patterns(**changes)), around(**service))
        assert [] == codes_of(a_service(), around(**service))

    def test_and_for_phones(self):
        crowd = shown(on_device=5)

        found = codes_of(a_service(source_class=SCAN, attended=crowd, rules=with_patterns(device_people=5)))
        assert ["one_device"] == found

    def test_what_a_card_has_shown_is_not_typed(self):
        assert [] == codes_of(a_service(source_class=SCAN), around(typed=typed(alike=100, week=10**6, pair=10**6)))

    def test_what_is_brought_from_the_time_before_is_not_typed_day_by_day(self):
        assert [] == codes_of(an_opening(), around(typed=typed(week=10**6, pair=10**6)))

    @pytest.mark.parametrize(("before", "found"), [(499 * 60, []), (499 * 60 + 1, ["recorder_types_much"])])
    def test_five_hundred_hours_a_week_are_much(self, before, found):
        assert found == codes_of(a_service(), around(typed=typed(week=before)))

    @pytest.mark.parametrize(("before", "found"), [(19 * 60, []), (19 * 60 + 1, ["pair_types_much"])])
    def test_twenty_hours_a_week_for_one_volunteer_are_much(self, before, found):
        assert found == codes_of(a_service(), around(typed=typed(pair=before)))

    def test_twenty_hours_in_pieces_are_as_much(self):
        days = [f"2026-11-{day} 13:00" for day in (16, 17, 18, 19, 20)]
        moments = [(day, 240) for day in days] + [("2026-11-20 20:00", 15)]
        services = [a_service(*when, activity_number=f"HD{place}") for place, when in enumerate(moments)]

        assert [[]] * 5 + [["pair_types_much"]] == codes(*services)


def a_sheet(people, *, approved="2026-11-19 18:00", planned_minutes=60, activity="HD0001"):
    """One sheet of an activity: so many people, each for the hour from nine."""
    at = None if approved is None else moment(approved)
    facts = ActivityFacts(activity, ActivityState.APPROVED, a_span(minutes=planned_minutes), at)
    return [
        a_service(
            volunteer=f"{activity} {place}", person_id=(activity, place), activity_number=activity, activity=facts
        )
        for place in range(people)
    ]


class TestTheTableOfChecks:
    """Whoever reads a flag years later knows which check found it, in which version."""

    def test_every_check_has_a_code_of_its_own_and_a_version(self):
        assert len(CHECKS) == len({check.refusal.code for check in CHECKS})
        assert {1, 2} == {check.version for check in CHECKS}

    def test_what_is_found_carries_the_version(self):
        [[found]] = check_records([a_service()], around(typed=typed(alike=29)))

        assert ("many_alike", 2) == (found.code, found.version)

    def test_every_limit_is_named_in_the_rules(self):
        named = {word for check in CHECKS if check.source.startswith("rulebook: ") for word in _names(check.source)}

        groups = (ORDINARY, ORDINARY.limits, ORDINARY.patterns, ORDINARY.confirmation)
        assert set() == named - {field for group in groups for field in group.__slots__}


def _names(source):
    return source.removeprefix("rulebook: ").partition(";")[0].split(", ")
