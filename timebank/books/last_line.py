"""The last line of an account: where its number, its balance and its closing stand; one way of asking for it."""

from typing import Any, TypeVar

import sqlalchemy as sa

from timebank.books.tables import AccountRow, LineRow

Value = TypeVar("Value")


def of_last_line(column: sa.SQLColumnExpression[Value]) -> sa.ScalarSelect[Value | None]:
    """Ask for a column of an account's last line, beside `AccountRow`; NULL where the account has no line yet.

    One step into the key of the lines, whatever the database believes of their number. (Joined to the lines by the
    highest number, PostgreSQL without statistics asks for that number again for every line of the account.)
    """
    line: Any = LineRow
    return (
        sa.select(column)
        .where(line.community_id == AccountRow.community_id, line.account_id == AccountRow.id)
        .order_by(line.n.desc())
        .limit(1)
        .correlate(AccountRow)
        .scalar_subquery()
    )
