"""Sentences of shifts and parked baskets."""

from typing import Final

SENTENCES: Final = {
    "no_such_shift": (
        "没有编号为 {shift} 的班次。什么都没有变动。请核对编号。",
        "There is no shift {shift}. Nothing was changed. Check the number.",
    ),
    "shift_open": (
        "{till}已经开班了（{shift}）。没有再开班。请接班，或先结班。",
        "{till} has a shift already ({shift}). No other was opened. Take it over, or close it first.",
    ),
    "shift_closed": (
        "班次 {shift} 已经结了。什么都没有变动。请重新开班。",
        "Shift {shift} is closed. Nothing was changed. Open a new one.",
    ),
    "not_your_shift": (
        "班次 {shift} 现在是另一位的。没有结班。请先接班再结。",
        "Somebody else has shift {shift}. It was not closed. Take it over first.",
    ),
    "shift_is_yours": (
        "班次 {shift} 已经是您的了，不用再接。什么都没有变动。",
        "Shift {shift} is yours already. Nothing was changed.",
    ),
    "baskets_parked": (
        "还有 {baskets} 个挂单没有办。班次 {shift} 没有结。请先取出办完或拿掉。",
        "{baskets} parked baskets wait. Shift {shift} was not closed. Finish or drop them first.",
    ),
    "shift_not_counted": (
        "这些动过的物品还没有数好：{goods}。没有结班。每样请填一个整数，没有了填 0。",
        "These goods moved and are not counted: {goods}. The shift was not closed. Enter a whole number for each.",
    ),
    "parked_basket_gone": (
        "挂单 {basket} 已经取出了。什么都没有扣。请看别的收银台。",
        "Parked basket {basket} was taken up already. Nothing was deducted. Look at the other tills.",
    ),
    "parked_basket_wrong": (
        "挂单要有 1 到 {goods_max} 种物品，每种 1 到 {pieces_max} 件。没有挂单，也没有扣分。请先扫物品。",
        "A basket has 1 to {goods_max} goods with 1 to {pieces_max} pieces each. It was not parked. Scan goods first.",
    ),
}
"""Chinese and English sentence of each refusal, by code."""
