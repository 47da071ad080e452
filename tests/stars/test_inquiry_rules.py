"""What an inquiry asks of a hearing and of a decision, in numbers; and for which days a star counts less."""

from datetime import date, timedelta

import pytest

from tests.builders import NOON
from tests.rulebook.builders import a_document
from timebank.rulebook.rules import Body, Inquiries
from timebank.stars.rules.inquiries import (
    AbsentTooSoon,
    Heard,
    HearingDayWrong,
    HearingKind,
    InquiryOutcome,
    InquiryTextMissing,
    LevelNotLower,
    Lowering,
    PeriodWrong,
    UpperDocumentMissing,
    Verdict,
    check_hearing,
    check_verdict,
    lowered,
    months_later,
)

TODAY = NOON.date()
DAY = timedelta(days=1)
RULES = a_document().inquiries
KEPT = Verdict(InquiryOutcome.KEPT, 2, None, "查无此事")
TO_ONE = Verdict(InquiryOutcome.REDUCED, 1, TODAY + 90 * DAY, "两次代签")
WITHDRAWN = Verdict(InquiryOutcome.WITHDRAWN, 0, TODAY + 90 * DAY, "收受报酬")


class TestTheNumbers:
    """The rules say how long somebody can be heard, can object, and for how long a star can be lowered."""

    @pytest.mark.parametrize(
        ("heard", "today", "refusal"),
        [
            (Heard(HearingKind.ABSENT, TODAY + 7 * DAY, "电话两次"), TODAY + 7 * DAY, AbsentTooSoon),
            (Heard(HearingKind.STATEMENT, TODAY - DAY, "说明"), TODAY, HearingDayWrong),
            (Heard(HearingKind.STATEMENT, TODAY + DAY, "说明"), TODAY, HearingDayWrong),
            (Heard(HearingKind.STATEMENT, TODAY, ""), TODAY, InquiryTextMissing),
            (Heard(HearingKind.DECLINED, TODAY, "言" * 501), TODAY, InquiryTextMissing),
        ],
    )
    def test_a_hearing_that_cannot_be(self, heard, today, refusal):
        with pytest.raises(refusal):
            check_hearing(RULES, heard, opened_on=TODAY, today=today)

    def test_absence_is_noted_the_day_after_the_time_to_be_heard(self):
        check_hearing(RULES, Heard(HearingKind.ABSENT, TODAY + 8 * DAY, ""), opened_on=TODAY, today=TODAY + 8 * DAY)

    @pytest.mark.parametrize(
        ("verdict", "refusal"),
        [
            (Verdict(InquiryOutcome.KEPT, 1, None, "好"), LevelNotLower),
            (Verdict(InquiryOutcome.REDUCED, 2, TODAY + DAY, "好"), LevelNotLower),
            (Verdict(InquiryOutcome.REDUCED, 0, TODAY + DAY, "好"), LevelNotLower),
            (Verdict(InquiryOutcome.WITHDRAWN, 1, TODAY + DAY, "好"), LevelNotLower),
            (Verdict(InquiryOutcome.KEPT, 2, TODAY + DAY, "好"), PeriodWrong),
            (Verdict(InquiryOutcome.REDUCED, 1, None, "好"), PeriodWrong),
            (Verdict(InquiryOutcome.REDUCED, 1, TODAY, "好"), PeriodWrong),
            (Verdict(InquiryOutcome.REDUCED, 1, months_later(TODAY, 24) + DAY, "好"), PeriodWrong),
            (Verdict(InquiryOutcome.KEPT, 2, None, ""), InquiryTextMissing),
        ],
    )
    def test_a_decision_that_cannot_be(self, verdict, refusal):
        with pytest.raises(refusal):
            check_verdict(RULES, verdict, level=2, body=Body.COMMUNITY, today=TODAY)

    @pytest.mark.parametrize("verdict", [KEPT, TO_ONE, WITHDRAWN])
    def test_a_star_of_the_level_above_needs_its_document(self, verdict):
        with pytest.raises(UpperDocumentMissing):
            check_verdict(RULES, verdict, level=2, body=Body.UPPER, today=TODAY)
        check_verdict(RULES, verdict, level=2, body=Body.COMMUNITY, today=TODAY)

    def test_the_last_day_that_the_rules_allow(self):
        rules = Inquiries(hearing_days=0, objection_days=0, lowered_months_max=1)
        last = Verdict(InquiryOutcome.REDUCED, 1, date(2026, 2, 28), "好")

        check_verdict(rules, last, level=2, body=Body.AREA, today=date(2026, 1, 31))

    @pytest.mark.parametrize(
        ("day", "months", "later"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2026, 12, 15), 1, date(2027, 1, 15)),
            (date(2026, 11, 30), 1, date(2026, 12, 30)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
        ],
    )
    def test_some_months_later(self, day, months, later):
        assert later == months_later(day, months)

    def test_the_lowest_of_several_counts_and_a_later_decision_takes_the_place_of_the_first(self):
        first = Lowering(1, TODAY, TODAY + 9 * DAY, ended_on=TODAY + 2 * DAY)
        other = Lowering(0, TODAY + 5 * DAY, TODAY + 5 * DAY, ended_on=None)

        days = (TODAY - DAY, TODAY, TODAY + DAY, TODAY + 2 * DAY, TODAY + 5 * DAY, TODAY + 6 * DAY)
        assert [2, 1, 1, 2, 0, 2] == [lowered(2, (first, other), day) for day in days]
