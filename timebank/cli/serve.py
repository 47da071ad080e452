"""`timebank serve`: the pages, by gunicorn with threads (waitress on Windows)."""

import importlib
import sys
from collections.abc import Callable
from typing import Any

import click
from flask import Flask

from timebank.app import create_app
from timebank.cli.context import Context, with_context
from timebank.cli.output import say
from timebank.config import Settings
from timebank.evidence.keys import LogKeyMissing
from timebank.web import log_keeper, night_watch, texts, trail_copier, webhook_sender


@click.command("serve")
@click.option("--host", default=None, help="监听地址，默认 127.0.0.1。 Address; also TIMEBANK_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="端口，默认 8000。 Port; also TIMEBANK_PORT.")
@with_context
def command(context: Context, host: str | None, port: int | None) -> None:
    r"""启动网页。 Start the pages.

    \b
    timebank serve
    timebank serve --host 0.0.0.0 --port 80
    """
    run(context.settings, host or context.settings.host, port or context.settings.port)


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped; the database is checked before anybody is let in."""
    create_app(settings)

    def ready() -> None:
        say(f"爱心存折在 http://{host}:{port} 。按 Ctrl-C 停止。 Press Ctrl-C to stop.")
        night_watch.start(settings)
        webhook_sender.start(settings)
        trail_copier.start(settings)

    listen(settings, f"{host}:{port}", ready=ready)


def listen(settings: Settings, address: str, *, ready: Callable[[], None]) -> None:
    """Serve at an address until stopped, and keep the logs meanwhile. ready: told once the door is open."""

    def opened() -> None:
        ready()
        try:
            log_keeper.start(settings)
        except LogKeyMissing as missing:
            say(texts.sentence(missing))

    if sys.platform == "win32":
        waitress: Any = importlib.import_module("waitress")
        opened()
        waitress.serve(create_app(settings), listen=address, threads=settings.threads)
    else:
        _gunicorn(settings, address, opened)


def _gunicorn(settings: Settings, address: str, ready: Callable[[], None]) -> None:
    base: Any = importlib.import_module("gunicorn.app.base").BaseApplication

    class Service(base):  # type: ignore[misc]  # gunicorn has no types
        """The pages as gunicorn loads them: once per worker, after the fork."""

        def load_config(self) -> None:
            """Set what the service needs; everything else is gunicorn's own default."""
            for name, value in gunicorn_options(settings, address).items():
                self.cfg.set(name, value)
            self.cfg.set("when_ready", lambda _arbiter: ready())

        def load(self) -> Flask:
            """Make the application of one worker."""
            return create_app(settings)

    Service().run()


def gunicorn_options(settings: Settings, address: str) -> dict[str, object]:
    """Return gunicorn's options: threads, so that slow clients block nobody; no control socket; bounded requests."""
    return {
        "bind": address,
        "worker_class": "gthread",
        "workers": settings.workers,
        "threads": settings.threads,
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 5,
        "limit_request_line": 8190,
        "control_socket_disable": True,
        "proc_name": "timebank",
        "loglevel": "warning",
    }
