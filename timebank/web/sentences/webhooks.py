"""Sentences of webhooks: programs elsewhere that are told what was done here."""

from typing import Final

SENTENCES: Final = {
    "no_such_webhook": (
        "没有这个推送地址。什么都没有变动。请在列表里核对。",
        "There is no such webhook. Nothing was changed. Look at the list.",
    ),
    "no_such_delivery": (
        "这个推送地址没有这条消息。什么都没有重新发出。请在列表里核对。",
        "Nothing like this was to be told to this webhook. Nothing was sent again. Look at its list.",
    ),
    "webhook_ended": (
        "这个推送地址已经停用了。什么都没有发出。需要的话请另加一个。",
        "The webhook was ended before. Nothing was sent. Make another one if it is needed.",
    ),
    "too_many_webhooks": (
        "已经有 {webhooks_max} 个推送地址了。没有再加。请先停用一个。",
        "There are {webhooks_max} webhooks already. None was made. End one of them first.",
    ),
    "webhook_address_wrong": (
        "推送地址要以 https:// 开头，写明主机，最多 {characters_max} 个字，不带用户名、密码和 #。没有加上。请改好。",
        "The address begins with https://, names a host, has at most {characters_max} characters, and no name, "
        "password or #. No webhook was made. Put the address right.",
    ),
    "webhook_address_private": (
        "{host} 是内网地址，不能推送到那里。没有加上。请换一个公网地址，或请运维在 TIMEBANK_WEBHOOK_HOSTS 里写明。",
        "{host} lies in a private network, where nothing is sent. No webhook was made. Give a public address, or ask "
        "the operator to name it in TIMEBANK_WEBHOOK_HOSTS.",
    ),
    "webhook_not_public": (
        "这个名字指向内网地址。没有发出。请核对域名。",
        "The name stands for a private address. Nothing was sent. Look at the name.",
    ),
    "webhook_without_topic": (
        "没有选推送哪些事。没有加上。请至少选一项。",
        "Nothing was chosen to be told. No webhook was made. Choose at least one topic.",
    ),
}
"""Chinese and English sentence of each refusal, by code."""
