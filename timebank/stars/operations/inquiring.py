"""What can be done about inquiries into stars: open one, hear the volunteer, decide, object; each a line for ever."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.days import day_of
from timebank.ledger.entries import Draft, EntryKind
from timebank.people import queries as people
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.rulebook.queries import rules_on
from timebank.rulebook.rules import Inquiries
from timebank.stars.operations import deciding
from timebank.stars.queries import award, history
from timebank.stars.queries.inquiries import Inquiry, inquiry, waiting_inquiries
from timebank.stars.rules import AwardState, check_distance
from timebank.stars.rules.inquiries import (
    Heard,
    HearingKind,
    InquiryDecided,
    InquiryOpenAlready,
    InquiryState,
    NoStarHeld,
    Verdict,
    check_decider,
    check_hearing,
    check_objection,
    check_texts,
    check_verdict,
)
from timebank.stars.tables import StarHearingRow, StarInquiryDecisionRow, StarInquiryObjectionRow, StarInquiryRow


class NotYourInquiry(Refusal):
    """It is about somebody else's star; only the volunteer speaks for themselves and objects."""

    code = "star_inquiry_not_yours"


@once("stars.open_inquiry", subject="volunteer_number")
def open_inquiry(session: Session, act: Act, *, volunteer_number: str, reason: str, evidence: str) -> str:
    """Open an inquiry into the star that a volunteer holds; return its number.

    Args:
        reason: what is said to have happened, 1 to 200 characters; the volunteer reads it.
        evidence: what shows it, 1 to 500 characters: papers by their numbers, who saw it.

    Raises:
        NotAllowed: the actor may not decide about stars where the volunteer lives.
        NoSuchVolunteer, NoStarHeld: there is no star to inquire into.
        InquiryOpenAlready: one waits for its decision.
        InquiryTextMissing, YourOwnStar, StarOfRelative.
    """
    people.check_may(session, act, Permission.GRANT_STAR)
    check_texts(reason, evidence)
    volunteer = people.volunteer(session, act.community_id, volunteer_number)
    granted = [one for one in history(session, act.community_id, volunteer.number) if one.state is AwardState.GRANTED]
    if not granted:
        raise NoStarHeld(volunteer=volunteer.number)
    held = max(granted, key=lambda one: one.level)
    ((_, facts),) = deciding.decidable(session, act, [held.award_id])
    check_distance(facts, act.person_id)
    if waiting_inquiries(session, act.community_id, [volunteer.number]):
        raise InquiryOpenAlready(volunteer=volunteer.number)
    row = StarInquiryRow(
        community_id=act.community_id,
        id=act.new_id("star-inquiry"),
        number=_next_number(session, act.community_id),
        award_id=held.award_id,
        person_id=volunteer.person_id,
        volunteer_number=volunteer.number,
        level=held.level,
        reason=reason.strip(),
        evidence=evidence.strip(),
        opener_id=act.person_id,
        opener=act.number,
        opened_at=act.at,
    )
    session.add(row)
    return row.number


def _next_number(session: Session, community_id: str) -> str:
    query = sa.select(sa.func.count()).where(StarInquiryRow.community_id == community_id)
    return f"FH{(session.scalar(query) or 0) + 1:04d}"


@once("stars.hear", subject="number")
def hear(session: Session, act: Act, *, number: str, heard: Heard) -> None:
    """Write down what the volunteer said to an inquiry, or that they would not say anything or did not come.

    Raises:
        NotAllowed: the actor may not decide about stars where the volunteer lives.
        NoSuchInquiry, InquiryDecided: there is nothing to be heard about.
        HearingDayWrong, AbsentTooSoon, InquiryTextMissing: see `check_hearing`.
        YourOwnStar, StarOfRelative: it is not theirs to write down.
    """
    people.check_may(session, act, Permission.GRANT_STAR)
    found = inquiry(session, act.community_id, number)
    ((_, facts),) = deciding.decidable(session, act, [found.award_id])
    check_distance(facts, act.person_id)
    _hear(session, act, found, heard)


@once("stars.state", subject="number")
def state(session: Session, act: Act, *, number: str, text: str) -> None:
    """Say something to an inquiry into one's own star, as the volunteer who acts.

    Raises:
        NoSuchInquiry, NotYourInquiry, InquiryDecided, InquiryTextMissing.
    """
    found = _own(session, act, number)
    _hear(session, act, found, Heard(HearingKind.STATEMENT, act.today, text))


def _own(session: Session, act: Act, number: str) -> Inquiry:
    found = inquiry(session, act.community_id, number)
    if found.person_id != act.person_id:
        raise NotYourInquiry(number=number)
    return found


def _hear(session: Session, act: Act, found: Inquiry, heard: Heard) -> None:
    if found.state is not InquiryState.OPEN:
        raise InquiryDecided(volunteer=found.volunteer_number, level=found.level)
    opened_on = day_of(found.opened_at)
    check_hearing(_rules(session, act), heard, opened_on=opened_on, today=act.today)
    session.add(
        StarHearingRow(
            community_id=act.community_id,
            id=act.new_id("star-hearing"),
            inquiry_id=found.inquiry_id,
            kind=heard.kind.value,
            heard_on=heard.on,
            text=heard.text.strip(),
            recorder=act.number,
            recorded_at=act.at,
        )
    )


def _rules(session: Session, act: Act) -> Inquiries:
    return rules_on(session, act.community_id, act.today).document.inquiries


@once("stars.decide_inquiry", subject="number")
def decide_inquiry(session: Session, act: Act, *, number: str, verdict: Verdict) -> int:
    """Decide an inquiry, or for good where it was objected to; return the number of the entry.

    A lower level counts from today until the last day of the verdict; then the star is held again by itself. What was
    served before today keeps the level of its day.

    Raises:
        NotAllowed, NotYourLevel: the rules let another body decide about this star.
        NoSuchInquiry, InquiryDecided, NotHeard: it does not wait for a decision.
        YourOwnStar, StarOfRelative, InquiryOpenedByYourself, InquiryDecidedByYourself: it is not theirs to decide.
        InquiryTextMissing, LevelNotLower, PeriodWrong, UpperDocumentMissing: see `check_verdict`.
    """
    people.check_may(session, act, Permission.GRANT_STAR)
    found = inquiry(session, act.community_id, number)
    held = award(session, act.community_id, found.award_id)
    ((_, facts),) = deciding.decidable(session, act, [found.award_id])
    first = found.decisions[0] if found.decisions else None
    check_decider(
        facts,
        found.state,
        heard=bool(found.hearings),
        deciders=(found.opener_id, first.decider_id if first else None),
        decider_id=act.person_id,
    )
    deciding.check_level(session, act, [held])
    check_verdict(_rules(session, act), verdict, level=found.level, body=held.body, today=act.today)
    posted = journal.post(session, act, _draft(session, act, found, verdict))
    session.add(_decision_row(act, found, verdict, posted))
    return posted.seq


def _draft(session: Session, act: Act, found: Inquiry, verdict: Verdict) -> Draft:
    return Draft(
        kind=EntryKind.STAR_INQUIRY_DECIDED,
        effective_on=act.today,
        source=f"star-inquiry:{found.inquiry_id}",
        memo=verdict.reason.strip(),
        rule_version=rules_on(session, act.community_id, act.today).version,
        facts={
            "volunteer": found.volunteer_number,
            "inquiry": found.number,
            "round": len(found.decisions) + 1,
            "outcome": verdict.outcome.value,
            "level": found.level,
            "level_after": verdict.level_after,
            "until_on": verdict.until_on.isoformat() if verdict.until_on else None,
            "upper_document": verdict.document.strip(),
        },
    )


def _decision_row(act: Act, found: Inquiry, verdict: Verdict, posted: journal.Posted) -> StarInquiryDecisionRow:
    first = found.decisions[0] if found.decisions else None
    return StarInquiryDecisionRow(
        community_id=act.community_id,
        inquiry_id=found.inquiry_id,
        round=len(found.decisions) + 1,
        outcome=verdict.outcome.value,
        level=found.level,
        level_after=verdict.level_after,
        until_on=verdict.until_on,
        reason=verdict.reason.strip(),
        document=verdict.document.strip(),
        person_id=found.person_id,
        opener_id=found.opener_id,
        earlier_round=first.round if first else None,
        earlier_decider_id=first.decider_id if first else None,
        decider_id=act.person_id,
        decider=act.number,
        decided_at=posted.booked_at,
        entry_seq=posted.seq,
    )


@once("stars.object_to_decision", subject="number")
def object_to_decision(session: Session, act: Act, *, number: str, text: str) -> None:
    """Object to the decision about one's own star, as the volunteer who acts; a third person decides for good.

    Raises:
        NoSuchInquiry, NotYourInquiry, NothingToObjectTo, InquiryTextMissing.
    """
    found = _own(session, act, number)
    first = found.decisions[0] if found.state is InquiryState.DECIDED else None
    decided_on = day_of(first.decided_at) if first else act.today
    check_objection(_rules(session, act), first.outcome if first else None, decided_on, text=text, today=act.today)
    session.add(
        StarInquiryObjectionRow(
            community_id=act.community_id,
            inquiry_id=found.inquiry_id,
            round=1,
            text=text.strip(),
            made_by=act.number,
            made_at=act.at,
        )
    )
