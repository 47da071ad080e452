"""Sentences of the shelf: write-offs and counts."""

from typing import Final

SENTENCES: Final = {
    "write_off_more_than_free": (
        "批次 {lot} 可报损的只有 {free} 件，要报的是 {pieces} 件。没有报损。有预留的请先退回，再改件数。",
        "Lot {lot} has {free} free pieces, {pieces} were to be written off. Nothing was written off. "
        "Release reservations first, then change the number.",
    ),
    "write_off_decided": (
        "报损单 {write_off} 已经办过了。什么都没有变动。请刷新再看。",
        "Write-off {write_off} was decided already. Nothing was changed. Reload the page.",
    ),
    "write_off_needs_another": (
        "报损单 {write_off} 是您提的，要另一位看过实物再确认。还没有报损。",
        "You proposed write-off {write_off}; another person must look and confirm. Nothing was written off yet.",
    ),
    "no_such_write_off": (
        "没有编号为 {write_off} 的报损单。什么都没有变动。请核对编号。",
        "There is no write-off {write_off}. Nothing was changed. Check the number.",
    ),
    "no_such_count": (
        "没有编号为 {count} 的盘点。什么都没有变动。请核对编号。",
        "There is no count {count}. Nothing was changed. Check the number.",
    ),
    "count_open": (
        "盘点 {count} 还没有办完。没有开始新的盘点。请先办完或作废那一次。",
        "Count {count} is not finished. No new count was begun. Finish or drop that one first.",
    ),
    "count_not_open": (
        "盘点 {count} 已经交了，不能再数。这一下没有记。要重数请作废，另开一次。",
        "Count {count} was handed in. This was not recorded. To count again, drop it and begin another.",
    ),
    "count_not_submitted": (
        "盘点 {count} 现在不能确认：还没有数完，或已经办过了。账没有变动。",
        "Count {count} cannot be finalised now: it is not handed in, or decided already. The books were not changed.",
    ),
    "count_of_other_goods": (
        "这次盘点不数{good_name}。没有记。请放到一边，下次再数。",
        "This count does not include {good_name}. It was not recorded. Leave it for another count.",
    ),
    "tally_below_nothing": (
        "件数不对：这种物品现在数到 {counted} 件。这一下没有记。请填整数，不能减到零以下。",
        "Wrong number: {counted} pieces of this good were counted so far. This was not recorded. "
        "Enter a whole number that leaves at least zero.",
    ),
    "count_needs_another": (
        "盘点 {count} 您数过或交过，要另一位没有数的人来确认。账还没有变动。",
        "You counted in {count}; somebody who did not must finalise it. The books were not changed yet.",
    ),
    "variance_without_reason": (
        "这些物品有差异，还没有写原因：{goods}。账没有变动。请逐项写明。",
        "These goods differ and have no reason yet: {goods}. The books were not changed. Give a reason for each.",
    ),
    "count_goods_moved": (
        "数的时候这些物品有进出：{goods}。还没有交。请点“重数”再数一遍。",
        "These goods moved while they were counted: {goods}. Nothing was handed in. Count them again.",
    ),
    "count_incomplete": (
        "这些物品还没有数：{goods}。还没有交。一件都没有的请填 0。",
        "Not counted yet: {goods}. Nothing was handed in. Where none is left, enter 0.",
    ),
    "count_below_reserved": (
        "物品 {good} 比已预留的还少 {pieces} 件。账没有变动。请先退回预约，再确认。",
        "Good {good}: {pieces} pieces fewer than are reserved. Nothing was booked. Release a reservation first.",
    ),
    "surplus_without_lot": (
        "物品 {good} 从来没有入过库，不能记成盘盈。账没有变动。请开入库单。",
        "Good {good} was never received, so it cannot be a surplus. The books were not changed. Receive it by a slip.",
    ),
    "lots_counted": (
        "入库单 {donation} 的物品在盘点 {count} 里点过了。没有退回，否则会改两遍。少了坏了请报损，数不对请再盘一次。",
        "The goods of {donation} were confirmed by count {count}. Nothing was taken back, or it would be corrected "
        "twice. Write off what is spoilt, or count again.",
    ),
}
"""Chinese and English sentence of each refusal, by code."""
