"""Request keys: the same request made twice counts once, for ever, and is answered alike."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.books import builders
from tests.books.snapshots import rows_of
from tests.builders import NOON, an_act
from timebank.books import journal, trail
from timebank.books.requests import RequestKeyReused, Secret, content_hash, once, plain
from timebank.books.tables import RequestRow
from timebank.books.trail import TrailFilter
from timebank.database import writing
from timebank.ledger.balances import NotEnough
from timebank.refusal import Refusal

KEY = "the-same-key"


class Size(StrEnum):
    SMALL = "small"


@dataclass(frozen=True)
class Parcel:
    pieces: int
    size: Size


@once("test.award", subject="owner")
def award(session, act, *, owner, amount, note="", on=None, parcels=()):
    """Award points and answer in a form that JSON does not have: a tuple, and numbers as keys."""
    posted = journal.post(session, act, builders.an_award(owner, amount))
    return {"seq": posted.seq, "pair": (owner, amount), "by_number": {posted.seq: note}}


@once("test.redeem", subject="owner")
def redeem(session, act, *, owner, amount):
    """Redeem points."""
    return journal.post(session, act, builders.a_redemption(owner, amount)).seq


@once("test.both")
def award_and_redeem(session, act, *, owner, amount, wanted):
    """Do two operations as one."""
    award(session, act, owner=owner, amount=amount)
    return redeem(session, act, owner=owner, amount=wanted)


@once("test.try")
def redeem_or_less(session, act, *, owner, wanted):
    """Redeem what is wanted, or one hundredth if that is too much."""
    try:
        return journal.post(session, act, builders.a_redemption(owner, wanted)).seq
    except NotEnough:
        return journal.post(session, act, builders.a_redemption(owner, 1)).seq


def first_request(session, **changes):
    return award(session, an_act(request_key=KEY), **({"owner": "V0001", "amount": 50} | changes))


@pytest.fixture
def books(session):
    """A session with an open log."""
    builders.a_log(session)
    return session


class TestTheSameRequestAgain:
    """ledger.md section 1, decision 6: same key and same content, the stored result."""

    def test_is_answered_in_the_same_words(self, books):
        first = first_request(books)

        again = first_request(books)

        assert {"seq": 1, "pair": ["V0001", 50], "by_number": {"1": ""}} == first
        assert first == again

    def test_leaves_everything_as_it_was(self, books):
        first_request(books)
        before = rows_of(books)

        first_request(books)

        assert before == rows_of(books)

    def test_is_the_same_request_a_year_later_and_through_another_door(self, books):
        first = first_request(books)
        later = an_act(request_key=KEY, at=NOON + timedelta(days=400), channel="web", salt=bytes(32))

        assert first == award(books, later, owner="V0001", amount=50)

    def test_counts_once_whatever_form_of_unicode_it_comes_in(self, books):
        first = first_request(books, note="caf\u00e9")

        assert first == first_request(books, note="cafe\u0301")

    def test_a_refusal_is_remembered_with_its_facts(self, books):
        for _ in range(2):
            with pytest.raises(NotEnough) as refused:
                redeem(books, an_act(request_key=KEY), owner="V0001", amount=5)

            assert 5 == refused.value.facts["needed"]

    def test_a_declined_request_stays_declined_when_the_points_have_come(self, books):
        with pytest.raises(NotEnough):
            redeem(books, an_act(request_key=KEY), owner="V0001", amount=5)
        award(books, an_act(), owner="V0001", amount=50)

        with pytest.raises(NotEnough):
            redeem(books, an_act(request_key=KEY), owner="V0001", amount=5)

        assert 2 == redeem(books, an_act(), owner="V0001", amount=5)


DIFFERENT_CONTENT = {
    "another person": {"owner": "V0002"},
    "another amount": {"amount": 51},
    "another note": {"note": "other"},
    "another day": {"on": date(2026, 11, 24)},
    "another list": {"parcels": (Parcel(2, Size.SMALL),)},
}
DIFFERENT_ACT = {
    "somebody else asks": {"number": "S002"},
    "asked on behalf of somebody": {"on_behalf_of": "V0009"},
}


class TestTheSameKeyForSomethingElse:
    """ledger.md section 1, decision 6: same key, other content, conflict; nothing is done."""

    @pytest.mark.parametrize("changes", DIFFERENT_CONTENT.values(), ids=DIFFERENT_CONTENT.keys())
    def test_other_content_is_refused(self, books, changes):
        first_request(books)
        before = rows_of(books)

        with pytest.raises(RequestKeyReused) as refused:
            first_request(books, **changes)

        assert {"operation": "test.award"} == refused.value.facts
        assert before == rows_of(books)

    @pytest.mark.parametrize("changes", DIFFERENT_ACT.values(), ids=DIFFERENT_ACT.keys())
    def test_another_asker_is_refused(self, books, changes):
        first_request(books)

        with pytest.raises(RequestKeyReused):
            award(books, an_act(request_key=KEY, **changes), owner="V0001", amount=50)

    def test_another_operation_is_refused(self, books):
        first_request(books)

        with pytest.raises(RequestKeyReused):
            redeem(books, an_act(request_key=KEY), owner="V0001", amount=50)

    def test_another_community_has_keys_of_its_own(self, books):
        builders.a_log(books, "other")
        first_request(books)

        other = award(books, an_act(request_key=KEY, community_id="other"), owner="V0001", amount=70)

        assert 1 == other["seq"]


class TestInsideAnOperation:
    """architecture.md section 6: one request is one transaction, all of it or none of it."""

    def test_operations_inside_an_operation_are_part_of_it(self, books):
        assert 2 == award_and_redeem(books, an_act(), owner="V0001", amount=50, wanted=20)

        assert ["test.both"] == [line.verb for line in trail.lines(books, "xfl", wanted=TrailFilter())]

    def test_what_came_before_a_refusal_is_undone(self, books):
        with pytest.raises(NotEnough):
            award_and_redeem(books, an_act(), owner="V0001", amount=50, wanted=51)

        rows = rows_of(books)
        assert ([], [], []) == (rows["entry"], rows["account"], rows["line"])

    def test_the_next_request_of_the_same_transaction_goes_on_without_a_gap(self, books):
        with pytest.raises(NotEnough):
            award_and_redeem(books, an_act(), owner="V0001", amount=50, wanted=51)

        assert 2 == award_and_redeem(books, an_act(), owner="V0001", amount=50, wanted=50)

    def test_an_operation_may_go_on_after_a_refusal_inside_it(self, books):
        award(books, an_act(), owner="V0001", amount=50)

        assert 2 == redeem_or_less(books, an_act(), owner="V0001", wanted=51)

    def test_a_refusal_inside_a_writing_transaction_is_kept(self, database):
        with writing(database.engine) as session:
            builders.a_log(session)
        with pytest.raises(NotEnough), writing(database.engine) as session:
            redeem(session, an_act(request_key=KEY), owner="V0001", amount=5)

        with writing(database.engine) as session:
            stored = session.scalars(sa.select(RequestRow.outcome)).all()

        assert ["declined"] == stored

    def test_a_fault_inside_a_writing_transaction_leaves_nothing(self, database):
        with writing(database.engine) as session:
            builders.a_log(session)
        with pytest.raises(AssertionError), writing(database.engine) as session:
            award(session, an_act(), owner="V0001", amount=0)

        with writing(database.engine) as session:
            rows = rows_of(session)

        assert ([], [], []) == (rows["entry"], rows["request"], rows["trail"])


class TestTheTrail:
    """trust.md G17: every writing request leaves exactly one line, done or refused."""

    def test_says_what_was_done_by_whom_about_whom(self, books):
        redeem_key = an_act(number="S007", channel="web")
        award(books, an_act(), owner="V0001", amount=50)

        redeem(books, redeem_key, owner="V0001", amount=20)

        newest = trail.lines(books, "xfl", wanted=TrailFilter(actor="S007"))[0]
        assert ("test.redeem", "V0001", "done", "web") == (newest.verb, newest.subject, newest.outcome, newest.channel)
        assert {"answer": 2} == newest.facts

    def test_says_what_was_refused_and_why(self, books):
        with pytest.raises(NotEnough):
            redeem(books, an_act(), owner="V0001", amount=20)

        lines = trail.lines(books, "xfl", wanted=TrailFilter())
        assert [("test.redeem", "refused", "not_enough")] == [
            (line.verb, line.outcome, line.facts["code"]) for line in lines
        ]

    def test_a_repeated_request_leaves_no_second_line(self, books):
        first_request(books)
        first_request(books)

        assert 1 == len(trail.lines(books, "xfl", wanted=TrailFilter()))


class TestWhatCanBeAsked:
    """Only what has one plain form can be compared with what was asked before."""

    def test_every_kind_of_argument_has_a_plain_form(self):
        asked = {
            "when": datetime(2026, 11, 23, 4, 0, tzinfo=NOON.tzinfo),
            "day": date(2026, 11, 23),
            "id": UUID(int=7),
            "parcel": Parcel(2, Size.SMALL),
            "many": [1, True, None, ("a", "b")],
            "some": frozenset({"b", "a"}),
        }

        assert {
            "when": "2026-11-23T04:00:00+00:00",
            "day": "2026-11-23",
            "id": "00000000-0000-0000-0000-000000000007",
            "parcel": {"pieces": 2, "size": "small"},
            "many": [1, True, None, ["a", "b"]],
            "some": ["a", "b"],
        } == plain(asked)

    @pytest.mark.parametrize("value", [1.5, object()])
    def test_what_has_none_cannot_be_asked(self, value):
        with pytest.raises(TypeError):
            plain(value)

    def test_a_secret_is_neither_stored_nor_shown(self):
        assert "secret" == plain(Secret("hunter2"))
        assert "hunter2" not in repr(Secret("hunter2"))

    def test_a_file_counts_by_its_content(self):
        act = an_act()

        assert content_hash("a", act, {"file": b"1"}) == content_hash("a", act, {"file": b"1"})
        assert content_hash("a", act, {"file": b"1"}) != content_hash("a", act, {"file": b"2"})

    @pytest.mark.parametrize("key", ["short-7", "x" * 101, "schlüssel", "new\nline"])
    def test_a_key_is_8_to_100_printable_ascii_characters(self, key):
        with pytest.raises(AssertionError):
            an_act(request_key=key)

    @pytest.mark.parametrize("key", ["short-78", "x" * 100])
    def test_the_shortest_and_the_longest_key(self, key):
        assert key == an_act(request_key=key).request_key

    def test_a_stored_refusal_of_an_unknown_kind_is_still_a_refusal(self):
        refusal = Refusal.again("from_an_older_program", {"why": "forgotten"})

        assert {"why": "forgotten"} == refusal.facts


class TestIds:
    """ledger.md section 1: the same request makes the same ids, so a repeated one cannot make a second row."""

    def test_the_same_request_makes_the_same_id(self):
        assert an_act(request_key=KEY).new_id("redemption") == an_act(request_key=KEY).new_id("redemption")

    def test_other_labels_places_and_keys_make_other_ids(self):
        act = an_act(request_key=KEY)
        ids = {act.new_id("a"), act.new_id("b"), act.new_id("a", 1), an_act().new_id("a")}

        assert 4 == len(ids)

    def test_ids_are_ordered_by_time(self):
        earlier, later = (an_act(at=NOON + timedelta(seconds=seconds)).new_id("a") for seconds in (0, 1))

        assert earlier < later
        assert 7 == earlier.version


class TestKeysInTheDatabase:
    """trust.md G9: keys are kept for ever; the database itself refuses a second one."""

    def test_a_key_cannot_be_stored_twice(self, books):
        first_request(books)
        row = books.execute(sa.select(RequestRow.__table__)).one()._asdict()

        with pytest.raises(sa.exc.IntegrityError), books.begin_nested():
            books.execute(sa.insert(RequestRow), row | {"answer": "{}"})
