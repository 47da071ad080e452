"""`timebank star`: cases that wait for a decision; granting and refusing by another person than who opened them."""

from uuid import UUID

import click
from sqlalchemy.orm import Session

from timebank import clock
from timebank.books.acts import Act
from timebank.certificates.operations import certify_after
from timebank.cli import star_inquiry, star_upward
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, word, words
from timebank.cli.star_upward import NoOpenCase, open_cases_of
from timebank.ledger.days import day_of
from timebank.people.queries import volunteers
from timebank.rulebook.rules import Body
from timebank.stars import operations as stars
from timebank.stars import queries
from timebank.stars.operations import noticing
from timebank.stars.queries import notices
from timebank.stars.rules import Award
from timebank.stars.rules.noticing import Stage
from timebank.web import condition_words, presenting

_NUMBER = click.argument("number", metavar="V0005")


@click.group("star")
def group() -> None:
    r"""星级：等评定的、授予、不授予。 Stars: what waits, grant, refuse.

    \b
    timebank star list
    timebank star explain V0005
    timebank star notice V0005 --as chen
    timebank star grant V0005 --as chen
    timebank star refuse V0005 --reason 还要核实 --as chen
    timebank star recommend V0005 --to 街道志愿者协会 --as chen
    timebank star results 名单.xlsx --as li
    timebank star inquiry list
    """


@group.command("list")
@click.option("--of", "number", default=None, metavar="V0005", help="这位志愿者的历史。 History of one volunteer.")
@with_context
def listed(context: Context, number: str | None) -> None:
    r"""等评定的星级；加 --of 看一个人的历史。 Stars that wait for a decision, or one person's history.

    \b
    timebank star list
    timebank star list --of V0005
    """
    found, names = context.look(lambda session: _found(session, context.community_id, number))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Number"), ("姓名", "Name"), ("星级", "Star"), ("时长", "Service"), ("状态", "State"))
    table([*headings, word("开启人", "Opened by")], [_row(award, names) for award in found], numbers=[3])
    tell(f"共 {len(found)} 个。", f"{len(found)} in all.")


def _found(session: Session, community_id: str, number: str | None) -> tuple[tuple[Award, ...], dict[str, str]]:
    if number is not None:
        found = queries.history(session, community_id, number)
    else:
        found = queries.open_cases(session, community_id)
    people = volunteers(session, community_id, {award.number for award in found})
    return found, {key: person.name for key, person in people.items()}


STATES = {
    "open": ("等评定", "waiting"),
    "granted": ("已授予", "granted"),
    "refused": ("未通过", "refused"),
    "withdrawn": ("已撤回", "withdrawn"),
}


def _row(award: Award, names: dict[str, str]) -> tuple[str, ...]:
    state, minutes = word(*STATES[award.state.value]), presenting.duration(award.minutes)
    return award.number, names[award.number], presenting.stars(award.level), minutes, state, award.opener


@group.command("explain")
@_NUMBER
@with_context
def explain(context: Context, number: str) -> None:
    r"""下一星的每个条件：现有、要求、还差多少。 What the next star asks for, condition by condition.

    \b
    timebank star explain V0005
    """
    today = day_of(clock.now())
    found = context.look(lambda session: queries.progress(session, context.community_id, number, today))
    if context.as_json:
        document(found)
        return
    if found.next_level is None:
        tell("已经是最高的星级。", "This is the highest star.")
        return
    tell(f"{presenting.star_word(found.next_level)}的条件：", f"{presenting.star_word(found.next_level)} asks for:")
    headings = words(("条件", "Condition"), ("现有", "Has"), ("要求", "Asked"), ("结果", "Outcome"))
    table(headings, [(one.name, one.has, one.needed, one.outcome) for one in condition_words.told(found.conditions)])


@group.command("notice")
@click.argument("numbers", metavar="V0005...", nargs=-1)
@click.option("--all", "everybody", is_flag=True, help="所有还没公示的。 All that were not announced yet.")
@as_option
@key_option
@with_context
def notice(context: Context, numbers: tuple[str, ...], everybody: bool, login: str | None, key: str | None) -> None:
    r"""公示：公示期满、没有异议，才能授予。 Announce cases; they are granted after the notice.

    \b
    timebank star notice V0005 --as chen
    timebank star notice --all --as chen
    """
    if bool(numbers) == everybody:
        raise click.UsageError("请写编号，或者 --all。 Name volunteers, or use --all.")
    act = context.act(login, key)

    def work(session: Session) -> dict[str, str | int]:
        ids = open_cases_of(session, context.community_id, numbers)
        if everybody:
            found = notices.open_cases_noticed(session, context.community_id, act.today)
            ids = tuple(one.award.award_id for one in found if one.stage is Stage.REACHED)
        return noticing.put_on_notice(session, act, award_ids=ids)

    answer = context.do(work)
    if context.as_json:
        document(answer)
    tell(
        f"✓ 已公示 {answer['cases']} 个，到 {answer['last_on']}。之后：timebank star grant --all --as 另一位",
        f"✓ {answer['cases']} announced until {answer['last_on']}. Then: timebank star grant --all",
    )


@group.command("grant")
@click.argument("numbers", metavar="V0005...", nargs=-1)
@click.option("--all", "everybody", is_flag=True, help="所有公示期满的。 All whose notice is over.")
@as_option
@key_option
@with_context
def grant(context: Context, numbers: tuple[str, ...], everybody: bool, login: str | None, key: str | None) -> None:
    r"""授予星级；开启人不能自己授予。 Grant stars; who opened a case cannot grant it.

    \b
    timebank star grant V0005 --as chen
    timebank star grant V0005 V0012 --as chen
    timebank star grant --all --as chen
    """
    if bool(numbers) == everybody:
        raise click.UsageError("请写编号，或者 --all。 Name volunteers, or use --all.")
    act = context.act(login, key)

    def work(session: Session) -> dict[str, object]:
        ids = _ready(session, act) if everybody else open_cases_of(session, context.community_id, numbers)
        told = {"granted": len(ids), **stars.grant_many(session, act, award_ids=ids)}
        certify_after(session, act, ids)
        return told

    answer = context.do(work)
    if context.as_json:
        document(answer)
    tell(
        f"✓ 已授予 {answer['granted']} 个星级。下一步：timebank star list",
        f"✓ {answer['granted']} stars granted. Next: timebank star list",
    )


def _ready(session: Session, act: Act) -> tuple[UUID, ...]:
    """Return the cases whose notice is over without an open objection; `NoOpenCase` where there is none."""
    found = notices.open_cases_noticed(session, act.community_id, act.today)
    ready = tuple(one.award.award_id for one in found if one.stage is Stage.READY and one.award.body is not Body.UPPER)
    if not ready:
        raise NoOpenCase(volunteers=[])
    return ready


@group.command("refuse")
@_NUMBER
@click.option("--reason", required=True, metavar="TEXT", help="为什么。 Why.")
@as_option
@key_option
@with_context
def refuse(context: Context, number: str, reason: str, login: str | None, key: str | None) -> None:
    r"""不授予，写明原因。 Refuse a star, with a reason.

    \b
    timebank star refuse V0005 --reason 还要核实 --as chen
    """
    act = context.act(login, key)

    def work(session: Session) -> int:
        (award_id,) = open_cases_of(session, context.community_id, (number,))
        return stars.refuse(session, act, award_id=award_id, reason=reason)

    seq = context.do(work)
    if context.as_json:
        document({"number": number, "entry": seq})
    tell(
        f"✓ {number} 的星级没有授予，原因已记下。下一步：timebank star list",
        f"✓ The star of {number} is refused, with the reason. Next: timebank star list",
    )


for further in (*star_upward.COMMANDS, star_inquiry.group):
    group.add_command(further)
