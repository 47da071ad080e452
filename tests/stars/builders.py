"""Builders of the star room: a volunteer with recognised minutes, cases, notices, grants; say only what matters."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from tests.books.builders import SERVICE, recognised
from tests.builders import NOON
from tests.people.builders import a_staff_member, a_volunteer, acting_as
from tests.rulebook.builders import a_document
from timebank.books import journal, statements
from timebank.books.pages import entry_view
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.rulebook.operations import confirm, propose
from timebank.rulebook.rules import Body, Ladder, as_json
from timebank.stars import operations, queries
from timebank.stars.operations import noticing, recommending
from timebank.stars.queries import notices
from timebank.stars.rules.recommending import Outcome

ONE_STAR = 6_000
"""Minutes of the first star: 100 hours."""
TWO_STARS = 18_000


def credit(session, act, minutes_by_number):
    """Let volunteers serve some minutes and have them looked at, as an approval does; return what `review` said."""
    drafts = [
        Draft(
            kind=EntryKind.SERVICE_APPROVED,
            effective_on=act.today,
            transfers=(Transfer(SERVICE, recognised(number), minutes),),
            source=f"test:{number}",
        )
        for number, minutes in minutes_by_number.items()
    ]
    journal.post_all(session, act, drafts)
    return looked_at(session, act, *minutes_by_number)


def take_back(session, act, number):
    """Reverse the last service of a volunteer and have them looked at; return what `review` said."""
    entries = statements.entries_of_source(session, act.community_id, [f"test:{number}"])
    last = max(entry.seq for entry in entries if entry.kind is EntryKind.SERVICE_APPROVED)
    journal.reverse(session, act, seq=last, reason="登记有误")
    return looked_at(session, act, number)


def looked_at(session, act, *numbers):
    """Review volunteers by what the books say now."""
    minutes = {number: minutes_of(session, number, act.community_id) for number in numbers}
    return operations.review(session, act, minutes_by_number=minutes)


def minutes_of(session, number, community_id="xfl"):
    """Recognised minutes of a volunteer."""
    return statements.balance(session, community_id, recognised(number))


def a_candidate(session, approver, minutes=ONE_STAR, **changes):
    """Register a volunteer who has served these minutes, approved by somebody; return their number."""
    number = a_volunteer(session, **changes).number
    credit(session, acting_as(approver), {number: minutes})
    return number


def memo_of(session, seq):
    """The free text of an entry."""
    view = entry_view(session, "xfl", seq)
    assert view is not None
    return view.memo


def the_case(session, number):
    """The id of a volunteer's open case."""
    (case,) = (case for case in queries.open_cases(session, "xfl") if case.number == number)
    return case.award_id


def announced(session, *award_ids, community_id="xfl"):
    """Let the public notice of cases be over by now: somebody put them on notice ten days ago."""
    someone = a_staff_member(session, community_id=community_id)
    act = acting_as(someone, at=NOON - timedelta(days=10), community_id=community_id)
    noticing.put_on_notice(session, act, award_ids=award_ids)
    return award_ids[0]


def a_star(session, number, granter, **changes):
    """Grant a volunteer's open case, after its notice, or record that the level above did; return what was answered."""
    award_id = the_case(session, number)
    (found,) = notices.noticed(session, "xfl", [queries.award(session, "xfl", award_id)], NOON.date())
    if found.last_on is None:
        announced(session, award_id)
    act = acting_as(granter, **changes)
    if found.award.body is Body.UPPER:
        recommended(session, award_id, **changes)
        return recommending.record_outcomes(session, act, outcomes=(an_outcome(award_id),))
    return operations.grant(session, act, award_id=award_id)


def recommended(session, *award_ids, **changes):
    """Let somebody recommend cases to the level above; return who."""
    someone = a_staff_member(session)
    recommending.recommend(session, acting_as(someone, **changes), award_ids=award_ids, to="街道志愿者协会")
    return someone


def an_outcome(award_id, **changes):
    """That the level above has granted a star, today."""
    plain = Outcome(award_id, granted=True, decided_on=NOON.date(), document="街志协〔2026〕7号", reason="")
    return replace(plain, **changes)


def a_review(session, number):
    """The id of the open review of a volunteer's star."""
    (review,) = (review for review in queries.open_reviews(session, "xfl") if review.award.number == number)
    return review.review_id


def states_of(session, number):
    """Level and state of every case of a volunteer, oldest first."""
    return [(case.level, str(case.state)) for case in reversed(queries.history(session, "xfl", number))]


def statements_of(session, work):
    """Count the statements that some work sends to the database."""
    sent = []
    connection = session.connection()

    def count(*_):
        sent.append(1)

    sa.event.listen(connection, "before_cursor_execute", count)
    work()
    session.flush()
    sa.event.remove(connection, "before_cursor_execute", count)
    return len(sent)


def with_ladder(session, admin, confirmer, *steps):
    """Let the community have another ladder from tomorrow on."""
    document = as_json(a_document(ladders=(Ladder("community", "社区星级", steps),)))
    proposal_id = propose(
        session,
        acting_as(admin),
        document=document,
        valid_from=NOON.date() + timedelta(days=1),
        reason="居民议事会通过",
    )
    confirm(session, acting_as(confirmer), proposal_id=UUID(proposal_id))
