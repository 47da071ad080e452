"""What happens in the demo, before it is played: decided by the seed and the day alone."""

from collections import Counter
from datetime import date, timedelta

import pytest

from timebank.demo.diary import DAYS, FULL, SMALL
from timebank.demo.operations import SEED, plot
from timebank.demo.service_scenes import Approve, Propose, Record
from timebank.demo.shop_scenes import Serve, TakeBack, TurnAway
from timebank.ledger.days import day_of
from timebank.rulebook.rules import ordinary_document

MONDAY = date(2026, 11, 23)
DAYS_OF_ALL_KINDS = (
    MONDAY,
    date(2026, 12, 1),
    date(2026, 12, 6),
    date(2027, 1, 2),
    date(2027, 3, 1),
    date(2028, 3, 2),
)
"""A Monday, a first of the month, a Sunday, the days after a year and after a February of 28 and of 29 days."""


def _baskets(scenes):
    return [scene for scene in scenes if type(scene) is Serve]


class TestThePlot:
    """experience.md section 6: deterministic, relative to today, Sunday closed, sums that look human."""

    def test_is_the_same_for_the_same_seed_and_day(self):
        assert plot(MONDAY, SEED, SMALL) == plot(MONDAY, SEED, SMALL)

    def test_is_another_for_another_seed(self):
        assert plot(MONDAY, "2", SMALL) != plot(MONDAY, SEED, SMALL)

    @pytest.mark.parametrize("today", DAYS_OF_ALL_KINDS, ids=str)
    def test_takes_place_in_the_five_weeks_before_today(self, today):
        days = [day_of(scene.at) for scene in plot(today, SEED, FULL)]

        assert today - timedelta(days=DAYS) == days[0]
        assert today > days[-1] >= today - timedelta(days=2)
        assert sorted(days) == days

    @pytest.mark.parametrize("today", DAYS_OF_ALL_KINDS, ids=str)
    def test_has_as_much_as_it_should_whatever_the_day(self, today):
        scenes = plot(today, SEED, FULL)

        proposed = [scene.occasion for scene in scenes if isinstance(scene, Propose)]
        approved = sum(len(scene.attendances) for scene in scenes if type(scene) is Approve)

        assert 27 == sum(day_of(occasion.starts_at) < today for occasion in proposed)
        assert 4 == sum(day_of(occasion.starts_at) > today for occasion in proposed)
        assert 6 == len(_waiting(scenes))
        assert 400 <= approved <= 460
        assert 135 <= len(_baskets(scenes)) <= 150
        assert 2 == sum(isinstance(scene, TakeBack) for scene in scenes)
        assert 1 == sum(isinstance(scene, TurnAway) for scene in scenes)

    @pytest.mark.parametrize("today", DAYS_OF_ALL_KINDS, ids=str)
    def test_keeps_the_shop_closed_on_sundays(self, today):
        weekdays = {day_of(basket.at).weekday() for basket in _baskets(plot(today, SEED, FULL))}

        assert weekdays <= {0, 1, 2, 3, 4, 5}

    @pytest.mark.parametrize("today", DAYS_OF_ALL_KINDS, ids=str)
    def test_lets_nobody_redeem_more_often_than_the_rule_allows(self, today):
        visits = Counter((basket.volunteer, day_of(basket.at).month) for basket in _baskets(plot(today, SEED, FULL)))

        assert ordinary_document().limits.redemptions_per_month_max == max(visits.values())
        assert 2 <= len({month for _volunteer, month in visits})


def _waiting(scenes):
    decided = {scene.label for scene in scenes if type(scene) is Approve}
    return [scene for scene in scenes if isinstance(scene, Record) and scene.label not in decided]
