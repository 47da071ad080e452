"""`timebank stock-move`: pieces of a lot go to another place, and back."""

import click

from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, words
from timebank.market import operations, queries


@click.group("stock-move")
def group() -> None:
    r"""移库：物品换个地方放，记一笔账，还能退回。 Stock moves: goods go to another place, and back.

    \b
    timebank stock-move list
    timebank stock-move do L000001 5 --to 里间 --as zhao
    timebank stock-move back M0001 --as zhao
    """


@group.command("list")
@with_context
def moves(context: Context) -> None:
    r"""移过哪些。 What was moved.

    \b
    timebank stock-move list
    """
    found = context.look(lambda session: queries.stock_moves(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Move"), ("批次", "Lot"), ("件数", "Pieces"), ("从", "From"), ("到", "To"))
    rows = [(one.number, f"{one.from_lot} → {one.to_lot}", one.pieces, one.from_place, one.to_place) for one in found]
    table(headings, rows, numbers=[2])


@group.command("do")
@click.argument("lot", metavar="L000001")
@click.argument("pieces", type=click.IntRange(1, 1_000_000))
@click.option("--to", "place", required=True, metavar="PLACE", help="移到哪里。 Where to.")
@click.option("--note", default="", metavar="TEXT", help="说明。 What for.")
@as_option
@key_option
@with_context
def do(context: Context, *, lot: str, pieces: int, place: str, note: str, login: str | None, key: str | None) -> None:
    r"""把一批的几件移到别处。 Bring pieces of a lot to another place.

    \b
    timebank stock-move do L000001 5 --to 里间 --as zhao
    """
    act = context.act(login, key)
    answer = context.do(
        lambda session: operations.move_stock(session, act, lot_number=lot, pieces=pieces, to_place=place, note=note)
    )
    _told(context, answer)


@group.command("back")
@click.argument("number", metavar="M0001")
@as_option
@key_option
@with_context
def back(context: Context, number: str, login: str | None, key: str | None) -> None:
    r"""把移过的移回原处。 Take a move back.

    \b
    timebank stock-move back M0001 --as zhao
    """
    act = context.act(login, key)
    _told(context, context.do(lambda session: operations.move_back(session, act, move_number=number)))


def _told(context: Context, answer: dict[str, object]) -> None:
    if context.as_json:
        document(answer)
    number, lot = answer["number"], answer["lot"]
    tell(
        f"✓ 已移库 {number}，现在是批次 {lot}。退回：timebank stock-move back {number}",
        f"✓ Moved ({number}); the pieces are lot {lot} now. To take it back: timebank stock-move back {number}",
    )
