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
from timebank.people.queries import OrgUnit, Staff
from timebank.people.roles import Role
from timebank.refusal import Refusal
from timebank.web.words import ROLE_WORDS

_LOGIN = click.argument("who", metavar="LOGIN")
_ROLES = click.Choice([role.value for role in Role if role is not Role.SECURITY_ADMIN])
"""What one person alone may give; `timebank desk` makes security admins."""


class NoSuchPart(Refusal):
    """There is no part of the community of this name, or more than one."""

    code = "no_such_part"


@click.group("staff")
def group() -> None:
    r"""工作人员：添加、查看、停用、角色、首次登录。 Staff: add, list, disable, roles, first logins.

    \b
    timebank staff add chen --name 陈敏 --role coordinator
    timebank staff list
    timebank staff login chen
    timebank staff disable chen
    timebank staff grant chen clerk
    timebank staff revoke chen clerk
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
        f"✓ 已添加 {answer['number']} {name}（{who}）。有链接的请交给本人。下一步：timebank staff list",
        f"✓ {answer['number']} {name} ({who}) is on the staff. Give them the link, if any. Next: timebank staff list",
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
    r"""给还没有密码的人一个新链接，以前的作废。 Print a new login for somebody without a password yet.

    \b
    timebank staff login chen --as admin
    """
    act = context.act_as_admin(login, key)
    number = _number(context, who)
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
    number = _number(context, who)
    context.do(lambda session: people.disable_staff(session, act, number=number))
    if context.as_json:
        document({"number": number, "login": who, "disabled": True})
    tell(f"✓ {who} 已停用。下一步：timebank staff list", f"✓ {who} is disabled. Next: timebank staff list")


@group.command("enable")
@_LOGIN
@as_option
@key_option
@with_context
def enable(context: Context, who: str, login: str | None, key: str | None) -> None:
    r"""恢复停用的人，没有角色；角色另给。 Take somebody back, without any role.

    \b
    timebank staff enable chen --as admin
    """
    act = context.act_as_admin(login, key)
    number = _number(context, who)
    context.do(lambda session: people.enable_staff(session, act, number=number))
    if context.as_json:
        document({"number": number, "login": who, "disabled": False})
    tell(
        f"✓ {who} 已恢复，还没有角色。下一步：timebank staff grant {who} 角色",
        f"✓ {who} is back, without a role. Next: timebank staff grant {who} ROLE",
    )


@group.command("grant")
@_LOGIN
@click.argument("role", type=_ROLES)
@click.option("--area", default=None, metavar="NAME", help="只负责这个片区或楼栋。 Works for this part only.")
@as_option
@key_option
@with_context
def grant(context: Context, who: str, role: str, area: str | None, login: str | None, key: str | None) -> None:
    r"""给一个角色；本人要重新登录。 Give a role; its holder signs in again.

    \b
    timebank staff grant chen coordinator --as admin
    timebank staff grant chen coordinator --area 东片区 --as admin
    """
    act = context.act_as_admin(login, key)
    number, unit = _number(context, who), None if area is None else _unit(context, area)
    context.do(lambda session: people.grant_role(session, act, number=number, role=Role(role), org_unit_id=unit))
    if context.as_json:
        document({"number": number, "login": who, "role": role, "held": True})
    tell(f"✓ {who} 有了这个角色。下一步：timebank staff list", f"✓ {who} has this role. Next: timebank staff list")


@group.command("revoke")
@_LOGIN
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--area", default=None, metavar="NAME", help="只收回这个片区或楼栋的。 For this part only.")
@as_option
@key_option
@with_context
def revoke(context: Context, who: str, role: str, area: str | None, login: str | None, key: str | None) -> None:
    r"""收回一个角色；本人的登录马上结束。 Take a role; its holder is signed out at once.

    \b
    timebank staff revoke chen coordinator --as admin
    """
    act = context.act_as_admin(login, key)
    number, unit = _number(context, who), None if area is None else _unit(context, area)
    context.do(lambda session: people.revoke_role(session, act, number=number, role=Role(role), org_unit_id=unit))
    if context.as_json:
        document({"number": number, "login": who, "role": role, "held": False})
    tell("✓ 已收回。下一步：timebank staff list", "✓ Taken. Next: timebank staff list")


def _number(context: Context, who: str) -> str:
    return context.look(lambda session: queries.staff_by_login(session, context.community_id, who)).number
