"""`timebank rules propose|confirm|…|simulate|recompute`: changing the rules, trying a change, proving what was paid."""

import sys
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlalchemy.orm import Session

from timebank import clock
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.kinds import DAY
from timebank.cli.output import document, facts, table, tell, word, words
from timebank.database import reading
from timebank.ledger.days import day_of
from timebank.market import queries as market
from timebank.rulebook import operations, queries
from timebank.rulebook.expiring import expiring_points
from timebank.rulebook.queries import RuleProposal
from timebank.rulebook.rules import Compared, RuleDocument, changes_in_words, document_of
from timebank.rulebook.simulation import Difference, Recount, Simulation, differences, simulate
from timebank.web import presenting

EXIT_INTEGRITY = 6
PEOPLE_SHOWN = 10
_FILE = click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_PROPOSAL = click.argument("proposal", metavar="ID", type=click.UUID)


def _told(count: int) -> None:
    """Say how far it has come, where somebody watches."""
    if sys.stderr.isatty():
        click.echo(f"\r{count:,} …\033[K", nl=False, err=True)


def _quiet() -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)


@click.command("propose")
@_FILE
@click.option("--from", "valid_from", type=DAY, required=True, help="从哪天起生效。 From which day on.")
@click.option("--reason", required=True, metavar="TEXT", help="为什么改。 Why.")
@as_option
@key_option
@with_context
def propose(context: Context, file: Path, valid_from: date, reason: str, login: str | None, key: str | None) -> None:
    r"""提出一版新规则，等另一位确认。 Propose rules; another person confirms them.

    \b
    timebank rules propose 规则.json --from 2027-01-01 --reason 新的一年 --as admin
    """
    act = context.act(login, key)
    text = file.read_text(encoding="utf-8-sig")
    proposal = context.do(
        lambda session: operations.propose(session, act, document=text, valid_from=valid_from, reason=reason)
    )
    if context.as_json:
        document({"proposal": proposal})
    tell(
        f"✓ 已提交，还没有生效。下一步：timebank rules confirm {proposal} --as 另一位",
        f"✓ Proposed; nothing holds yet. Next: timebank rules confirm {proposal} --as somebody-else",
    )


@click.command("proposals")
@with_context
def proposals(context: Context) -> None:
    r"""列出提出过的修改。 List what was proposed, and what became of it.

    \b
    timebank rules proposals
    """
    found = context.look(lambda session: queries.rule_proposals(session, context.community_id))
    if context.as_json:
        document([_as_document(one) for one in found])
        return
    headings = words(("编号", "Id"), ("起用日期", "From"), ("提出", "By"), ("状态", "State"), ("原因", "Reason"))
    table(headings, [(one.proposal_id, one.valid_from, one.proposer, one.state, one.reason) for one in found])


def _as_document(one: RuleProposal) -> dict[str, Any]:
    return {
        "proposal": one.proposal_id,
        "valid_from": one.valid_from,
        "reason": one.reason,
        "state": one.state,
        "proposer": one.proposer,
        "decider": one.decider,
    }


@click.command("confirm")
@_PROPOSAL
@as_option
@key_option
@with_context
def confirm(context: Context, proposal: UUID, login: str | None, key: str | None) -> None:
    r"""确认别人提出的修改，按期生效。 Confirm somebody else's proposal.

    \b
    timebank rules confirm 0199… --as chen
    """
    act = context.act(login, key)
    version = context.do(lambda session: operations.confirm(session, act, proposal_id=proposal))
    if context.as_json:
        document({"version": version})
    tell(
        f"✓ 第 {version} 版规则已发布。下一步：timebank rules show --version {version}",
        f"✓ Version {version} is published. Next: timebank rules show --version {version}",
    )


@click.command("reject")
@_PROPOSAL
@as_option
@key_option
@with_context
def reject(context: Context, proposal: UUID, login: str | None, key: str | None) -> None:
    r"""不同意一份修改，规则不变。 Turn a proposal down.

    \b
    timebank rules reject 0199… --as chen
    """
    act = context.act(login, key)
    context.do(lambda session: operations.reject(session, act, proposal_id=proposal))
    tell("✓ 没有通过，规则不变。", "✓ Turned down; the rules stay.")


@click.command("simulate")
@_FILE
@click.option("--until", type=DAY, default=None, help="到哪天为止的 12 个月，默认今天。 Twelve months up to this day.")
@with_context
def simulation(context: Context, file: Path, until: date | None) -> None:
    r"""试算：过去 12 个月按这版规则会发多少。账不变。 What rules would have paid; the books stay.

    \b
    timebank rules simulate 规则.json
    timebank rules simulate 规则.json --until 2026-06-30 --json
    """
    now = clock.now()
    proposed = document_of(file.read_text(encoding="utf-8-sig"))

    def work(session: Session) -> tuple[Simulation, market.Backing, RuleDocument]:
        found = simulate(session, context.community_id, proposed, last_on=until or day_of(now), told=_told)
        backing = market.backing(session, context.community_id, now)
        return found, backing, queries.rules_on(session, context.community_id, day_of(now)).document

    found, backing, current = context.look(work)
    _quiet()
    if context.as_json:
        document({"simulation": found, "backing": backing})
        return
    _tell_changes(current, proposed)
    _tell_simulation(found, backing)


def _tell_changes(current: RuleDocument, proposed: RuleDocument) -> None:
    for change in changes_in_words(current, proposed, presenting.tell):
        click.echo(change.title)
        for line in change.gone:
            click.echo(f"  − {line}")
        for line in change.new:
            click.echo(f"  + {line}")


def _tell_simulation(found: Simulation, backing: market.Backing) -> None:
    facts(
        {
            word("服务", "Services"): f"{found.total.records:,}",
            word("已发积分", "Points paid"): presenting.points(found.total.paid_e2),
            word("新规则会发", "Would have paid"): presenting.points(found.total.would_pay_e2),
            word("相差", "Difference"): presenting.signed_points(found.total.difference_e2),
            word("存折里还有", "Outstanding"): presenting.points(backing.outstanding_points_e2),
            word("货架能换", "Redeemable goods"): presenting.points(backing.shelf_points_e2),
        }
    )
    _tell_table(word("类别", "Class"), found.by_class)
    _tell_table(word("片区", "Area"), found.by_area)
    _tell_table(word("志愿者", "Volunteer"), found.by_person[:PEOPLE_SHOWN])
    if found.unknown_classes:
        gone = "、".join(found.unknown_classes)
        tell(f"新规则里没有这些类别，会得 0 分：{gone}", f"Classes unknown to these rules would earn nothing: {gone}")
    tell("只是试算，账没有变。", "A trial only; the books are unchanged.")


def _tell_table(heading: str, rows: tuple[tuple[str, Compared], ...]) -> None:
    sums = words(("次数", "Services"), ("已发", "Paid"), ("新规则", "Would pay"), ("相差", "Difference"))
    cells = [
        (
            name or "—",
            one.records,
            presenting.points(one.paid_e2),
            presenting.points(one.would_pay_e2),
            presenting.signed_points(one.difference_e2),
        )
        for name, one in rows
    ]
    click.echo("")
    table([heading, *sums], cells, numbers=[1, 2, 3, 4])


@click.command("recompute")
@with_context
def recompute(context: Context) -> None:
    r"""按每笔自己的规则版本重算全部积分；有出入以 6 结束。 Recompute every posting; exit code 6 on a difference.

    \b
    timebank rules recompute
    """
    recount, shown = Recount(), 0
    with reading(context.engine) as session:
        for difference in differences(session, context.community_id, recount, _told):
            shown += 1
            _tell_difference(difference, as_json=context.as_json)
    _quiet()
    if context.as_json:
        document({"services": recount.services, "differences": shown})
    if shown:
        tell(
            f"✗ {recount.services:,} 次服务里有 {shown} 次和规则不一致。请先停止审批，联系管理员。",
            f"✗ {shown} of {recount.services:,} services differ from their rules. Stop and call the administrator.",
        )
        click.get_current_context().exit(EXIT_INTEGRITY)
    tell(
        f"✓ {recount.services:,} 次服务全部和各自的规则一致。",
        f"✓ All {recount.services:,} services are what their rules say.",
    )


def _tell_difference(difference: Difference, *, as_json: bool) -> None:
    if as_json:
        return
    again = difference.recomputed
    due = word("算不出", "cannot be computed") if again is None else presenting.points(again.points_due_e2)
    paid = "—" if again is None else presenting.points(again.points_e2)
    click.echo(
        word(
            f"凭证 {difference.seq}：记 {paid}，按第 {difference.rule_version} 版应为 {due}",
            f"Entry {difference.seq}: {paid} posted, {due} due by version {difference.rule_version}",
        )
    )


@click.command("expiring")
@with_context
def expiring(context: Context) -> None:
    r"""快到期的积分：谁的、多少、最后一天。 Points that expire soon.

    \b
    timebank rules expiring
    """
    found = context.look(lambda session: expiring_points(session, context.community_id, day_of(clock.now())))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Number"), ("积分", "Points"), ("最后一天", "Last day"), ("还有几天", "Days left"))
    rows = [(one.number, presenting.points(one.points_e2), one.last_on, one.days_left) for one in found]
    table(headings, rows, numbers=[1, 3])
    tell(f"共 {len(found)} 笔。", f"{len(found)} in all.")


COMMANDS = (propose, proposals, confirm, reject, simulation, recompute, expiring)
"""What the group `rules` has besides showing."""
