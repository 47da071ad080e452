"""What was asked for in vain, by good; and paper forms: what became of each, and which numbers are missing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.days import day_of
from timebank.market.tables import PaperFormEndRow, PaperFormsRow, UnmetDemandRow, WaitingRow
from timebank.refusal import Refusal


class NoSuchPaperForm(Refusal):
    """No form of this number was ever printed."""

    code = "no_such_paper_form"


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that was asked for and not there.

    Attributes:
        good_number: the good, or None where it is none of ours; then `words` say what it is called.
        times: how often it was written down at the counter.
        joined: how often somebody joined the waiting list for it.
        newest_on: the last day on which it was.
    """

    good_number: str | None
    words: str
    times: int
    joined: int
    newest_on: date

    @property
    def asked(self) -> int:
        """How often it was asked for, both ways."""
        return self.times + self.joined


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A numbered paper form: when it was printed, and what became of it (neither while it is out)."""

    form: int
    printed_on: date
    redemption_number: str | None
    reason: str
    filed_at: datetime | None


def unmet_demand(session: Session, community_id: str, since: date) -> tuple[Demand, ...]:
    """Return what was asked for in vain since a day, the most asked for first: at the counter, or by waiting for it."""
    found: dict[tuple[str | None, str], Demand] = {}
    noted = (
        sa.select(
            UnmetDemandRow.good_number, UnmetDemandRow.words, sa.func.count(), sa.func.max(UnmetDemandRow.noted_on)
        )
        .where(UnmetDemandRow.community_id == community_id, UnmetDemandRow.noted_on >= since)
        .group_by(UnmetDemandRow.good_number, UnmetDemandRow.words)
    )
    for good, words, times, newest_on in session.execute(noted):
        found[good, words] = Demand(good, words, int(times), 0, newest_on)
    waited = sa.select(WaitingRow.good_number, WaitingRow.joined_at).where(WaitingRow.community_id == community_id)
    for good, joined_at in session.execute(waited):
        day = day_of(joined_at)
        if day >= since:
            before = found.get((good, ""), Demand(good, "", 0, 0, day))
            newest_on = max(before.newest_on, day)
            found[good, ""] = Demand(good, "", before.times, before.joined + 1, newest_on)
    return tuple(sorted(found.values(), key=lambda one: (-one.asked, one.good_number or "~", one.words)))


def last_form(session: Session, community_id: str) -> int:
    """Return the highest number under which a form was printed, or 0."""
    query = sa.select(sa.func.max(PaperFormsRow.last)).where(PaperFormsRow.community_id == community_id)
    return session.scalar(query) or 0


def paper_form(session: Session, community_id: str, form: int) -> PaperForm:
    """Return one form.

    Raises:
        NoSuchPaperForm: none was printed under this number.
    """
    for one in paper_forms(session, community_id):
        if one.form == form:
            return one
    raise NoSuchPaperForm(form=form)


def paper_forms(session: Session, community_id: str) -> tuple[PaperForm, ...]:
    """Return every form that was printed, by number."""
    printed = sa.select(PaperFormsRow).where(PaperFormsRow.community_id == community_id).order_by(PaperFormsRow.first)
    ended = sa.select(PaperFormEndRow).where(PaperFormEndRow.community_id == community_id)
    ends = {row.form: row for row in session.scalars(ended)}
    return tuple(
        _form(number, batch, ends.get(number))
        for batch in session.scalars(printed)
        for number in range(batch.first, batch.last + 1)
    )


def _form(number: int, batch: PaperFormsRow, end: PaperFormEndRow | None) -> PaperForm:
    filed: tuple[Any, ...] = (None, "", None) if end is None else (end.redemption_number, end.reason, end.filed_at)
    return PaperForm(number, day_of(batch.printed_at), *filed)


def missing_forms(forms: tuple[PaperForm, ...]) -> tuple[int, ...]:
    """Return the numbers that are missing: still out, though a form with a later number was filed."""
    last = max((one.form for one in forms if one.filed_at is not None), default=0)
    return tuple(one.form for one in forms if one.filed_at is None and one.form < last)


def find_form_of(session: Session, community_id: str, redemption_number: str) -> int | None:
    """Return the number of the paper form of a redemption, or None where it was made at the till."""
    return session.scalar(
        sa.select(PaperFormEndRow.form).where(
            PaperFormEndRow.community_id == community_id, PaperFormEndRow.redemption_number == redemption_number
        )
    )
