"""`timebank staff`: who works here, in which role; their one-time logins. Passwords are never given here."""

from uuid import UUID

import click

from timebank import chance
from timebank.books.requests import Secret
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.links import show_link
from timebank.cli.output import document, table, tell, word, words
from timebank.people import operations as people
from timebank.people import queries
from timebank.people.operations import NewStaff
from timebank.people.operations.factor_resets import NoSuchReset, ask_factor_reset, confirm_factor_reset
from timebank.people.queries import OrgUnit, Staff
from timebank.people.queries.factors import open_resets
from timebank.people.roles import Role
from timebank.refusal import Refusal
from timebank.web.words import ROLE_WORDS

_LOGIN = click.argument("who", metavar="LOGIN")
_ROLES = click.Choice([role.value for role in Role])


class NoSuchPart(Refusal):
    """There is no part of the community of this name, or more than one."""

    code = "no_such_part"


@click.group("staff")
def group() -> None:
    r"""工作人员：添加、查看、停用、登录链接。 Staff: add, list, disable, one-time logins.

    \b
    timebank staff add chen --name 陈敏 --role coordinator
    timebank staff list
    timebank staff login chen
    timebank staff disable chen
    timebank staff reset-factor chen --reason 手机丢了 --as li
    """


@group.command("add")
@_LOGIN
@click.option("--name", default="", help="姓名。 Name.")
@click.option("--role", "roles", type=_ROLES, multiple=True, required=True, help="角色。 Role.")
@click.option("--phone", default=None, help="手机号。 Phone.")
@click.option("--volunteer", default=None, metavar="V0005", help="同时是哪位志愿者。 Is this volunteer too.")
@click.option("--area", default=None, metavar="NAME", help="只负责这个片区或楼栋。 Works for this part only.")
@as_option
@key_option
@with_context
def add(
    context: Context,
    who: str,
    name: str,
    roles: tuple[str, ...],
    phone: str | None,
    volunteer: str | None,
    area: str | None,
    login: str | None,
    key: str | None,
) -> None:
    r"""添加一位工作人员，并给出一次性登录链接。 Add a member of the staff; prints a login that works once.

    \b
    timebank staff add chen --name 陈敏 --role coordinator
    timebank staff add zhao --name 赵敏 --role clerk --as admin
    timebank staff add sun --role auditor --volunteer V0005 --as admin
    """
    act = context.act_as_admin(login, key)
    unit = None if area is None else _unit(context, area)
    token = chance.fresh_secret()
    staff = NewStaff(login=who, name=name, phone=phone, volunteer_number=volunteer)
    held = tuple(Role(role) for role in dict.fromkeys(roles))
    answer = context.do(
        lambda session: people.add_staff(
            session, act, staff=staff, roles=held, one_time_token=Secret(token), org_unit_id=unit
        )
    )
    show_link(context, {**answer, "login": who, "roles": list(roles)}, token)
    tell(
        f"✓ 已添加 {answer['number']} {name}（{who}）。请把链接交给本人。下一步：timebank staff list",
        f"✓ {answer['number']} {name} ({who}) is on the staff. Give them the link. Next: timebank staff list",
    )


def _unit(context: Context, name: str) -> UUID:
    units: tuple[OrgUnit, ...] = context.look(lambda session: queries.org_units(session, context.community_id))
    found = [unit for unit in units if unit.name == name.strip()]
    if len(found) != 1:
        raise NoSuchPart(name=name, count=len(found))
    return found[0].id


@group.command("list")
@with_context
def listed(context: Context) -> None:
    r"""列出工作人员和角色。 List the staff and their roles.

    \b
    timebank staff list
    timebank staff list --json
    """
    found = context.look(lambda session: queries.all_staff(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Number"), ("登录名", "Login"), ("姓名", "Name"), ("角色", "Roles"))
    table(headings, [_row(member) for member in found])


def _row(member: Staff) -> tuple[str, ...]:
    roles = "、".join(word(*ROLE_WORDS[role.value]) for role in sorted(member.roles))
    stopped = word("已停用", "disabled")
    return member.number, member.login, member.name, stopped if member.disabled else roles


@group.command("login")
@_LOGIN
@as_option
@key_option
@with_context
def login_again(context: Context, who: str, login: str | None, key: str | None) -> None:
    r"""给一个新的一次性登录链接，以前的链接作废。 Print a new login that works once; earlier ones end.

    \b
    timebank staff login chen --as admin
    """
    act = context.act_as_admin(login, key)
    number = context.look(lambda session: queries.staff_by_login(session, context.community_id, who)).number
    token = chance.fresh_secret()
    answer = context.do(
        lambda session: people.issue_one_time_login(session, act, number=number, one_time_token=Secret(token))
    )
    show_link(context, {**answer, "login": who}, token)
    tell(
        f"✓ {who} 的新链接在上面，只能用一次。请交给本人。",
        f"✓ The new link for {who} is above and works once. Give it to them.",
    )


@group.command("disable")
@_LOGIN
@as_option
@key_option
@with_context
def disable(context: Context, who: str, login: str | None, key: str | None) -> None:
    r"""停用：角色收回，登录失效。 Let somebody go: roles are taken, logins end.

    \b
    timebank staff disable chen --as admin
    """
    act = context.act_as_admin(login, key)
    number = context.look(lambda session: queries.staff_by_login(session, context.community_id, who)).number
    context.do(lambda session: people.disable_staff(session, act, number=number))
    if context.as_json:
        document({"number": number, "login": who, "disabled": True})
    tell(f"✓ {who} 已停用。下一步：timebank staff list", f"✓ {who} is disabled. Next: timebank staff list")


@group.command("reset-factor")
@_LOGIN
@click.option("--reason", required=True, help="怎么丢的、怎么认出是本人。 What happened, and how they were known.")
@as_option
@key_option
@with_context
def reset_factor(context: Context, who: str, reason: str, login: str | None, key: str | None) -> None:
    r"""提出重设第二步验证，另一位确认才生效。 Ask for a reset of a second factor; another person confirms it.

    \b
    timebank staff reset-factor chen --reason 手机丢了，当面认得 --as li
    """
    act = context.act(login, key)
    number = context.look(lambda session: queries.staff_by_login(session, context.community_id, who)).number
    reset_id = context.do(lambda session: ask_factor_reset(session, act, number=number, reason=reason))
    if context.as_json:
        document({"number": number, "login": who, "reset": reset_id})
    tell(
        f"✓ 已提出。请另一位同事：timebank staff confirm-reset {who} --as 登录名",
        f"✓ Asked. Another colleague: timebank staff confirm-reset {who} --as LOGIN",
    )


@group.command("confirm-reset")
@_LOGIN
@as_option
@key_option
@with_context
def confirm_reset(context: Context, who: str, login: str | None, key: str | None) -> None:
    r"""确认重设第二步验证：本人下次登录重新开通。 Confirm a reset: its owner sets a new one up with the next sign-in.

    \b
    timebank staff confirm-reset chen --as wang
    """
    act = context.act(login, key)
    owner = context.look(lambda session: queries.staff_by_login(session, context.community_id, who))
    waiting = context.look(lambda session: open_resets(session, context.community_id))
    found = [one.id for one in waiting if one.person_id == owner.person_id]
    if not found:
        raise NoSuchReset()
    context.do(lambda session: confirm_factor_reset(session, act, reset_id=found[0]))
    if context.as_json:
        document({"number": owner.number, "login": who, "reset": str(found[0]), "done": True})
    tell(f"✓ {who} 下次用密码登录，再重新开通。", f"✓ {who} signs in with the password and sets a new one up.")
