"""The pages of relief: registered and proposed by one coordinator, approved by the other, handed out at the till."""

import re

from tests.web.sites import said
from tests.web.town import SOAP, ZHANG


def waiting(visitor):
    """The number of the relief that waits, as the page has it."""
    return re.findall(r"(J\d{6})", visitor.text("/relief"))[0]


class TestRelief:
    """domain.md S7: application, approval, limit, signature."""

    def test_from_the_register_to_the_signed_sheet(self, site):
        li, chen, clerk = (site.visitor(login) for login in ("li", "chen", "zhao"))
        li.post("/relief/households", {"number": ZHANG, "reason": "低保户", "until_on": "2099-06-30"})
        assert "低保户" in said(li.get("/relief"))
        assert "低保户" not in said(clerk.get("/relief"))
        li.post("/relief/propose", {"household": "H0001", f"pieces-{SOAP}": "2"})
        number = waiting(li)

        assert "自己提的要请另一位批准" in said(li.get("/relief"))
        assert 409 == li.post("/relief/approve", {"relief": number}).status_code
        chen.post("/relief/approve", {"relief": number})
        assert 400 == clerk.post("/relief/issue", {"relief": number, "signed_by": ""}).status_code
        clerk.post("/relief/issue", {"relief": number, "signed_by": "张桂芳"})

        assert "已领取" in said(clerk.get("/relief"))
        assert "张桂芳" in said(clerk.get(f"/relief/slips/{number}"))
        assert "救助发放 2 件" in said(site.visitor("zhao").get("/"))

    def test_more_than_the_rules_allow_comes_back_with_what_was_typed(self, site):
        li = site.visitor("li")
        li.post("/relief/households", {"number": ZHANG, "reason": "低保户", "until_on": "2099-06-30"})

        answer = li.post("/relief/propose", {"household": "H0001", f"pieces-{SOAP}": "6"})

        assert 409 == answer.status_code
        assert 'value="6"' in answer.get_data(as_text=True)
