"""The runs of the night are shown to the admin and the auditor, and to nobody else."""

import pytest

from tests.web.sites import said
from timebank import clock, nightly
from timebank.books.answers import answered
from timebank.ledger.days import day_of
from timebank.web.log_keeper import system_act
from timebank.web.night_watch import watch
from timebank.web.night_words import JOB_WORDS, RESULT_WORDS


class TestRuns:
    """Which job was done for which day, when, with what result."""

    @pytest.mark.parametrize("login", ["admin", "zhou"])
    def test_are_shown_with_their_results(self, site, login):
        now = clock.now()
        nightly.run_night(site.engine, system_act("xfl", now), day=day_of(now))

        words = said(site.visitor(login).get("/nightly"))

        assert "过期的预约退回" in words
        assert "待公示 1" in words

    def test_have_words_for_every_job_and_every_result(self, site):
        now = clock.now()
        done = nightly.run_night(site.engine, system_act("xfl", now), day=day_of(now))

        assert set(nightly.JOBS) == set(JOB_WORDS)
        assert {name for run in done for name in run.answer} <= set(RESULT_WORDS)
        assert "到日子的时长入账 分钟 0，积分 0，入账 0" in said(site.visitor("zhou").get("/nightly"))

    def test_before_the_first_one_the_page_says_what_to_do(self, site):
        assert "timebank nightly" in said(site.visitor("admin").get("/nightly"))

    def test_are_not_for_others(self, site):
        assert 403 == site.visitor("li").get("/nightly").status_code


class TestTheWatch:
    """Where no timer is set up, the server does it itself."""

    def test_does_the_night_of_every_community_once(self, site):
        watch(site.engine, clock.now())
        watch(site.engine, clock.now())

        with site.reading() as session:
            for community_id in ("xfl", "yfl"):
                found = answered(session, community_id, prefix="nightly/", limit=100)
                assert len(nightly.JOBS) == len(found)
