"""`timebank export evidence`: the evidence bundle, as a folder or a zip, with the verifier in it."""

import shutil
from pathlib import Path

import click

from timebank import clock
from timebank.books import trail
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, tell
from timebank.cli.progress import working
from timebank.cli.witness import FileThere, NoSuchFile
from timebank.database import reading
from timebank.evidence.bundle import FolderPlace, ZipPlace, write_bundle
from timebank.evidence.keys import LogKeys
from timebank.web import log_keeper


@click.command("evidence")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    metavar="PATH",
    help="文件夹，或以 .zip 结尾的文件；默认 evidence-代码.zip。 A folder, or a file that ends in .zip.",
)
@as_option
@key_option
@with_context
def command(context: Context, output: Path | None, login: str | None, key: str | None) -> None:
    r"""导出证据包：别人不用本程序也能全部重算。 Export everything that others need to check it all without us.

    \b
    timebank export evidence
    timebank export evidence --output /media/usb/evidence.zip
    """
    path = output or Path(f"evidence-{context.community_id}.zip")
    if path.exists():
        raise FileThere(file=str(path))
    act = context.act(login, key) if login else context.act_of_system(key)
    signer = log_keeper.signer_of(context.settings)
    kept = log_keeper.keep(context.engine, signer, context.community_id, clock.now())
    context.do(lambda session: trail.note(session, act, "evidence.export", subject=None, outcome="done"))
    with working("正在导出证据包", "exporting the evidence"):
        size = _write(context, signer.keys, path)
    if kept.damage is not None:
        # The bundle is written all the same: it is the evidence of the damage.
        raise kept.damage
    if context.as_json:
        document({"path": str(path), "entries": size})
        return
    command = f"python verify_timebank.py {path.name} --key '{signer.keys.verifier(context.community_id)}'"
    tell(f"✓ {size:,} 笔已导出到 {path}。核对：{command}", f"✓ {size:,} entries in {path}. Check: {command}")


def _write(context: Context, keys: LogKeys, path: Path) -> int:
    """Write beside the place and move it there when it is whole, so that nothing is left half done."""
    beside = path.with_name(f"{path.name}.part")
    zipped = path.suffix == ".zip"
    try:
        _remove(beside)
        with ZipPlace(beside) if zipped else FolderPlace(beside) as place, reading(context.engine) as session:
            size = write_bundle(session, context.community_id, keys=keys, place=place)
        beside.replace(path)
    except OSError as error:
        raise NoSuchFile(file=str(path)) from error
    finally:
        _remove(beside)
    return size


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
