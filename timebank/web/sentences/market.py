"""Sentences of the market: the till, deliveries, prices.

A basket, a list of goods, prices or a delivery that is refused names its reasons in the fact `problems`; each has a
`code` with its own sentence here, and its `line` where the list has lines.
"""

from typing import Final

_NOTHING_TAKEN: Final = "没有扣分。"

SENTENCES: Final = {
    "basket_refused": (
        "这一篮没有兑换，没有扣分，物品也没有动。请看下面的原因，改好再试。",
        "Nothing was redeemed: no points were used and no goods moved. See the reasons, change the basket, try again.",
    ),
    "basket_size": (
        f"一次兑换要有 1 到 {{goods_max}} 种物品，现在有 {{goods}} 种。{_NOTHING_TAKEN}请先扫物品，或分两次兑换。",
        "One redemption takes 1 to {goods_max} kinds of goods; there are {goods}. Nothing was deducted. "
        "Scan goods first, or redeem in two steps.",
    ),
    "points_short": (
        f"积分不够，还差 {{missing_points_e2}} 分。{_NOTHING_TAKEN}可以拿掉一件。",
        "{missing_points_e2} points short. Nothing was deducted. Remove one item.",
    ),
    "out_of_stock": (
        f"{{good_name}}只剩 {{left_pieces}} {{unit_word}}，要的是 {{pieces}} {{unit_word}}。"
        f"{_NOTHING_TAKEN}要少换些，或换成别的吗？",
        "Only {left_pieces} of {good_name} left, {pieces} asked for. Nothing was deducted. "
        "Take fewer, or choose another?",
    ),
    "good_limit_reached": (
        f"{{good_name}}每人每月换 {{month_pieces_max}} {{unit_word}}，您这个月已换 {{had_pieces}} {{unit_word}}。"
        f"{_NOTHING_TAKEN}请拿掉一些，下个月再换。",
        "{good_name}: {month_pieces_max} per person per month; you have had {had_pieces}. Nothing was deducted. "
        "Remove some, or come back next month.",
    ),
    "redemptions_limit_reached": (
        f"每人每月可以兑换 {{redemptions_max}} 次，您这个月已换 {{redemptions}} 次。{_NOTHING_TAKEN}下个月再来吧。",
        "{redemptions_max} redemptions per person per month; you have had {redemptions}. Nothing was deducted. "
        "Please come back next month.",
    ),
    "unknown_good": (
        "没有编号为 {good_number} 的物品。没有加入。请核对编号。",
        "There is no good with the number {good_number}. It was not added. Please check the number.",
    ),
    "unknown_barcode": (
        "没有这个条码：{barcode}。没有加入。",
        "Unknown bar code: {barcode}. It was not added.",
    ),
    "good_not_offered": (
        "{good_name}已经下架。没有加入。请选别的物品。",
        "{good_name} is no longer offered. It was not added. Choose something else.",
    ),
    "star_needed": (
        f"{{good_name}}要 {{star_needed}} 星以上才能兑换。{_NOTHING_TAKEN}请先拿掉。",
        "{good_name} is for {star_needed} stars and more. Nothing was deducted. Remove it.",
    ),
    "for_stars_first": (
        f"{{good_name}}新到货，按星级先后兑换，您从 {{opens}} 起可以换。{_NOTHING_TAKEN}请先拿掉。",
        "{good_name} came in lately and is for higher stars first; you may have it from {opens} on. Nothing was "
        "deducted. Remove it.",
    ),
    "no_price": (
        f"{{good_name}}今天还没有定兑换积分。{_NOTHING_TAKEN}请先拿掉，并告诉社工。",
        "{good_name} has no price today. Nothing was deducted. Remove it, and tell the coordinator.",
    ),
    "price_changed": (
        f"{{good_name}}现在是 {{price_points_e2}} 分，刚才显示 {{shown_points_e2}} 分。"
        f"{_NOTHING_TAKEN}请看清楚再确认。",
        "{good_name} is {price_points_e2} points now; {shown_points_e2} was shown. Nothing was deducted. "
        "Look again, then confirm.",
    ),
    "good_repeated": (
        f"{{good_name}}在这一篮里出现了两次。{_NOTHING_TAKEN}请只留一行，改数量。",
        "{good_name} stands in this basket twice. Nothing was deducted. Keep one line and change its number.",
    ),
    "pieces_out_of_range": (
        f"{{good_name}}的数量要在 1 到 {{pieces_max}} 之间。{_NOTHING_TAKEN}请改数量。",
        "{good_name}: the number must be 1 to {pieces_max}. Nothing was deducted. Change the number.",
    ),
    "redeem_for_oneself": (
        f"不能给自己、亲属或同住的人办兑换。{_NOTHING_TAKEN}请另一位店员来办。",
        "You cannot serve yourself, a relative or your household. Nothing was deducted. Ask another clerk.",
    ),
    "served_too_often": (
        "一小时内您已为 {volunteer} 兑换 {times} 次。没有扣分。请换一位店员接着办。",
        "You have served {volunteer} {times} times within an hour. Nothing was deducted. Let another clerk go on.",
    ),
    "passbook_closed": (
        f"{{volunteer}} 的存折在 {{closed_on}} 已经注销。{_NOTHING_TAKEN}请找社工。",
        "The passbook {volunteer} was closed on {closed_on}. Nothing was deducted. Please ask the coordinator.",
    ),
    "no_such_redemption": (
        "没有编号为 {redemption} 的兑换。什么都没有变动。请核对小票上的编号。",
        "There is no redemption {redemption}. Nothing was changed. Check the number on the slip.",
    ),
    "already_undone": (
        "{redemption} 在 {undone_on} 已经撤销过了。这次什么都没有变动。",
        "{redemption} was taken back on {undone_on} already. Nothing was changed this time.",
    ),
    "undo_for_oneself": (
        "不能撤销自己、亲属或同住的人的兑换。什么都没有变动。请另一位同事来办。",
        "You cannot take back a redemption of yourself, a relative or your household. Nothing was changed. "
        "Ask somebody else.",
    ),
    "undo_needs_another": (
        "这笔兑换是您在 {redeemed_on} 办的，过了当天或结了班，要请另一位同事撤销。什么都没有变动。",
        "You served this on {redeemed_on}; after the shift or the day another takes it back. Nothing was changed.",
    ),
    "market_text": (
        "“{field}”没有填，或超过 {length_max} 个字，或有看不见的字符。没有保存。请改好再试。",
        "“{field}” is missing, longer than {length_max} characters, or has characters that nobody can see. "
        "Nothing was saved. Please change it.",
    ),
    "goods_refused": (
        "这些物品一样也没有登记。请看下面的原因，改好再试。",
        "None of these goods was added. See the reasons, change them, try again.",
    ),
    "barcode_wrong": (
        "条码 {barcode} 不对：应为 8、12 或 13 位数字，末位是校验位。没有登记。请再扫一次。",
        "{barcode} is not a bar code: 8, 12 or 13 digits, the last one a check digit. Not added. Scan it again.",
    ),
    "barcode_taken": (
        "条码 {barcode} 已经是别的物品的，或在这里写了两次。没有登记。请核对。",
        "The bar code {barcode} belongs to another good, or stands here twice. Not added. Please check.",
    ),
    "month_limit_out_of_range": (
        "每人每月限兑要在 1 到 {highest} 之间，不限就留空。没有登记。",
        "A monthly limit is 1 to {highest}; leave it empty for none. Not added.",
    ),
    "prices_refused": (
        "这些兑换积分一项也没有提交。请看下面的原因；如果一项也没有填，请先填。",
        "None of these prices was proposed. See the reasons; if there was none at all, fill one in first.",
    ),
    "price_out_of_range": (
        "{good_number} 的兑换积分要在 0.01 到 {highest_points_e2} 分之间。没有提交。",
        "{good_number}: a price is 0.01 to {highest_points_e2} points. Not proposed.",
    ),
    "price_repeated": (
        "{good_number} 在这一版里写了两次。没有提交。请只留一行。",
        "{good_number} stands in this version twice. Not proposed. Keep one line.",
    ),
    "no_such_price_version": (
        "没有第 {version} 版兑换积分表。什么都没有变动。请核对。",
        "There is no price list version {version}. Nothing was changed. Please check.",
    ),
    "prices_decided": (
        "第 {version} 版兑换积分表已经处理过了，不能再办一次。什么都没有变动。",
        "Price list version {version} was decided already. Nothing was changed.",
    ),
    "confirmer_is_proposer": (
        "第 {version} 版是您提的，要请另一位同事确认。现在还没有生效。",
        "You proposed version {version} yourself; somebody else has to confirm it. It does not hold yet.",
    ),
    "delivery_refused": (
        "这批物品一样也没有收下。一张单要有 1 到 {lots_max} 行，现在有 {lots} 行。请看下面的原因，改好再试。",
        "Nothing of this delivery was taken in. A slip has 1 to {lots_max} lines; there are {lots}. See the reasons, "
        "change them, try again.",
    ),
    "lot_pieces_out_of_range": (
        "{good_number} 的数量要在 1 到 {pieces_max} 之间。没有收下。",
        "{good_number}: the number of pieces is 1 to {pieces_max}. Not taken in.",
    ),
    "unit_price_out_of_range": (
        "{good_number} 的单价不对：不能小于 0，也不能太大；不知道就留空。没有收下。",
        "{good_number}: the unit price is below zero or far too high; leave it empty if unknown. Not taken in.",
    ),
    "expired_on_arrival": (
        "{good_number} 的有效期到 {expires_on}，已经过期。没有收下。",
        "{good_number} expired on {expires_on}. Not taken in.",
    ),
    "no_such_donation": (
        "没有编号为 {donation} 的捐赠单。什么都没有变动。请核对。",
        "There is no donation {donation}. Nothing was changed. Please check.",
    ),
    "donation_decided": (
        "捐赠单 {donation} 现在不能这样办：它已经入库、作废或退回。什么都没有变动。",
        "Donation {donation} was checked in, withdrawn or taken back already. Nothing was changed.",
    ),
    "checker_is_receiver": (
        "捐赠单 {donation} 是您收的，要请另一位同事来办。什么都没有变动。",
        "You received donation {donation} yourself; somebody else has to do this. Nothing was changed.",
    ),
    "lots_not_whole": (
        "捐赠单 {donation} 的有些物品已经发出、预留或移到别处（批次 {lots}），不能整单退回。"
        "什么都没有变动。请用盘点或报损更正。",
        "Pieces of donation {donation} were handed out, reserved or moved already (lots {lots}), so it cannot be "
        "taken back as a whole. Nothing was changed. Correct it by a count or a write-off.",
    ),
}
"""Chinese and English sentence of each refusal of the market, by code."""
