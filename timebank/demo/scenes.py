"""Scenes: each is something that somebody of the demo did at some moment, by the same operation as everywhere."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from timebank.demo.stage import Stage
from timebank.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Something that happened. at: when; by: login name of who did it."""

    at: datetime
    by: str

    @abstractmethod
    def play(self, stage: Stage) -> None:
        """Let it happen."""


def refused(attempt: Callable[[], object]) -> None:
    """Make an attempt that must be refused; the trail keeps it, and nothing else does."""
    try:
        attempt()
    except Refusal:
        return
    raise AssertionError("this attempt must be refused")
