"""Groups: who is registered, what their passbooks hold, and giving their points into the pool."""

from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.books import pages
from timebank.books.statements import passbook_accounts
from timebank.database import db
from timebank.ledger.accounts import POINTS
from timebank.ledger.days import day_of
from timebank.people import operations as people_operations
from timebank.people import queries as people
from timebank.people.operations import NewGroup
from timebank.pool import operations, queries
from timebank.rulebook.queries import rules_on
from timebank.web.access import Audience, act, audience
from timebank.web.forms import BeforeFilter, Form, Hundredths, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

LINES_ON_A_PAGE: Final = 50

blueprint = Blueprint("groups", __name__, url_prefix="/coord/groups")


class GroupForm(Form):
    """A group to be registered."""

    labels: ClassVar = {
        "name": lazy_gettext("团队名称"),
        "contact": lazy_gettext("联系人"),
        "phone": lazy_gettext("联系人手机号"),
        "area": lazy_gettext("片区"),
    }

    name = Text(required=True, validate=at_most(60))
    contact = Text(required=True, validate=at_most(60))
    phone = Text(load_default=None, validate=at_most(20))
    area = Text(load_default="", validate=at_most(60))


class GiveForm(Form):
    """How many points the group gives."""

    labels: ClassVar = {"points": lazy_gettext("捐多少分")}

    points = Hundredths(required=True)


@blueprint.get("")
@audience(Audience.COORDINATOR)
def overview() -> str:
    """Show the groups with what their passbooks hold, and the form of a new one."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    community, session = current_user.community_id, db.session()
    found = people.groups(session, community)
    return render_template(
        "groups/overview.html",
        groups=found,
        worth=queries.passbooks_worth(session, community, [one.number for one in found]),
        rules=rules_on(session, community, day_of(clock.now())).document.pool,
        **tried.form(),
    )


@blueprint.post("")
@audience(Audience.COORDINATOR)
def register() -> Response | tuple[str, int]:
    """Register a group."""

    def register_one(session: Session) -> str:
        typed = GroupForm().load(request.form)
        new = NewGroup(name=typed["name"], contact=typed["contact"], phone=typed["phone"], area=typed["area"])
        return people_operations.register_group(session, act(typed["request_key"]), group=new)

    tried = attempt(register_one)
    if not tried.done:
        return _page(tried), tried.status
    flash(_("已登记，团队编号 %(number)s。录时长时写这个编号。", number=tried.answer), "good")
    return redirect(url_for("groups.one", number=tried.answer))


@blueprint.get("/<number>")
@audience(Audience.COORDINATOR)
def one(number: str) -> str:
    """Show the passbook of one group: what came in, what was given, the balance after each."""
    return _passbook(number, NOT_TRIED)


def _passbook(number: str, tried: Attempt[Any]) -> str:
    community, session = current_user.community_id, db.session()
    found = people.group(session, community, number)
    accounts = [each.account for each in passbook_accounts(session, community, number)]
    before = BeforeFilter().load(request.args)["before"]
    return render_template(
        "groups/one.html",
        group=found,
        worth=queries.passbooks_worth(session, community, [number])[number],
        page=pages.statement(session, community, accounts, before=before, limit=LINES_ON_A_PAGE),
        unit=POINTS,
        rules=rules_on(session, community, day_of(clock.now())).document.pool,
        **tried.form(),
    )


@blueprint.post("/<number>/donations")
@audience(Audience.COORDINATOR)
def give(number: str) -> Response | tuple[str, int]:
    """Give points of a group into the pool, at the wish of who speaks for it."""

    def give_some(session: Session) -> int:
        typed = GiveForm().load(request.form)
        doing = act(typed["request_key"])
        return operations.donate_for_group(session, doing, number=number, points_e2=typed["points"])

    tried = attempt(give_some)
    if not tried.done:
        return _passbook(number, tried), tried.status
    flash(_("已捐进互助池，团队的流水里可以看到。"), "good")
    return redirect(url_for("groups.one", number=number))
