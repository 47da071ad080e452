"""Appointments: everybody sees which slots are free; a volunteer books one for themselves or for whom they help."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people.queries import helping
from timebank.timetable import operations, queries
from timebank.timetable.queries import Booking, Slot, Timetable
from timebank.timetable.rules import Use
from timebank.web.access import Audience, act, audience, community_id
from timebank.web.forms import Form, Id, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.starting import starting

blueprint = Blueprint("appointments", __name__, url_prefix="/appointments")

SHOWN_DAYS: Final = 14


class BookForm(Form):
    """Which slot, about what, and for whom: oneself where that is empty."""

    labels: ClassVar = {"starts_at": lazy_gettext("时段"), "about": lazy_gettext("什么事")}

    starts_at = Text(required=True, validate=at_most(40))
    about = Text(load_default="", validate=at_most(100))
    whom = Text(load_default="", validate=at_most(40))


class GiveBackForm(Form):
    """Which booking is given back."""

    booking = Id(required=True)


@blueprint.get("")
@audience(Audience.PUBLIC)
def overview() -> str:
    """Show what can be booked, and what the visitor has booked."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    now = clock.now()
    calendars = queries.timetables(db.session(), community_id(), use=Use.APPOINTMENTS)
    return render_template(
        "appointments/overview.html",
        calendars=[(one, _free(one)) for one in calendars],
        own=_own(),
        helped=_helped(),
        today=day_of(now),
        **tried.form(),
    )


def _free(calendar: Timetable) -> list[tuple[Any, Sequence[Slot]]]:  # a day and its slots
    """Return the slots that can still be booked, by day."""
    now = clock.now()
    found = queries.slots(db.session(), community_id(), calendar.number, first_on=day_of(now), days=SHOWN_DAYS)
    free = (slot for slot in found if slot.is_free and slot.times.starts_at > now)
    return [(day, tuple(slots)) for day, slots in groupby(free, key=lambda slot: day_of(slot.times.starts_at))]


def _helped() -> tuple[helping.Help, ...]:
    if not current_user.is_authenticated:
        return ()
    return helping.helped_by(db.session(), community_id(), current_user.person_id, day_of(clock.now()))


def _own() -> list[Booking]:
    """Return what the visitor, and whom they help, have booked."""
    if not current_user.is_authenticated:
        return []
    persons = [current_user.person_id, *(one.person_id for one in _helped())]
    found = [
        one
        for person_id in persons
        for one in queries.bookings_of(db.session(), community_id(), person_id, clock.now())
    ]
    return sorted(found, key=lambda one: one.starts_at)


@blueprint.post("/<number>")
@audience(Audience.VOLUNTEER)
def book(number: str) -> Response | tuple[str, int]:
    """Book a slot."""

    def put_down(session: Session) -> str:
        typed = BookForm().load(request.form)
        return operations.book(
            session,
            act(typed["request_key"]),
            number=number,
            starts_at=starting(typed["starts_at"]),
            volunteer_number=typed["whom"] or current_user.volunteer_number,
            about=typed["about"],
        )

    return _after(attempt(put_down), _("约好了，到时见。"))


@blueprint.post("/give-back")
@audience(Audience.VOLUNTEER)
def give_back() -> Response | tuple[str, int]:
    """Give a slot back."""

    def take_off(session: Session) -> None:
        typed = GiveBackForm().load(request.form)
        operations.give_back(session, act(typed["request_key"]), booking_id=typed["booking"])

    return _after(attempt(take_off), _("已取消预约，时段让给别人。"))


def _after(tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("appointments.overview"))
