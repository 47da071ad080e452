"""Pages of the auditor: is it sound, every balance at any time, every entry, who did what. Each view is an address."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, Final

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import validate
from sqlalchemy.engine import Engine
from werkzeug.wrappers import Response as BaseResponse

from timebank import schema
from timebank.audit import operations, queries
from timebank.audit.exports import FORMATS, journal_lines
from timebank.audit.queries import When
from timebank.audit.verification import examine
from timebank.books import pages, statements, trail
from timebank.books.pages import JournalFilter
from timebank.books.statements import AccountFilter
from timebank.books.trail import TrailFilter
from timebank.database import db, reading, writing
from timebank.evidence.bundle import zipped_bundle
from timebank.evidence.keys import LogKeys
from timebank.ledger.accounts import GOODS_PREFIX, AccountKind, AccountRef, goods_unit
from timebank.ledger.entries import EntryKind
from timebank.market import queries as market
from timebank.people import queries as people
from timebank.web import log_keeper, sights
from timebank.web.access import Audience, act, audience
from timebank.web.forms import BeforeFilter, Choice, Day, Filter, Form, Id, Text, at_most

blueprint = Blueprint("auditor", __name__, url_prefix="/audit")

ON_A_PAGE: Final = 50
MEDIA: Final = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


class ExportForm(Form):
    """In which format."""

    labels: ClassVar = {"form": lazy_gettext("格式")}

    form = Text(required=True, validate=validate.OneOf(list(FORMATS), error=lazy_gettext("请从列表里选")))


class WhenFilter(Filter):
    """As of which day; empty is now."""

    labels: ClassVar = {"as_of": lazy_gettext("截至哪天")}

    as_of = Day(load_default=None)


class HoldersFilter(WhenFilter):
    """Accounts of which kind, in which unit."""

    kind = Choice(AccountKind, required=True)
    unit = Text(required=True, validate=at_most(60))


class JournalWords(BeforeFilter):
    """The filters of the journal, as they stand in the address. What cannot be read is refused, not passed over."""

    labels: ClassVar = {
        "kind": lazy_gettext("类别"),
        "actor": lazy_gettext("操作人编号"),
        "owner": lazy_gettext("志愿者、批次或单位编号"),
        "first_on": lazy_gettext("从"),
        "last_on": lazy_gettext("到"),
    }

    kind = Choice(EntryKind, load_default=None)
    actor = Text(load_default=None, validate=at_most(32))
    owner = Text(load_default=None, validate=at_most(32))
    account = Text(load_default=None, validate=at_most(120))
    source = Text(load_default=None, validate=at_most(120))
    first_on = Day(load_default=None)
    last_on = Day(load_default=None)


class TrailWords(Filter):
    """The filters of the trail."""

    labels: ClassVar = {
        "actor": lazy_gettext("操作人编号"),
        "subject": lazy_gettext("对象"),
        "verb": lazy_gettext("事项"),
    }

    actor = Text(load_default=None, validate=at_most(32))
    subject = Text(load_default=None, validate=at_most(120))
    verb = Text(load_default=None, validate=at_most(60))
    before = Id(load_default=None)


def _older(words: Filter, before: object) -> dict[str, Any]:
    """Return what stands in the address of the next older page: the same filters, before something else."""
    return {name: request.args[name] for name in words.fields if name in request.args} | {"before": before}


@blueprint.get("")
@audience(Audience.AUDITOR)
def home() -> str:
    """Show whether the books are sound, and where all points and goods are."""
    community = current_user.community_id
    trial = queries.trial_balance(db.session(), community)
    return render_template(
        "auditor/home.html",
        trial=trial,
        points_identity=queries.points_identity(trial),
        goods_identity=queries.goods_identity(trial),
        last=queries.find_last_verification(db.session(), community),
        verifications=queries.verifications(db.session(), community),
        staff=people.staff_names(db.session(), community),
        newest=pages.journal_page(db.session(), community, JournalFilter(), limit=1).entries,
        formats=list(FORMATS),
    )


@blueprint.post("/verify")
@audience(Audience.AUDITOR)
def verify() -> BaseResponse:
    """Read everything again at one moment, and keep what was found."""
    typed = Form().load(request.form)
    doing = act(typed["request_key"])
    with db.engine.connect() as connection:
        missing = schema.missing_guards(connection)
    with reading() as snapshot:
        report = examine(snapshot, doing.community_id, missing)
    with writing() as session:
        operations.keep_verification(session, doing, report=report)
    if report.sound:
        flash(_("账平：借方等于贷方，每一笔都重算过（%(size)s 笔），没有发现问题。", size=report.size), "good")
    else:
        flash(_("发现 %(count)s 处问题，请立即停止兑换并查看下面的清单。", count=report.findings_total), "bad")
    return redirect(url_for("auditor.home"))


@blueprint.get("/accounts")
@audience(Audience.AUDITOR)
def accounts() -> str:
    """Show the trial balance, now or as of a day; it sums to zero in every unit."""
    as_of: date | None = WhenFilter().load(request.args)["as_of"]
    community = current_user.community_id
    trial = queries.trial_balance(db.session(), community, When(as_of=as_of))
    goods = [line for line in trial.lines if line.unit.startswith(GOODS_PREFIX)]
    return render_template(
        "auditor/accounts.html",
        trial=trial,
        others=[line for line in trial.lines if line not in goods],
        goods={(line.unit, line.kind): line for line in goods},
        goods_kinds=[kind for kind in AccountKind if any(line.kind is kind for line in goods)],
        names={goods_unit(good.number): good.name for good in market.goods(db.session(), community)},
        as_of=as_of,
    )


@blueprint.get("/accounts/<path:code>")
@audience(Audience.AUDITOR)
def account(code: str) -> str:
    """Show one account: its balance and its lines, or all accounts of a kind."""
    try:
        ref = AccountRef.parse(code)
    except ValueError:
        abort(404)
    if ref.owner:
        sights.about(ref.owner)
    before = BeforeFilter().load(request.args)["before"]
    page = pages.statement(db.session(), current_user.community_id, [ref], before=before, limit=ON_A_PAGE)
    return render_template("auditor/account.html", ref=ref, page=page)


@blueprint.get("/holders")
@audience(Audience.AUDITOR)
def holders() -> str:
    """Show every account of one kind and unit with its balance, now or as of a day."""
    wanted = HoldersFilter().load(request.args)
    filtered = AccountFilter(kind=wanted["kind"], unit=wanted["unit"])
    found = queries.account_balances(db.session(), current_user.community_id, When(as_of=wanted["as_of"]), filtered)
    return render_template("auditor/holders.html", kind=wanted["kind"], as_of=wanted["as_of"], found=found)


@blueprint.get("/journal")
@audience(Audience.AUDITOR)
def journal() -> str:
    """Show the journal; every filter stands in the address."""
    wanted = JournalWords().load(request.args)
    before = wanted.pop("before")
    page = pages.journal_page(
        db.session(), current_user.community_id, JournalFilter(**wanted), before=before, limit=ON_A_PAGE
    )
    return render_template(
        "auditor/journal.html",
        page=page,
        wanted=wanted,
        older=_older(JournalWords(), page.next_before) if page.next_before else None,
        kinds=list(EntryKind),
        staff=people.staff_names(db.session(), current_user.community_id),
    )


@blueprint.get("/entries/<int:seq>")
@audience(Audience.AUDITOR)
def entry(seq: int) -> str:
    """Show one entry with its leaf, its accounts and what reversed it."""
    view = pages.entry_view(db.session(), current_user.community_id, seq)
    if view is None:
        abort(404)
    return render_template(
        "auditor/entry.html",
        view=view,
        size=statements.entries_total(db.session(), current_user.community_id),
        record_id=_find_record_id(view.entry.source),
        staff=people.staff_names(db.session(), current_user.community_id),
    )


def _find_record_id(source: str | None) -> str | None:
    """Return the id of the service record behind an entry, if that is what is behind it."""
    kind, _colon, record_id = (source or "").partition(":")
    return record_id if kind == "service-record" else None


@blueprint.get("/trail")
@audience(Audience.AUDITOR)
def trail_page() -> str:
    """Show who did or saw what, and what came of it."""
    wanted = TrailWords().load(request.args)
    before = wanted.pop("before")
    found = trail.lines(
        db.session(), current_user.community_id, wanted=TrailFilter(**wanted), before=before, limit=ON_A_PAGE
    )
    return render_template(
        "auditor/trail.html",
        found=found,
        wanted=wanted,
        older=_older(TrailWords(), found[-1].id) if len(found) == ON_A_PAGE else None,
        staff=people.staff_names(db.session(), current_user.community_id),
    )


@blueprint.post("/export")
@audience(Audience.AUDITOR)
def export() -> Response:
    """Write the whole journal in a format that other programs check; it is noted who took it away."""
    typed = ExportForm().load(request.form)
    community, form = current_user.community_id, typed["form"]
    with writing() as session:
        count = operations.export_journal(session, act(typed["request_key"]), form=form)["entries"]
    name = f"timebank-{community}.{form}"
    return Response(
        _lines(db.engine, community, form, count),
        mimetype=MEDIA.get(form, "text/plain"),
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _lines(engine: Engine, community: str, form: str, count: int) -> Iterator[str]:
    with reading(engine) as session:
        yield from journal_lines(session, community, form, count=count)


@blueprint.post("/evidence")
@audience(Audience.AUDITOR)
def evidence() -> Response:
    """Give the evidence bundle, signed up to now; damage that the signing finds is evidence too, and goes along."""
    typed, settings = Form().load(request.form), current_app.config["SETTINGS"]
    doing = act(typed["request_key"])
    log_keeper.sign_at_once(settings, db.engine, doing.community_id)
    with writing() as session:
        trail.note(session, doing, "evidence.export", subject=None, outcome="done")
    return Response(
        _pieces(db.engine, doing.community_id, log_keeper.keys_of(settings)),
        mimetype="application/zip",
        headers={"Content-Disposition": f"attachment; filename=evidence-{doing.community_id}.zip"},
    )


def _pieces(engine: Engine, community: str, keys: LogKeys) -> Iterator[bytes]:
    with reading(engine) as session:
        yield from zipped_bundle(session, community, keys=keys)
