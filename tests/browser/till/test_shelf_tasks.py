"""What the clerk does with the shelf, by scanner and keyboard: the count at the end of a shift, and a delivery."""

from typing import Final

from playwright.sync_api import expect

from tests.browser.till.person import Person
from tests.browser.till.town import PASTE, SOAP, TOWEL
from tests.people.builders import acting_as
from tests.web.town import XFL
from timebank import clock
from timebank.database import writing
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations import NewGood, NewPrice
from timebank.people.operations import add_partner
from timebank.people.queries import partner, staff_by_login

LEFT: Final = {SOAP: 18, PASTE: 19, TOWEL: 1}
"""What is on the shelf after one of each was sold; before the town opened one soap and one towel had gone."""


def with_check_digit(twelve: str) -> str:
    """Complete an EAN-13 code."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


class TestClosingTheDay:
    """experience.md T8: F10, a blind count of what moved, the differences, a slip to sign."""

    def at_the_count(self, clerk: Person, town) -> None:
        """Open a shift, sell one of each, and go to the count."""
        clerk.press("F9")
        clerk.page.wait_for_selector("text=已开班")
        clerk.scan(town.card)
        for good in LEFT:
            clerk.scan(good)
        clerk.press("F9")
        clerk.hears("兑换好了")
        clerk.begins()
        clerk.press("F10")
        clerk.page.wait_for_selector("#count")
        expect(clerk.page.locator("main")).not_to_contain_text("账上")

    def test_thirty_pieces_are_counted_by_scanner_within_three_minutes(self, clerk, town):
        self.at_the_count(clerk, town)
        for good, pieces in LEFT.items():
            for _ in range(pieces):
                clerk.scan(good)
        clerk.hears("毛巾：数到 1 件")
        clerk.press("F9")
        clerk.page.wait_for_selector("text=交班人签名")

        assert 30 <= sum(LEFT.values())
        assert 2 + sum(LEFT.values()) == clerk.actions
        assert 180 > clerk.seconds
        assert [0, 0, 0] == self.differences(town)

    def test_without_a_difference_it_takes_less_than_a_minute(self, clerk, town):
        self.at_the_count(clerk, town)
        clerk.click("#count input[name^=pieces-]")
        for pieces in LEFT.values():
            clerk.type(str(pieces))
            clerk.press("Enter")
        clerk.press("F9")
        clerk.page.wait_for_selector("text=交班人签名")

        assert 60 > clerk.seconds
        assert [0, 0, 0] == self.differences(town)

    def test_a_difference_stands_on_the_slip_that_is_signed(self, clerk, town):
        self.at_the_count(clerk, town)
        clerk.click("#count input[name^=pieces-]")
        for pieces in (17, 19, 1):
            clerk.type(str(pieces))
            clerk.press("Enter")
        clerk.press("F9")

        expect(clerk.page.locator("section.slip")).to_contain_text("-1")
        assert [-1, 0, 0] == self.differences(town)

    def test_what_did_not_move_is_not_counted(self, clerk, town):
        self.at_the_count(clerk, town)
        clerk.scan("6901234567922")
        clerk.hears("没有计数")

    def differences(self, town) -> list[int]:
        with town.site.reading() as session:
            (closed,) = queries.shifts(session, XFL)
            lines = queries.shift(session, XFL, closed.number).lines
        return [line.counted_pieces - line.expected_pieces for line in lines]


class TestReceiving:
    """experience.md T9: scan, pieces, who gives, labels: ten goods in less than a minute."""

    def test_ten_goods_within_a_minute(self, clerk, town):
        codes = self.ten_goods(town)
        clerk.page.goto(f"{town.url}/stock/deliveries/new")
        clerk.begins()
        for code in codes:
            clerk.scan(code)
            clerk.type("12")
        clerk.press("F2", "ArrowDown", "F9")
        clerk.page.wait_for_selector("text=等另一位验收")
        clerk.click("text=打印这批标签 >> nth=-1")
        clerk.page.wait_for_selector(".labels")

        assert 60 > clerk.seconds
        assert 10 == clerk.page.locator(".label").count()
        with town.site.reading() as session:
            donation = queries.waiting_donations(session, XFL)[-1]
            lots = queries.donation_lots(session, XFL, donation.number)
            assert "农商行支行" == partner(session, XFL, donation.partner_code).name
        assert [12] * 10 == [lot.pieces for lot in lots]

    def test_the_same_good_scanned_again_counts_on_and_an_unknown_one_changes_nothing(self, clerk, town):
        clerk.page.goto(f"{town.url}/stock/deliveries/new")
        for code in (SOAP, PASTE, SOAP):
            clerk.scan(code)
        clerk.hears("香皂：2 件")
        clerk.scan("6901234567830")
        clerk.hears("没有这个条码：6901234567830")

        pieces = clerk.page.locator("#delivery [name=pieces]")
        assert ["2", "1", ""] == [pieces.nth(place).input_value() for place in range(3)]

    def ten_goods(self, town) -> list[str]:
        """Register seven goods more, with prices, and a second unit that gives; return ten bar codes."""
        codes = [with_check_digit(f"690123456{place:03d}") for place in range(800, 807)]
        with writing(town.site.engine) as session:
            now = clock.now()
            by = {login: staff_by_login(session, XFL, login) for login in ("li", "chen", "admin")}
            goods = tuple(
                NewGood(barcode=code, name=f"物品{code[-4:]}", unit_word="件", month_pieces_max=None) for code in codes
            )
            numbers = operations.add_goods(session, acting_as(by["li"], at=now), goods=goods)["numbers"]
            prices = tuple(NewPrice(number, 500) for number in numbers)
            proposed = operations.propose_prices(
                session, acting_as(by["li"], at=now), prices=prices, wanted_from=day_of(now)
            )
            operations.confirm_prices(session, acting_as(by["chen"], at=now), version=proposed["version"])
            add_partner(session, acting_as(by["admin"], at=now), name="农商行支行")
        return [SOAP, PASTE, TOWEL, *codes]
