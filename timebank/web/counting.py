"""The count of the shelf and what is written off: blind, by scanner, at one's own pace; another person decides.

The field that a scanner types into is a form of one line, so the page counts without a script.
"""

from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import fields
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.market import operations, queries
from timebank.market.operations import VarianceReason
from timebank.market.queries import StockCount
from timebank.market.rules import Counted, WriteOffCause, counted_for
from timebank.web.access import Audience, act, audience
from timebank.web.forms import ByName, Choice, Digits, Form, Many, Pieces, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.staff_words import names_by_person

blueprint = Blueprint("counting", __name__, url_prefix="/stock")

WHO: Final = (Audience.CLERK, Audience.COORDINATOR)
CAUSES: Final = (
    (WriteOffCause.EXPIRED, lazy_gettext("过期")),
    (WriteOffCause.DAMAGED, lazy_gettext("损坏")),
    (WriteOffCause.LOST, lazy_gettext("丢失")),
    (WriteOffCause.OTHER, lazy_gettext("其他")),
)


class BeginForm(Form):
    """Which goods are counted; none ticked means all."""

    good = Many(Text(validate=at_most(20)), load_default=list)


class TallyForm(Form):
    """What was scanned or chosen, and how many pieces."""

    labels: ClassVar = {"code": lazy_gettext("条码"), "pieces": lazy_gettext("件数")}

    code = Text(required=True, validate=at_most(20))
    pieces = Pieces(load_default=1)


class GoodForm(Form):
    """Which good is counted again."""

    good = Text(required=True, validate=at_most(20))


class ReasonForm(Form):
    """Why something is dropped."""

    labels: ClassVar = {"reason": lazy_gettext("原因")}

    reason = Text(required=True, validate=at_most(200))


class ReasonsForm(Form):
    """Why the shelf differs from the books, by good."""

    labels: ClassVar = {"reason": lazy_gettext("原因")}

    reason = ByName(keys=fields.String(), values=Text(validate=at_most(200)), load_default=dict)


class WriteOffForm(Form):
    """Which lot, how many pieces, and why."""

    labels: ClassVar = {
        "lot": lazy_gettext("批次"),
        "pieces": lazy_gettext("件数"),
        "cause": lazy_gettext("原因"),
        "note": lazy_gettext("说明"),
    }

    lot = Text(required=True, validate=at_most(20))
    pieces = Digits(required=True)
    cause = Choice(WriteOffCause, required=True)
    note = Text(load_default="", validate=at_most(200))


class NumberForm(Form):
    """Which write-off."""

    number = Text(required=True, validate=at_most(20))


def _names() -> dict[str, Any]:
    community = current_user.community_id
    return {
        "goods": {good.number: good for good in queries.goods(db.session(), community)},
        "staff": names_by_person(),
    }


@blueprint.get("/counts")
@audience(*WHO, Audience.ADMIN, Audience.AUDITOR)
def counts() -> str:
    """Show the counts of the past, and the one that is going on."""
    return _counts_page(NOT_TRIED)


def _counts_page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    found = queries.stock_counts(db.session(), community)
    return render_template(
        "counting/counts.html",
        counts=found,
        differences={one.number: queries.variances(db.session(), community, one.number) for one in found[:10]},
        current=queries.find_open_count(db.session(), community),
        counts_goods=bool(current_user.audiences & frozenset(WHO)),
        **tried.form(),
        **_names(),
    )


@blueprint.post("/counts")
@audience(*WHO)
def begin() -> str | Response | tuple[str, int]:
    """Begin a count of the whole shelf, or of the goods that were ticked."""

    def begin_it(session: Session) -> Any:  # the answer of the operation
        typed = BeginForm().load(request.form)
        return operations.open_count(session, act(typed["request_key"]), goods=tuple(typed["good"]))

    tried = attempt(begin_it)
    if not tried.done:
        return _counts_page(tried), tried.status
    return redirect(url_for("counting.count", number=tried.answer["number"]))


@blueprint.get("/counts/<number>")
@audience(*WHO, Audience.ADMIN, Audience.AUDITOR)
def count(number: str) -> str:
    """Show a count: what was counted so far; what the books say only when it was handed in, and not to who counted."""
    return _count_page(number, NOT_TRIED)


def _count_page(number: str, tried: Attempt[Any]) -> str:
    community = current_user.community_id
    found = queries.stock_count(db.session(), community, number)
    counted_here = current_user.person_id in queries.counters(db.session(), community, number) | {found.submitted_by_id}
    return render_template(
        "counting/count.html",
        count=found,
        lines=queries.tally_lines(db.session(), community, number),
        results=[one for one in _results(found) if one.difference] if not counted_here else [],
        variances=queries.variances(db.session(), community, number),
        counted_here=counted_here,
        counts_goods=bool(current_user.audiences & frozenset(WHO)),
        **tried.form(),
        **_names(),
    )


def _results(found: StockCount) -> tuple[Counted, ...]:
    if found.state != "submitted":
        return ()
    return counted_for(queries.tallies(db.session(), current_user.community_id, found.number), ())


def _after(number: str, tried: Attempt[Any], said: str = "") -> str | Response | tuple[str, int]:
    if not tried.done:
        return _count_page(number, tried), tried.status
    if said:
        flash(said, "good")
    return redirect(url_for("counting.count", number=number))


@blueprint.post("/counts/<number>/tallies")
@audience(*WHO)
def tally(number: str) -> str | Response | tuple[str, int]:
    """Add what was scanned: one piece, or as many as were typed."""
    told: list[str] = []

    def add(session: Session) -> Any:  # the answer of the operation
        typed = TallyForm().load(request.form)
        good = _good(typed["code"])
        done = operations.tally(
            session, act(typed["request_key"]), count_number=number, good_number=good, pieces=typed["pieces"]
        )
        name = queries.good(session, current_user.community_id, good).name
        told.append(_("%(name)s：一共数到 %(pieces)s 件", name=name, pieces=done["pieces"]))
        return done

    return _after(number, attempt(add), *told)


def _good(code: str) -> str:
    """Read what was scanned or typed: a bar code, or the number of a good."""
    found = queries.find_good_by_barcode(db.session(), current_user.community_id, code)
    return code.upper() if found is None else found.number


@blueprint.post("/counts/<number>/again")
@audience(*WHO)
def again(number: str) -> str | Response | tuple[str, int]:
    """Count one good from the beginning."""

    def recount(session: Session) -> Any:  # the answer of the operation
        typed = GoodForm().load(request.form)
        operations.recount(session, act(typed["request_key"]), count_number=number, good_number=typed["good"])

    return _after(number, attempt(recount), _("这种物品从零重数。"))


@blueprint.post("/counts/<number>/submit")
@audience(*WHO)
def submit(number: str) -> str | Response | tuple[str, int]:
    """Hand the count in; another person sees the differences."""

    def hand_in(session: Session) -> Any:  # the answer of the operation
        typed = Form().load(request.form)
        operations.submit_count(session, act(typed["request_key"]), count_number=number)

    return _after(number, attempt(hand_in), _("已交。等没有数的另一位核对差异。账还没有变动。"))


@blueprint.post("/counts/<number>/finalise")
@audience(*WHO)
def finalise(number: str) -> str | Response | tuple[str, int]:
    """Book the differences, each with its reason."""

    def book(session: Session) -> Any:  # the answer of the operation
        typed = ReasonsForm().load(request.form)
        reasons = tuple(VarianceReason(good, told) for good, told in typed["reason"].items())
        return operations.finalise_count(session, act(typed["request_key"]), count_number=number, reasons=reasons)

    return _after(number, attempt(book), _("已入账，货架和账一致了。"))


@blueprint.post("/counts/<number>/drop")
@audience(*WHO)
def drop(number: str) -> str | Response | tuple[str, int]:
    """Drop the count; nothing is booked."""

    def drop_it(session: Session) -> Any:  # the answer of the operation
        typed = ReasonForm().load(request.form)
        operations.drop_count(session, act(typed["request_key"]), count_number=number, reason=typed["reason"])

    return _after(number, attempt(drop_it), _("这次盘点已作废，账没有变动。"))


@blueprint.get("/write-offs")
@audience(*WHO, Audience.ADMIN, Audience.AUDITOR)
def write_offs() -> str:
    """Show what waits to be written off and what was, and take a new one down."""
    return _write_offs_page(NOT_TRIED)


def _write_offs_page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    return render_template(
        "counting/write_offs.html",
        write_offs=queries.write_offs(db.session(), community),
        lots=[item for item in queries.stock(db.session(), community, clock.now()) if item.free_pieces],
        causes=[(cause.value, word) for cause, word in CAUSES],
        counts_goods=bool(current_user.audiences & frozenset(WHO)),
        **tried.form(),
        **_names(),
    )


def _after_write_off(tried: Attempt[Any], said: str) -> str | Response | tuple[str, int]:
    if not tried.done:
        return _write_offs_page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("counting.write_offs"))


@blueprint.post("/write-offs")
@audience(*WHO)
def propose() -> str | Response | tuple[str, int]:
    """Ask for pieces to be written off."""

    def ask(session: Session) -> Any:  # the answer of the operation
        typed = WriteOffForm().load(request.form)
        return operations.propose_write_off(
            session,
            act(typed["request_key"]),
            lot_number=typed["lot"],
            pieces=typed["pieces"],
            cause=typed["cause"],
            note=typed["note"],
        )

    return _after_write_off(attempt(ask), _("已提交。等另一位看过实物再确认，现在还在账上。"))


@blueprint.post("/write-offs/confirm")
@audience(*WHO)
def confirm() -> str | Response | tuple[str, int]:
    """Write pieces off as the second person."""

    def write_it_off(session: Session) -> Any:  # the answer of the operation
        typed = NumberForm().load(request.form)
        return operations.confirm_write_off(session, act(typed["request_key"]), write_off_number=typed["number"])

    return _after_write_off(attempt(write_it_off), _("已报损。"))


@blueprint.post("/write-offs/withdraw")
@audience(*WHO)
def withdraw() -> str | Response | tuple[str, int]:
    """Drop a write-off that waits."""

    def drop_it(session: Session) -> Any:  # the answer of the operation
        typed = NumberForm().load(request.form)
        operations.withdraw_write_off(session, act(typed["request_key"]), write_off_number=typed["number"])

    return _after_write_off(attempt(drop_it), _("已撤回，物品还在账上。"))
