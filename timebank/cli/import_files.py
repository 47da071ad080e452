"""`timebank import`: registers, sign-in sheets, paper passbooks and deliveries, from Excel and CSV files.

All of a file or nothing. Wrong rows are all told at once and written into a file to mend.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.cli import import_columns
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.import_columns import remember
from timebank.cli.mending import tell_problems
from timebank.cli.output import document, pairs, tell
from timebank.cli.progress import working
from timebank.imports import operations as imports
from timebank.imports.incoming import Incoming, Known, read_goods, read_hours, read_opening, read_register
from timebank.imports.operations.submitted import FileHasProblems
from timebank.imports.queries import columns_known
from timebank.imports.reading import check_size
from timebank.imports.rules import BatchKind
from timebank.web.summaries import shown

Read = Callable[[Context, str, bytes], Incoming[Any]]
Submit = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line gives with a file. errors: where the file to mend goes, None for beside the file."""

    path: Path
    login: str | None
    key: str | None
    dry_run: bool
    errors: Path | None
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileKind:
    """How one kind of file is read, and which operation takes it."""

    read: Read
    submit: Submit


def _register(context: Context, name: str, content: bytes) -> Incoming[Any]:
    known = _known(context, BatchKind.VOLUNTEERS)
    return read_register(name, content, community_id=context.community_id, vault=context.vault, known=known)


def _hours(context: Context, name: str, content: bytes) -> Incoming[Any]:
    known = _known(context, BatchKind.HOURS)
    return read_hours(name, content, community_id=context.community_id, vault=context.vault, known=known)


def _opening(context: Context, name: str, content: bytes) -> Incoming[Any]:
    return read_opening(name, content, known=_known(context, BatchKind.OPENING))


def _goods(context: Context, name: str, content: bytes) -> Incoming[Any]:
    return read_goods(name, content, known=_known(context, BatchKind.GOODS))


def _known(context: Context, kind: BatchKind) -> Known:
    return context.look(lambda session: columns_known(session, context.community_id, kind))


KINDS: Final[dict[str, FileKind]] = {
    "volunteers": FileKind(_register, imports.submit_volunteers),
    "hours": FileKind(_hours, imports.submit_hours),
    "opening": FileKind(_opening, imports.submit_opening),
    "goods": FileKind(_goods, imports.submit_goods),
}

_OPTIONS: Final = (
    click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    as_option,
    click.option("--dry-run", is_flag=True, help="只试不写，说出会发生什么。 Do all of it, then undo it."),
    click.option(
        "--errors",
        type=click.Path(dir_okay=False, path_type=Path),
        default=None,
        metavar="FILE",
        help="待改的文件写到哪里，默认在原文件旁边。 Where the file to mend goes.",
    ),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="HEADING=FIELD",
        help="这一列是什么，如 打卡时间=开始时间；不读写 -。会记住。 What a column is; remembered for this source.",
    ),
    key_option,
)


def _with_file(command: Callable[[Context, Given], None]) -> Callable[..., None]:
    """Give a command its file and options as one thing."""

    @wraps(command)
    def run(context: Context, /, **options: Any) -> None:
        command(context, Given(**options))

    wrapped = with_context(run)
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


@click.group("import")
def group() -> None:
    r"""导入名单、时长、期初余额、物品。 Import registers, hours, opening balances, goods.

    \b
    timebank import volunteers volunteers.xlsx --as chen
    timebank import hours hours.csv --as chen --dry-run
    timebank import hours hours.csv --as chen
    timebank batch confirm B0002 --as li
    """


group.add_command(import_columns.columns)
group.add_command(import_columns.forget)


@group.command("volunteers")
@_with_file
def volunteers(context: Context, given: Given) -> None:
    r"""登记名单里的所有人，马上生效。 Register everybody in a file, at once.

    \b
    timebank import volunteers volunteers.xlsx --as chen --dry-run
    timebank import volunteers volunteers.xlsx --as chen
    """
    _import(context, "volunteers", given)


@group.command("hours")
@_with_file
def hours(context: Context, given: Given) -> None:
    r"""录入签到表，等另一位同事确认。 Record sign-in sheets; a second person confirms them.

    \b
    timebank import hours hours.csv --as chen --dry-run
    timebank import hours hours.csv --as chen
    timebank batch confirm B0002 --as li
    """
    _import(context, "hours", given)


@group.command("opening")
@_with_file
def opening(context: Context, given: Given) -> None:
    r"""转入纸质存折的余额，等另一位同事确认。 Carry paper passbooks over; a second person confirms them.

    \b
    timebank import opening opening-balances.csv --as chen --dry-run
    timebank import opening opening-balances.csv --as chen
    timebank batch confirm B0003 --as li
    """
    _import(context, "opening", given)


@group.command("goods")
@_with_file
def goods(context: Context, given: Given) -> None:
    r"""登记一次送货，等另一位同事验收上架。 Write a delivery down; a second person checks it in.

    \b
    timebank import goods goods.xlsx --as chen --dry-run
    timebank import goods goods.xlsx --as chen
    timebank batch confirm B0004 --as li
    """
    _import(context, "goods", given)


def _import(context: Context, kind: str, given: Given) -> None:
    act = context.act(given.login, given.key)
    check_size(given.path.stat().st_size)
    if given.columns:
        remember(context, act, BatchKind(kind), given.path, given.columns)
    with working(f"正在读 {given.path.name}", f"reading {given.path.name}"):
        incoming = KINDS[kind].read(context, given.path.name, given.path.read_bytes())
    try:
        with working("正在核对并写入", "checking and writing"):
            answer = _submit(context, act, KINDS[kind], incoming, dry_run=given.dry_run)
    except FileHasProblems as refusal:
        click.get_current_context().exit(tell_problems(context, given, incoming, refusal))
    _tell_ignored(incoming)
    _tell(context, answer, dry_run=given.dry_run)


def _submit(context: Context, act: Act, kind: FileKind, incoming: Incoming[Any], *, dry_run: bool) -> dict[str, Any]:
    def work(session: Session) -> dict[str, Any]:
        return kind.submit(session, act, file=incoming.file)

    return context.do(work, dry_run=dry_run)


def _tell_ignored(incoming: Incoming[Any]) -> None:
    if incoming.table.ignored:
        names = "、".join(incoming.table.ignored)
        tell(f"这些列没有读：{names}。", f"These columns are not read: {names}.")
    if incoming.table.table.other_sheets:
        names = "、".join(incoming.table.table.other_sheets)
        tell(f"这些工作表没有读：{names}。", f"These worksheets are not read: {names}.")


def _tell(context: Context, answer: dict[str, Any], *, dry_run: bool) -> None:
    if context.as_json:
        document({**answer, "dry_run": dry_run})
    else:
        pairs(shown(answer))
    rows = f"{answer['rows']:,}"
    if dry_run:
        tell(
            f"试运行：{rows} 行都可以导入，什么都没有写入。下一步：去掉 --dry-run 再运行一次。",
            f"Dry run: {rows} rows can be imported, nothing was written. Next: run it without --dry-run.",
        )
    elif answer["state"] == "pending":
        batch = answer["batch"]
        tell(
            f"✓ 已录入 {rows} 行，批次 {batch}，等第二个人确认。下一步：timebank batch confirm {batch} --as 同事登录名",
            f"✓ {rows} rows wait in batch {batch}. Next: timebank batch confirm {batch} --as (the second person)",
        )
    else:
        tell(
            f"✓ 已登记 {rows} 人，批次 {answer['batch']}。下一步：timebank volunteer list",
            f"✓ {rows} people registered, batch {answer['batch']}. Next: timebank volunteer list",
        )
