"""Sentences of reservations."""

from typing import Final

SENTENCES: Final = {
    "no_such_reservation": (
        "没有这个预约。什么都没有变动。请核对预约码，或请志愿者打开手机上的预约。",
        "There is no such reservation. Nothing was changed. Check the code, or ask to see the reservation.",
    ),
    "reserve_for_another": (
        "只能用自己的存折预约。没有预约，积分没有动。请本人登录来办。",
        "Everybody reserves from their own passbook. Nothing was reserved. Please sign in yourself.",
    ),
    "reservation_open": (
        "您还有一个预约 {reservation} 没有取。没有再预约，积分没有动。请先来取，或把它取消。",
        "Reservation {reservation} still waits for you. Nothing more was reserved. Fetch it, or give it back first.",
    ),
    "reservation_over": (
        "预约 {reservation} 已经取走、取消或过期了。没有再扣分。过期的积分和物品都退回了，可以重新预约。",
        "Reservation {reservation} was fetched, given back or has expired. Nothing was deducted. "
        "What expired went back; reserve again.",
    ),
    "not_reserved": (
        "预约 {reservation} 里没有这么多，最多 {reserved} 件。没有扣分，物品也没有动。请改件数。",
        "Reservation {reservation} has {reserved} pieces at most. Nothing was handed out. Change the number.",
    ),
    "pick_up_time_missing": (
        "请选一个取货时间。没有预约，积分没有动。",
        "Choose a time for fetching it. Nothing was reserved and no points were touched.",
    ),
    "pick_up_time_taken": (
        "这个时间约满了或已经过了。没有预约，积分没有动。请另选一个时间。",
        "That time is taken or over. Nothing was reserved and no points were touched. Choose another.",
    ),
    "good_still_there": (
        "{good_name}还有 {left_pieces} {unit_word}，不用排队。没有登记。请直接换或预约。",
        "There are {left_pieces} of {good_name} left. Nothing was written down. Redeem or reserve it.",
    ),
    "waiting_already": (
        "{volunteer} 已经在排队等这种物品。没有再登记。",
        "{volunteer} waits for this good already. Nothing was written down.",
    ),
    "waiting_over": (
        "{waiting} 已经不在排队：轮到了，或者取消了。什么都没有变动。",
        "{waiting} waits no more: the turn came, or they left. Nothing was changed.",
    ),
    "waiting_pieces": (
        "排队的件数要在 1 到 {pieces_max} 之间。没有登记。请改件数。",
        "One waits for 1 to {pieces_max} pieces. Nothing was written down. Change the number.",
    ),
    "no_such_waiting": (
        "没有编号为 {waiting} 的排队。什么都没有变动。请核对。",
        "Nobody waits under {waiting}. Nothing was changed. Please check.",
    ),
}
"""Chinese and English sentence of each refusal, by code."""
