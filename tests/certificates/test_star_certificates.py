"""Certificates of stars: made out when a star is granted, with the ladder's own name, once."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.people.builders import a_staff_member, acting_as
from tests.rulebook.community import a_community
from tests.stars.builders import a_candidate, a_star, the_case
from timebank.certificates import operations, queries
from timebank.certificates.rules import (
    CertificateKind,
    CertificateNeedsAnother,
    CertificateState,
    StarCertificateNotReplaced,
)
from timebank.stars.queries import history

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
