"""`timebank redeem`, `undo`, `stock`, `shop`, `passbook`: the counter, without pages."""

import pytest

from tests.cli.offices import done, told
from tests.imports.builders import SOAP

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


def points_of(desk, number):
    """What a passbook can spend, in hundredths of a point."""
    return told(done(desk("passbook", number, "--json")))["available_e2"]


def pieces(desk):
    """Free pieces on the shelf."""
    return sum(item["free_pieces"] for item in told(done(desk("stock", "--json"))))


class TestRedeeming:
    """R12: points leave the passbook and goods the shelf together, or neither does."""

    def test_takes_points_and_pieces(self, shop):
        said = done(shop("redeem", "V0001", SOAP, SOAP, "--as", "zhao"))

        assert "用了 6 分，还剩 51.5 分" in said.err
        assert "timebank undo R000001" in said.err
        assert (5150, 28) == (points_of(shop, "V0001"), pieces(shop))

    def test_tries_without_taking_anything(self, shop):
        said = done(shop("redeem", "V0001", SOAP, "--as", "zhao", "--dry-run"))

        assert "没有扣分" in said.err
        assert (5750, 30) == (points_of(shop, "V0001"), pieces(shop))

    def test_pressed_twice_counts_once(self, shop):
        command = ("redeem", "V0001", SOAP, "--as", "zhao", "--key", "one-piece-of-soap", "--json")

        first, again = told(done(shop(*command))), told(done(shop(*command)))

        assert first == again
        assert 29 == pieces(shop)

    def test_says_every_reason(self, shop):
        said = shop("redeem", "V0002", SOAP, "--as", "zhao")

        assert 3 == said.code
        assert "· " in said.err
        assert 30 == pieces(shop)

    @on_sqlite
    def test_a_refusal_is_one_document_too(self, shop):
        said = shop("redeem", "V0002", SOAP, "--as", "zhao", "--json")

        answer = told(said)
        assert "basket_refused" == answer["refused"]
        assert ["points_short"] == [problem["code"] for problem in answer["facts"]["problems"]]

    @on_sqlite
    def test_a_bar_code_that_is_not_there(self, shop):
        assert 4 == shop("redeem", "V0001", "6901234567892", "--as", "zhao").code

    @on_sqlite
    def test_somebody_who_is_not_there(self, shop):
        assert 4 == shop("redeem", "V9999", SOAP, "--as", "zhao").code

    @on_sqlite
    def test_the_coordinator_is_no_clerk(self, shop):
        assert 7 == shop("redeem", "V0001", SOAP, "--as", "chen").code

    def test_goes_back(self, shop):
        done(shop("redeem", "V0001", SOAP, "--as", "zhao"))

        said = done(shop("undo", "R000001", "--reason", "拿错了", "--as", "zhao"))

        assert "3 分已退回" in said.err
        assert (5750, 30) == (points_of(shop, "V0001"), pieces(shop))
        assert 3 == shop("undo", "R000001", "--reason", "拿错了", "--as", "zhao").code
        assert 4 == shop("undo", "R999999", "--reason", "拿错了", "--as", "zhao").code


@on_sqlite
class TestLooking:
    """What there is, for people and for programs."""

    def test_the_shelf(self, shop):
        said = done(shop("stock"))

        assert "香皂" in said.out
        assert "1 批，共 30 件。" in said.err
        assert [] == told(done(shop("stock", "--expiring", 30, "--json")))

    def test_the_shop(self, shop):
        said = done(shop("shop"))

        assert SOAP in said.out
        assert "充足" in said.out
        assert 300 == told(done(shop("shop", "--json")))[0]["price_points_e2"]

    def test_a_passbook(self, shop):
        said = done(shop("passbook", "V0001"))

        assert "V0001 石静" in said.out
        assert "57.5" in said.out
        assert "纸质存折转入 存折0001" in said.out

    def test_a_passbook_for_programs(self, shop):
        answer = told(done(shop("passbook", "V0001", "--json")))

        assert {"minutes": 600, "available_e2": 5750, "level": 0, "missing_minutes": 5400}.items() <= answer.items()
        assert [("opening-balance", 5750, 5750)] == [
            (line["kind"], line["delta_e2"], line["closing_e2"]) for line in answer["lines"]
        ]

    def test_a_passbook_as_of_a_day_and_at_a_moment(self, shop):
        days = ("2026-10-31", "2026-11-01")
        moments = ("2026-01-01 00:00", "2199-01-01 00:00")

        as_of = [told(done(shop("passbook", "V0001", "--as-of", day, "--json")))["points_e2"] for day in days]
        at = [told(done(shop("passbook", "V0001", "--at", moment, "--json")))["points_e2"] for moment in moments]

        assert [0, 5750] == as_of == at
        assert "57.5" in done(shop("passbook", "V0001", "--as-of", "2026年11月1日")).out

    def test_one_time_only(self, shop):
        assert 2 == shop("passbook", "V0001", "--as-of", "2026-11-01", "--at", "2026-11-01 09:00").code
        assert 2 == shop("passbook", "V0001", "--as-of", "11-01").code
        assert 2 == shop("passbook", "V0001", "--at", "2026-11-01").code

    def test_nobody(self, shop):
        assert 4 == shop("passbook", "V9999").code
        assert 4 == shop("passbook", "V9999", "--as-of", "2026-11-01").code


@on_sqlite
class TestMovingStock:
    """Issue: transfer between places, from the command line too."""

    def test_pieces_go_elsewhere_and_back(self, shop):
        lot = told(done(shop("stock", "--json")))[0]["lot"]["number"]

        moved = told(done(shop("stock-move", "do", lot, 2, "--to", "里间", "--as", "zhao", "--json")))
        assert ["里间"] == [one["to_place"] for one in told(done(shop("stock-move", "list", "--json")))]

        done(shop("stock-move", "back", moved["number"], "--as", "zhao"))
        assert 30 == pieces(shop)
        again = shop("stock-move", "back", moved["number"], "--as", "zhao")
        assert (3, True) == (again.code, "没有移动" in again.err)


@on_sqlite
class TestRelief:
    """Issue: relief by approval, from the command line too."""

    def test_two_propose_and_approve_and_a_third_hands_out(self, shop):
        good = told(done(shop("stock", "--json")))[0]["lot"]["good_number"]
        until = ("--reason", "低保户", "--until", "2099-06-30", "--as", "chen", "--json")
        household = told(done(shop("relief", "register", "V0001", *until)))["number"]
        number = told(done(shop("relief", "propose", household, f"{good}=2", "--as", "chen", "--json")))["number"]
        assert 30 == pieces(shop)
        assert 3 == shop("relief", "approve", number, "--as", "chen").code

        done(shop("relief", "approve", number, "--as", "li"))
        done(shop("relief", "issue", number, "--signed-by", "王秀英", "--as", "zhao"))

        assert 28 == pieces(shop)
        assert ["issued"] == [one["state"] for one in told(done(shop("relief", "list", "--json")))]
        (listed,) = told(done(shop("relief", "households", "--json")))
        assert {"number", "volunteer_number", "until_on"} == listed.keys()

    def test_what_is_turned_down_moves_nothing(self, shop):
        good = told(done(shop("stock", "--json")))[0]["lot"]["good_number"]
        done(shop("relief", "register", "V0001", "--reason", "低保户", "--until", "2099-06-30", "--as", "chen"))
        done(shop("relief", "propose", "H0001", f"{good}=2", "--as", "chen"))
        done(shop("relief", "reject", "J000001", "--as", "li"))

        assert "没有批准" in done(shop("relief", "list")).out
        assert 2 == shop("relief", "propose", "H0001", f"{good}=x", "--as", "chen").code
        assert 30 == pieces(shop)


@on_sqlite
class TestWaiting:
    """Issue: the waiting list, from the command line too."""

    def test_what_is_still_there_is_not_waited_for(self, shop):
        good = told(done(shop("stock", "--json")))[0]["lot"]["good_number"]

        said = shop("waiting", "join", "V0001", good, "--as", "zhao")

        assert (3, True) == (said.code, "不用排队" in said.err)
        assert [] == told(done(shop("waiting", "list", "--json")))
        assert {"reservations": []} == told(done(shop("waiting", "turns", "--as", "zhao", "--json")))
        assert 4 == shop("waiting", "leave", "Q000009", "--as", "zhao").code


@on_sqlite
class TestGifts:
    """domain.md P1: what became of a unit's gifts."""

    def test_every_piece_is_somewhere(self, shop):
        done(shop("redeem", "V0001", SOAP, SOAP, "--as", "zhao"))

        found = told(done(shop("gifts", "P001", "--json")))

        assert (30, 2, 1, 28) == tuple(
            sum(one[name] for one in found) for name in ("received", "redeemed", "redemptions", "left")
        )
        assert 4 == shop("gifts", "P099").code


@on_sqlite
class TestVouchers:
    """Issue, point 7: service vouchers, from the command line too."""

    def test_offered_taken_given_back_and_stopped(self, shop):
        good = told(done(shop("stock", "--json")))[0]["lot"]["good_number"]
        assert 3 == shop("voucher", "offer", "P001", good, "--quota", "2", "--as", "chen").code
        assert 4 == shop("voucher", "take", "V0001", "F0001", "--as", "zhao").code
        assert "F" not in done(shop("voucher", "offers")).out.replace("Offer", "")
        card = told(done(shop("voucher", "desk", "P001", "--keeper", "李师傅", "--as", "chen", "--json")))
        assert "D001" == card["number"]
        done(shop("voucher", "end-desk", "D001", "--as", "chen"))
        assert 4 == shop("voucher", "end-desk", "D002", "--as", "chen").code
        assert [] == told(done(shop("voucher", "list", "--json")))
        assert 4 == shop("voucher", "end", "F0001", "--as", "chen").code
        assert 4 == shop("voucher", "back", "E000001", "--as", "zhao").code
        assert 3 == shop("voucher", "settle", "P001", "202601", "--as", "chen").code
        assert 4 == shop("voucher", "confirm", "P001", "202601", "--as", "li").code
