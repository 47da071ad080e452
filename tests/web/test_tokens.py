"""The page of tokens: shown once, ended at once, nobody else's."""

import re

import pytest

from tests.web import town
from tests.web.sites import said
from timebank.tokens import queries

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
TOKEN = re.compile(r'value="(tbk_xfl_[^"]+)"')


def ask_for(visitor, **fields):
    """Ask for a token as the form does."""
    return visitor.post("/tokens", {"name": "月底对账", "scopes": ["read"], "days": "90"} | fields)


def tokens(site):
    """The tokens of the community."""
    with site.reading() as session:
        return queries.tokens(session, town.XFL)


class TestTokens:
    """experience.md 4.2: a token is read-only by default and shown once."""

    def test_a_token_is_shown_once(self, site):
        zhou = site.visitor("zhou")

        shown = TOKEN.findall(ask_for(zhou).get_data(as_text=True))

        assert 1 == len(shown)
        page = zhou.text("/tokens")
        assert not TOKEN.findall(page)
        assert "月底对账" in page

    def test_the_form_pressed_twice_issues_one_and_shows_it_once(self, site):
        zhou = site.visitor("zhou")
        fields = {"name": "月底对账", "scopes": ["read"], "days": "90"}
        zhou.post("/tokens", fields, key="the-same-key")

        again = zhou.post("/tokens", fields, key="the-same-key")

        assert "不再显示" in said(again)
        assert 1 == len(tokens(site))

    def test_reading_alone_is_offered_first(self, site):
        page = site.visitor("li").text("/tokens")

        assert ["read"] == re.findall(r'value="([a-z:]+)" checked', page)

    def test_what_is_filled_in_wrongly_is_said(self, site):
        answer = ask_for(site.visitor("li"), days="400", scopes=["everything"])

        assert 400 == answer.status_code
        assert "期限" in said(answer)
        assert () == tokens(site)

    def test_everybody_sees_their_own_and_the_admin_all(self, site):
        ask_for(site.visitor("zhou"))

        assert "月底对账" not in site.visitor("li").text("/tokens")
        assert "月底对账" in site.visitor("admin").text("/tokens")

    def test_an_admin_ends_one(self, site):
        ask_for(site.visitor("zhou"))
        (token,) = tokens(site)

        answer = site.visitor("admin").post(f"/tokens/{token.id}/end")

        assert 302 == answer.status_code
        assert tokens(site)[0].ended_by == town.number_of("admin")

    def test_nobody_else_finds_it(self, site):
        ask_for(site.visitor("zhou"))
        (token,) = tokens(site)

        answer = site.visitor("li").post(f"/tokens/{token.id}/end")

        assert "没有这个令牌" in said(answer)
        assert tokens(site)[0].ended_at is None
