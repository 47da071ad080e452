"""Mutants that are no mistakes: nothing that anybody can see depends on them. Each with its reason.

They are named by file, what stood there and what stands there instead; lines move, these do not.
"""

from typing import Final

NO_CIRCLE: Final = "each leaf is written from strings and numbers made anew: no circle and no fraction reaches it"
HOW_MUCH_IS_REMEMBERED: Final = "how much is remembered changes how fast it is, not what is answered"

EQUIVALENT: Final[dict[tuple[str, str, str], str]] = {
    ("timebank/ledger/canonical.py", "False", "True"): NO_CIRCLE,
    ("timebank/ledger/canonical.py", "4096", "4097"): HOW_MUCH_IS_REMEMBERED,
    ("timebank/ledger/canonical.py", "16384", "16385"): HOW_MUCH_IS_REMEMBERED,
}
