"""Sentences of batches: who may confirm one, and until when it can be taken back."""

from typing import Final

SENTENCES: Final = {
    "no_such_batch": (
        "没有批次 {batch}。什么都没有做。请核对批次号。",
        "There is no batch {batch}. Nothing was done. Check its number.",
    ),
    "batch_decided": (
        "批次 {batch} 已经有人处理过了。没有再改动。",
        "Somebody has decided about batch {batch} before. Nothing was changed.",
    ),
    "confirmer_is_maker": (
        "批次 {batch} 是您导入的，要由另一位同事确认。没有确认。",
        "You brought batch {batch}; somebody else must confirm it. Nothing was confirmed.",
    ),
    "confirmer_is_beneficiary": (
        "批次 {batch} 里有您本人、亲属或同户人的存折（{volunteers}），要由另一位同事确认。没有确认。",
        "Batch {batch} holds passbooks of yourself or of people close to you ({volunteers}). Nothing was confirmed. "
        "Somebody else must do it.",
    ),
    "opening_no_longer_possible": (
        "批次 {batch} 里有人已经退出（{volunteers}）。没有确认。请退回这一批，删掉这些行再导入。",
        "Some people of batch {batch} have left ({volunteers}). Nothing was confirmed. Send it back.",
    ),
    "rating_not_for_this": (
        "批次 {batch} 不是服务时长，不用给星和说明。没有确认。请去掉这两项。",
        "Batch {batch} holds no hours; it takes neither stars nor an answer. Nothing was confirmed.",
    ),
    "batch_reason_missing": (
        "请写明为什么撤销，最多 {length_max} 个字。没有撤销。",
        "Say why it is taken back, in at most {length_max} characters. Nothing was taken back.",
    ),
    "points_spent_since": (
        "批次 {batch} 的积分已经有人用了（{volunteers}）。没有撤销。请逐条更正。",
        "Points of batch {batch} were spent already ({volunteers}). Nothing was taken back. Correct single records.",
    ),
    "stars_granted_since": (
        "批次 {batch} 的时长已经用来评定星级（{volunteers}）。没有撤销。请逐条更正。",
        "Stars were granted by the minutes of batch {batch} ({volunteers}). Nothing was taken back. "
        "Correct single records.",
    ),
}
