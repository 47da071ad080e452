"""Scenes of service: activities, hours, ratings, corrections, stars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from timebank.certificates.operations import certify_after
from timebank.demo.diary import Occasion
from timebank.demo.scenes import Scene, refused
from timebank.demo.stage import COMMUNITY, Stage
from timebank.ledger.days import day_of
from timebank.rulebook.rules import Body
from timebank.service import operations as service
from timebank.service.asked import Decision, NewActivity, Sheet, SheetLine
from timebank.stars import operations as stars
from timebank.stars.operations import noticing, recommending
from timebank.stars.queries import notices
from timebank.stars.rules import noticing as notice_rules
from timebank.stars.rules.noticing import Noticed
from timebank.stars.rules.recommending import Outcome

UPPER_LEVEL: Final = "幸福里街道志愿者协会"
"""Who decides about the higher stars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose(Scene):
    """An activity is made."""

    occasion: Occasion

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        series = self.occasion.series
        new = NewActivity(
            title=series.title,
            service_class=series.service_class,
            place=series.place,
            leader=series.leader,
            starts_at=self.occasion.starts_at,
            ends_at=self.occasion.ends_at,
            capacity=None,
        )
        act = stage.act(self.by, self.at)
        stage.activities[self.occasion.label] = service.create_activity(stage.session, act, new=new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree(Scene):
    """An activity is approved by another person."""

    label: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        service.approve_activity(stage.session, stage.act(self.by, self.at), number=stage.activities[self.label])


@dataclass(frozen=True, slots=True)
class Attendance:
    """Somebody was there. stars: the rating that they are given later."""

    volunteer: str
    minutes: int
    remark: str
    stars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Scene):
    """The hours of an activity are recorded. label: under which the records are spoken of; a correction has its own."""

    label: str
    activity: str
    starts_at: datetime
    ends_at: tuple[datetime, ...]
    attendances: tuple[Attendance, ...]
    sheet_number: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        lines = tuple(
            SheetLine(volunteer_number=one.volunteer, starts_at=self.starts_at, ends_at=ends_at, remark=one.remark)
            for one, ends_at in zip(self.attendances, self.ends_at, strict=True)
        )
        number = stage.activities[self.activity]
        sheet = Sheet(activity_number=number, lines=lines, sheet_number=self.sheet_number)
        recorded = service.record_many(stage.session, stage.act(self.by, self.at), sheet=sheet)
        for one, record_id in zip(self.attendances, recorded["records"], strict=True):
            stage.records[self.label, one.volunteer] = UUID(record_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Scene):
    """The hours of an activity are approved and rated by another person."""

    label: str
    attendances: tuple[Attendance, ...]

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        service.approve_many(stage.session, stage.act(self.by, self.at), decisions=self.decisions(stage))

    def decisions(self, stage: Stage) -> tuple[Decision, ...]:
        """Return what is decided about each record."""
        ids = stage.records
        return tuple(
            Decision(record_id=ids[self.label, one.volunteer], rating=one.stars, answer="签到表核对过")
            for one in self.attendances
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveOwn(Approve):
    """Somebody tries to approve what they recorded themselves; it is refused, and the trail keeps it."""

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        act, decisions = stage.act(self.by, self.at), self.decisions(stage)
        refused(lambda: service.approve_many(stage.session, act, decisions=decisions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Scene):
    """One record is rejected."""

    label: str
    volunteer: str
    reason: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        record_id = stage.records[self.label, self.volunteer]
        service.reject(stage.session, stage.act(self.by, self.at), record_id=record_id, reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRecordBack(Reject):
    """One approved record is reversed."""

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        record_id = stage.records[self.label, self.volunteer]
        service.reverse_record(stage.session, stage.act(self.by, self.at), record_id=record_id, reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantStars(Scene):
    """Stars whose notice is over are granted or recommended upward, and those that were reached since are announced.

    What the other one recommended eight days ago has come back by now.

    Attributes:
        but: volunteers whose case stays as it is.
    """

    but: tuple[str, ...]

    def play(self, stage: Stage) -> None:
        """See `Scene`; granting one opens the next, which is announced at once."""
        ready = self._cases(stage, notice_rules.Stage.READY)
        if here := _ids(one for one in ready if one.award.body is not Body.UPPER):
            act = stage.act(self.by, self.at)
            stars.grant_many(stage.session, act, award_ids=here)
            certify_after(stage.session, act, here)
        own = self._cases(stage, notice_rules.Stage.READY, own=True)
        if above := _ids(one for one in own if one.award.body is Body.UPPER):
            recommending.recommend(stage.session, stage.act(self.by, self.at), award_ids=above, to=UPPER_LEVEL)
        if back := self._cases(stage, notice_rules.Stage.RECOMMENDED):
            self._take_back(stage, back)
        if reached := self._cases(stage, notice_rules.Stage.REACHED):
            noticing.put_on_notice(stage.session, stage.act(self.by, self.at), award_ids=_ids(reached))

    def _take_back(self, stage: Stage, back: Sequence[Noticed]) -> None:
        me, today = stage.players[self.by].person_id, day_of(self.at)
        others = [one for one in back if one.recommendation and one.recommendation.recommender_id != me]
        document = f"{UPPER_LEVEL}〔{today.year}〕{today.month}号"
        outcomes = tuple(Outcome(one.award.award_id, True, today, document, "") for one in others)
        if outcomes:
            act = stage.act(self.by, self.at)
            recommending.record_outcomes(stage.session, act, outcomes=outcomes)
            certify_after(stage.session, act, [one.award_id for one in outcomes])

    def _cases(self, stage: Stage, wanted: notice_rules.Stage, *, own: bool = False) -> list[Noticed]:
        """What one's own approvals led to is recommended by oneself, so that the other one can record the answer."""
        me = stage.players[self.by].person_id
        cases = notices.open_cases_noticed(stage.session, COMMUNITY, day_of(self.at))
        mine = (one for one in cases if one.stage is wanted and one.award.number not in self.but)
        return [one for one in mine if (one.award.opener_id == me) is own]


def _ids(cases: Iterable[Noticed]) -> tuple[UUID, ...]:
    return tuple(one.award.award_id for one in cases)
