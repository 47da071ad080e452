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
}
"""Chinese and English sentence of each refusal, by code."""
