"""Recording the hours of thirty people on one page: list them, change the exceptions, look once more, submit.

One address, one form, three buttons. Everything works without scripts: the server adds up, keeps what was typed, and
names everything that is wrong before anything is saved. A row without a length of its own has the one for all, so
that only the exceptions are typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import ValidationError, fields, post_load, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance
from timebank.books.requests import Secret
from timebank.database import db
from timebank.people import queries as people
from timebank.people.queries import Volunteer
from timebank.service import operations, queries
from timebank.service.asked import NewRecipient, Sheet, SheetLine
from timebank.service.durations import written_minutes
from timebank.service.queries import Activity, Attended
from timebank.service.rules import LIVE
from timebank.web import texts
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Form, Many, Text, at_most
from timebank.web.lengths import UNREADABLE, Minutes, find_length
from timebank.web.presenting import duration
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt, malformed
from timebank.web.who import meant_by

blueprint = Blueprint("hours", __name__, url_prefix="/coord/activities")

PEOPLE_MAX: Final = 300
NAMES_MAX: Final = 20_000
STEPS: Final = ("list", "check", "submit")

_INCOMPLETE: Final = lazy_gettext("这一页没有收完整，请刷新后再提交")


class HoursForm(Form):
    """The page of hours: who came, how long each; `names` adds people, one a line."""

    labels: ClassVar = {
        "default": lazy_gettext("时长"),
        "names": lazy_gettext("加人"),
        "sheet_number": lazy_gettext("签到表编号"),
        "late_reason": lazy_gettext("补录原因"),
        "remark": lazy_gettext("备注"),
        "recipient": lazy_gettext("服务对象的称呼"),
        "tail": lazy_gettext("服务对象手机号的最后四位"),
    }

    step = Text(required=True, validate=validate.OneOf(STEPS, error=_INCOMPLETE))
    default = Minutes(required=True)
    names = Text(lines=True, load_default="", validate=at_most(NAMES_MAX))
    sheet_number = Text(load_default="", validate=at_most(40))
    late_reason = Text(load_default="", validate=at_most(500))
    recipient = Text(load_default="", validate=at_most(60))
    tail = Text(load_default="", validate=at_most(4))
    came = Many(fields.String(), load_default=list)
    number = Many(fields.String(), load_default=list, validate=validate.Length(max=PEOPLE_MAX, error=_INCOMPLETE))
    minutes = Many(Text(), load_default=list)
    remark = Many(Text(validate=at_most(500)), load_default=list)

    @post_load
    def as_lines(self, typed: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Put number, minutes and remark of each row together."""
        if not len(set(typed["number"])) == len(typed["number"]) == len(typed["minutes"]) == len(typed["remark"]):
            raise ValidationError({"names": [str(_INCOMPLETE)]})
        rows = zip(typed["number"], typed["minutes"], typed["remark"], strict=True)
        came = set(typed["came"])
        typed["lines"] = tuple(TypedLine(number, text, remark, number in came) for number, text, remark in rows)
        return typed


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One row as it was typed: number, length of time (empty: the one for all), remark, whether the person came."""

    number: str
    text: str = ""
    remark: str = ""
    came: bool = True


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One row as it is shown.

    Attributes:
        minutes: what was typed, or the length for all; None where nobody can read it.
        problems: what is wrong with it; `blocked` if it cannot be saved so.
        there: what codes and cards show of the person, or None.
    """

    volunteer: Volunteer
    typed: TypedLine
    minutes: int | None
    problems: tuple[str, ...] = ()
    blocked: bool = False
    there: Attended | None = None

    @property
    def starts_at(self) -> datetime | None:
        """When the person came, as codes and cards show it; None where they show nothing."""
        return self.there.facts.span.starts_at if self.there and self.there.facts.span else None

    @property
    def is_exception(self) -> bool:
        """Whether somebody should look at it again before it is submitted."""
        return bool(self.typed.text or self.typed.remark or self.problems or not self.typed.came)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A name that means nobody, or several: never guessed."""

    text: str
    candidates: tuple[Volunteer, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The page of an activity as it stands: what was typed above, the rows, and the names that mean nobody."""

    activity: Activity
    typed: Mapping[str, Any]
    lines: tuple[ShownLine, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    checking: bool = False
    present: tuple[ShownLine, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Note who came."""
        object.__setattr__(self, "present", tuple(line for line in self.lines if line.typed.came))

    @property
    def total_minutes(self) -> int:
        """What all who came have served together."""
        return sum(line.minutes or 0 for line in self.present)

    @property
    def exceptions(self) -> tuple[ShownLine, ...]:
        """The rows that are not like all others."""
        return tuple(line for line in self.lines if line.is_exception)

    @property
    def unreadable(self) -> tuple[ShownLine, ...]:
        """The rows of those who came whose length nobody can read."""
        return tuple(line for line in self.present if not line.minutes)

    @property
    def ready(self) -> bool:
        """Whether everything can be read and everybody is found."""
        return bool(self.present) and not self.unmatched and not self.unreadable

    @property
    def blocked(self) -> bool:
        """Whether a row cannot be saved as it is."""
        return not self.ready or any(line.blocked for line in self.present)


@blueprint.get("/<number>/hours")
@audience(Audience.COORDINATOR)
def record_hours(number: str) -> str:
    """Show the page with nobody on it yet, or with those who came the last time."""
    activity = queries.activity(db.session(), current_user.community_id, number)
    typed = {"default": written_minutes(activity.span.minutes)}
    last_time = queries.who_came_last_time(db.session(), current_user.community_id, activity)
    came = [TypedLine(one) for one in last_time] if "again" in request.args else _listed(activity)
    lines = _shown(came, activity)
    return _drawn(Page(activity, typed, lines), NOT_TRIED, last_time=len(last_time))


def _listed(activity: Activity) -> list[TypedLine]:
    """List who came, as codes and cards show it, and who had a place and was not seen; each who has hours is left out.

    Where nobody checked in at all, everybody with a place is taken to have come, as on a sheet.
    """
    community = current_user.community_id
    there = queries.attended(db.session(), community, activity)
    placed = [one.volunteer_number for one in queries.sign_ups(db.session(), community, activity) if not one.waits]
    records = queries.records_of_activity(db.session(), community, activity.number)
    done = {one.volunteer_number for one in records if one.state in LIVE}
    numbers = [number for number in dict.fromkeys([*placed, *there]) if number not in done]
    return [
        TypedLine(number, _length_shown(there.get(number), activity), came=not there or number in there)
        for number in numbers
    ]


def _length_shown(there: Attended | None, activity: Activity) -> str:
    """Write what codes and cards show where it is not the length for all."""
    if there is None or there.facts.span is None or there.facts.span.minutes == activity.span.minutes:
        return ""
    return written_minutes(there.facts.span.minutes)


def _drawn(page: Page, tried: Attempt[Any], *, last_time: int = 0) -> str:
    return render_template(
        "coordinator/hours.html", page=page, last_time=last_time, **tried.form() | {"typed": page.typed}
    )


@blueprint.post("/<number>/hours")
@audience(Audience.COORDINATOR)
def submit_hours(number: str) -> str | Response | tuple[str, int]:
    """List the people, check, or submit, as the pressed button says."""
    activity = queries.activity(db.session(), current_user.community_id, number)
    try:
        typed = HoursForm().load(request.form)
        page = _page(activity, typed)
    except ValidationError as error:
        return _drawn(_as_typed(activity), malformed(error)), 400
    if typed["step"] == "submit" and page.ready:
        return _submitted(page)
    checked = _checked(page)
    return _drawn(replace(checked, checking=typed["step"] != "list" and page.ready), NOT_TRIED)


def _page(activity: Activity, typed: Mapping[str, Any]) -> Page:
    lines, unmatched = _with_names(typed)
    left = "\n".join(one.text for one in unmatched)
    return Page(
        activity, {**typed, "names": left}, _shown(lines, activity, find_length(typed["default"]) or 0), unmatched
    )


def _as_typed(activity: Activity) -> Page:
    """Read of a page that is wrong somewhere as much as can be read, so that nothing typed is lost."""
    columns = [request.form.getlist(name) for name in ("number", "minutes", "remark")]
    came = set(request.form.getlist("came"))
    rows = [TypedLine(number, text, remark, number in came) for number, text, remark in zip(*columns, strict=False)]
    default = find_length(request.form.get("default", "")) or activity.span.minutes
    known = people.volunteers(db.session(), current_user.community_id, [row.number for row in rows])
    known_rows = [row for row in rows if row.number in known]
    return Page(activity, request.form.to_dict(), _shown(known_rows, activity, default))


def _with_names(typed: Mapping[str, Any]) -> tuple[tuple[TypedLine, ...], tuple[Unmatched, ...]]:
    """Add the people whose names or numbers were pasted; tell which mean nobody or several."""
    lines, unmatched = list(typed["lines"]), []
    there = {line.number for line in lines}
    for text in filter(None, (line.strip() for line in typed["names"].splitlines())):
        meant = meant_by(db.session(), current_user.community_id, text)
        if len(meant) != 1:
            unmatched.append(Unmatched(text, meant))
        elif meant[0].number not in there:
            there.add(meant[0].number)
            lines.append(TypedLine(meant[0].number))
    return tuple(lines), tuple(unmatched)


def _shown(lines: Sequence[TypedLine], activity: Activity, default: int | None = None) -> tuple[ShownLine, ...]:
    """Show rows with the people behind their numbers; a number that is none of ours was not on the page.

    Args:
        default: the length for all, in minutes; None takes the plan's.

    Raises:
        ValidationError: there is such a number.
    """
    known = people.volunteers(db.session(), current_user.community_id, [line.number for line in lines])
    if any(line.number not in known for line in lines):
        raise ValidationError({"names": [str(_INCOMPLETE)]})
    there = queries.attended(db.session(), current_user.community_id, activity)
    length = activity.span.minutes if default is None else default
    return tuple(_shown_line(known[line.number], line, length, there.get(line.number)) for line in lines)


def _shown_line(volunteer: Volunteer, line: TypedLine, default: int, there: Attended | None) -> ShownLine:
    minutes = find_length(line.text) if line.text else default
    problems = (str(UNREADABLE),) if minutes is None and line.came else ()
    return ShownLine(volunteer, line, minutes, problems, there=there)


def _sheet(page: Page) -> Sheet:
    return Sheet(
        activity_number=page.activity.number,
        lines=tuple(_sheet_line(line, page.activity) for line in page.present),
        sheet_number=page.typed["sheet_number"],
        late_reason=page.typed["late_reason"],
    )


def _sheet_line(line: ShownLine, activity: Activity) -> SheetLine:
    starts_at = line.starts_at or activity.starts_at
    return SheetLine(
        volunteer_number=line.volunteer.number,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=line.minutes or 0),
        remark=line.typed.remark,
    )


def _checked(page: Page) -> Page:
    """Ask the rules about every row, as if it were saved now; nothing is written."""
    if not page.ready:
        return page
    found = queries.problems_of_sheet(db.session(), act(page.typed["request_key"]), _sheet(page))
    told = {line.volunteer.number: problems for line, problems in zip(page.present, found, strict=True)}
    return replace(page, lines=tuple(_with_told(line, told.get(line.volunteer.number, ())) for line in page.lines))


def _with_told(line: ShownLine, problems: Sequence[Any]) -> ShownLine:
    sentences = tuple(texts.told(problem.code, problem.facts) for problem in problems)
    return replace(line, problems=line.problems + sentences, blocked=any(problem.blocked for problem in problems))


def _submitted(page: Page) -> Response | tuple[str, int]:
    """Save the sheet. The operation is asked first, so that the button pressed twice gives the first answer again."""

    def save(session: Session) -> dict[str, Any]:
        doing, sheet = act(page.typed["request_key"]), _sheet(page)
        name, tail = page.typed["recipient"], page.typed["tail"]
        if not (name or tail):
            return operations.record_many(session, doing, sheet=sheet)
        recipient = NewRecipient(name=name, phone_tail=tail, code=Secret(chance.fresh_digits(10)))
        return operations.record_served(session, doing, sheet=sheet, recipient=recipient)

    tried = attempt(save)
    if not tried.done:
        checked = _checked(page)
        # What is wrong with a row stands beside it; what is wrong with all of it stands on top.
        shown: Attempt[Any] = Attempt(done=False, refused=() if checked.blocked else tried.refused)
        return _drawn(replace(checked, checking=True), shown), tried.status
    said = _(
        "已提交 %(people)s 人、%(time)s，等另一位负责人审批。",
        people=len(tried.answer["records"]),
        time=duration(page.total_minutes),
    )
    flash(said, "good")
    if page.typed["recipient"]:
        flash(_("已记下服务对象。请把这一页的编码告诉对方。"), "good")
        return redirect(url_for("attending.one", number=page.activity.number))
    return redirect(url_for("coordinator.home"))
