"""`timebank pool`: the mutual-aid pool; a grant is proposed by one and confirmed by another."""

from decimal import Decimal
from uuid import UUID

import click

from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, word, words
from timebank.pool import operations, queries
from timebank.web import presenting

_GRANT = click.argument("grant", metavar="ID", type=click.UUID)
STATES = {"open": ("等确认", "waiting"), "granted": ("已发放", "granted"), "rejected": ("没有发放", "not granted")}


@click.group("pool")
def group() -> None:
    r"""互助池：捐来的积分发给困难家庭，两个人办。 The mutual-aid pool: grants by two persons.

    \b
    timebank pool show
    timebank pool propose V0005 --points 50 --reason 大病住院 --as chen
    timebank pool confirm 0199… --as li
    """


@group.command("show")
@with_context
def show(context: Context) -> None:
    r"""互助池有多少分，发给了谁。 What the pool holds and what was granted.

    \b
    timebank pool show
    """
    community = context.community_id
    held, found = context.look(
        lambda session: (queries.pool_e2(session, community), queries.grants(session, community))
    )
    if context.as_json:
        document({"pool_e2": held, "grants": found})
        return
    headings = words(("编号", "Id"), ("志愿者", "Volunteer"), ("积分", "Points"), ("状态", "State"), ("原因", "Reason"))
    rows = [
        (one.grant_id, one.number, presenting.points(one.points_e2), word(*STATES[one.state]), one.reason)
        for one in found
    ]
    table(headings, rows, numbers=[2])
    tell(f"互助池里有 {presenting.points(held)} 分。", f"The pool holds {presenting.points(held)} points.")


@group.command("propose")
@click.argument("number", metavar="V0005")
@click.option("--points", type=click.FloatRange(0.01, 100_000), required=True, help="多少分。 How many points.")
@click.option("--reason", required=True, metavar="TEXT", help="为什么。 Why.")
@as_option
@key_option
@with_context
def propose(context: Context, number: str, points: float, reason: str, login: str | None, key: str | None) -> None:
    r"""提出从互助池发给一户，等另一位确认。 Propose a grant; another person confirms it.

    \b
    timebank pool propose V0005 --points 50 --reason 大病住院 --as chen
    """
    act = context.act(login, key)
    points_e2 = int(Decimal(str(points)) * 100)
    grant = context.do(
        lambda session: operations.propose_grant(session, act, number=number, points_e2=points_e2, reason=reason)
    )
    if context.as_json:
        document({"grant": grant})
    tell(
        f"✓ 已提出，还没有发放。下一步：timebank pool confirm {grant} --as 另一位",
        f"✓ Proposed; nothing moved yet. Next: timebank pool confirm {grant} --as somebody-else",
    )


@group.command("confirm")
@_GRANT
@as_option
@key_option
@with_context
def confirm(context: Context, grant: UUID, login: str | None, key: str | None) -> None:
    r"""确认别人提出的发放。 Confirm somebody else's grant.

    \b
    timebank pool confirm 0199… --as li
    """
    act = context.act(login, key)
    seq = context.do(lambda session: operations.confirm_grant(session, act, grant_id=grant))
    if context.as_json:
        document({"entry": seq})
    tell(f"✓ 已发放，凭证 {seq}。", f"✓ Granted, entry {seq}.")


@group.command("reject")
@_GRANT
@as_option
@key_option
@with_context
def reject(context: Context, grant: UUID, login: str | None, key: str | None) -> None:
    r"""不发放，积分留在互助池。 Turn a grant down; the points stay.

    \b
    timebank pool reject 0199… --as li
    """
    act = context.act(login, key)
    context.do(lambda session: operations.reject_grant(session, act, grant_id=grant))
    tell("✓ 没有发放，积分留在互助池。", "✓ Not granted; the points stay in the pool.")
