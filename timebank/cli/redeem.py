"""`timebank redeem` and `timebank undo`: goods over the counter for points, and back again."""

from collections import Counter

import click
from sqlalchemy.orm import Session

from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, words
from timebank.market import operations as market
from timebank.market import queries
from timebank.market.operations import BasketLine, Restocked
from timebank.market.queries import Slip, UnknownBarcode
from timebank.web import presenting


@click.command("redeem")
@click.argument("number", metavar="V0005")
@click.argument("barcodes", metavar="BARCODE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="只试不写。 Do all of it, then undo it.")
@as_option
@key_option
@with_context
def command(
    context: Context, number: str, barcodes: tuple[str, ...], dry_run: bool, login: str | None, key: str | None
) -> None:
    r"""用积分换物品；同一个条码写几次就是几件。 Hand goods out for points; repeat a bar code for more pieces.

    \b
    timebank redeem V0005 2100000000012 --as zhao
    timebank redeem V0005 2100000000012 2100000000012 2100000000036 --as zhao
    """
    act = context.act(login, key)

    def work(session: Session) -> tuple[dict[str, object], Slip]:
        basket = _basket(session, context.community_id, barcodes)
        answer = market.redeem(session, act, volunteer_number=number, basket=basket)
        return answer, queries.slip(session, context.community_id, str(answer["number"]))

    answer, slip = context.do(work, dry_run=dry_run)
    _tell(context, answer, slip)
    if dry_run:
        tell("试运行：什么都没有写入，没有扣分。", "Dry run: nothing was written, nothing deducted.")
        return
    used, left = presenting.points(int(str(answer["points_e2"]))), presenting.points(int(str(answer["available_e2"])))
    tell(
        f"✓ 兑换好了：用了 {used} 分，还剩 {left} 分。要撤销：timebank undo {answer['number']} --reason 原因",
        f"✓ Done: {used} used, {left} left. To take it back: timebank undo {answer['number']} --reason …",
    )


def _basket(session: Session, community_id: str, barcodes: tuple[str, ...]) -> tuple[BasketLine, ...]:
    """Count the pieces of each good; a bar code in two spellings is one good."""
    found = queries.goods_by_barcode(session, community_id, barcodes)
    pieces = Counter[str]()
    for barcode in barcodes:
        if barcode not in found:
            raise UnknownBarcode(barcode=barcode)
        pieces[found[barcode].number] += 1
    return tuple(BasketLine(good, count) for good, count in pieces.items())


def _tell(context: Context, answer: dict[str, object], slip: Slip) -> None:
    if context.as_json:
        document(answer)
        return
    headings = words(("物品", "Good"), ("件数", "Pieces"), ("积分", "Points"))
    rows = [(line.good.name, line.pieces, presenting.points(line.points_e2)) for line in slip.lines]
    table(headings, rows, numbers=[1, 2])


def _restocked(text: str) -> Restocked:
    good, _, pieces = text.partition("=")
    if not pieces.isascii() or not pieces.isdigit() or len(pieces) > 4:
        raise click.BadParameter(text, param_hint="--restocked")
    return Restocked(good, int(pieces))


@click.command("undo")
@click.argument("number", metavar="R000001")
@click.option("--reason", required=True, metavar="TEXT", help="为什么撤销。 Why.")
@click.option(
    "--restocked",
    multiple=True,
    metavar="G0001=2",
    help="结班或过了当天：退回了几件，每样一次。 After the shift: pieces that came back.",
)
@as_option
@key_option
@with_context
def undo(
    context: Context, number: str, reason: str, restocked: tuple[str, ...], login: str | None, key: str | None
) -> None:
    r"""撤销一次兑换：积分退回存折，物品退回货架。 Take a redemption back: points and goods return.

    \b
    timebank undo R000001 --reason 拿错了 --as zhao
    timebank undo R000001 --reason 拿错了 --restocked G0001=2 --as chen
    """
    act = context.act(login, key)
    back = tuple(_restocked(text) for text in restocked)
    answer = context.do(
        lambda session: market.undo(session, act, redemption_number=number, reason=reason, restocked=back)
    )
    if context.as_json:
        document({"number": number, **answer})
    points = presenting.points(int(answer["points_e2"]))
    tell(
        f"✓ 已撤销 {number}，{points} 分已退回。下一步：timebank stock",
        f"✓ {number} is taken back, {points} points returned. Next: timebank stock",
    )
