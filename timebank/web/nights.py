"""The runs of the night, for the admin and the auditor: which job was done for which day, when, with what result."""

from typing import Final

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _
from flask_login import current_user

from timebank.books.answers import answered
from timebank.database import db
from timebank.web.access import Audience, audience

blueprint = Blueprint("nights", __name__, url_prefix="/nightly")

SHOWN: Final = 120
JOB_WORDS: Final = {
    "holds": _("过期的预约退回"),
    "turns": _("轮到排队的人"),
    "hours": _("到日子的时长入账"),
    "expiry": _("积分到期"),
    "certificates": _("补开星级证书"),
    "surplus": _("超过存折上限的捐进互助池"),
    "expiry_notices": _("积分到期提醒"),
    "stars": _("看看谁够了星级"),
    "sights": _("清理过期的查看记录"),
    "due": _("清点待办"),
}
RESULT_WORDS: Final = {
    "released": _("退回"),
    "turns": _("轮到"),
    "posted": _("入账"),
    "minutes": _("分钟"),
    "passbooks": _("存折"),
    "points_e2": _("积分（百分之一分）"),
    "issued": _("开出"),
    "opened": _("新开"),
    "withdrawn": _("撤回"),
    "flagged": _("要复核"),
    "recovered": _("已恢复"),
    "records": _("待批服务"),
    "unconfirmed": _("没人确认的时长"),
    "cases": _("待答复的存折异议"),
    "stars_to_announce": _("待公示"),
    "stars_to_grant": _("待授予"),
    "stars_to_recommend": _("待推荐给上级"),
    "stars_with_upper": _("等上级结果"),
    "inquiries": _("待决定的星级复核"),
    "reviews": _("时长不够的星级"),
    "objections": _("待答复异议"),
    "rules": _("待确认规则"),
    "forgotten": _("清理"),
}


@blueprint.get("")
@audience(Audience.ADMIN, Audience.AUDITOR)
def runs() -> str:
    """Show the newest runs."""
    found = answered(db.session(), current_user.community_id, prefix="nightly/", limit=SHOWN)
    return render_template(
        "admin/nights.html",
        runs=[(*run.key.split("/")[1:3], run) for run in found],
        job_words=JOB_WORDS,
        result_words=RESULT_WORDS,
    )
