"""What the jobs of a night and their results are called, on the page and in a terminal."""

from collections.abc import Mapping
from typing import Final

from timebank.rulebook.rules.telling import worded
from timebank.web import presenting

JOB_WORDS: Final = {
    "holds": worded("过期的预约退回"),
    "turns": worded("轮到排队的人"),
    "hours": worded("到日子的时长入账"),
    "expiry": worded("积分到期"),
    "certificates": worded("补开星级证书"),
    "surplus": worded("超过存折上限的捐进互助池"),
    "expiry_notices": worded("积分到期提醒"),
    "stars": worded("看看谁够了星级"),
    "sights": worded("清理过期的查看记录"),
    "retention": worded("删掉过了保存期的个人信息"),
    "due": worded("清点待办"),
}
RESULT_WORDS: Final = {
    "released": worded("退回"),
    "turns": worded("轮到"),
    "posted": worded("入账"),
    "minutes": worded("分钟"),
    "passbooks": worded("存折"),
    "points_e2": worded("积分"),
    "issued": worded("开出"),
    "opened": worded("新开"),
    "withdrawn": worded("撤回"),
    "flagged": worded("要复核"),
    "recovered": worded("已恢复"),
    "records": worded("待批服务"),
    "unconfirmed": worded("没人确认的时长"),
    "cases": worded("待答复的存折异议"),
    "stars_to_announce": worded("待公示"),
    "stars_to_grant": worded("待授予"),
    "stars_to_recommend": worded("待推荐给上级"),
    "stars_with_upper": worded("等上级结果"),
    "inquiries": worded("待决定的星级复核"),
    "reviews": worded("时长不够的星级"),
    "objections": worded("待答复异议"),
    "rules": worded("待确认规则"),
    "pool_grants": worded("待确认的互助发放"),
    "forgotten": worded("清理"),
    "attempts": worded("登录尝试"),
    "sessions": worded("过期的登录"),
    "links": worded("用过的登录链接"),
    "words": worded("办结申请的原话"),
    "guardians": worded("成年人的监护人"),
}


def job_name(job: str) -> str:
    """Name a job; one that is gone is called by its name in the books."""
    return presenting.tell(JOB_WORDS.get(job, job))


def results(answer: Mapping[str, int]) -> str:
    """Say what came of a job."""
    return presenting.tell("，").join(f"{_called(name)} {_shown(name, value)}" for name, value in answer.items())


def _called(name: str) -> str:
    return presenting.tell(RESULT_WORDS.get(name, name))


def _shown(name: str, value: int) -> str:
    return presenting.points(value) if name.endswith("_e2") else f"{value:,}"
