"""Who came to which activity, who recorded and who approved it, with how many stars, and how many points that gives."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from timebank.demo.cast import (
    CANDIDATE,
    CANDIDATE_MINUTES,
    CHEN,
    HEROINE,
    HEROINE_MINUTES,
    LI,
    Member,
)
from timebank.demo.diary import SUNDAY, Effort, Occasion, Stand
from timebank.demo.dice import Dice
from timebank.demo.scenes import Scene
from timebank.demo.service_scenes import (
    Agree,
    Approve,
    ApproveOwn,
    Attendance,
    GrantStars,
    Propose,
    Record,
    Reject,
    TakeRecordBack,
)
from timebank.ledger.days import moment_of
from timebank.rulebook.rules import ServiceInputs, SourceClass, ordinary_document, points_for

STARS: Final = ((5, 60), (4, 28), (3, 9), (2, 3))
"""Ratings, and how often out of a hundred each is given."""
LEFT_EARLY_PERCENT: Final = 8
AGE_OFF_THE_FEET: Final = 80
ALWAYS_THERE: Final = {HEROINE: frozenset({"清扫楼道", "便民服务日"}), CANDIDATE: frozenset({"清扫楼道"})}
"""Whom one is sure to meet where."""
LI_RECORDS_OF_THREE: Final = 2
"""Of three activities Li records two and Chen approves them; of those that wait it is the other way round."""
CORRECTED, REJECTED, TRIED_ALONE = 2, 4, 5
"""Which activities have a story: a record that is taken back, one that is rejected, an approval of one's own."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Points that come into a passbook at a moment, in hundredths; below zero where a record is taken back."""

    at: datetime
    volunteer: str
    points_e2: int


@dataclass(frozen=True, slots=True)
class Service:
    """Everything about service: its scenes, what they credit, and the approved minutes of each volunteer."""

    scenes: tuple[Scene, ...]
    credits: tuple[Credit, ...]
    minutes: Mapping[str, int]


def service_for(
    occasions: Sequence[Occasion], members: Sequence[Member], dice: Dice, days: tuple[date, date]
) -> Service:
    """Decide who came, and tell everything that follows. days: the first and the last day of the demo."""
    came = _attendances(occasions, members, dice)
    scenes: list[Scene] = []
    credits_: list[Credit] = []
    minutes: defaultdict[str, int] = defaultdict(int)
    for place, occasion in enumerate(occasions):
        story = _Story(place, occasion, came.get(occasion.label, ()), *days)
        scenes += story.scenes()
        for credit, served in story.outcome():
            credits_.append(credit)
            minutes[credit.volunteer] += served
    return Service(tuple(scenes), tuple(credits_), minutes)


def opening_minutes(members: Iterable[Member], served: Mapping[str, int]) -> dict[str, int]:
    """Return the minutes on the paper passbooks; those of the two whose story has a figure are worked out from it."""
    aims = {HEROINE: HEROINE_MINUTES, CANDIDATE: CANDIDATE_MINUTES}
    return {
        one.number: aims[one.number] - served.get(one.number, 0) if one.number in aims else one.opening_minutes
        for one in members
        if one.opening_minutes is not None
    }


def _attendances(
    occasions: Sequence[Occasion], members: Sequence[Member], dice: Dice
) -> dict[str, tuple[Attendance, ...]]:
    """Decide who came where; nobody is at two activities of one day."""
    busy: defaultdict[date, set[str]] = defaultdict(set)
    came = {}
    for occasion in occasions:
        if occasion.stand in (Stand.APPROVED, Stand.WAITING):
            free = [one for one in members if one.number not in busy[occasion.day] and _may_join(one, occasion)]
            chosen = _chosen(occasion, free, dice)
            busy[occasion.day] |= {one.number for one in chosen}
            came[occasion.label] = tuple(_attendance(one, occasion, dice) for one in chosen)
    return came


def _may_join(member: Member, occasion: Occasion) -> bool:
    effort = occasion.series.effort
    if effort is Effort.EASY:
        return True
    return member.age < AGE_OFF_THE_FEET and not (effort is Effort.GROWN_UP and member.is_minor)


def _chosen(occasion: Occasion, free: Sequence[Member], dice: Dice) -> list[Member]:
    sure = [one for one in free if occasion.series.title in ALWAYS_THERE.get(one.number, ())]
    others = [one for one in free if one not in sure]
    low, high = occasion.series.people
    wanted = min(dice.between(low, high), len(free) * 2 // 3) - len(sure)
    found = dice.sample(others, [one.keen for one in others], max(wanted, 1))
    return sorted([*sure, *found], key=lambda one: one.ordinal)


def _attendance(member: Member, occasion: Occasion, dice: Dice) -> Attendance:
    stars = dice.pick([given for given, _ in STARS], [often for _, often in STARS])
    minutes, remark = occasion.series.minutes, ""
    if member.number not in ALWAYS_THERE and minutes > 60 and dice.happens(LEFT_EARLY_PERCENT):
        minutes, remark = minutes - 30, "提前走"
    return Attendance(member.number, minutes, remark, stars)


@dataclass(frozen=True, slots=True)
class _Story:
    """One activity from its announcement to its approval.

    place: which of all it is, from 0; first_day, last_day: of the demo, in between everything happens.
    """

    place: int
    occasion: Occasion
    came: tuple[Attendance, ...]
    first_day: date
    last_day: date

    def scenes(self) -> Iterator[Scene]:
        """Yield what happens, in order."""
        yield from self._announcement()
        if not self.came:
            return
        yield self._record(self.occasion.label, self.came, self._recorded_at)
        if self._is(TRIED_ALONE):
            tried_at = self._recorded_at + timedelta(minutes=3)
            yield ApproveOwn(at=tried_at, by=self._recorder, label=self.occasion.label, attendances=self.came)
        if self.occasion.stand is Stand.APPROVED:
            yield from self._approval()

    def outcome(self) -> Iterator[tuple[Credit, int]]:
        """Yield what the approval credits, with the minutes that count."""
        if self.occasion.stand is not Stand.APPROVED:
            return
        for one in self._accepted:
            yield self._credit(one, self._approved_at)
        if self._is(CORRECTED):
            credit, minutes = self._credit(self._mistaken, self._corrected_at)
            yield replace(credit, points_e2=-credit.points_e2), -minutes
            yield self._credit(self._put_right, self._corrected_at + timedelta(hours=1))

    def _announcement(self) -> Iterator[Scene]:
        """A few days before; the first ones on the first day, early enough."""
        day = max(self.first_day, self.occasion.day - timedelta(days=4))
        if self.occasion.stand in (Stand.TO_COME, Stand.PROPOSED):
            day = self.last_day
        at = on(day, 13, self.place % 50)
        proposer, other = (LI, CHEN) if self.occasion.stand is not Stand.PROPOSED else (CHEN, LI)
        yield Propose(at=at, by=proposer, occasion=self.occasion)
        if self.occasion.stand is not Stand.PROPOSED:
            yield Agree(at=at + timedelta(minutes=55), by=other, label=self.occasion.label)

    def _is(self, story: int) -> bool:
        return self.occasion.stand is Stand.APPROVED and self.place == story

    @property
    def _recorder(self) -> str:
        li = self.place % 3 < LI_RECORDS_OF_THREE
        if self.occasion.stand is Stand.WAITING:
            li = not li
        return LI if li else CHEN

    @property
    def _approver(self) -> str:
        return CHEN if self._recorder == LI else LI

    @property
    def _recorded_at(self) -> datetime:
        return on(at_work(self.occasion.day + timedelta(days=1)), 9, 5 + self.place)

    @property
    def _approved_at(self) -> datetime:
        return on(at_work(self.occasion.day + timedelta(days=2)), 10, 10 + self.place)

    @property
    def _corrected_at(self) -> datetime:
        return on(at_work(self.occasion.day + timedelta(days=4)), 11, 0)

    @property
    def _rejected(self) -> Attendance:
        return self.came[-1]

    @property
    def _accepted(self) -> tuple[Attendance, ...]:
        return self.came[:-1] if self._is(REJECTED) else self.came

    @property
    def _mistaken(self) -> Attendance:
        """The record that turns out wrong: of somebody who has enough points left to give some back."""
        return next(one for one in self.came[4:] if one.volunteer not in ALWAYS_THERE)

    @property
    def _put_right(self) -> Attendance:
        return replace(self._mistaken, minutes=self._mistaken.minutes - 30, remark="更正：签到表看错一行")

    def _approval(self) -> Iterator[Scene]:
        label = self.occasion.label
        if self._is(REJECTED):
            at = self._approved_at - timedelta(minutes=2)
            reason = "签到表上没有本人签名，请核实后重录"
            yield Reject(at=at, by=self._approver, label=label, volunteer=self._rejected.volunteer, reason=reason)
        yield Approve(at=self._approved_at, by=self._approver, label=label, attendances=self._accepted)
        if self._is(CORRECTED):
            yield from self._correction(label)

    def _correction(self, label: str) -> Iterator[Scene]:
        at, again, right = self._corrected_at, f"{label}-again", (self._put_right,)
        reason = "签到表看错一行，早走半小时"
        yield TakeRecordBack(at=at, by=self._approver, label=label, volunteer=right[0].volunteer, reason=reason)
        yield self._record(again, right, at + timedelta(minutes=20))
        yield Approve(at=at + timedelta(hours=1), by=self._approver, label=again, attendances=right)

    def _record(self, label: str, came: tuple[Attendance, ...], at: datetime) -> Record:
        starts_at = self.occasion.starts_at
        return Record(
            at=at,
            by=self._recorder,
            label=label,
            activity=self.occasion.label,
            starts_at=starts_at,
            ends_at=tuple(starts_at + timedelta(minutes=one.minutes) for one in came),
            attendances=came,
            sheet_number=f"QD-{self.occasion.day:%Y%m%d}",
        )

    def _credit(self, one: Attendance, at: datetime) -> tuple[Credit, int]:
        inputs = ServiceInputs(one.minutes, self.occasion.series.service_class, one.stars, 0, SourceClass.SHEET)
        return Credit(at, one.volunteer, points_for(ordinary_document(), inputs)), one.minutes


def on(day: date, hour: int, minute: int) -> datetime:
    """Return a moment of a day in the community."""
    return moment_of(day, time(hour, minute % 60))


def at_work(day: date) -> date:
    """Return the day itself; on a Sunday the station is closed, and it is done on the Monday."""
    return day + timedelta(days=1) if day.weekday() == SUNDAY else day


def star_scenes(first_day: date, last_day: date) -> Iterator[Scene]:
    """Yield the sessions in which stars are announced and granted: after the paper passbooks, and every eight days.

    A notice of five working days is over after eight days.
    """
    yield GrantStars(at=on(first_day, 11, 0), by=CHEN, but=(CANDIDATE,))
    sessions = (first_day + timedelta(days=8 * session) for session in range(1, 4))
    for day in (*sessions, last_day):
        for by, minute in ((CHEN, 20), (LI, 40)):
            yield GrantStars(at=on(day, 16, minute), by=by, but=(CANDIDATE,))
