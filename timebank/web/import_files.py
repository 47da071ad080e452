"""Files that come in, for the page and the API alike: read by what they bring, submitted by the operation for it."""

from collections.abc import Callable
from typing import Any, Final

from timebank.database import db
from timebank.imports import operations, queries
from timebank.imports.incoming import Incoming, read_goods, read_hours, read_opening, read_register
from timebank.imports.rules import BatchKind
from timebank.web.persons import vault

SUBMIT: Final[dict[BatchKind, Callable[..., dict[str, Any]]]] = {
    BatchKind.VOLUNTEERS: operations.submit_volunteers,
    BatchKind.HOURS: operations.submit_hours,
    BatchKind.OPENING: operations.submit_opening,
    BatchKind.GOODS: operations.submit_goods,
}
"""The operation for each kind of file."""


def read_file(community_id: str, kind: BatchKind, name: str, content: bytes) -> Incoming[Any]:
    """Read a file by what it brings, with the columns that were chosen for its source.

    Raises:
        Refusal: the whole file cannot be read; see `reading.read_table` and `columns.mapped`.
    """
    known = queries.columns_known(db.session(), community_id, kind)
    match kind:
        case BatchKind.VOLUNTEERS:
            return read_register(name, content, community_id=community_id, vault=vault(), known=known)
        case BatchKind.HOURS:
            return read_hours(name, content, community_id=community_id, vault=vault(), known=known)
        case BatchKind.OPENING:
            return read_opening(name, content, known=known)
        case BatchKind.GOODS:
            return read_goods(name, content, known=known)
