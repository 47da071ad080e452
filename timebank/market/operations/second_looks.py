"""A second look at a passbook that nobody used for long: another person makes sure who stands at the counter."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.market.operations.redemptions import Identified, customer_for
from timebank.market.tables import PassbookCheckRow
from timebank.people.queries import check_may, may
from timebank.people.roles import Permission


@once("market.check_passbook", subject="volunteer_number")
def check_passbook(session: Session, act: Act, *, volunteer_number: str, identified: Identified) -> dict[str, Any]:
    """Say that one has looked who the customer is; another person may then serve them today (trust.md T9, X16).

    Raises:
        NotAllowed: the actor neither serves at the till nor undoes late.
        NoSuchVolunteer, PassbookClosed: there is no passbook.
        RedeemForOneself: it is the actor's own, or of somebody close to them.
    """
    if not may(session, act, Permission.REDEEM):
        check_may(session, act, Permission.UNDO_LATE)
    customer = customer_for(session, act, volunteer_number)
    row = {
        "community_id": act.community_id,
        "id": act.new_id("passbook-check"),
        "volunteer_number": customer.number,
        "person_id": customer.person_id,
        "checked_by_id": act.person_id,
        "checked_by": act.number,
        "checked_on": act.today,
        "checked_at": act.at,
        "identified": identified.value,
    }
    session.execute(sa.insert(PassbookCheckRow), row)
    return {"volunteer": customer.number}
