"""`timebank activity sign-up …`: who comes to an activity, calling it off, and its door (`timebank attendance`)."""

import click
from sqlalchemy.orm import Session

from timebank import chance
from timebank.books.requests import Secret
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, words
from timebank.service import operations, queries
from timebank.service.operations import attending, signing_up
from timebank.web import presenting

ACTIVITY = click.argument("number", metavar="ACTIVITY")
VOLUNTEER = click.argument("volunteer", metavar="V0005")


@click.command("sign-up")
@ACTIVITY
@VOLUNTEER
@as_option
@key_option
@with_context
def sign_up(context: Context, number: str, volunteer: str, login: str | None, key: str | None) -> None:
    r"""代志愿者报名；满了就排候补。 Sign a volunteer up; when it is full they wait.

    \b
    timebank activity sign-up HD0001 V0005 --as chen
    """
    act = context.act(login, key)
    told = context.do(
        lambda session: signing_up.sign_up(session, act, activity_number=number, volunteer_number=volunteer)
    )
    if context.as_json:
        document(told)
    waits = told["waits"]
    if waits:
        tell(f"✓ {volunteer} 排在候补第 {waits} 位。", f"✓ {volunteer} waits as number {waits}.")
    else:
        tell(f"✓ {volunteer} 已报名 {number}。", f"✓ {volunteer} is signed up for {number}.")


@click.command("recipient")
@ACTIVITY
@click.option("--name", required=True, metavar="NAME", help="称呼，如 周奶奶。 What they are called.")
@click.option("--phone-tail", required=True, metavar="0007", help="手机号的最后四位。 Last four digits of the phone.")
@as_option
@key_option
@with_context
def recipient(context: Context, number: str, name: str, phone_tail: str, login: str | None, key: str | None) -> None:
    r"""登记服务对象，说出对方确认和评价用的编码。 Say for whom it is; tell the code by which they confirm and rate.

    \b
    timebank activity recipient HD0001 --name 周奶奶 --phone-tail 0007 --as chen
    """
    act = context.act(login, key)

    def work(session: Session) -> queries.Recipient:
        code = Secret(chance.fresh_digits(10))
        operations.name_recipient(session, act, activity_number=number, name=name, phone_tail=phone_tail, code=code)
        session.flush()
        found = queries.activity(session, context.community_id, number)
        return queries.recipient(session, context.community_id, found)

    named = context.do(work)
    if context.as_json:
        document({"activity": number, "name": named.name, "phone_tail": named.phone_tail, "code": named.code})
    tell(
        f"✓ {number} 的服务对象：{named.name}。请告诉对方编码 {named.code}，在 /served 填编码和手机尾号，确认并评价。",
        f"✓ {number} is for {named.name}. Tell them the code {named.code}; at /served they confirm and rate with it "
        "and the end of their phone.",
    )


@click.command("sign-off")
@ACTIVITY
@VOLUNTEER
@as_option
@key_option
@with_context
def sign_off(context: Context, number: str, volunteer: str, login: str | None, key: str | None) -> None:
    r"""取消报名，名额让给候补的第一位。 Take a volunteer off the list.

    \b
    timebank activity sign-off HD0001 V0005 --as chen
    """
    act = context.act(login, key)
    context.do(
        lambda session: signing_up.cancel_sign_up(session, act, activity_number=number, volunteer_number=volunteer)
    )
    tell(f"✓ 已取消 {volunteer} 的报名。", f"✓ {volunteer} is no longer on the list.")


@click.command("signed-up")
@ACTIVITY
@with_context
def signed_up(context: Context, number: str) -> None:
    r"""谁报了名，谁在候补。 Who is signed up, and who waits.

    \b
    timebank activity signed-up HD0001
    """
    found = context.look(
        lambda session: queries.sign_ups(
            session, context.community_id, queries.activity(session, context.community_id, number)
        )
    )
    if context.as_json:
        document(found)
        return
    headings = words(("志愿者", "Volunteer"), ("候补", "Waits"), ("由谁报名", "By"), ("什么时候", "When"))
    table(
        headings,
        [(one.volunteer_number, one.waits or "", one.signer, presenting.moment(one.signed_at)) for one in found],
    )


@click.command("cancel")
@ACTIVITY
@click.option("--reason", required=True, help="原因，报名的人看得到。 Why.")
@as_option
@key_option
@with_context
def cancel(context: Context, number: str, reason: str, login: str | None, key: str | None) -> None:
    r"""取消一场还没开始的活动。 Call an activity off before it begins.

    \b
    timebank activity cancel HD0001 --reason 下大雨 --as chen
    """
    act = context.act(login, key)
    context.do(lambda session: operations.cancel_activity(session, act, number=number, reason=reason))
    tell(f"✓ 活动 {number} 已取消。", f"✓ Activity {number} is called off.")


@click.group("attendance")
def attendance() -> None:
    r"""签到签退：在门口扫卡，看谁到了。 Coming and going.

    \b
    timebank attendance mark HD0001 V0005 --as chen
    timebank attendance list HD0001
    """


@attendance.command("mark")
@ACTIVITY
@VOLUNTEER
@click.option("--in/--out", "coming", default=None, help="签到还是签退；不写就第一次是签到。 Coming or going.")
@as_option
@key_option
@with_context
def mark(
    context: Context, number: str, volunteer: str, coming: bool | None, login: str | None, key: str | None
) -> None:
    r"""记下一位签到或签退。 Check somebody in or out at the door.

    \b
    timebank attendance mark HD0001 V0005 --as chen
    timebank attendance mark HD0001 V0005 --out --as chen
    """
    act = context.act(login, key)
    leaving = None if coming is None else not coming
    told = context.do(
        lambda session: attending.mark_at_door(
            session, act, activity_number=number, volunteer_number=volunteer, leaving=leaving
        )
    )
    if context.as_json:
        document(told)
    if told["direction"] == "out":
        tell(f"✓ {volunteer} 签退。", f"✓ {volunteer} checked out.")
    else:
        tell(f"✓ {volunteer} 签到。", f"✓ {volunteer} checked in.")


@attendance.command("list")
@ACTIVITY
@with_context
def came(context: Context, number: str) -> None:
    r"""谁到了，什么时候来、什么时候走。 Who came, and when they came and went.

    \b
    timebank attendance list HD0001
    """
    found = context.look(
        lambda session: queries.attendances(
            session, context.community_id, queries.activity(session, context.community_id, number).id
        )
    )
    if context.as_json:
        document(found)
        return
    headings = words(("志愿者", "Volunteer"), ("签到", "In"), ("签退", "Out"))
    rows = [
        (
            one.volunteer_number,
            presenting.clock_time(one.marks.came_at) if one.marks.came_at else "",
            presenting.clock_time(one.marks.left_at) if one.marks.left_at else "",
        )
        for one in found
    ]
    table(headings, rows)
