"""Sentences of what lies between approval and entry: confirming, denying, public notice, recipients and their stars."""

from typing import Final

SENTENCES: Final = {
    "record_denied": (
        "{volunteer} 的这条有人说“不是”，还没有处理。没有通过。请先答复异议。",
        "Somebody denies this record of {volunteer}. Nothing was approved. Answer the objection first.",
    ),
    "answered_already": (
        "{volunteer} 的这条已经答过了。没有重复记。请刷新页面。",
        "This record of {volunteer} was answered before. Nothing was changed. Reload the page.",
    ),
    "answer_too_late": (
        "{volunteer} 的这条已经入账或退回了。没有改动。请从流水里点“有疑问”。",
        "This record of {volunteer} is posted or closed. Nothing was changed. Object to the line in the passbook.",
    ),
    "denial_without_reason": (
        "请写一句哪里不对。{volunteer} 的这条没有改动。",
        "Say in a few words what is wrong. This record of {volunteer} was not changed.",
    ),
    "desk_not_apart": (
        "录入、审批这条的人，本人和家人，都不能代 {volunteer} 确认。没有保存。请换一位同事。",
        "Whoever recorded or approved it, and their family, cannot answer for {volunteer}. "
        "Nothing was saved. Ask a colleague.",
    ),
    "not_on_public_notice": (
        "这条不在公示期内。没有提交。入账以后请向服务站提。",
        "This is not on public notice. Nothing was sent. Ask at the station.",
    ),
    "decider_recorded": (
        "异议 {number} 说的这条是您录的，要由另一位处理。没有保存。",
        "You recorded what objection {number} is about; somebody else must decide. Nothing was saved.",
    ),
    "further_not_asked": (
        "{volunteer} 的这条现在不等再一位审批。没有改动。请刷新页面。",
        "This record of {volunteer} does not wait for a further approver now. Nothing was changed. Reload the page.",
    ),
    "further_not_apart": (
        "录入、审批、服务的人和他们的家人，都不能再审批 {volunteer} 的这一条。没有通过。请换一位同事。",
        "Who recorded, approved or served, and their family, cannot be the further approver of this record of "
        "{volunteer}. Nothing was approved. Ask a colleague.",
    ),
    "further_answer_missing": (
        "请写一句为什么这一天这么长是对的。没有通过。",
        "Say in a few words why so long a day is right. Nothing was approved.",
    ),
    "no_such_recipient": (
        "{activity} 还没有登记服务对象。没有可看的。请先登记称呼和手机尾号。",
        "Nobody has said for whom {activity} is. There is nothing to show. Name the recipient first.",
    ),
    "no_such_recipient_code": (
        "没有这个编码，或者手机尾号不对。没有提交。请核对短信或打服务站电话。",
        "There is no such code with this phone. Nothing was sent. Check the message or call the station.",
    ),
    "recipient_incomplete": (
        "服务对象要有称呼和手机号的最后四位数字。没有保存。请补上。",
        "A recipient has a name and the last four digits of a phone. Nothing was saved. Add them.",
    ),
    "recipient_answered": (
        "{activity} 的服务对象已经答复过了，不能再改。没有保存。",
        "The recipient of {activity} has answered and is not changed any more. Nothing was saved.",
    ),
    "rated_already": (
        "这次服务您已经评价过了。没有重复记。",
        "You have rated this service. Nothing was recorded twice.",
    ),
    "rating_too_late": (
        "这次服务的评价到{last_day}为止。没有保存。有话请打服务站电话。",
        "This service could be rated until {last_day}. Nothing was saved. Please call the station.",
    ),
    "stars_without_reason": (
        "{stars} 星要写一句原因。没有保存。请补上一句。",
        "{stars} of five stars need a reason in words. Nothing was saved. Add one.",
    ),
    "activity_approved_late": (
        "{activity} 是 {approved} 才批准的，{starts} 已经开始。{volunteer} 的时长没有录入；"
        "只能补录：写明原因，记时长，不发积分。",
        "{activity} was approved at {approved}, after its start at {starts}. {volunteer} was not recorded; "
        "it can only be a late entry, with a reason and without points.",
    ),
}
