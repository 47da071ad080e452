"""`timebank init`: the schema, the keys, a community with its first rules, and a one-time login for its first admin."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from timebank import chance, clock
from timebank.books.acts import Act
from timebank.books.requests import Secret
from timebank.cli.context import Context, with_context
from timebank.cli.installing import make_keys, make_log_key, make_schema
from timebank.cli.output import document, say
from timebank.database import writing
from timebank.evidence import operations as evidence
from timebank.ledger.days import day_of
from timebank.people import operations as people
from timebank.people.operations import NewCommunity, NewStaff
from timebank.rulebook import operations as rulebook
from timebank.rulebook.rules import RuleDocument, document_of
from timebank.web.log_keeper import keys_of


@click.command("init")
@click.option(
    "--community", "name", required=True, metavar="NAME", help="社区名称，如 幸福里社区。 Name of the community."
)
@click.option(
    "--code", required=True, metavar="CODE", help="代码，2–16 个小写字母或数字，以后不能改。 Short code, for ever."
)
@click.option(
    "--go-live", type=click.DateTime(["%Y-%m-%d"]), default=None, help="启用日期，默认今天。 First day; default today."
)
@click.option("--phone", default="", help="服务站电话。 Phone of the station.")
@click.option("--hours", default="", help="开放时间，如 周一至周五 8:30–17:00。 Opening hours.")
@click.option("--admin", default="admin", show_default=True, help="管理员登录名。 Login name of the first admin.")
@click.option("--admin-name", default="管理员", show_default=True, help="管理员姓名。 Name of the first admin.")
@click.option(
    "--rules",
    "rules_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="从自己的规则开始（timebank rules show --document 的格式）。 Begin with rules of your own.",
)
@with_context
def command(
    context: Context,
    name: str,
    code: str,
    go_live: datetime | None,
    phone: str,
    hours: str,
    admin: str,
    admin_name: str,
    rules_file: Path | None,
) -> None:
    r"""新建社区。 Make a community.

    \b
    timebank init --community 幸福里社区 --code xfl
    timebank init --community 幸福里社区 --code xfl --go-live 2026-11-01 --phone 0531-1234567
    """
    rules = None if rules_file is None else document_of(rules_file.read_text(encoding="utf-8-sig"))
    _prepare(context)
    day = go_live.date() if go_live else day_of(clock.now())
    new = NewCommunity(name=name, go_live_on=day, station_phone=phone, opening_hours=hours)
    token = chance.fresh_secret()
    answer = _open(context, _first_act(code), new, NewStaff(login=admin, name=admin_name), token, rules)
    link = f"http://{context.settings.host}:{context.settings.port}/first/{code}/{token}"
    if context.as_json:
        document({"community": code, "name": name, "go_live_on": day, "one_time_login": link, **answer})
        return
    _tell(name, code, day, admin, link)


def _prepare(context: Context) -> None:
    keys, log_key = make_keys(context.settings), make_log_key(context.settings)
    if keys is not None:
        say(f"密钥已存入 {keys}，请和备份分开保管。 Keys are kept there; keep a copy apart from the backup.")
    if log_key is not None:
        say(f"账本签名钥匙已存入 {log_key}，请另存一份。 The key that signs the log is kept there; keep a copy.")
    make_schema(context.settings)


def _first_act(code: str) -> Act:
    return Act(
        community_id=code,
        person_id=people.FIRST_ADMIN_ID,
        number="system",
        at=clock.now(),
        request_key=chance.fresh_key(),
        channel="cli",
        salt=chance.fresh_salt(),
    )


def _open(
    context: Context, act: Act, new: NewCommunity, admin: NewStaff, token: str, rules: RuleDocument | None
) -> dict[str, object]:
    with writing(context.engine) as session:
        answer = people.open_community(session, act, community=new, admin=admin, one_time_token=Secret(token))
        rulebook.publish_first(session, act, go_live_on=new.go_live_on, ordinary=rules)
        key_act = replace(act, request_key=f"{act.request_key}/log-key")
        evidence.announce_key(session, key_act, key=str(keys_of(context.settings).verifier(act.community_id)))
    return dict(answer)


def _tell(name: str, code: str, day: date, admin: str, link: str) -> None:
    say(f"✓ {name}（{code}）已建好，{day.isoformat()} 启用。")
    say(f"管理员 {admin} 第一次登录（链接只能用一次，请先启动 timebank serve）：")
    click.echo(link)
    say(f"下一步：timebank staff add chen --name 陈敏 --role coordinator --as {admin}")
