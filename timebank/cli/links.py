"""Links that sign somebody in once; shown once, kept as a digest only."""

from collections.abc import Mapping
from typing import Any

from timebank.cli.context import Context
from timebank.cli.output import data, document, tell
from timebank.people.queries.sessions import secret_digest


def first_link(context: Context, token: str) -> str:
    """Return the address under which a one-time token signs its owner in."""
    return f"http://{context.settings.host}:{context.settings.port}/first/{context.community_id}/{token}"


def show_link(context: Context, answer: Mapping[str, Any], token: str) -> None:
    """Show the link of an answer, as data; a repeated request has no link any more: its token was another."""
    fresh = answer["token_digest"] == secret_digest(token).hex()
    link = first_link(context, token) if fresh else None
    if context.as_json:
        document({**answer, "one_time_login": link})
    elif link is not None:
        data(link)
    if not answer["token_digest"]:
        tell(
            "这位志愿者已有密码，用原来的密码登录。",
            "This volunteer has a password and signs in with it.",
        )
    elif link is None:
        tell(
            "这个请求以前办过，链接当时已经给出。需要新的，请用 timebank staff login 或 timebank volunteer login。",
            "This request was done before and its link was given then. For a new one: timebank staff login.",
        )
