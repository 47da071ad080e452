"""A service at work, in a process of its own that somebody will kill; it writes a line after each thing it has done.

python -m tests.evidence.at_work URL FOLDER SEED
"""

import sys
from pathlib import Path
from random import Random

from tests.evidence.builders import XFL, a_signer
from tests.evidence.days import lived
from timebank import clock
from timebank.database import new_engine
from timebank.web import log_keeper


def work(url, folder, seed):
    """Work until killed."""
    engine, signer, dice = new_engine(url), a_signer(folder), Random(1000 + seed)
    while True:
        lived(engine, dice, 1)
        log_keeper.keep(engine, signer, XFL, clock.now())
        sys.stdout.write("done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
