"""Sentences of the second factor."""

from typing import Final

SENTENCES: Final = {
    "second_factor_wrong": (
        "动态码不对、过期了，或者已经用过。请等手机上换一个新的再输。",
        "The code is wrong, too old, or was used already. Wait for the next one on your phone and type that.",
    ),
    "passkey_not_made": (
        "浏览器给的不是刚才要的通行密钥，或者放得太久。没有添加。请再试一次，或换一个设备。",
        "What the browser gave is not the passkey that was asked for, or it took too long. Nothing was added. Try "
        "again, or with another device.",
    ),
    "passkey_name_missing": (
        "请给通行密钥起个名字（1 到 {length_max} 个字），丢了好认。没有添加。",
        "Give the passkey a name (1 to {length_max} characters), so that you know it when it is lost. Nothing was "
        "added.",
    ),
    "no_such_passkey": (
        "您没有这个通行密钥，可能已经删除。什么都没有改。",
        "You have no such passkey; it may have been removed. Nothing was changed.",
    ),
    "too_many_codes": (
        "输错太多次了，现在对的也不看。请过五分钟再试；手机丢了请找同事重设。",
        "Too many wrong codes; even the right one is not looked at now. Try again in five minutes, or ask at the desk "
        "for a reset if the phone is lost.",
    ),
    "step_up_needed": (
        "这件事要先再验证一次（{minutes}有效）。没有办。请验证后再办。",
        "This asks for the second factor again (it holds for {minutes}). Nothing was done. Give it and try again.",
    ),
    "no_second_factor": (
        "这位没有开通第二步验证，不用重设。什么都没有改。",
        "This person has no second factor. Nothing was changed.",
    ),
    "reset_reason_missing": (
        "请写明原因、怎么认出是本人（2 到 {length_max} 个字）。没有提出。",
        "Say why, and how the person was known (2 to {length_max} characters). Nothing was asked.",
    ),
    "reset_asked_already": (
        "{number} 的这件事已经提出，没有再提。请另一位同事确认。",
        "This waits already for {number}. Nothing more was asked. Another person confirms it.",
    ),
    "reset_needs_another": (
        "自己的要别人来提，自己提出的要别人来确认。什么都没有变。请找另一位同事。",
        "Nobody asks for themselves or confirms what they asked for. Nothing was changed. Ask a colleague.",
    ),
    "no_such_reset": (
        "没有等确认的这件事，可能还没提出，也可能已经办过或撤回。什么都没有变。请同事先提出。",
        "Nothing of this kind waits; it was not asked for yet, or was done or taken back. Nothing was changed. A "
        "colleague asks first.",
    ),
    "link_needs_two": (
        "{number} 已有密码，新链接要两位同事办。没有给链接。请在「两人办理」提出，由另一位确认。",
        "{number} has a password, so a new link takes two persons. No link was given. Ask for it under «Two persons», "
        "and a colleague confirms.",
    ),
    "no_password_yet": (
        "{number} 还没有设过密码。没有提出。请直接给一次性链接。",
        "{number} has no password yet. Nothing was asked. Give a one-time link.",
    ),
    "another_can_confirm": (
        "有同事可以确认 {number} 的重设。没有给链接。请在「两人办理」确认。",
        "A colleague can confirm the reset for {number}. No link was given. Confirm it under «Two persons».",
    ),
    "security_admin_needs_two": (
        "安全管理员要一位提出、另一位确认。没有作任何改动。请先添加别的岗位，再在「两人办理」任命。",
        "A security administrator is asked for by one and confirmed by another. Nothing was changed. Add them in "
        "another role first, then ask under «Two persons».",
    ),
}
