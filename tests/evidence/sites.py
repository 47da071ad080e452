"""Builders of a site: the application over a database and a data folder of a test."""

from tests.evidence.builders import KEYS
from timebank import config
from timebank.app import create_app
from timebank.config import Keys, store_keys
from timebank.evidence import keys as log_keys


def a_site(database, folder):
    """Make the application over the database of a test, with keys of its own in a folder."""
    if not (folder / config.KEYS_FILE).exists():
        store_keys(folder, Keys(b"s" * 32, b"e" * 32, b"l" * 32))
        log_keys.store_keys(folder, KEYS)
    settings = config.read({"TIMEBANK_DATA": str(folder), "TIMEBANK_DATABASE_URL": database.url})
    return create_app(settings)
