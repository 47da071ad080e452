"""Installing: the data folder with the keys that are missing, and the schema; what `init` and `demo` begin with."""

from pathlib import Path

from timebank import chance, config, schema
from timebank.config import Settings
from timebank.evidence import keys as log_keys


def make_keys(settings: Settings) -> Path | None:
    """Make the keys of the installation, unless they are there; return the file that is new."""
    _make_folder(settings)
    if settings.keys_text is not None or (settings.data_folder / config.KEYS_FILE).exists():
        return None
    return config.store_keys(settings.data_folder, config.Keys(*(chance.fresh_salt() for _ in config.KEY_NAMES)))


def make_log_key(settings: Settings) -> Path | None:
    """Make the key that signs the log, unless it is there; return the file that is new."""
    _make_folder(settings)
    if settings.log_key_text is not None or (settings.data_folder / log_keys.LOG_KEY_FILE).exists():
        return None
    return log_keys.store_keys(settings.data_folder, log_keys.new_keys(chance.fresh_salt()))


def make_schema(settings: Settings) -> None:
    """Bring the database of the installation up to this program."""
    _make_folder(settings)
    schema.upgrade(settings.database_url)


def _make_folder(settings: Settings) -> None:
    settings.data_folder.mkdir(parents=True, exist_ok=True)
