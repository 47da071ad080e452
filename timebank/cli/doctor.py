"""`timebank doctor` and `timebank upgrade`: is this installation whole, and bring its database up to this program."""

import sys

import click

from timebank import clock, schema
from timebank.cli.context import Context, with_context
from timebank.cli.output import document, facts, say
from timebank.database import SQLITE, new_engine, reading, wal_is_safe
from timebank.people import queries as people
from timebank.web.trail_copier import waiting


@click.command("doctor")
@with_context
def command(context: Context) -> None:
    r"""检查这套安装。 Check this installation.

    \b
    timebank doctor
    """
    settings = context.settings
    engine = context.engine
    settings.keys()
    found = {
        "python": sys.version.split()[0],
        "database": engine.url.render_as_string(hide_password=True),
        "journal": _journal_words() if settings.on_sqlite else "PostgreSQL",
        "guards": "complete",
        "keys": "ok",
        "trail copy": _copy_words(context),
    }
    if context.as_json:
        document(found)
    else:
        facts(found)
    say("✓ 约束、触发器、权限和密钥都在。 Constraints, triggers, grants and keys are all there.")


def _copy_words(context: Context) -> str:
    settings, now = context.settings, clock.now()
    if settings.log_server is None:
        return "none"
    with reading(context.engine) as session:
        behind = {one.id: waiting(session, settings, one.id, now) for one in people.communities(session)}
    return ", ".join(f"{community}: {lines} waiting" for community, lines in behind.items())


def _journal_words() -> str:
    version = SQLITE.sqlite_version
    if wal_is_safe(SQLITE.sqlite_version_info):
        return f"SQLite {version}, WAL"
    return f"SQLite {version}, rollback journal (this version has the WAL-reset bug)"


@click.command("upgrade")
@with_context
def upgrade(context: Context) -> None:
    r"""把数据库升级到本程序的版本；先备份。 Bring the database up to this program; back it up first.

    \b
    timebank upgrade
    """
    schema.upgrade(context.settings.database_url)
    schema.check(new_engine(context.settings.database_url))
    say("✓ 数据库已是本程序的版本。 The database is up to date.")
