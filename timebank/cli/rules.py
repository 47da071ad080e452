"""`timebank rules`: the rules in force, in sentences; the same data that computes. Changing them: `rule_changes.py`."""

import json
from datetime import date
from typing import Any

import click
from sqlalchemy.orm import Session

from timebank import clock
from timebank.cli import rule_changes
from timebank.cli.context import Context, with_context
from timebank.cli.kinds import DAY
from timebank.cli.output import data, document, table, word, words
from timebank.ledger.days import day_of
from timebank.rulebook import queries
from timebank.rulebook.queries import RuleVersion
from timebank.rulebook.rules import as_json, in_words
from timebank.web import presenting


@click.group("rules")
def group() -> None:
    r"""规则：积分怎么算，星级怎么评，有什么限制。 Rules: points, stars, limits.

    \b
    timebank rules show
    timebank rules show --on 2026-08-01
    timebank rules list
    timebank rules simulate 规则.json
    timebank rules recompute
    """


for changing in rule_changes.COMMANDS:
    group.add_command(changing)


@group.command("show")
@click.option("--on", "day", type=DAY, default=None, help="哪一天的规则，默认今天。 On which day; default today.")
@click.option("--version", type=click.IntRange(1), default=None, help="第几版。 Which version.")
@click.option("--document", "as_file", is_flag=True, help="只给数据文件，改好后可以提出。 The document to change.")
@with_context
def show(context: Context, day: date | None, version: int | None, *, as_file: bool) -> None:
    r"""用平常的话说出规则。 Say the rules in plain sentences.

    \b
    timebank rules show
    timebank rules show --version 1
    timebank rules show --on 2026-08-01 --json
    timebank rules show --document > 规则.json
    """
    found = context.look(lambda session: _version(session, context.community_id, day, version))
    if as_file:
        document(json.loads(as_json(found.document)))
        return
    if context.as_json:
        document(_as_document(found))
        return
    begins = presenting.day(found.valid_from)
    data(word(f"{begins} 起，第 {found.version} 版", f"Version {found.version}, from {begins} on"))
    for section in in_words(found.document, presenting.tell):
        data("")
        data(section.title)
        for line in section.lines:
            data(f"  {line}")


def _version(session: Session, community_id: str, day: date | None, version: int | None) -> RuleVersion:
    if version is not None:
        return queries.rule_version(session, community_id, version)
    return queries.rules_on(session, community_id, day or day_of(clock.now()))


def _as_document(found: RuleVersion) -> dict[str, Any]:
    return {
        "version": found.version,
        "valid_from": found.valid_from,
        "entry_seq": found.entry_seq,
        "document_hash": found.document_hash.hex(),
        "document": json.loads(found.text),
    }


@group.command("list")
@with_context
def listed(context: Context) -> None:
    r"""列出所有版本。 List all versions.

    \b
    timebank rules list
    """
    found = context.look(lambda session: queries.rule_versions(session, context.community_id))
    if context.as_json:
        document([_as_document(version) for version in found])
        return
    headings = words(("版本", "Version"), ("起用日期", "From"), ("提出", "By"), ("确认", "Confirmed by"))
    rows = [(one.version, one.valid_from, one.published_by, one.confirmed_by or "") for one in found]
    table(headings, rows)
