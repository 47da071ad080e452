"""`timebank export`: the whole journal for other programs, and the evidence for auditors; numbers, never names."""

import sys
from pathlib import Path
from typing import TextIO

import click

from timebank.audit.exports import FORMATS, journal_lines
from timebank.books import trail
from timebank.cli import export_evidence
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import tell
from timebank.cli.progress import working
from timebank.database import reading


@click.group("export")
def group() -> None:
    r"""导出，供别的程序核对。 Exports, to be checked by other programs.

    \b
    timebank export journal --format hledger | hledger -f - check -s
    timebank export journal --format beancount --output xfl.beancount
    timebank export evidence --output /media/usb/evidence.zip
    """


@group.command("journal")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True, help="格式。 Format.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    default=None,
    metavar="FILE",
    help="写到文件；默认写到屏幕。 Into a file; default the screen.",
)
@as_option
@key_option
@with_context
def journal(context: Context, form: str, output: Path | None, login: str | None, key: str | None) -> None:
    r"""导出整本日记账。 Export the whole journal.

    \b
    timebank export journal --format hledger --output xfl.hledger
    timebank export journal --format beancount --output xfl.beancount
    timebank export journal --format csv
    timebank export journal --format jsonl
    """
    act = context.act(login, key) if login else context.act_of_system(key)
    context.do(lambda session: trail.note(session, act, "audit.export_journal", subject=form, outcome="done"))
    if output is None:
        _write(context, form, sys.stdout)
        return
    with working("正在导出", "exporting"), output.open("w", encoding="utf-8", newline="") as file:
        lines = _write(context, form, file)
    tell(
        f"✓ 已导出 {lines:,} 行到 {output}。{_check(form, output)}",
        f"✓ {lines:,} lines in {output}. {_check(form, output)}",
    )


def _write(context: Context, form: str, stream: TextIO) -> int:
    """Write line by line on one snapshot; return how many lines."""
    count = 0
    with reading(context.engine) as session:
        for line in journal_lines(session, context.community_id, form):
            stream.write(line)
            count += 1
    stream.flush()
    return count


def _check(form: str, output: Path) -> str:
    commands = {"hledger": f"hledger -f {output} check -s", "beancount": f"bean-check {output}"}
    return commands.get(form, "")


group.add_command(export_evidence.command)
