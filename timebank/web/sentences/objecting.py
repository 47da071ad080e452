"""Sentences of objections to lines, of records that are put right, and of low ratings."""

from typing import Final

SENTENCES: Final = {
    "objection_empty": (
        "请写一句话，说清楚是什么事。没有提交。",
        "Say in a few words what it is about. Nothing was sent.",
    ),
    "no_such_line": (
        "您的存折里没有这一笔。没有提交。请从流水重新打开。",
        "There is no such line in your passbook. Nothing was sent. Open it from the list.",
    ),
    "objected_already": (
        "这一笔您已经提过，正在等答复。没有重复提交。",
        "You have asked about this line and wait for the answer. Nothing was sent twice.",
    ),
    "too_many_open_objections": (
        "您有 {objections} 件还没有答复。没有提交。请到服务站当面说。",
        "{objections} of yours wait for an answer. Nothing was sent. Please come to the station.",
    ),
    "no_such_line_objection": (
        "没有编号为 {number} 的异议。没有改动。请核对编号。",
        "There is no objection {number}. Nothing was changed. Check the number.",
    ),
    "line_objection_answered": (
        "异议 {number} 已经答复过了。没有再改动。请刷新页面。",
        "Objection {number} was answered before. Nothing was changed. Reload the page.",
    ),
    "answerer_is_close": (
        "异议 {number} 是您本人或家人提的，要由别人答复。没有保存。",
        "Objection {number} is yours or your family's; somebody else must answer it. Nothing was saved.",
    ),
    "nothing_corrected": (
        "{volunteer} 的这条记录本来就是 {minutes}。没有改动。请核对后再填。",
        "This record of {volunteer} says {minutes} already. Nothing was changed. Check it first.",
    ),
    "low_rating": (
        "给 {volunteer} 评了 {rating} 星。按规则，评这么低要写一句原因；没有原因就不能通过。",
        "{volunteer} is given {rating} of five stars. By the rules so few need a reason in words; "
        "without one it cannot be approved.",
    ),
}
