"""Certificates of stars: made out once a star is granted, by whoever grants it or in the following night."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import content_hash, once
from timebank.certificates import queries
from timebank.certificates.operations.writing import begun, write
from timebank.certificates.rules import CertificateKind, Office
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.people.queries import Volunteer
from timebank.rulebook.queries import rule_version
from timebank.stars import queries as stars
from timebank.stars.rules import Award, AwardState


@once("certificates.certify_stars")
def certify_stars(session: Session, act: Act, *, award_ids: tuple[UUID, ...]) -> int:
    """Make out the certificates of stars that were granted and have none yet; return how many.

    It asks for no right and decides nothing: the grant was decided by two persons, and its granter is the issuer.

    Raises:
        NoSuchAward: there is no such case.
    """
    return _certify(session, act, [stars.award(session, act.community_id, one) for one in award_ids])


@once("certificates.certify_every_star")
def certify_every_star(session: Session, act: Act) -> int:
    """Make out what is missing, whoever granted it and however; see `certify_stars`. For the work of the night."""
    return _certify(session, act, list(stars.awards_in_order(session, act.community_id)))


def certify_after(session: Session, act: Act, award_ids: Sequence[UUID]) -> None:
    """Make out what a grant has just led to, within the same transaction; for the shell, which grants stars.

    The act gets a key of its own that follows from the first, so that a retry does nothing twice.
    """
    following = content_hash("certificates.certify_stars", act, {"after": act.request_key}).hex()
    certify_stars(session, replace(act, request_key=f"certify/{following}"), award_ids=tuple(award_ids))


def _certify(session: Session, act: Act, awards: Sequence[Award]) -> int:
    there = queries.certified_awards(session, act.community_id)
    granted = [one for one in awards if one.state is AwardState.GRANTED and one.award_id not in there]
    granted.sort(key=lambda award: award.entry_seq or 0)
    names = people.volunteers(session, act.community_id, {award.number for award in granted})
    for award in granted:
        _certify_star(session, act, award, names[award.number])
    return len(granted)


def _certify_star(session: Session, act: Act, award: Award, volunteer: Volunteer) -> None:
    community = people.community(session, act.community_id)
    office = queries.find_office(session, act.community_id) or Office(community.name, "")
    ladder = rule_version(session, act.community_id, award.rule_version).document.community_ladder
    staff = people.staff_names(session, act.community_id)
    granter = award.decider or act.number
    assert award.decided_at is not None, award
    snapshot = replace(
        begun(session, act, CertificateKind.STAR, volunteer, office),
        handler=staff.get(granter, granter),
        level=award.level,
        ladder=ladder.name,
        needed_minutes=award.needed_minutes,
        total_minutes=award.minutes,
        granted_on=day_of(award.decided_at),
        body=award.body.value,
    )
    decider = people.staff_by_number(session, act.community_id, granter)
    write(session, act, snapshot, volunteer, issuer=(decider.person_id, granter), award=award)
