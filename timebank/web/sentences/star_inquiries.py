"""Sentences for inquiries into stars: not there, not heard, not yours to decide, or a decision that cannot be."""

from typing import Final

SENTENCES: Final = {
    "no_such_star_inquiry": (
        "没有找到星级复核 {number}。没有改动。请从复核名单打开。",
        "There is no star inquiry {number}. Nothing was changed. Open it from the list.",
    ),
    "star_inquiry_not_yours": (
        "星级复核 {number} 不是关于您的。没有改动。请在“我的星级复核”里找您自己的。",
        "Star inquiry {number} is not about you. Nothing was changed. Look for your own among your inquiries.",
    ),
    "star_inquiry_without_star": (
        "{volunteer} 现在没有星级，不用复核。没有改动。记录有问题请更正记录。",
        "{volunteer} holds no star, so there is nothing to inquire into. Nothing was changed. Correct the records.",
    ),
    "star_inquiry_open_already": (
        "{volunteer} 已经有一项复核在等决定。没有再开。新的情况请写进那一项。",
        "An inquiry about {volunteer} waits for its decision. No other was opened; add what is new to that one.",
    ),
    "star_inquiry_text_missing": (
        "原因、依据、说明都要写，最多 {characters_max} 字。没有保存。请补上。",
        "Say the reason, the evidence or the statement in at most {characters_max} characters. Nothing was saved.",
    ),
    "star_inquiry_decided": (
        "{volunteer} 的 {level} 星复核已经决定了。没有再改动。请看经过。",
        "The inquiry into the {level} stars of {volunteer} was decided. Nothing was changed. Look at its lines.",
    ),
    "star_inquiry_not_heard": (
        "还没有听取 {volunteer} 本人的意见，{level} 星的复核不能决定。没有改动。请先记下说明，或本人不愿说明、没有来。",
        "{volunteer} was not heard yet, so the inquiry into level {level} cannot be decided. Nothing was changed. "
        "Write down what they say, or that they would not or did not come.",
    ),
    "star_inquiry_absent_too_soon": (
        "到 {last_on} 为止本人还可以来说明，之后才能记为没有来。没有记下。",
        "Until {last_on} the volunteer can still be heard; only afterwards it is noted that they did not come. Nothing "
        "was noted.",
    ),
    "star_inquiry_hearing_day_wrong": (
        "听取意见的日期应在复核开始（{opened_on}）和今天之间。没有记下。请改日期。",
        "The hearing was between the opening ({opened_on}) and today. Nothing was noted. Correct the day.",
    ),
    "star_inquiry_opened_by_yourself": (
        "{volunteer} 的 {level} 星复核是您提出的，要由另一位决定。没有决定。",
        "You opened the inquiry into the {level} stars of {volunteer}; somebody else must decide. Nothing was decided.",
    ),
    "star_inquiry_decided_by_yourself": (
        "{volunteer} 的 {level} 星复核第一次是您决定的，异议要由第三位决定。没有决定。",
        "You decided first about the {level} stars of {volunteer}; a third person decides about the objection. Nothing "
        "was decided.",
    ),
    "star_inquiry_level_not_lower": (
        "现有 {level} 星，不能改成 {level_after} 星：降低要比现在低，至少一星。没有决定。请重选。",
        "The star held is level {level}; {level_after} is no lower star. Nothing was decided. Choose another level.",
    ),
    "star_inquiry_period_wrong": (
        "降低或撤销要写到哪一天为止，最晚 {last_on}；保留不写日期。没有决定。请改日期。",
        "A star is reduced or withdrawn until a day, {last_on} at the latest; one that is kept has none. Nothing was "
        "decided. Correct the day.",
    ),
    "star_inquiry_document_missing": (
        "{level} 星由上级评定，要写上级决定的文号。没有决定。请补上。",
        "The level above grants level {level}, so the number of its document is needed. Nothing was decided.",
    ),
    "star_inquiry_nothing_to_object_to": (
        "现在没有可以提异议的决定（期限到 {last_on}）。没有记下。有问题请到服务台。",
        "There is no decision to object to now (the time was until {last_on}). Nothing was noted. Ask at the desk.",
    ),
    "star_lowered": (
        "{volunteer} 的星级经复核降低到 {until_on}，这之前不评定更高的星级。没有改动。",
        "The star of {volunteer} is lowered until {until_on}; no further one is opened or granted before. Nothing was "
        "changed.",
    ),
}
