"""The alarm: damage stops every writing operation, and ends when the check is quiet again."""

import pytest

from tests.books.builders import a_log
from tests.builders import NOON, an_act
from timebank.books.log import alarm
from timebank.books.log.alarm import BooksStopped, Check
from timebank.books.requests import once
from timebank.refusal import Refusal


class Broken(Refusal):
    """Something that a check finds."""

    code = "broken_for_tests"


@once("tests.write")
def write(session, act, *, what):
    """Write something."""
    return f"{what} written"


@once("evidence.recover")
def recover(session, act):
    """Set the log right."""
    return "recovered"


@pytest.fixture
def community(session):
    a_log(session)
    return session


def noted(session, check=Check.LOG, damage=None):
    return alarm.note_check(session, "xfl", check, at=NOON, size=7, damage=damage)


class TestTheAlarm:
    """Damage that a running check finds: writes are refused, reading and recovery go on."""

    def test_books_that_were_never_checked_are_quiet(self, community):
        assert "it written" == write(community, an_act(), what="it")

    def test_stops_every_operation_that_writes(self, community):
        noted(community, damage=Broken(seq=5))

        with pytest.raises(BooksStopped):
            write(community, an_act(), what="it")

    def test_is_told_with_what_the_check_found(self, community):
        noted(community, damage=Broken(seq=5))

        finding = alarm.find_damage(community, "xfl")

        assert finding is not None
        assert (Check.LOG, NOON, 7, "broken_for_tests", {"seq": 5}) == (
            finding.check,
            finding.checked_at,
            finding.size,
            finding.code,
            finding.facts,
        )

    def test_does_not_use_up_the_request_key(self, community):
        act = an_act()
        noted(community, damage=Broken())
        with pytest.raises(BooksStopped):
            write(community, act, what="it")

        noted(community)

        assert "it written" == write(community, act, what="it")

    def test_still_shows_the_answer_of_what_was_done_before(self, community):
        act = an_act()
        write(community, act, what="it")

        noted(community, damage=Broken())

        assert "it written" == write(community, act, what="it")

    def test_lets_the_recovery_pass(self, community):
        noted(community, damage=Broken())

        assert "recovered" == recover(community, an_act())

    def test_of_one_community_is_not_the_alarm_of_another(self, community):
        a_log(community, "other")
        noted(community, damage=Broken())

        assert "it written" == write(community, an_act(community_id="other"), what="it")

    def test_of_one_check_is_not_ended_by_the_other(self, community):
        noted(community, Check.BOOKS, Broken())

        noted(community, Check.LOG)

        assert alarm.find_damage(community, "xfl") is not None

    def test_is_news_when_it_begins_and_when_it_ends(self, community):
        news = [
            noted(community),
            noted(community, damage=Broken()),
            noted(community, damage=Broken()),
            noted(community),
            noted(community),
        ]

        assert [False, True, False, True, False] == news
