"""The page of what the shelf backs: for who sets prices, with a chart, the alert of the rules, and months."""

from tests.web.sites import said


class TestBackingPage:
    """domain.md section 4: empty shelves are seen before people lose heart."""

    def test_it_says_what_the_shelf_backs_and_what_became_of_points(self, site):
        page = site.visitor("li").text("/stock/backing")

        assert 'role="img"' in page
        assert "积分，按月" in page
        assert "规则要求至少 50%" in page

    def test_it_is_linked_for_who_sets_prices_only(self, site):
        assert "货架与积分" in said(site.visitor("li").get("/stock"))
        assert "货架与积分" not in said(site.visitor("zhao").get("/stock"))
