"""The trail: who did or saw what; every filter, alone and together, against a plain look at all lines."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest

from tests.books import builders
from tests.builders import NOON, an_act
from timebank.books import trail
from timebank.books.trail import TrailFilter

VERBS = ("market.redeem", "market.undo", "service.approve_many", "people.unmask_document")
ACTORS = ("S001", "S002")
SUBJECTS = ("V0001", "V0002", None)


@dataclass(frozen=True)
class Line:
    """What was noted."""

    verb: str
    actor: str
    subject: str | None


@pytest.fixture
def lines(session):
    """One line of each kind, a minute apart; oldest first."""
    builders.a_log(session)
    noted = [Line(*each) for each in product(VERBS, ACTORS, SUBJECTS)]
    for minute, line in enumerate(noted):
        act = an_act(at=NOON + timedelta(minutes=minute), number=line.actor)
        trail.note(session, act, line.verb, subject=line.subject, outcome="seen", facts={"minute": minute})
    return noted


FILTERS = [
    TrailFilter(),
    *(TrailFilter(verb=verb) for verb in ("market.", "market.redeem", "service.", "nothing", "market_", "%")),
    *(TrailFilter(actor=actor) for actor in (*ACTORS, "S009")),
    *(TrailFilter(subject=subject) for subject in ("V0001", "V0009")),
    TrailFilter(actor="S001", subject="V0002", verb="market."),
]


def shown(session, wanted, limit=1000, before=None):
    found = trail.lines(session, "xfl", wanted=wanted, before=before, limit=limit)
    return [Line(one.verb, one.actor, one.subject) for one in found], found[-1].id if found else None


def fits(line, wanted):
    return (
        wanted.actor in {None, line.actor}
        and wanted.subject in {None, line.subject}
        and line.verb.startswith(wanted.verb or "")
    )


class TestTheTrail:
    """trust.md G17 and architecture.md section 1, 台账留痕: who looked at or did what."""

    @pytest.mark.parametrize("wanted", FILTERS, ids=str)
    def test_every_filter_finds_what_a_plain_look_finds_newest_first(self, session, lines, wanted):
        expected = [line for line in reversed(lines) if fits(line, wanted)]

        assert expected == shown(session, wanted)[0]

    def test_page_by_page_it_is_the_whole_trail(self, session, lines):
        found, before = [], None
        while page := shown(session, TrailFilter(), limit=5, before=before):
            if not page[0]:
                break
            found += page[0]
            before = page[1]

        assert found == list(reversed(lines))

    def test_a_line_tells_when_through_which_door_and_what_came_of_it(self, session):
        builders.a_log(session)
        act = an_act(channel="web")
        trail.note(session, act, "people.unmask_document", subject="V0001", outcome="seen", facts={"why": "证明"})

        line = trail.lines(session, "xfl", wanted=TrailFilter())[0]

        assert (NOON, "web", "seen", {"why": "证明"}) == (line.at, line.channel, line.outcome, line.facts)

    def test_another_community_has_a_trail_of_its_own(self, session, lines):
        assert () == trail.lines(session, "other", wanted=TrailFilter())
