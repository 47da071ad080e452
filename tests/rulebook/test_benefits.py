"""What a star does besides points: who comes first, which goods ask for a star, in numbers and in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.rulebook.builders import a_document, a_text, refusal_of
from timebank.rulebook.rules import LevelGood, StarBenefits, benefits_in_words, in_words, opens_at_for, problems

HOUR = timedelta(hours=1)
RICE = LevelGood("G0003", "大米", level=2, scarce=True)
SOAP = LevelGood("G0001", "香皂", level=1, scarce=False)
BENEFITS = StarBenefits(early_hours=(0, 0, 12, 24, 24, 48), level_goods=(RICE, SOAP))


class TestWhoComesFirst:
    """Higher stars come first; nobody waits where nobody could come before the end."""

    @pytest.mark.parametrize(("level", "waits"), [(0, 48), (1, 48), (2, 36), (3, 24), (4, 24), (5, 0)])
    def test_in_the_order_of_the_stars(self, level, waits):
        assert NOON + waits * HOUR == opens_at_for(BENEFITS, level, NOON)

    @pytest.mark.parametrize(("left", "waits"), [(95, 0), (96, 48)])
    def test_nobody_waits_for_what_is_over_soon(self, left, waits):
        assert NOON + waits * HOUR == opens_at_for(BENEFITS, 0, NOON, NOON + left * HOUR)

    def test_without_hours_nobody_waits(self):
        assert NOON == opens_at_for(a_document().benefits, 0, NOON)


class TestInWords:
    """Seen by the volunteer: what the star does, one sentence each; and all of it on the page of rules."""

    @pytest.fixture
    def document(self):
        """Rules in which stars do something."""
        return replace(a_document(benefits=BENEFITS), level_percents=(100, 100, 110, 120, 130, 150))

    def test_of_the_star_held(self, document):
        assert (
            "以后服务的积分按110%计。",
            "限名额的活动和紧俏物品，您比没有星级的早12小时。",
            "您可以兑换要求星级的物品：大米、香皂。",
            "星级不会因为兑换积分而降低。",
        ) == benefits_in_words(document, 2)

    def test_of_no_star(self, document):
        assert ("以后服务的积分按100%计。", "星级不会因为兑换积分而降低。") == benefits_in_words(document, 0)

    def test_on_the_page_of_rules(self, document):
        (section,) = (one for one in in_words(document) if one.title == "星级有什么用")

        assert "二星志愿者：限名额的活动和紧俏物品，比没有星级的早12小时。" in section.lines
        assert "大米：二星以上才能兑换。" in section.lines
        assert "大米：新到货时按星级先后开放。" in section.lines

    def test_where_stars_do_nothing_it_is_said(self):
        (section,) = (one for one in in_words(a_document()) if one.title == "星级有什么用")

        assert section.lines[0] == "报名和兑换不分星级先后。"


class TestBadDocuments:
    """What cannot be meant is refused with its place."""

    @pytest.mark.parametrize(
        ("hours", "refusal"),
        [
            ([0, 0, 0, 0, 0], problems.WrongLength),
            ([0, 0, 0, 0, 0, -1], problems.OutOfRange),
            ([0, 0, 0, 0, 0, 721], problems.OutOfRange),
            ([0, 0, 0, 0, 0, "1"], problems.NotAWholeNumber),
        ],
    )
    def test_hours_that_cannot_be(self, hours, refusal):
        found = refusal_of(a_text("benefits", "early_hours", value=hours))

        assert refusal is type(found)
        assert str(found.facts["path"]).startswith("benefits.early_hours")

    def test_a_star_that_there_is_not(self):
        good = {"good": "G0003", "name": "大米", "level": 6, "scarce": False}

        found = refusal_of(a_text("benefits", "level_goods", value=[good]))

        assert (problems.OutOfRange, "benefits.level_goods[0].level") == (type(found), found.facts["path"])

    def test_a_good_is_named_once(self):
        good = {"good": "G0003", "name": "大米", "level": 1, "scarce": False}

        assert problems.ListedTwice is type(refusal_of(a_text("benefits", "level_goods", value=[good, good])))
