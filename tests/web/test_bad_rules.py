"""A rule document that cannot hold is refused with the place and the sentence, on the page and by the API alike."""

import json
from datetime import timedelta

import pytest

from tests.web.api.programs import a_program
from tests.web.sites import said
from tests.web.test_rules import typed
from timebank import clock
from timebank.ledger.days import day_of
from timebank.rulebook.queries import rule_proposals, rule_versions
from timebank.rulebook.rules import as_json, ordinary_document

BAD = {
    "an unknown key": ({"bonus": "5"}, "bonus", "不该有"),
    "a gap of the ladder": ({"ladders[0].steps[2].level": "4"}, "ladders[0].steps[2].level", "应是 3 星，现在是 4 星"),
    "an overlap": ({"ladders[0].steps[2].minutes": "18000"}, "ladders[0].steps[2].minutes", "没有高于下一级的 300小时"),
    "a negative value": ({"points_e2_per_hour": "-1"}, "points_e2_per_hour", "是 -1，应在 0 到 100,000 之间"),
    "an absurd value": ({"limits.day_minutes_max": "99999"}, "limits.day_minutes_max", "是 99999，应在 1 到 1,440"),
}
"""What is typed over, the place that is named, and what is said of it."""
ONE_KIND = pytest.mark.parametrize("database_kind", ["sqlite"])


def tomorrow():
    """The first day on which a change can hold."""
    return (day_of(clock.now()) + timedelta(days=1)).isoformat()


def on_the_page(site, changes, valid_from):
    """Propose by the form."""
    form = typed() | {f"rule:{path}": text for path, text in changes.items()}
    answer = site.visitor("admin").post("/admin/rules/new", form | {"reason": "新的一年", "valid_from": valid_from})
    return answer.status_code, said(answer)


def by_the_api(site, changes, valid_from):
    """Propose by a program: the same values in the document."""
    document = json.loads(as_json(ordinary_document()))
    for path, text in changes.items():
        *way, last = path.replace("[", ".").replace("]", "").split(".")
        place = document
        for step in way:
            place = place[int(step)] if step.isdigit() else place[step]
        place[last] = int(text)
    sent = {"document": document, "valid_from": valid_from, "reason": "新的一年"}
    answer = a_program(site, "admin").post("/rule-proposals", sent)
    return answer.status_code, answer.get_json()["detail"]


@ONE_KIND
@pytest.mark.parametrize("way", [on_the_page, by_the_api])
class TestBadRules:
    """Nothing is published: not even a proposal is left behind."""

    @pytest.mark.parametrize(("changes", "path", "sentence"), BAD.values(), ids=BAD)
    def test_is_refused_with_its_place_and_sentence(self, site, way, changes, path, sentence):
        status, words = way(site, changes, tomorrow())

        assert 400 <= status < 500
        assert f"“{path}”" in words
        assert sentence in words
        self.nothing_happened(site)

    @pytest.mark.parametrize(
        ("valid_from", "sentence"), [("2026-01-01", "最早从明天起"), ("2031-01-01", "没有 2031 年的节假日")]
    )
    def test_a_past_day_and_a_year_without_holidays(self, site, way, valid_from, sentence):
        status, words = way(site, {}, valid_from)

        assert 400 <= status < 500
        assert sentence in words
        self.nothing_happened(site)

    def nothing_happened(self, site):
        """There is no proposal, and there are the versions of before."""
        with site.reading() as session:
            assert ((), 2) == (rule_proposals(session, "xfl"), len(rule_versions(session, "xfl")))
