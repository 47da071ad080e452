"""`timebank backup`: one consistent copy of the database while everybody goes on working; SQLite only."""

import os
from contextlib import closing
from pathlib import Path

import click

from timebank.cli.context import Context, with_context
from timebank.cli.output import document, tell
from timebank.cli.progress import working
from timebank.database import SQLITE
from timebank.refusal import Refusal


class BackupExists(Refusal):
    """There is a file of this name; a backup never replaces anything."""

    code = "backup_exists"


class BackupByServer(Refusal):
    """PostgreSQL makes its own backups."""

    code = "backup_by_server"


class BackupDamaged(Refusal):
    """The copy does not pass the database's own check; it was removed."""

    code = "backup_damaged"


@click.command("backup")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@with_context
def command(context: Context, path: Path) -> None:
    r"""备份数据库，不用停止服务。 Copy the database while it is in use.

    \b
    timebank backup 2026-11-23.db
    """
    if not context.settings.on_sqlite:
        database = context.engine.url.render_as_string(hide_password=True)
        raise BackupByServer(database=database, file=str(path))
    source = context.engine.url.database
    assert source is not None, context.engine.url
    with working("正在备份", "copying"):
        _copy(Path(source), path)
    if context.as_json:
        document({"file": str(path.absolute()), "bytes": path.stat().st_size})
    tell(
        f"✓ 已备份到 {path}（{path.stat().st_size:,} 字节），核对无误。keys.json 要另外保管，不在里面。",
        f"✓ Copied to {path} ({path.stat().st_size:,} bytes) and checked. keys.json is not in it; keep it apart.",
    )


def _copy(source: Path, path: Path) -> None:
    """Copy by the database's own way, into a file that only its owner can read."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise BackupExists(file=str(path)) from error
    with closing(SQLITE.connect(f"file:{source}?mode=ro", uri=True)) as from_, closing(SQLITE.connect(path)) as to:
        from_.backup(to)
        (answer,) = to.execute("PRAGMA integrity_check").fetchone()
    if answer != "ok":
        path.unlink()
        raise BackupDamaged(file=str(path))
