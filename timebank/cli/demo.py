"""`timebank demo`: a community of invented people, made on the first run, kept on every further one.

It never mixes with a real community: a folder of its own, a database file of its own. And it is served to this machine
alone, for whoever opens a page there enters with one click as any of its people.
"""

import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import click
from sqlalchemy.engine import Engine

from timebank import config
from timebank.app import create_app
from timebank.cli.context import Context, with_context
from timebank.cli.demo_data import ensure, examined, throw_away
from timebank.cli.output import data, document, word
from timebank.cli.serve import listen
from timebank.clock import now
from timebank.config import Settings
from timebank.database import new_engine, reading
from timebank.demo import queries
from timebank.demo.founding import NAME
from timebank.demo.queries import Figures
from timebank.demo.stage import COMMUNITY
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.web import night_watch
from timebank.web.words import ROLE_WORDS

FOLDER: Final = "timebank-demo"
DATABASE: Final = "demo.db"
HOST: Final = "127.0.0.1"
PORTS_TRIED: Final = 20


class DemoNeedsSqlite(Refusal):
    """The demo is made in a file of its own, never on a database server."""

    code = "demo_needs_sqlite"


class PortTaken(Refusal):
    """Another program listens at this port."""

    code = "port_taken"


@click.command("demo")
@click.option("--reset", is_flag=True, help="丢掉演示数据，重新生成。 Throw the demo's data away and make it anew.")
@click.option("--yes", is_flag=True, help="不再询问。 Do not ask.")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="端口，默认 8000。 Port; also TIMEBANK_PORT.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="演示数据放在哪里。 Where the demo's data is kept.",
)
@with_context
def command(context: Context, *, reset: bool, yes: bool, port: int | None, folder: Path) -> None:
    r"""看演示：一个虚构的社区，点一个角色就能进去。 A community to try things out on, one click per role.

    \b
    timebank demo
    timebank demo --port 8080
    timebank demo --reset
    """
    settings = settings_for_demo(os.environ, folder)
    asked = port or (settings.port if os.environ.get(f"{config.PREFIX}PORT") else None)
    settings = replace(settings, port=free_port(asked, settings.port))
    if reset:
        throw_away(settings, ask=not yes)
    began = time.monotonic()
    engine = new_engine(settings.database_url)
    is_new = ensure(engine, settings)
    told = _as_document if context.as_json else _banner
    said = told(engine, settings, time.monotonic() - began if is_new else None)
    engine.dispose()
    create_app(settings)

    def ready() -> None:
        said()
        night_watch.start(settings)

    listen(settings, f"{HOST}:{settings.port}", ready=ready)


def settings_for_demo(environment: Mapping[str, str], folder: Path) -> Settings:
    """Read the settings of the demo: its own folder and file, one process, this machine only.

    A data folder that is named for a real community is left alone.

    Raises:
        DemoNeedsSqlite: the environment names a database server.
    """
    own = {"WORKERS": "1", "DATABASE_URL": f"sqlite:///{folder.absolute() / DATABASE}"}
    given = {f"{config.PREFIX}{name}": value for name, value in own.items()}
    given |= {name: value for name, value in environment.items() if value}
    settings = config.read(given | {f"{config.PREFIX}DATA": str(folder)})
    if not settings.on_sqlite:
        raise DemoNeedsSqlite()
    return replace(settings, demo=True, host=HOST, hosts=("localhost", HOST), https=False, second_factor=frozenset())


def free_port(asked: int | None, first: int) -> int:
    """Return the port that was asked for, or the first one that is free.

    Raises:
        PortTaken: another program has it, or all of them.
    """
    if asked is not None:
        if not _is_free(asked):
            raise PortTaken(port=str(asked))
        return asked
    last = min(first + PORTS_TRIED, 65536)
    for port in range(first, last):
        if _is_free(port):
            return port
    raise PortTaken(port=f"{first}–{last - 1}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _banner(engine: Engine, settings: Settings, seconds: float | None) -> Callable[[], None]:
    """Return what is said once the door is open: how much there is, the address, who is there, how to go on."""
    with reading(engine) as session:
        counted = queries.figures(session, now())
        offered = people.demo_people(session, COMMUNITY)
    roles: dict[str, list[str]] = {}
    for person in offered:
        roles.setdefault(word(*ROLE_WORDS[person.role]), []).append(person.name)
    lines = (
        _counted(counted, examined(engine).sound, seconds),
        word(
            f"打开 http://{HOST}:{settings.port}  → 点一个角色进去看，不用密码",
            f"Open http://{HOST}:{settings.port}  → click a role, no password needed",
        ),
        "  " + "   ".join(f"{role} {word('、', ', ').join(names)}" for role, names in roles.items()),
        word("  公众（不用登录）", "  the public (no login)"),
        word(
            f"换成自己的社区：{_program()} init --community 名称 --code 代码",
            f"A community of your own: {_program()} init --community NAME --code CODE",
        ),
        word(
            f"从头再来：{_program()} demo --reset      停止：Ctrl-C（数据留在 {_near(settings.data_folder)}）",
            f"Begin anew: {_program()} demo --reset      Stop: Ctrl-C (data stays in {_near(settings.data_folder)})",
        ),
    )
    return lambda: data("\n".join(lines))


def _counted(counted: Figures, is_sound: bool, seconds: float | None) -> str:
    took = "" if seconds is None else word(f"  （{seconds:.1f} 秒）", f"  ({seconds:.1f} s)")
    books = word("账平 ✓", "books balanced ✓") if is_sound else word("账目对不上 ✗", "books do NOT add up ✗")
    return (
        word(
            f"✓ {NAME}已就绪  {counted.volunteers} 人 · {counted.activities} 场活动 · {counted.records} 条服务记录"
            f" · {counted.redemptions} 次兑换 · {books}",
            f"✓ {NAME} is ready  {counted.volunteers} people · {counted.activities} activities · "
            f"{counted.records} service records · {counted.redemptions} redemptions · {books}",
        )
        + took
    )


def _as_document(engine: Engine, settings: Settings, seconds: float | None) -> Callable[[], None]:
    with reading(engine) as session:
        told = {
            "address": f"http://{HOST}:{settings.port}",
            "folder": str(settings.data_folder),
            "made_now": seconds is not None,
            "people": [asdict(person) for person in people.demo_people(session, COMMUNITY)],
            **asdict(queries.figures(session, now())),
        }
    told["sound"] = examined(engine).sound
    return lambda: document(told)


def _program() -> str:
    """Return how this program was called, so that the next command can be copied."""
    called = Path(sys.argv[0])
    return f"{_near(called)}" if called.name == "timebank" and called.parent != Path() else "timebank"


def _near(path: Path) -> str:
    """Write a path as it is typed from here."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
