"""The checks of a record before it is kept: the table, and what decides besides the clock."""

from datetime import date, timedelta

import pytest

from tests.builders import NOON
from tests.service.builders import moment, person_id
from tests.service.facts import (
    a_service,
    an_activity,
    an_opening,
    around,
    codes,
    codes_of,
    facts_of,
    with_limits,
)
from timebank.refusal import Refusal
from timebank.rulebook.rules import SourceClass
from timebank.service.rules import (
    CHECKS,
    ActivityFacts,
    ActivityState,
    Severity,
    Span,
    check_records,
    refusal_for,
)
from timebank.service.rules.patterns import PATTERNS


class TestTheTable:
    """style.md 3: a rule that is a table stays a table."""

    def test_every_check_names_what_decides(self):
        assert all(check.source for check in CHECKS)

    def test_no_two_checks_share_a_code(self):
        assert len(CHECKS) == len({check.refusal.code for check in CHECKS})

    def test_what_looks_odd_is_flagged_and_all_else_blocks(self):
        flagged = {check.refusal.code for check in CHECKS if check.severity is Severity.FLAGGED}

        assert {check.refusal.code for check in PATTERNS} | {"too_long_a_day"} == flagged

    def test_a_good_record_has_no_problem(self):
        assert [] == codes_of(a_service())


class TestAllProblemsAtOnce:
    """Files and the one-page form show every problem; a single record is refused by the first one that blocks."""

    def test_one_record_may_have_several(self):
        service = a_service(service_class="mahjong", person_id=person_id("S001"))

        assert ["unknown_service_class", "recorder_is_beneficiary"] == codes_of(service)

    def test_each_record_has_its_own(self):
        good, bad = a_service(), a_service("2026-11-19 09:00", service_class="mahjong")

        assert [[], ["unknown_service_class"]] == codes(good, bad)

    def test_every_problem_names_the_volunteer(self):
        assert {"volunteer": "V0001", "service_class": "mahjong"} == facts_of(a_service(service_class="mahjong"))

    def test_the_first_that_blocks_is_the_refusal(self):
        problems = check_records([a_service("2026-11-20 23:00"), a_service("2026-11-19 09:00", 0)], around())

        refusal = refusal_for(problems)

        assert isinstance(refusal, Refusal)
        assert "ends_before_start" == refusal.code

    def test_a_flag_alone_refuses_nothing(self):
        assert refusal_for(check_records([a_service("2026-11-19 23:00")], around())) is None


class TestTheClassOfService:
    """The rules of the day of service know the classes."""

    def test_one_that_they_do_not_know_is_blocked(self):
        assert ["unknown_service_class"] == codes_of(a_service(service_class="打麻将"))


class TestBeforeAndAfterGoingLive:
    """The opening period: what was served before the community went live comes in with its old sheets only."""

    @pytest.mark.parametrize(("day", "problems"), [("2026-10-31", ["before_go_live"]), ("2026-11-01", [])])
    def test_an_ordinary_record_lies_on_or_after_the_day(self, day, problems):
        rules = with_limits(entry_deadline_working_days=60)

        assert problems == codes_of(a_service(f"{day} 09:00", rules=rules))

    @pytest.mark.parametrize(("day", "problems"), [("2026-10-31", []), ("2026-11-01", ["opening_after_go_live"])])
    def test_an_opening_record_lies_before_it(self, day, problems):
        assert problems == codes_of(an_opening(f"{day} 09:00"))

    @pytest.mark.parametrize(("later", "problems"), [(60, []), (61, ["opening_closed"])])
    def test_the_opening_ends_after_sixty_days(self, later, problems):
        at = NOON.replace(month=11, day=1) + timedelta(days=later)

        assert problems == codes_of(an_opening(), around(at=at))


class TestTheDeadline:
    """Order 67 article 11: within ten working days; after that only as a late entry, with a reason."""

    def test_the_tenth_working_day_is_in_time(self):
        tenth = moment("2026-11-23 23:59")

        assert [] == codes_of(a_service("2026-11-09 09:00"), around(at=tenth))

    def test_the_eleventh_is_not(self):
        eleventh = moment("2026-11-24 00:00")

        assert ["entry_deadline_passed"] == codes_of(a_service("2026-11-09 09:00"), around(at=eleventh))

    def test_a_late_entry_with_a_reason_may_come_later(self):
        late = a_service("2026-11-02 09:00", source_class=SourceClass.LATE_ENTRY, late_reason="负责人住院")

        assert [] == codes_of(late)

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_a_late_entry_says_why(self, reason):
        late = a_service("2026-11-02 09:00", source_class=SourceClass.LATE_ENTRY, late_reason=reason)

        assert ["late_without_reason"] == codes_of(late)


class TestTheActivity:
    """trust.md X1: no hours without an activity that somebody has approved and that is over."""

    @pytest.mark.parametrize("activity", [None, an_activity(state=ActivityState.CANCELLED)])
    def test_there_is_one(self, activity):
        assert ["no_such_activity"] == codes_of(a_service(activity=activity))

    def test_somebody_has_approved_it(self):
        assert ["activity_not_approved"] == codes_of(a_service(activity=an_activity(state=ActivityState.PROPOSED)))

    @pytest.mark.parametrize("source", [SourceClass.LATE_ENTRY, SourceClass.OPENING])
    def test_late_and_opening_records_need_no_approved_one(self, source):
        starts = "2026-11-20 09:00" if source is SourceClass.LATE_ENTRY else "2026-08-01 15:30"
        proposed = an_activity(starts, state=ActivityState.PROPOSED)

        assert [] == codes_of(a_service(starts, source_class=source, late_reason="补录", activity=proposed))

    @pytest.mark.parametrize(("ends", "problems"), [("12:00", []), ("12:01", ["activity_not_over"])])
    def test_it_is_over(self, ends, problems):
        span = Span(moment("2026-11-23 10:00"), moment(f"2026-11-23 {ends}"))
        activity = ActivityFacts("HD0001", ActivityState.APPROVED, span)

        assert problems == codes_of(a_service("2026-11-23 10:00", activity=activity))

    @pytest.mark.parametrize(
        ("starts", "problems"), [("2026-11-20 10:59", []), ("2026-11-20 11:00", ["not_during_activity"])]
    )
    def test_the_service_falls_into_its_time(self, starts, problems):
        assert problems == codes_of(a_service(starts, activity=an_activity(minutes=120)))


class TestWhoRecords:
    """trust.md X9: nobody records their own service, nor that of relatives and household."""

    def test_not_the_person_who_served(self):
        assert ["recorder_is_beneficiary"] == codes_of(a_service(), around(recorder_id=person_id("V0001")))

    def test_not_a_relative(self):
        close = frozenset({person_id("V0001")})

        assert ["recorder_is_close"] == codes_of(a_service(), around(close_to_recorder=close))

    @pytest.mark.parametrize(
        ("left_on", "problems"), [(date(2026, 11, 20), []), (date(2026, 11, 19), ["volunteer_left"])]
    )
    def test_nobody_serves_who_has_left(self, left_on, problems):
        assert problems == codes_of(a_service(left_on=left_on))
