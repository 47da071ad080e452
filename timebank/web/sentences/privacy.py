"""Sentences of consents, requests about one's data, and leaving."""

from typing import Final

SENTENCES: Final = {
    "consent_outdated": (
        "说明已经改过，您看到的是旧的。没有记下。请看过新的再点同意。",
        "The text has changed since. Nothing was written down. Read the new one and agree to that.",
    ),
    "consent_given": (
        "这一版已经同意过了。没有再记一次。",
        "This version was agreed to already. Nothing was written down again.",
    ),
    "no_consent": (
        "没有可以撤回的同意。什么都没有改。",
        "There is no consent that could be withdrawn. Nothing was changed.",
    ),
    "consent_by_guardian": (
        "不满 {age_min} 周岁要由监护人同意。没有记下。请监护人到服务站办理。",
        "Below the age of {age_min} the guardian agrees. Nothing was written down. They do so at the service station.",
    ),
    "words_missing": (
        "请用 2 到 {length_max} 个字写清楚。没有提交。",
        "Say it in 2 to {length_max} characters. Nothing was sent.",
    ),
    "request_waits_already": (
        "已经有一个同样的申请在等答复。没有再提一个。要改内容，请先撤回那一个。",
        "A request of this kind waits already. Nothing was asked again. To change it, take that one back first.",
    ),
    "no_such_data_request": (
        "没有这个等答复的申请，可能已经办过或撤回。什么都没有改。请看列表。",
        "There is no such request that waits; it may have been answered or taken back. Nothing was changed. "
        "Look at the list.",
    ),
    "request_needs_another": (
        "自己的申请、自己在服务台提出的销户，要由另一位同事办。什么都没有改。请找另一位同事。",
        "Another colleague answers your own request, and closes what you asked for at the desk. Nothing was changed. "
        "Ask a colleague.",
    ),
    "not_free_to_leave": (
        "{number} 还有没办完的事，没有销户。请先办完再来：{problems}",
        "Something of {number} is still open. The passbook was not closed. Settle it first: {problems}",
    ),
    "leaving_points_left": (
        "存折里还有 {left_e2} 分，另有 {held_e2} 分留着，欠 {owed_e2} 分。没有销户。请先兑换或捐到爱心池，欠的先补上。",
        "{left_e2} points are left, {held_e2} are put aside, {owed_e2} are owed. The passbook was not closed. Redeem "
        "them or give them to the pool first, and settle what is owed.",
    ),
    "leaving_still_on_the_staff": (
        "还是工作人员。没有销户。请管理员先停用。",
        "They are still on the staff. The passbook was not closed. An administrator disables them first.",
    ),
    "leaving_hours_wait": (
        "还有时长等审批、等确认或没有到入账的日子。没有销户。请先审批、退回或等到入账。",
        "Hours wait for approval, confirmation or their day. The passbook was not closed. Approve or reject them "
        "first, or wait until they are posted.",
    ),
    "leaving_objection_waits": (
        "还有异议没有答复。没有销户。请先答复。",
        "An objection waits for its answer. The passbook was not closed. Answer it first.",
    ),
    "leaving_star_case_open": (
        "还有星级评定或复核没有办完。没有销户。请先办完或撤回。",
        "A star is being decided or looked into. The passbook was not closed. Finish it or take it back first.",
    ),
    "leaving_places_taken": (
        "还报着活动或约着时段。没有销户。请先取消。",
        "They are signed up for an activity or have booked a slot. The passbook was not closed. Cancel those first.",
    ),
    "leaving_goods_wait": (
        "还有预约的物品、没用的服务券，或在排队。没有销户。请先取走、退掉或取消。",
        "Goods are reserved for them, they wait for some, or have a voucher. The passbook was not closed. "
        "End those first.",
    ),
    "leaving_certificate_asked": (
        "还有申请的证明没有开。没有销户。请先开出或退回。",
        "They asked for a certificate. The passbook was not closed. Issue or decline it first.",
    ),
}
