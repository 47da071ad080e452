"""`timebank trail`: who did or saw what, newest first."""

from uuid import UUID

import click

from timebank.books import trail
from timebank.books.trail import TrailFilter, TrailLine
from timebank.cli.context import Context, with_context
from timebank.cli.output import document, table, word, words
from timebank.people.queries.sights import SightFilter, SightLine, sights
from timebank.web import presenting
from timebank.web.sights import words_of

OUTCOMES = {"done": ("已办", "done"), "refused": ("被拒", "refused"), "seen": ("查看", "seen")}


@click.command("trail")
@click.option("--actor", default=None, metavar="S001", help="谁办的。 Who did it.")
@click.option("--subject", default=None, metavar="V0005", help="关于谁或什么。 About whom or what.")
@click.option("--verb", default=None, metavar="market.", help="哪类操作（开头几个字母）。 Which operation.")
@click.option("--before", type=click.UUID, default=None, metavar="ID", help="早于这一条。 Older than this line.")
@click.option("--reads", is_flag=True, help="谁看了谁的资料。 Who looked at whose data.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@with_context
def command(
    context: Context,
    *,
    actor: str | None,
    subject: str | None,
    verb: str | None,
    before: UUID | None,
    reads: bool,
    limit: int,
) -> None:
    r"""操作留痕：谁在什么时候办了、看了、被拒了什么。 Who did or saw what, and what was refused.

    \b
    timebank trail
    timebank trail --actor S002 --verb imports.
    timebank trail --subject V0005 --limit 200
    timebank trail --reads --subject V0005
    """
    if reads:
        _reads(context, SightFilter(actor=actor, subjects=(subject,) if subject else None, what=verb), before, limit)
        return
    wanted = TrailFilter(actor=actor, subject=subject, verb=verb)
    found = context.look(
        lambda session: trail.lines(session, context.community_id, wanted=wanted, before=before, limit=limit)
    )
    if context.as_json:
        document(found)
        return
    headings = words(("时间", "At"), ("谁", "Who"), ("途径", "Via"), ("操作", "Operation"), ("结果", "Outcome"))
    table([*headings, word("关于", "About")], [_row(line) for line in found])


def _reads(context: Context, wanted: SightFilter, before: UUID | None, limit: int) -> None:
    found = context.look(
        lambda session: sights(session, context.community_id, wanted=wanted, before=before, limit=limit)
    )
    if context.as_json:
        document(found)
        return
    headings = words(("时间", "At"), ("谁", "Who"), ("途径", "Via"), ("看了什么", "What"), ("看的是谁", "Whose"))
    table(headings, [_read_row(line) for line in found])


def _read_row(line: SightLine) -> tuple[str, ...]:
    shown = "" if line.shown is None else word(f"{line.shown} 人", f"{line.shown} people")
    return presenting.moment(line.at), line.actor, line.channel, word(*words_of(line.what)), line.subject or shown


def _row(line: TrailLine) -> tuple[str, ...]:
    outcome = word(*OUTCOMES[line.outcome])
    return presenting.moment(line.at), line.actor, line.channel, line.verb, outcome, line.subject or ""
