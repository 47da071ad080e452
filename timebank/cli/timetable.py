"""`timebank timetable`: opening calendars: when something is open, and which slots follow."""

from datetime import date

import click
from sqlalchemy.orm import Session

from timebank import clock
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.kinds import DAY
from timebank.cli.output import document, table, tell, word, words
from timebank.ledger.days import day_of
from timebank.service.operations import offering
from timebank.timetable import operations, queries
from timebank.timetable.asked import NewTimetable
from timebank.timetable.queries import DAYS_MAX, Slot
from timebank.timetable.rules import DayKind, Use, WeekWindow, Window
from timebank.timetable.wording import find_windows
from timebank.web import presenting

_NUMBER = click.argument("number", metavar="KF01")
USES = {
    Use.ACTIVITIES: ("活动", "activities"),
    Use.APPOINTMENTS: ("预约", "appointments"),
    Use.PICK_UP: ("领取", "pick-up"),
}


@click.group("timetable")
def group() -> None:
    r"""开放日历：什么时候开，有哪些时段。 Opening calendars and their slots.

    \b
    timebank timetable add 便民理发 --use appointments --place 服务站 --slot 30 --places 1 --as chen
    timebank timetable hours KF01 wed=9:00-11:00 sat="9:00-10:00 错时" --as chen
    timebank timetable slots KF01
    """


@group.command("add")
@click.argument("name")
@click.option("--use", type=click.Choice([use.value for use in Use]), required=True, help="用途。 What for.")
@click.option("--place", required=True, help="地点。 Place.")
@click.option("--slot", "slot_minutes", type=click.IntRange(5, 720), default=None, help="每个时段几分钟。 Minutes.")
@click.option("--places", type=click.IntRange(1, 10_000), default=None, help="每个时段几个名额。 Places of a slot.")
@as_option
@key_option
@with_context
def add(
    context: Context,
    name: str,
    use: str,
    place: str,
    slot_minutes: int | None,
    places: int | None,
    login: str | None,
    key: str | None,
) -> None:
    r"""建一本开放日历。 Make a calendar.

    \b
    timebank timetable add 便民理发 --use appointments --place 服务站 --slot 30 --places 1 --as chen
    """
    act = context.act(login, key)
    new = NewTimetable(use=Use(use), name=name, place=place, slot_minutes=slot_minutes, places=places)
    number = context.do(lambda session: operations.make(session, act, new=new))
    if context.as_json:
        document({"timetable": number})
    tell(
        f"✓ 开放日历 {number} 建好了。下一步：timebank timetable hours {number} wed=9:00-11:00 --as …",
        f"✓ The calendar {number} is made. Next: timebank timetable hours {number} wed=9:00-11:00 --as …",
    )


@group.command("hours")
@_NUMBER
@click.argument("windows", metavar="DAY=HOURS", nargs=-1)
@click.option("--from", "valid_from", type=DAY, default=None, help="从哪天起，默认今天。 From which day on.")
@as_option
@key_option
@with_context
def hours(
    context: Context, number: str, windows: tuple[str, ...], valid_from: date | None, login: str | None, key: str | None
) -> None:
    r"""写一周的开放时间；没写的日子不开。 Set the hours of a week; days that are left out are closed.

    mon tue wed thu fri sat sun，放假日 holiday，调休上班日 worked_weekend。

    \b
    timebank timetable hours KF01 wed=9:00-11:00,14:00-16:00 sat="9:00-10:00 错时" --as chen
    """
    act = context.act(login, key)
    week = tuple(found for text in windows for found in _of_day(text))
    since = valid_from or act.today
    context.do(lambda session: operations.set_hours(session, act, number=number, valid_from=since, windows=week))
    tell(f"✓ {number} 的开放时间从 {since} 起。", f"✓ The hours of {number} hold from {since} on.")


def _of_day(text: str) -> tuple[WeekWindow, ...]:
    day, _, written = text.partition("=")
    if day not in list(DayKind):
        raise click.BadParameter(f"{day}: {', '.join(DayKind)}")
    return tuple(WeekWindow(DayKind(day), window) for window in _read(written))


def _read(written: str) -> tuple[Window, ...]:
    found = find_windows(written)
    if found is None:
        raise click.BadParameter(f"{written}: 9:00-11:00,14:00-16:00")
    return found


@group.command("differ")
@_NUMBER
@click.argument("first_on", type=DAY)
@click.argument("last_on", type=DAY, required=False)
@click.option("--hours", "written", default=None, metavar="HOURS", help="改成什么时间；不写就是不开。 Other hours.")
@click.option("--ordinary", is_flag=True, help="照常，撤回前面的改动。 As ordinary again.")
@click.option("--reason", required=True, help="原因。 Why.")
@as_option
@key_option
@with_context
def differ(
    context: Context,
    number: str,
    first_on: date,
    last_on: date | None,
    written: str | None,
    ordinary: bool,
    reason: str,
    login: str | None,
    key: str | None,
) -> None:
    r"""某几天不开，或者改时间。 Let days differ: closed, or with other hours.

    \b
    timebank timetable differ KF01 2026-12-24 2026-12-25 --reason 装修 --as chen
    timebank timetable differ KF01 2026-12-24 --hours 14:00-15:00 --reason 停电 --as chen
    """
    act = context.act(login, key)
    windows = None if ordinary else _read(written or "")
    context.do(
        lambda session: operations.set_exception(
            session,
            act,
            number=number,
            first_on=first_on,
            last_on=last_on or first_on,
            windows=windows,
            reason=reason,
        )
    )
    tell("✓ 已记下。约好的人请另外通知。", "✓ Noted. Please tell those who have booked.")


@group.command("list")
@with_context
def listed(context: Context) -> None:
    r"""正在用的开放日历。 The calendars in use.

    \b
    timebank timetable list
    """
    found = context.look(lambda session: queries.timetables(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Number"), ("名称", "Name"), ("用途", "For"), ("地点", "Place"), ("名额", "Places"))
    table(headings, [(one.number, one.name, word(*USES[one.use]), one.place, one.places or "—") for one in found])


@group.command("slots")
@_NUMBER
@click.option("--days", type=click.IntRange(1, DAYS_MAX), default=14, show_default=True, help="几天。 How many days.")
@with_context
def slots(context: Context, number: str, days: int) -> None:
    r"""接下来的时段，约了几个。 The slots to come, and how many have booked.

    \b
    timebank timetable slots KF01 --days 7
    """
    found = context.look(lambda session: _slots(session, context.community_id, number, days))
    if context.as_json:
        document(found)
        return
    headings = words(("开始", "From"), ("结束", "To"), ("说明", "Note"), ("约了", "Booked"), ("名额", "Places"))
    rows = [
        (
            presenting.moment(one.times.starts_at),
            presenting.moment(one.times.ends_at),
            one.times.label,
            one.taken,
            one.places or "—",
        )
        for one in found
    ]
    table(headings, rows, numbers=[3])


def _slots(session: Session, community_id: str, number: str, days: int) -> tuple[Slot, ...]:
    return queries.slots(session, community_id, number, first_on=day_of(clock.now()), days=days)


@group.command("offer")
@_NUMBER
@click.option("--like", required=True, metavar="HD0001", help="照哪场活动。 Like which activity.")
@click.option("--days", type=click.IntRange(1, DAYS_MAX), default=14, show_default=True, help="几天。 How many days.")
@as_option
@key_option
@with_context
def offer(context: Context, number: str, like: str, days: int, login: str | None, key: str | None) -> None:
    r"""给每个还没有活动的时段安排一场，等另一位批准。 Propose an activity for every slot without one.

    \b
    timebank timetable offer KF02 --like HD0001 --days 14 --as chen
    """
    act = context.act(login, key)
    told = context.do(
        lambda session: offering.offer_slots(
            session, act, timetable_number=number, like=like, first_on=act.today, days=days
        )
    )
    if context.as_json:
        document(told)
    numbers = " ".join(told["activities"])
    tell(
        f"✓ 已安排 {len(told['activities'])} 场，等另一位批准：{numbers}",
        f"✓ {len(told['activities'])} proposed; a second person approves: {numbers}",
    )
