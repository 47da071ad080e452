"""The pages of groups: registered, looked at, given away for; at the till they are refused with a reason."""

import pytest

from tests.pool.test_pool import earned
from tests.web.sites import said
from timebank.database import writing
from timebank.people.queries import groups

NEW = {"name": "红马甲服务队", "contact": "王秀英", "phone": "13900001234", "area": ""}


@pytest.fixture
def group(site):
    """A group of the community that has earned 50 points."""
    site.visitor("li").post("/coord/groups", NEW)
    with writing(site.engine) as session:
        (found,) = groups(session, "xfl")
        earned(session, found.number, 5_000)
    return found.number


class TestGroups:
    """domain.md section 3, P4: what a group has can only be given away."""

    def test_one_is_registered_and_listed(self, site):
        assert "还没有团队" in said(site.visitor("li").get("/coord/groups"))
        answer = site.visitor("li").post("/coord/groups", NEW)

        assert 302 == answer.status_code
        words = said(site.visitor("li").get("/coord/groups"))
        assert all(part in words for part in ("TD0001", "红马甲服务队", "139****1234"))

    def test_what_is_missing_comes_back_with_what_was_typed(self, site):
        answer = site.visitor("li").post("/coord/groups", NEW | {"contact": ""})

        assert 400 <= answer.status_code < 500
        assert 'value="红马甲服务队"' in answer.get_data(as_text=True)

    def test_its_points_are_given_and_its_passbook_shows_it(self, site, group):
        refused = site.visitor("li").post(f"/coord/groups/{group}/donations", {"points": "50.01"})
        assert "存折里有 50 分，不够捐 50.01 分" in said(refused)

        site.visitor("li").post(f"/coord/groups/{group}/donations", {"points": "20"})

        words = said(site.visitor("li").get(f"/coord/groups/{group}"))
        assert all(part in words for part in ("积分捐赠", "30 分"))

    def test_its_page_offers_no_card_no_login_and_no_star(self, site, group):
        words = said(site.visitor("li").get(f"/people/{group}"))

        assert "团队的积分只能捐进互助池" in words
        assert not [part for part in ("办存折卡", "新的一次性链接", "家人代办", "星级和积分") if part in words]

    def test_the_rules_say_it(self, site):
        assert "团队的积分只能捐进互助池" in said(site.visitor("li").get("/rules"))
