"""Sentences of what the counter writes down: what is missing, and paper forms."""

from typing import Final

SENTENCES: Final = {
    "demand_of_nothing": (
        "没有记下：请选一种物品，或者写一样我们没有的东西，两样只填一样。",
        "Nothing was noted: choose a good, or write what we do not have; one of the two.",
    ),
    "paper_forms_count": (
        "一次印 1 到 {count_max} 张，要的是 {count} 张。没有印。请改张数。",
        "1 to {count_max} forms are printed at a time, {count} were asked for. None was printed. Change the number.",
    ),
    "no_such_paper_form": (
        "没有印过第 {form} 号纸单。什么都没有变动。请核对号码。",
        "No paper form {form} was ever printed. Nothing was changed. Please check the number.",
    ),
    "paper_form_filed": (
        "第 {form} 号纸单已经归档。什么都没有变动。请核对号码。",
        "Paper form {form} is filed already. Nothing was changed. Please check the number.",
    ),
    "redemption_has_form": (
        "{redemption} 不是第 {form} 号纸单的兑换：它已有别的纸单，或者比这张纸单印得还早。没有归档。请核对小票号。",
        "{redemption} is not the redemption of paper form {form}: it has another one, or is older than this form. "
        "Nothing was filed. Please check the number on the slip.",
    ),
}
