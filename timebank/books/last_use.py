"""When a passbook was last used: the newest entry of some kinds that moved it, found from its last line backwards."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from timebank.books.asking import Question, one_of
from timebank.books.tables import AccountRow, EntryRow, LineRow
from timebank.ledger.accounts import AccountKind
from timebank.ledger.entries import EntryKind

_ACCOUNT: Final = AccountRow.__table__.c


def last_use_question(community_id: str, owner: str, kinds: Iterable[EntryKind]) -> Question[datetime | None]:
    """Ask, together with other questions, when an entry of one of these kinds last moved a passbook; None never."""
    values = {"community": community_id, "owner": owner, "using": sorted(kind.value for kind in kinds)}
    return Question(_LAST_USE, values, lambda rows: max((row[0] for row in rows if row[0] is not None), default=None))


def _last_use() -> sa.Select[*tuple[Any, ...]]:
    of_entry = sa.and_(EntryRow.community_id == LineRow.community_id, EntryRow.seq == LineRow.seq)
    newest = (
        sa.select(EntryRow.booked_at)
        .select_from(LineRow)
        .join(EntryRow, of_entry)
        .where(LineRow.community_id == _ACCOUNT.community_id, LineRow.account_id == _ACCOUNT.id)
        .where(one_of(EntryRow.kind, "using"))
        .order_by(LineRow.n.desc())
        .limit(1)
        .correlate(AccountRow.__table__)
        .scalar_subquery()
    )
    # Said plainly to be a moment, so that it is read as one out of the text of several answers.
    return sa.select(sa.type_coerce(newest, sa.DateTime(timezone=True)).label("last_at")).where(
        _ACCOUNT.community_id == sa.bindparam("community"),
        _ACCOUNT.owner == sa.bindparam("owner"),
        _ACCOUNT.kind == AccountKind.PASSBOOK.value,
    )


_LAST_USE: Final = _last_use()
