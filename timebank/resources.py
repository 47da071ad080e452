"""Where the templates and migrations lie, in a checkout and in an installed wheel.

In a checkout they lie beside the package, for people; setup.cfg maps them into the package for the wheel. An editable
install does not see mapped packages, so the sibling folder is taken when it exists.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _folder(name: str) -> Path:
    sibling = _PACKAGE.parent / name
    beside_a_checkout = (_PACKAGE.parent / "setup.cfg").exists() and sibling.is_dir()
    return sibling if beside_a_checkout else _PACKAGE / f"_{name}"


def templates_folder() -> Path:
    """Return the folder of the page templates."""
    return _folder("templates")


def migrations_folder() -> Path:
    """Return the folder of the Alembic environment (`env.py`, `versions/`)."""
    return _folder("migrations")


def static_folder() -> Path:
    """Return the folder of the style sheet, the scripts and the icons."""
    return _PACKAGE / "web" / "static"


def catalogue() -> Path:
    """Return the English of the pages, a gettext file that people edit."""
    return _PACKAGE / "web" / "english.po"
