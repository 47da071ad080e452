"""Older forms of the rule document, said in the words of today, so that one strict reader reads them all.

A published document is kept as it was, letter for letter, and so is its hash. What an older form could not say was not
asked for then, and is added here as just that. A further form adds a function and a row to the table.
"""

from collections.abc import Callable, Mapping
from typing import Final

from timebank.rulebook.rules import problems

Plain = dict[str, object]
_CONDITIONS: Final[Mapping[str, object]] = {
    "ratings": 0,
    "rating_average_e2": 0,
    "year_minutes": 0,
    "no_open_case": False,
}
"""What a star may ask for since form 2."""
_TRAINING: Final[Mapping[str, object]] = {"training_minutes": 0}
"""What a star may ask for since form 4."""


_NO_POOL: Final[Mapping[str, object]] = {
    "is_open": False,
    "donation_least_e2": 100,
    "grant_most_e2": 10_000,
    "grants_per_year_max": 4,
}


_PATTERNS: Final[Mapping[str, object]] = {
    "days": 7,
    "alike_records": 30,
    "recorder_minutes": 30_000,
    "pair_minutes": 1_200,
    "device_people": 30,
    "ring_days": 90,
    "rating_needs_reason_below": 3,
}
"""What the program itself held to before form 5 let a community decide it."""
_ANSWERED_WITHIN: Final[Mapping[str, object]] = {"objection_answer_working_days": 3}
_SHOP: Final[Mapping[str, object]] = {
    "household_redemptions_per_month_max": None,
    "served_an_hour_max": 20,
    "redeemed_an_hour_max": 300,
    "dormant_days": None,
    "turn_hours": 48,
    "pick_up_days": 14,
    "relief_per_month_max": 0,
    "relief_pieces_max": 1,
    "backing_percent_least": None,
}
"""What held at the till before form 6: no limits of households, no second look, no relief and no alert."""
_AT_ONCE: Final[Mapping[str, object]] = {
    "self_check_in": "nobody",
    "staff_scan": "nobody",
    "sheet": "nobody",
    "late_entry": "nobody",
    "opening": "nobody",
    "ask_days": 3,
    "post_days": 0,
    "notice_working_days": 0,
    "approved_before_start": False,
}
"""How approved hours came into the books before form 9."""

_INQUIRIES: Final[Mapping[str, object]] = {"hearing_days": 7, "objection_days": 7, "lowered_months_max": 24}
"""How an inquiry goes where the rules are older than inquiries."""

_NO_CAPS: Final[Mapping[str, object]] = {"volunteer_balance_most_e2": None, "group_balance_most_e2": None}
"""What a passbook could hold before form 10: as much as there was."""
_NO_BENEFITS: Final[Mapping[str, object]] = {"early_hours": [0, 0, 0, 0, 0, 0], "level_goods": []}


_THRESHOLDS: Final[Mapping[str, object]] = {"near_expiry_days": 30, "low_stock_pieces": 10}
"""From when on the shelf asked for attention before form 10 let a community decide it."""


def in_newest_form(document: object) -> object:
    """Say a document of an older form in the words of the newest; anything else is given back as it is.

    Raises:
        UnknownRuleKey: an older document has a value that its form did not know.
    """
    while isinstance(document, dict) and (bring := _FORMS.get(_form_of(document))) is not None:
        document = bring(document)
    return document


def _form_of(document: Plain) -> int:
    form = document.get("schema")
    return form if type(form) is int else 0


def _from_the_first(document: Plain) -> Plain:
    """Form 1 asked for minutes and tenure only."""
    return document | {"schema": 2} | _ladders_with(document, _CONDITIONS)


def _from_the_second(document: Plain) -> Plain:
    """Form 2 knew no pool: nothing was given away, and nothing granted."""
    if "pool" in document:
        raise problems.UnknownRuleKey(path="pool")
    return document | {"schema": 3, "pool": dict(_NO_POOL)}


def _from_the_third(document: Plain) -> Plain:
    """Form 3 asked for no training."""
    return document | {"schema": 4} | _ladders_with(document, _TRAINING)


def _from_the_fourth(document: Plain) -> Plain:
    """Form 4 left to the program what looks odd, and when objections are answered."""
    if "patterns" in document:
        raise problems.UnknownRuleKey(path="patterns")
    limits = _added(document.get("limits"), _ANSWERED_WITHIN, "limits")
    brought = {"limits": limits} if "limits" in document else {}
    return document | brought | {"schema": 5, "patterns": dict(_PATTERNS)}


def _from_the_fifth(document: Plain) -> Plain:
    """Form 5 knew of the shop what stands among the limits."""
    if "market" in document:
        raise problems.UnknownRuleKey(path="market")
    return document | {"schema": 6, "market": dict(_SHOP)}


def _from_the_sixth(document: Plain) -> Plain:
    """Form 6 knew no inquiries into stars; one that is opened goes by the ordinary numbers of days."""
    if "inquiries" in document:
        raise problems.UnknownRuleKey(path="inquiries")
    return document | {"schema": 7, "inquiries": dict(_INQUIRIES)}


def _from_the_seventh(document: Plain) -> Plain:
    """Form 7 gave a star nothing but points."""
    if "benefits" in document:
        raise problems.UnknownRuleKey(path="benefits")
    return document | {"schema": 8, "benefits": dict(_NO_BENEFITS)}


def _from_the_eighth(document: Plain) -> Plain:
    """Form 8 asked nobody: what was approved was posted at once."""
    if "confirmation" in document:
        raise problems.UnknownRuleKey(path="confirmation")
    return document | {"schema": 9, "confirmation": dict(_AT_ONCE)}


def _from_the_ninth(document: Plain) -> Plain:
    """Form 9 left to the program when goods count as near their last day, and as few; and it knew no caps."""
    added = {"market": _THRESHOLDS, "pool": _NO_CAPS}
    brought = {name: _added(document[name], values, name) for name, values in added.items() if name in document}
    return document | brought | {"schema": 10}


def _ladders_with(document: Plain, conditions: Mapping[str, object]) -> Plain:
    """Give every step of every ladder further conditions; what is no ladder stays for the reader to refuse."""
    ladders = document.get("ladders")
    if not isinstance(ladders, list):
        return {}
    return {
        "ladders": [_with_conditions(ladder, conditions, f"ladders[{place}]") for place, ladder in enumerate(ladders)]
    }


def _with_conditions(ladder: object, conditions: Mapping[str, object], path: str) -> object:
    if not isinstance(ladder, dict) or not isinstance(ladder.get("steps"), list):
        return ladder
    steps = [_added(step, conditions, f"{path}.steps[{place}]") for place, step in enumerate(ladder["steps"])]
    return ladder | {"steps": steps}


def _added(group: object, values: Mapping[str, object], path: str) -> object:
    if not isinstance(group, dict):
        return group
    for name in values:
        if name in group:
            raise problems.UnknownRuleKey(path=f"{path}.{name}")
    return group | dict(values)


_FORMS: Final[Mapping[int, Callable[[Plain], Plain]]] = {
    1: _from_the_first,
    2: _from_the_second,
    3: _from_the_third,
    4: _from_the_fourth,
    5: _from_the_fifth,
    6: _from_the_sixth,
    7: _from_the_seventh,
    8: _from_the_eighth,
    9: _from_the_ninth,
}
"""How a document of each older form is brought to the next one."""
