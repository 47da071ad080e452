"""The desk of certificates: what was asked for, issuing, revoking, replacing, the list, and who issues."""

import io
from collections.abc import Sequence
from typing import Any, ClassVar, Final

import xlsxwriter
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from timebank.certificates import operations, queries
from timebank.certificates.queries import Certificate
from timebank.certificates.rules import REASON_MAX, UNIT_MAX, Office, Period
from timebank.database import db
from timebank.people import queries as people
from timebank.service.durations import written_minutes
from timebank.web.access import Audience, act, audience
from timebank.web.certificate_words import STATES, TITLES, period_of
from timebank.web.certificates import as_today, page_of
from timebank.web.forms import Day, Filter, Form, Id, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.spreadsheets import spreadsheet
from timebank.web.star_list import XLSX
from timebank.web.who import one_meant

blueprint = Blueprint("certifying", __name__, url_prefix="/coord/certificates")

SHOWN: Final = 100
HEADINGS: Final = ("证书编号", "种类", "志愿者编号", "姓名", "时间", "累计", "出具日期", "经办人", "状态", "核对码")


class IssueForm(Form):
    """Whose certificate, of which time."""

    labels: ClassVar = {
        "volunteer": lazy_gettext("志愿者"),
        "since": lazy_gettext("从哪一天"),
        "until": lazy_gettext("到哪一天"),
    }

    volunteer = Text(required=True, validate=at_most(60))
    since = Day(load_default=None)
    until = Day(load_default=None)


class AnswerForm(Form):
    """Which request is answered; with a reason it is declined."""

    labels: ClassVar = {"reason": lazy_gettext("退回的原因")}

    asked = Id(required=True)
    reason = Text(load_default="", validate=at_most(REASON_MAX))


class EndForm(Form):
    """Which certificate ends, how, and why."""

    labels: ClassVar = {"reason": lazy_gettext("原因")}

    certificate = Id(required=True)
    how = Text(required=True, validate=validate.OneOf(["revoke", "replace"], error=lazy_gettext("请从列表里选")))
    reason = Text(required=True, validate=at_most(REASON_MAX))


class OfficeForm(Form):
    """Who issues, who is responsible, how to reach them."""

    labels: ClassVar = {
        "unit": lazy_gettext("出具单位"),
        "responsible": lazy_gettext("负责人"),
        "contact": lazy_gettext("联系方式"),
    }

    unit = Text(required=True, validate=at_most(UNIT_MAX))
    responsible = Text(required=True, validate=at_most(UNIT_MAX))
    contact = Text(load_default="", validate=at_most(UNIT_MAX))


class ForWhom(Filter):
    """For whom the form is filled in already."""

    volunteer = Text(load_default="", validate=at_most(40))


@blueprint.get("")
@audience(Audience.COORDINATOR)
def desk() -> str:
    """Show what was asked for, the form to issue one, and those issued last."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    asked = queries.requests_open(db.session(), community)
    return render_template(
        "certificates/desk.html",
        asked=asked,
        issued=as_today(queries.certificates(db.session(), community, SHOWN)),
        names=people.volunteers(db.session(), community, {one.volunteer_number for one in asked}),
        office=queries.find_office(db.session(), community),
        volunteer=ForWhom().load(request.args)["volunteer"],
        **tried.form(),
    )


@blueprint.post("")
@audience(Audience.COORDINATOR)
def issue() -> AnyResponse | tuple[str, int]:
    """Issue a certificate of service."""

    def issue_one(session: Session) -> dict[str, Any]:
        typed = IssueForm().load(request.form)
        doing = act(typed["request_key"])
        number = one_meant(session, current_user.community_id, typed["volunteer"]).number
        period = Period(typed["since"], typed["until"] or doing.today)
        return operations.issue(session, doing, number=number, period=period)

    return _to_what_was_issued(attempt(issue_one))


@blueprint.post("/requests")
@audience(Audience.COORDINATOR)
def answer() -> AnyResponse | tuple[str, int]:
    """Issue what was asked for, or decline it with a reason."""

    def answer_one(session: Session) -> dict[str, Any] | None:
        typed = AnswerForm().load(request.form)
        doing = act(typed["request_key"])
        if not typed["reason"]:
            return operations.answer_request(session, doing, request_id=typed["asked"])
        operations.decline_request(session, doing, request_id=typed["asked"], reason=typed["reason"])
        return None

    return _to_what_was_issued(attempt(answer_one))


def _to_what_was_issued(tried: Attempt[Any]) -> AnyResponse | tuple[str, int]:
    if not tried.done:
        return _page(tried), tried.status
    if tried.answer is None:
        flash(_("已退回，原因写给了志愿者。"), "good")
        return redirect(url_for("certifying.desk"))
    flash(_("已开出 %(number)s，可以打印。", number=tried.answer["number"]), "good")
    return redirect(url_for("certificates.one", code=tried.answer["code"]))


@blueprint.post("/end")
@audience(Audience.COORDINATOR)
def end() -> AnyResponse | tuple[str, int]:
    """Revoke a certificate, or issue it anew."""

    def end_one(session: Session) -> str:
        typed = EndForm().load(request.form)
        doing, which = act(typed["request_key"]), typed["certificate"]
        if typed["how"] == "revoke":
            operations.revoke(session, doing, certificate_id=which, reason=typed["reason"])
            return queries.certificate(session, doing.community_id, which).code
        told = operations.replace_certificate(session, doing, certificate_id=which, reason=typed["reason"])
        return str(told["code"])

    tried = attempt(end_one)
    if tried.done:
        flash(_("已办好。扫旧证书的人会看到它不再有效。"), "good")
        return redirect(url_for("certificates.one", code=tried.answer))
    everything = as_today(queries.certificates(db.session(), current_user.community_id))
    meant = [one for one in everything if str(one.certificate_id) == request.form.get("certificate")]
    return (page_of(meant[0], tried) if meant else _page(tried)), tried.status


@blueprint.get("/list.xlsx")
@audience(Audience.COORDINATOR)
def workbook() -> Response:
    """Give every certificate as an Excel file, every cell as text."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("证书")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(HEADINGS) - 1, 16)
        for line, row in enumerate(_table()):
            for column, text in enumerate(row):
                sheet.write_string(line, column, text)
    return _download(file.getvalue(), XLSX, "certificates.xlsx")


@blueprint.get("/list.csv")
@audience(Audience.COORDINATOR)
def table() -> Response:
    """Give every certificate as a CSV file that spreadsheets open rightly and never run."""
    return spreadsheet("certificates.csv", _table())


def _table() -> list[Sequence[str]]:
    community = current_user.community_id
    staff = people.staff_names(db.session(), community)
    return [HEADINGS, *(_row(one, staff) for one in as_today(queries.certificates(db.session(), community)))]


def _row(one: Certificate, staff: dict[str, str]) -> Sequence[str]:
    said = one.snapshot
    return (
        one.number,
        TITLES[one.kind],
        one.volunteer_number,
        said.name,
        period_of(said) or f"{said.level}星",
        written_minutes(said.total_minutes),
        one.issued_on.isoformat(),
        staff.get(one.issuer, one.issuer),
        STATES[one.state][0],
        one.code,
    )


def _download(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@blueprint.get("/office")
@audience(Audience.ADMIN)
def office() -> str:
    """Show which unit issues certificates and who is responsible."""
    return _office_page(NOT_TRIED)


def _office_page(tried: Attempt[Any]) -> str:
    found = queries.find_office(db.session(), current_user.community_id)
    return render_template("certificates/office.html", office=found or Office("", ""), **tried.form())


@blueprint.post("/office")
@audience(Audience.ADMIN)
def set_office() -> AnyResponse | tuple[str, int]:
    """Say which unit issues from now on."""

    def set_it(session: Session) -> None:
        typed = OfficeForm().load(request.form)
        doing = act(typed["request_key"])
        new = Office(typed["unit"], typed["responsible"], typed["contact"])
        operations.set_office(session, doing, office=new)

    tried = attempt(set_it)
    if not tried.done:
        return _office_page(tried), tried.status
    flash(_("已保存。以前开出的证书不变。"), "good")
    return redirect(url_for("certifying.office"))
