"""Scenes of who comes: signed up for what is next, at the door of what was last, and what is open when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from timebank.demo.scenes import Scene
from timebank.demo.stage import COMMUNITY, Stage
from timebank.ledger.days import day_of
from timebank.service.operations import attending, signing_up
from timebank.timetable import operations as timetables
from timebank.timetable import queries
from timebank.timetable.asked import NewTimetable
from timebank.timetable.rules import DayKind, Use, WeekWindow, Window

WORKDAYS: Final = tuple(DayKind)[:5]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp(Scene):
    """A volunteer signs up; `by` is the volunteer."""

    label: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        number = stage.activities[self.label]
        act = stage.act(self.by, self.at)
        signing_up.sign_up(stage.session, act, activity_number=number, volunteer_number=self.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheDoor(Scene):
    """Cards are scanned at the door."""

    label: str
    volunteers: tuple[str, ...]
    leaving: bool

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        for volunteer in self.volunteers:
            attending.mark_at_door(
                stage.session,
                stage.act(self.by, self.at),
                activity_number=stage.activities[self.label],
                volunteer_number=volunteer,
                leaving=self.leaving,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCalendar(Scene):
    """A calendar is made and filled in."""

    new: NewTimetable
    week: tuple[WeekWindow, ...]

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        number = timetables.make(stage.session, stage.act(self.by, self.at), new=self.new)
        act = stage.act(self.by, self.at)
        timetables.set_hours(stage.session, act, number=number, valid_from=day_of(self.at), windows=self.week)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookNext(Scene):
    """A volunteer books the next free appointment; `by` is the volunteer."""

    about: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        [calendar] = queries.timetables(stage.session, COMMUNITY, use=Use.APPOINTMENTS)
        found = queries.slots(stage.session, COMMUNITY, calendar.number, first_on=day_of(self.at), days=14)
        first = next(one for one in found if one.is_free and one.times.starts_at > self.at)
        timetables.book(
            stage.session,
            stage.act(self.by, self.at),
            number=calendar.number,
            starts_at=first.times.starts_at,
            volunteer_number=self.by,
            about=self.about,
        )


def calendars(at: datetime, by: str) -> tuple[OpenCalendar, ...]:
    """Return the calendars of the demo: haircuts by appointment, and the evening duty at the station."""
    haircuts = NewTimetable(use=Use.APPOINTMENTS, name="便民理发", place="社区服务站", slot_minutes=30, places=1)
    duty = NewTimetable(use=Use.ACTIVITIES, name="晚间错时值守", place="社区服务站", places=2)
    mornings = tuple(WeekWindow(day, Window(540, 660)) for day in (DayKind.WEDNESDAY, DayKind.SATURDAY))
    evenings = tuple(WeekWindow(day, Window(1080, 1200, "错时")) for day in WORKDAYS)
    return (
        OpenCalendar(at=at, by=by, new=haircuts, week=mornings),
        OpenCalendar(at=at, by=by, new=duty, week=evenings),
    )
