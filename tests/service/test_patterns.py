"""What is flagged because days of service seldom look like it; each limit on both sides."""

import pytest

from tests.service.facts import a_service, an_opening, around, codes, codes_of, shown, typed
from timebank.rulebook.rules import SourceClass

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

    def test_those_of_one_sheet_count_together(self):
        services = [a_service(volunteer=f"V{place}", person_id=place) for place in range(31)]

        assert [[]] * 29 + [["many_alike"]] * 2 == codes(*services)

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
