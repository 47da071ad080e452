"""`timebank gifts`: what became of a partner's gifts in a year, by good; no names."""

import click

from timebank import clock
from timebank.cli.context import Context, with_context
from timebank.cli.output import document, table, tell, words
from timebank.ledger.days import day_of
from timebank.market import queries
from timebank.people import queries as people

COLUMNS = ("before", "received", "redeemed", "redemptions", "relief", "written_off", "left")


@click.command("gifts")
@click.argument("partner", metavar="P001")
@click.option("--year", type=click.IntRange(2000, 2999), default=None, metavar="YEAR", help="哪一年。 Which year.")
@with_context
def command(context: Context, partner: str, year: int | None) -> None:
    r"""一家单位捐的物品，一年里去了哪里。 What became of a unit's gifts in a year.

    \b
    timebank gifts P001
    timebank gifts P001 --year 2026 --json
    """
    community, asked = context.community_id, year or day_of(clock.now()).year
    unit = context.look(lambda session: people.partner(session, community, partner))
    found = context.look(lambda session: queries.gifts(session, community, unit.code, asked))
    if context.as_json:
        document(found)
        return
    names = context.look(lambda session: {one.number: one.name for one in queries.goods(session, community)})
    headings = words(("物品", "Good"), ("上年结存", "Before"), ("收到", "Received"), ("兑换", "Redeemed"))
    more = words(("次数", "Times"), ("救助", "Relief"), ("报损", "Written off"), ("结存", "Left"))
    rows = [(names[one.good_number], *(getattr(one, name) for name in COLUMNS)) for one in found]
    table([*headings, *more], rows, numbers=[1, 2, 3, 4, 5, 6, 7])
    tell(f"{unit.name}，{asked} 年，{len(found)} 种物品。", f"{unit.name}, {asked}: {len(found)} goods.")
