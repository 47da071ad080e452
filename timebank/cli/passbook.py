"""`timebank passbook`: what one volunteer has, now, at a moment or as of a day, and the newest lines."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from timebank import clock
from timebank.books import pages
from timebank.books.pages import StatementLine
from timebank.books.statements import AccountBalance, AccountFilter, balances_as_of, balances_at, passbook_accounts
from timebank.cli.context import Context, with_context
from timebank.cli.kinds import DAY, MOMENT
from timebank.cli.output import document, pairs, table, tell, word, words
from timebank.ledger.accounts import AccountKind
from timebank.ledger.days import day_of
from timebank.market import queries as market
from timebank.people.queries import volunteer
from timebank.stars import queries as stars
from timebank.web import presenting


@click.command("passbook")
@click.argument("number", metavar="V0005")
@click.option("--as-of", type=DAY, default=None, help="算到这一天为止（按计入日期）。 What counts up to this day.")
@click.option("--at", type=MOMENT, default=None, help="当时账上是多少（按记账时间）。 As it was known at a moment.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=10, show_default=True, help="最近几笔。 Newest lines.")
@with_context
def command(context: Context, number: str, as_of: date | None, at: datetime | None, limit: int) -> None:
    r"""爱心存折：星级、时长、积分和最近几笔。 A love passbook: star, hours, points, newest lines.

    \b
    timebank passbook V0005
    timebank passbook V0005 --as-of 2026-10-31
    timebank passbook V0005 --at "2026-11-20 18:00"
    timebank passbook V0005 --limit 100 --json
    """
    if as_of is not None or at is not None:
        _tell_past(context, number, as_of, at)
        return
    told, lines = context.look(lambda session: _now(session, context.community_id, number, limit))
    if context.as_json:
        document({**told, "lines": [_as_document(line) for line in lines]})
        return
    _tell_totals(told)
    headings = words(("日期", "Day"), ("内容", "What"), ("积分", "Points"), ("结余", "Balance"))
    table([*headings, word("凭证号", "Entry")], [_row(line) for line in lines], numbers=[2, 3, 4])
    tell(f"下一步：timebank passbook {number} --limit 100", f"Next: timebank passbook {number} --limit 100")


def _now(
    session: Session, community_id: str, number: str, limit: int
) -> tuple[dict[str, Any], tuple[StatementLine, ...]]:
    now = clock.now()
    person = volunteer(session, community_id, number)
    passbook = market.passbook(session, community_id, number, now)
    progress = stars.progress(session, community_id, number, day_of(now))
    accounts = [item.account for item in passbook_accounts(session, community_id, number)]
    told = {
        "number": number,
        "name": person.name,
        "level": progress.level,
        "minutes": progress.minutes,
        "next_level": progress.next_level,
        "missing_minutes": progress.missing_minutes,
        "case_level": progress.open_case.level if progress.open_case else None,
        "points_e2": sum(amount for _account, amount in passbook.vintages),
        "held_e2": passbook.held_e2,
        "owed_e2": passbook.owed_e2,
        "available_e2": passbook.available_e2,
    }
    return told, pages.statement(session, community_id, accounts, limit=limit).lines


def _tell_totals(told: dict[str, Any]) -> None:
    named = [
        (word("爱心存折", "Love passbook"), f"{told['number']} {told['name']}"),
        (word("星级", "Star"), f"{presenting.stars(told['level'])} {presenting.level_name(told['level'])}"),
        (word("服务时长", "Service"), presenting.duration(told["minutes"])),
        (word("可用积分", "Points to spend"), presenting.points(told["available_e2"])),
    ]
    if told["held_e2"]:
        named.append((word("已预留", "Held"), presenting.points(told["held_e2"])))
    if told["owed_e2"]:
        named.append((word("欠分", "Owed"), presenting.points(told["owed_e2"])))
    if told["case_level"] is not None:
        named.append((word("等评定", "Waits for a decision"), presenting.level_name(told["case_level"])))
    elif told["next_level"] is not None:
        missing = presenting.duration(told["missing_minutes"])
        named.append((word("离下一星还差", "Missing to the next star"), missing))
    pairs(named)


def _row(line: StatementLine) -> tuple[str, ...]:
    day = (line.served_on or line.effective_on).isoformat()
    what = line.memo or presenting.entry_word(line.kind)
    return day, what, presenting.signed_points(line.delta), presenting.points(line.closing), f"{line.seq:,}"


def _as_document(line: StatementLine) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "kind": line.kind,
        "booked_at": line.booked_at,
        "effective_on": line.effective_on,
        "served_on": line.served_on,
        "memo": line.memo,
        "delta_e2": line.delta,
        "closing_e2": line.closing,
        "reverses": line.reverses,
        "reversed_by": line.reversed_by,
    }


def _tell_past(context: Context, number: str, as_of: date | None, at: datetime | None) -> None:
    if as_of is not None and at is not None:
        raise click.UsageError("--as-of 和 --at 只能用一个。 Use one of --as-of and --at.")
    found = context.look(lambda session: _past(session, context.community_id, number, as_of, at))
    minutes, points_e2 = _sum(found, AccountKind.RECOGNISED), _sum(found, AccountKind.PASSBOOK)
    if context.as_json:
        held_e2, owed_e2 = _sum(found, AccountKind.HELD), -_sum(found, AccountKind.DEBT)
        amounts = {"minutes": minutes, "points_e2": points_e2, "held_e2": held_e2, "owed_e2": owed_e2}
        document({"number": number, "as_of": as_of, "at": at, **amounts})
        return
    when = presenting.day(as_of) if as_of else presenting.moment(at or clock.now())
    pairs(
        [
            (word("爱心存折", "Love passbook"), number),
            (word("算到", "As of"), when),
            (word("服务时长", "Service"), presenting.duration(minutes)),
            (word("积分", "Points"), presenting.points(points_e2)),
        ]
    )


def _past(
    session: Session, community_id: str, number: str, as_of: date | None, at: datetime | None
) -> tuple[AccountBalance, ...]:
    volunteer(session, community_id, number)
    wanted = AccountFilter(owners=(number,))
    if as_of is not None:
        return balances_as_of(session, community_id, as_of, wanted)
    return balances_at(session, community_id, at or clock.now(), wanted)


def _sum(found: Iterable[AccountBalance], kind: AccountKind) -> int:
    return sum(item.balance for item in found if item.account.kind is kind)
