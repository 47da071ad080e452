"""Certificates as their owner and the desk see them: the list, asking for one, the page to print, the file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from timebank import clock
from timebank.certificates import operations, queries
from timebank.certificates.queries import Certificate, NoSuchCertificate
from timebank.certificates.rules import PURPOSE_MAX, Period
from timebank.database import db
from timebank.ledger.codes import read_code
from timebank.ledger.days import day_of
from timebank.people.queries.training import training_records_of
from timebank.refusal import Refusal
from timebank.web import sights, texts
from timebank.web.access import Audience, act, audience
from timebank.web.certificate_pdf import PdfUnavailable, pdf_of
from timebank.web.certificate_words import words_of
from timebank.web.forms import Day, Form, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("certificates", __name__)

PDF = "application/pdf"


class RequestForm(Form):
    """Of which time a certificate is asked for, and what for."""

    labels: ClassVar = {
        "since": lazy_gettext("从哪一天"),
        "until": lazy_gettext("到哪一天"),
        "purpose": lazy_gettext("用途"),
    }

    since = Day(load_default=None)
    until = Day(load_default=None)
    purpose = Text(load_default="", validate=at_most(PURPOSE_MAX))


@blueprint.get("/me/certificates")
@audience(Audience.VOLUNTEER)
def own() -> str:
    """Show one's certificates, what was asked for, and the trainings on record."""
    return _own_page(NOT_TRIED)


def _own_page(tried: Attempt[Any]) -> str:
    community, person_id = current_user.community_id, current_user.person_id
    return render_template(
        "certificates/own.html",
        certificates=as_today(queries.certificates_of(db.session(), community, person_id)),
        requests=queries.requests_of(db.session(), community, person_id),
        trainings=training_records_of(db.session(), community, current_user.volunteer_number),
        **tried.form(),
    )


@blueprint.post("/me/certificates")
@audience(Audience.VOLUNTEER)
def ask() -> AnyResponse | tuple[str, int]:
    """Ask for a certificate of one's service."""

    def ask_for_one(session: Session) -> str:
        typed = RequestForm().load(request.form)
        doing = replace(act(typed["request_key"]), number=current_user.volunteer_number)
        period = Period(typed["since"], typed["until"] or doing.today)
        return operations.request_certificate(session, doing, period=period, purpose=typed["purpose"])

    tried = attempt(ask_for_one)
    if not tried.done:
        return _own_page(tried), tried.status
    flash(_("已申请。社区办好以后，证明会出现在这一页。"), "good")
    return redirect(url_for("certificates.own"))


@blueprint.get("/certificates/<code>")
@audience(Audience.VOLUNTEER, Audience.COORDINATOR)
def one(code: str) -> str:
    """Show a certificate as it is printed; to its owner and to the desk."""
    return page_of(_readable(code), NOT_TRIED)


def page_of(found: Certificate, tried: Attempt[Any], *, said: str = "") -> str:
    """Show a certificate, with what the desk can do about it; `said` tells why something did not work."""
    return render_template(
        "certificates/one.html",
        certificate=found,
        words=words_of(found, address_of(found)),
        for_desk=Audience.COORDINATOR in current_user.audiences,
        own=found.person_id == current_user.person_id,
        said=said,
        **tried.form(),
    )


@blueprint.get("/certificates/<code>/file.pdf")
@audience(Audience.VOLUNTEER, Audience.COORDINATOR)
def file(code: str) -> Response | tuple[str, int]:
    """Give the certificate as a file; where it cannot be made here, the page to print with the reason."""
    found = _readable(code)
    words, issued_at = words_of(found, address_of(found)), found.issued_at
    # Whatever was read is read: nobody waits for the database while the page is set.
    db.session.remove()
    try:
        made = pdf_of(words, issued_at=issued_at)
    except PdfUnavailable as refusal:
        return page_of(found, NOT_TRIED, said=texts.sentence(refusal)), 503
    answer = Response(made, mimetype=PDF)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{found.number}.pdf")
    return answer


def as_today(found: Sequence[Certificate]) -> tuple[Certificate, ...]:
    """Say of each how it stands today."""
    return queries.standing(db.session(), current_user.community_id, found, day_of(clock.now()))


def address_of(found: Certificate) -> str:
    """Return where anybody checks a certificate."""
    return url_for("evidence.document", code=found.code, _external=True)


def _readable(code: str) -> Certificate:
    """Return a certificate that is the visitor's own, or any to the desk; of another's nothing is told."""
    try:
        digits = read_code(code).digits
    except Refusal as refusal:
        raise NoSuchCertificate() from refusal
    (found,) = as_today([queries.certificate_by_code(db.session(), current_user.community_id, digits)])
    if found.person_id != current_user.person_id and Audience.COORDINATOR not in current_user.audiences:
        raise NoSuchCertificate()
    sights.about(found.volunteer_number)
    return found
