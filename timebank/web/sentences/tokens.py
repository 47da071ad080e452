"""Sentences of tokens and sessions: programs at the API, devices on which somebody is signed in."""

from typing import Final

SENTENCES: Final = {
    "no_such_token": (
        "没有这个令牌。什么都没有变动。请在列表里核对。",
        "There is no such token. Nothing was changed. Look at the list.",
    ),
    "no_such_session": (
        "那台设备已经退出了，或者不是您的。什么都没有变动。",
        "That device is signed out, or not yours. Nothing was changed.",
    ),
    "token_ended": (
        "令牌“{name}”已经停用了。没有再停用一次。",
        "The token “{name}” was ended before. It was not ended again.",
    ),
    "token_name_wrong": (
        "令牌要有名称，最多 {characters_max} 个字。没有发令牌。请写明给哪个程序用。",
        "A token needs a name of at most {characters_max} characters. None was issued. Say which program it is for.",
    ),
    "token_days_wrong": (
        "令牌的期限是 1 到 {days_max} 天，不能是 {days} 天。没有发令牌。",
        "A token lasts from 1 to {days_max} days, not {days}. None was issued.",
    ),
    "token_without_scope": (
        "没有选这个令牌能做什么。没有发令牌。请至少选一项。",
        "Nothing was chosen for the token to do. None was issued. Choose at least one.",
    ),
    "token_beyond_own": (
        "这个令牌自己也不能做 {scopes}，不能发给别的令牌。没有发令牌。请去掉这几项。",
        "This token may not do {scopes} itself and cannot give it away. None was issued. Leave these out.",
    ),
}
"""Chinese and English sentence of each refusal, by code."""
