"""When something is open: weeks, holidays, days that differ, slots. Pure, with the holidays of 2026."""

from datetime import date

import pytest

from timebank.rulebook.rules.defaults import ordinary_document
from timebank.timetable.rules import (
    DayKind,
    Exceptional,
    ExceptionUnclear,
    Hours,
    HoursInThePast,
    TimetableUnclear,
    TooManyWindows,
    WeekWindow,
    Window,
    WindowsOverlap,
    WindowUnclear,
    check_begins,
    check_exception,
    check_shape,
    check_week,
    clock,
    day_kind,
    minute_of,
    slots_on,
    windows_on,
    written,
)

RULES = ordinary_document()
MORNING, NOON, EVENING = Window(510, 720), Window(720, 840, "错时"), Window(1080, 1140, "晚间")
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
HOLIDAY, WORKED_SATURDAY = date(2026, 10, 1), date(2026, 10, 10)


def week(*windows, since=date(2026, 1, 1), **by_day):
    """The hours of a week: the same from Monday to Friday, and others by the name of the day."""
    plain = [WeekWindow(day, window) for day in tuple(DayKind)[:5] for window in windows]
    return Hours(since, (*plain, *(WeekWindow(DayKind(day), one) for day, many in by_day.items() for one in many)))


def on(day, *hours, exceptions=()):
    return windows_on(RULES, hours, exceptions, day)


class TestKindsOfDays:
    """domain.md section 2: working days are data, never the weekday alone."""

    @pytest.mark.parametrize(
        ("day", "kind"),
        [
            (MONDAY, DayKind.MONDAY),
            (SATURDAY, DayKind.SATURDAY),
            (HOLIDAY, DayKind.HOLIDAY),
            (WORKED_SATURDAY, DayKind.WORKED_WEEKEND),
            (date(2030, 10, 1), DayKind.TUESDAY),
        ],
    )
    def test_by_the_table_of_holidays(self, day, kind):
        assert kind is day_kind(RULES, day)


class TestHours:
    """Appointments, off-hours service and fixed times are windows of one calendar."""

    def test_of_a_weekday_in_the_order_of_the_day(self):
        assert (MORNING, NOON, EVENING) == on(MONDAY, week(EVENING, MORNING, NOON))

    def test_a_holiday_is_shut_unless_it_has_hours_of_its_own(self):
        assert () == on(HOLIDAY, week(MORNING))
        assert (EVENING,) == on(HOLIDAY, week(MORNING, holiday=[EVENING]))

    def test_a_weekend_day_that_is_worked_has_its_own_hours_or_those_of_its_weekday(self):
        assert (NOON,) == on(WORKED_SATURDAY, week(MORNING, sat=[NOON]))
        assert (MORNING,) == on(WORKED_SATURDAY, week(EVENING, sat=[NOON], worked_weekend=[MORNING]))

    def test_new_hours_hold_from_their_day_on_and_the_last_word_of_a_day_counts(self):
        old, new, newer = week(MORNING), week(NOON, since=MONDAY), week(EVENING, since=MONDAY)

        assert (MORNING,) == on(date(2026, 11, 20), old, new)
        assert (EVENING,) == on(MONDAY, new, old, newer)
        assert () == on(date(2025, 12, 31), old)

    def test_a_day_that_differs_is_closed_or_has_other_windows_or_is_as_ordinary_again(self):
        closed = Exceptional(MONDAY, SATURDAY, (), "装修")
        other = Exceptional(MONDAY, MONDAY, (EVENING,), "停电")
        as_ever = Exceptional(MONDAY, MONDAY, None, "不停电了")

        assert () == on(MONDAY, week(MORNING), exceptions=[closed])
        assert (EVENING,) == on(MONDAY, week(MORNING), exceptions=[closed, other])
        assert (MORNING,) == on(MONDAY, week(MORNING), exceptions=[closed, other, as_ever])
        assert (MORNING,) == on(date(2026, 11, 30), week(MORNING), exceptions=[closed])

    def test_an_exception_opens_also_where_no_week_was_set(self):
        assert (EVENING,) == on(MONDAY, exceptions=[Exceptional(MONDAY, MONDAY, (EVENING,), "义诊")])


class TestSlots:
    """What is offered: slots of a length, or the window as a whole (fixed times)."""

    def test_a_window_without_slots_is_one(self):
        (only,) = slots_on(MONDAY, [NOON], None)

        assert ("2026-11-23 12:00", "2026-11-23 14:00", "错时") == (
            written(only.starts_at),
            written(only.ends_at),
            only.label,
        )

    @pytest.mark.parametrize(("minutes", "count"), [(29, 0), (30, 1), (59, 1), (60, 2)])
    def test_what_is_too_short_for_a_slot_is_not_offered(self, minutes, count):
        assert count == len(slots_on(MONDAY, [Window(600, 600 + minutes)], 30))

    def test_the_last_minute_of_a_day_is_the_first_of_the_next(self):
        (only,) = slots_on(MONDAY, [Window(1380, 1440)], None)

        assert "2026-11-24 00:00" == written(only.ends_at)


class TestWhatCannotBe:
    """Every refusal, both sides of each bound."""

    @pytest.mark.parametrize(
        ("name", "place", "slot_minutes", "places"),
        [
            (" ", "服务站", None, None),
            ("理发", "", None, None),
            ("理发", "服务站", 4, None),
            ("理发", "服务站", 721, None),
            ("理发", "服务站", None, 0),
            ("理发", "服务站", None, 10_001),
        ],
    )
    def test_a_calendar(self, name, place, slot_minutes, places):
        check_shape(name="理发", place="服务站", slot_minutes=5, places=1)
        check_shape(name="理发", place="服务站", slot_minutes=720, places=10_000)
        check_shape(name="理发", place="服务站", slot_minutes=None, places=None)

        with pytest.raises(TimetableUnclear):
            check_shape(name=name, place=place, slot_minutes=slot_minutes, places=places)

    @pytest.mark.parametrize(
        "window",
        [Window(600, 600), Window(-1, 60), Window(1400, 1441), Window(600, 629), Window(0, 60, "字" * 21)],
    )
    def test_a_window(self, window):
        check_week([WeekWindow(DayKind.MONDAY, Window(600, 630, "字" * 20))], 30)

        with pytest.raises(WindowUnclear):
            check_week([WeekWindow(DayKind.MONDAY, window)], 30)

    def test_windows_of_one_day_that_overlap_and_too_many(self):
        meeting = [WeekWindow(DayKind.MONDAY, Window(0, 60)), WeekWindow(DayKind.MONDAY, Window(60, 90))]
        check_week(meeting, None)
        check_week([*meeting, WeekWindow(DayKind.TUESDAY, Window(59, 70))], None)

        with pytest.raises(WindowsOverlap):
            check_week([*meeting, WeekWindow(DayKind.MONDAY, Window(59, 60))], None)
        with pytest.raises(TooManyWindows):
            check_week([WeekWindow(DayKind.MONDAY, Window(at, at + 1)) for at in range(61)], None)

    def test_days_that_differ(self):
        check_exception(Exceptional(MONDAY, MONDAY, None, "照常"), None, today=MONDAY)

        for first, last, reason in [
            (SATURDAY, MONDAY, "反了"),
            (MONDAY, MONDAY, " "),
            (MONDAY, date(2027, 11, 24), "太长"),
        ]:
            with pytest.raises(ExceptionUnclear):
                check_exception(Exceptional(first, last, (), reason), None, today=MONDAY)

    def test_the_past_stays_as_it_was(self):
        check_begins(MONDAY, today=MONDAY)

        with pytest.raises(HoursInThePast):
            check_begins(date(2026, 11, 22), today=MONDAY)


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        *(("8:30", 510), ("08：30", 510), ("24:00", 1440), ("0:00", 0)),
        *((wrong, None) for wrong in ("24:01", "8:60", "8.30", "", "8:3", "٣:00", "108:00")),
    ],
)
def test_clock_times_as_people_write_them(text, minute):
    """trust.md N6: other digits are refused."""
    assert minute == minute_of(text)
    assert minute is None or minute == minute_of(clock(minute))
