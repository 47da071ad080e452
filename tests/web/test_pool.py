"""The pages of the mutual-aid pool: given by a volunteer, proposed by one coordinator, confirmed by the other."""

import re

from tests.web.sites import said
from tests.web.town import NAMESAKE, WANG
from timebank.pool import queries


def waiting(visitor):
    """The id of the grant that waits, as the page has it."""
    return re.findall('name="grant" value="([0-9a-f-]{36})"', visitor.text("/coord/pool"))[0]


class TestThePool:
    """V7: points go to the pool only; the staff grant them, two persons."""

    def test_from_the_passbook_to_a_household(self, site):
        too_little = site.visitor(NAMESAKE).post("/me/pool", {"points": "0.5"})
        assert "一次至少捐 1 分" in said(too_little)
        site.visitor(NAMESAKE).post("/me/pool", {"points": "5"})
        assert "积分捐赠" in said(site.visitor(NAMESAKE).get("/me/passbook"))
        grant = {"number": WANG, "points": "3", "reason": "大病住院"}
        site.visitor("li").post("/coord/pool/propose", grant)

        assert "等确认的互助发放 1 项" in said(site.visitor("chen").get("/coord"))

        own = site.visitor("li").post("/coord/pool/confirm", {"grant": waiting(site.visitor("li"))})
        assert "另一位工作人员确认" in said(own)
        site.visitor("chen").post("/coord/pool/confirm", {"grant": waiting(site.visitor("chen"))})

        assert "等确认的互助发放" not in said(site.visitor("chen").get("/coord"))
        with site.reading() as session:
            (granted,) = queries.grants(session, "xfl")
            assert ("granted", 200) == (granted.state, queries.pool_e2(session, "xfl"))
        assert "互助池发放" in said(site.visitor(WANG).get("/me/passbook"))

    def test_a_grant_is_turned_down(self, site):
        site.visitor(NAMESAKE).post("/me/pool", {"points": "5"})
        site.visitor("li").post("/coord/pool/propose", {"number": WANG, "points": "3", "reason": "大病住院"})

        site.visitor("chen").post("/coord/pool/reject", {"grant": waiting(site.visitor("chen"))})

        assert "没有发放" in said(site.visitor("chen").get("/coord/pool"))

    def test_more_than_the_pool_holds_comes_back_with_what_was_typed(self, site):
        answer = site.visitor("li").post("/coord/pool/propose", {"number": WANG, "points": "3", "reason": "大病住院"})

        assert 409 == answer.status_code
        assert 'value="大病住院"' in answer.get_data(as_text=True)
