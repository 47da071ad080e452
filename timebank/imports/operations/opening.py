"""Opening balances: what paper passbooks carry over, posted for everybody in one go when a second person confirms.

A person's balance is carried over once. It counts for the day on which the community went live, and can come in as long
as old sign-in sheets can (`opening_import_days_max`): later nobody could tell it from a gift.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.journal import Posted
from timebank.imports import queries
from timebank.imports.operations.keeping import write_lines
from timebank.imports.operations.persons import Named, name_problems
from timebank.imports.operations.standing import minutes_and_points
from timebank.imports.operations.submitted import OpeningFile
from timebank.imports.operations.undoing import check_nothing_depends, standing_entries
from timebank.imports.problems import CellProblem, RowProblem
from timebank.imports.problems.asked import row_problem
from timebank.imports.queries import Batch, BatchLine
from timebank.imports.rules import BatchKind, BatchState
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef, system
from timebank.ledger.entries import Draft, EntryKind, Transfer, reversal_of
from timebank.people.queries import Volunteer, close_to, community, volunteers
from timebank.refusal import Refusal
from timebank.rulebook.queries import rules_on
from timebank.rulebook.rules import vintage_for
from timebank.stars import operations as stars

_ALL: Final = 100_000


class OpeningBalancesClosed(Refusal):
    """The time in which opening balances can be carried over has passed."""

    code = "opening_balances_closed"


class ConfirmerIsBeneficiary(Refusal):
    """Nobody confirms the opening balance of themselves or of somebody close to them (trust.md X9)."""

    code = "confirmer_is_beneficiary"


class OpeningNoLongerPossible(Refusal):
    """Since the file came in, some of its people have left."""

    code = "opening_no_longer_possible"


def submit(session: Session, act: Act, file: OpeningFile) -> dict[str, Any]:
    """Check opening balances; return what they will bring. `keep` writes their rows once the batch is there.

    Raises:
        OpeningBalancesClosed: it is too late.
        FileHasProblems: at least one row is wrong.
    """
    _check_time(session, act)
    lines = file.lines
    known = volunteers(session, act.community_id, {line.volunteer_number for line in lines})
    names = name_problems((Named(line.line, line.volunteer_number, line.volunteer_name) for line in lines), known)
    told = [(line.line, line.volunteer_number) for line in lines]
    file.refuse_problems(names, _person_problems(session, act, told, known), _twice(session, act, told))
    minutes = sum(line.minutes for line in lines)
    points_e2 = sum(line.points_e2 for line in lines)
    totals = minutes_and_points(session, act.community_id, minutes=minutes, points_e2=points_e2)
    days = {"go_live_on": _go_live_on(session, act), "effective_on": _effective_on(session, act)}
    return {"volunteers": len(lines), **{name: day.isoformat() for name, day in days.items()}, **totals}


def keep(session: Session, act: Act, file: OpeningFile, batch_id: UUID) -> None:
    """Write the rows of a batch, to be posted when it is confirmed; names stay in the file."""
    rows = (
        (
            line.line,
            {
                "volunteer": line.volunteer_number,
                "minutes": line.minutes,
                "points_e2": line.points_e2,
                "paper_passbook": line.paper_passbook_number,
                "note": line.note,
            },
        )
        for line in file.lines
    )
    write_lines(session, act, batch_id, rows)


def _check_time(session: Session, act: Act) -> None:
    go_live_on = _go_live_on(session, act)
    days = rules_on(session, act.community_id, act.today).document.limits.opening_import_days_max
    last_day = go_live_on + timedelta(days=days)
    if act.today > last_day:
        raise OpeningBalancesClosed(last_day=last_day.isoformat(), limit_days=days)


def _go_live_on(session: Session, act: Act) -> date:
    return community(session, act.community_id).go_live_on


def _effective_on(session: Session, act: Act) -> date:
    """Return the day for which balances count: the first day of the books here, or today where that is to come."""
    return min(_go_live_on(session, act), act.today)


def _person_problems(
    session: Session, act: Act, told: Iterable[tuple[int, str]], known: Mapping[str, Volunteer]
) -> Iterator[RowProblem]:
    close = close_to(session, act.community_id, [act.person_id])[act.person_id]
    for line, number in told:
        person = known.get(number)
        if person is None:
            yield row_problem(line, "no_such_volunteer", {"number": number})
        elif person.closed_on is not None:
            yield row_problem(line, "volunteer_left", {"left_on": person.closed_on.isoformat()})
        elif person.person_id == act.person_id:
            yield RowProblem(line, CellProblem("volunteer_number", "opening_for_oneself"))
        elif person.person_id in close:
            yield RowProblem(line, CellProblem("volunteer_number", "opening_for_family"))


def _twice(session: Session, act: Act, told: Sequence[tuple[int, str]]) -> Iterator[RowProblem]:
    """Whoever has an opening balance, or waits for one, gets no second one."""
    standing = standing_entries(session, act.community_id, [_source(number) for _, number in told])
    carried = {entry.source for entry in standing}
    pending = queries.batches(session, act.community_id, state=BatchState.PENDING, limit=_ALL)
    waiting = queries.lines_of(
        session, act.community_id, [batch.id for batch in pending if batch.kind is BatchKind.OPENING]
    )
    carried |= {_source(str(each.values["volunteer"])) for each in waiting}
    for line, number in told:
        if _source(number) in carried:
            yield RowProblem(line, CellProblem("volunteer_number", "opening_twice", {"number": number}))


def _source(number: str) -> str:
    return f"opening-balance:{number}"


def confirm(session: Session, act: Act, batch: Batch, rating: int | None, answer: str) -> dict[str, Any]:
    """Post the balances of everybody in the batch, in one go; return the numbers of the entries.

    Raises:
        OpeningBalancesClosed: it is too late.
        ConfirmerIsBeneficiary: one of them is the actor's own, or of somebody close.
        OpeningNoLongerPossible: somebody has left since.
    """
    _check_time(session, act)
    lines = queries.lines_of(session, act.community_id, [batch.id])
    _check_people(session, act, batch, lines)
    drafts = tuple(_drafts(session, act, batch, lines))
    posted = journal.post_all(session, act, drafts)
    _review(session, act, drafts, posted)
    return {
        "posted": len(posted),
        "minutes": sum(line.values["minutes"] for line in lines),
        "points_e2": sum(line.values["points_e2"] for line in lines),
        "first_seq": posted[0].seq if posted else None,
        "last_seq": posted[-1].seq if posted else None,
    }


def _check_people(session: Session, act: Act, batch: Batch, lines: Sequence[BatchLine]) -> None:
    told = [(line.line, str(line.values["volunteer"])) for line in lines]
    numbers = dict(told)
    known = volunteers(session, act.community_id, numbers.values())
    found = list(_person_problems(session, act, told, known))
    own = [numbers[each.line] for each in found if each.problem.code.startswith("opening_for_")]
    if own:
        raise ConfirmerIsBeneficiary(batch=batch.number, volunteers=[*own])
    if found:
        raise OpeningNoLongerPossible(batch=batch.number, volunteers=[numbers[each.line] for each in found])


def _drafts(session: Session, act: Act, batch: Batch, lines: Iterable[BatchLine]) -> Iterator[Draft]:
    """Draft an entry per person; whoever carries nothing over has none."""
    day = journal.effective_day(session, act, _effective_on(session, act))
    vintage = vintage_for(rules_on(session, act.community_id, day).document, day)
    for line in lines:
        transfers = tuple(_transfers(line, vintage))
        if transfers:
            yield Draft(
                kind=EntryKind.OPENING_BALANCE,
                effective_on=day,
                transfers=transfers,
                source=_source(line.values["volunteer"]),
                memo=f"纸质存折转入 {line.values['paper_passbook']}".strip(),
                facts={"batch": batch.number, "line": line.line},
            )


def _transfers(line: BatchLine, vintage: int) -> Iterator[Transfer]:
    number = line.values["volunteer"]
    if line.values["minutes"]:
        recognised = AccountRef(AccountKind.RECOGNISED, number, MINUTES)
        yield Transfer(system(AccountKind.OPENING, MINUTES), recognised, line.values["minutes"])
    if line.values["points_e2"]:
        passbook = AccountRef(AccountKind.PASSBOOK, number, POINTS, vintage)
        yield Transfer(system(AccountKind.OPENING, POINTS), passbook, line.values["points_e2"])


def _review(session: Session, act: Act, drafts: Sequence[Draft], posted: Sequence[Posted]) -> None:
    """Tell the star room the minutes of each person after the posting."""
    touched = (entry.closings.items() for entry in posted)
    minutes = {
        ref.owner: amount for closings in touched for ref, amount in closings if ref.unit == MINUTES and ref.owner
    }
    if minutes:
        stars.review(session, act, minutes_by_number=minutes)


def take_back(session: Session, act: Act, batch: Batch, reason: str) -> dict[str, Any]:
    """Reverse the balances of a batch; of one that waits nothing is posted, and nothing is to be done.

    Raises:
        PointsSpentSince, StarsGrantedSince: something depends on it already.
    """
    if batch.state is BatchState.PENDING:
        return {"withdrawn": batch.row_count}
    lines = queries.lines_of(session, act.community_id, [batch.id])
    sources = [_source(str(line.values["volunteer"])) for line in lines]
    check_nothing_depends(session, act, batch, sources)
    drafts = tuple(
        reversal_of(entry, effective_on=journal.effective_day(session, act, entry.effective_on), memo=reason)
        for entry in standing_entries(session, act.community_id, sources)
    )
    posted = journal.post_all(session, act, drafts)
    _review(session, act, drafts, posted)
    return {"reversed": len(posted)}
