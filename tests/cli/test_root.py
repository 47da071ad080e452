"""What is true of every command: help with examples, one language, a hint, an exit code."""

import click
import pytest

from tests.cli.commands import at_a_desk
from tests.cli.offices import done
from timebank.cli.commands import COMMANDS
from timebank.cli.root import EXIT_CODES, root
from timebank.refusal import Refusal
from timebank.web.texts import SENTENCES

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def desk(database, tmp_path, monkeypatch):
    """A desk over a database in which there is no community."""
    return at_a_desk(database, tmp_path, monkeypatch)


def commands():
    """Every command with its words, groups too."""
    context = click.Context(root)
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        yield from _below((name,), command)


def _below(words, command):
    yield words, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _below((*words, name), below)


class TestHelp:
    """experience.md 4.3: help leads with examples, Chinese first and English."""

    def test_every_command_has_an_example_of_itself(self, database_kind):
        silent = [words for words, command in commands() if f"timebank {' '.join(words)}" not in (command.help or "")]

        assert [] == silent

    def test_every_command_says_in_chinese_and_english_what_it_does(self, database_kind):
        first_lines = {words: (command.help or "").splitlines()[0] for words, command in commands()}

        mute = [words for words, line in first_lines.items() if not (_has_hanzi(line) and _has_latin(line))]
        assert [] == mute

    def test_examples_stand_line_by_line_before_the_options(self, desk, database_kind):
        out = done(desk("import", "hours", "--help")).out

        assert "\n  timebank import hours hours.csv --as chen --dry-run\n" in out
        assert out.index("timebank import hours hours.csv") < out.index("Options:")

    def test_the_list_of_commands(self, desk, database_kind):
        out = done(desk("--help")).out

        assert all(f"\n  {name} " in out for name in COMMANDS)

    def test_no_option_takes_a_secret(self, database_kind):
        secret = ("password", "token", "secret", "document_number")
        found = [
            (words, parameter.name)
            for words, command in commands()
            for parameter in command.params
            if any(word in (parameter.name or "") for word in secret)
        ]

        assert [] == found


def _has_hanzi(text):
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def _has_latin(text):
    return sum(sign.isascii() and sign.isalpha() for sign in text) > 3


class TestTheEnd:
    """experience.md 4.3: the exit code and the sentence say what happened."""

    def test_a_mistyped_command_is_answered_with_the_nearest(self, desk, database_kind):
        said = desk("imprt")

        assert 2 == said.code
        assert "import" in said.err

    def test_nothing_installed(self, desk, database_kind, tmp_path):
        desk.set(DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")

        said = desk("shop")

        assert 3 == said.code
        assert "timebank init" in said.err

    def test_looking_makes_no_empty_database(self, desk, database_kind, tmp_path):
        desk.set(DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")

        assert [3, 3] == [desk("doctor").code, desk("verify").code]
        assert not (tmp_path / "none.db").exists()

    def test_a_server_that_is_away(self, desk, database_kind):
        desk.set(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

        said = desk("shop")

        assert 75 == said.code
        assert "数据库现在用不了" in said.err
        assert "Traceback" not in said.err

    def test_a_file_that_is_no_database(self, desk, database_kind, tmp_path):
        (tmp_path / "junk.db").write_bytes(bytes(range(256)) * 40)
        desk.set(DATABASE_URL=f"sqlite:///{tmp_path / 'junk.db'}")

        said = desk("shop", "--json")

        assert 6 == said.code
        assert "database_unreadable" in said.out

    def test_a_community_that_is_not_there(self, desk, database_kind):
        done(desk("init", "--community", "幸福里社区", "--code", "xfl"))

        assert 4 == desk("--community", "abc", "shop").code

    def test_of_several_communities_one_must_be_named(self, desk, database_kind):
        done(desk("init", "--community", "幸福里社区", "--code", "xfl"))
        done(desk("init", "--community", "和平里社区", "--code", "hpl"))

        said = desk("staff", "list")

        assert 3 == said.code
        assert "hpl、xfl" in said.err
        done(desk("--community", "hpl", "staff", "list"))

    def test_a_setting_that_is_none(self, desk, database_kind):
        desk.set(DATABSE_URL="x")

        assert 3 == desk("shop").code

    def test_every_exit_code_belongs_to_a_refusal(self, database_kind):
        list(commands())

        assert set(EXIT_CODES) <= set(Refusal.kinds())

    def test_every_refusal_of_the_command_line_has_its_sentences(self, database_kind):
        list(commands())
        own = {code for code, kind in Refusal.kinds().items() if kind.__module__.startswith("timebank.cli")}

        assert own <= SENTENCES.keys()

    def test_json_may_stand_anywhere(self, desk, database_kind):
        done(desk("init", "--community", "幸福里社区", "--code", "xfl"))

        assert done(desk("--json", "staff", "list")).out == done(desk("staff", "list", "--json")).out
