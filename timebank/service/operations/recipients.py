"""Who was served: a recipient is named for an activity, answers by a code and the end of their phone, and rates."""

import re
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.people.queries import check_may
from timebank.people.roles import Permission
from timebank.rulebook.queries import rules_on
from timebank.service.operations.confirming import served_record
from timebank.service.queries.activities import activity
from timebank.service.queries.confirming import answers_to, find_recipient, recipient_ratings
from timebank.service.queries.records import records_of_activity
from timebank.service.rules import RecordState, check_rating
from timebank.service.rules.confirming import (
    RatedAlready,
    RecipientAnswered,
    RecipientIncomplete,
    Side,
    check_rating_day,
    check_stars,
)
from timebank.service.shapes import check_texts
from timebank.service.tables import ActivityRecipientRow, RecipientRatingRow

_TAIL: Final = re.compile("[0-9]{4}")
_CODE: Final = re.compile("[0-9]{10}")


@once("service.name_recipient", subject="activity_number")
def name_recipient(
    session: Session, act: Act, *, activity_number: str, name: str, phone_tail: str, code: Secret
) -> dict[str, str]:
    """Say for whom an activity is; they confirm and rate by a code and the last four digits of their phone.

    Args:
        code: ten digits that nobody can guess; one that was given stays, also when the name is put right.

    Returns:
        `activity`: its number; the code stands at the recipient (`queries.recipient`).

    Raises:
        NotAllowed: the actor makes no activities there.
        NoSuchActivity, RecipientIncomplete, RecipientAnswered, TextUnclear: it cannot be said, or not any more.
    """
    check_texts({"recipient": name})
    if not name.strip() or not _TAIL.fullmatch(phone_tail):
        raise RecipientIncomplete()
    assert _CODE.fullmatch(code.value), "ten digits"
    found = activity(session, act.community_id, activity_number)
    check_may(session, act, Permission.CREATE_ACTIVITY, org_unit_id=found.org_unit_id)
    known = find_recipient(session, act.community_id, found.id)
    if known is not None and _has_answered(session, act, activity_number):
        raise RecipientAnswered(activity=activity_number)
    row = ActivityRecipientRow(
        community_id=act.community_id,
        activity_id=found.id,
        name=name.strip(),
        phone_tail=phone_tail,
        code=code.value if known is None else known.code,
        setter=act.number,
        set_at=act.at,
    )
    session.merge(row)
    return {"activity": activity_number}


def _has_answered(session: Session, act: Act, activity_number: str) -> bool:
    served = [one.id for one in records_of_activity(session, act.community_id, activity_number)]
    said = answers_to(session, act.community_id, served)
    answered = any(one.side is Side.RECIPIENT for of_one in said.values() for one in of_one)
    return answered or bool(recipient_ratings(session, act.community_id, served))


@once("service.rate_as_recipient", subject="record_id")
def rate_as_recipient(
    session: Session, act: Act, *, code: str, phone_tail: str, record_id: UUID, stars: int, reason: str
) -> dict[str, Any]:
    """Rate a service as the one who was served, once, within the working days of the rules.

    Stars that come before the entry count for its points where the approver gave none; later ones count for the
    volunteer's average.

    Raises:
        NoSuchRecipientCode, NoSuchRecord: the code and the phone open nothing, or not this.
        RatingOutOfRange, StarsWithoutReason, RatingTooLate, RatedAlready, TextUnclear: not like this, or not any more.
    """
    check_texts({"reason": reason})
    check_rating(stars)
    found = served_record(session, act, code=code, phone_tail=phone_tail, record_id=record_id)
    document = rules_on(session, act.community_id, found.served_on).document
    check_stars(stars, reason, document)
    check_rating_day(document, found.served_on, act.today)
    if recipient_ratings(session, act.community_id, [found.id]):
        raise RatedAlready()
    session.add(
        RecipientRatingRow(
            community_id=act.community_id,
            record_id=found.id,
            stars=stars,
            reason=reason.strip(),
            before_posting=found.state in (RecordState.SUBMITTED, RecordState.CHECKED),
            rated_at=act.at,
        )
    )
    return {"stars": stars}
