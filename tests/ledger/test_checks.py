"""The checks of the whole log: honest logs pass, and every kind of damage is found and named at its entry."""

from dataclasses import replace
from datetime import date

import pytest

from tests.ledger.logs import (
    ISSUANCE,
    NOON,
    REDEEMED,
    SERVICE,
    TODAY,
    a_hold,
    a_log,
    a_redemption,
    a_reversal,
    a_service,
    an_end,
    an_entry,
    checked,
    debt,
    held,
    leaves,
    passbook,
    recognised,
)
from timebank.ledger import checks
from timebank.ledger.entries import AMOUNT_MAX, BALANCE_MAX, EntryKind, Transfer
from timebank.ledger.merkle import leaf_hash, tree_head

K = EntryKind
BACK = (Transfer(recognised(), SERVICE, 60), Transfer(passbook(), ISSUANCE, 100))
BACK_WITH_DEBT = (
    Transfer(recognised(), SERVICE, 60),
    Transfer(passbook(), ISSUANCE, 70),
    Transfer(debt(), ISSUANCE, 30),
)
PERIOD = an_entry(K.PERIOD_CLOSED, facts={"through": "2026-10-31"})
FIRST = a_log(a_service())[0]
MOVED_AWAY = an_entry(K.ACCOUNT_CLOSED, source=passbook().code)

HONEST = {
    "nothing at all": [],
    "service and redemption": [a_service(), a_redemption()],
    "a reversal": [a_service(), a_reversal(1, *BACK)],
    "a reversal after the points were spent": [a_service(), a_redemption(30), a_reversal(1, *BACK_WITH_DEBT)],
    "a debt settled first": [
        a_service(),
        a_redemption(30),
        a_reversal(1, *BACK_WITH_DEBT),
        an_entry(
            K.SERVICE_APPROVED,
            Transfer(SERVICE, recognised(), 60),
            Transfer(ISSUANCE, debt(), 30),
            Transfer(ISSUANCE, passbook(), 5),
            facts={"recorder": "S002"},
        ),
    ],
    "a hold handed over in part": [
        a_service(),
        a_hold(20),
        an_end(K.HOLD_CAPTURED, 2, Transfer(held(), REDEEMED, 15), Transfer(held(), passbook(), 5)),
        a_reversal(3, Transfer(REDEEMED, passbook(), 15)),
    ],
    "a hold given back": [a_service(), a_hold(20), an_end(K.HOLD_RELEASED, 2, Transfer(held(), passbook(), 20))],
    "a closed period": [a_service(effective_on=date(2026, 10, 31)), PERIOD, a_service()],
    "a closed account": [a_service(30), a_redemption(30), MOVED_AWAY, a_service(owner="V0002")],
}

DAMAGED = {
    "a booking before the one before": (
        [*a_log(a_service()), replace(a_log(a_service(), a_redemption())[1], booked_at=NOON)],
        [("order", "entry 2")],
    ),
    "a number left out": (
        [a_log(a_service(), a_redemption(), a_hold())[place] for place in (0, 2)],
        [("order", "entry 3")],
    ),
    "a number twice": ([*a_log(a_service()), replace(a_log(a_service(), a_hold())[1], seq=1)], [("order", "entry 1")]),
    "an entry of somebody else": (a_log(a_service(community_id="other")), [("order", "entry 1")]),
    "a closed day": (a_log(PERIOD, a_service(effective_on=date(2026, 10, 31))), [("period", "entry 2")]),
    "a road that is none": (
        a_log(an_entry(K.GOODS_REDEEMED, Transfer(ISSUANCE, passbook(), 5))),
        [("roads", "entry 1")],
    ),
    "points from hand to hand": (
        a_log(a_service(), an_entry(K.HOLD_PLACED, Transfer(passbook(), held("V0002"), 5))),
        [("roads", "entry 2")],
    ),
    "a booking at the same moment as the one before": (
        [
            *a_log(a_service()),
            replace(a_log(a_service(), a_redemption())[1], booked_at=a_log(a_service())[0].booked_at),
        ],
        [("order", "entry 2")],
    ),
    "an overdraft": (a_log(a_service(10), a_redemption(11)), [("balances", "entry 2")]),
    "more given back than was issued": (
        a_log(a_service(10), a_service(10, "V0002"), a_reversal(1, BACK[0], Transfer(passbook(), ISSUANCE, 11))),
        [("balances", "entry 3"), ("mirrored", "entry 3")],
    ),
    "a closed account that moves": (
        a_log(a_service(30), a_redemption(30), MOVED_AWAY, a_service(5)),
        [("balances", "entry 4")],
    ),
    "a debt not settled": (
        a_log(a_service(), a_redemption(30), a_reversal(1, *BACK_WITH_DEBT), a_service(5)),
        [("debt", "entry 4")],
    ),
    "a hold that ends twice": (
        a_log(
            a_service(),
            a_hold(20),
            a_hold(20),
            an_end(K.HOLD_RELEASED, 2, Transfer(held(), passbook(), 20)),
            an_end(K.HOLD_RELEASED, 2, Transfer(held(), passbook(), 20)),
        ),
        [("holds", "entry 5")],
    ),
    "less given back than was put aside": (
        a_log(a_service(), a_hold(20), an_end(K.HOLD_RELEASED, 2, Transfer(held(), passbook(), 19))),
        [("holds", "entry 3")],
    ),
    "the end of no hold": (
        a_log(a_service(), a_hold(20), an_end(K.HOLD_EXPIRED, "two", Transfer(held(), passbook(), 20))),
        [("holds", "entry 3")],
    ),
    "a reversal of nothing": (a_log(a_service(), an_entry(K.REVERSAL, *BACK)), [("reversal_link", "entry 2")]),
    "a service that reverses": (
        a_log(a_service(), a_service(reverses=1)),
        [("reversal_link", "entry 2"), ("mirrored", "entry 2")],
    ),
    "a reversal of the future": (a_log(a_service(), a_reversal(3, *BACK)), [("reversed_once", "entry 2")]),
    "a reversal of what was before the first": (
        a_log(a_service(), a_reversal(0, *BACK)),
        [("reversed_once", "entry 2")],
    ),
    "a reversal of itself": (
        a_log(a_service(), a_reversal(2, *BACK)),
        [("reversed_once", "entry 2"), ("mirrored", "entry 2")],
    ),
    "the same entry reversed twice": (
        a_log(a_service(), a_service(), a_reversal(1, *BACK), a_reversal(1, *BACK)),
        [("reversed_once", "entry 4")],
    ),
    "a reversal of a reversal": (
        a_log(a_service(), a_service(), a_reversal(1, *BACK), a_reversal(3, Transfer(SERVICE, recognised(), 60))),
        [("roads", "entry 4"), ("mirrored", "entry 4")],
    ),
    "a reversal that takes less": (
        a_log(a_service(), a_reversal(1, BACK[0], Transfer(passbook(), ISSUANCE, 99))),
        [("mirrored", "entry 2")],
    ),
    "a reversal that takes it from somebody else": (
        a_log(
            a_service(), a_service(owner="V0002"), a_reversal(1, BACK[0], Transfer(passbook("V0002"), ISSUANCE, 100))
        ),
        [("mirrored", "entry 3")],
    ),
    "a service approved by whoever recorded it": (
        a_log(a_service(facts={"recorder": "S001"})),
        [("two_persons", "entry 1")],
    ),
    "a service recorded by whoever served": (
        a_log(a_service(facts={"recorder": "V0001"})),
        [("two_persons", "entry 1")],
    ),
    "a service approved by whoever served": (a_log(a_service(actor="V0001")), [("two_persons", "entry 1")]),
    "a service recorded by nobody": (a_log(a_service(facts={"recorder": None})), [("two_persons", "entry 1")]),
    "a period closed again": (a_log(PERIOD, PERIOD), [("closing", "entry 2")]),
    "a period closed before it is over": (
        a_log(an_entry(K.PERIOD_CLOSED, facts={"through": TODAY.isoformat()})),
        [("closing", "entry 1")],
    ),
    "a period closed without a day": (
        a_log(an_entry(K.PERIOD_CLOSED, facts={"through": "soon"})),
        [("closing", "entry 1")],
    ),
    "a period closed by nothing": (a_log(an_entry(K.PERIOD_CLOSED)), [("closing", "entry 1")]),
    "an account closed with a balance": (a_log(a_service(), MOVED_AWAY), [("closing", "entry 2")]),
    "an account closed that never was": (a_log(an_entry(K.ACCOUNT_CLOSED, source="cellar")), [("closing", "entry 1")]),
    "an account closed twice": (
        a_log(a_service(30), a_redemption(30), MOVED_AWAY, MOVED_AWAY),
        [("closing", "entry 4")],
    ),
}


class TestHonestLogs:
    """ledger.md section 5: no false alarm on honest books."""

    @pytest.mark.parametrize("entries", HONEST.values(), ids=HONEST.keys())
    def test_nothing_is_found(self, entries):
        assert [] == checked(a_log(*entries))

    def test_what_was_read_is_told(self):
        entries = a_log(a_service(), a_redemption(30))

        so_far, _ = checks.run("xfl", leaves(entries))

        assert (2, entries[1].booked_at) == (so_far.size, so_far.booked_at)
        assert tree_head(digest for _, digest in leaves(entries)).root == so_far.frontier.root()
        assert {ISSUANCE: -100, passbook(): 70, REDEEMED: 30, SERVICE: -60, recognised(): 60} == so_far.balances

    def test_originals_that_cannot_be_looked_up_are_not_compared(self):
        """Whoever has only a stream checks everything else."""
        entries = a_log(a_service(), a_reversal(1, BACK[0], Transfer(passbook(), ISSUANCE, 99)))

        assert [] == checks.run("xfl", leaves(entries))[1]


class TestDamagedLogs:
    """ledger.md sections 5 and 7: each kind of damage is found, named, at the first entry that shows it."""

    @pytest.mark.parametrize(("entries", "findings"), DAMAGED.values(), ids=DAMAGED.keys())
    def test_is_found_and_nothing_else(self, entries, findings):
        assert findings == checked(entries)

    def test_every_check_of_the_list_is_needed(self, monkeypatch):
        """The control: without any one check some damage goes unseen."""
        unseen, every = {}, checks.CHECKS
        for check in every:
            monkeypatch.setattr(checks, "CHECKS", tuple(other for other in every if other is not check))
            unseen[check.__name__] = [name for name, (entries, found) in DAMAGED.items() if found != checked(entries)]

        assert [] == [name for name, damage in unseen.items() if not damage]

    def test_a_balance_above_the_bound(self):
        many = BALANCE_MAX // AMOUNT_MAX
        reader = checks.Reader("xfl")
        reader.so_far.balances[passbook()] = many * AMOUNT_MAX
        reader.so_far.balances[ISSUANCE] = -many * AMOUNT_MAX

        _, findings = reader.take(*leaves(a_log(a_service(AMOUNT_MAX)))[0])

        assert ["balances", "balances"] == [finding.check for finding in findings]

    def test_a_balance_at_the_bound_is_none(self):
        reader = checks.Reader("xfl")
        reader.so_far.balances[passbook()] = BALANCE_MAX - 7
        reader.so_far.balances[ISSUANCE] = 7 - BALANCE_MAX

        _, findings = reader.take(*leaves(a_log(a_service(7)))[0])

        assert [] == findings

    def test_what_should_be_there_is_told(self):
        left_out = [a_log(a_service(), a_redemption(), a_hold())[place] for place in (0, 2)]
        unsettled = a_log(a_service(), a_redemption(30), a_reversal(1, *BACK_WITH_DEBT), a_service(5))

        assert [{"expected": 2}] == [finding.facts for finding in checks.run("xfl", leaves(left_out))[1]]
        assert [30] == [finding.facts["owed"] for finding in checks.run("xfl", leaves(unsettled))[1]]

    def test_a_leaf_that_was_changed(self):
        stored = leaves(a_log(a_service(), a_redemption(30), a_hold(20)))
        stored[1] = (stored[1][0].replace(b'"amount":30', b'"amount":29'), stored[1][1])

        found = checks.run("xfl", stored)[1]

        assert [("hash", "entry 2")] == [(finding.check, finding.subject) for finding in found]
        assert {"stored": stored[1][1].hex(), "computed": leaf_hash(stored[1][0]).hex()} == found[0].facts

    def test_a_leaf_that_cannot_be_read_is_one_finding_and_the_rest_is_still_checked(self):
        stored = leaves(a_log(a_service(), a_hold(20), a_redemption(999)))
        stored[1] = (b"[" * 100_000, stored[1][1])

        found = checks.run("xfl", stored)[1]

        named = [(finding.check, finding.subject) for finding in found]
        assert [("hash", "entry 2"), ("readable", "entry 2"), ("balances", "entry 3")] == named

    def test_a_unit_that_does_not_sum_to_zero(self):
        """Transfers balance by construction; what is forgotten between two entries does not."""
        reader = checks.Reader("xfl")
        reader.take(*leaves(a_log(a_service()))[0])
        del reader.so_far.balances[ISSUANCE]

        assert [("sums", "points", {"balance": 100})] == [
            (finding.check, finding.subject, finding.facts) for finding in reader.sums()
        ]

    def test_units_are_told_in_order(self):
        reader = checks.Reader("xfl")
        reader.take(*leaves(a_log(a_service()))[0])
        for account in (ISSUANCE, SERVICE):
            del reader.so_far.balances[account]
        reader.so_far.balances = dict(
            sorted(reader.so_far.balances.items(), key=lambda held: held[0].unit, reverse=True)
        )

        assert ["minutes", "points"] == [finding.subject for finding in reader.sums()]


class TestMirrors:
    """ledger.md section 1, decision 8: the mirrored entry; a passbook of any year and its debt are one purse."""

    def test_points_of_another_year_count_as_the_same_purse(self):
        original = [Transfer(ISSUANCE, passbook(vintage=2025), 10)]

        assert checks.mirrored(original, [Transfer(passbook(vintage=2026), ISSUANCE, 4), Transfer(debt(), ISSUANCE, 6)])
        assert not checks.mirrored(original, [Transfer(passbook("V0002"), ISSUANCE, 10)])

    def test_what_came_from_one_place_goes_back_to_no_other(self):
        original = [Transfer(ISSUANCE, passbook(), 10)]

        assert not checks.mirrored(original, [Transfer(passbook(), REDEEMED, 10)])

    def test_what_a_hold_gave_back_is_not_taken_again(self):
        capture = [Transfer(held(), REDEEMED, 15), Transfer(held(), passbook(), 5)]

        assert checks.mirrored(capture, [Transfer(REDEEMED, passbook(), 15)])
        assert not checks.mirrored(capture, [Transfer(REDEEMED, passbook(), 20)])

    def test_a_long_log_is_read_in_flat_memory(self):
        """What is kept grows with accounts and open holds, not with entries."""
        many = a_log(*(a_service(1, f"V{place % 5:04}") for place in range(300)))
        so_far, findings = checks.run("xfl", (stored for stored in leaves(many)))

        assert [] == findings
        assert (300, 12) == (so_far.size, len(so_far.balances))
