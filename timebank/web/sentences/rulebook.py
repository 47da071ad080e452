"""Sentences for rules that are not there, documents that cannot be rules, and publishing that is not allowed."""

from typing import Final

SENTENCES: Final = {
    "no_rules": (
        "{day} 没有可用的规则。没有记账。请管理员先完成社区设置。",
        "No rules hold on {day}. Nothing was booked. Ask the admin to finish setting up the community.",
    ),
    "no_such_rule_version": (
        "没有第 {version} 版规则。请从规则页面重新打开。",
        "There is no version {version} of the rules. Open it from the page of rules.",
    ),
    "no_such_rule_proposal": (
        "没有找到这份规则草案。没有改动任何规则。请从规则页面重新打开。",
        "There is no such proposal. No rule was changed. Open it from the page of rules.",
    ),
    "no_such_service_class": (
        "当天的规则里没有“{service_class}”这类服务。没有记账。请换一个服务类别。",
        "The rules of that day know no class of service “{service_class}”. Nothing was booked. Choose another class.",
    ),
    "rules_already_published": (
        "这个社区已经有规则了。没有改动任何规则。要改规则，请提交新的草案。",
        "This community has rules already. No rule was changed. To change them, propose a new version.",
    ),
    "rules_in_the_past": (
        "新规则不能从 {begins_on} 起生效：今天是 {today}，最早从明天起。没有提交。请改为以后的日期。",
        "New rules cannot hold from {begins_on} on: today is {today}, and tomorrow is the earliest. Nothing was "
        "submitted. Choose a later day.",
    ),
    "rules_before_the_last": (
        "已有一版规则从 {last_begins_on} 起生效，新规则不能早于它（{begins_on}）。没有提交。请改为同一天或更晚。",
        "A published version begins on {last_begins_on}; the new one cannot begin earlier ({begins_on}). Nothing was "
        "submitted. Choose that day or a later one.",
    ),
    "rules_reason_missing": (
        "请写明修改规则的原因，一行，最多 {characters_max} 字（现在 {found_characters} 字）。没有提交。",
        "Say why the rules change: one line, at most {characters_max} characters (now {found_characters}). Nothing "
        "was submitted.",
    ),
    "rules_proposed_by_yourself": (
        "这份草案是您提交的，需要由另一位工作人员确认。没有发布。",
        "You proposed these rules, so somebody else must confirm them. Nothing was published.",
    ),
    "rules_not_your_proposal": (
        "这份草案由 {proposer} 提交，只有本人可以撤回。没有改动。您可以不予确认。",
        "{proposer} proposed these rules and alone may withdraw them. Nothing was changed. You may reject them.",
    ),
    "rules_proposal_decided": (
        "这份草案已经处理过了。没有再改动。请刷新页面查看结果。",
        "This proposal was decided before. Nothing was changed. Reload the page to see the outcome.",
    ),
    "rule_document_invalid": (
        "读不懂这份规则文件（{path}）。没有发布任何规则。请从规则页面下载现行文件，在它上面修改。",
        "This rule document cannot be read ({path}). No rule was published. Download the document in force from the "
        "page of rules and change that.",
    ),
    "rule_key_unknown": (
        "规则文件里不该有“{path}”这一项，可能拼错了。没有发布任何规则。请改正或删去。",
        "“{path}” does not belong into a rule document; it may be misspelt. No rule was published. Mend or remove it.",
    ),
    "rule_key_missing": (
        "规则文件缺少“{path}”这一项。没有发布任何规则。请补上。",
        "“{path}” is missing from the rule document. No rule was published. Add it.",
    ),
    "rule_key_repeated": (
        "规则文件里“{path}”写了两次。没有发布任何规则。请只留一个。",
        "“{path}” stands twice in the rule document. No rule was published. Keep one of them.",
    ),
    "rule_not_whole_number": (
        "“{path}”要写整数，不带小数和引号。没有发布任何规则。",
        "“{path}” must be a whole number, without a fraction or quotes. No rule was published.",
    ),
    "rule_not_text": (
        "“{path}”要写一行文字，首尾不留空格。没有发布任何规则。",
        "“{path}” must be a text on one line without blanks at its ends. No rule was published.",
    ),
    "rule_not_yes_no": (
        "“{path}”只能写 true（是）或 false（否）。没有发布任何规则。",
        "“{path}” must be true or false. No rule was published.",
    ),
    "rule_not_list": (
        "“{path}”要写成列表，用方括号。没有发布任何规则。",
        "“{path}” must be a list in square brackets. No rule was published.",
    ),
    "rule_not_group": (
        "“{path}”要写成一组带名称的值，用花括号。没有发布任何规则。",
        "“{path}” must be a group of named values in curly brackets. No rule was published.",
    ),
    "rule_not_day": (
        "“{path}”要写日期，例如 2026-10-01。没有发布任何规则。",
        "“{path}” must be a day, such as 2026-10-01. No rule was published.",
    ),
    "rule_not_clock_time": (
        "“{path}”要写时刻，例如 22:00。没有发布任何规则。",
        "“{path}” must be a clock time, such as 22:00. No rule was published.",
    ),
    "rule_not_choice": (
        "“{path}”不能写“{found}”，可以写：{choices}。没有发布任何规则。",
        "“{path}” cannot be “{found}”; it may be: {choices}. No rule was published.",
    ),
    "rule_out_of_range": (
        "“{path}”是 {found}，应在 {low} 到 {high} 之间。没有发布任何规则。",
        "“{path}” is {found}; it must lie between {low} and {high}. No rule was published.",
    ),
    "rule_wrong_length": (
        "“{path}”的长度是 {found}，应在 {low} 到 {high} 之间。没有发布任何规则。",
        "“{path}” has length {found}; it must lie between {low} and {high}. No rule was published.",
    ),
    "rule_not_code": (
        "“{path}”的代码“{found}”只能用小写字母、数字和下划线，字母开头。没有发布任何规则。",
        "The code “{found}” at “{path}” may have small letters, digits and underscores only, a letter first. No rule "
        "was published.",
    ),
    "rule_listed_twice": (
        "“{path}”里“{value}”出现了两次。没有发布任何规则。请只留一个。",
        "“{value}” stands twice at “{path}”. No rule was published. Keep one of them.",
    ),
    "rule_ladder_gap": (
        "“{path}”应是 {expected_level} 星，现在是 {found_level} 星：星级要从一星起逐级列出。没有发布任何规则。",
        "“{path}” must be level {expected_level} but is {found_level}: a ladder lists its levels one by one from 1. No "
        "rule was published.",
    ),
    "rule_ladder_not_rising": (
        "“{path}”是 {found_minutes}，没有高于下一级的 {minutes_below}：每一星要比前一星多。没有发布任何规则。",
        "“{path}” is {found_minutes}, no more than {minutes_below} of the level below. No rule was published.",
    ),
    "rule_ladder_missing": (
        "“{path}”里没有代码为“{ladder}”的阶梯，社区评定星级要用它。没有发布任何规则。请补上。",
        "“{path}” has no ladder with the code “{ladder}”, by which this community grants its stars. No rule was "
        "published. Add it.",
    ),
    "rule_day_of_other_year": (
        "“{path}”的 {day} 不在 {year} 年。没有发布任何规则。请移到它自己的年份。",
        "{day} at “{path}” does not lie in {year}. No rule was published. Move it to its own year.",
    ),
    "rule_day_not_an_exception": (
        "“{path}”的 {day} 不用列出：周一至周五只列放假的日子，周六周日只列上班的日子。没有发布任何规则。",
        "{day} at “{path}” need not be listed: list weekdays off, and weekends worked. No rule was published.",
    ),
    "rule_cap_without_pool": (
        "“{path}”规定了存折上限，可是互助池没有开，多出来的积分没有去处。没有发布任何规则。请开互助池，或不设上限。",
        "“{path}” caps a passbook while the pool is closed, so the surplus has nowhere to go. No rule was published. "
        "Open the pool, or leave the cap out.",
    ),
    "rule_year_missing": (
        "“{path}”里没有 {year} 年的节假日，规则不能从那一年起生效。没有提交。请先补上那一年的安排。",
        "“{path}” does not list the holidays of {year}, in which these rules would begin. Nothing was submitted. Add "
        "that year first.",
    ),
}
