"""Leaving: a passbook is closed and its owner's identity deleted, while the books stay whole.

It asks every room whether something is still open, which no room below could; so it stands beside the work of the
night. One person asks (the owner, or somebody at the desk), another one of the staff closes; nothing can be undone.

What is deleted: name, sex, birthday, phone, home, household, document, skills, notes, guardian, relatives, card,
password, second factor, sessions, what was said in requests, and text and salt of every entry of theirs. What stays:
the number, minutes, points and goods in the books, who recorded and approved what, and certificates that were issued.

Source: PIPL 15, 47; domain.md section 3, V8.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.forgetting import forget_memos
from timebank.books.requests import once
from timebank.certificates import queries as certificates
from timebank.market import queries as market
from timebank.market.queries.reservations import reservations_of
from timebank.market.queries.vouchers import vouchers_of
from timebank.market.queries.waiting import waiting_of
from timebank.people import queries as people
from timebank.people.consents import NoSuchDataRequest, RequestNeedsAnother
from timebank.people.operations.erasing import erase_identity
from timebank.people.operations.privacy import decide, open_request
from timebank.people.queries.privacy import DataRequest, find_data_request
from timebank.refusal import Fact, Refusal
from timebank.service.queries.attending import signed_up_for
from timebank.service.queries.confirming import unposted_of
from timebank.service.queries.objections import objections_of
from timebank.service.queries.overviews import waiting_minutes
from timebank.stars import queries as stars
from timebank.stars.queries.inquiries import inquiries_about
from timebank.timetable.queries import bookings_of


class NotFreeToLeave(Refusal):
    """Something of this passbook is still open; `problems` says each, and what to do first."""

    code = "not_free_to_leave"


class PointsLeft(Refusal):
    """There are points, or points put aside, or points owed."""

    code = "leaving_points_left"


class StillOnTheStaff(Refusal):
    """Whoever works here is let go first."""

    code = "leaving_still_on_the_staff"


class HoursWait(Refusal):
    """Hours of theirs wait for approval, confirmation or their day."""

    code = "leaving_hours_wait"


class ObjectionWaits(Refusal):
    """An objection of theirs waits for its answer."""

    code = "leaving_objection_waits"


class StarCaseOpen(Refusal):
    """A star of theirs is being decided, or looked into."""

    code = "leaving_star_case_open"


class PlacesTaken(Refusal):
    """They are signed up for an activity, or have booked a slot."""

    code = "leaving_places_taken"


class GoodsWait(Refusal):
    """Goods are reserved for them, they wait for some, or they have a voucher that is still good."""

    code = "leaving_goods_wait"


class CertificateAsked(Refusal):
    """They asked for a certificate that was not issued yet."""

    code = "leaving_certificate_asked"


@dataclass(frozen=True, slots=True)
class _Leaver:
    session: Session
    act: Act
    person_id: UUID
    number: str


@once("leaving.close_passbook", subject="request_id")
def close_passbook(session: Session, act: Act, *, request_id: UUID) -> str:
    """Close a passbook for which another person asked, and delete who its owner was; return its number.

    Raises:
        NotAllowed, NoSuchDataRequest
        RequestNeedsAnother: the actor asked for it, or is its owner.
        NotFreeToLeave: something is still open.
    """
    row = open_request(session, act, request_id)
    asked = find_data_request(session, act.community_id, request_id)
    if asked is None or asked.kind != "close":
        raise NoSuchDataRequest()
    if act.person_id in {asked.person_id, asked.asker_id}:
        raise RequestNeedsAnother()
    problems = still_open(session, act, asked)
    if problems:
        raise NotFreeToLeave(number=asked.number, problems=problems)
    decide(session, act, row, "done")
    erase_identity(session, act, asked.person_id)
    forget_memos(session, act.community_id, asked.number)
    return asked.number


def still_open(session: Session, act: Act, asked: DataRequest) -> list[Fact]:
    """Return what has to be settled first, each with its code and facts."""
    leaver = _Leaver(session, act, asked.person_id, asked.number)
    return [{"code": found.code, **found.facts} for look in LOOKS for found in look(leaver)]


def _points(leaver: _Leaver) -> Iterator[Refusal]:
    book = market.passbook(leaver.session, leaver.act.community_id, leaver.number, leaver.act.at)
    left_e2 = sum(amount for _account, amount in book.vintages)
    if left_e2 or book.held_e2 or book.owed_e2:
        yield PointsLeft(left_e2=left_e2, held_e2=book.held_e2, owed_e2=book.owed_e2)


def _staff(leaver: _Leaver) -> Iterator[Refusal]:
    staff = people.all_staff(leaver.session, leaver.act.community_id)
    if any(one.person_id == leaver.person_id and not one.disabled for one in staff):
        yield StillOnTheStaff()


def _hours(leaver: _Leaver) -> Iterator[Refusal]:
    waiting = waiting_minutes(leaver.session, leaver.act.community_id, leaver.number)
    unposted = unposted_of(leaver.session, leaver.act.community_id, leaver.number, leaver.act.today)
    if waiting or unposted:
        yield HoursWait()


def _objections(leaver: _Leaver) -> Iterator[Refusal]:
    if any(one.is_open for one in objections_of(leaver.session, leaver.act.community_id, leaver.person_id)):
        yield ObjectionWaits()


def _stars(leaver: _Leaver) -> Iterator[Refusal]:
    community = leaver.act.community_id
    progress = stars.progress(leaver.session, community, leaver.number, leaver.act.today)
    if progress.open_case or any(one.waits for one in inquiries_about(leaver.session, community, leaver.number)):
        yield StarCaseOpen()


def _places(leaver: _Leaver) -> Iterator[Refusal]:
    asked = (leaver.session, leaver.act.community_id, leaver.person_id, leaver.act.at)
    if signed_up_for(*asked) or bookings_of(*asked):
        yield PlacesTaken()


def _goods(leaver: _Leaver) -> Iterator[Refusal]:
    community, number = leaver.act.community_id, leaver.number
    reserved = reservations_of(leaver.session, community, number, leaver.act.at)
    waits = waiting_of(leaver.session, community, number)
    has_voucher = any(one.state == "open" for one in vouchers_of(leaver.session, community, number, leaver.act.at))
    if has_voucher or any(one.state == "open" for one in reserved) or any(one.state == "waiting" for one in waits):
        yield GoodsWait()


def _certificates(leaver: _Leaver) -> Iterator[Refusal]:
    asked = certificates.requests_of(leaver.session, leaver.act.community_id, leaver.person_id)
    if any(one.state == "open" for one in asked):
        yield CertificateAsked()


LOOKS: tuple[Callable[[_Leaver], Iterator[Refusal]], ...] = (
    _points,
    _staff,
    _hours,
    _objections,
    _stars,
    _places,
    _goods,
    _certificates,
)
"""Every question whether something is still open."""
