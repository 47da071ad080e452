"""`timebank balance`: the trial balance per unit, now, at a moment or as of a day; every unit sums to zero."""

from datetime import date, datetime

import click

from timebank.audit import queries
from timebank.audit.queries import TrialBalance, When
from timebank.cli.context import Context, with_context
from timebank.cli.kinds import DAY, MOMENT
from timebank.cli.output import document, table, tell, word, words
from timebank.ledger.accounts import MINUTES, POINTS
from timebank.web import presenting

EXIT_INTEGRITY = 6
FAMILIES = {MINUTES: ("时长", "Service"), POINTS: ("积分", "Points"), "goods": ("物品（件）", "Goods (pieces)")}


@click.command("balance")
@click.option("--as-of", type=DAY, default=None, help="算到这一天为止（按计入日期）。 What counts up to this day.")
@click.option("--at", type=MOMENT, default=None, help="当时账上是多少（按记账时间）。 As it was known at a moment.")
@with_context
def command(context: Context, as_of: date | None, at: datetime | None) -> None:
    r"""试算平衡表：每个单位借贷相抵为零。 The trial balance; every unit sums to zero.

    \b
    timebank balance
    timebank balance --as-of 2026-10-31
    timebank balance --at "2026-11-20 18:00" --json
    """
    if as_of is not None and at is not None:
        raise click.UsageError("--as-of 和 --at 只能用一个。 Use one of --as-of and --at.")
    when = When(at=at, as_of=as_of)
    trial = context.look(lambda session: queries.trial_balance(session, context.community_id, when))
    if context.as_json:
        document({"balanced": trial.balanced, "lines": trial.lines, "sums": trial.sums})
    else:
        _tell(trial)
    if not trial.balanced:
        tell(
            "✗ 借贷不平。请立即停止兑换，并运行 timebank verify。",
            "✗ Not balanced. Stop redeeming; run timebank verify.",
        )
        click.get_current_context().exit(EXIT_INTEGRITY)
    tell("✓ 借方 = 贷方。下一步：timebank verify", "✓ Debits equal credits. Next: timebank verify")


def _tell(trial: TrialBalance) -> None:
    """Write one line per kind of account; pieces of all goods together, for there are many."""
    rows: dict[tuple[str, str], list[int]] = {}
    for line in trial.lines:
        held = rows.setdefault((_family(line.unit), presenting.account_word(line.kind)), [0, 0])
        held[0] += line.accounts
        held[1] += line.balance
    sums: dict[str, int] = {}
    for (family, _kind), (_accounts, balance) in rows.items():
        sums[family] = sums.get(family, 0) + balance
    headings = words(("单位", "Unit"), ("账户", "Accounts"), ("个数", "How many"), ("余额", "Balance"))
    lines = [
        (word(*FAMILIES[family]), kind, accounts, presenting.quantity(balance, family))
        for (family, kind), (accounts, balance) in rows.items()
    ]
    totals = [
        (word(*FAMILIES[family]), word("合计", "Sum"), "", presenting.quantity(total, family))
        for family, total in sums.items()
    ]
    table(headings, [*lines, *totals], numbers=[2, 3])


def _family(unit: str) -> str:
    return unit.partition(":")[0]
