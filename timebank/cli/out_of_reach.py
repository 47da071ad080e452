"""Out of reach: what is told when the database is not there, not to be had, or not to be read."""

from typing import Final

import sqlalchemy as sa

from timebank.database import is_fault_of_the_program
from timebank.refusal import Refusal

_UNREADABLE: Final = {11, 26}
"""SQLite's numbers for a file whose pages are broken, and for one that is no database at all."""
_REASON_LENGTH_MAX: Final = 200


class DatabaseOutOfReach(Refusal):
    """The database cannot be had now: the server is away, the file cannot be opened, or somebody else holds it."""

    code = "database_out_of_reach"


class DatabaseUnreadable(Refusal):
    """The file is no database, or its pages are broken."""

    code = "database_unreadable"


def refusal_of(error: sa.exc.DBAPIError) -> Refusal:
    """Return what is told of a database's error.

    Raises:
        DBAPIError: the same error, where it is a fault of the program and not of the database.
    """
    reason = " ".join(str(error.orig).split())[:_REASON_LENGTH_MAX]
    if getattr(error.orig, "sqlite_errorcode", None) in _UNREADABLE:
        return DatabaseUnreadable(reason=reason)
    away = isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError)
    if not away or is_fault_of_the_program(error):
        raise error
    return DatabaseOutOfReach(reason=reason)
