"""The people and the goods of the demo: invented, and shaped as real ones are."""

from datetime import date

from timebank.demo.cast import GUARDIAN, MINOR, PAPER_ONLY, members
from timebank.demo.dice import Dice
from timebank.demo.goods import PARTNERS, articles
from timebank.market.barcodes import is_barcode
from timebank.people.identity import find_identity_fault
from timebank.people.rules import age_on

TODAY = date(2026, 11, 23)
EVERYBODY = members(62)


def _named(name):
    return [one for one in EVERYBODY if one.name == name]


class TestTheMembers:
    """experience.md section 6: 62 people, two of one name, rare characters, a minor, somebody with paper only."""

    def test_are_62_from_16_to_86(self):
        ages = [age_on(one.born_on(TODAY), TODAY) for one in EVERYBODY]

        assert 62 == len(EVERYBODY)
        assert (16, 86) == (min(ages), max(ages))
        assert [one.age for one in EVERYBODY] == ages

    def test_begin_with_the_one_as_whom_a_visitor_enters(self):
        assert "王秀英" == EVERYBODY[0].name

    def test_have_a_name_twice_in_different_buildings(self):
        one, other = _named("王秀英")

        assert one.building != other.building

    def test_have_names_that_fonts_and_searches_stumble_over(self):
        assert all(_named(name) for name in ("㛃彧", "刘䶮", "阿依古丽·买买提", "欧阳德明"))

    def test_have_a_minor_who_lives_with_her_guardian(self):
        (minor,), (guardian,) = _named(MINOR), _named(GUARDIAN)

        assert minor.is_minor
        assert (guardian.building, guardian.household) == (minor.building, minor.household)

    def test_have_one_without_a_phone(self):
        assert [PAPER_ONLY] == [one.name for one in EVERYBODY if one.phone is None]

    def test_have_identity_numbers_of_a_region_that_does_not_exist(self):
        numbers = [one.identity_number(TODAY) for one in EVERYBODY]

        assert {"990000"} == {number[:6] for number in numbers}
        assert {None} == {find_identity_fault(number) for number in numbers}
        assert 62 == len(set(numbers))

    def test_live_in_all_27_staircases(self):
        assert 27 == len({(one.building, one.unit) for one in EVERYBODY})


class TestTheGoods:
    """experience.md section 6: codes with the right check digit, of a prefix that belongs to no brand."""

    def test_are_40_of_11_partners(self):
        assert 40 == len(articles())
        assert set(PARTNERS) == {article.partner for article in articles()}
        assert 11 == len(PARTNERS)

    def test_have_in_house_codes_that_scan(self):
        codes = [article.barcode for article in articles()]

        assert all(map(is_barcode, codes))
        assert {"20"} == {code[:2] for code in codes}
        assert 40 == len(set(codes))


class TestTheDice:
    """experience.md section 6: deterministic; nothing of the demo is chance."""

    def test_fall_the_same_for_the_same_seed(self):
        one, other = Dice("a"), Dice("a")

        assert [one.below(6) for _ in range(20)] == [other.below(6) for _ in range(20)]

    def test_pick_nothing_that_has_no_weight(self):
        dice = Dice("a")

        assert {"b"} == {dice.pick(["a", "b", "c"], [0, 1, 0]) for _ in range(20)}

    def test_draw_different_items_in_their_order(self):
        drawn = Dice("a").sample(list("abcdefgh"), [1] * 8, 5)

        assert 5 == len(set(drawn))
        assert sorted(drawn) == drawn

    def test_draw_all_there_are_where_more_are_wanted(self):
        assert ["a", "b"] == Dice("a").sample(["a", "b"], [1, 1], 9)
