"""`timebank activity`: activities are made by one person and approved by another; hours belong to one."""

from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from timebank import clock
from timebank.cli import activity_people
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.kinds import MOMENT
from timebank.cli.output import document, table, tell, word, words
from timebank.ledger.days import day_of
from timebank.rulebook.queries import rules_on
from timebank.service import operations as service
from timebank.service import queries
from timebank.service.asked import NewActivity
from timebank.service.queries import Activity
from timebank.web import presenting

STATES = {"proposed": ("等批准", "waiting"), "approved": ("已批准", "approved"), "cancelled": ("已取消", "cancelled")}


@click.group("activity")
def group() -> None:
    r"""活动：新建、批准、列出。 Activities: make, approve, list.

    \b
    timebank activity add 清扫楼道 --class 环境清洁 --place 3号楼 --leader 李建国 \
        --from "2026-12-01 09:00" --to "2026-12-01 11:00" --as chen
    timebank activity approve HD0001 --as li
    timebank activity list
    """


for _command in (
    activity_people.sign_up,
    activity_people.sign_off,
    activity_people.recipient,
    activity_people.signed_up,
    activity_people.cancel,
):
    group.add_command(_command)


@group.command("add")
@click.argument("title")
@click.option(
    "--class", "service_class", required=True, metavar="CLASS", help="服务类型，如 环境清洁。 Class of service."
)
@click.option("--place", required=True, help="地点。 Place.")
@click.option("--leader", required=True, help="负责人。 In charge.")
@click.option("--from", "starts_at", type=MOMENT, required=True, help="开始，如 2026-12-01 09:00。 Start.")
@click.option("--to", "ends_at", type=MOMENT, required=True, help="结束。 End.")
@click.option("--capacity", type=click.IntRange(1, 100_000), default=None, help="名额。 Places.")
@click.option("--needs", default="", help="要求，如 自带手套。 What to bring.")
@click.option("--age", "age_min", type=click.IntRange(1, 99), default=None, help="最低年龄。 Lowest age.")
@click.option("--training", "course", default="", help="要先参加过的培训。 Training that is needed.")
@click.option("--risk", default="", help="风险；写了就要写保险。 Risk; needs insurance.")
@click.option("--insurance", default="", help="保险。 Insurance.")
@click.option("--partner", default="", metavar="P001", help="共建单位。 Partner unit.")
@as_option
@key_option
@with_context
def add(
    context: Context,
    title: str,
    service_class: str,
    place: str,
    leader: str,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int | None,
    login: str | None,
    key: str | None,
    **terms: Any,
) -> None:
    r"""新建活动，等另一位同事批准。 Make an activity; a second person approves it.

    \b
    timebank activity add 清扫楼道 --class 环境清洁 --place 3号楼 --leader 李建国 \
        --from "2026-12-01 09:00" --to "2026-12-01 11:00" --as chen
    """
    act = context.act(login, key)

    def work(session: Session) -> str:
        rules = rules_on(session, context.community_id, day_of(starts_at)).document
        known = rules.find_service_class(service_class)
        new = NewActivity(
            title=title,
            service_class=known.code if known else service_class,
            place=place,
            leader=leader,
            starts_at=starts_at,
            ends_at=ends_at,
            capacity=capacity,
            **terms,
        )
        return service.create_activity(session, act, new=new)

    number = context.do(work)
    if context.as_json:
        document({"activity": number})
    tell(
        f"✓ 活动 {number} 已新建，等批准。下一步：timebank activity approve {number} --as 同事登录名",
        f"✓ Activity {number} waits for approval. Next: timebank activity approve {number} --as (the second person)",
    )


@group.command("approve")
@click.argument("number", metavar="ACTIVITY")
@as_option
@key_option
@with_context
def approve(context: Context, number: str, login: str | None, key: str | None) -> None:
    r"""批准别人新建的活动。 Approve an activity that somebody else made.

    \b
    timebank activity approve HD0001 --as li
    """
    act = context.act(login, key)
    context.do(lambda session: service.approve_activity(session, act, number=number))
    if context.as_json:
        document({"activity": number, "state": "approved"})
    tell(
        f"✓ 活动 {number} 已批准。活动结束后：timebank hours record {number} …",
        f"✓ Activity {number} is approved. After it is over: timebank hours record {number} …",
    )


@group.command("list")
@click.option("--past", is_flag=True, help="已经结束的。 Those that are over.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@with_context
def listed(context: Context, past: bool, limit: int) -> None:
    r"""列出等批准和将要举行的活动；加 --past 列出已结束的。 List activities.

    \b
    timebank activity list
    timebank activity list --past
    """
    found = context.look(lambda session: _found(session, context.community_id, past=past, limit=limit))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Number"), ("状态", "State"), ("名称", "Title"), ("开始", "From"), ("结束", "To"))
    table([*headings, word("地点", "Place")], [_row(activity) for activity in found])


def _found(session: Session, community_id: str, *, past: bool, limit: int) -> tuple[Activity, ...]:
    now = clock.now()
    if past:
        return queries.activities_past(session, community_id, now, limit=limit)
    proposed = queries.activities_proposed(session, community_id)
    return (*proposed, *queries.activities_to_come(session, community_id, now, limit=limit))


def _row(activity: Activity) -> tuple[str, ...]:
    state = word(*STATES[activity.state.value])
    starts, ends = presenting.moment(activity.starts_at), presenting.moment(activity.ends_at)
    return activity.number, state, activity.title, starts, ends, activity.place
