"""Opening calendars at the desk: which there are, their weeks, days that differ, what is booked, what is offered."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import ValidationError, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.service import queries as service
from timebank.service.operations import offering
from timebank.timetable import operations, queries
from timebank.timetable.asked import NewTimetable
from timebank.timetable.queries import Timetable
from timebank.timetable.rules import DayKind, Hours, Use, WeekWindow, Window
from timebank.timetable.wording import find_windows, in_writing
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Choice, Day, Digits, Form, Id, Text, at_most, between
from timebank.web.presenting import moment
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.starting import starting
from timebank.web.who import one_meant

blueprint = Blueprint("timetables", __name__, url_prefix="/coord/timetables")

USES: Final = {
    Use.ACTIVITIES: lazy_gettext("志愿活动（值守、定时、错时）"),
    Use.APPOINTMENTS: lazy_gettext("预约服务"),
    Use.PICK_UP: lazy_gettext("超市领取"),
}
DAYS: Final = {
    DayKind.MONDAY: lazy_gettext("周一"),
    DayKind.TUESDAY: lazy_gettext("周二"),
    DayKind.WEDNESDAY: lazy_gettext("周三"),
    DayKind.THURSDAY: lazy_gettext("周四"),
    DayKind.FRIDAY: lazy_gettext("周五"),
    DayKind.SATURDAY: lazy_gettext("周六"),
    DayKind.SUNDAY: lazy_gettext("周日"),
    DayKind.HOLIDAY: lazy_gettext("放假日"),
    DayKind.WORKED_WEEKEND: lazy_gettext("调休上班日"),
}
SHOWN_DAYS: Final = 14
OPENNESS: Final = ("closed", "other", "ordinary")


class Windows(Text):
    """Hours as people write them; kept as text by the form, read by the view."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if find_windows(text) is None:
            raise ValidationError(_("请写成 8:30-12:00，几段用顿号隔开"))
        return text


class NewForm(Form):
    """A calendar to be made."""

    labels: ClassVar = {
        "name": lazy_gettext("名称"),
        "place": lazy_gettext("地点"),
        "use": lazy_gettext("用途"),
        "slot_minutes": lazy_gettext("每个时段几分钟"),
        "places": lazy_gettext("每个时段几个名额"),
    }

    use = Choice(Use, required=True)
    name = Text(required=True, validate=at_most(60))
    place = Text(required=True, validate=at_most(100))
    slot_minutes = Digits(load_default=None)
    places = Digits(load_default=None)


class HoursForm(Form):
    """The hours of a week, one line for each kind of day."""

    labels: ClassVar = {"valid_from": lazy_gettext("从哪天起"), **{kind.value: word for kind, word in DAYS.items()}}

    valid_from = Day(required=True)
    mon = Windows(load_default="", validate=at_most(200))
    tue = Windows(load_default="", validate=at_most(200))
    wed = Windows(load_default="", validate=at_most(200))
    thu = Windows(load_default="", validate=at_most(200))
    fri = Windows(load_default="", validate=at_most(200))
    sat = Windows(load_default="", validate=at_most(200))
    sun = Windows(load_default="", validate=at_most(200))
    holiday = Windows(load_default="", validate=at_most(200))
    worked_weekend = Windows(load_default="", validate=at_most(200))


class ExceptionForm(Form):
    """Days that differ."""

    labels: ClassVar = {
        "first_on": lazy_gettext("从哪天"),
        "last_on": lazy_gettext("到哪天"),
        "openness": lazy_gettext("怎么开"),
        "windows": lazy_gettext("开放时间"),
        "reason": lazy_gettext("原因"),
    }

    first_on = Day(required=True)
    last_on = Day(load_default=None)
    openness = Text(required=True, validate=validate.OneOf(OPENNESS))
    windows = Windows(load_default="", validate=at_most(200))
    reason = Text(required=True, validate=at_most(100))


class OfferForm(Form):
    """Like which activity, and for how many days."""

    labels: ClassVar = {"like": lazy_gettext("照哪场活动"), "days": lazy_gettext("几天内")}

    like = Text(required=True, validate=at_most(40))
    days = Digits(required=True, validate=between(1, queries.DAYS_MAX))


class BookForm(Form):
    """For whom a slot is booked at the desk."""

    labels: ClassVar = {"who": lazy_gettext("谁"), "about": lazy_gettext("什么事")}

    starts_at = Text(required=True, validate=at_most(40))
    who = Text(required=True, validate=at_most(60))
    about = Text(load_default="", validate=at_most(100))


class GiveBackForm(Form):
    """Which booking is given back."""

    booking = Id(required=True)


@blueprint.get("")
@audience(Audience.COORDINATOR)
def overview() -> str:
    """Show the calendars, and the form for a new one."""
    return _overview(NOT_TRIED)


def _overview(tried: Attempt[Any]) -> str:
    found = queries.timetables(db.session(), current_user.community_id)
    return render_template("timetables/overview.html", found=found, uses=USES, **tried.form())


@blueprint.post("")
@audience(Audience.COORDINATOR)
def make() -> Response | tuple[str, int]:
    """Make a calendar; its hours come next."""

    def make_one(session: Session) -> str:
        typed = NewForm().load(request.form)
        new = NewTimetable(**{name: typed[name] for name in ("use", "name", "place", "slot_minutes", "places")})
        return operations.make(session, act(typed["request_key"]), new=new)

    tried = attempt(make_one)
    if not tried.done:
        return _overview(tried), tried.status
    flash(_("开放日历 %(number)s 建好了，接着填开放时间。", number=tried.answer), "good")
    return redirect(url_for("timetables.one", number=tried.answer))


@blueprint.get("/<number>")
@audience(Audience.COORDINATOR)
def one(number: str) -> str:
    """Show a calendar: its week, days that differ, the next two weeks, what is booked or offered."""
    return _page(number, NOT_TRIED)


def _page(number: str, tried: Attempt[Any]) -> str:
    community, now = current_user.community_id, clock.now()
    found = queries.timetable(db.session(), community, number)
    booked = queries.bookings_to_come(db.session(), community, number, now)
    listed = queries.slots(db.session(), community, number, first_on=day_of(now), days=SHOWN_DAYS)
    slots = [slot for slot in listed if slot.times.starts_at > now]
    offered = found.use is Use.ACTIVITIES
    return render_template(
        "timetables/one.html",
        calendar=found,
        uses=USES,
        days=DAYS,
        week=_week(found, day_of(now)),
        today=day_of(now),
        exceptions=[(one, in_writing(one.windows or ())) for one in found.exceptions if one.last_on >= day_of(now)],
        slots=slots,
        free=[(slot.times.starts_at.isoformat(), moment(slot.times.starts_at)) for slot in slots if slot.is_free],
        numbers=service.starts_offered(db.session(), community, found.id, now) if offered else {},
        booked=booked,
        names=people.volunteers(db.session(), community, {one.volunteer_number for one in booked}),
        examples=[
            (like.number, f"{like.title} {like.number}")
            for like in (service.activities_newest(db.session(), community, limit=20) if offered else ())
        ],
        **tried.form(),
    )


def _week(found: Timetable, today: date) -> Mapping[str, str]:
    """Write the hours that were set last; they may begin later than today."""
    last = found.hours[-1] if found.hours else Hours(today, ())
    return {kind.value: in_writing(last.on(kind)) for kind in DayKind}


@blueprint.post("/<number>/hours")
@audience(Audience.COORDINATOR)
def set_hours(number: str) -> Response | tuple[str, int]:
    """Set the hours of a week."""

    def keep(session: Session) -> Any:  # a sentence
        typed = HoursForm().load(request.form)
        windows = tuple(WeekWindow(kind, one) for kind in DayKind for one in _windows(typed[kind.value]))
        operations.set_hours(
            session, act(typed["request_key"]), number=number, valid_from=typed["valid_from"], windows=windows
        )
        return _("开放时间已保存。")

    return _after(number, attempt(keep))


def _windows(text: str) -> tuple[Window, ...]:
    """Read what the form has found readable."""
    return find_windows(text) or ()


@blueprint.post("/<number>/exceptions")
@audience(Audience.COORDINATOR)
def set_exception(number: str) -> Response | tuple[str, int]:
    """Let days differ."""

    def keep(session: Session) -> Any:  # a sentence
        typed = ExceptionForm().load(request.form)
        windows = {"closed": (), "ordinary": None, "other": _windows(typed["windows"])}[typed["openness"]]
        operations.set_exception(
            session,
            act(typed["request_key"]),
            number=number,
            first_on=typed["first_on"],
            last_on=typed["last_on"] or typed["first_on"],
            windows=windows,
            reason=typed["reason"],
        )
        return _("已保存。约好的人请另外通知。")

    return _after(number, attempt(keep))


@blueprint.post("/<number>/offers")
@audience(Audience.COORDINATOR)
def offer(number: str) -> Response | tuple[str, int]:
    """Propose an activity for every slot that has none."""

    def propose(session: Session) -> Any:  # a sentence
        typed = OfferForm().load(request.form)
        told = offering.offer_slots(
            session,
            act(typed["request_key"]),
            timetable_number=number,
            like=typed["like"],
            first_on=day_of(clock.now()),
            days=typed["days"],
        )
        return _("已安排 %(count)s 场，等另一位负责人批准。", count=len(told["activities"]))

    return _after(number, attempt(propose))


@blueprint.post("/<number>/bookings")
@audience(Audience.COORDINATOR)
def book(number: str) -> Response | tuple[str, int]:
    """Book a slot at the desk."""

    def put_down(session: Session) -> Any:  # a sentence
        typed = BookForm().load(request.form)
        person = one_meant(session, current_user.community_id, typed["who"])
        operations.book(
            session,
            act(typed["request_key"]),
            number=number,
            starts_at=starting(typed["starts_at"]),
            volunteer_number=person.number,
            about=typed["about"],
        )
        return _("已给 %(name)s 约好。", name=person.name)

    return _after(number, attempt(put_down))


@blueprint.post("/<number>/give-back")
@audience(Audience.COORDINATOR)
def give_back(number: str) -> Response | tuple[str, int]:
    """Give a slot back at the desk."""

    def take_off(session: Session) -> Any:  # a sentence
        typed = GiveBackForm().load(request.form)
        operations.give_back(session, act(typed["request_key"]), booking_id=typed["booking"])
        return _("已取消预约。")

    return _after(number, attempt(take_off))


@blueprint.post("/<number>/close")
@audience(Audience.COORDINATOR)
def close(number: str) -> Response | tuple[str, int]:
    """Use the calendar no more."""

    def shut(session: Session) -> Any:  # a sentence
        typed = Form().load(request.form)
        operations.close(session, act(typed["request_key"]), number=number)
        return _("开放日历已停用。")

    return _after(number, attempt(shut))


def _after(number: str, tried: Attempt[str]) -> Response | tuple[str, int]:
    if not tried.done:
        return _page(number, tried), tried.status
    flash(tried.answer, "good")
    return redirect(url_for("timetables.one", number=number))
