"""Sentences of activities and service records: what blocks a line, what is flagged, who may not approve."""

from typing import Final

SENTENCES: Final = {
    "no_such_activity": (
        "没有编号为 {activity} 的活动，或者它已经取消。没有保存。请核对编号，或先新建活动。",
        "There is no activity {activity}, or it was cancelled. Nothing was saved. Check the number or make it first.",
    ),
    "activity_not_approved": (
        "活动 {activity} 还没有经第二人批准。没有保存。请先请另一位同事批准。",
        "Nobody has approved activity {activity} yet. Nothing was saved. Ask a colleague to approve it first.",
    ),
    "activity_not_over": (
        "活动 {activity} 要到 {ends} 才结束。没有保存。请结束后再录入。",
        "Activity {activity} is over at {ends}. Nothing was saved. Record the hours after that.",
    ),
    "not_during_activity": (
        "{volunteer} 的时间不在活动 {activity} 的时间内（{starts} 至 {ends}）。没有保存。请核对活动编号和日期。",
        "The time of {volunteer} lies outside activity {activity} ({starts} to {ends}). Nothing was saved. "
        "Check the activity's number and the date.",
    ),
    "activity_incomplete": (
        "活动要写明名称、地点和负责人。没有保存。请补全。",
        "An activity needs a title, a place and somebody in charge. Nothing was saved. Please complete it.",
    ),
    "activity_ends_before_start": (
        "活动的结束时间要晚于开始时间。没有保存。请改正时间。",
        "The activity must end after it starts. Nothing was saved. Correct the times.",
    ),
    "capacity_out_of_range": (
        "名额要在 1 到 {highest} 之间；不限名额就留空。没有保存。",
        "The number of places is 1 to {highest}; leave it empty for no limit. Nothing was saved.",
    ),
    "creator_cannot_approve": (
        "活动 {activity} 是您新建的，要由另一位同事批准。没有批准。",
        "You made activity {activity}; somebody else must approve it. Nothing was approved.",
    ),
    "activity_not_proposed": (
        "活动 {activity} 已经处理过了。没有再改动。请刷新页面。",
        "Activity {activity} was decided before. Nothing was changed. Reload the page.",
    ),
    "ends_before_start": (
        "{volunteer} 的结束时间（{ends}）不晚于开始时间（{starts}）。没有保存。请照签到表改正。",
        "The end for {volunteer} ({ends}) is not after the start ({starts}). Nothing was saved. "
        "Correct it by the sheet.",
    ),
    "not_whole_minutes": (
        "{volunteer} 的时间 {written} 带有秒。没有保存。服务时间只记到分钟，请去掉秒。",
        "The time {written} of {volunteer} has seconds. Nothing was saved. Service is counted in whole minutes.",
    ),
    "service_too_long": (
        "{volunteer} 这一条长达 {minutes}，一次服务不能超过 {limit_minutes}。没有保存。"
        "请核对起止日期；真有这么久，请分成两条。",
        "This record of {volunteer} lasts {minutes}; one service is at most {limit_minutes}. Nothing was saved. "
        "Check the dates; if it was so long, record it as two.",
    ),
    "in_the_future": (
        "{volunteer} 的时间（到 {ends}）还没有到，现在是 {now}。没有保存。请核对日期。",
        "The time of {volunteer} (until {ends}) has not come yet; it is {now}. Nothing was saved. Check the date.",
    ),
    "unknown_service_class": (
        "服务类型“{service_class}”不在当天的规则里。没有保存。请从列表中选一种。",
        "The rules of that day know no class of service “{service_class}”. Nothing was saved. Choose one of the list.",
    ),
    "before_go_live": (
        "{volunteer} 的服务在上线日（{go_live_on}）以前。没有保存。以前的签到表请用“导入签到表”成批导入。",
        "{volunteer} served before the community went live ({go_live_on}). Nothing was saved. "
        "Import old sheets as a file.",
    ),
    "opening_after_go_live": (
        "{volunteer} 的服务在上线日（{go_live_on}）或以后，不能算作以前的记录。没有保存。请按平常的办法录入。",
        "{volunteer} served on or after the day of going live ({go_live_on}). Nothing was saved. Record it as usual.",
    ),
    "opening_closed": (
        "以前的签到表只能导入到 {last_day}（上线后 {limit_days} 天）。没有保存。请与管理员商量。",
        "Old sheets could be imported until {last_day} ({limit_days} days after going live). Nothing was saved. "
        "Ask your admin.",
    ),
    "entry_deadline_passed": (
        "{volunteer} 的服务已过录入期限（{last_day}，{limit_days} 个工作日）。没有保存。"
        "请写明原因，按补录提交；补录没有积分。",
        "The time to enter this service of {volunteer} ended on {last_day} ({limit_days} working days). Nothing was "
        "saved. Give a reason to enter it late; late entries earn no points.",
    ),
    "late_without_reason": (
        "{volunteer} 这一条是补录，要写明原因。没有保存。",
        "This is a late entry of {volunteer}; say why it is late. Nothing was saved.",
    ),
    "volunteer_left": (
        "{volunteer} 在 {left_on} 已经退出，之后的服务不能记。没有保存。请核对编号和日期。",
        "{volunteer} left on {left_on}; later service is not recorded. Nothing was saved. Check number and date.",
    ),
    "recorder_is_beneficiary": (
        "{volunteer} 是您本人，自己的服务要由别人录入。没有保存。请交给另一位同事。",
        "{volunteer} is yourself; somebody else must record your service. Nothing was saved.",
    ),
    "recorder_is_close": (
        "{volunteer} 是您登记的亲属或同住人，要由别人录入。没有保存。请交给另一位同事。",
        "{volunteer} is your declared relative or lives in your household; somebody else must record it. "
        "Nothing was saved.",
    ),
    "overlapping": (
        "{volunteer} 在 {starts} 至 {ends} 已有记录（活动 {activity}），时间重叠。没有保存。请核对是否重复。",
        "{volunteer} has a record from {starts} to {ends} already (activity {activity}). Nothing was saved. "
        "Check whether this is the same service.",
    ),
    "too_long_a_day": (
        "{volunteer} 在 {day} 合计 {minutes}，超过一天的 {limit_minutes}。请核对起止时间；没有错的话，写一句说明，"
        "并由两位先后审批，少一样都不入账。",
        "{volunteer} has {minutes} on {day}, more than {limit_minutes}. Check the times; if they are right, it takes "
        "an explanation in words and two approvers, and is not posted without either.",
    ),
    "long_service": (
        "{volunteer} 这一次服务 {minutes}，超过 {limit_minutes}。审批前要写一句说明；没有说明就不能通过。",
        "This service of {volunteer} lasts {minutes}, more than {limit_minutes}. It cannot be approved before somebody "
        "explains it in words.",
    ),
    "night_service": (
        "{volunteer} 的服务从夜间开始（{starts}）。审批前要写一句说明；没有说明就不能通过。",
        "This service of {volunteer} began at night ({starts}). It cannot be approved before somebody explains it in "
        "words.",
    ),
    "entered_often": (
        "{volunteer} 在活动 {activity} 中已经手工录入 {times} 次。审批前要写一句说明；没有说明就不能通过。",
        "{volunteer} was entered by hand {times} times in activity {activity}. It cannot be approved before somebody "
        "explains it in words.",
    ),
    "text_unclear": (
        "有一项文字太长（最多 {longest} 个字），或含有看不见的字符。没有保存。请改短或重新输入。",
        "A text is too long (at most {longest} characters) or has characters that nobody can see. Nothing was saved. "
        "Shorten it or type it again.",
    ),
    "moment_out_of_range": (
        "时间要在 {first_year} 年到 {last_year} 年之间。没有保存。请核对年份。",
        "A time must lie between {first_year} and {last_year}. Nothing was saved. Check the year.",
    ),
    "nothing_asked": (
        "没有选任何一条。什么都没有做。请至少选一条。",
        "Nothing was chosen and nothing was done. Choose at least one line.",
    ),
    "asked_twice": (
        "同一条记录选了两次。没有审批。请刷新页面再选。",
        "The same record was chosen twice. Nothing was approved. Reload the page and choose again.",
    ),
    "no_such_record": (
        "没有找到这条服务记录。没有改动。请从名单重新打开。",
        "There is no such service record. Nothing was changed. Open it from the list.",
    ),
    "record_not_waiting": (
        "{volunteer} 的这条记录已经处理过了。没有再改动。请刷新名单。",
        "This record of {volunteer} was decided before. Nothing was changed. Reload the list.",
    ),
    "record_not_approved": (
        "{volunteer} 的这条记录不是已通过的记录，不能冲正。没有改动。请刷新页面。",
        "This record of {volunteer} is not an approved one and cannot be reversed. Nothing was changed. "
        "Reload the page.",
    ),
    "approver_is_recorder": (
        "{volunteer} 的这条记录是您录入的，要由另一位同事审批。没有审批。",
        "You recorded this service of {volunteer}; somebody else must approve it. Nothing was approved.",
    ),
    "approver_is_beneficiary": (
        "{volunteer} 是您本人，自己的服务要由别人审批。没有审批。",
        "{volunteer} is yourself; somebody else must approve your service. Nothing was approved.",
    ),
    "approver_is_close": (
        "{volunteer} 是您登记的亲属或同住人，要由别人审批。没有审批。",
        "{volunteer} is your declared relative or lives in your household; somebody else must approve it. "
        "Nothing was approved.",
    ),
    "rating_out_of_range": (
        "评价是 1 到 {best} 星，或者不评。没有保存。请改正。",
        "A rating is 1 to {best} stars, or none. Nothing was saved. Correct it.",
    ),
    "reverser_is_beneficiary": (
        "{volunteer} 是您本人，自己的记录要由别人冲正。没有改动。",
        "{volunteer} is yourself; somebody else must reverse your record. Nothing was changed.",
    ),
    "record_reason_missing": (
        "请写明原因。没有改动。",
        "Say why. Nothing was changed.",
    ),
}
