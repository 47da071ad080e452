"""Who looked at whose data: everybody sees who looked at theirs, auditors see all of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, render_template, request
from flask_login import current_user

from timebank.books import trail
from timebank.books.trail import TrailFilter
from timebank.database import db
from timebank.people import queries as people
from timebank.people.queries.sights import SightFilter, sights
from timebank.web import presenting
from timebank.web.access import Audience, audience
from timebank.web.forms import Filter, Id, Text, at_most
from timebank.web.sights import words_of

blueprint = Blueprint("seen", __name__)

ON_A_PAGE: Final = 50
NOTED: Final = ("people.unmask_document", "people.check_document")
"""Looks that stand in the trail of what was done, with their reason."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the visitor's data. who: a name and a number; what: in words; reason: as it was given, or empty."""

    at: datetime
    who: str
    what: str
    channel: str
    reason: str


class SightWords(Filter):
    """Which looks: by whom, at whose data, older than which."""

    actor = Text(load_default=None, validate=at_most(32))
    subject = Text(load_default=None, validate=at_most(32))
    before = Id(load_default=None)


@blueprint.get("/seen")
@audience(Audience.SIGNED_IN)
def own() -> str:
    """Show who looked at the visitor's data, the latest first."""
    numbers = tuple(number for number in (current_user.staff_number, current_user.volunteer_number) if number)
    names = people.staff_names(db.session(), current_user.community_id)
    looks = [*_sights(numbers, names), *_noted(numbers, names)]
    newest = sorted(looks, key=lambda look: look.at, reverse=True)[:ON_A_PAGE]
    return render_template("seen/own.html", looks=newest)


def _sights(numbers: tuple[str, ...], names: dict[str, str]) -> list[Look]:
    wanted, place = SightFilter(subjects=numbers), int(presenting.in_english())
    found = sights(db.session(), current_user.community_id, wanted=wanted, limit=ON_A_PAGE)
    return [
        Look(line.at, _who(line.actor, names), words_of(line.what)[place], line.channel, "")
        for line in found
        if line.outcome == "seen"
    ]


def _noted(numbers: tuple[str, ...], names: dict[str, str]) -> list[Look]:
    return [
        Look(
            line.at,
            _who(line.actor, names),
            presenting.verb_word(line.verb),
            line.channel,
            str(line.facts.get("reason", "")),
        )
        for number in numbers
        for verb in NOTED
        for line in trail.lines(
            db.session(), current_user.community_id, wanted=TrailFilter(subject=number, verb=verb), limit=ON_A_PAGE
        )
        if line.outcome != "refused"
    ]


def _who(actor: str, names: dict[str, str]) -> str:
    return f"{names[actor]} {actor}" if actor in names else actor


@blueprint.get("/audit/sights")
@audience(Audience.AUDITOR)
def everything() -> str:
    """Show who looked at whose data, all of it."""
    wanted = SightWords().load(request.args)
    subjects = None if wanted["subject"] is None else (wanted["subject"].upper(),)
    asked = SightFilter(actor=wanted["actor"], subjects=subjects)
    community = current_user.community_id
    found = sights(db.session(), community, wanted=asked, before=wanted["before"], limit=ON_A_PAGE)
    return render_template(
        "seen/everything.html",
        found=found,
        wanted=wanted,
        older=_older(wanted, found[-1].id) if len(found) == ON_A_PAGE else None,
        staff=people.staff_names(db.session(), community),
        called={line.what: words_of(line.what)[int(presenting.in_english())] for line in found},
    )


def _older(wanted: dict[str, Any], last: object) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None} | {"before": last}
