"""Context: what every command needs: the settings, the database, the community it speaks for, the person it acts as.

Whoever can run commands on this machine can read its database; the trail therefore keeps the name of the operating
system's user beside the person in whose name was acted.
"""

import getpass
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import click
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from timebank import chance, clock, schema
from timebank.books.acts import Act
from timebank.cli.output import tell
from timebank.cli.sights import look_of
from timebank.config import Settings
from timebank.database import Busy, new_engine, reading, rehearsing, writing
from timebank.people import queries as people
from timebank.people.operations import FIRST_ADMIN_ID
from timebank.people.operations.sights import note_sight
from timebank.people.queries.sights import Sight
from timebank.people.roles import SYSTEM, Role
from timebank.people.vault import IdentityVault
from timebank.refusal import Refusal

CHANNEL: Final = "cli"
Command = TypeVar("Command", bound=Callable[..., Any])
Answer = TypeVar("Answer")
_KEY: Final = re.compile(r"[!-~]{8,100}")


class WhichCommunity(Refusal):
    """There are several communities in this database; the command must say for which it speaks."""

    code = "which_community"


class KeyUnusable(Refusal):
    """A request key is 8 to 100 letters, digits and other signs of plain ASCII, without blanks."""

    code = "key_unusable"


class ActAsWhom(Refusal):
    """The command changes something and must say in whose name."""

    code = "act_as_whom"


@dataclass
class Context:
    """What every command needs; the database is opened when it is first needed.

    Attributes:
        settings: what the environment says.
        as_json: write one JSON document instead of a table.
        community: code given on the command line or in the environment.
    """

    settings: Settings
    as_json: bool
    community: str | None

    @cached_property
    def engine(self) -> Engine:
        """The database, checked to be ours and whole; looking never makes an empty one."""
        engine = new_engine(self.settings.database_url)
        if self.settings.on_sqlite and not Path(engine.url.database or "").exists():
            raise schema.SchemaMissing(database=engine.url.render_as_string(hide_password=True))
        schema.check(engine)
        return engine

    @cached_property
    def community_id(self) -> str:
        """The community that the command speaks for.

        Raises:
            NoSuchCommunity, WhichCommunity: it is not clear which.
        """
        with reading(self.engine) as session:
            known = [community.id for community in people.communities(session)]
            if self.community is not None:
                return people.community(session, self.community).id
        if len(known) != 1:
            raise WhichCommunity(known=list(known))
        return known[0]

    @cached_property
    def vault(self) -> IdentityVault:
        """What encrypts identity numbers."""
        keys = self.settings.keys()
        return IdentityVault(encryption_key=keys.encryption, lookup_key=keys.lookup)

    def act(self, login: str | None, key: str | None = None) -> Act:
        """Make an act in the name of a member of the staff.

        Args:
            login: login name; None is refused.
            key: request key of a command that is repeated; None makes a new one.

        Raises:
            ActAsWhom: nobody is named.
            NoSuchStaff: there is nobody of this login name.
            KeyUnusable: the key is no request key.
        """
        if not login:
            raise ActAsWhom()
        return self._act_of(self.look(lambda session: people.staff_by_login(session, self.community_id, login)), key)

    def act_as_admin(self, login: str | None, key: str | None = None) -> Act:
        """Make an act in somebody's name; where nobody is named and there is one admin only, in that one's, saying so.

        Raises:
            ActAsWhom: nobody is named, and there are several admins.
            NoSuchStaff, KeyUnusable: see `act`.
        """
        if login:
            return self.act(login, key)
        staff = self.look(lambda session: people.all_staff(session, self.community_id))
        security = [member for member in staff if Role.SECURITY_ADMIN in member.roles]
        admins = security or [member for member in staff if Role.ADMIN in member.roles]
        if len(admins) != 1:
            raise ActAsWhom()
        tell(f"以管理员 {admins[0].login} 的名义办理。", f"Acting as the administrator {admins[0].login}.")
        return self._act_of(admins[0], key)

    def act_of_system(self, key: str | None = None) -> Act:
        """Make an act of nobody in particular: whoever holds the machine verifies and exports.

        Raises:
            KeyUnusable: see `act`.
        """
        return self._act(FIRST_ADMIN_ID, SYSTEM, key)

    def _act_of(self, staff: people.Staff, key: str | None) -> Act:
        return self._act(staff.person_id, staff.number, key)

    def _act(self, person_id: UUID, number: str, key: str | None) -> Act:
        if key is not None and not _KEY.fullmatch(key):
            raise KeyUnusable()
        return Act(
            community_id=self.community_id,
            person_id=person_id,
            number=number,
            at=clock.now(),
            request_key=key or chance.fresh_key(),
            channel=f"{CHANNEL}:{getpass.getuser()}"[:16],
            salt=chance.fresh_salt(),
        )

    def remember(self, seen: Sight | None) -> None:
        """Write down that somebody at this machine looked at people; in whose name, where one is named."""
        if seen is None:
            return
        login = os.environ.get("TIMEBANK_AS")
        known = self.look(lambda session: people.find_staff_by_login(session, self.community_id, login or ""))
        act = self.act_of_system() if known is None else self._act_of(known, None)
        try:
            self.do(lambda session: note_sight(session, act, seen))
        except Busy:
            tell("查看没有记下：数据库正忙。", "The look could not be written down: the database is busy.")

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    def do(self, work: Callable[[Session], Answer], *, dry_run: bool = False) -> Answer:
        """Do one thing in one transaction; a dry run does all of it and then undoes it."""
        with (rehearsing if dry_run else writing)(self.engine) as session:
            return work(session)

    def look(self, question: Callable[[Session], Answer]) -> Answer:
        """Ask one thing on one snapshot."""
        with reading(self.engine) as session:
            return question(session)


def with_context(command: Command) -> Command:
    """Give a command the context as its first argument."""

    @click.pass_context
    def run(click_context: click.Context, /, *args: Any, **kwargs: Any) -> Any:  # click's own
        found = click_context.find_object(Context)
        assert found is not None
        words = click_context.command_path.partition(" ")[2]
        try:
            answer = click_context.invoke(command, found, *args, **kwargs)
        except Refusal as refusal:
            found.remember(look_of(words, kwargs, refused=refusal))
            raise
        found.remember(look_of(words, kwargs))
        return answer

    return update_wrapper(run, command)  # type: ignore[return-value]  # same signature to click


as_option = click.option(
    "--as", "login", envvar="TIMEBANK_AS", metavar="LOGIN", help="在谁的名下办（登录名）。 Act in this person's name."
)
key_option = click.option(
    "--key",
    metavar="KEY",
    default=None,
    help="请求编号：重试时用同一个，不会记两次。 Request key; a retry with the same counts once.",
)
