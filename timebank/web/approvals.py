"""Approving what others have recorded: a queue by activity, exceptions first; one record with its history."""

from typing import Any, ClassVar, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.people.queries import helping
from timebank.people.queries.helping import Help
from timebank.rulebook.rules import SourceClass
from timebank.service import operations, queries
from timebank.service.asked import Decision
from timebank.service.durations import find_minutes
from timebank.service.operations import objecting
from timebank.service.queries import Answer, PendingActivity, ServiceRecord
from timebank.web import sights
from timebank.web.access import Audience, act, audience
from timebank.web.forms import ByName, Digits, Form, Id, Many, Text, at_least_one, at_most, between
from timebank.web.lengths import Minutes
from timebank.web.presenting import duration, points
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("approvals", __name__, url_prefix="/coord")

RATINGS: Final = (5, 4, 3, 2, 1)
UNRATED: Final = 0
"""What the form sends for «no rating»."""


SOURCE_WORDS: Final = {
    SourceClass.SELF_CHECK_IN: lazy_gettext("自己签到"),
    SourceClass.STAFF_SCAN: lazy_gettext("门口扫卡"),
    SourceClass.SHEET: lazy_gettext("签到表"),
    SourceClass.LATE_ENTRY: lazy_gettext("补录"),
    SourceClass.OPENING: lazy_gettext("上线前"),
}
"""How a record became known, in two words."""


class ApprovalForm(Form):
    """The ticked records of one activity; a rating for all, exceptions by record, answers to what is flagged."""

    labels: ClassVar = {
        "record": lazy_gettext("通过"),
        "rating": lazy_gettext("评价"),
        "rating_for_all": lazy_gettext("这次服务的评价"),
        "answer": lazy_gettext("要回答的"),
        "answer_for_all": lazy_gettext("说明"),
    }

    record = Many(Id(), required=True, validate=at_least_one(2000))
    rating = ByName(keys=Id(), values=Digits(validate=between(1, 5)), load_default=dict)
    answer = ByName(keys=Id(), values=Text(validate=at_most(500)), load_default=dict)
    answer_for_all = Text(load_default="", validate=at_most(500))
    rating_for_all = Digits(required=True, validate=between(UNRATED, 5))


class FurtherForm(Form):
    """Records that make a day too long, and why they are right all the same."""

    labels: ClassVar = {"record": lazy_gettext("再审批"), "answer": lazy_gettext("为什么这么长")}

    record = Many(Id(), required=True, validate=at_least_one(500))
    answer = Text(required=True, validate=at_most(500, at_least=2))


class ReasonForm(Form):
    """Why a record is rejected or taken back."""

    labels: ClassVar = {"reason": lazy_gettext("原因")}

    reason = Text(required=True, validate=at_most(500, at_least=2))


class CorrectForm(Form):
    """How long it really was, and why the record said otherwise."""

    labels: ClassVar = {"minutes": lazy_gettext("实际时长"), "why": lazy_gettext("更正的原因")}

    minutes = Minutes(required=True)
    why = Text(required=True, validate=at_most(500, at_least=2))


@blueprint.get("/approvals")
@audience(Audience.COORDINATOR)
def queue() -> str:
    """Show what waits, by activity; flagged records first."""
    return _queue_page(NOT_TRIED)


def _queue_page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    waiting = sorted(queries.pending(db.session(), community), key=_is_for_another)
    once_more = queries.waiting_for_further(db.session(), community, day_of(clock.now()))
    numbers = {record.volunteer_number for group in waiting for record in group.records}
    numbers |= {one.record.volunteer_number for one in once_more}
    return render_template(
        "coordinator/approvals.html",
        waiting=[(group, _flagged_first(group)) for group in waiting],
        own={record.id for group in waiting for record in group.records if _is_own(record)},
        once_more=once_more,
        theirs={one.record.id for one in once_more if _is_own(one.record) or _approved(one.record)},
        names=people.volunteers(db.session(), community, numbers),
        staff=people.staff_names(db.session(), community),
        ratings=RATINGS,
        sources=SOURCE_WORDS,
        ticked=request.form.getlist("record"),
        **tried.form(),
    )


def _is_for_another(group: PendingActivity) -> bool:
    """What only somebody else can decide stands at the end."""
    return all(map(_is_own, group.records))


def _flagged_first(group: PendingActivity) -> list[ServiceRecord]:
    return sorted(group.records, key=lambda record: not record.flags)


def _is_own(record: ServiceRecord) -> bool:
    """Nobody approves what they recorded or did themselves; the operation refuses it, the page says so before."""
    return current_user.person_id in {record.recorder_id, record.person_id}


def _approved(record: ServiceRecord) -> bool:
    return current_user.person_id in {record.approver_id}


@blueprint.post("/approvals/further")
@audience(Audience.COORDINATOR)
def approve_further() -> Response | tuple[str, int]:
    """Approve once more what makes a day too long, all or none."""

    def approve_all(session: Session) -> dict[str, Any]:
        typed = FurtherForm().load(request.form)
        return operations.approve_further(
            session, act(typed["request_key"]), record_ids=tuple(typed["record"]), answer=typed["answer"]
        )

    tried = attempt(approve_all)
    if not tried.done:
        return _queue_page(tried), tried.status
    told = tried.answer
    said = _("已再审批 %(count)s 条，其中 %(posted)s 条已经入账。", count=told["approved"], posted=told["posted"])
    flash(said, "good")
    return redirect(url_for("approvals.queue"))


@blueprint.post("/approvals")
@audience(Audience.COORDINATOR)
def approve() -> Response | tuple[str, int]:
    """Approve the ticked records, all or none."""

    def approve_all(session: Session) -> dict[str, Any]:
        typed = ApprovalForm().load(request.form)
        return operations.approve_many(session, act(typed["request_key"]), decisions=_decisions(typed))

    tried = attempt(approve_all)
    if not tried.done:
        return _queue_page(tried), tried.status
    flash(_what_was_approved(tried.answer), "good")
    return redirect(url_for("approvals.queue"))


def _what_was_approved(told: dict[str, Any]) -> str:
    later: str = _("另有 %(count)s 条已审批，确认后、到日子就入账。", count=told["waiting"]) if told["waiting"] else ""
    if not told["approved"]:
        return later
    posted: str = _(
        "已通过 %(count)s 条，共 %(time)s，发放 %(points)s 分。",
        count=told["approved"],
        time=duration(told["minutes"]),
        points=points(told["points_e2"]),
    )
    return posted + later


def _decisions(typed: dict[str, Any]) -> tuple[Decision, ...]:
    def rating_of(record: UUID) -> int | None:
        return typed["rating"].get(record, typed["rating_for_all"]) or None

    return tuple(
        Decision(
            record_id=record, rating=rating_of(record), answer=typed["answer"].get(record) or typed["answer_for_all"]
        )
        for record in typed["record"]
    )


@blueprint.get("/records/<uuid:record_id>")
@audience(Audience.COORDINATOR, Audience.AUDITOR)
def record(record_id: UUID) -> str:
    """Show one record: who, when, by whom, what is flagged, and its entries."""
    return _record_page(record_id, NOT_TRIED)


def _record_page(record_id: UUID, tried: Attempt[Any]) -> str:
    community = current_user.community_id
    found = queries.record(db.session(), community, record_id)
    sights.about(found.volunteer_number)
    answers = queries.answers_to(db.session(), community, [record_id]).get(record_id, ())
    return render_template(
        "coordinator/record.html",
        record=found,
        answers=answers,
        authorities={one.answerer: _authority(found, one) for one in answers},
        further=queries.further_approvals(db.session(), community, [record_id]).get(record_id),
        stands_for=queries.stands_for(db.session(), community, record_id),
        volunteer=people.volunteer(db.session(), community, found.volunteer_number),
        staff=people.staff_names(db.session(), community),
        sources=SOURCE_WORDS,
        decides=Audience.COORDINATOR in current_user.audiences,
        **tried.form(),
    )


def _authority(found: ServiceRecord, said: Answer) -> Help | None:
    """By what a helper has answered for the volunteer; None where the volunteer or the desk did."""
    day = day_of(said.answered_at)
    community, number = current_user.community_id, found.volunteer_number
    return helping.authority(db.session(), community, helper_number=said.answerer, number=number, on=day)


@blueprint.post("/records/<uuid:record_id>/reject")
@audience(Audience.COORDINATOR)
def reject(record_id: UUID) -> Response | tuple[str, int]:
    """Reject a record that waits."""

    def reject_it(session: Session) -> None:
        typed = ReasonForm().load(request.form)
        operations.reject(session, act(typed["request_key"]), record_id=record_id, reason=typed["reason"])

    return _after(record_id, attempt(reject_it), _("已退回，原因已记下。没有记时长，也没有发积分。"))


@blueprint.post("/records/<uuid:record_id>/reverse")
@audience(Audience.COORDINATOR)
def reverse(record_id: UUID) -> Response | tuple[str, int]:
    """Take an approved record back by a mirrored entry."""

    def reverse_it(session: Session) -> int:
        typed = ReasonForm().load(request.form)
        return operations.reverse_record(
            session, act(typed["request_key"]), record_id=record_id, reason=typed["reason"]
        )

    return _after(record_id, attempt(reverse_it), _("已冲正。原来那一笔和这一笔都看得到。"))


@blueprint.post("/records/<uuid:record_id>/correct")
@audience(Audience.COORDINATOR)
def correct(record_id: UUID) -> Response | tuple[str, int]:
    """Take an approved record back and record it anew, for somebody else to approve."""

    def correct_it(session: Session) -> dict[str, Any]:
        typed = CorrectForm().load(request.form)
        minutes = find_minutes(typed["minutes"]) or 0
        return objecting.correct_record(
            session, act(typed["request_key"]), record_id=record_id, minutes=minutes, reason=typed["why"]
        )

    return _after(record_id, attempt(correct_it), _("已更正：原来那一笔冲正了，新的一条等另一位审批。"))


def _after(record_id: UUID, tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _record_page(record_id, tried), tried.status
    flash(said, "good")
    return redirect(url_for("approvals.record", record_id=record_id))
