"""The market through the API: price lists, stock counts, moves, gifts, paper forms and what was asked for in vain."""

import pytest

from tests.web import town
from tests.web.api.programs import a_program, problem
from timebank import clock
from timebank.ledger.days import day_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def li(site):
    """A program of the coordinator."""
    return a_program(site, "li")


@pytest.fixture
def zhao(site):
    """A program of the clerk."""
    return a_program(site, "zhao")


class TestPriceLists:
    """trust.md T8: two persons, and a change holds later."""

    def test_one_proposes_and_another_confirms(self, site, li):
        wanted = {"good_number": town.SOAP, "price_points_e2": 1800}
        sent = {"prices": [wanted], "wanted_from": day_of(clock.now()).isoformat()}
        version = li.post("/price-lists", sent).get_json()["version"]

        problem(li.post(f"/price-lists/{version}/confirmations"), 409, "confirmer_is_proposer")
        assert 200 == a_program(site, "chen").post(f"/price-lists/{version}/confirmations").status_code

        shown = li.get(f"/price-lists/{version}").get_json()
        assert "confirmed" == shown["outcome"]
        assert [1800] == [one["price_points_e2"] for one in shown["prices"]]
        problem(li.post(f"/price-lists/{version}/withdrawals"), 409, "prices_decided")


class TestStockCounts:
    """S4: blind, finalised by somebody who did not count."""

    def test_one_counts_and_another_finalises(self, site, zhao):
        number = zhao.post("/stock-counts", {"goods": [town.SOAP]}).get_json()["number"]
        zhao.post(f"/stock-counts/{number}/tallies", {"good_number": town.SOAP, "pieces": 30})
        zhao.post(f"/stock-counts/{number}/recounts", {"good_number": town.SOAP})
        assert {"pieces": 18} == zhao.post(
            f"/stock-counts/{number}/tallies", {"good_number": town.SOAP, "pieces": 18}
        ).get_json()
        assert 204 == zhao.post(f"/stock-counts/{number}/submissions").status_code

        reasons = {"reasons": [{"good_number": town.SOAP, "reason": "少了一块"}]}
        problem(zhao.post(f"/stock-counts/{number}/finalisations", reasons), 409, "count_needs_another")
        assert 200 == a_program(site, "qian").post(f"/stock-counts/{number}/finalisations", reasons).status_code

        (one,) = zhao.get(f"/stock-counts/{number}/variances").get_json()["items"]
        assert (18, 19, "少了一块") == (one["counted_pieces"], one["expected_pieces"], one["reason"])
        assert "finalised" == zhao.get(f"/stock-counts/{number}").get_json()["state"]

    def test_a_count_is_dropped_with_a_reason(self, zhao):
        number = zhao.post("/stock-counts", {}).get_json()["number"]
        assert 204 == zhao.post(f"/stock-counts/{number}/drops", {"reason": "停电了"}).status_code
        assert ["dropped"] == [one["state"] for one in zhao.get("/stock-counts").get_json()["items"]]


class TestMovesAndGifts:
    """Pieces go elsewhere and back; a unit's gifts are all told."""

    def test_a_move_counts_once_and_is_taken_back(self, zhao):
        sent = {"lot_number": "L000002", "pieces": 3, "to_place": "里间"}
        first = zhao.post("/stock-moves", sent, key="a-move-of-three").get_json()
        assert first == zhao.post("/stock-moves", sent, key="a-move-of-three").get_json()

        number = first["number"]
        assert 200 == zhao.post(f"/stock-moves/{number}/returns").status_code
        problem(zhao.post(f"/stock-moves/{number}/returns"), 409, "move_countered")
        assert [3, 3] == [one["pieces"] for one in zhao.get("/stock-moves").get_json()["items"]]

    def test_gifts_of_a_year(self, zhao):
        items = zhao.get("/partners/P001/gifts").get_json()["items"]
        assert [20, 20, 3] == [one["received"] for one in items]
        assert [] == zhao.get("/partners/P001/gifts?year=2020").get_json()["items"]


class TestWhatIsNoted:
    """What was asked for in vain, without a name; and the forms that are out."""

    def test_demand_and_forms(self, zhao):
        assert 200 <= zhao.post("/unmet-demand", {"good_number": town.RICE}).status_code < 300
        problem(zhao.post("/unmet-demand", {}), 409, "demand_of_nothing")

        (one,) = zhao.get("/unmet-demand").get_json()["items"]
        assert (town.RICE, 1) == (one["good_number"], one["times"])
        assert [] == zhao.get("/paper-forms").get_json()["items"]
