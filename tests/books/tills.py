"""Tills: requests that are made again and again until they are answered, as every caller of the service does."""

from datetime import timedelta

from tests.books import builders
from tests.builders import NOON, an_act
from timebank.books import holds, journal
from timebank.books.requests import once
from timebank.database import Busy, writing
from timebank.refusal import Refusal

OWNER = "V0001"
SALT = bytes(32)
"""One for all, so that a request leaves the same rows whichever process makes it."""
PATIENCE = 20
"""How often a request is made before somebody complains."""


@once("till.award", subject="owner")
def award(session, act, *, owner, amount):
    """Award points."""
    return journal.post(session, act, builders.an_award(owner, amount)).seq


@once("till.award_many")
def award_many(session, act, *, owners, amount):
    """Award points to many people in one batch."""
    drafts = [builders.an_award(f"V{number:04}", amount) for number in range(1, owners + 1)]
    return journal.post_all(session, act, drafts)[-1].seq


@once("till.close_period")
def close_period(session, act):
    """Close everything up to yesterday."""
    return journal.close_period(session, act, through=act.today - timedelta(days=1)).seq


@once("till.redeem", subject="owner")
def redeem(session, act, *, owner, amount, pieces=0):
    """Redeem points, for pieces of rice if there are any."""
    return journal.post(session, act, builders.a_redemption(owner, amount, pieces=pieces)).seq


@once("till.reverse")
def reverse(session, act, *, seq):
    """Take an entry back."""
    return journal.reverse(session, act, seq=seq, reason="wrong").seq


@once("till.hold")
def hold(session, act, *, owner, amount, expires_at):
    """Put points aside."""
    parts = [(builders.passbook(owner), amount)]
    return holds.place(session, act, parts=parts, expires_at=expires_at, source="till", memo="").seq


@once("till.capture")
def capture(session, act, *, hold_seq):
    """Hand over what is on hold."""
    return holds.capture(session, act, hold_seq=hold_seq, parts=None).seq


def answer(engine, operation, key, *, at=NOON, **asked):
    """Ask until there is an answer: what the operation answers, or the code of its refusal."""
    for _ in range(PATIENCE):
        try:
            with writing(engine) as session:
                return operation(session, an_act(request_key=key, at=at, salt=SALT), **asked)
        except Busy:
            continue
        except Refusal as refusal:
            return refusal.code
    raise AssertionError("never answered")


def open_books(engine, *, points=0, pieces=0):
    """Open the log of a community in which V0001 has points and the shelf has rice."""
    with writing(engine) as session:
        builders.a_log(session)
        drafts = [builders.an_award(OWNER, points)] if points else []
        drafts += [builders.a_delivery(pieces=pieces)] if pieces else []
        journal.post_all(session, an_act(request_key="opening-the-books"), drafts)
