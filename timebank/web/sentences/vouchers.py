"""Sentences of service vouchers."""

from typing import Final

SENTENCES: Final = {
    "voucher_offer_wrong": (
        "名额是每月 1 到 {quota_max} 张，每人每月 1 到 {person_max} 张，有效 1 到 {days_max} 天。没有保存。请改一改。",
        "An offer is 1 to {quota_max} vouchers a month, 1 to {person_max} for one person, good for 1 to {days_max} "
        "days. Nothing was saved. Change the numbers.",
    ),
    "service_on_shelf": (
        "{good_name}是货架上的物品，不能当服务提供。没有保存。请给服务另外登记一个名字。",
        "{good_name} is a good of the shelf and cannot be offered as a service. Nothing was saved. Add the service "
        "under a name of its own.",
    ),
    "service_not_delivered": (
        "{good_name}是服务，用服务券兑换，不能入库。没有保存。",
        "{good_name} is a service, given by voucher; it cannot be received. Nothing was saved.",
    ),
    "vouchers_taken": (
        "{good_name}这个月的 {quota} 张券都领完了。没有扣分。请下个月再来。",
        "All {quota} vouchers for {good_name} of this month are taken. Nothing was deducted. Come again next month.",
    ),
    "voucher_person_limit": (
        "{good_name}每人每月 {times_max} 张，这个月已经领过了。没有扣分。请下个月再领。",
        "{good_name} is {times_max} a month for each person, and this month's are taken. Nothing was deducted. "
        "Come again next month.",
    ),
    "voucher_offer_over": (
        "{offer} 已经停了，不再发券。没有扣分。以前领的券还能用。",
        "{offer} is over and gives no further voucher. Nothing was deducted. Vouchers taken before stay good.",
    ),
    "voucher_for_another": (
        "只能领、退自己的券；别人的请到收银台，由不是亲属、不同住的店员来办。什么都没有变动。",
        "Everybody takes and gives back their own vouchers; for somebody else a clerk does it who is no relative and "
        "does not live with them. Nothing was changed.",
    ),
    "voucher_over": (
        "{voucher} 不能再用：已经用过、退了或过期了。没有核销，没有扣分。",
        "{voucher} is good no more: it was used, given back, or has run out. Nothing was honoured, nothing deducted.",
    ),
    "no_such_voucher_offer": (
        "没有编号为 {offer} 的服务。什么都没有变动。请核对。",
        "No service is offered as {offer}. Nothing was changed. Please check.",
    ),
    "no_such_voucher": (
        "查不到这张券，或不是本单位的。没有核销。请核对二十位数字。",
        "There is no such voucher, or it is another unit's. Nothing was honoured. Check the twenty digits.",
    ),
    "no_such_voucher_desk": (
        "这张核销牌不能用，或已经停用。没有核销。请找社区换一张。",
        "This card does not honour vouchers, or works no more. Nothing was honoured. Ask the community for another.",
    ),
    "settlement_month": (
        "{partner} {month} 还没过完，或那个月没有核销。没有出对账单。",
        "{month} is not over yet for {partner}, or nothing was honoured in it. No statement was drawn up.",
    ),
    "settlement_done": (
        "{partner} {month} 的对账单已经有了。没有再出。",
        "The statement of {partner} for {month} is there already. Nothing was changed.",
    ),
    "settlement_needs_another": (
        "对账单是您出的，要请另一位确认。什么都没有变动。",
        "You drew the statement up yourself; another person confirms it. Nothing was changed.",
    ),
    "no_such_settlement": (
        "这个月还没有对账单。什么都没有变动。请先出对账单。",
        "There is no statement of this month. Nothing was changed. Draw it up first.",
    ),
}
"""Chinese and English sentence of each refusal, by code."""
