"""The community of the demo asks its volunteers: a change of the rules, a few who say yes, and one who says no."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from timebank.demo.cast import ADMIN, CANDIDATE, CHEN, HEROINE
from timebank.demo.diary import Occasion, Stand
from timebank.demo.scenes import Scene
from timebank.demo.service_scenes import Record
from timebank.demo.stage import Stage
from timebank.ledger.days import moment_of
from timebank.rulebook import operations as rulebook
from timebank.rulebook.rules import as_json, ordinary_document
from timebank.service import operations as service

REASON: Final = "居民议事会通过：打字录入的时长，本人点了头才入账"
DENIAL: Final = "我没有参加"
YESES: Final = 2
"""So many say yes; the others have not looked yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRules(Scene):
    """From a day on, what was typed is confirmed and posted on the next day; two persons decide it."""

    valid_from: date
    confirmed: tuple[str, datetime]

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        document = as_json(ordinary_document())
        act = stage.act(self.by, self.at)
        proposal = rulebook.propose(stage.session, act, document=document, valid_from=self.valid_from, reason=REASON)
        rulebook.confirm(stage.session, stage.act(*self.confirmed), proposal_id=UUID(proposal))


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Scene):
    """Somebody says whether they served: yes where the reason is empty."""

    label: str
    reason: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        act, record_id = stage.act(self.by, self.at), stage.records[self.label, self.by]
        if self.reason:
            service.deny_record(stage.session, act, record_id=record_id, reason=self.reason)
        else:
            service.confirm_record(stage.session, act, record_id=record_id)


def confirming_scenes(diary: Sequence[Occasion], played: Sequence[Scene]) -> Iterator[Scene]:
    """Yield the change of the rules after the last approved activity, and what was said about the next one."""
    begins = max(one.day for one in diary if one.stand is Stand.APPROVED) + timedelta(days=1)
    proposed_at = moment_of(begins - timedelta(days=2), time(9, 20))
    confirmed = (CHEN, moment_of(begins - timedelta(days=2), time(15, 40)))
    yield ChangeRules(at=proposed_at, by=ADMIN, valid_from=begins, confirmed=confirmed)
    asked = {one.label for one in diary if one.stand is Stand.WAITING and one.day >= begins}
    first = next(one for one in played if isinstance(one, Record) and one.label in asked)
    others = [one.volunteer for one in first.attendances if one.volunteer not in (HEROINE, CANDIDATE)]
    for place, volunteer in enumerate(others[: YESES + 1]):
        said_at = first.at + timedelta(hours=1, minutes=7 * place)
        yield Say(at=said_at, by=volunteer, label=first.label, reason=DENIAL if place == YESES else "")
