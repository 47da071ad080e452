"""What can be done about the pool: give points into it, propose a grant out of it, confirm or turn one down.

What passbooks hold above the caps of the rules goes into it by itself: `donate_surplus`, part of the work of the night.
"""

from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.books.statements import passbook_accounts
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef
from timebank.ledger.balances import take_oldest_first
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.people import queries as people
from timebank.people.roles import Permission
from timebank.pool import queries
from timebank.pool.queries import POOL, Grant, Surplus
from timebank.pool.rules import GrantDecided, GrantFacts, check_decision, check_donation, check_grant, check_reason
from timebank.pool.tables import PoolGrantDecisionRow, PoolGrantRow
from timebank.rulebook.queries import rules_on
from timebank.rulebook.rules import vintage_for


@once("pool.donate")
def donate(session: Session, act: Act, *, points_e2: int) -> int:
    """Give points of one's own passbook into the pool, the oldest first, as the volunteer who acts.

    Returns:
        The number of the entry.

    Raises:
        NoSuchVolunteer: the actor is no volunteer.
        PoolClosed, DonationTooSmall, DonorShort: see `check_donation`.
    """
    return _give(session, act, people.volunteer(session, act.community_id, act.number).number, points_e2)


def _give(session: Session, act: Act, number: str, points_e2: int) -> int:
    rules = rules_on(session, act.community_id, act.today)
    held = tuple((item.account, item.balance) for item in passbook_accounts(session, act.community_id, number))
    check_donation(rules.document.pool, points_e2, sum(amount for _, amount in held))
    parts = take_oldest_first(points_e2, held)
    draft = Draft(
        kind=EntryKind.POINTS_DONATED,
        effective_on=act.today,
        transfers=tuple(Transfer(account, POOL, amount) for account, amount in parts),
        source=f"pool-donation:{act.new_id('pool-donation')}",
        rule_version=rules.version,
        facts={"volunteer": number},
    )
    return journal.post(session, act, draft).seq


@once("pool.donate_for_group", subject="number")
def donate_for_group(session: Session, act: Act, *, number: str, points_e2: int) -> int:
    """Give points of a group's passbook into the pool, on behalf of the group; return the number of the entry.

    Raises:
        NotAllowed: the actor may not grant from the pool where the group is.
        NoSuchVolunteer: there is no such group.
        PoolClosed, DonationTooSmall, DonorShort: see `check_donation`.
    """
    people.check_may(session, act, Permission.GRANT_FROM_POOL)
    found = people.volunteer(session, act.community_id, people.group(session, act.community_id, number).number)
    people.check_may(session, act, Permission.GRANT_FROM_POOL, org_unit_id=found.org_unit_id)
    return _give(session, replace(act, on_behalf_of=number), number, points_e2)


@once("pool.propose_grant")
def propose_grant(session: Session, act: Act, *, number: str, points_e2: int, reason: str) -> str:
    """Propose that the passbook of a household in need gets points out of the pool; return the grant's id.

    Raises:
        NotAllowed: the actor may not grant where the volunteer lives.
        NoSuchVolunteer, GroupOnlyGives: there is no person of this number.
        GrantReasonMissing: it does not say why.
        PoolClosed, GrantTooLarge, GrantTooOften, PoolShort, GrantForYourself: see `check_grant`.
    """
    people.check_may(session, act, Permission.GRANT_FROM_POOL)
    check_reason(reason)
    people.check_no_group(number)
    _check_within_rules(session, act, number, points_e2, but=None)
    row = PoolGrantRow(
        community_id=act.community_id,
        id=act.new_id("pool-grant"),
        number=number,
        points_e2=points_e2,
        reason=reason.strip(),
        proposer_id=act.person_id,
        proposer=act.number,
        proposed_at=act.at,
    )
    session.add(row)
    return str(row.id)


@once("pool.confirm_grant", subject="grant_id")
def confirm_grant(session: Session, act: Act, *, grant_id: UUID) -> int:
    """Confirm somebody else's grant: the points leave the pool; return the number of the entry.

    Raises:
        NotAllowed: the actor may not grant where the volunteer lives.
        NoSuchGrant: there is none.
        GrantDecided, GrantNeedsAnother: it is not theirs to confirm.
        PoolClosed, GrantTooLarge, GrantTooOften, PoolShort, GrantForYourself: see `check_grant`.
    """
    people.check_may(session, act, Permission.GRANT_FROM_POOL)
    found = queries.grant(session, act.community_id, grant_id)
    check_decision(found.state, proposer_id=found.proposer_id, confirmer_id=act.person_id)
    _check_within_rules(session, act, found.number, found.points_e2, but=grant_id)
    posted = journal.post(session, act, _draft(session, act, found))
    _decide(session, act, found, entry_seq=posted.seq)
    return posted.seq


@once("pool.reject_grant", subject="grant_id")
def reject_grant(session: Session, act: Act, *, grant_id: UUID) -> None:
    """Turn a grant down, or take one's own proposal back; nothing moves.

    Raises:
        NotAllowed: the actor may not grant.
        NoSuchGrant: there is none.
        GrantDecided: it was decided before.
    """
    people.check_may(session, act, Permission.GRANT_FROM_POOL)
    found = queries.grant(session, act.community_id, grant_id)
    if found.state != "open":
        raise GrantDecided(state=found.state)
    _decide(session, act, found, entry_seq=None)


def donate_surplus(session: Session, act: Act) -> dict[str, int]:
    """Give what passbooks hold above the caps of the rules into the pool, the oldest first, one entry per passbook.

    What is put aside counts too, but only what is free is given. Part of the work of the night, which does it once.

    Returns:
        `passbooks` and `points_e2`, hundredths of a point.

    Source: domain.md section 2 (balance cap) and 1.4 (what is above it is given away).
    """
    rules = rules_on(session, act.community_id, act.today)
    found = queries.surpluses(session, act.community_id, rules.document.pool)
    drafts = [_surplus_draft(act, rules.version, one) for one in found]
    journal.post_all(session, act, drafts)
    return {"passbooks": len(drafts), "points_e2": sum(part.amount for draft in drafts for part in draft.transfers)}


def _surplus_draft(act: Act, rule_version: int, found: Surplus) -> Draft:
    parts = take_oldest_first(found.points_e2, found.free)
    return Draft(
        kind=EntryKind.SURPLUS_DONATED,
        effective_on=act.today,
        transfers=tuple(Transfer(account, POOL, amount) for account, amount in parts),
        source=f"surplus:{act.today}",
        rule_version=rule_version,
        facts={"volunteer": found.number, "balance_most_e2": found.balance_most_e2},
    )


def _check_within_rules(session: Session, act: Act, number: str, points_e2: int, *, but: UUID | None) -> None:
    volunteer = people.volunteer(session, act.community_id, number)
    people.check_may(session, act, Permission.GRANT_FROM_POOL, org_unit_id=volunteer.org_unit_id)
    facts = GrantFacts(
        points_e2=points_e2,
        pool_e2=queries.pool_e2(session, act.community_id),
        granted_this_year=queries.granted_in_year(session, act.community_id, number, act.today, but=but),
        recipient_id=volunteer.person_id,
        close_ids=people.close_to(session, act.community_id, {volunteer.person_id})[volunteer.person_id],
    )
    check_grant(rules_on(session, act.community_id, act.today).document.pool, facts, actor_id=act.person_id)


def _draft(session: Session, act: Act, found: Grant) -> Draft:
    rules = rules_on(session, act.community_id, act.today)
    passbook = AccountRef(AccountKind.PASSBOOK, found.number, POINTS, vintage_for(rules.document, act.today))
    return Draft(
        kind=EntryKind.POOL_GRANTED,
        effective_on=act.today,
        transfers=(Transfer(POOL, passbook, found.points_e2),),
        source=f"pool-grant:{found.grant_id}",
        rule_version=rules.version,
        facts={"volunteer": found.number, "proposer": found.proposer},
    )


def _decide(session: Session, act: Act, found: Grant, *, entry_seq: int | None) -> None:
    row = {
        "community_id": act.community_id,
        "grant_id": found.grant_id,
        "confirmed": entry_seq is not None,
        "proposer_id": found.proposer_id,
        "decider_id": act.person_id,
        "decider": act.number,
        "decided_at": act.at,
        "entry_seq": entry_seq,
    }
    session.execute(sa.insert(PoolGrantDecisionRow), [row])
