"""Forgetting the free text of entries: with text and salt gone, the leaf still proves and says nothing of anybody.

Source: ledger.md (memos are committed to, not contained); PIPL 47.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.tables import AccountRow, LineRow, MemoRow


def forget_memos(session: Session, community_id: str, owner: str) -> int:
    """Delete texts and salts of every entry that moved something of an owner; return how many."""
    entries = (
        sa.select(LineRow.seq)
        .join(
            AccountRow,
            sa.and_(AccountRow.community_id == LineRow.community_id, AccountRow.id == LineRow.account_id),
        )
        .where(LineRow.community_id == community_id, AccountRow.owner == owner)
    )
    gone = session.execute(
        sa.delete(MemoRow).where(MemoRow.community_id == community_id, MemoRow.seq.in_(entries)).returning(MemoRow.seq),
        execution_options={"synchronize_session": False},
    )
    return len(gone.all())
