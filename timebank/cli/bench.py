"""`timebank bench`: how fast this is on this machine, each figure beside the least honest work for the same result."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from timebank.bench.places import Files, Place, Server
from timebank.bench.promises import PromiseBroken
from timebank.bench.reporting import Line, json_lines, medians, table
from timebank.bench.running import FULL, QUICK, SCALE, Bench, run
from timebank.bench.targets import TARGETS
from timebank.cli.output import data, tell

EXIT_MISSED = 3
EXIT_INTEGRITY = 6


@click.command("bench")
@click.option("--quick", is_flag=True, help="一分钟之内，只用 SQLite。 Under a minute, SQLite only.")
@click.option("--scale", is_flag=True, help="大社区：五万人、三百万行。 Fifty thousand volunteers, 3 million lines.")
@click.option("--only", metavar="NUMBERS", default="", help="只量这几项（逗号隔开）。 These targets only: 8,14.")
@click.option(
    "--database-url", metavar="URL", help="再量 PostgreSQL：能建库的地址。 PostgreSQL too; it makes databases."
)
@click.option(
    "--lines",
    "kept",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="每项结果一行 JSON，写到文件。 One line of JSON for each figure.",
)
@click.option(
    "--compare",
    "earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="与以前的结果并排。 Beside the figures of an earlier run.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="在哪个磁盘上量；造好的大账本留在那里。 On which disk; large books stay there for the next run.",
)
@click.pass_context
def command(
    click_context: click.Context,
    *,
    quick: bool,
    scale: bool,
    only: str,
    database_url: str | None,
    kept: Path | None,
    earlier: Path | None,
    folder: Path | None,
) -> None:
    r"""量速度：每个数字旁边是这台机器的尺子。 Measure the speed; each figure stands beside its yardstick.

    \b
    timebank bench --quick
    timebank bench --folder bench --lines today.jsonl
    timebank bench --database-url postgresql://bench@127.0.0.1/postgres --compare today.jsonl
    timebank bench --folder bench --scale
    """
    if quick and (scale or database_url):
        raise click.UsageError("--quick: --scale, --database-url")
    wanted = {number.strip() for number in only.split(",") if number.strip()}
    if wanted - TARGETS.keys():
        raise click.UsageError(f"--only: {', '.join(TARGETS)}")
    before = medians(earlier.read_text(encoding="utf-8")) if earlier else {}
    pace = QUICK if quick else SCALE if scale else FULL
    with _places(folder, database_url) as (working, places):
        benches = [Bench(place, working, pace) for place in places]
        try:
            found = run(benches, tell=_tell, only=wanted)
        except PromiseBroken as broken:
            tell(f"✗ 账本没有守住承诺，数字作废：{broken}", f"✗ A promise is broken, no figure counts: {broken}")
            click_context.exit(EXIT_INTEGRITY)
    data(table(found, before).rstrip())
    if kept is not None:
        kept.write_text(json_lines(found), encoding="utf-8")
    if any(line.verdict == "MISSED" for line in found):
        click_context.exit(EXIT_MISSED)


@contextmanager
def _places(folder: Path | None, database_url: str | None) -> Iterator[tuple[Path, list[Place]]]:
    """Make room for the run, and leave nothing but what a named folder keeps."""
    with tempfile.TemporaryDirectory(dir=_made(folder), prefix="run-") as working:
        path = Path(working)
        places: list[Place] = [Files(path, kept=folder or path / "kept")]
        if database_url is not None:
            places.append(Server(database_url))
        try:
            yield path, places
        finally:
            for place in places:
                place.forget()


def _made(folder: Path | None) -> Path | None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _tell(line: Line) -> None:
    """Say on the error stream of a terminal how far the run is."""
    if sys.stderr.isatty():
        tell(f"{line.number} {line.verdict}", f"{line.number} {line.verdict}")
