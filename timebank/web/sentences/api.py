"""Sentences of the API."""

from typing import Final

SENTENCES: Final = {
    "if_match_missing": (
        "没有带 If-Match。什么都没有改动。请先读一次，把它的 ETag 带上。",
        "If-Match is missing. Nothing was changed. Read the thing first and send its ETag.",
    ),
    "changed_since": (
        "您读过以后，有人先改了。什么都没有改动。请重新读一次再改。",
        "Somebody has changed it since you read it. Nothing was changed. Read it again and then change it.",
    ),
    "no_such_export": (
        "没有这次导出。什么都没有变动。请在列表里核对。",
        "There is no such export. Nothing was changed. Look at the list.",
    ),
    "token_missing": (
        "请带上有效期内的令牌（Authorization: Bearer …）。什么都没有改动。令牌在“接口令牌”页发放。",
        "Bring a token that works (Authorization: Bearer …). Nothing was changed. Tokens are issued on their page.",
    ),
    "scope_missing": (
        "这个令牌不能办这件事，还缺 {scope}。什么都没有改动。请另发一个令牌。",
        "This token lacks the scope {scope}. Nothing was changed. Issue one that has it.",
    ),
    "idempotency_key_missing": (
        "请带上 Idempotency-Key。什么都没有改动。每个新请求用新的，重试用同一个。",
        "Send an Idempotency-Key. Nothing was changed. A new one for each new request, the same one for a retry.",
    ),
    "idempotency_key_wrong": (
        "Idempotency-Key 要有 8 到 100 个看得见的 ASCII 字符。什么都没有改动。",
        "An Idempotency-Key has 8 to 100 visible ASCII characters. Nothing was changed.",
    ),
    "request_running": (
        "同一个请求正在办。没有再办一次。请过一秒用同一个 Idempotency-Key 再问。",
        "The same request is being done. It was not done again. Ask in a second with the same Idempotency-Key.",
    ),
    "rate_exceeded": (
        "这个令牌这一分钟问得太多了。什么都没有改动。请过 {seconds} 秒再问。",
        "This token asked too often in this minute. Nothing was changed. Ask again in {seconds} seconds.",
    ),
    "cursor_wrong": (
        "这个 cursor 不是这张表给的。请用上一页的 next_cursor，或从头开始。",
        "This list never gave that cursor. Use next_cursor of the page before, or begin anew.",
    ),
    "json_wrong": (
        "内容不是规范的 JSON：只用整数，同名只写一次，层数不要太多。什么都没有保存。",
        "It is not strict JSON: whole numbers only, each name once, not too deep. Nothing was saved.",
    ),
}
"""Chinese and English sentence of each refusal, by code."""
