"""The outside verifier computes a cap again: nothing below it, nothing of anybody else, no cap that no rule has."""

import json
from dataclasses import replace
from functools import cache

import pytest

from tests.builders import NOON, an_act
from tests.evidence.builders import KEYS, XFL, a_signer, a_system_act
from tests.evidence.towns import Files, judged
from tests.people.builders import a_staff_member
from tests.pool.test_caps import TOMORROW, a_group, capped, the_night
from tests.pool.test_pool import LATER, passbook
from tests.rulebook.community import a_community
from timebank.books import journal
from timebank.books.requests import once
from timebank.evidence.bundle import write_bundle
from timebank.evidence.operations import announce_key
from timebank.evidence.signing import checked_growth, sign_head
from timebank.evidence.verifier.verify_timebank import Account, Books
from timebank.ledger.accounts import POINTS, AccountKind, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.pool.queries import POOL
from timebank.rulebook.queries import rules_on
from timebank.rulebook.rules import as_json, ordinary_document

CAP, FACTS = 5_000, {"volunteer": "TD0001", "balance_most_e2": 5_000}
"""A group's cap, and what the entry of a night says."""


def _check(left, facts=FACTS, giver="TD0001", **caps):
    """Let the verifier judge an entry after which accounts hold so much, by code."""
    document = ordinary_document()
    document = replace(document, pool=replace(document.pool, **({"group_balance_most_e2": CAP} | caps)))
    books = object.__new__(Books)
    books.rules = cache(lambda _version: json.loads(as_json(document)))
    books.account, books.codes = cache(Account), set(left)
    for code, balance in left.items():
        books.account(code).balance = balance
    moves = [{"debit": f"passbook/{giver}/points", "credit": "pool/points", "unit": "points", "amount": 1}]
    books.rule_results({"rule": 2, "transfers": moves}, "surplus-donated", facts, {})


class TestWhatTheVerifierAsks:
    """domain.md 2, balance cap; ledger.md section 5: without any of our code."""

    def test_a_passbook_that_is_left_at_its_cap_is_honest(self):
        _check({"passbook/TD0001/points": CAP})

    def test_every_year_and_what_is_put_aside_count(self):
        _check({"passbook/TD0001/points": 1_000, "passbook/TD0001/points/2025": 1_500, "held/TD0001/points": 2_500})

    @pytest.mark.parametrize(
        "left",
        [
            {"passbook/TD0001/points": CAP - 1},
            {"passbook/TD0001/points": CAP - 1, "recognised/TD0001/minutes": 60},
            {"passbook/TD0001/points": CAP - 1, "passbook/TD0002/points": 1},
        ],
        ids=["a hundredth below", "minutes are no points", "what others hold"],
    )
    def test_what_a_cap_leaves_is_not_given_away(self, left):
        with pytest.raises(AssertionError, match="not above a cap"):
            _check(left)

    def test_another_cap_than_the_rules_have_is_none(self):
        with pytest.raises(AssertionError, match="not above a cap"):
            _check({"passbook/TD0001/points": CAP}, FACTS | {"balance_most_e2": CAP - 1})

    def test_the_cap_of_a_person_is_not_that_of_a_group(self):
        facts = FACTS | {"volunteer": "V0001"}

        _check({"passbook/V0001/points": 7_000}, facts | {"balance_most_e2": 7_000}, "V0001", **_of_persons(7_000))
        with pytest.raises(AssertionError, match="not above a cap"):
            _check({"passbook/V0001/points": 7_000}, facts, "V0001", **_of_persons(7_000))

    def test_where_there_is_no_cap_nothing_is_above_it(self):
        with pytest.raises((AssertionError, TypeError)):
            _check({"passbook/V0001/points": 9_000}, FACTS | {"volunteer": "V0001"}, "V0001")

    def test_one_passbook_is_not_emptied_because_another_is_full(self):
        with pytest.raises(AssertionError, match="not above a cap"):
            _check({"passbook/TD0001/points": CAP, "passbook/V0005/points": 0}, giver="V0005")


def _of_persons(cap):
    return {"volunteer_balance_most_e2": cap}


@once("tests.carried")
def _carried(session, act, *, number):
    """Carry points over from paper."""
    move = Transfer(system(AccountKind.OPENING, POINTS), passbook(number), 5_500)
    draft = Draft(kind=EntryKind.OPENING_BALANCE, effective_on=NOON.date(), transfers=(move,), source="test")
    return journal.post(session, act, draft).seq


@once("tests.given_again")
def _given_again(session, act, *, number):
    """Write once more what a night writes."""
    draft = Draft(
        kind=EntryKind.SURPLUS_DONATED,
        effective_on=TOMORROW,
        transfers=(Transfer(passbook(number), POOL, 1),),
        source="test",
        rule_version=rules_on(session, XFL, TOMORROW).version,
        facts={"volunteer": number, "balance_most_e2": CAP},
    )
    return journal.post(session, act, draft).seq


def _evidence(session, folder):
    """Sign what stands in the books and return the files of the bundle."""
    signer, files = a_signer(folder), Files()
    announce_key(session, a_system_act(at=LATER), key=str(KEYS.verifier(XFL)))
    session.flush()
    sign_head(session, XFL, signer=signer, checked=checked_growth(session, XFL, signer), at=LATER)
    write_bundle(session, XFL, keys=KEYS, place=files)
    return files


class TestANight:
    """What the program gives away itself holds; what somebody who has the key writes in its name does not."""

    @pytest.fixture
    def night(self, session):
        """A group that a night has brought down to its cap."""
        admin = a_community(session)
        number = a_group(session, a_staff_member(session))
        _carried(session, an_act(), number=number)
        capped(session, admin, group_balance_most_e2=CAP)
        the_night(session)
        return number

    def test_holds(self, session, night, tmp_path):
        assert "" == judged(_evidence(session, tmp_path), key=str(KEYS.verifier(XFL)), old=None)

    def test_a_second_one_for_the_same_passbook_does_not(self, session, night, tmp_path):
        _given_again(session, a_system_act(at=LATER), number=night)

        assert "not above a cap" in judged(_evidence(session, tmp_path), key=str(KEYS.verifier(XFL)), old=None)
