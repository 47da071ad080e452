"""`timebank group`: groups, whose passbooks only give; `timebank passbook TD0001` shows one."""

from decimal import Decimal

import click
from sqlalchemy.orm import Session

from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, words
from timebank.people import operations as people
from timebank.people import queries
from timebank.people.operations import NewGroup
from timebank.people.queries import VolunteerGroup
from timebank.pool import operations
from timebank.pool.queries import Worth, passbooks_worth
from timebank.web import presenting


@click.group("group")
def group() -> None:
    r"""团队：登记、查看、把积分捐进互助池。 Groups: their points can only be given into the pool.

    \b
    timebank group add --name 红马甲服务队 --contact 王秀英 --as chen
    timebank group list
    timebank group donate TD0001 --points 50 --as chen
    timebank passbook TD0001
    """


@group.command("add")
@click.option("--name", required=True, help="团队名称。 Name of the group.")
@click.option("--contact", required=True, help="联系人。 Who speaks for it.")
@click.option("--phone", default=None, help="联系人手机号。 Their mobile phone.")
@click.option("--area", default="", help="片区，全社区的不写。 Area; none for the whole community.")
@as_option
@key_option
@with_context
def add(
    context: Context, name: str, contact: str, phone: str | None, area: str, login: str | None, key: str | None
) -> None:
    r"""登记一个团队。 Register a group.

    \b
    timebank group add --name 红马甲服务队 --contact 王秀英 --as chen
    """
    act = context.act(login, key)
    new = NewGroup(name=name, contact=contact, phone=phone, area=area)
    number = context.do(lambda session: people.register_group(session, act, group=new))
    if context.as_json:
        document({"number": number})
    tell(
        f"✓ 已登记，团队编号 {number}。录时长时写这个编号。",
        f"✓ Registered as {number}. Record its hours under this number.",
    )


@group.command("list")
@with_context
def listed(context: Context) -> None:
    r"""列出团队和存折。 List the groups and what their passbooks hold.

    \b
    timebank group list
    """
    found, worth = context.look(lambda session: _found(session, context.community_id))
    if context.as_json:
        document([{"group": one, "worth": worth[one.number]} for one in found])
        return
    headings = words(
        ("编号", "Number"), ("名称", "Name"), ("联系人", "Contact"), ("时长", "Service"), ("积分", "Points")
    )
    rows = [
        (
            one.number,
            one.name,
            one.contact,
            presenting.duration(worth[one.number].minutes),
            presenting.points(worth[one.number].points_e2),
        )
        for one in found
    ]
    table(headings, rows, numbers=[3, 4])
    tell(f"共 {len(found)} 个团队。", f"{len(found)} groups.")


def _found(session: Session, community_id: str) -> tuple[tuple[VolunteerGroup, ...], dict[str, Worth]]:
    found = queries.groups(session, community_id)
    return found, passbooks_worth(session, community_id, [one.number for one in found])


@group.command("donate")
@click.argument("number", metavar="TD0001")
@click.option("--points", type=click.FloatRange(0.01, 100_000), required=True, help="多少分。 How many points.")
@as_option
@key_option
@with_context
def donate(context: Context, number: str, points: float, login: str | None, key: str | None) -> None:
    r"""替团队把积分捐进互助池。 Give points of a group into the pool, at its wish.

    \b
    timebank group donate TD0001 --points 50 --as chen
    """
    act = context.act(login, key)
    points_e2 = int(Decimal(str(points)) * 100)
    seq = context.do(lambda session: operations.donate_for_group(session, act, number=number, points_e2=points_e2))
    if context.as_json:
        document({"entry": seq})
    tell(f"✓ 已捐进互助池，凭证 {seq}。", f"✓ Given into the pool, entry {seq}.")
