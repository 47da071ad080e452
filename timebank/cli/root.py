"""The root of the command: options for all, how refusals end it, the list of nouns.

Exit codes: 0 done, 1 unexpected, 2 usage, 3 refused by a rule, 4 not found, 5 key conflict, 6 ledger integrity failed,
7 not allowed, 75 try again, 130 interrupted.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType
from typing import Final

import click
from sqlalchemy.exc import DBAPIError

from timebank import config
from timebank.cli.commands import COMMANDS
from timebank.cli.context import Context
from timebank.cli.helping import readable
from timebank.cli.out_of_reach import refusal_of
from timebank.cli.output import document, say
from timebank.refusal import Refusal
from timebank.web import presenting, texts

EXIT_REFUSED: Final = 3
EXIT_NOT_FOUND: Final = 4
EXIT_INTERRUPTED: Final = 130
EXIT_CODES: Final = {
    "request_key_reused": 5,
    "file_imported_before": 5,
    "rows_imported_before": 5,
    "unknown_barcode": EXIT_NOT_FOUND,
    "unknown_good": EXIT_NOT_FOUND,
    "schema_damaged": 6,
    "database_unreadable": 6,
    "log_damaged": 6,
    "log_rolled_back": 6,
    "log_forked": 6,
    "last_head_missing": 6,
    "last_heads_damaged": 6,
    "entry_altered": 6,
    "entry_not_proven": 6,
    "head_went_back": 6,
    "history_not_proven": 6,
    "signature_mismatch": 6,
    "not_allowed": 7,
    "busy": 75,
    "database_out_of_reach": 75,
    "last_head_moved": 75,
    "not_reached": 75,
}
"""The exit code of a refusal by its code; `no_such_…` is 4, everything else 3."""


class Nouns(click.Group):
    """The group of all nouns, each loaded when it is asked for; a mistyped one is answered with the nearest."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the nouns in the order in which a community comes to need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(".")
        found = getattr(importlib.import_module(f"{__package__}.{module}"), name)
        assert isinstance(found, click.Command), cmd_name
        return readable(found)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one may have been meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f" 是不是想用 {close[0]}？ Did you mean {close[0]}?" if close else ""
            raise click.UsageError(error.message + hint, ctx) from error


@click.group(cls=Nouns, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档。 Write one JSON document.")
@click.option("--lang", type=click.Choice(["zh", "en"]), envvar="TIMEBANK_LANG", default="zh", show_default=True)
@click.option("--community", envvar="TIMEBANK_COMMUNITY", metavar="CODE", help="哪个社区（代码）。 Which community.")
@click.version_option(package_name="timebank", message="%(prog)s %(version)s")
@click.pass_context
def root(click_context: click.Context, *, as_json: bool, lang: str, community: str | None) -> None:
    r"""爱心存折：时长、积分、爱心超市，账目可核对。 Volunteer hours, points and goods with books that verify.

    \b
    timebank demo                                   看演示 / a demo community
    timebank init --community 幸福里社区 --code xfl    新建社区 / a new community
    timebank serve                                  启动网页 / start the pages
    """
    presenting.speak(lang)
    click_context.obj = context = Context(settings=config.read(os.environ), as_json=as_json, community=community)
    click_context.call_on_close(context.close)


readable(root)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    sys.excepthook = _unexpected
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = root.main(args=_json_anywhere(words), prog_name="timebank", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("已中断，没有办到一半的事。 Interrupted; nothing is half done.")
        code = EXIT_INTERRUPTED
    except Refusal as refusal:
        code = _refused(refusal, as_json="--json" in words)
    except DBAPIError as error:
        code = _refused(refusal_of(error), as_json="--json" in words)
    sys.exit(code if isinstance(code, int) else 0)


def _json_anywhere(words: list[str]) -> list[str]:
    """Let `--json` stand anywhere: people write it at the end."""
    asked = [word for word in words if word == "--json"]
    return asked[:1] + [word for word in words if word != "--json"]


def _refused(refusal: Refusal, *, as_json: bool) -> int:
    sentence = texts.sentence(refusal)
    if as_json:
        document({"refused": refusal.code, "facts": refusal.facts, "sentence": sentence})
    say(sentence)
    for reason in _reasons(refusal):
        say(f"· {reason}")
    if refusal.code in EXIT_CODES:
        return EXIT_CODES[refusal.code]
    return EXIT_NOT_FOUND if refusal.code.startswith("no_such_") else EXIT_REFUSED


def _reasons(refusal: Refusal) -> Iterator[str]:
    """Tell each problem of a refusal that has several (a basket, a delivery)."""
    problems = refusal.facts.get("problems")
    for problem in problems if isinstance(problems, list) else ():
        if isinstance(problem, dict) and problem.get("code") in texts.SENTENCES:
            yield texts.told(str(problem["code"]), problem)


def _unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The program is wrong: say so in one sentence, keep the details in a file, never show a stack trace."""
    path = Path("timebank-error.log").absolute()
    with path.open("a", encoding="utf-8") as file:
        traceback.print_exception(kind, error, trace, file=file)
    say(f"系统出了点问题，这次没有办成，账目没有变化。细节在 {path}。 Something is wrong; details are in that file.")
