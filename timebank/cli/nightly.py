"""`timebank nightly`: what falls due by itself, once a day; a timer runs it, and running it again does no harm."""

from datetime import date

import click

from timebank import clock, nightly
from timebank.cli.context import Context, with_context
from timebank.cli.kinds import DAY
from timebank.cli.output import document, table, tell, words
from timebank.ledger.days import day_of
from timebank.refusal import Refusal
from timebank.web import log_keeper
from timebank.web.night_words import job_name, results


class NightNotOver(Refusal):
    """The day has not begun yet."""

    code = "night_not_over"


@click.command("nightly")
@click.option("--as-of", "day", type=DAY, default=None, help="办哪一天的，默认今天。 Which day; default today.")
@with_context
def command(context: Context, day: date | None) -> None:
    r"""每天自动要办的事：过期预约、到期积分、星级、待办、签名。 What falls due by itself, once a day.

    \b
    timebank nightly
    timebank nightly --as-of 2026-11-22
    """
    now = clock.now()
    wanted = day or day_of(now)
    if wanted > day_of(now):
        raise NightNotOver(day=wanted.isoformat())
    act = log_keeper.system_act(context.community_id, now)
    runs = nightly.run_night(context.engine, act, day=wanted, reads_kept_days=context.settings.reads_kept_days)
    kept = log_keeper.keep(context.engine, log_keeper.signer_of(context.settings), context.community_id, now)
    if kept.damage is not None:
        raise kept.damage
    if context.as_json:
        document({"day": wanted, "jobs": {run.job: run.answer for run in runs}})
        return
    rows = [(job_name(run.job), results(run.answer)) for run in runs]
    table(words(("事项", "Job"), ("结果", "Result")), rows)
    tell(
        f"✓ {wanted} 的事都办好了，账本头已签名。再运行一次也不会重复。",
        f"✓ {wanted} is done and the head is signed. Running it again changes nothing.",
    )
