"""Dice: what looks like chance in the demo. The same seed and the same question give the same answer, for ever."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """A row of throws that begins anew with each seed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._throws = 0

    def below(self, end: int) -> int:
        """Return a number from 0 to `end` − 1."""
        assert end > 0, end
        self._throws += 1
        digest = hashlib.sha256(f"{self._seed} {self._throws}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % end

    def between(self, low: int, high: int) -> int:
        """Return a number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def happens(self, percent: int) -> bool:
        """Tell whether something happens that happens so many times out of a hundred."""
        return self.below(100) < percent

    def pick(self, items: Sequence[Item], weights: Sequence[int]) -> Item:
        """Return one item; one with twice the weight comes twice as often."""
        left = self.below(sum(weights))
        for item, weight in zip(items, weights, strict=True):
            if left < weight:
                return item
            left -= weight
        raise AssertionError("the weights add up to their sum")

    def sample(self, items: Sequence[Item], weights: Sequence[int], count: int) -> list[Item]:
        """Return so many different items, in the order in which they were given."""
        places, left = list(range(len(items))), list(weights)
        chosen = []
        for _ in range(min(count, len(items))):
            place = self.pick(places, left)
            chosen.append(place)
            left[place] = 0
        return [items[place] for place in sorted(chosen)]
