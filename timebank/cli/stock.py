"""`timebank stock` and `timebank shop`: what stands on the shelf, and what can be had for points."""

import click

from timebank import clock
from timebank.cli.context import Context, with_context
from timebank.cli.output import document, table, tell, word, words
from timebank.market import queries
from timebank.market.queries import GoodOnSale, LotStock
from timebank.web import presenting

LEVELS = {
    "plenty": ("充足", "plenty"),
    "low": ("偏少", "low"),
    "last": ("快没了", "nearly gone"),
    "none": ("没有了", "none"),
}


@click.command("stock")
@click.option(
    "--expiring", type=click.IntRange(0, 3650), default=None, metavar="DAYS", help="多少天内到期的。 Expiring."
)
@with_context
def stock(context: Context, expiring: int | None) -> None:
    r"""货架：每一批还有几件，什么时候到期。 The shelf: pieces of every lot, and when they expire.

    \b
    timebank stock
    timebank stock --expiring 30
    """
    now = clock.now()
    if expiring is None:
        found = context.look(lambda session: queries.stock(session, context.community_id, now))
    else:
        found = context.look(lambda session: queries.near_expiry(session, context.community_id, now, expiring))
    names = context.look(lambda session: {one.number: one.name for one in queries.goods(session, context.community_id)})
    if context.as_json:
        document(found)
        return
    headings = words(("批号", "Lot"), ("物品", "Good"), ("件数", "Pieces"), ("已预留", "Held"), ("捐赠单位", "Donor"))
    table([*headings, word("到期", "Expires")], [_lot(item, names) for item in found], numbers=[2, 3])
    pieces = sum(item.free_pieces + item.reserved_pieces for item in found)
    tell(f"{len(found)} 批，共 {pieces:,} 件。", f"{len(found)} lots, {pieces:,} pieces.")


def _lot(item: LotStock, names: dict[str, str]) -> tuple[object, ...]:
    lot = item.lot
    expires = "" if lot.expires_on is None else lot.expires_on.isoformat()
    return lot.number, names[lot.good_number], item.free_pieces, item.reserved_pieces, lot.partner_code, expires


@click.command("shop")
@with_context
def shop(context: Context) -> None:
    r"""爱心超市：物品、条码、积分、还剩几件。 The shop: goods, bar codes, points, pieces left.

    \b
    timebank shop
    timebank shop --json
    """
    now = clock.now()
    found = context.look(lambda session: queries.goods_on_sale(session, context.community_id, now))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Number"), ("条码", "Bar code"), ("物品", "Good"), ("积分", "Points"), ("还剩", "Left"))
    more = words(("每人每月", "A month"), ("货量", "Stock"))
    table([*headings, *more], [_good(one) for one in found], numbers=[3, 4, 5])
    tell(
        "兑换：timebank redeem V0005 条码 --as 店员登录名", "To redeem: timebank redeem V0005 BARCODE --as (the clerk)"
    )


def _good(one: GoodOnSale) -> tuple[object, ...]:
    good = one.good
    limit = "" if good.month_pieces_max is None else good.month_pieces_max
    level = word(*LEVELS.get(one.level.value, (one.level.value, one.level.value)))
    return good.number, good.barcode, good.name, presenting.points(one.price_points_e2), one.free_pieces, limit, level
