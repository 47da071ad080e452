"""What the counter writes down: what people asked for in vain, and the paper forms of a power cut.

A paper form is printed under a number of its own, filled in by hand, and entered at the till when there is power again;
then it is filed with its redemption. A form that was spoilt is filed as void. So a number that is missing is seen.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.market import queries
from timebank.market.tables import PaperFormEndRow, PaperFormsRow, UnmetDemandRow
from timebank.market.texts import REASON_LENGTH_MAX, kept_text, next_numbers
from timebank.people.queries import check_may
from timebank.people.roles import Permission
from timebank.refusal import Refusal

WORDS_LENGTH_MAX: Final = 40
FORMS_AT_ONCE_MAX: Final = 200


class DemandOfNothing(Refusal):
    """Either a good of the list was asked for, or something that it is called in words."""

    code = "demand_of_nothing"


class PaperFormsCount(Refusal):
    """So many forms are not printed at once."""

    code = "paper_forms_count"


class PaperFormFiled(Refusal):
    """The form was filed already."""

    code = "paper_form_filed"


class RedemptionHasForm(Refusal):
    """The redemption belongs to another form, or was made before this one was printed."""

    code = "redemption_has_form"


@once("market.note_demand")
def note_demand(session: Session, act: Act, *, good_number: str | None, words: str) -> dict[str, Any]:
    """Write down that somebody asked for what is not there; return the `number`. Who asked is not written down.

    Args:
        good_number: a good of the list, or None.
        words: what it is called where it is none of ours, else empty.

    Raises:
        NotAllowed: the actor may not serve at the till.
        UnknownGood, DemandOfNothing, MarketText: it cannot be written down.
    """
    check_may(session, act, Permission.REDEEM)
    kept = kept_text("words", words, length_max=WORDS_LENGTH_MAX, required=False)
    good = None if good_number is None else queries.good(session, act.community_id, good_number).number
    if (good is None) == (not kept):
        raise DemandOfNothing()
    number = next_numbers(session, act.community_id, UnmetDemandRow.number, "N{:06d}", 1)[0]
    row = {"community_id": act.community_id, "number": number, "good_number": good, "words": kept}
    noted = {"noted_on": act.today, "noted_by_id": act.person_id, "noted_at": act.at}
    session.execute(sa.insert(UnmetDemandRow), row | noted)
    return {"number": number}


@once("market.print_forms")
def print_forms(session: Session, act: Act, *, count: int) -> dict[str, Any]:
    """Give out the next numbers for paper forms; return the `first` and the `last`.

    Args:
        count: 1 to 200.

    Raises:
        NotAllowed: the actor may not serve at the till.
        PaperFormsCount: so many are not printed at once.
    """
    check_may(session, act, Permission.REDEEM)
    if type(count) is not int or not 1 <= count <= FORMS_AT_ONCE_MAX:
        raise PaperFormsCount(count=count, count_max=FORMS_AT_ONCE_MAX)
    first = queries.last_form(session, act.community_id) + 1
    last = first + count - 1
    row = {"community_id": act.community_id, "first": first, "last": last}
    session.execute(sa.insert(PaperFormsRow), row | {"printed_by_id": act.person_id, "printed_at": act.at})
    return {"first": first, "last": last}


@once("market.enter_form", subject="redemption_number")
def enter_form(session: Session, act: Act, *, form: int, redemption_number: str) -> None:
    """File a paper form with the redemption as which it was entered at the till.

    Raises:
        NotAllowed: the actor may not serve at the till.
        NoSuchPaperForm, PaperFormFiled: there is no such form to be filed.
        NoSuchRedemption, RedemptionHasForm: it is not the redemption of this form.
    """
    check_may(session, act, Permission.REDEEM)
    printed = queries.paper_form(session, act.community_id, form)
    if printed.filed_at is not None:
        raise PaperFormFiled(form=form)
    entered = queries.redemption(session, act.community_id, redemption_number)
    other = queries.find_form_of(session, act.community_id, redemption_number)
    if other is not None or entered.redeemed_on < printed.printed_on:
        raise RedemptionHasForm(redemption=redemption_number, form=form)
    _file(session, act, form, redemption_number, "")


@once("market.void_form")
def void_form(session: Session, act: Act, *, form: int, reason: str) -> None:
    """File a paper form that was spoilt or lost, with the reason.

    Raises:
        NotAllowed: the actor may not serve at the till.
        NoSuchPaperForm, PaperFormFiled, MarketText: there is no such form to be filed, or no reason.
    """
    check_may(session, act, Permission.REDEEM)
    why = kept_text("reason", reason, length_max=REASON_LENGTH_MAX)
    if queries.paper_form(session, act.community_id, form).filed_at is not None:
        raise PaperFormFiled(form=form)
    _file(session, act, form, None, why)


def _file(session: Session, act: Act, form: int, redemption: str | None, reason: str) -> None:
    row = {"community_id": act.community_id, "form": form, "redemption_number": redemption, "reason": reason}
    session.execute(sa.insert(PaperFormEndRow), row | {"filed_by_id": act.person_id, "filed_at": act.at})
