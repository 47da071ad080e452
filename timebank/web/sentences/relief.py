"""Sentences of relief."""

from typing import Final

SENTENCES: Final = {
    "relief_off": (
        "现在的规则不发放救助物品。什么都没有变动。",
        "The rules in force know no relief. Nothing was changed.",
    ),
    "relief_too_much": (
        "一次救助是 1 到 {pieces_max} 件，每样写一次；现在写了 {pieces} 件。没有提交。请改件数。",
        "One relief has 1 to {pieces_max} pieces, each good once; there are {pieces}. Nothing was proposed. "
        "Change the numbers.",
    ),
    "relief_too_often": (
        "这一户这个月已经有 {times} 次救助（含等批准的），规则最多 {times_max} 次。没有提交。请下个月再提。",
        "This household has {times} reliefs this month, waiting ones included; the rules allow {times_max}. "
        "Nothing was proposed. Propose it next month.",
    ),
    "relief_for_yourself": (
        "不能给自己、亲属或同住的人办救助。什么都没有变动。请另一位同事来办。",
        "You cannot do this for yourself, a relative or your household. Nothing was changed. Ask a colleague.",
    ),
    "relief_needs_another": (
        "{relief} 是您提出的，要请另一位批准和发放。什么都没有变动。",
        "You proposed {relief} yourself; another person approves it and hands it out. Nothing was changed.",
    ),
    "relief_decided": (
        "{relief} 现在不能这样办：它已经办过，或者还没有批准。什么都没有变动。",
        "{relief} cannot be treated so: it was dealt with already, or is not approved yet. Nothing was changed.",
    ),
    "household_registered": (
        "这一户已经登记过，编号 {household}。没有再登记。",
        "This household is registered already, as {household}. Nothing was written down.",
    ),
    "household_over": (
        "{household} 的登记已经到期，或日期不对。什么都没有变动。请重新登记。",
        "The registration of {household} is over, or its day is wrong. Nothing was changed. Register it anew.",
    ),
    "no_such_household": (
        "没有编号为 {household} 的困难家庭。什么都没有变动。请核对。",
        "No household is registered as {household}. Nothing was changed. Please check.",
    ),
    "no_such_relief": (
        "没有编号为 {relief} 的救助。什么都没有变动。请核对。",
        "There is no relief {relief}. Nothing was changed. Please check.",
    ),
}
"""Chinese and English sentence of each refusal, by code."""
