"""Requests of the books: each kind is asked, asked again, and asked with each single thing changed."""

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from tests.books import builders
from tests.books.snapshots import fingerprint
from tests.builders import an_act
from tests.contents import others
from timebank.books import holds, journal
from timebank.books.requests import RequestKeyReused, once
from timebank.ledger.accounts import AccountRef
from timebank.ledger.entries import Draft, EntryKind, Transfer

KEY = "the-same-key"
Parts = tuple[tuple[AccountRef, int], ...]
PARTS = ((builders.passbook(), 10), (builders.shelf(), 1))
HOLD = 3


def _draft(kind, *transfers):
    """Draft an entry in which everything is given that can be given."""
    return Draft(
        kind=kind,
        effective_on=builders.TODAY,
        served_on=builders.TODAY,
        transfers=transfers,
        source="record:1",
        memo="清扫楼道",
        rule_version=1,
        facts={"minutes": 60, "class": "A", "late": False, "star": None},
    )


AWARD = _draft(EntryKind.SERVICE_APPROVED, Transfer(builders.ISSUANCE, builders.passbook(), 50))
REDEMPTION = _draft(
    EntryKind.GOODS_REDEEMED,
    Transfer(builders.passbook(), builders.REDEEMED, 10),
    Transfer(builders.shelf(), builders.HANDED_OUT, 1),
)


@dataclass(frozen=True)
class Request:
    """A verb of the books, and what it is asked with: by name the kind of value, and the value."""

    verb: Callable[..., Any]
    asked: dict[str, tuple[Any, Any]]

    def ask(self, session, **changes):
        """Ask it under the one key; answer with the number of its entry."""
        verb = once("test.verb")(lambda session, act, **asked: self.verb(session, act, **asked).seq)
        values = {name: value for name, (_, value) in self.asked.items()}
        return verb(session, an_act(request_key=KEY), **(values | changes))

    def differing(self):
        """Yield every single way in which something else can be asked, with its place."""
        for name, (kind, value) in self.asked.items():
            for place, other in others(kind, value):
                yield f"{name}.{place}", {name: other}


def _post_linked(session, act, *, drafts):
    return journal.post_all(session, act, drafts)[-1]


REQUESTS = {
    "post": Request(journal.post, {"draft": (Draft, AWARD)}),
    "redeem points and goods": Request(journal.post, {"draft": (Draft, REDEMPTION)}),
    "linked": Request(_post_linked, {"drafts": (tuple[Draft, ...], (AWARD, REDEMPTION))}),
    "hold": Request(
        holds.place,
        {
            "parts": (Parts, PARTS),
            "expires_at": (datetime | None, builders.FAR_AWAY),
            "source": (str, "r:1"),
            "memo": (str, "预约"),
        },
    ),
    "hold that never ends": Request(
        holds.place,
        {"parts": (Parts, PARTS), "expires_at": (datetime | None, None), "source": (str, "r:1"), "memo": (str, "")},
    ),
    "capture": Request(holds.capture, {"hold_seq": (int, HOLD), "parts": (Parts | None, None)}),
    "capture in part": Request(holds.capture, {"hold_seq": (int, HOLD), "parts": (Parts | None, PARTS[:1])}),
    "release": Request(holds.release, {"hold_seq": (int, HOLD)}),
    "reverse": Request(journal.reverse, {"seq": (int, 1), "reason": (str, "写错人了")}),
    "close an account": Request(journal.close_account, {"account": (AccountRef, builders.passbook("V0002"))}),
    "close a period": Request(journal.close_period, {"through": (date, date(2026, 10, 31))}),
}


@pytest.fixture
def books(session):
    """Two awards, goods on a shelf, a hold of points and goods, and an account with nothing left in it."""
    builders.a_log(session)
    builders.posted(session, builders.an_award(points_e2=100), builders.a_delivery(pieces=5))
    hold = holds.place(session, an_act(), parts=PARTS, expires_at=None, source="test", memo="")
    builders.posted(session, builders.an_award("V0002", 5), builders.a_redemption("V0002", 5))
    assert HOLD == hold.seq
    return session


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
class TestEveryKindOfRequest:
    """ledger.md section 1, decision 6: done once; asked again, the same answer; anything else, a conflict."""

    def test_is_done_once_and_nothing_else_under_its_key(self, books, request_):
        told = request_.ask(books)
        after = fingerprint(books)

        assert told == request_.ask(books)
        for place, changes in request_.differing():
            with pytest.raises(RequestKeyReused):
                pytest.fail(f"{place}: answered with {request_.ask(books, **changes)}")
        assert after == fingerprint(books)

    def test_every_argument_of_the_verb_is_among_those_that_differ(self, request_):
        arguments = inspect.signature(request_.verb).parameters.keys() - {"session", "act"}

        assert arguments == request_.asked.keys() == {place.partition(".")[0] for place, _ in request_.differing()}


def test_what_an_entry_is_made_of_can_differ_in_every_field():
    """A new field of drafts, transfers or accounts is among the cases without anybody writing it down."""
    places = [place.split(".") for place, _ in REQUESTS["post"].differing()]

    assert {field.name for field in dataclasses.fields(Draft)} == {place[1] for place in places}
    assert {field.name for field in dataclasses.fields(Transfer)} <= {place[3] for place in places if len(place) > 3}
    assert {field.name for field in dataclasses.fields(AccountRef)} <= {place[4] for place in places if len(place) > 4}
