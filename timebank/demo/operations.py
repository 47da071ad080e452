"""Making the demo: the whole plot in the order of time, in one transaction, so that there is all of it or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from timebank.demo.cast import HEROINE, members
from timebank.demo.coming import coming_scenes
from timebank.demo.confirming import confirming_scenes
from timebank.demo.diary import DAYS, FULL, Scale, occasions, opening_days
from timebank.demo.dice import Dice
from timebank.demo.founding import scenes_of_the_first_day
from timebank.demo.inquiring import inquiry_scenes
from timebank.demo.scenes import Scene
from timebank.demo.serving import opening_minutes, service_for, star_scenes
from timebank.demo.shopping import Shopping
from timebank.demo.stage import Stage
from timebank.demo.stocking import care_scenes, stock_scenes, undo_scenes
from timebank.demo.together import group_scenes
from timebank.demo.voucher_scenes import voucher_scenes
from timebank.ledger.days import day_of
from timebank.people.vault import IdentityVault

SEED: Final = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The demo that is wanted.

    Attributes:
        now: everything happened in the five weeks until the day before.
        vault: what seals identity numbers; log_key: the public key of the log.
        seed: another one makes another demo; the same one on the same day the same.
        scale: how large it is.
    """

    now: datetime
    vault: IdentityVault
    log_key: str
    seed: str = SEED
    scale: Scale = FULL


def make(session: Session, demo: Demo, *, progress: Callable[[int, int], None]) -> None:
    """Make the demo in a database without communities.

    Args:
        progress: told after each scene how many of how many are done.
    """
    stage = Stage(session=session, seed=demo.seed, vault=demo.vault, log_key=demo.log_key)
    scenes = plot(day_of(demo.now), demo.seed, demo.scale)
    for place, scene in enumerate(scenes, start=1):
        scene.play(stage)
        progress(place, len(scenes))


def plot(today: date, seed: str, scale: Scale) -> tuple[Scene, ...]:
    """Return everything that happens, in the order of time; nothing of it is chance."""
    return tuple(sorted(_scenes(today, seed, scale), key=lambda scene: scene.at))


def _scenes(today: date, seed: str, scale: Scale) -> Iterator[Scene]:
    dice, everybody = Dice(f"demo {seed}"), members(scale.members)
    days = opening_days(today)
    first_day, last_day = today - timedelta(days=DAYS), days[-1]
    held = occasions(today, scale)
    service = service_for(held, everybody, dice, (first_day, last_day))
    shopping = Shopping(everybody, service.credits, dice)
    served = list(shopping.baskets(days, scale.redemptions))
    yield from scenes_of_the_first_day(first_day, today, everybody, opening_minutes(everybody, service.minutes))
    yield from stock_scenes(served, first_day, last_day)
    yield from service.scenes
    yield from coming_scenes(held, everybody, (first_day, last_day))
    yield from confirming_scenes(held, service.scenes)
    yield from star_scenes(first_day, last_day)
    yield from inquiry_scenes(last_day)
    yield from group_scenes(held, (first_day, last_day))
    yield from served
    yield from undo_scenes(served, shopping.poorest())
    one_more = shopping.find_one_more(last_day)
    yield from care_scenes(days, one_more)
    yield from voucher_scenes(days, [one.number for one in everybody if one.number not in {HEROINE, one_more}])
