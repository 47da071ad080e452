"""Who has signed up for what is to come in the demo, and who was seen at the door of what was last."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import Final

from timebank.demo.cast import CANDIDATE, CHEN, HEROINE, LI, Member
from timebank.demo.coming_scenes import AtTheDoor, BookNext, SignUp, calendars
from timebank.demo.diary import Effort, Occasion, Stand
from timebank.demo.scenes import Scene
from timebank.ledger.days import moment_of

SIGNED_UP: Final = (9, 6, 4)
"""How many have signed up for the next activities, the next one first."""
AT_THE_DOOR: Final = 8
BOOKED: Final = 3


def coming_scenes(occasions: Sequence[Occasion], members: Sequence[Member], days: tuple[date, date]) -> Iterator[Scene]:
    """Yield them. days: the first and the last day of the demo, in between everything happens."""
    first_day, last_day = days
    yield from calendars(moment_of(first_day, time(11, 30)), LI)
    free = [one for one in members if one.number not in {HEROINE, CANDIDATE}]
    for place, one in enumerate(free[:BOOKED]):
        yield BookNext(at=moment_of(last_day, time(15, 45 + place)), by=one.number, about="剪短")
    to_come = [one for one in occasions if one.stand is Stand.TO_COME]
    for turn, (occasion, wanted) in enumerate(zip(to_come, SIGNED_UP, strict=False)):
        for place, one in enumerate(_fit(free, occasion, turn)[:wanted]):
            yield SignUp(at=moment_of(last_day, time(15, 5 * turn + place)), by=one.number, label=occasion.label)
    for occasion in (one for one in occasions if one.stand is Stand.TO_RECORD):
        came = tuple(one.number for one in _fit(free, occasion, turn=0)[:AT_THE_DOOR])
        seen_at = occasion.starts_at - timedelta(minutes=5)
        yield AtTheDoor(at=seen_at, by=CHEN, label=occasion.label, volunteers=came, leaving=False)
        yield AtTheDoor(at=occasion.ends_at, by=CHEN, label=occasion.label, volunteers=came[:-1], leaving=True)


def _fit(free: Sequence[Member], occasion: Occasion, turn: int) -> list[Member]:
    """Return who may come, others first from turn to turn; a minor comes to nothing that is for grown-ups."""
    turned = [*free[5 * turn :], *free[: 5 * turn]]
    return [one for one in turned if occasion.series.effort is Effort.EASY or not (one.is_minor or one.age >= 80)]
