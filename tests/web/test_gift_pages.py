"""The pages of what became of gifts: a statement to print and a table, without a name."""

from tests.web.sites import said
from tests.web.town import ZHANG


class TestGiftPages:
    """domain.md P1 and P2."""

    def test_the_statement_of_this_year(self, site):
        li = site.visitor("li")
        assert "百家福超市" in said(li.get("/partners"))

        page = said(li.get("/partners/P001"))

        assert "香皂 0 20 70.00 1 1 0 0 19" in page
        assert "捐赠单位签收" in page
        assert "张桂芳" not in page
        assert ZHANG not in page

    def test_a_year_before_has_nothing(self, site):
        assert "没有这家单位的物品" in said(site.visitor("zhou").get("/partners/P001?year=2020"))

    def test_the_table_has_the_same(self, site):
        answer = site.visitor("li").get("/partners/P001/gifts.csv")

        lines = answer.get_data().decode("utf-8-sig").splitlines()
        assert "物品,上年结存,今年收到,价值（元）,兑换件数,兑换次数,救助发放,报损与盘亏,年末结存" == lines[0]
        assert "香皂,0,20,70.00,1,1,0,0,19" in lines

    def test_a_unit_that_is_not_there_is_not_found(self, site):
        assert 404 == site.visitor("li").get("/partners/P099").status_code
        assert 400 == site.visitor("li").get("/partners/P001?year=12").status_code
        assert 403 == site.visitor("zhao").get("/partners").status_code
