"""Settings: frozen, read once from the environment; wrong values stop the start with a clear text.

Every setting has a default that suits one community on one machine. The keys lie in one file of the data folder
(`keys.json`, readable by its owner alone), made by `timebank init`, or come from the environment.
"""

import base64
import binascii
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from timebank.refusal import Refusal

PREFIX: Final = "TIMEBANK_"
KEY_BYTES: Final = 32
KEYS_FILE: Final = "keys.json"


class SettingWrong(Refusal):
    """A setting has a value that it cannot have."""

    code = "setting_wrong"


class SettingUnknown(Refusal):
    """There is no setting of this name; a typing mistake would otherwise be believed to work."""

    code = "setting_unknown"


class SettingMistyped(Refusal):
    """There is no setting of this name, but one that is written nearly so."""

    code = "setting_mistyped"


class KeysMissing(Refusal):
    """The keys of this installation are not there; `timebank init` makes them."""

    code = "keys_missing"


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of an installation, 32 bytes each.

    Attributes:
        session: signs the cookies of the pages.
        encryption: encrypts identity numbers.
        lookup: keyed hash by which an identity number is found again.
    """

    session: bytes
    encryption: bytes
    lookup: bytes

    def as_text(self) -> str:
        """Write the keys as the contents of their file."""
        return json.dumps({name: base64.b64encode(getattr(self, name)).decode() for name in KEY_NAMES}, indent=1)


KEY_NAMES: Final = ("session", "encryption", "lookup")

SETTINGS: Final[dict[str, str]] = {
    "DATA": "folder of the SQLite file and the keys; default ./timebank-data",
    "DATABASE_URL": "database; default the SQLite file of the data folder; postgresql://… for PostgreSQL",
    "KEYS": "the keys themselves (contents of keys.json), where no file is wanted",
    "LOG_KEY": "the log's signing key itself (contents of log-key.json), where no file is wanted",
    "HOST": "address to listen on; default 127.0.0.1",
    "PORT": "port to listen on; default 8000",
    "WORKERS": "server processes; default twice the processors, at most 8",
    "THREADS": "threads of each server process; default 8",
    "HOSTS": "host names under which the service is reached, separated by commas; default localhost and 127.0.0.1",
    "HTTPS": "1 where the service is reached by HTTPS (through a proxy): cookies are then sent by HTTPS only",
    "SECOND_FACTOR": "roles that must have a second factor, separated by commas, or none; default all of the staff",
    "WEBHOOK_HOSTS": "private receivers (host:port) that webhooks may reach, separated by commas; default none",
    "READS_KEPT_DAYS": "how long the trail of reads is kept, in days; at least 190, default 400",
    "LOG_SERVER": "where the trail is copied to, tls://host:port or tcp://host:port (syslog); default nowhere",
    "COMMUNITY": "code of the community that the command line speaks for, where there are several",
    "AS": "login name in whose name the command line acts",
    "LANG": "language of the command line, zh or en; default zh",
}
"""Every setting, without its prefix `TIMEBANK_`, and what it means."""

_PLACE: Final = re.compile(r"[a-z0-9.-]{1,253}:[1-9][0-9]{0,4}")

LAST_PORT: Final = 65_535

STAFF_ROLES: Final = ("admin", "coordinator", "clerk", "auditor", "security_admin")
"""The roles that may be named in a setting."""

FOR_TESTS: Final = frozenset(
    {"TEST_DATABASE_URL", "TEST_LONG", "TEST_SEED", "CHROMIUM", "REQUIRE_BROWSER", "REQUIRE_JUDGES"}
)
"""Names that the tests read; the program ignores them."""


@dataclass(frozen=True, slots=True)
class LogServer:
    """Who takes the copy of the trail."""

    host: str
    port: int
    encrypted: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says, checked; see `SETTINGS`.

    second_factor: roles that must have one.
    webhook_hosts: `host:port` of receivers that may be private.
    demo: one-click logins are offered. No environment can say so, only `timebank demo` of itself.
    """

    data_folder: Path
    database_url: str
    keys_text: str | None
    log_key_text: str | None
    host: str
    port: int
    workers: int
    threads: int
    hosts: tuple[str, ...]
    https: bool
    second_factor: frozenset[str] = frozenset()
    reads_kept_days: int = 400
    webhook_hosts: frozenset[str] = frozenset()
    log_server: LogServer | None = None
    demo: bool = False

    def keys(self) -> Keys:
        """Read the keys.

        Raises:
            KeysMissing: there are none.
            SettingWrong: the file or the setting does not hold three keys of 32 bytes.
        """
        path = self.data_folder / KEYS_FILE
        if self.keys_text is not None:
            return _keys(self.keys_text, PREFIX + "KEYS")
        if not path.exists():
            raise KeysMissing(file=str(path))
        return _keys(path.read_text(encoding="utf-8"), str(path))

    @property
    def on_sqlite(self) -> bool:
        """Tell whether the embedded database is used."""
        return self.database_url.startswith("sqlite")


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises:
        SettingMistyped, SettingUnknown: a name that begins with `TIMEBANK_` is none of ours.
        SettingWrong: a value cannot be.
    """
    given = {name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)}
    _check_names(given)
    folder = Path(given.get("DATA") or "timebank-data").absolute()
    cores = os.cpu_count() or 1
    return Settings(
        data_folder=folder,
        database_url=_database_url(given.get("DATABASE_URL"), folder),
        keys_text=given.get("KEYS"),
        log_key_text=given.get("LOG_KEY"),
        host=given.get("HOST") or "127.0.0.1",
        port=_number(given, "PORT", 8000, low=1, high=65535),
        workers=_number(given, "WORKERS", min(2 * cores, 8), low=1, high=64),
        threads=_number(given, "THREADS", 8, low=1, high=64),
        hosts=tuple(host.strip() for host in (given.get("HOSTS") or "localhost,127.0.0.1").split(",") if host.strip()),
        https=_switch(given, "HTTPS"),
        second_factor=_roles(given, "SECOND_FACTOR"),
        reads_kept_days=_number(given, "READS_KEPT_DAYS", 400, low=190, high=36_500),
        webhook_hosts=_places(given.get("WEBHOOK_HOSTS") or ""),
        log_server=_log_server(given.get("LOG_SERVER") or ""),
    )


def _check_names(given: Mapping[str, str]) -> None:
    for name in given.keys() - SETTINGS.keys() - FOR_TESTS:
        for close in get_close_matches(name, SETTINGS, n=1):
            raise SettingMistyped(name=PREFIX + name, meant=PREFIX + close)
        raise SettingUnknown(name=PREFIX + name)


def _database_url(given: str | None, folder: Path) -> str:
    if not given:
        return f"sqlite:///{folder / 'timebank.db'}"
    for known in ("sqlite:///", "postgresql://", "postgresql+psycopg://"):
        if given.startswith(known):
            return given
    raise SettingWrong(name=PREFIX + "DATABASE_URL", problem="sqlite:///… or postgresql://…")


def _number(given: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    text = given.get(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise SettingWrong(name=PREFIX + name, problem=f"{low} … {high}")
    return int(text)


def _switch(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name) or "0"
    if text not in {"0", "1"}:
        raise SettingWrong(name=PREFIX + name, problem="0, 1")
    return text == "1"


def _roles(given: Mapping[str, str], name: str) -> frozenset[str]:
    text = given.get(name)
    if not text or text == "none":
        return frozenset() if text else frozenset(STAFF_ROLES)
    named = frozenset(role.strip() for role in text.split(","))
    if not named <= frozenset(STAFF_ROLES):
        raise SettingWrong(name=PREFIX + name, problem=", ".join((*STAFF_ROLES, "none")))
    return named


def _places(text: str) -> frozenset[str]:
    named = frozenset(place.strip() for place in text.split(",") if place.strip())
    if not all(_PLACE.fullmatch(place) for place in named):
        raise SettingWrong(name=PREFIX + "WEBHOOK_HOSTS", problem="host:port, …")
    return named


def _log_server(text: str) -> LogServer | None:
    if not text:
        return None
    kind, _, place = text.partition("://")
    host, _, port = place.rpartition(":")
    if kind not in {"tls", "tcp"} or not _PLACE.fullmatch(place) or int(port) > LAST_PORT:
        raise SettingWrong(name=PREFIX + "LOG_SERVER", problem="tls://host:port, tcp://host:port")
    return LogServer(host, int(port), encrypted=kind == "tls")


def _keys(text: str, where: str) -> Keys:
    try:
        document = json.loads(text)
        parts = [base64.b64decode(document[name], validate=True) for name in KEY_NAMES]
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise SettingWrong(name=where, problem="keys.json") from error
    if any(len(part) != KEY_BYTES for part in parts):
        raise SettingWrong(name=where, problem=f"{KEY_BYTES} bytes")
    return Keys(*parts)


def store_keys(folder: Path, keys: Keys) -> Path:
    """Write the keys into the data folder, readable by the owner alone; keys that are there are never overwritten."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / KEYS_FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(keys.as_text())
    return path
