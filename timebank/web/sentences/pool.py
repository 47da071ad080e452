"""Sentences for the pool: what is not given, and what is not granted."""

from typing import Final

SENTENCES: Final = {
    "pool_closed": (
        "现在的规则没有互助池。没有改动。要用的话，请管理员先修改规则。",
        "The rules in force know no mutual-aid pool. Nothing was changed. Ask the admin to change the rules first.",
    ),
    "pool_donation_too_small": (
        "一次至少捐 {least_e2} 分（您写的是 {given_e2} 分）。没有捐出。",
        "At least {least_e2} points are given at a time (you wrote {given_e2}). Nothing was given.",
    ),
    "pool_donor_short": (
        "存折里有 {available_e2} 分，不够捐 {given_e2} 分。没有捐出。请改少一些。",
        "The passbook holds {available_e2} points, fewer than {given_e2}. Nothing was given. Give less.",
    ),
    "pool_grant_too_large": (
        "一次最多发 {most_e2} 分（写的是 {granted_e2} 分）。没有发放。请改一下数目。",
        "At most {most_e2} points are granted at a time (now {granted_e2}). Nothing was granted. Change the amount.",
    ),
    "pool_grant_too_often": (
        "这户今年已有 {grants} 次（含等确认的），规则最多 {grants_max} 次。没有发放。",
        "This household has {grants} grants this year, waiting ones included; the rules allow {grants_max}. Nothing "
        "was granted.",
    ),
    "pool_short": (
        "互助池里有 {pool_e2} 分，不够发 {granted_e2} 分。没有发放。",
        "The pool holds {pool_e2} points, fewer than {granted_e2}. Nothing was granted.",
    ),
    "pool_reason_missing": (
        "请写明发放的原因，一行，最多 {characters_max} 字（现在 {found_characters} 字）。没有提交。",
        "Say why: one line, at most {characters_max} characters (now {found_characters}). Nothing was submitted.",
    ),
    "pool_grant_for_yourself": (
        "不能发给自己、登记的亲属或同住的人。没有发放。请由别的工作人员办理。",
        "Nobody grants to themselves, a declared relative or their household. Nothing was granted. Ask a colleague.",
    ),
    "pool_grant_decided": (
        "这次发放已经处理过了。没有再改动。请刷新页面。",
        "This grant was decided before. Nothing was changed. Reload the page.",
    ),
    "pool_grant_needs_another": (
        "这次发放是您提出的，需要另一位工作人员确认。没有发放。",
        "You proposed this grant, so somebody else must confirm it. Nothing was granted.",
    ),
    "no_such_pool_grant": (
        "没有找到这次发放。没有改动。请从互助池页面重新打开。",
        "There is no such grant. Nothing was changed. Open it from the page of the pool.",
    ),
}
