"""What every test may ask for; each plugin says what its fixtures give.

- `session`, `database`, `empty_database` (tests/fixtures/databases.py): SQLite and PostgreSQL, migrated or empty.
- `installation`, `server` (tests/fixtures/servers.py): the real command and the real service as child processes.
- `browser_page` (tests/fixtures/browsers.py): a page in Chromium that may talk to this machine only.
"""

pytest_plugins = [
    "tests.fixtures.chance",
    "tests.fixtures.run_folder",
    "tests.fixtures.databases",
    "tests.fixtures.servers",
    "tests.fixtures.browsers",
]
