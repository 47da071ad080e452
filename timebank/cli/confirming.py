"""`timebank hours unconfirmed|approve-further|confirm|deny`: what stands between approval and entry, and moving it."""

from uuid import UUID

import click
from sqlalchemy.orm import Session

from timebank import clock
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, word, words
from timebank.ledger.days import day_of
from timebank.refusal import Refusal
from timebank.service import operations as service
from timebank.service import queries
from timebank.service.queries import Unposted
from timebank.service.rules.confirming import Side, Standing
from timebank.web import presenting


class NothingToConfirm(Refusal):
    """No hours of this activity wait for a yes."""

    code = "nothing_to_confirm"


class NothingTakesFurther(Refusal):
    """No hours of this activity wait for a further approver."""

    code = "nothing_takes_further"


STANDING_WORDS = {
    Standing.DENIED: ("有人说不是", "denied"),
    Standing.APPROVAL: ("等批准", "approval"),
    Standing.FURTHER: ("等再一位审批", "a further approver"),
    Standing.CONFIRMATION: ("等确认", "confirmation"),
    Standing.NOTICE: ("公示中", "public notice"),
    Standing.DAY: ("等日子", "its day"),
    Standing.NOTHING: ("今晚入账", "posted tonight"),
}
_FOR = click.option(
    "--for",
    "side",
    type=click.Choice([Side.VOLUNTEER.value, Side.RECIPIENT.value]),
    default=Side.VOLUNTEER.value,
    show_default=True,
    help="代谁答：本人或服务对象。 For whom.",
)


@click.command("unconfirmed")
@click.option("--after", type=click.UUID, default=None, metavar="ID", help="接在这一条后面。 After this record.")
@click.option("--limit", type=click.IntRange(1, 1000), default=200, show_default=True)
@with_context
def unconfirmed(context: Context, after: UUID | None, limit: int) -> None:
    r"""已录入、还没有入账的时长，各等什么。 Hours that are not posted yet, and what each waits for.

    \b
    timebank hours unconfirmed
    timebank hours unconfirmed --limit 50
    """
    today = day_of(clock.now())
    page = context.look(
        lambda session: queries.unposted_page(session, context.community_id, today, after=after, limit=limit)
    )
    if page.after is not None:
        tell(f"还有：timebank hours unconfirmed --after {page.after}", f"More: hours unconfirmed --after {page.after}")
    if context.as_json:
        document([_told(one) for one in page.all])
        return
    headings = words(
        ("活动", "Activity"), ("志愿者", "Volunteer"), ("日期", "Day"), ("时长", "Time"), ("等什么", "Waits for")
    )
    table(headings, [_row(one) for one in page.all], numbers=[3])


def _told(one: Unposted) -> dict[str, object]:
    return {
        "record": one.record.id,
        "activity": one.record.activity_number,
        "volunteer": one.record.volunteer_number,
        "served_on": one.record.served_on,
        "minutes": one.record.minutes,
        "waits_for": one.standing,
        "earliest_on": one.waiting.earliest_on,
        "overdue": one.overdue,
    }


def _row(one: Unposted) -> tuple[object, ...]:
    record, late = one.record, word("（过期）", " (overdue)") if one.overdue else ""
    waits = word(*STANDING_WORDS[one.standing]) + late
    return record.activity_number, record.volunteer_number, record.served_on, presenting.duration(record.minutes), waits


@click.command("approve-further")
@click.argument("activity", metavar="ACTIVITY")
@click.option("--only", multiple=True, metavar="V0005", help="只审批这些人的。 Only these people's.")
@click.option("--answer", required=True, metavar="TEXT", help="为什么这么长。 Why so long a day is right.")
@as_option
@key_option
@with_context
def approve_further(
    context: Context, activity: str, only: tuple[str, ...], answer: str, login: str | None, key: str | None
) -> None:
    r"""再审批一天过长的时长；录入、先审批的人都不行。 Approve a day that is too long, as a further person.

    \b
    timebank hours approve-further HD0001 --only V0005 --answer 搬家从早到晚 --as wang
    """
    act = context.act(login, key)

    def work(session: Session) -> dict[str, object]:
        found = queries.waiting_for_further(session, context.community_id, act.today)
        own = [one.record for one in found if one.record.activity_number == activity]
        chosen = tuple(one.id for one in own if not only or one.volunteer_number in only)
        if not chosen:
            raise NothingTakesFurther(activity=activity)
        return service.approve_further(session, act, record_ids=chosen, answer=answer)

    told = context.do(work)
    if context.as_json:
        document({"activity": activity, **told})
    tell(
        f"✓ 已再审批 {told['approved']} 条，{told['posted']} 条已入账。下一步：timebank hours unconfirmed",
        f"✓ {told['approved']} approved once more, {told['posted']} posted. Next: timebank hours unconfirmed",
    )


@click.command("confirm")
@click.argument("activity", metavar="ACTIVITY")
@click.option("--only", multiple=True, metavar="V0005", help="只确认这些人的。 Only these people's.")
@as_option
@key_option
@with_context
def confirm(context: Context, activity: str, only: tuple[str, ...], login: str | None, key: str | None) -> None:
    r"""在服务台代没有手机的人确认时长；录入和审批的人不能代。 Confirm hours at the desk for who has no phone.

    \b
    timebank hours confirm HD0001 --only V0005 --as zhao
    """
    act = context.act(login, key)

    def work(session: Session) -> dict[str, object]:
        records = queries.records_of_activity(session, context.community_id, activity)
        found = queries.unposted(session, context.community_id, records, act.today)
        chosen = [one for one in found if one.asks_volunteer and (not only or one.record.volunteer_number in only)]
        if not chosen:
            raise NothingToConfirm(activity=activity)
        return service.confirm_many(session, act, record_ids=tuple(one.record.id for one in chosen))

    told = context.do(work)
    if context.as_json:
        document({"activity": activity, **told})
    tell(
        f"✓ 已代为确认 {told['confirmed']} 条，{told['posted']} 条已入账；其余到日子入账。"
        "下一步：timebank hours unconfirmed",
        f"✓ {told['confirmed']} confirmed, {told['posted']} posted; the others on their day. "
        "Next: timebank hours unconfirmed",
    )


@click.command("deny")
@click.argument("activity", metavar="ACTIVITY")
@click.argument("number", metavar="V0005")
@click.option("--reason", required=True, metavar="TEXT", help="哪里不对。 What is wrong.")
@_FOR
@as_option
@key_option
@with_context
def deny(
    context: Context, activity: str, number: str, reason: str, side: str, login: str | None, key: str | None
) -> None:
    r"""替本人或服务对象说“不是”：停住，并开一个要答复的事项。 Say no for somebody: the hours stop and a case is opened.

    \b
    timebank hours deny HD0001 V0005 --reason 那天没有去 --as zhao
    """
    act = context.act(login, key)

    def work(session: Session) -> dict[str, object]:
        record_id = _one_of(session, context.community_id, activity, number)
        return service.deny_record(session, act, record_id=record_id, reason=reason, side=Side(side))

    told = context.do(work)
    if context.as_json:
        document({"activity": activity, "volunteer": number, **told})
    tell(
        f"✓ 已停住，编号 {told['objection']}。由没有录入这一条的社工答复。",
        f"✓ Stopped, number {told['objection']}. A coordinator who did not record it answers.",
    )


def _one_of(session: Session, community_id: str, activity: str, number: str) -> UUID:
    """Return the record of somebody in an activity that is not closed."""
    records = queries.records_of_activity(session, community_id, activity)
    found = [one.id for one in records if one.volunteer_number == number and one.closer is None]
    if not found:
        raise NothingToConfirm(activity=activity)
    return found[0]


COMMANDS = (unconfirmed, approve_further, confirm, deny)
