"""Certificates of stars: made out when a star is granted, with the ladder's own name, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.people.builders import a_staff_member, acting_as
from tests.rulebook.community import a_community
from tests.stars.builders import a_candidate, a_star, credit, the_case
from timebank.certificates import operations, queries
from timebank.certificates.rules import (
    CertificateKind,
    CertificateNeedsAnother,
    CertificateState,
    StarCertificateNotReplaced,
)
from timebank.people.queries import volunteer as people_volunteer
from timebank.stars.operations.inquiring import decide_inquiry, hear, open_inquiry
from timebank.stars.queries import history
from timebank.stars.rules.inquiries import Heard, HearingKind, InquiryOutcome, Verdict

LATER = NOON + timedelta(days=30)


@pytest.fixture
def granter(session):
    """Somebody who grants, in a community with rules."""
    a_community(session)
    return a_staff_member(session)


@pytest.fixture
def number(session, granter):
    """A volunteer whose first star was granted."""
    number = a_candidate(session, a_staff_member(session), 6_000)
    a_star(session, number, granter)
    return number


def certified(session, granter, number):
    """Make out what is missing, and return the certificates of a volunteer."""
    (award,) = [one for one in history(session, "xfl", number) if one.state.value == "granted"]
    act = acting_as(granter, at=LATER)
    operations.certify_after(session, act, [award.award_id])
    operations.certify_after(session, act, [award.award_id])
    operations.certify_every_star(session, acting_as(granter, at=LATER))
    return queries.certificates_of(session, "xfl", award.person_id)


class TestStarCertificates:
    """A snapshot with number, star and ladder; the granter is the issuer."""

    def test_is_made_out_once_with_star_and_ladder(self, session, granter, number):
        (found,) = certified(session, granter, number)

        said = found.snapshot
        assert (CertificateKind.STAR, "XZ2026-0001", 1, 6_000) == (
            found.kind,
            said.number,
            said.level,
            said.needed_minutes,
        )
        assert said.ladder
        assert "community" == said.body
        assert (granter.number, granter.name, CertificateState.VALID) == (found.issuer, said.handler, found.state)
        assert "幸福里社区" == said.unit

    def test_a_case_that_waits_has_none(self, session, granter):
        number = a_candidate(session, a_staff_member(session), 6_000)

        operations.certify_after(session, acting_as(granter, at=LATER), [the_case(session, number)])

        assert () == queries.certificates(session, "xfl")

    def test_is_revoked_by_another_and_never_replaced(self, session, granter, number):
        (found,) = certified(session, granter, number)
        other = a_staff_member(session)
        with pytest.raises(StarCertificateNotReplaced):
            operations.replace_certificate(
                session, acting_as(other, at=LATER), certificate_id=found.certificate_id, reason="换"
            )
        with pytest.raises(CertificateNeedsAnother):
            operations.revoke(
                session, acting_as(granter, at=LATER), certificate_id=found.certificate_id, reason="星级撤销"
            )

        operations.revoke(session, acting_as(other, at=LATER), certificate_id=found.certificate_id, reason="星级撤销")

        assert CertificateState.REVOKED is queries.certificate(session, "xfl", found.certificate_id).state


def lowered(session, granter, number, verdict):
    """Open an inquiry into a star, hear the volunteer and decide."""
    opener = acting_as(a_staff_member(session), at=LATER)
    name = open_inquiry(session, opener, volunteer_number=number, reason="代签", evidence="签到表 A-0503")
    declined = Heard(HearingKind.DECLINED, LATER.date(), "")
    hear(session, replace(opener, request_key=f"hear-{name}-0001"), number=name, heard=declined)
    decide_inquiry(session, acting_as(granter, at=LATER), number=name, verdict=verdict)


class TestALoweredStar:
    """While an inquiry has lowered a star, whoever checks its certificate is told that it holds nothing."""

    def states(self, session, certificates, day):
        """The states of certificates on a day, and until when they hold nothing."""
        found = queries.standing(session, "xfl", certificates, day)
        return [(one.state, one.suspended_until) for one in found]

    def test_is_suspended_until_the_last_day_and_holds_again(self, session, granter, number):
        found = certified(session, granter, number)
        until = LATER.date() + timedelta(days=90)

        lowered(session, granter, number, Verdict(InquiryOutcome.WITHDRAWN, 0, until, "收受报酬"))

        day = timedelta(days=1)
        valid, suspended = (CertificateState.VALID, None), (CertificateState.SUSPENDED, until)
        days = [LATER.date() - day, LATER.date(), until, until + day]
        assert [[valid], [suspended], [suspended], [valid]] == [self.states(session, found, each) for each in days]

    def test_the_star_that_is_still_held_keeps_its_certificate(self, session, granter, number):
        credit(session, acting_as(a_staff_member(session)), {number: 12_000})
        a_star(session, number, granter)
        operations.certify_every_star(session, acting_as(granter, at=LATER))
        person = people_volunteer(session, "xfl", number).person_id
        two, one = queries.certificates_of(session, "xfl", person)
        until = LATER.date() + timedelta(days=90)

        lowered(session, granter, number, Verdict(InquiryOutcome.REDUCED, 1, until, "两次代签"))

        assert [(CertificateState.SUSPENDED, until), (CertificateState.VALID, None)] == self.states(
            session, [two, one], LATER.date()
        )

    def test_a_revoked_one_stays_revoked(self, session, granter, number):
        (found,) = certified(session, granter, number)
        act = acting_as(a_staff_member(session), at=LATER)
        operations.revoke(session, act, certificate_id=found.certificate_id, reason="写错")
        lowered(
            session, granter, number, Verdict(InquiryOutcome.WITHDRAWN, 0, LATER.date() + timedelta(days=9), "属实")
        )

        ended = queries.certificate(session, "xfl", found.certificate_id)

        assert [(CertificateState.REVOKED, None)] == self.states(session, [ended], LATER.date())
