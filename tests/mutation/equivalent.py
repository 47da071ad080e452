"""Mutants that are no mistakes: nothing that anybody can see depends on them. Each with its reason.

They are named by file, the beginning of the line, what stood there and what stands there instead.
"""

from typing import Final

NO_CIRCLE: Final = "each leaf is written from strings and numbers made anew: no circle and no fraction reaches it"
HOW_MUCH_IS_REMEMBERED: Final = "how much is remembered changes how fast it is, not what is answered"

BOTH_SIDES_ALIKE: Final = "both sides are summed in the same way and only compared: sign and start do not matter"
A_POWER_OF_TWO: Final = (
    "a node is made of as many hashes as a power of two, which is checked before: every one has its pair"
)
ALL_BELOW_THE_LOWEST: Final = (
    "both have their lowest one where the size has it, and only the length up to there is read"
)

EQUIVALENT: Final[dict[tuple[str, str, str, str], str]] = {
    ("ledger/canonical.py", "sort_keys=True, separators", "False", "True"): NO_CIRCLE,
    ("ledger/canonical.py", "@lru_cache(maxsize=4096)", "4096", "4097"): HOW_MUCH_IS_REMEMBERED,
    ("ledger/canonical.py", "@lru_cache(maxsize=16384)", "16384", "16385"): HOW_MUCH_IS_REMEMBERED,
    ("ledger/checks.py", "total[account] =", "0", "1"): BOTH_SIDES_ALIKE,
    (
        "ledger/checks.py",
        "total[account] =",
        "total.get(account, 0) + amount",
        "total.get(account, 0) - amount",
    ): BOTH_SIDES_ALIKE,
    ("ledger/checks.py", "moved[ends] =", "0", "1"): BOTH_SIDES_ALIKE,
    (
        "ledger/checks.py",
        "moved[ends] =",
        "moved.get(ends, 0) + transfer.amount",
        "moved.get(ends, 0) - transfer.amount",
    ): BOTH_SIDES_ALIKE,
    (
        "ledger/proofs.py",
        "level = (older.size & -older.size)",
        "older.size & -older.size",
        "older.size | -older.size",
    ): ALL_BELOW_THE_LOWEST,
    ("ledger/tiles.py", "hashes = [node_hash(left, right)", "True", "False"): A_POWER_OF_TWO,
}


def reason_for(path: str, line: str, was: str, now: str) -> str | None:
    """Return why a mutant is no mistake, or None where that is not known."""
    for (file, beginning, *change), reason in EQUIVALENT.items():
        if path.endswith(file) and line.strip().startswith(beginning) and change == [was, now]:
            return reason
    return None
