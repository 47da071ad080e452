"""A process that posts as fast as it can and says each entry that was acknowledged; somebody will kill it."""

import itertools
import sys

from tests.books import tills
from timebank.database import new_engine


def post_for_ever(url, name):
    """Award one hundredth of a point, again and again: `key seq` on a line of its own as soon as it is committed."""
    engine = new_engine(url)
    for number in itertools.count(1):
        key = f"{name}-{number:06}"
        seq = tills.answer(engine, tills.award, key, owner=tills.OWNER, amount=1)
        sys.stdout.write(f"{key} {seq}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    post_for_ever(*sys.argv[1:])
