"""Inquiries into stars: opened with evidence, the volunteer heard, decided by another person, objected to once."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.people.builders import a_staff_member, acting_as
from tests.rulebook.builders import a_document
from tests.stars.builders import ONE_STAR, TWO_STARS, a_candidate, a_star, credit, memo_of, with_ladder
from timebank.audit.reconcile_stars import Inquiries
from timebank.books.journal import entry_at
from timebank.ledger.entries import EntryKind
from timebank.people.queries import volunteer
from timebank.rulebook.rules import Body, Step
from timebank.stars import queries
from timebank.stars.operations import nominate
from timebank.stars.operations.inquiring import (
    NotYourInquiry,
    decide_inquiry,
    hear,
    object_to_decision,
    open_inquiry,
    state,
)
from timebank.stars.queries.inquiries import NoSuchInquiry, inquiries_about, inquiry
from timebank.stars.rules import YourOwnStar
from timebank.stars.rules.conditions import CaseStillOpen
from timebank.stars.rules.inquiries import (
    Heard,
    HearingKind,
    InquiryDecided,
    InquiryDecidedByYourself,
    InquiryOpenAlready,
    InquiryOpenedByYourself,
    InquiryOutcome,
    InquiryState,
    InquiryTextMissing,
    NoStarHeld,
    NotHeard,
    NothingToObjectTo,
    StarLowered,
    Verdict,
)
from timebank.stars.tables import StarHearingRow, StarInquiryDecisionRow, StarInquiryObjectionRow, StarInquiryRow

TODAY = NOON.date()
DAY = timedelta(days=1)
RULES = a_document().inquiries
KEPT = Verdict(InquiryOutcome.KEPT, 2, None, "查无此事")
TO_ONE = Verdict(InquiryOutcome.REDUCED, 1, TODAY + 90 * DAY, "两次代签")
WITHDRAWN = Verdict(InquiryOutcome.WITHDRAWN, 0, TODAY + 90 * DAY, "收受报酬")


@pytest.fixture
def starred(session, approver, granter):
    """A volunteer who holds two stars."""
    number = a_candidate(session, approver, minutes=TWO_STARS)
    a_star(session, number, granter)
    a_star(session, number, granter)
    return volunteer(session, "xfl", number)


@pytest.fixture
def third(session, admin):
    """One more coordinator."""
    return a_staff_member(session)


def opened(session, who, number, **changes):
    """Open an inquiry; return its number."""
    said = {"reason": "五月三日代人签到", "evidence": "签到表 A-0503 两处笔迹相同"} | changes
    return open_inquiry(session, acting_as(who), volunteer_number=number, **said)


def as_volunteer(person, **changes):
    """An act of the volunteer."""
    return acting_as(person, **changes)


def decided(session, who, number, verdict=TO_ONE, **changes):
    """Decide an inquiry; return the number of the entry."""
    return decide_inquiry(session, acting_as(who, **changes), number=number, verdict=verdict)


class TestTheWay:
    """domain.md section 1.1: never silent; opened, heard, decided by another person, every step a dated line."""

    def test_opens_is_heard_and_lowers_the_star_for_a_time(self, session, approver, granter, starred):
        number = opened(session, approver, starred.number)
        state(session, as_volunteer(starred), number=number, text="我替邻居签的，她就在旁边")

        seq = decided(session, granter, number)

        found = inquiry(session, "xfl", number)
        assert ("FH0001", InquiryState.DECIDED) == (found.number, found.state)
        assert ["我替邻居签的，她就在旁边"] == [one.text for one in found.hearings]
        assert (InquiryOutcome.REDUCED, 1, granter.number) == (
            found.decisions[0].outcome,
            found.decisions[0].level_after,
            found.decisions[0].decider,
        )
        entry = entry_at(session, "xfl", seq)
        assert EntryKind.STAR_INQUIRY_DECIDED is entry.kind
        assert (1, "reduced") == (entry.facts["level_after"], entry.facts["outcome"])
        assert "两次代签" == memo_of(session, seq)

    def test_the_level_of_a_day_is_the_one_of_that_day(self, session, approver, granter, starred):
        number = opened(session, approver, starred.number)
        state(session, as_volunteer(starred), number=number, text="说明")
        assert 2 == queries.level_on(session, "xfl", starred.number, TODAY)

        decided(session, granter, number)

        days = (TODAY, TODAY + 90 * DAY, TODAY + 91 * DAY)
        assert [1, 1, 2] == [queries.level_on(session, "xfl", starred.number, day) for day in days]
        assert (1, TODAY + 90 * DAY) == (
            queries.progress(session, "xfl", starred.number, TODAY).level,
            queries.progress(session, "xfl", starred.number, TODAY).lowered_until,
        )

    def test_keeping_changes_no_level_and_stays_in_history(self, session, approver, granter, starred):
        number = opened(session, approver, starred.number)
        hear(session, acting_as(granter), number=number, heard=Heard(HearingKind.DECLINED, TODAY, ""))

        decided(session, granter, number, KEPT)

        assert 2 == queries.level_on(session, "xfl", starred.number, TODAY)
        assert [number] == [one.number for one in inquiries_about(session, "xfl", starred.number)]

    def test_an_objection_is_decided_by_a_third_person_for_good(self, session, approver, granter, third, starred):
        number = opened(session, approver, starred.number)
        state(session, as_volunteer(starred), number=number, text="说明")
        decided(session, granter, number, WITHDRAWN)
        assert 0 == queries.level_on(session, "xfl", starred.number, TODAY)
        object_to_decision(session, as_volunteer(starred), number=number, text="我没有收过钱")
        assert InquiryState.OBJECTED is inquiry(session, "xfl", number).state

        with pytest.raises(InquiryDecidedByYourself):
            decided(session, granter, number, KEPT)
        decided(session, third, number, KEPT)

        assert InquiryState.FINAL is inquiry(session, "xfl", number).state
        assert 2 == queries.level_on(session, "xfl", starred.number, TODAY)
        with pytest.raises(NothingToObjectTo):
            object_to_decision(session, as_volunteer(starred), number=number, text="还是不服")
        with pytest.raises(InquiryDecided):
            decided(session, third, number, KEPT)


class TestWhoMay:
    """Four eyes: who opens does not decide; nobody decides for themselves; only the volunteer speaks for themselves."""

    @pytest.fixture
    def number(self, session, approver, starred):
        """An inquiry that waits."""
        return opened(session, approver, starred.number)

    def test_not_decided_by_who_opened_it(self, session, approver, starred, number):
        state(session, as_volunteer(starred), number=number, text="说明")

        with pytest.raises(InquiryOpenedByYourself):
            decided(session, approver, number)

    def test_not_decided_before_the_volunteer_was_heard(self, session, granter, number):
        with pytest.raises(NotHeard):
            decided(session, granter, number)

    def test_nobody_else_speaks_or_objects_as_the_volunteer(self, session, approver, granter, starred, number):
        other = volunteer(session, "xfl", a_candidate(session, approver))
        with pytest.raises(NotYourInquiry):
            state(session, as_volunteer(other), number=number, text="我是邻居")
        with pytest.raises(NotYourInquiry):
            object_to_decision(session, as_volunteer(other), number=number, text="我是邻居")

    def test_one_at_a_time(self, session, granter, starred, number):
        with pytest.raises(InquiryOpenAlready):
            opened(session, granter, starred.number)

    def test_without_a_star_there_is_nothing_to_look_into(self, session, approver, granter):
        with pytest.raises(NoStarHeld):
            opened(session, granter, a_candidate(session, approver))

    def test_nobody_opens_one_about_themselves(self, session, approver, granter):
        number = a_candidate(session, approver, staff_number=approver.number)
        a_star(session, number, granter)

        with pytest.raises(YourOwnStar):
            opened(session, approver, number)

    @pytest.mark.parametrize(("reason", "evidence"), [("", "签到表"), ("代签", " "), ("代" * 201, "签到表")])
    def test_reason_and_evidence_say_something(self, session, approver, starred, reason, evidence):
        with pytest.raises(InquiryTextMissing):
            opened(session, approver, starred.number, reason=reason, evidence=evidence)

    def test_there_must_be_such_an_inquiry(self, session, granter):
        with pytest.raises(NoSuchInquiry):
            decided(session, granter, "FH0099")

    def test_nothing_is_heard_after_the_decision(self, session, granter, starred, number):
        state(session, as_volunteer(starred), number=number, text="说明")
        decided(session, granter, number)

        with pytest.raises(InquiryDecided):
            state(session, as_volunteer(starred), number=number, text="还有一句")

    def test_a_kept_star_is_not_objected_to_nor_too_late(self, session, granter, starred, number):
        state(session, as_volunteer(starred), number=number, text="说明")
        decided(session, granter, number)
        late = NOON + (RULES.objection_days + 1) * DAY

        with pytest.raises(NothingToObjectTo):
            object_to_decision(session, as_volunteer(starred, at=late), number=number, text="晚了一天")
        on_time = as_volunteer(starred, at=late - DAY)
        object_to_decision(session, on_time, number=number, text="最后一天")


class TestOtherStars:
    """While something is looked into, and while a star is lowered, no further star comes."""

    def test_a_star_that_asks_for_no_open_case_waits(self, session, admin, approver, granter, third):
        number = a_candidate(session, approver, minutes=ONE_STAR)
        a_star(session, number, granter)
        first = Step(1, 3_000, 0, Body.COMMUNITY)
        with_ladder(session, admin, granter, first, Step(2, 6_600, 0, Body.COMMUNITY, no_open_case=True))
        tomorrow = NOON + DAY
        assert [number] == credit(session, acting_as(approver, at=tomorrow), {number: 700})["opened"]

        open_inquiry(
            session, acting_as(third, at=tomorrow), volunteer_number=number, reason="代签", evidence="签到表 A-0503"
        )

        with pytest.raises(CaseStillOpen):
            a_star(session, number, granter, at=tomorrow + 20 * DAY)

    def test_no_further_star_while_it_is_lowered(self, session, approver, granter, third, starred):
        number = opened(session, approver, starred.number)
        state(session, as_volunteer(starred), number=number, text="说明")
        decided(session, granter, number)

        assert [] == credit(session, acting_as(approver), {starred.number: 36_000})["opened"]
        with pytest.raises(StarLowered):
            nominate(session, acting_as(third), number=starred.number)

    def test_a_case_that_was_open_before_is_not_granted_meanwhile(self, session, approver, granter, third):
        number = a_candidate(session, approver, minutes=TWO_STARS)
        a_star(session, number, granter)
        person = volunteer(session, "xfl", number)
        found = opened(session, third, number)
        state(session, as_volunteer(person), number=found, text="说明")
        decided(session, granter, found, Verdict(InquiryOutcome.WITHDRAWN, 0, TODAY + DAY, "收受报酬"))

        with pytest.raises(StarLowered):
            a_star(session, number, granter)


class TestTheDatabaseKeepsIt:
    """Nothing of an inquiry is changed or removed, past the program too."""

    def test_every_line_is_kept_for_ever(self, session, approver, granter, starred):
        number = opened(session, approver, starred.number)
        state(session, as_volunteer(starred), number=number, text="说明")
        decided(session, granter, number)
        object_to_decision(session, as_volunteer(starred), number=number, text="不服")
        session.flush()

        for table in (StarHearingRow, StarInquiryObjectionRow, StarInquiryDecisionRow, StarInquiryRow):
            with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
                session.execute(sa.delete(table))
            with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
                session.execute(sa.update(table).values(community_id="other"))

    def test_not_decided_by_who_opened_it(self, session, approver, starred):
        number = opened(session, approver, starred.number)
        found = inquiry(session, "xfl", number)
        row = {
            "community_id": "xfl",
            "inquiry_id": found.inquiry_id,
            "round": 1,
            "outcome": "kept",
            "level": 2,
            "level_after": 2,
            "until_on": None,
            "reason": "好",
            "document": "",
            "person_id": found.person_id,
            "opener_id": found.opener_id,
            "decider_id": found.opener_id,
            "decider": "S001",
            "decided_at": NOON,
            "entry_seq": 1,
        }

        with pytest.raises(sa.exc.IntegrityError, match="decided_by_another"), session.begin_nested():
            session.execute(sa.insert(StarInquiryDecisionRow), [row])


class TestChecking:
    """The auditor finds a decision that is not what its entry says, an entry without one, and one without an entry."""

    def test_a_decision_and_its_entry_agree(self, session, approver, granter, starred):
        entry = self.an_entry(session, approver, granter, starred)
        checked = Inquiries(session, "xfl")

        assert [] == [*checked.take(entry), *checked.rest()]

    @pytest.mark.parametrize(
        "changed",
        [
            {"volunteer": "V9999"},
            {"outcome": "kept"},
            {"level": 5},
            {"level_after": 2},
            {"until_on": None},
            {"round": 2},
            {"inquiry": "FH0009"},
        ],
    )
    def test_another_fact_is_found(self, session, approver, granter, starred, changed):
        entry = self.an_entry(session, approver, granter, starred)
        wrong = replace(entry, facts={**entry.facts, **changed})

        (found,) = Inquiries(session, "xfl").take(wrong)

        assert ("record_unlike_entry", *changed) == (found.check, found.facts["fact"])

    def test_another_decider_is_found(self, session, approver, granter, starred):
        entry = self.an_entry(session, approver, granter, starred)

        (found,) = Inquiries(session, "xfl").take(replace(entry, actor=approver.number))

        assert "decider" == found.facts["fact"]

    def test_an_entry_without_a_decision_and_a_decision_without_an_entry(self, session, approver, granter, starred):
        entry = self.an_entry(session, approver, granter, starred)
        checked = Inquiries(session, "xfl")

        found = [one.check for one in (*checked.take(replace(entry, seq=entry.seq + 1)), *checked.rest())]

        assert ["star_inquiry_record", "star_inquiry_entry"] == found

    def an_entry(self, session, approver, granter, starred):
        """The entry of a decision."""
        number = opened(session, approver, starred.number)
        state(session, as_volunteer(starred), number=number, text="我替邻居签的")
        return entry_at(session, "xfl", decided(session, granter, number))
