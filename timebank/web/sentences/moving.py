"""Sentences of stock moves."""

from typing import Final

SENTENCES: Final = {
    "no_such_stock_move": (
        "没有编号为 {move} 的移库单。什么都没有变动。请核对。",
        "There is no stock move {move}. Nothing was changed. Please check.",
    ),
    "move_more_than_free": (
        "批次 {lot} 可以移的只有 {free} 件，要移的是 {pieces} 件。没有移动。预约留着的不能移，请改件数。",
        "Only {free} pieces of lot {lot} are free, {pieces} asked for. Nothing was moved. "
        "What is put aside stays; change the number.",
    ),
    "move_nowhere": (
        "批次 {lot} 本来就放在“{place}”。没有移动。请写要移到的地方。",
        "Lot {lot} stands at “{place}” already. Nothing was moved. Say where it shall go.",
    ),
    "move_countered": (
        "移库单 {move} 已经退回过，或者它自己就是退回。没有移动。要再移，请另开一张移库单。",
        "Stock move {move} was taken back already, or took one back itself. Nothing was moved. Move the pieces again.",
    ),
}
