"""`timebank token`: with what programs come to the API. A token is shown once, and only a digest of it is kept."""

from uuid import UUID

import click

from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import data, document, table, tell, word, words
from timebank.people.queries.sessions import secret_digest
from timebank.tokens import operations, queries
from timebank.tokens.queries import Token
from timebank.tokens.rules import DAYS_USUAL, Scope, written
from timebank.web import presenting


@click.group("token")
def group() -> None:
    r"""接口令牌：发放、查看、停用。 API tokens: add, list, end.

    \b
    timebank token add --name 街道报表 --as zhou
    timebank token add --name 收银机 --scope read --scope market:write --days 30 --as zhao
    timebank token list
    timebank token end 0198... --as admin
    """


@group.command("add")
@click.option("--name", required=True, help="给哪个程序用。 Which program it is for.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    default=[Scope.READ.value],
    help="能做什么，可多次；默认只读。 What it may do; read-only by default.",
)
@click.option("--days", type=int, default=DAYS_USUAL, show_default=True, help="期限。 How long it works.")
@as_option
@key_option
@with_context
def add(context: Context, name: str, scopes: tuple[str, ...], days: int, login: str | None, key: str | None) -> None:
    r"""发一个令牌给自己，只显示一次。 Issue a token to yourself; it is shown once.

    \b
    timebank token add --name 街道报表 --as zhou
    """
    act = context.act(login, key)
    secret = chance.fresh_secret()
    wanted = tuple(Scope(scope) for scope in dict.fromkeys(scopes))
    answer = context.do(
        lambda session: operations.issue(session, act, name=name, scopes=wanted, days=days, secret=Secret(secret))
    )
    fresh = answer["digest"] == secret_digest(secret).hex()
    token = written(context.community_id, secret) if fresh else None
    if context.as_json:
        document({"id": answer["id"], "expires_at": answer["expires_at"], "token": token})
    elif token is not None:
        data(token)
    if token is None:
        tell(
            "这个请求以前办过，令牌当时已经给出。需要新的，请停用它再发一个。",
            "This request was done before and its token was given then. For a new one, end it and issue another.",
        )
        return
    tell(
        f"✓ 令牌在上面，只显示这一次，{days} 天后到期。停用：timebank token end {answer['id']}",
        f"✓ The token is above, shown once; it works for {days} days. To end it: timebank token end {answer['id']}",
    )


@group.command("list")
@with_context
def listed(context: Context) -> None:
    r"""列出令牌，不含令牌本身。 List the tokens, without their secrets.

    \b
    timebank token list
    timebank token list --json
    """
    found = context.look(lambda session: queries.tokens(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Id"), ("谁的", "Owner"), ("名称", "Name"), ("能做什么", "Scopes"), ("状态", "State"))
    table(headings, [_row(token) for token in found])


def _row(token: Token) -> tuple[str, ...]:
    state = presenting.moment(token.expires_at)
    if token.ended_at is not None:
        state = word("已停用", "ended")
    elif token.is_over(clock.now()):
        state = word("已到期", "expired")
    return str(token.id), token.owner, token.name, " ".join(token.scopes), state


@group.command("end")
@click.argument("which", metavar="ID", type=click.UUID)
@as_option
@key_option
@with_context
def end(context: Context, which: UUID, login: str | None, key: str | None) -> None:
    r"""停用一个令牌，马上失效。 End a token at once.

    \b
    timebank token end 01980f0e-7000-7000-8000-000000000000 --as admin
    """
    act = context.act_as_admin(login, key)
    context.do(lambda session: operations.end(session, act, token_id=which))
    if context.as_json:
        document({"id": str(which), "ended": True})
    tell("✓ 令牌已停用。下一步：timebank token list", "✓ The token is ended. Next: timebank token list")
