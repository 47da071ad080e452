"""`timebank batch`: files that came in: which there are, what each brings, confirming and taking back."""

import click
from sqlalchemy.orm import Session

from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, pairs, table, tell, word, words
from timebank.cli.progress import working
from timebank.imports import operations as imports
from timebank.imports import queries
from timebank.imports.queries import Batch
from timebank.imports.rules import BatchState
from timebank.web import presenting
from timebank.web.summaries import KINDS, STATES, shown

_NUMBER = click.argument("number", metavar="BATCH")
_DRY_RUN = click.option("--dry-run", is_flag=True, help="只试不写，说出会发生什么。 Do all of it, then undo it.")


@click.group("batch")
def group() -> None:
    r"""导入的批次：查看、确认、撤销。 Batches: see, confirm, take back.

    \b
    timebank batch list
    timebank batch show B0002
    timebank batch confirm B0002 --as li
    timebank batch undo B0002 --as li --reason 重复了
    """


@group.command("list")
@click.option(
    "--state", type=click.Choice([state.value for state in BatchState]), default=None, help="只看这一种。 One state."
)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@with_context
def listed(context: Context, state: str | None, limit: int) -> None:
    r"""列出批次，新的在前。 List the batches, newest first.

    \b
    timebank batch list
    timebank batch list --state pending
    """
    wanted = None if state is None else BatchState(state)
    found = context.look(lambda session: queries.batches(session, context.community_id, state=wanted, limit=limit))
    if context.as_json:
        document(found)
        return
    headings = words(
        ("批次", "Batch"), ("内容", "Kind"), ("状态", "State"), ("行数", "Rows"), ("导入人", "By"), ("时间", "At")
    )
    table([*headings, word("文件", "File")], [_row(batch) for batch in found], numbers=[3])
    waiting = [batch.number for batch in found if batch.state is BatchState.PENDING]
    if waiting:
        tell(
            f"{len(waiting)} 个批次等确认。下一步：timebank batch show {waiting[0]}",
            f"{len(waiting)} batches wait. Next: timebank batch show {waiting[0]}",
        )


def _row(batch: Batch) -> tuple[object, ...]:
    made_at = presenting.moment(batch.made_at)
    kind, state = word(*KINDS[batch.kind.value]), word(*STATES[batch.state.value])
    return batch.number, kind, state, f"{batch.row_count:,}", batch.made_by, made_at, batch.file_name


@group.command("show")
@_NUMBER
@with_context
def show(context: Context, number: str) -> None:
    r"""说出一个批次会带来什么、做了什么。 Tell what a batch brings and what became of it.

    \b
    timebank batch show B0002
    """
    batch = context.look(lambda session: queries.batch(session, context.community_id, number))
    if context.as_json:
        document(batch)
        return
    pairs([(word("批次", "Batch"), batch.number), (word("状态", "State"), word(*STATES[batch.state.value]))])
    pairs([*shown({"rows": batch.row_count, **batch.summary}), *_people(batch)])
    if batch.outcome is not None:
        pairs(shown(batch.outcome))
    if batch.state is BatchState.PENDING:
        tell(
            f"下一步：timebank batch confirm {number} --as 同事的登录名",
            f"Next: timebank batch confirm {number} --as LOGIN",
        )


def _people(batch: Batch) -> list[tuple[str, str]]:
    told = [
        (word("导入", "Brought by"), batch.made_by, batch.made_at),
        (word("确认", "Confirmed by"), batch.confirmed_by, batch.confirmed_at),
        (word("撤销", "Taken back by"), batch.undone_by, batch.undone_at),
    ]
    found = [(name, f"{who} {presenting.moment(at)}") for name, who, at in told if who and at]
    return [*found, (word("原因", "Reason"), batch.undo_reason)] if batch.undo_reason else found


@group.command("confirm")
@_NUMBER
@as_option
@click.option(
    "--rating", type=click.IntRange(1, 5), default=None, help="没有评价的时长给几颗星。 Stars for hours without."
)
@click.option("--answer", default="", metavar="TEXT", help="对提醒的说明。 Answer to whatever is flagged.")
@_DRY_RUN
@key_option
@with_context
def confirm(
    context: Context,
    number: str,
    login: str | None,
    rating: int | None,
    answer: str,
    dry_run: bool,
    key: str | None,
) -> None:
    r"""作为第二个人确认；确认以后才生效。 Confirm as the second person; only then it counts.

    \b
    timebank batch show B0002
    timebank batch confirm B0002 --as li --dry-run
    timebank batch confirm B0002 --as li
    timebank batch confirm B0002 --as li --rating 4
    """
    act = context.act(login, key)

    def work(session: Session) -> dict[str, object]:
        return imports.confirm(session, act, number=number, rating=rating, answer=answer)

    with working("正在记账", "posting"):
        outcome = context.do(work, dry_run=dry_run)
    _tell(context, outcome, dry_run=dry_run)
    if not dry_run:
        tell(f"✓ 批次 {number} 已生效。下一步：timebank verify", f"✓ Batch {number} counts. Next: timebank verify")


@group.command("undo")
@_NUMBER
@as_option
@click.option("--reason", required=True, metavar="TEXT", help="为什么撤销。 Why.")
@_DRY_RUN
@key_option
@with_context
def undo(
    context: Context,
    number: str,
    login: str | None,
    reason: str,
    dry_run: bool,
    key: str | None,
) -> None:
    r"""撤销一批：还没确认的撤回，已生效的逐条冲正。 Take a batch back: all of it, or nothing.

    \b
    timebank batch undo B0002 --as chen --reason 导错了文件
    """
    act = context.act(login, key)
    outcome = context.do(lambda session: imports.undo(session, act, number=number, reason=reason), dry_run=dry_run)
    _tell(context, outcome, dry_run=dry_run)
    if not dry_run:
        tell(
            f"✓ 批次 {number} 已撤销。下一步：timebank batch list",
            f"✓ Batch {number} is taken back. Next: timebank batch list",
        )


def _tell(context: Context, outcome: dict[str, object], *, dry_run: bool) -> None:
    if context.as_json:
        document({**outcome, "dry_run": dry_run})
    else:
        pairs(shown(outcome))
    if dry_run:
        tell("试运行：什么都没有写入。", "Dry run: nothing was written.")
