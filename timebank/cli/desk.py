"""`timebank desk`: what takes two persons: lost passwords, lost second factors, security admins."""

from collections.abc import Callable
from typing import Any, Final

import click

from timebank import chance
from timebank.books.requests import Secret
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.links import show_link
from timebank.cli.output import document, table, tell, word, words
from timebank.people import queries
from timebank.people.operations.desk_requests import NoSuchReset
from timebank.people.operations.factor_resets import ask_factor_reset, confirm_factor_reset, withdraw_factor_reset
from timebank.people.operations.logins import find_person
from timebank.people.operations.recovering import ask_password_reset, confirm_password_reset, rescue_staff
from timebank.people.operations.security_admins import ask_security_admin, confirm_security_admin
from timebank.people.queries.desk_requests import DeskRequest, open_requests
from timebank.people.rules import LOOKS_LIKE_A_NUMBER
from timebank.people.two_persons import Case

_ASKING: Final[dict[str, Callable[..., str]]] = {
    Case.FIRST_FACTOR.value: ask_password_reset,
    Case.SECOND_FACTOR.value: ask_factor_reset,
    Case.SECURITY_ADMIN.value: ask_security_admin,
}
_WORDS: Final = {
    Case.FIRST_FACTOR: ("忘了密码", "a forgotten password"),
    Case.SECOND_FACTOR: ("丢了手机（第二步验证）", "a lost second factor"),
    Case.SECURITY_ADMIN: ("任命安全管理员", "a security administrator"),
}
_CASE = click.argument("what", type=click.Choice([case.value for case in Case]))
_WHO = click.argument("who", metavar="NUMBER|LOGIN")


@click.group("desk")
def group() -> None:
    r"""两人办理：忘了密码、丢了手机、任命安全管理员。 What takes two persons.

    \b
    timebank desk ask password V0005 --reason 忘了，当面认得 --as li
    timebank desk confirm password V0005 --as wang
    timebank desk list
    """


@group.command("ask")
@_CASE
@_WHO
@click.option("--reason", required=True, help="为什么、怎么认出是本人。 Why, and how they were known.")
@as_option
@key_option
@with_context
def ask(context: Context, what: str, who: str, reason: str, login: str | None, key: str | None) -> None:
    r"""提出，另一位确认才生效。 Ask; another person confirms.

    \b
    timebank desk ask password V0005 --reason 忘了，当面认得 --as li
    timebank desk ask second_factor chen --reason 手机丢了 --as li
    timebank desk ask security_admin sun --reason 居委会决定 --as admin
    """
    act, number = context.act(login, key), _number(context, who)
    asked = context.do(lambda session: _ASKING[what](session, act, number=number, reason=reason))
    if context.as_json:
        document({"number": number, "what": what, "request": asked})
    tell(
        f"✓ 已提出。请另一位同事：timebank desk confirm {what} {who} --as 登录名",
        f"✓ Asked. Another colleague: timebank desk confirm {what} {who} --as LOGIN",
    )


@group.command("confirm")
@_CASE
@_WHO
@as_option
@key_option
@with_context
def confirm(context: Context, what: str, who: str, login: str | None, key: str | None) -> None:
    r"""确认别人提出的；重设密码的会给出一次性链接。 Confirm what another asked for; for a password prints a link.

    \b
    timebank desk confirm password V0005 --as wang
    """
    act, number = context.act(login, key), _number(context, who)
    waiting = _waiting(context, what, number)
    if what == Case.FIRST_FACTOR.value:
        token = chance.fresh_secret()
        answer = context.do(
            lambda session: confirm_password_reset(session, act, reset_id=waiting.id, one_time_token=Secret(token))
        )
        show_link(context, answer, token)
        tell(
            "✓ 链接在上面，只能用一次，十分钟内有效。请交给本人，由本人设新密码。",
            "✓ The link is above; it works once, within ten minutes. Its owner chooses a new password.",
        )
        return
    done: Callable[..., Any] = confirm_factor_reset if what == Case.SECOND_FACTOR.value else confirm_security_admin
    context.do(lambda session: done(session, act, reset_id=waiting.id))
    if context.as_json:
        document({"number": number, "what": what, "request": str(waiting.id), "done": True})
    tell(f"✓ 已办。{who} 要重新登录。", f"✓ Done. {who} signs in again.")


@group.command("withdraw")
@_CASE
@_WHO
@as_option
@key_option
@with_context
def withdraw(context: Context, what: str, who: str, login: str | None, key: str | None) -> None:
    r"""撤回，什么都不变。 Take a request back; everything stays as it is.

    \b
    timebank desk withdraw password V0005 --as li
    """
    act, number = context.act(login, key), _number(context, who)
    waiting = _waiting(context, what, number)
    context.do(lambda session: withdraw_factor_reset(session, act, reset_id=waiting.id))
    if context.as_json:
        document({"number": number, "what": what, "request": str(waiting.id), "done": False})
    tell("✓ 已撤回，什么都没有变。", "✓ Taken back. Nothing was changed.")


@group.command("list")
@with_context
def listed(context: Context) -> None:
    r"""列出等第二个人的。 List what waits for a second person.

    \b
    timebank desk list
    """
    found = context.look(lambda session: open_requests(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(("什么", "What"), ("谁的", "Whose"), ("原因", "Why"), ("谁提出", "Asked by"))
    table(headings, [(word(*_WORDS[one.case]), one.name, one.reason, one.asker) for one in found])


@group.command("rescue")
@click.argument("who", metavar="LOGIN")
@key_option
@with_context
def rescue(context: Context, who: str, key: str | None) -> None:
    r"""没有同事能确认时，由管机器的人给链接。 Print a link where nobody on the staff could confirm.

    \b
    timebank desk rescue admin
    """
    act, token = context.act_of_system(key), chance.fresh_secret()
    number = _number(context, who)
    answer = context.do(lambda session: rescue_staff(session, act, number=number, one_time_token=Secret(token)))
    show_link(context, {**answer, "login": who}, token)
    tell("✓ 链接在上面，只能用一次。请交给本人。", "✓ The link is above and works once. Give it to them.")


def _number(context: Context, who: str) -> str:
    if LOOKS_LIKE_A_NUMBER.fullmatch(who.lower()):
        return who.upper()
    return context.look(lambda session: queries.staff_by_login(session, context.community_id, who)).number


def _waiting(context: Context, what: str, number: str) -> DeskRequest:
    person_id = context.look(lambda session: find_person(session, context.community_id, number))
    waiting = context.look(lambda session: open_requests(session, context.community_id))
    found = [one for one in waiting if one.person_id == person_id and one.case.value == what]
    if not found:
        raise NoSuchReset()
    return found[0]
