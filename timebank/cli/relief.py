"""`timebank relief`: households in need, and goods for them by two persons, against a name."""

from datetime import datetime

import click

from timebank import clock
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, word, words
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations import ReliefLine

STATES = {
    "open": ("等批准", "waits for approval"),
    "approved": ("等领取", "to be fetched"),
    "rejected": ("没有批准", "turned down"),
    "issued": ("已领取", "handed out"),
}
_RELIEF = click.argument("number", metavar="J000001")


@click.group("relief")
def group() -> None:
    r"""救助发放：登记、提出、批准、发放，提出和批准是两个人。 Relief, by two persons.

    \b
    timebank relief register V0005 --reason 低保户 --until 2027-06-30 --as chen
    timebank relief propose H0001 G0001=2 --as chen
    timebank relief approve J000001 --as li
    timebank relief issue J000001 --signed-by 王秀英 --as zhao
    """


@group.command("list")
@with_context
def reliefs(context: Context) -> None:
    r"""提出过、批准过、发放过的救助。 What was proposed, approved and handed out.

    \b
    timebank relief list
    """
    found = context.look(lambda session: queries.reliefs(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Relief"), ("家庭", "Household"), ("物品", "Goods"), ("状态", "State"))
    rows = [
        (one.number, one.household_number, " ".join(f"{good}={n}" for good, n in one.lines), word(*STATES[one.state]))
        for one in found
    ]
    table(headings, rows, numbers=[])


@group.command("households")
@with_context
def households(context: Context) -> None:
    r"""现在登记着的困难家庭；情况只在页面上给活动负责人看。 Households registered now; not why.

    \b
    timebank relief households
    """
    today = day_of(clock.now())
    found = context.look(lambda session: queries.needy_households(session, context.community_id, today))
    rows = [(one.number, one.volunteer_number, one.until_on.isoformat()) for one in found]
    if context.as_json:
        document([dict(zip(("number", "volunteer_number", "until_on"), row, strict=True)) for row in rows])
        return
    table(words(("编号", "Household"), ("志愿者", "Volunteer"), ("登记到", "Until")), rows, numbers=[])


@group.command("register")
@click.argument("volunteer", metavar="V0005")
@click.option("--reason", required=True, metavar="TEXT", help="困难情况。 Why.")
@click.option("--until", "until_on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="登记到哪天。 Until when.")
@as_option
@key_option
@with_context
def register(
    context: Context, *, volunteer: str, reason: str, until_on: datetime, login: str | None, key: str | None
) -> None:
    r"""登记困难家庭，用其中一位志愿者的编号。 Register a household, by one of its members.

    \b
    timebank relief register V0005 --reason 低保户 --until 2027-06-30 --as chen
    """
    act = context.act(login, key)
    answer = context.do(
        lambda session: operations.register_household(
            session, act, volunteer_number=volunteer, reason=reason, until_on=until_on.date()
        )
    )
    number = answer["number"]
    _told(
        context,
        answer,
        (f"✓ 已登记 {number}。下一步：timebank relief propose {number} G0001=2", f"✓ Registered: {number}."),
    )


@group.command("propose")
@click.argument("household", metavar="H0001")
@click.argument("goods", metavar="G0001=2...", nargs=-1, required=True)
@click.option("--note", default="", metavar="TEXT", help="说明。 What for.")
@as_option
@key_option
@with_context
def propose(
    context: Context, *, household: str, goods: tuple[str, ...], note: str, login: str | None, key: str | None
) -> None:
    r"""提出给一户哪些物品；另一位批准。 Propose goods for a household; another person approves.

    \b
    timebank relief propose H0001 G0001=2 G0003=1 --as chen
    """
    act = context.act(login, key)
    lines = tuple(_line(text) for text in goods)
    answer = context.do(
        lambda session: operations.propose_relief(session, act, household_number=household, lines=lines, note=note)
    )
    number = answer["number"]
    _told(
        context,
        answer,
        (
            f"✓ 已提出 {number}，物品没有动。下一步：timebank relief approve {number} --as 另一位",
            f"✓ Proposed: {number}; no goods moved. Next: timebank relief approve {number} --as somebody-else",
        ),
    )


def _line(text: str) -> ReliefLine:
    good, _, pieces = text.partition("=")
    if not pieces.isascii() or not pieces.isdigit() or len(pieces) > 4:
        raise click.BadParameter(text, param_hint="G0001=2")
    return ReliefLine(good, int(pieces))


@group.command("approve")
@_RELIEF
@as_option
@key_option
@with_context
def approve(context: Context, number: str, login: str | None, key: str | None) -> None:
    r"""批准别人提出的救助。 Approve what somebody else proposed.

    \b
    timebank relief approve J000001 --as li
    """
    act = context.act(login, key)
    context.do(lambda session: operations.approve_relief(session, act, relief_number=number))
    tell(f"✓ 已批准 {number}，可以领取了。", f"✓ {number} is approved and can be fetched.")


@group.command("reject")
@_RELIEF
@as_option
@key_option
@with_context
def reject(context: Context, number: str, login: str | None, key: str | None) -> None:
    r"""不批准；物品没有动。 Turn it down; no goods move.

    \b
    timebank relief reject J000001 --as li
    """
    act = context.act(login, key)
    context.do(lambda session: operations.reject_relief(session, act, relief_number=number))
    tell(f"✓ {number} 没有批准，物品没有动。", f"✓ {number} is turned down; no goods moved.")


@group.command("issue")
@_RELIEF
@click.option("--signed-by", required=True, metavar="NAME", help="谁签领。 Who signs for it.")
@as_option
@key_option
@with_context
def issue(context: Context, number: str, signed_by: str, login: str | None, key: str | None) -> None:
    r"""发放已批准的救助，记下谁签领。 Hand approved goods out to who signs for them.

    \b
    timebank relief issue J000001 --signed-by 王秀英 --as zhao
    """
    act = context.act(login, key)
    answer = context.do(
        lambda session: operations.issue_relief(session, act, relief_number=number, signed_by=signed_by)
    )
    seq = answer["seq"]
    _told(context, answer, (f"✓ 已发放 {number}，凭证 {seq}。", f"✓ {number} is handed out, entry {seq}."))


def _told(context: Context, answer: dict[str, object], said: tuple[str, str]) -> None:
    if context.as_json:
        document(answer)
    tell(*said)
