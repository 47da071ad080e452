"""Sentences of signing up, of coming and going, and of what is flagged because it looks like no day of service."""

from typing import Final

SENTENCES: Final = {
    "age_out_of_range": (
        "年龄要求要在 1 到 {highest} 岁之间；不限年龄就留空。没有保存。",
        "The lowest age is 1 to {highest}; leave it empty for no limit. Nothing was saved.",
    ),
    "risk_not_insured": (
        "写了风险的活动要写明保险。没有保存。请先投保，再填保险名称或保单号。",
        "An activity with a risk names its insurance. Nothing was saved. Insure it first, then fill in the policy.",
    ),
    "sign_up_not_yet": (
        "活动 {activity} 名额有限，按星级先后报名，{volunteer} 从 {opens} 起可以报名。没有报名。到时再来。",
        "Places for activity {activity} are few and higher stars sign up first; {volunteer} may from {opens} on. "
        "Nothing was added. Come back then.",
    ),
    "sign_up_over": (
        "活动 {activity} 在 {starts} 已经开始，不能再报名或取消。没有改动。请直接到现场找负责人。",
        "Activity {activity} began at {starts}; nobody signs up or cancels any more. Nothing was changed. "
        "Talk to whoever is in charge there.",
    ),
    "signed_up_already": (
        "{volunteer} 已经报名活动 {activity}。没有重复登记。",
        "{volunteer} is signed up for activity {activity} already. Nothing was added.",
    ),
    "signed_up_elsewhere": (
        "{volunteer} 已经报名同一时间的活动 {activity}（{starts} 至 {ends}）。没有报名。请先取消那一场。",
        "{volunteer} is signed up for activity {activity} at that time ({starts} to {ends}). Nothing was added. "
        "Cancel that one first.",
    ),
    "not_signed_up": (
        "{volunteer} 没有报名活动 {activity}。没有改动。",
        "{volunteer} is not signed up for activity {activity}. Nothing was changed.",
    ),
    "too_young": (
        "活动 {activity} 要年满 {age_min} 岁。没有报名。请看看别的活动。",
        "Activity {activity} asks for an age of {age_min}. Nothing was added. Please look at the others.",
    ),
    "age_unknown": (
        "活动 {activity} 要年满 {age_min} 岁，{volunteer} 没有登记出生日期。没有报名。请带证件到服务站补登记，再报名。",
        "Activity {activity} asks for an age of {age_min}, and no birth date of {volunteer} is noted. Nothing was "
        "added. Have it noted at the station first.",
    ),
    "not_trained": (
        "活动 {activity} 要先参加过培训“{course}”，{volunteer} 还没有通过的记录。"
        "没有报名。请先参加培训，或到服务站补登记。",
        "Activity {activity} asks for the training “{course}”, and none of {volunteer} is approved. Nothing was added. "
        "Attend it first, or have it recorded at the desk.",
    ),
    "not_for_activities": (
        "开放日历 {number} 不是安排活动用的。没有安排。请选用途为活动的日历。",
        "The calendar {number} is not for activities. Nothing was proposed. Choose one that is.",
    ),
    "too_many_offered": (
        "一次最多安排 {slots_max} 场（现在 {slots} 场）。没有安排。请缩短天数。",
        "At most {slots_max} activities are proposed at a time (now {slots}). Nothing was proposed. Choose fewer days.",
    ),
    "attendance_closed": (
        "活动 {activity}（{starts} 至 {ends}）现在不能签到签退：开始前一小时到结束后一小时可以。没有记下。",
        "Nobody checks in to activity {activity} ({starts} to {ends}) now, only from an hour before until an hour "
        "after. Nothing was noted.",
    ),
    "code_not_live": (
        "这个码过时了。没有记下。请再扫一次屏幕上的新码。",
        "This code is too old. Nothing was noted. Scan the new one on the screen.",
    ),
    "checked_in_already": (
        "{volunteer} 在 {written} 已经签到，不用再签。",
        "{volunteer} checked in at {written}; once is enough.",
    ),
    "checked_out_already": (
        "{volunteer} 在 {written} 已经签退，不用再签。",
        "{volunteer} checked out at {written}; once is enough.",
    ),
    "checked_in_elsewhere": (
        "{volunteer} 在活动 {activity} 签到后还没有签退。没有记下。请先在那边签退。",
        "{volunteer} is checked in to activity {activity} and has not checked out. Nothing was noted. "
        "Check out there first.",
    ),
    "not_checked_in": (
        "{volunteer} 还没有签到，不能签退。没有记下。请负责人录时长时写明。",
        "{volunteer} has not checked in and cannot check out. Nothing was noted. Tell whoever records the hours.",
    ),
    "no_check_out": (
        "{volunteer} 在活动 {activity} 只签到、没有签退，按计划结束（{ends}）计。"
        "审批前要写一句说明；没有说明就不能通过。",
        "{volunteer} checked in to activity {activity} and never out; the plan's end ({ends}) closes it. It cannot be "
        "approved before somebody explains it in words.",
    ),
    "more_than_attended": (
        "{volunteer} 在活动 {activity} 录了 {minutes}，签到签退只有 {shown_minutes}。"
        "审批前要写一句说明；没有说明就不能通过。",
        "{minutes} are recorded for {volunteer} in activity {activity}; codes and cards show {shown_minutes}. "
        "It cannot be approved before somebody explains it in words.",
    ),
    "one_device": (
        "活动 {activity} 有 {people} 人用同一部手机签到，{volunteer} 在其中。审批前要写一句说明；没有说明就不能通过。",
        "{people} people checked in to activity {activity} by one phone, {volunteer} among them. It cannot be approved "
        "before somebody explains it in words.",
    ),
    "many_alike": (
        "同一位录入人录了 {records} 份一样的时长（{starts} 开始，{minutes}），{volunteer} 在其中。"
        "审批前要写一句说明；没有说明就不能通过。",
        "One recorder typed the same time {records} times (from {starts}, {minutes}), {volunteer} among them. "
        "It cannot be approved before somebody explains it in words.",
    ),
    "recorder_types_much": (
        "录入人近日手工录入已达 {minutes}（超过规则的 {limit_minutes}），{volunteer} 在其中。"
        "审批前要写一句说明；没有说明就不能通过。",
        "The recorder typed {minutes} lately (more than the {limit_minutes} of the rules), {volunteer} among them. It "
        "cannot be approved before somebody explains it in words.",
    ),
    "pair_types_much": (
        "同一位录入人近日给 {volunteer} 手工录入已达 {minutes}（超过规则的 {limit_minutes}）。"
        "审批前要写一句说明；没有说明就不能通过。",
        "One recorder typed {minutes} for {volunteer} lately (more than the {limit_minutes} of the rules). It cannot "
        "be approved before somebody explains it in words.",
    ),
    "served_too_young": (
        "活动 {activity} 要年满 {age_min} 岁，{volunteer} 当天 {age} 岁。审批前要写一句说明；没有说明就不能通过。",
        "Activity {activity} asks for an age of {age_min}; {volunteer} was {age} that day. It cannot be approved "
        "before somebody explains it in words.",
    ),
    "served_age_unknown": (
        "活动 {activity} 要年满 {age_min} 岁，{volunteer} 没有登记出生日期。审批前要写一句说明；没有说明就不能通过。",
        "Activity {activity} asks for an age of {age_min}, and no birth date of {volunteer} is noted. It cannot be "
        "approved before somebody explains it in words.",
    ),
    "served_untrained": (
        "活动 {activity} 要先参加过培训“{course}”，{volunteer} 当天还没有通过的记录。"
        "审批前要写一句说明；没有说明就不能通过。",
        "Activity {activity} asks for the training “{course}”, and none of {volunteer} was approved by that day. It "
        "cannot be approved before somebody explains it in words.",
    ),
    "approval_ring": (
        "{volunteer} 不久前批过您的时长，您现在又批 {volunteer} 的。要写一句说明；没有说明就不能通过。",
        "{volunteer} approved your hours lately, and you approve theirs now. It cannot be approved before "
        "somebody explains it in words.",
    ),
}
