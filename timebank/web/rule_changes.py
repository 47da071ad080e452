"""Changing the rules: a form made from the rules themselves, what the change would have paid, and the second person.

The admin proposes; another admin or a coordinator confirms. Nothing holds before that, and never for days gone by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.books.acts import Act
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import queries as market
from timebank.people import queries as people
from timebank.rulebook import operations, queries
from timebank.rulebook.queries import RuleVersion
from timebank.rulebook.rules import Change, RuleDocument, blocks_of, changes_in_words, document_of, filled_in
from timebank.rulebook.simulation import Simulation, Trial
from timebank.web import presenting
from timebank.web.access import Audience, act, audience
from timebank.web.charts import Bar, bar_chart
from timebank.web.forms import Day, Form, Id, Text, at_most
from timebank.web.meanwhile import shown_meanwhile
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("rule_changes", __name__, url_prefix="/admin/rules")

TYPED: Final = "rule:"
"""What the names of the fields of the document begin with."""
PEOPLE_SHOWN: Final = 20


class ProposeForm(Form):
    """From when and why; the document itself stands beside it."""

    labels: ClassVar = {"valid_from": lazy_gettext("从哪天起生效"), "reason": lazy_gettext("为什么改")}

    valid_from = Day(required=True)
    reason = Text(required=True, validate=at_most(200, at_least=2))


class DecideForm(Form):
    """Which proposal."""

    proposal = Id(required=True)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a document would change.

    Attributes:
        changes: the sentences that go and come.
        trial: the computing of what it would have paid for the last twelve months; the page goes through its steps.
        backing: what is on the shelf, beside what is in the passbooks.
        class_names: what the classes of both documents are called, by code.
    """

    changes: tuple[Change, ...]
    trial: Trial
    backing: market.Backing
    class_names: Mapping[str, str]

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Issued, would-be issued, outstanding and redeemable points; once the trial is over."""
        return backing_bars(self.trial.simulation, self.backing)

    @property
    def chart(self) -> str:
        """The same as a picture."""
        return bar_chart("backing", _("发放的积分和能换的物品"), self.bars)


@blueprint.get("")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def proposals() -> Response:
    """Show what is proposed, each with what it would change, and what became of earlier proposals."""
    return _proposals_page(NOT_TRIED)


def _proposals_page(tried: Attempt[Any]) -> Response:
    found = queries.rule_proposals(db.session(), current_user.community_id)
    return shown_meanwhile(
        "rules/proposals.html",
        proposals=found,
        effects={one.proposal_id: _effect(one.document, one.valid_from) for one in found if one.state == "open"},
        staff=people.staff_names(db.session(), current_user.community_id),
        people_shown=PEOPLE_SHOWN,
        errors=tried.errors,
        refused=tried.refused,
    )


@blueprint.get("/new")
@audience(Audience.ADMIN)
def new() -> Response:
    """Show the form, filled in with the rules that hold last."""
    return _form(_last().document, NOT_TRIED, None)


def _last() -> RuleVersion:
    return queries.rule_versions(db.session(), current_user.community_id)[-1]


def _form(document: RuleDocument, tried: Attempt[Any], effect: Effect | None) -> Response:
    return shown_meanwhile(
        "rules/new.html",
        blocks=blocks_of(document),
        texts=_typed_texts(),
        typed=request.form,
        tomorrow=(day_of(clock.now()) + timedelta(days=1)).isoformat(),
        effect=effect,
        people_shown=PEOPLE_SHOWN,
        errors=tried.errors,
        refused=tried.refused,
    )


def _typed_texts() -> Mapping[str, str]:
    return {name.removeprefix(TYPED): text for name, text in request.form.items() if name.startswith(TYPED)}


@blueprint.post("/look")
@audience(Audience.ADMIN)
def look() -> Response | tuple[Response, int]:
    """Show what the change would mean, and what it would have paid; nothing is submitted."""
    tried = attempt(lambda _session: document_of(filled_in(_typed_texts())))
    if not tried.done:
        return _form(_last().document, tried, None), tried.status
    effect = _effect(tried.answer, day_of(clock.now()) + timedelta(days=1))
    return _form(tried.answer, NOT_TRIED, effect)


@blueprint.post("/new")
@audience(Audience.ADMIN)
def propose() -> Response | tuple[Response, int]:
    """Propose the document; a second person must confirm it."""

    def submit(session: Session) -> str:
        own = {name: text for name, text in request.form.items() if not name.startswith(TYPED)}
        typed = ProposeForm().load(own)
        return operations.propose(
            session,
            act(typed["request_key"]),
            document=filled_in(_typed_texts()),
            valid_from=typed["valid_from"],
            reason=typed["reason"],
        )

    tried = attempt(submit)
    if not tried.done:
        return _form(_last().document, tried, None), tried.status
    flash(_("已提交。另一位工作人员确认以后才会生效。"), "good")
    return redirect(url_for("rule_changes.proposals"))


@blueprint.post("/confirm")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def confirm() -> Response | tuple[Response, int]:
    """Publish a proposal of somebody else."""
    tried = attempt(lambda session: operations.confirm(session, _acting(), proposal_id=_proposal()))
    return _after(tried, _("已确认。到生效那天起按新规则计算。"))


@blueprint.post("/reject")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def reject() -> Response | tuple[Response, int]:
    """Turn a proposal down."""
    tried = attempt(lambda session: operations.reject(session, _acting(), proposal_id=_proposal()))
    return _after(tried, _("没有通过，规则不变。"))


@blueprint.post("/withdraw")
@audience(Audience.ADMIN)
def withdraw() -> Response | tuple[Response, int]:
    """Take one's own proposal back."""
    tried = attempt(lambda session: operations.withdraw(session, _acting(), proposal_id=_proposal()))
    return _after(tried, _("已撤回，规则不变。"))


def _acting() -> Act:
    return act(DecideForm().load(request.form)["request_key"])


def _proposal() -> UUID:
    proposal_id: UUID = DecideForm().load(request.form)["proposal"]
    return proposal_id


def _after(tried: Attempt[Any], said: str) -> Response | tuple[Response, int]:
    if not tried.done:
        return _proposals_page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("rule_changes.proposals"))


def _effect(document: RuleDocument, valid_from: date) -> Effect:
    community, now = current_user.community_id, clock.now()
    session = db.session()
    before = queries.rules_on(session, community, valid_from - timedelta(days=1)).document
    trial = Trial(session, community, document, last_on=day_of(now))
    names = {one.code: one.name for rules in (before, document) for one in rules.service_classes}
    changes = changes_in_words(before, document, presenting.tell)
    return Effect(changes, trial, market.backing(session, community, now), names)


def backing_bars(simulation: Simulation, backing: market.Backing) -> tuple[Bar, ...]:
    """Lay issued points beside redeemable goods, all in points."""
    amounts = (
        (_("过去12个月已发"), simulation.total.paid_e2),
        (_("按新规则会发"), simulation.total.would_pay_e2),
        (_("存折里还有"), backing.outstanding_points_e2),
        (_("货架能换"), backing.shelf_points_e2),
    )
    return tuple(Bar(label, amount, presenting.points(amount)) for label, amount in amounts)
