"""Labels: what each good costs, with a bar code that the till's scanner reads."""

import re

from tests.web.sites import said
from tests.web.town import PASTE_CODE, RICE_CODE, SOAP_CODE, TOWEL_CODE
from timebank.market.barcodes import ean_13_modules
from timebank.web.labels import QUIET, bars


class TestLabels:
    """experience.md 5.4: name, points, limit or donor, and the bar code."""

    def test_every_good_on_sale_has_one(self, site):
        page = site.visitor("li").get("/stock/labels")

        for words in ("香皂 15 分 百家福超市 捐赠", "牙膏 25 分", "毛巾 5 分", SOAP_CODE, PASTE_CODE, TOWEL_CODE):
            assert words in said(page)
        assert RICE_CODE not in said(page)

    def test_only_those_that_the_newest_prices_have_changed(self, site):
        clerk = site.visitor("zhao")
        assert SOAP_CODE in clerk.text("/stock/labels?which=changed&paper=roll")
        assert 400 == clerk.get("/stock/labels?paper=a3").status_code

    def test_the_bars_are_those_of_the_code(self):
        drawn = str(bars(SOAP_CODE))
        black = {int(place) - QUIET[0] for place in re.findall(r"M(\d+) 0", drawn)}

        assert black == {place for place, module in enumerate(ean_13_modules(SOAP_CODE)) if module == "1"}
        assert 'viewBox="0 0 113 1"' in drawn
