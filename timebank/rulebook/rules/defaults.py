"""The rules that a community begins with: one version for the sheets of the time before it went live, one from then on.

They differ in two things: sheets from before count fully in the opening rules, and not at all in the ordinary ones; and
nobody is asked about them again, two people have confirmed them.

Source: domain.md section 2; the ladder of 100, 300, 600, 1000 and 1500 hours is the national one (section 1.1).
"""

from dataclasses import replace
from datetime import date, time
from typing import Final

from timebank.rulebook.rules.confirming import AT_ONCE, Confirmation, Confirmer
from timebank.rulebook.rules.document import (
    COMMUNITY_LADDER,
    SCHEMA,
    Body,
    Expiry,
    Inquiries,
    Ladder,
    Limits,
    Market,
    Patterns,
    Pool,
    RuleDocument,
    ServiceClass,
    SourcePercents,
    StarBenefits,
    Step,
    YearOfWork,
)

POINTS_E2_PER_HOUR: Final = 1000
LADDER_MINUTES: Final = (6_000, 18_000, 36_000, 60_000, 90_000)
GRANTED_HERE: Final = 2
"""The highest star that a community grants itself; higher ones it recommends upward."""


def opening_document() -> RuleDocument:
    """Return the rules for services before the community went live: its sheets on paper count fully."""
    ordinary = ordinary_document()
    return replace(
        ordinary,
        name="上线前规则",
        source_percents=replace(ordinary.source_percents, opening=100),
        confirmation=AT_ONCE,
    )


def ordinary_document() -> RuleDocument:
    """Return the rules from the day on which the community goes live."""
    return RuleDocument(
        schema=SCHEMA,
        name="日常规则",
        points_e2_per_hour=POINTS_E2_PER_HOUR,
        service_classes=_service_classes(),
        unrated_percent=100,
        rating_percents=(60, 80, 100, 100, 100),
        level_percents=(100, 100, 100, 100, 100, 100),
        source_percents=SourcePercents(self_check_in=100, staff_scan=100, sheet=100, late_entry=0, opening=0),
        ladders=(_ladder(COMMUNITY_LADDER, "社区星级"), _ladder("national", "全国志愿服务星级")),
        star_notice_working_days=5,
        benefits=StarBenefits(early_hours=(0, 0, 0, 0, 0, 0), level_goods=()),
        inquiries=Inquiries(hearing_days=7, objection_days=7, lowered_months_max=24),
        limits=_limits(),
        patterns=_patterns(),
        confirmation=_confirmation(),
        expiry=Expiry(on=False, years_kept=1, notice_days=(90, 30, 7)),
        pool=Pool(
            is_open=True,
            donation_least_e2=100,
            grant_most_e2=10_000,
            grants_per_year_max=4,
            volunteer_balance_most_e2=None,
            group_balance_most_e2=None,
        ),
        market=_market(),
        working_years=_working_years(),
    )


def _service_classes() -> tuple[ServiceClass, ...]:
    named = (
        ("culture_sports", "文体活动", ("文化体育", "文娱活动")),
        ("tutoring", "课业辅导", ("课后辅导", "四点半课堂")),
        ("everyday_help", "便民服务", ("便民活动",)),
        ("patrol", "治安巡逻", ("平安巡逻", "巡逻")),
        ("civility", "文明劝导", ("交通劝导", "文明引导")),
        ("emergency", "应急救助", ("应急救援",)),
        ("cleaning", "环境清洁", ("环境卫生", "清洁家园")),
        ("care", "助老助残", ("助老", "助残", "扶老助残")),
        ("escort", "陪诊陪护", ("陪同就医", "陪伴照护")),
        ("health", "健康服务", ("义诊", "健康讲座")),
        ("legal_advice", "法律咨询", ("普法宣传", "法律服务")),
        ("mediation", "邻里调解", ("矛盾调解", "调解")),
        ("anti_fraud", "反诈宣传", ("防诈骗宣传",)),
        ("community_work", "社区事务", ("协助社区", "超市值守")),
    )
    return tuple(ServiceClass(code, name, synonyms, percent=100) for code, name, synonyms in named)


def _ladder(code: str, name: str) -> Ladder:
    steps = (
        Step(level, minutes, tenure_months=0, body=Body.COMMUNITY if level <= GRANTED_HERE else Body.UPPER)
        for level, minutes in enumerate(LADDER_MINUTES, start=1)
    )
    return Ladder(code, name, tuple(steps))


def _limits() -> Limits:
    return Limits(
        record_flag_minutes=240,
        day_minutes_max=480,
        night_from=time(22),
        night_until=time(6),
        manual_entries_flag=3,
        entry_deadline_working_days=10,
        opening_import_days_max=60,
        redemptions_per_month_max=2,
        hold_hours=48,
        objection_answer_working_days=3,
    )


def _patterns() -> Patterns:
    return Patterns(
        days=7,
        alike_records=30,
        recorder_minutes=500 * 60,
        pair_minutes=20 * 60,
        device_people=30,
        ring_days=90,
        rating_needs_reason_below=3,
    )


def _market() -> Market:
    return Market(
        household_redemptions_per_month_max=None,
        served_an_hour_max=20,
        redeemed_an_hour_max=30,
        dormant_days=365,
        turn_hours=48,
        pick_up_days=14,
        relief_per_month_max=2,
        relief_pieces_max=5,
        backing_percent_least=50,
        near_expiry_days=30,
        low_stock_pieces=10,
    )


def _confirmation() -> Confirmation:
    """Whoever acted themselves is not asked again; what was typed is confirmed, and posted on the next day at least."""
    return Confirmation(
        self_check_in=Confirmer.NOBODY,
        staff_scan=Confirmer.NOBODY,
        sheet=Confirmer.EITHER,
        late_entry=Confirmer.EITHER,
        opening=Confirmer.NOBODY,
        ask_days=3,
        post_days=1,
        notice_working_days=0,
        approved_before_start=True,
    )


_ARRANGED: Final = {
    2025: (
        "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 "
        "10-01 10-02 10-05 10-06 10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}
"""Weekdays off and weekends worked, as the State Council arranged them; a community adds each further year itself."""


def _working_years() -> tuple[YearOfWork, ...]:
    return tuple(YearOfWork(year, _days(year, off), _days(year, on)) for year, (off, on) in _ARRANGED.items())


def _days(year: int, written: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(f"{year}-{day}") for day in written.split())
