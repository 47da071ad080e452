"""Checking: what comes in beside what is there already, and every problem of it.

The one-page form, files and the command line all come through here, so the same rules hold for all of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.loading import in_chunks
from timebank.people.queries import NoSuchVolunteer, Volunteer, close_to, community, volunteers
from timebank.refusal import Refusal
from timebank.rulebook.queries import rules_on_days
from timebank.rulebook.rules import RuleDocument
from timebank.service.queries.entered import Entered
from timebank.service.queries.needs import needs_of
from timebank.service.rules import (
    LIVE,
    ActivityFacts,
    ActivityState,
    Needs,
    Problem,
    ServiceFacts,
    Severity,
    Span,
    Surroundings,
    Taken,
    Typed,
    check_rating,
    check_records,
    refusal_for,
)
from timebank.service.rules.case import TYPED
from timebank.service.rules.records import Alike, alike_of
from timebank.service.shapes import check_moments, check_texts
from timebank.service.tables import ActivityRow, ServiceRecordRow

Problems = tuple[tuple[Problem, ...], ...]
"""The problems of each record, in the order of the records."""


class NothingAsked(Refusal):
    """The sheet has no lines, or nothing was chosen."""

    code = "nothing_asked"


def refuse_blocked(problems: Problems) -> None:
    """Refuse the records if one of them is blocked.

    Raises:
        NothingAsked: there are no records.
        the refusal of the first problem that blocks, with every record that is blocked.
    """
    if not problems:
        raise NothingAsked()
    refusal = refusal_for(problems)
    if refusal is not None:
        raise refusal


def problems_of(
    session: Session, act: Act, entered: Sequence[Entered], activities: Mapping[str, ActivityFacts]
) -> Problems:
    """Return every problem of every record, in the order of the records.

    Raises:
        TextUnclear, MomentOutOfRange, RatingOutOfRange: the shape of a record is wrong; forms and files have looked at
            that before.
    """
    for one in entered:
        _check_shape(one)
    people = volunteers(session, act.community_id, {one.volunteer_number for one in entered})
    rules = rules_on_days(session, act.community_id, {one.span.served_on for one in entered})
    known = [one for one in entered if one.volunteer_number in people]
    facts = [
        _facts(
            one,
            people[one.volunteer_number],
            activities.get(one.activity_number),
            rules[one.span.served_on].document,
            needs,
        )
        for one, needs in zip(known, needs_of(session, act.community_id, known, people), strict=True)
    ]
    found = iter(check_records(facts, _surroundings(session, act, facts)))
    return tuple(next(found) if one.volunteer_number in people else (_no_such_volunteer(one),) for one in entered)


def _check_shape(one: Entered) -> None:
    check_texts(one.texts())
    check_moments((one.span.starts_at, one.span.ends_at))
    check_rating(one.rating)


def _no_such_volunteer(one: Entered) -> Problem:
    facts = {"volunteer": one.volunteer_number, "number": one.volunteer_number}
    return Problem(NoSuchVolunteer.code, Severity.BLOCKED, {**facts})


def _facts(
    one: Entered, person: Volunteer, activity: ActivityFacts | None, rules: RuleDocument, needs: Needs
) -> ServiceFacts:
    return ServiceFacts(
        volunteer=person.number,
        person_id=person.person_id,
        left_on=person.closed_on,
        span=one.span,
        service_class=one.service_class,
        source_class=one.source_class,
        activity_number=one.activity_number,
        activity=activity,
        late_reason=one.late_reason,
        rules=rules,
        attended=one.attended,
        corrects=one.corrects,
        needs=needs,
    )


def _surroundings(session: Session, act: Act, facts: Sequence[ServiceFacts]) -> Surroundings:
    return Surroundings(
        recorder_id=act.person_id,
        close_to_recorder=close_to(session, act.community_id, [act.person_id])[act.person_id],
        at=act.at,
        go_live_on=community(session, act.community_id).go_live_on,
        taken=_taken(session, act.community_id, facts) if facts else {},
        typed=_typed(session, act, facts) if facts else Typed(),
    )


_A_DAY: Final = timedelta(days=1)


def _taken(session: Session, community_id: str, facts: Sequence[ServiceFacts]) -> dict[UUID, list[Taken]]:
    """Return the live records of these people around these times and activities; no record is longer than a day."""
    spans = [fact.span for fact in facts] + [fact.activity.span for fact in facts if fact.activity is not None]
    moments = [moment for span in spans for moment in (span.starts_at, span.ends_at)]
    same = sa.and_(
        ActivityRow.community_id == ServiceRecordRow.community_id, ActivityRow.id == ServiceRecordRow.activity_id
    )
    query = (
        sa.select(ServiceRecordRow.person_id, ServiceRecordRow.starts_at, ServiceRecordRow.ends_at, ActivityRow.number)
        .join(ActivityRow, same)
        .where(ServiceRecordRow.community_id == community_id, ServiceRecordRow.state.in_(LIVE))
        .where(ServiceRecordRow.starts_at.between(min(moments) - _A_DAY, max(moments) + _A_DAY))
    )
    taken: dict[UUID, list[Taken]] = defaultdict(list)
    for numbers in in_chunks(sorted({fact.volunteer for fact in facts})):
        for row in session.execute(query.where(ServiceRecordRow.volunteer_number.in_(numbers))):
            taken[row.person_id].append(Taken(Span(row.starts_at, row.ends_at), row.number))
    return taken


def _typed(session: Session, act: Act, facts: Sequence[ServiceFacts]) -> Typed:
    """Return what the actor has typed already within the days that the rules look at, the longest where they differ."""
    since = act.at - timedelta(days=max(fact.rules.patterns.days for fact in facts))
    same = sa.and_(
        ActivityRow.community_id == ServiceRecordRow.community_id, ActivityRow.id == ServiceRecordRow.activity_id
    )
    planned_at = (ActivityRow.starts_at.label("begins"), ActivityRow.ends_at.label("closes"), ActivityRow.approved_at)
    query = (
        sa.select(
            ServiceRecordRow.person_id,
            ServiceRecordRow.starts_at,
            ServiceRecordRow.ends_at,
            ServiceRecordRow.recorded_at,
            ActivityRow.number,
            ActivityRow.state,
            *planned_at,
        )
        .join(ActivityRow, same)
        .where(
            ServiceRecordRow.community_id == act.community_id,
            ServiceRecordRow.recorder_id == act.person_id,
            ServiceRecordRow.state.in_(LIVE),
            ServiceRecordRow.source_class.in_(TYPED),
            ServiceRecordRow.recorded_at > since,
        )
    )
    return _counted(session.execute(query))


def _counted(rows: Iterable[Any]) -> Typed:  # rows of the query
    """Count what was typed; the lines of one sheet that were served as planned look alike once."""
    alike: Counter[Alike] = Counter()
    minutes: Counter[UUID] = Counter()
    sheets = set()
    for row in rows:
        span = Span(row.starts_at, row.ends_at)
        activity = ActivityFacts(row.number, ActivityState(row.state), Span(row.begins, row.closes), row.approved_at)
        sheet = (alike_of(span), row.number, row.recorded_at)
        alike[alike_of(span)] += not (activity.planned(span) and sheet in sheets)
        minutes[row.person_id] += span.minutes
        sheets.add(sheet)
    return Typed(alike, minutes)
