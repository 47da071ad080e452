"""`timebank hours`: record the hours of several people, see what waits, approve what others recorded."""

from datetime import datetime

import click
from sqlalchemy.orm import Session

from timebank import chance
from timebank.books.requests import Secret
from timebank.cli import confirming
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.kinds import MINUTES, MOMENT
from timebank.cli.output import document, table, tell, words
from timebank.refusal import Refusal
from timebank.service import operations as service
from timebank.service import queries
from timebank.service.asked import Decision, NewRecipient, Sheet, SheetLine
from timebank.service.queries import PendingActivity
from timebank.service.rules import span_for
from timebank.web import presenting


class NothingWaits(Refusal):
    """No hours of this activity wait for approval."""

    code = "nothing_waits"


@click.group("hours")
def group() -> None:
    r"""服务时长：录入、待审批、批准。 Hours: record, pending, approve.

    \b
    timebank hours record HD0001 V0005 V0012 --from "2026-12-01 09:00" --for 2小时 --as chen
    timebank hours pending
    timebank hours approve HD0001 --rating 4 --as li
    timebank hours unconfirmed
    timebank hours confirm HD0001 --only V0005 --as zhao
    """


for answering in confirming.COMMANDS:
    group.add_command(answering)


@group.command("record")
@click.argument("activity", metavar="ACTIVITY")
@click.argument("numbers", metavar="V0005...", nargs=-1, required=True)
@click.option("--from", "starts_at", type=MOMENT, required=True, help="开始，如 2026-12-01 09:00。 Start.")
@click.option("--for", "minutes", type=MINUTES, required=True, help="多久：2小时、1:30、90分、1.5。 How long.")
@click.option("--sheet", default="", help="签到表编号。 Number of the sheet.")
@click.option("--remark", default="", help="对提醒的说明。 Answer to whatever is flagged.")
@click.option("--recipient", default="", metavar="NAME", help="服务对象的称呼。 For whom it was.")
@click.option("--phone-tail", default="", metavar="0007", help="服务对象手机号的最后四位。 Last digits of their phone.")
@click.option("--late", default="", metavar="REASON", help="过期补录的原因；补录不记积分。 Why it comes late.")
@as_option
@key_option
@with_context
def record(
    context: Context,
    activity: str,
    numbers: tuple[str, ...],
    starts_at: datetime,
    minutes: int,
    sheet: str,
    remark: str,
    recipient: str,
    phone_tail: str,
    late: str,
    login: str | None,
    key: str | None,
) -> None:
    r"""录入几个人在一次活动里的时长，等另一位同事批准。 Record hours; a second person approves them.

    \b
    timebank hours record HD0001 V0005 V0012 --from "2026-12-01 09:00" --for 2小时 --as chen
    """
    act = context.act(login, key)
    span = span_for(starts_at, minutes)
    lines = tuple(
        SheetLine(volunteer_number=number, starts_at=span.starts_at, ends_at=span.ends_at, remark=remark)
        for number in numbers
    )
    asked = Sheet(activity_number=activity, lines=lines, sheet_number=sheet, late_reason=late)

    def work(session: Session) -> dict[str, object]:
        if not (recipient or phone_tail):
            return service.record_many(session, act, sheet=asked)
        served = NewRecipient(name=recipient, phone_tail=phone_tail, code=Secret(chance.fresh_digits(10)))
        return service.record_served(session, act, sheet=asked, recipient=served)

    answer = context.do(work)
    if context.as_json:
        document({"activity": activity, **answer})
    tell(
        f"✓ 已录入 {len(numbers)} 人，各 {presenting.duration(minutes)}，等批准。"
        f"下一步：timebank hours approve {activity} --as 同事登录名",
        f"✓ {len(numbers)} people, {presenting.duration(minutes)} each, wait for approval. "
        f"Next: timebank hours approve {activity} --as (the second person)",
    )


@group.command("pending")
@with_context
def pending(context: Context) -> None:
    r"""等批准的时长，按活动。 What waits for approval, by activity.

    \b
    timebank hours pending
    """
    found = context.look(lambda session: queries.pending(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(
        ("活动", "Activity"), ("名称", "Title"), ("条数", "Records"), ("时长", "Time"), ("提醒", "Flagged")
    )
    table(headings, [_row(group) for group in found], numbers=[2, 3, 4])
    if found:
        number = found[0].activity.number
        tell(
            f"下一步：timebank hours approve {number} --as 登录名", f"Next: timebank hours approve {number} --as LOGIN"
        )
    else:
        tell("没有等批准的时长。", "Nothing waits.")


def _row(waiting: PendingActivity) -> tuple[object, ...]:
    activity = waiting.activity
    return activity.number, activity.title, len(waiting.records), presenting.duration(waiting.minutes), waiting.flagged


@group.command("approve")
@click.argument("activity", metavar="ACTIVITY")
@click.option("--rating", type=click.IntRange(1, 5), default=None, help="几颗星。 Stars.")
@click.option("--only", multiple=True, metavar="V0005", help="只批准这些人的。 Only these people's.")
@click.option("--answer", default="", help="对提醒的说明。 Answer to whatever is flagged.")
@as_option
@key_option
@with_context
def approve(
    context: Context,
    activity: str,
    rating: int | None,
    only: tuple[str, ...],
    answer: str,
    login: str | None,
    key: str | None,
) -> None:
    r"""批准别人录入的时长，同时记入时长和积分。 Approve what others recorded; minutes and points are posted.

    \b
    timebank hours approve HD0001 --rating 4 --as li
    timebank hours approve HD0001 --only V0005 --as li
    """
    act = context.act(login, key)

    def work(session: Session) -> dict[str, object]:
        records = queries.records_of_activity(session, context.community_id, activity)
        chosen = [one for one in records if one.waits and (not only or one.volunteer_number in only)]
        if not chosen:
            raise NothingWaits(activity=activity)
        decisions = tuple(Decision(record_id=one.id, rating=rating, answer=answer) for one in chosen)
        return service.approve_many(session, act, decisions=decisions)

    told = context.do(work)
    if context.as_json:
        document({"activity": activity, **told})
    minutes, points_e2 = int(str(told["minutes"])), int(str(told["points_e2"]))
    later = f"另有 {told['waiting']} 条确认后、到日子入账。" if told["waiting"] else ""
    later_in_english = f"{told['waiting']} more are posted once confirmed and due. " if told["waiting"] else ""
    tell(
        f"✓ 已批准 {told['approved']} 条：{presenting.duration(minutes)}，{presenting.points(points_e2)} 分。"
        f"{later}下一步：timebank hours pending",
        f"✓ {told['approved']} approved: {presenting.duration(minutes)}, {presenting.points(points_e2)} points. "
        f"{later_in_english}Next: timebank hours pending",
    )
