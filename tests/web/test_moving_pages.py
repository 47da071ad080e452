"""The page of stock moves: a lot goes to another place, and back."""

from tests.web.sites import said
from tests.web.town import PASTE


class TestMovingPages:
    """Issue: transfer between places, with undo."""

    def test_pieces_go_elsewhere_and_back(self, site):
        clerk = site.visitor("zhao")
        wanted = {"lot": "L000002", "pieces": "5", "place": "里间", "note": "腾地方"}
        assert 302 == clerk.post("/stock/moves", wanted).status_code

        page = said(clerk.get("/stock/moves"))
        assert "M0001 牙膏 5 — L000002 里间" in page
        assert "腾地方" in page
        assert "里间" in said(clerk.get("/stock"))

        assert 302 == clerk.post("/stock/moves/back", {"number": "M0001"}).status_code
        assert "已退回，见 M0002" in said(clerk.get("/stock/moves"))
        assert 409 == clerk.post("/stock/moves/back", {"number": "M0001"}).status_code

    def test_what_cannot_go_is_said_and_what_was_typed_stays(self, site):
        clerk = site.visitor("zhao")
        answer = clerk.post("/stock/moves", {"lot": "L000002", "pieces": "500", "place": "里间"})

        assert 409 == answer.status_code
        assert "可以移的只有 20 件" in said(answer)
        assert 'value="500"' in answer.get_data(as_text=True)
        assert 400 == clerk.post("/stock/moves", {"lot": "L000002", "pieces": "5", "place": ""}).status_code

    def test_an_auditor_only_looks(self, site):
        auditor = site.visitor("zhou")
        assert "移库" in said(auditor.get("/stock/moves"))
        assert 403 == auditor.post("/stock/moves", {"lot": "L000002", "pieces": "5", "place": "里间"}).status_code

    def test_a_delivery_names_its_place(self, site):
        clerk = site.visitor("zhao")
        row = {"good": PASTE, "pieces": "3", "unit_price": "", "expires_on": ""}
        assert 302 == clerk.post("/stock/deliveries/new", {"partner": "P001", "place": "里间"} | row).status_code
        assert 302 == site.visitor("qian").post("/stock/deliveries/check-in", {"number": "D0003"}).status_code

        assert "里间" in said(clerk.get("/stock"))
