"""Keeping what a verification found: for ever, by whoever may verify, once per request."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.market import builders as market
from tests.people import builders as people
from timebank.audit import operations, queries
from timebank.audit.verification import FINDINGS_KEPT, Report, examine
from timebank.books import trail
from timebank.books.trail import TrailFilter
from timebank.ledger.checks import Finding
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role

FINDING = Finding("hash", "entry 17", {"stored": "ab", "computed": "cd"})


def a_report(*findings, size=3, total=None):
    return Report(size, "00" * 32, findings, len(findings) if total is None else total)


@pytest.fixture
def shop(session):
    """An open shop, with nothing in its books but its beginning."""
    return market.a_shop(session)


@pytest.fixture
def auditor(session, shop):
    """Somebody who checks and does nothing else."""
    return people.a_staff_member(session, Role.AUDITOR)


class TestKeepingAVerification:
    """architecture.md section 6.3, step 6: the result is stored and stays."""

    def test_is_kept_as_it_was(self, session, shop, auditor):
        told = operations.keep_verification(session, people.acting_as(auditor), report=a_report(FINDING, total=999))

        kept = queries.find_last_verification(session, shop.community_id)
        assert kept is not None
        assert (str(kept.id), 999) == (told["verification_id"], told["findings_total"])
        assert (3, auditor.number, NOON, (FINDING,)) == (kept.size, kept.by, kept.at, kept.findings)

    def test_before_the_first_there_is_none(self, session, shop):
        assert queries.find_last_verification(session, shop.community_id) is None

    def test_the_newest_comes_first(self, session, shop, auditor):
        for size in (1, 2, 3):
            act = people.acting_as(auditor, at=NOON + timedelta(minutes=size))
            operations.keep_verification(session, act, report=a_report(size=size))

        assert [3, 2] == [one.size for one in queries.verifications(session, shop.community_id, limit=2)]

    def test_another_community_sees_nothing_of_it(self, session, auditor):
        market.a_shop(session, "other")
        operations.keep_verification(session, people.acting_as(auditor), report=a_report())

        assert () == queries.verifications(session, "other")

    def test_asked_twice_it_is_kept_once(self, session, shop, auditor):
        act = people.acting_as(auditor)
        first, again = (operations.keep_verification(session, act, report=a_report(FINDING)) for _ in range(2))

        assert first == again
        assert 1 == len(queries.verifications(session, shop.community_id))

    def test_whoever_hands_out_goods_does_not_verify(self, session, shop):
        with pytest.raises(NotAllowed):
            operations.keep_verification(session, shop.act(shop.clerk), report=a_report())

        assert () == queries.verifications(session, shop.community_id)

    def test_leaves_a_line_in_the_trail(self, session, shop, auditor):
        operations.keep_verification(session, people.acting_as(auditor), report=a_report())

        newest = trail.lines(session, shop.community_id, wanted=TrailFilter(verb="audit."), limit=1)[0]
        assert ("audit.keep_verification", auditor.number, "done") == (newest.verb, newest.actor, newest.outcome)

    @pytest.mark.parametrize("change", ["UPDATE verification SET findings_total = 0", "DELETE FROM verification"])
    def test_a_bad_result_cannot_be_made_to_disappear(self, session, auditor, change):
        operations.keep_verification(session, people.acting_as(auditor), report=a_report(FINDING))
        session.flush()

        with pytest.raises((sa.exc.IntegrityError, sa.exc.ProgrammingError)), session.begin_nested():
            session.execute(sa.text(change))


class TestReports:
    """A report names the first findings and counts all of them."""

    def test_a_community_that_has_just_begun_is_sound(self, session, shop):
        report = examine(session, shop.community_id, ())

        assert report.sound
        assert report.size > 0

    def test_however_much_is_wrong_the_report_stays_short(self, session, shop):
        many = [f"guard {number}" for number in range(FINDINGS_KEPT + 1)]

        report = examine(session, shop.community_id, many)

        assert (FINDINGS_KEPT, FINDINGS_KEPT + 1) == (len(report.findings), report.findings_total)
        assert not report.sound
