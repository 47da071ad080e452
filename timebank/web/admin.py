"""Pages of the administrator: what is still to be set up, and the staff."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.certificates.queries import find_office
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import queries as market
from timebank.people import operations
from timebank.people import queries as people
from timebank.people.operations import NewStaff
from timebank.people.operations.devices import end_sessions_of
from timebank.people.queries.sessions import secret_digest
from timebank.people.roles import Permission, Role
from timebank.rulebook.queries import proposals_waiting, rules_on
from timebank.web.access import Audience, act, audience, fresh_act, is_stale, sharp
from timebank.web.forms import Choice, Form, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


class StaffForm(Form):
    """Somebody who joins the staff, with one role."""

    labels: ClassVar = {"login": lazy_gettext("登录名"), "name": lazy_gettext("姓名"), "role": lazy_gettext("岗位")}

    login = Text(required=True, validate=at_most(40))
    name = Text(required=True, validate=at_most(60))
    role = Choice(Role, required=True)


class RoleForm(Form):
    """A role that somebody is to have, or to have no longer."""

    number = Text(required=True, validate=at_most(20))
    role = Choice(Role, required=True)


class NumberForm(Form):
    """Whose."""

    number = Text(required=True, validate=at_most(20))


@blueprint.get("")
@audience(Audience.ADMIN)
def home() -> str:
    """Show the list of what a community needs before it can start, with what is done."""
    community, now = current_user.community_id, clock.now()
    staff = [one for one in people.all_staff(db.session(), community) if not one.disabled]
    return render_template(
        "admin/home.html",
        community=people.community(db.session(), community),
        units=people.org_units(db.session(), community),
        rule_proposals=proposals_waiting(db.session(), community),
        rules=rules_on(db.session(), community, day_of(now)),
        names={role.value: [one.name for one in staff if role in one.roles] for role in Role},
        volunteers=people.volunteer_count(db.session(), community),
        goods=market.goods_on_sale(db.session(), community, now),
        office=find_office(db.session(), community),
    )


@blueprint.get("/staff")
@audience(Audience.ADMIN, Audience.SECURITY)
def staff() -> str:
    """Show the staff and the form for one more."""
    return _staff_page(NOT_TRIED)


def _staff_page(tried: Attempt[Any], link: str = "") -> str:
    return render_template(
        "admin/staff.html",
        staff=people.all_staff(db.session(), current_user.community_id),
        roles=[role for role in Role if role is not Role.SECURITY_ADMIN],
        manages=people.may(db.session(), fresh_act(), Permission.MANAGE_STAFF),
        with_password=people.with_password(db.session(), current_user.community_id),
        link=link,
        stale=is_stale(current_user),
        **tried.form(),
    )


@blueprint.post("/staff")
@audience(Audience.ADMIN, Audience.SECURITY)
@sharp
def add_staff() -> str | tuple[str, int]:
    """Add somebody to the staff; the one-time link is shown once and kept nowhere."""
    token = chance.fresh_secret()

    def add(session: Session) -> dict[str, Any]:
        typed = StaffForm().load(request.form)
        return operations.add_staff(
            session,
            act(typed["request_key"]),
            staff=NewStaff(login=typed["login"], name=typed["name"]),
            roles=(typed["role"],),
            one_time_token=Secret(token),
        )

    return _with_link(attempt(add), token)


@blueprint.post("/staff/login")
@audience(Audience.ADMIN, Audience.SECURITY)
@sharp
def new_login() -> str | tuple[str, int]:
    """Give somebody a new one-time link; earlier ones work no more."""
    token = chance.fresh_secret()

    def issue(session: Session) -> dict[str, Any]:
        typed = NumberForm().load(request.form)
        return operations.issue_one_time_login(
            session, act(typed["request_key"]), number=typed["number"], one_time_token=Secret(token)
        )

    return _with_link(attempt(issue), token)


def _with_link(tried: Attempt[dict[str, Any]], token: str) -> str | tuple[str, int]:
    if not tried.done:
        return _staff_page(tried), tried.status
    return _staff_page(tried, one_time_link(tried.answer, token))


def one_time_link(answer: Mapping[str, Any], token: str) -> str:
    """Return the link of an answer, to be shown once; the form pressed twice has none: its link was shown before."""
    if answer["token_digest"] != secret_digest(token).hex():
        flash(_("这个链接刚才已经给过一次，不再显示。需要的话请再发一个。"), "bad")
        return ""
    return url_for("session.first_time", community=current_user.community_id, token=token, _external=True)


@blueprint.post("/staff/sign-out")
@audience(Audience.ADMIN, Audience.SECURITY)
@sharp
def sign_out() -> Response | tuple[str, int]:
    """End every session of somebody, whose device was lost."""

    def end(session: Session) -> None:
        typed = NumberForm().load(request.form)
        end_sessions_of(session, act(typed["request_key"]), number=typed["number"])

    tried = attempt(end)
    if not tried.done:
        return _staff_page(tried), tried.status
    flash(_("那位的设备都已经退出。"), "good")
    return redirect(url_for("admin.staff"))


@blueprint.post("/staff/role")
@audience(Audience.ADMIN, Audience.SECURITY)
@sharp
def give_role() -> Response | tuple[str, int]:
    """Give somebody a role for the whole community."""
    return _role_changed(operations.grant_role, _("已给岗位。那位要重新登录。"))


@blueprint.post("/staff/role/take")
@audience(Audience.ADMIN, Audience.SECURITY)
@sharp
def take_role() -> Response | tuple[str, int]:
    """Take a role that somebody holds for the whole community."""
    return _role_changed(operations.revoke_role, _("已收回岗位，那位已退出登录。"))


def _role_changed(change: Callable[..., Any], said: str) -> Response | tuple[str, int]:
    def do(session: Session) -> None:
        typed = RoleForm().load(request.form)
        change(session, act(typed["request_key"]), number=typed["number"], role=typed["role"])

    tried = attempt(do)
    if not tried.done:
        return _staff_page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("admin.staff"))


@blueprint.post("/staff/disable")
@audience(Audience.ADMIN, Audience.SECURITY)
@sharp
def disable() -> Response | tuple[str, int]:
    """Let somebody go: roles, sessions and login end at once."""

    def let_go(session: Session) -> None:
        typed = NumberForm().load(request.form)
        operations.disable_staff(session, act(typed["request_key"]), number=typed["number"])

    tried = attempt(let_go)
    if not tried.done:
        return _staff_page(tried), tried.status
    flash(_("已停用。以前做过的事都还看得到。"), "good")
    return redirect(url_for("admin.staff"))
