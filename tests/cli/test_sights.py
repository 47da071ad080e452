"""A look from the command line leaves a line, as a look at a page does."""

import click
import pytest

from tests.meta.test_docs import commands
from timebank.cli.sights import SHOWN, SHOWS_NOBODY
from timebank.database import reading
from timebank.people.queries.sights import SightFilter, sights


def looks(database):
    """The trail of reads, the oldest first."""
    with reading(database.engine) as session:
        found = sights(session, "xfl", wanted=SightFilter(), limit=100)
    return [(line.what, line.subject, line.outcome) for line in reversed(found)]


class TestTheTable:
    """trust.md G17: every command either acts in somebody's name, or says whether it shows people."""

    def test_every_command_is_in_it_once(self):
        reading_only = {
            words.removeprefix("timebank ")
            for words, command in commands()
            if not isinstance(command, click.Group) and "login" not in {one.name for one in command.params}
        }

        assert set() == reading_only - SHOWN.keys() - SHOWS_NOBODY
        assert set() == SHOWN.keys() & SHOWS_NOBODY

    def test_whose_it_is_is_a_parameter_of_the_command(self):
        there = {words.removeprefix("timebank "): {one.name for one in command.params} for words, command in commands()}

        assert [] == [words for words, whose in SHOWN.items() if whose and whose not in there[words]]


class TestLines:
    """trust.md X15: whose data was looked at, by whom, exactly once; and who was not there."""

    @pytest.mark.parametrize(
        ("words", "subject"),
        [
            (("volunteer", "show", "V0001"), "V0001"),
            (("passbook", "V0001"), "V0001"),
            (("passbook", "V0001", "--json"), "V0001"),
            (("star", "explain", "V0001"), "V0001"),
            (("training", "list", "V0001"), "V0001"),
            (("volunteer", "list"), None),
            (("hours", "pending"), None),
            (("certificate", "list"), None),
            (("trail", "--subject", "V0001"), "V0001"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
    )
    def test_one_look_is_one_line(self, shop, database, words, subject):
        before = len(looks(database))

        assert 0 == shop(*words).code

        what = f"cli.{words[0]}" if f"{words[0]} {words[1]}" not in SHOWN else f"cli.{words[0]} {words[1]}"
        assert [(what, subject, "seen")] == looks(database)[before:]

    def test_who_is_not_there_leaves_a_refusal(self, shop, database):
        assert 0 != shop("passbook", "V0404").code

        assert ("cli.passbook", "V0404", "refused") == looks(database)[-1]

    def test_the_line_says_in_whose_name(self, shop, database):
        shop.set(AS="chen")

        shop("passbook", "V0001")

        with reading(database.engine) as session:
            line = sights(session, "xfl", wanted=SightFilter(), limit=1)[0]
        assert ("S002", True) == (line.actor, line.channel.startswith("cli:"))

    def test_what_shows_nobody_leaves_none(self, shop, database):
        before = looks(database)

        for words in (("stock",), ("rules", "show"), ("balance",)):
            assert 0 == shop(*words).code

        assert before == looks(database)
