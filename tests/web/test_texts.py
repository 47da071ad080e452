"""The pages in English: the catalogue is whole, and no page that is asked for in English answers in Chinese."""

import html
import re
from typing import Final

import pytest

from tests.meta.routes import VISITORS, routes
from tests.web import catalogue, town

PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
CHINESE: Final = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
QUOTED: Final = re.compile("“[^”]*”")
"""Words that stand in a file, as people see them there."""
RUN: Final = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


class TestTheCatalogue:
    """experience.md section 7, point 27: Chinese first, English complete. `make texts` brings it up to date."""

    def test_holds_every_text_of_the_pages_and_no_other(self):
        wanted = {message.id for message in catalogue.messages(catalogue.extracted())}
        known = {message.id for message in catalogue.messages(catalogue.translated())}

        assert wanted == known, "run `make texts`"

    def test_has_the_english_of_every_text(self):
        untranslated = [
            one.id for one in catalogue.messages(catalogue.translated()) if not catalogue.has_english(one) or one.fuzzy
        ]

        assert [] == untranslated

    def test_fills_in_the_same_facts(self):
        different = [
            one.id
            for one in catalogue.messages(catalogue.translated())
            if set(PLACEHOLDER.findall(str(one.id))) != set(PLACEHOLDER.findall(str(one.string)))
        ]

        assert [] == different

    def test_speaks_no_chinese_but_what_it_quotes(self):
        said = {one.id: QUOTED.sub("", str(one.string)) for one in catalogue.messages(catalogue.translated())}

        assert [] == [chinese for chinese, english in said.items() if CHINESE.search(english)]

    def test_is_written_as_the_command_writes_it(self):
        written = catalogue.written(catalogue.brought_up_to_date())

        assert written == catalogue.SOURCE.read_bytes(), "run `make texts`"


def _said(page: str) -> str:
    """Everything on a page that is read or spoken; what is marked as Chinese may be Chinese."""
    marked = re.sub(r'<(\w+)[^>]* lang="zh-CN"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    without_values = re.sub(r'(value|name|id|for|href|action|src|formaction)="[^"]*"', "", marked)
    return html.unescape(without_values)


def _data(site) -> set[str]:
    """Every run of Chinese in the database: names, whole or masked, goods, what people wrote, the rules' own names."""
    found = {run for rows in site.state().values() for row in rows for run in RUN.findall(row)}
    return found | {character for run in found for character in (run[0], run[-1])}


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestAPageInEnglish:
    """experience.md section 2.3: the language changes the whole page."""

    @pytest.mark.parametrize("login", [*VISITORS, None])
    def test_says_nothing_in_chinese_but_what_people_wrote(self, site, login):
        visitor, data = site.visitor(login), _data(site)
        visitor.client.set_cookie("language", "en")

        foreign: set[tuple[str, str]] = set()
        for route in routes(site.app):
            if route.method != "GET" or not route.is_for(login):
                continue
            answer = visitor.get(route.path)
            if answer.mimetype == "text/html" and answer.status_code != 302:
                assert 'lang="en"' in answer.text, route
                foreign |= {(route.path, run) for run in RUN.findall(_said(answer.text)) if run not in data}

        assert [] == sorted(foreign)

    def test_tells_what_is_wrong_with_a_form_in_english_too(self, site):
        visitor = site.visitor()
        visitor.client.set_cookie("language", "en")

        page = visitor.post("/login", {"login": "", "password": ""}).text

        assert "Number, phone or login name: Please fill this in" in page
        assert "Error: " in page

    def test_may_name_goods_and_people_in_chinese(self, site):
        visitor = site.visitor(town.WANG)
        visitor.client.set_cookie("language", "en")

        page = visitor.text("/me")

        assert "Hello, 王秀英" in page
        assert "清扫楼道" in page
