"""Goods: put on the list, changed, found by number and bar code."""

import pytest
import sqlalchemy as sa

from tests.market.builders import XFL, a_good, a_new_good, codes, reasons
from tests.people import builders as people
from timebank.market import queries
from timebank.market.barcodes import is_barcode
from timebank.market.operations import GoodsRefused, add_goods, change_good
from timebank.market.queries import Good, UnknownBarcode
from timebank.market.rules import MONTH_MAX_HIGHEST, UnknownGood
from timebank.market.tables import GoodRow
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role

SOAP = "6901234567892"
UPC = "036000291452"


def add(shop, *goods, by=None, **act):
    return add_goods(shop.session, shop.act(by or shop.coordinator, **act), goods=goods)["numbers"]


def change(shop, number, by=None, active=True, **changes):
    act = shop.act(by or shop.coordinator)
    change_good(shop.session, act, good_number=number, good=a_new_good(**changes), active=active)


class TestAddingGoods:
    """S3: each good has a number of its own, a bar code that no other has, a word for one piece."""

    def test_they_get_numbers_in_order(self, shop):
        assert ["G0001", "G0002"] == add(shop, a_new_good(barcode=SOAP), a_new_good(name="牙膏"))
        assert ["G0003"] == add(shop, a_new_good(name="大米5kg", unit_word="袋"))

    def test_they_are_kept_as_they_were_given(self, shop):
        add(shop, a_new_good(barcode=SOAP, name=" 香皂 ", unit_word="块", month_pieces_max=2))

        expected = Good(
            number="G0001",
            barcode=SOAP,
            name="香皂",
            unit_word="块",
            month_pieces_max=2,
            household_pieces_max=None,
            active=True,
        )
        assert expected == queries.good(shop.session, XFL, "G0001")

    def test_a_good_without_a_code_gets_an_in_house_one_that_scans(self, shop):
        add(shop, a_new_good())

        code = queries.good(shop.session, XFL, "G0001").barcode
        assert ("2900000000018", True) == (code, is_barcode(code))

    def test_a_upc_code_and_the_same_with_a_zero_are_one_good(self, shop):
        add(shop, a_new_good(barcode=UPC))

        found = [queries.find_good_by_barcode(shop.session, XFL, code) for code in (UPC, f"0{UPC}")]
        assert ["G0001", "G0001"] == [good.number for good in found if good]
        with pytest.raises(GoodsRefused):
            add(shop, a_new_good(barcode=f"0{UPC}"))

    def test_nothing_to_add_adds_nothing(self, shop):
        assert [] == add(shop)

    def test_every_wrong_line_is_named_and_none_is_added(self, shop):
        add(shop, a_new_good(barcode=SOAP))

        with pytest.raises(GoodsRefused) as refused:
            add(
                shop,
                a_new_good(),
                a_new_good(barcode=SOAP),
                a_new_good(barcode="6901234567893", name="", month_pieces_max=0),
                a_new_good(barcode=UPC),
                a_new_good(barcode=UPC),
            )

        assert [
            (2, "barcode_taken"),
            (3, "market_text"),
            (3, "month_limit_out_of_range"),
            (3, "barcode_wrong"),
            (4, "barcode_taken"),
            (5, "barcode_taken"),
        ] == [(problem["line"], problem["code"]) for problem in reasons(refused.value)]
        assert 1 == len(queries.goods(shop.session, XFL))

    @pytest.mark.parametrize(
        ("field", "inside", "outside"),
        [
            ("name", "香" * 100, "香" * 101),
            ("name", "香", " "),
            ("name", "龘𠮷·", "\u200b"),
            ("unit_word", "块" * 8, "块" * 9),
            ("unit_word", "块", ""),
            ("month_pieces_max", 1, 0),
            ("month_pieces_max", None, -1),
            ("month_pieces_max", MONTH_MAX_HIGHEST, MONTH_MAX_HIGHEST + 1),
        ],
    )
    def test_each_bound_on_both_sides(self, shop, field, inside, outside):
        add(shop, a_new_good(**{field: inside}))

        with pytest.raises(GoodsRefused):
            add(shop, a_new_good(**{field: outside}))

    def test_pressed_twice_adds_once(self, shop):
        answers = [add(shop, a_new_good(), request_key="the-same-key") for _time in range(2)]

        assert [["G0001"], ["G0001"]] == answers
        assert 1 == len(queries.goods(shop.session, XFL))

    def test_an_auditor_adds_nothing(self, shop):
        with pytest.raises(NotAllowed):
            add(shop, a_new_good(), by=people.a_staff_member(shop.session, Role.AUDITOR))


class TestChangingAGood:
    """What is fixed about a good may be corrected; what was handed out keeps what it was."""

    def test_name_limit_and_code_change(self, shop):
        number = a_good(shop)

        change(shop, number, barcode=SOAP, name="硫磺香皂", month_pieces_max=3)

        assert Good(number, SOAP, "硫磺香皂", "块", 3, None, active=True) == queries.good(shop.session, XFL, number)

    def test_no_code_keeps_the_one_it_has(self, shop):
        number = a_good(shop, barcode=SOAP)

        change(shop, number, barcode=None, name="硫磺香皂")

        assert SOAP == queries.good(shop.session, XFL, number).barcode

    def test_its_own_code_may_be_named_again(self, shop):
        number = a_good(shop, barcode=SOAP)

        change(shop, number, barcode=SOAP, name="硫磺香皂")

        assert "硫磺香皂" == queries.good(shop.session, XFL, number).name

    def test_the_code_of_another_is_refused(self, shop):
        a_good(shop, barcode=SOAP)
        other = a_good(shop)

        with pytest.raises(GoodsRefused) as refused:
            change(shop, other, barcode=SOAP)

        assert ["barcode_taken"] == codes(refused.value)

    def test_what_is_wrong_is_refused_though_the_code_stays(self, shop):
        number = a_good(shop)

        with pytest.raises(GoodsRefused) as refused:
            change(shop, number, name="")

        assert ["market_text"] == codes(refused.value)

    def test_a_good_off_the_list_is_not_on_sale_and_can_come_back(self, shop):
        number = a_good(shop)
        change(shop, number, active=False)
        assert () == queries.goods_on_sale(shop.session, XFL, shop.act().at)

        change(shop, number, active=True)

        assert [number] == [item.good.number for item in queries.goods_on_sale(shop.session, XFL, shop.act().at)]

    def test_an_unknown_good_is_refused(self, shop):
        with pytest.raises(UnknownGood):
            change(shop, "G0404")

    def test_a_clerk_changes_nothing(self, shop):
        number = a_good(shop)

        with pytest.raises(NotAllowed):
            change(shop, number, by=shop.clerk, month_pieces_max=99)


class TestFindingGoods:
    """experience.md 0.2: an unknown code is answered with its digits, and the basket stays as it is."""

    def test_an_unknown_code_is_named(self, shop):
        with pytest.raises(UnknownBarcode) as refused:
            queries.good_by_barcode(shop.session, XFL, SOAP)

        assert {"barcode": SOAP} == refused.value.facts

    def test_a_known_code_is_found(self, shop):
        number = a_good(shop, barcode=SOAP)

        assert number == queries.good_by_barcode(shop.session, XFL, SOAP).number

    def test_many_codes_at_once_in_the_form_in_which_they_were_asked(self, shop):
        add(shop, a_new_good(barcode=UPC), a_new_good(barcode=SOAP))

        found = queries.goods_by_barcode(shop.session, XFL, [UPC, SOAP, "96385074"])

        assert {UPC: "G0001", SOAP: "G0002"} == {code: good.number for code, good in found.items()}

    def test_the_ten_thousandth_good_comes_after_the_one_before(self, shop):
        shop.session.execute(
            sa.insert(GoodRow),
            [
                {
                    "community_id": XFL,
                    "number": number,
                    "barcode": code,
                    "name": "香皂",
                    "unit_word": "块",
                    "month_pieces_max": None,
                    "active": True,
                }
                for number, code in (("G9999", SOAP), ("G10000", UPC))
            ],
        )

        assert ["G10001"] == add(shop, a_new_good())
        assert ["G9999", "G10000", "G10001"] == [good.number for good in queries.goods(shop.session, XFL)]
