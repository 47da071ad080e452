"""`timebank import columns`: which column of which source is what, as it was set right once, and forgetting it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from timebank.books.acts import Act
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, words
from timebank.imports.fields import KINDS, TableKind, plain_heading
from timebank.imports.operations.columns import forget_columns, remember_columns
from timebank.imports.queries import columns_remembered
from timebank.imports.reading import read_table
from timebank.imports.rules import BatchKind

UNREAD = "-"


def remember(context: Context, act: Act, kind: BatchKind, path: Path, chosen: Sequence[str]) -> None:
    """Remember what was said of the columns of a file; the same key as the import's counts once for each."""
    headings = read_table(path.name, path.read_bytes()).headings
    columns = dict(_column(text, next(one for one in KINDS if one.code == kind.value)) for text in chosen)
    own = replace(act, request_key=f"{act.request_key[:90]}-columns")
    context.do(lambda session: remember_columns(session, own, kind=kind, headings=headings, columns=columns))


def _column(text: str, kind: TableKind) -> tuple[str, str]:
    heading, _, field = text.rpartition("=")
    if field == UNREAD:
        return plain_heading(heading), ""
    known = kind.headings().get(plain_heading(field))
    code = known.code if known else next((one.code for one in kind.fields if one.code == field), None)
    if not heading or code is None:
        raise click.BadParameter(f"{text}: {'、'.join(one.chinese for one in kind.fields)}")
    return plain_heading(heading), code


@click.command("columns")
@with_context
def columns(context: Context) -> None:
    r"""记住了哪些来源的列。 What is remembered of the columns of each source.

    \b
    timebank import columns
    """
    found = context.look(lambda session: columns_remembered(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(("来源", "Source"), ("内容", "Kind"), ("列", "Columns"), ("由谁", "By"))
    rows = [
        (
            one.fingerprint,
            one.kind.value,
            "、".join(f"{heading}={code or UNREAD}" for heading, code in one.columns.items()),
            one.set_by,
        )
        for one in found
    ]
    table(headings, rows)


@click.command("forget")
@click.argument("kind", type=click.Choice([kind.value for kind in BatchKind]))
@click.argument("source")
@as_option
@key_option
@with_context
def forget(context: Context, kind: str, source: str, login: str | None, key: str | None) -> None:
    r"""忘掉一种来源的列，以后按列名认。 Forget what is remembered of a source.

    \b
    timebank import forget hours 0123456789abcdef --as chen
    """
    act = context.act(login, key)
    context.do(lambda session: forget_columns(session, act, kind=BatchKind(kind), source=source))
    tell("✓ 忘掉了，以后按列名认。", "✓ Forgotten; its columns are found by their names again.")
