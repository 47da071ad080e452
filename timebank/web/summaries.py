"""Summaries: what a file brings and what a confirmation has done, in names and figures that people read."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from timebank.web import presenting

Pair = tuple[str, str]

NAMES: Final[dict[str, Pair]] = {
    "rows": ("行数", "Rows"),
    "volunteers": ("志愿者", "Volunteers"),
    "first_number": ("编号从", "Numbers from"),
    "last_number": ("到", "to"),
    "documents": ("有证件号码", "With a document"),
    "minors": ("有监护人", "With a guardian"),
    "new_org_units": ("新的片区和楼栋", "New areas and buildings"),
    "activities": ("活动", "Activities"),
    "new_activities": ("其中签到表带来的", "of which the sheets brought"),
    "sheets": ("签到表", "Sign-in sheets"),
    "go_live_on": ("启用日期", "First day here"),
    "opening_rows": ("其中启用前的", "of which from before it"),
    "first_on": ("服务日期从", "Served from"),
    "last_on": ("到", "to"),
    "flagged": ("要说明原因的", "Need an answer"),
    "effective_on": ("计入日期", "Counts for"),
    "approved": ("已批准", "Approved"),
    "posted": ("已记账", "Posted"),
    "minutes": ("服务时长", "Service"),
    "points_e2": ("积分", "Points"),
    "goods": ("物品", "Goods"),
    "new_goods": ("其中新物品", "of which new"),
    "partners": ("捐赠单位", "Donors"),
    "new_partners": ("其中新单位", "of which new"),
    "prices": ("要定的积分价", "Prices"),
    "value_fen": ("价值（元）", "Value (yuan)"),
    "donations": ("入库单", "Donations"),
    "lots": ("批号", "Lots"),
    "pieces": ("件数", "Pieces"),
    "rejected": ("已退回", "Rejected"),
    "reversed": ("已冲正", "Reversed"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "erased": ("已删除", "Erased"),
    "first_seq": ("凭证号从", "Entries from"),
    "last_seq": ("到", "to"),
    "price_seq": ("定价凭证号", "Entry of the prices"),
}
"""What a summary shows, in this order; everything else in it is for programs."""

BEFORE_AND_AFTER: Final[dict[str, Pair]] = {
    "volunteers": ("全社区志愿者", "Volunteers in all"),
    "minutes": ("全社区服务时长", "Service in all"),
    "points": ("全社区可用积分", "Points in all passbooks"),
    "pieces": ("货架上", "Pieces on the shelf"),
}

KINDS: Final[dict[str, Pair]] = {
    "volunteers": ("志愿者名单", "register"),
    "hours": ("服务时长", "hours"),
    "opening": ("期初余额", "opening balances"),
    "goods": ("物品入库", "delivery"),
}

STATES: Final[dict[str, Pair]] = {
    "pending": ("等确认", "waiting"),
    "confirmed": ("已生效", "confirmed"),
    "undone": ("已撤销", "undone"),
    "refused": ("已退回", "sent back"),
}


def word(chinese: str, english: str) -> str:
    """Choose between two languages."""
    return english if presenting.in_english() else chinese


def shown(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return names and values of a summary, in the language of the person."""
    found = [(word(*name), figure(key, summary[key])) for key, name in NAMES.items() if summary.get(key) is not None]
    for key, name in BEFORE_AND_AFTER.items():
        before, after = _ends(summary, key)
        if before is not None:
            found.append((word(*name), f"{before} → {after}"))
    if summary.get("shared_phones"):
        together = ("、".join(numbers) for numbers in summary["shared_phones"])
        found.append((word("同用一个手机号，请核对", "Share a phone, please check"), "; ".join(together)))
    return found


def _ends(summary: Mapping[str, Any], key: str) -> tuple[str | None, str | None]:
    for ending in ("", "_e2"):
        before, after = f"{key}_before{ending}", f"{key}_after{ending}"
        if before in summary:
            return figure(before, summary[before]), figure(after, summary[after])
    return None, None


def figure(key: str, value: object) -> str:
    """Write a value by the unit that its key carries."""
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    if not isinstance(value, int):
        return presenting.day(date.fromisoformat(str(value))) if key.endswith("_on") else str(value)
    if key.endswith("_e2"):
        return presenting.points(value)
    if key.endswith("_fen"):
        return presenting.money(value)
    return presenting.duration(value) if "minutes" in key else f"{value:,}"
