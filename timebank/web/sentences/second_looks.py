"""Sentences of the limits of households, of second looks, and of goods that come back late."""

from typing import Final

_NOTHING_TAKEN: Final = "没有扣分。"

SENTENCES: Final = {
    "household_good_limit_reached": (
        f"{{good_name}}每户每月换 {{household_pieces_max}} {{unit_word}}，您家这个月已换 {{had_pieces}} {{unit_word}}。"
        f"{_NOTHING_TAKEN}请拿掉一些，下个月再换。",
        "{good_name}: {household_pieces_max} per household and month; yours has had {had_pieces}. "
        "Nothing was deducted. Remove some, or come back next month.",
    ),
    "household_limit_reached": (
        f"每户每月可以兑换 {{redemptions_max}} 次，您家这个月已换 {{redemptions}} 次。{_NOTHING_TAKEN}下个月再来吧。",
        "{redemptions_max} redemptions per household and month; yours has had {redemptions}. Nothing was deducted. "
        "Please come back next month.",
    ),
    "redeemed_too_often": (
        f"{{volunteer}} 一小时内已经兑换 {{times}} 次。{_NOTHING_TAKEN}请过一会儿再来，并告诉社工。",
        "{volunteer} has redeemed {times} times within an hour. Nothing was deducted. Please wait, and tell the "
        "coordinator.",
    ),
    "dormant_passbook": (
        f"{{volunteer}} 的存折从 {{last_used_on}} 起 {{days}} 天没有用过。{_NOTHING_TAKEN}"
        "请另一位同事先核对本人（店员「存折核对」页），再来办。",
        "The passbook {volunteer} was last used on {last_used_on}, {days} days ago. Nothing was deducted. Let a "
        "colleague look first who stands here (page “Passbook checks”), then go on.",
    ),
    "restock_count_missing": (
        "结班以后撤销，要先清点退回来的物品，每样都要写件数（{goods}）。什么都没有变动。",
        "After the shift what comes back is counted first, every good of it ({goods}). Nothing was changed.",
    ),
    "restock_count_differs": (
        "{good_number} 发出 {pieces} 件，柜台上点到 {counted_pieces} 件。什么都没有变动。物品齐了才能撤销。",
        "{good_number}: {pieces} were handed out, {counted_pieces} lie on the counter. Nothing was changed. A "
        "redemption is taken back when all of it is there.",
    ),
}
"""Chinese and English sentence of each refusal, by code."""
