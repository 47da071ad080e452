"""Sights of the command line: which commands show people, and the line that each look leaves.

Whoever runs commands could read the file of the database as well; the line is for the owner of the data, who reads that
somebody at this machine looked, and under which name of the operating system.

Source: trust.md X15, T25, G17.
"""

from collections.abc import Mapping
from typing import Final

from timebank.people.numbers import could_be
from timebank.people.queries.sights import Sight
from timebank.refusal import Refusal

SHOWN: Final[Mapping[str, str | None]] = {
    "volunteer list": None,
    "volunteer show": "number",
    "passbook": "number",
    "activity signed-up": None,
    "attendance list": None,
    "batch show": None,
    "certificate file": None,
    "certificate list": None,
    "desk list": None,
    "group list": None,
    "hours pending": None,
    "hours unconfirmed": None,
    "objection list": None,
    "pool show": None,
    "relief households": None,
    "relief list": None,
    "rules expiring": None,
    "star explain": "number",
    "star inquiry list": None,
    "star list": None,
    "trail": "subject",
    "training list": "number",
    "voucher list": None,
    "waiting list": None,
}
"""The commands that show people, by their words; the parameter that names whose data it is, None for a list."""

SHOWS_NOBODY: Final = frozenset(
    {
        *(
            "demo",
            "init",
            "serve",
            "doctor",
            "bench",
            "upgrade",
            "backup",
            "nightly",
            "checkpoint",
            "receipt",
            "balance",
        ),
        *("staff list", "token list", "import columns", "batch list", "activity list", "timetable list"),
        *(
            "timetable slots",
            "stock",
            "stock-move list",
            "gifts",
            "shop",
            "voucher offers",
            "rules proposals",
            "rules simulate",
        ),
        *("rules recompute", "rules show", "rules list", "log key", "witness init", "witness cosign", "witness status"),
        *("witness request", "witness take", "desk rescue"),
    }
)
"""The commands that change nothing in anybody's name and show no people: numbers, rules, goods, and who works here."""


def look_of(words: str, parameters: Mapping[str, object], *, refused: Refusal | None = None) -> Sight | None:
    """Return what a command has shown, or None where it shows nobody or was refused for another reason.

    Args:
        words: of the command, without `timebank`.
        refused: why it showed nothing.
    """
    if words not in SHOWN or (refused is not None and not refused.code.startswith("no_such_")):
        return None
    named = parameters.get(SHOWN[words] or "")
    subject = named if isinstance(named, str) and could_be(named) else None
    return Sight(what=f"cli.{words}", subject=subject, outcome="seen" if refused is None else "refused")
