"""Pages of the volunteer: home, passbook, one entry, stars. Readable on a cheap phone, without scripts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.books import pages
from timebank.books.acts import Act
from timebank.books.pages import EntryView, StatementPage
from timebank.books.statements import entries_numbered
from timebank.certificates import queries as certificates
from timebank.certificates.queries import Certificate
from timebank.certificates.rules import CertificateState
from timebank.database import db
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef
from timebank.ledger.days import day_of
from timebank.ledger.entries import EntryKind
from timebank.market import queries as market
from timebank.people import queries as people
from timebank.people.queries import helping
from timebank.rulebook.expiring import expiring_points
from timebank.rulebook.queries import rule_version, rule_versions, rules_on
from timebank.rulebook.rules import benefits_in_words, facts_as_inputs, find_zero_reason, reckoned_in_words
from timebank.service import queries as service
from timebank.service.queries import Unposted
from timebank.stars import queries as stars
from timebank.stars.operations import noticing
from timebank.stars.queries import notices
from timebank.stars.queries.inquiries import inquiries_about
from timebank.stars.rules import REASON_MAX, AwardState
from timebank.stars.rules.inquiries import InquiryState
from timebank.web import condition_words, presenting
from timebank.web.access import Audience, act, audience
from timebank.web.forms import BeforeFilter, Form, Text, at_most
from timebank.web.objections import DENIAL_WORDS, REASON_WORDS
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("volunteer", __name__, url_prefix="/me")


class WithdrawForm(Form):
    """Why an application is taken back."""

    labels: ClassVar = {"reason": lazy_gettext("为什么撤回")}

    reason = Text(required=True, validate=at_most(REASON_MAX))


TO_BE_SEEN = frozenset({InquiryState.OPEN, InquiryState.DECIDED, InquiryState.OBJECTED})
"""How far an inquiry has come that the volunteer is told of on the first page."""
LINES_ON_HOME = 3
NEW_FOR = timedelta(days=14)
"""How long a new certificate stands on the first page."""
ACTIVITIES_ON_HOME = 2
CONFIRMATIONS_ON_HOME = 3
LINES_ON_A_PAGE = 50


def _points_accounts(number: str) -> list[AccountRef]:
    found = market.passbook(db.session(), current_user.community_id, number, clock.now())
    return [account for account, _amount in found.vintages]


@blueprint.get("")
@audience(Audience.VOLUNTEER)
def home() -> str:
    """Show the balance, the way to the next star, what is on next, and the last lines; the most asked first."""
    community, number, now = current_user.community_id, current_user.volunteer_number, clock.now()
    return render_template(
        "volunteer/home.html",
        volunteer=people.volunteer(db.session(), community, number),
        passbook=market.passbook(db.session(), community, number, now),
        expiring=expiring_points(db.session(), community, day_of(now), [number]),
        to_confirm=_to_confirm(number, day_of(now)),
        denials=DENIAL_WORDS,
        helps=bool(helping.helped_by(db.session(), community, current_user.person_id, day_of(now))),
        waiting_minutes=service.waiting_minutes(db.session(), community, number),
        progress=stars.progress(db.session(), community, number, day_of(now)),
        inquiries=[one for one in inquiries_about(db.session(), community, number) if one.state in TO_BE_SEEN],
        to_come=service.activities_to_come(db.session(), community, now, limit=ACTIVITIES_ON_HOME),
        signed_up={one.id for one in service.signed_up_for(db.session(), community, current_user.person_id, now)},
        new_certificates=[
            one
            for one in _certificates(day_of(now))
            if one.issued_on > day_of(now) - NEW_FOR and one.state is CertificateState.VALID
        ],
        page=pages.statement(db.session(), community, _points_accounts(number), limit=LINES_ON_HOME),
    )


def _certificates(today: date) -> tuple[Certificate, ...]:
    """The volunteer's certificates as they stand today."""
    found = certificates.certificates_of(db.session(), current_user.community_id, current_user.person_id)
    return certificates.standing(db.session(), current_user.community_id, found, today)


def _to_confirm(number: str, today: date) -> list[Unposted]:
    """What the volunteer is asked about first, and nobody has stopped."""
    found = service.unposted_of(db.session(), current_user.community_id, number, today)
    return [one for one in found if one.asks_volunteer and not one.waiting.denied][:CONFIRMATIONS_ON_HOME]


@blueprint.get("/passbook")
@audience(Audience.VOLUNTEER)
def passbook() -> str:
    """Show the lines of points, newest first, with the balance after each."""
    return _lines_page("volunteer/passbook.html", _points_accounts(current_user.volunteer_number), POINTS)


@blueprint.get("/hours")
@audience(Audience.VOLUNTEER)
def hours() -> str:
    """Show the lines of recognised service; they are never spent."""
    account = AccountRef(AccountKind.RECOGNISED, current_user.volunteer_number, MINUTES)
    page = _lines([account])
    return render_template("volunteer/hours.html", page=page, unit=MINUTES, reasons=_zero_reasons(page))


def _zero_reasons(page: StatementPage) -> dict[int, str]:
    """Say of every service on a page that earned no points why, by the number of its entry."""
    community = current_user.community_id
    served = [line.seq for line in page.lines if line.kind is EntryKind.SERVICE_APPROVED]
    versions = {one.version: one.document for one in rule_versions(db.session(), community)} if served else {}
    found = entries_numbered(db.session(), community, served) if served else {}
    reasons = {
        seq: find_zero_reason(versions[entry.rule_version], facts_as_inputs(entry.facts), presenting.tell)
        for seq, entry in found.items()
        if entry.rule_version is not None
    }
    return {seq: reason for seq, reason in reasons.items() if reason}


def _lines_page(template: str, accounts: list[AccountRef], unit: str) -> str:
    return render_template(template, page=_lines(accounts), unit=unit)


def _lines(accounts: list[AccountRef]) -> StatementPage:
    before = BeforeFilter().load(request.args)["before"]
    return pages.statement(db.session(), current_user.community_id, accounts, before=before, limit=LINES_ON_A_PAGE)


@blueprint.get("/entries/<int:seq>")
@audience(Audience.VOLUNTEER)
def entry(seq: int) -> str:
    """Show one entry of the volunteer's own; somebody else's is not there."""
    view = pages.entry_view(db.session(), current_user.community_id, seq)
    if view is None or not _is_own(view):
        abort(404)
    staff = people.staff_names(db.session(), current_user.community_id)
    return render_template(
        "volunteer/entry.html",
        view=view,
        number=current_user.volunteer_number,
        staff=staff,
        reckoned=_reckoned(view),
        reasons=REASON_WORDS,
    )


def _reckoned(view: EntryView) -> tuple[str, ...]:
    """Say how the points of a service came about, by the rules that the entry names; nothing for other entries."""
    entry = view.entry
    if entry.kind is not EntryKind.SERVICE_APPROVED or entry.rule_version is None:
        return ()
    version = rule_version(db.session(), current_user.community_id, entry.rule_version)
    return reckoned_in_words(version.document, facts_as_inputs(entry.facts), presenting.tell)


def _is_own(view: EntryView) -> bool:
    number = current_user.volunteer_number
    touched = {ref.owner for transfer in view.entry.transfers for ref in (transfer.debit, transfer.credit)}
    return number in touched or view.entry.facts.get("volunteer") == number


@blueprint.get("/stars")
@audience(Audience.VOLUNTEER)
def star_page() -> str:
    """Show the ladders, where the volunteer stands on them, and every award with its date."""
    return _star_page(NOT_TRIED)


def _star_page(tried: Attempt[Any]) -> str:
    community, number = current_user.community_id, current_user.volunteer_number
    today = day_of(clock.now())
    document = rules_on(db.session(), community, today).document
    history = stars.history(db.session(), community, number)
    own = [award for award in history if award.state is AwardState.OPEN]
    progress = stars.progress(db.session(), community, number, today)
    return render_template(
        "volunteer/stars.html",
        progress=progress,
        conditions=condition_words.told(progress.conditions),
        inquiries=inquiries_about(db.session(), community, number),
        benefits=benefits_in_words(document, progress.level, presenting.tell),
        history=history,
        rated=service.rated_in_threes(db.session(), community, number),
        noticed=notices.noticed(db.session(), community, own, today),
        ladders=(document.community_ladder, *(one for one in document.ladders if one is not document.community_ladder)),
        **tried.form(),
    )


@blueprint.post("/stars/apply")
@audience(Audience.VOLUNTEER)
def apply_for_star() -> Response | tuple[str, int]:
    """Apply for the next star, for example after a refusal."""
    tried = attempt(lambda session: noticing.apply(session, act_as_volunteer(Form().load(request.form)["request_key"])))
    if not tried.done:
        return _star_page(tried), tried.status
    flash(_("已申请。评定前会公示，结果写在这一页。"), "good")
    return redirect(url_for("volunteer.star_page"))


@blueprint.post("/stars/withdraw")
@audience(Audience.VOLUNTEER)
def withdraw_application() -> Response | tuple[str, int]:
    """Take one's own application back."""

    def withdraw(session: Session) -> None:
        typed = WithdrawForm().load(request.form)
        doing = act_as_volunteer(typed["request_key"])
        case = stars.progress(session, doing.community_id, doing.number, doing.today).open_case
        if case is None:
            raise stars.NoSuchAward(award_id="")
        noticing.withdraw(session, doing, award_id=case.award_id, reason=typed["reason"])

    tried = attempt(withdraw)
    if not tried.done:
        return _star_page(tried), tried.status
    flash(_("已撤回。想好了可以再申请。"), "good")
    return redirect(url_for("volunteer.star_page"))


def act_as_volunteer(key: str) -> Act:
    """Make the act of the volunteer, also where the same person works here."""
    return replace(act(key), number=current_user.volunteer_number)
