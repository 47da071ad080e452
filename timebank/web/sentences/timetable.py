"""Sentences for opening calendars and booked slots."""

from typing import Final

SENTENCES: Final = {
    "timetable_unclear": (
        "开放日历要有名称和地点；时段长 {shortest_minutes} 到 {longest_minutes}（不填就是整段）；"
        "名额 1 到 10000 个（不填就是不限）。没有保存。",
        "A calendar has a name and a place; a slot lasts {shortest_minutes} to {longest_minutes} (empty: the whole "
        "window); it has 1 to 10,000 places (empty: no limit). Nothing was saved.",
    ),
    "timetable_text_unclear": (
        "有一处文字太长（最多 {longest} 字）或有看不见的字符。没有保存。请重新输入。",
        "A text is too long (at most {longest} characters) or has invisible characters. Nothing was saved. Type it "
        "again.",
    ),
    "window_unclear": (
        "开放时间 {opens}–{closes} 不对：开始要早于结束，在同一天，至少 {minutes}，说明最多 20 字。没有保存。",
        "The hours {opens}–{closes} cannot be: they begin before they end, on one day, last at least {minutes}, and "
        "their note has at most 20 characters. Nothing was saved.",
    ),
    "windows_overlap": (
        "{first} 和 {second} 开始的两段开放时间重叠了。没有保存。请改一下。",
        "The hours that begin at {first} and {second} overlap. Nothing was saved. Change one of them.",
    ),
    "too_many_windows": (
        "开放时间最多 {windows_max} 段（写了 {windows} 段）。没有保存。",
        "At most {windows_max} windows (now {windows}). Nothing was saved.",
    ),
    "hours_in_the_past": (
        "开放时间从今天（{today}）起才能改，{first_on} 已经过去。没有保存。",
        "Hours change from today ({today}) on; {first_on} is over. Nothing was saved.",
    ),
    "exception_unclear": (
        "请写明从哪天到哪天（最多 {days_max} 天）和原因。没有保存。",
        "Say from which day until which day (at most {days_max} days), and why. Nothing was saved.",
    ),
    "slot_over": (
        "{starts} 的时段已经开始。没有改动。请选以后的时段。",
        "The slot of {starts} has begun. Nothing was changed. Choose a later one.",
    ),
    "slot_full": (
        "{starts} 的 {places} 个名额都约满了。没有预约。请选别的时段。",
        "All {places} places at {starts} are booked. Nothing was booked. Choose another slot.",
    ),
    "booked_already": (
        "{starts} 已经约过了，不用再约。",
        "{starts} is booked already; there is nothing more to do.",
    ),
    "timetable_closed": (
        "开放日历 {number} 已经停用。没有改动。请选别的日历。",
        "The opening calendar {number} is not used any more. Nothing was changed. Choose another one.",
    ),
    "not_for_booking": (
        "开放日历 {number} 的时段不在这里预约。没有预约。活动请到活动页报名，领取请到超市页预约。",
        "The slots of the calendar {number} are not booked here. Nothing was booked. Sign up for activities on their "
        "page, and reserve goods on the shop's.",
    ),
    "no_such_timetable": (
        "没有编号为 {number} 的开放日历。没有改动。请从开放日历页重新打开。",
        "There is no opening calendar {number}. Nothing was changed. Open it from the page of the calendars.",
    ),
    "no_such_slot": (
        "开放日历 {number} 在 {starts} 没有时段。没有预约。开放时间可能刚改过，请重新选。",
        "The calendar {number} has no slot at {starts}. Nothing was booked. Its hours may have changed; choose again.",
    ),
    "no_such_booking": (
        "没有找到这个预约，可能已经取消。没有改动。",
        "There is no such booking; it may have been given back. Nothing was changed.",
    ),
}
"""The sentences of each room's refusals, Chinese and English."""
