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
        "请写明怎么丢的、怎么认出是本人（2 到 {length_max} 个字）。没有提出。",
        "Say what happened and how the person was known (2 to {length_max} characters). Nothing was asked.",
    ),
    "reset_asked_already": (
        "{number} 的重设已经提出，等另一位同事确认。",
        "A reset for {number} waits already for another person.",
    ),
    "reset_needs_another": (
        "自己的要别人来重设，自己提出的要别人来确认。什么都没有变。请找另一位同事。",
        "Nobody resets their own second factor or confirms what they asked for. Nothing was changed. Ask a colleague.",
    ),
    "no_such_reset": (
        "没有这个等确认的重设，可能已经办过或撤回。",
        "There is no such reset that waits; it may have been done or taken back.",
    ),
}
