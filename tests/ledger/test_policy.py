"""The table of roads: every kind of entry has its row, and no entry leaves its roads."""

import pytest

from timebank.ledger.accounts import KINDS, MINUTES, POINTS, AccountKind, AccountRef, Family, goods_unit, system
from timebank.ledger.entries import REVERSIBLE, EntryKind, Transfer
from timebank.ledger.policy import ALLOWED, ROADS, PolicyBreach, check_roads

K = AccountKind
UNITS = {Family.MINUTES: MINUTES, Family.POINTS: POINTS, Family.GOODS: goods_unit("G0001")}


def an_account(kind, unit, owner="V0001"):
    return AccountRef(kind, owner if KINDS[kind].owned else "", unit)


def a_transfer(debit, credit, unit):
    other = "V0002" if debit is credit else "V0001"
    return Transfer(an_account(debit, unit), an_account(credit, unit, other), 1)


def common_units(debit, credit):
    return [UNITS[family] for family in KINDS[debit].families & KINDS[credit].families]


EVERY_ROAD = [
    (debit, credit)
    for debit in K
    for credit in K
    if (debit is not credit or KINDS[debit].owned) and common_units(debit, credit)
]


class TestGroups:
    """domain.md section 1.4: what a group has can only be given away."""

    @pytest.mark.parametrize(
        ("kind", "debit", "credit"),
        [
            (EntryKind.GOODS_REDEEMED, K.PASSBOOK, K.REDEEMED),
            (EntryKind.HOLD_PLACED, K.PASSBOOK, K.HELD),
            (EntryKind.POOL_GRANTED, K.POOL, K.PASSBOOK),
        ],
    )
    def test_a_group_spends_nothing_and_is_granted_nothing(self, kind, debit, credit):
        check_roads(kind, (a_transfer(debit, credit, POINTS),))
        of_group = Transfer(an_account(debit, POINTS, "TD0001"), an_account(credit, POINTS, "TD0001"), 1)

        with pytest.raises(PolicyBreach):
            check_roads(kind, (of_group,))

    @pytest.mark.parametrize(
        ("kind", "debit", "credit"),
        [
            (EntryKind.SERVICE_APPROVED, K.ISSUANCE, K.PASSBOOK),
            (EntryKind.POINTS_DONATED, K.PASSBOOK, K.POOL),
            (EntryKind.SURPLUS_DONATED, K.PASSBOOK, K.POOL),
            (EntryKind.POINTS_EXPIRED, K.PASSBOOK, K.EXPIRED),
            (EntryKind.REVERSAL, K.PASSBOOK, K.ISSUANCE),
            (EntryKind.REVERSAL, K.POOL, K.PASSBOOK),
        ],
    )
    def test_it_earns_gives_and_gives_back(self, kind, debit, credit):
        of_group = Transfer(an_account(debit, POINTS, "TD0001"), an_account(credit, POINTS, "TD0001"), 1)

        check_roads(kind, (of_group,))


class TestTheTable:
    """ledger.md section 3: allowed roads only; an auditor can read them."""

    def test_every_kind_of_entry_has_its_row(self):
        assert set(EntryKind) == set(ROADS)
        assert set(EntryKind) - {EntryKind.REVERSAL} == set(ALLOWED)

    def test_every_adjustment_of_the_shelf_has_its_variance_account(self):
        adjusted = {
            (kind, (road - {K.SHELF}).pop())
            for kind in (EntryKind.GOODS_WRITTEN_OFF, EntryKind.GOODS_COUNTED)
            for road in map(set, ALLOWED[kind])
        }
        elsewhere = {
            kind for kind, roads in ALLOWED.items() if {K.WRITTEN_OFF, K.SURPLUS} & {k for r in roads for k in r}
        }

        assert {
            (EntryKind.GOODS_WRITTEN_OFF, K.WRITTEN_OFF),
            (EntryKind.GOODS_COUNTED, K.WRITTEN_OFF),
            (EntryKind.GOODS_COUNTED, K.SURPLUS),
        } == adjusted
        assert {EntryKind.GOODS_WRITTEN_OFF, EntryKind.GOODS_COUNTED} == elsewhere

    def test_every_road_joins_accounts_that_share_a_unit(self):
        assert [] == [road for roads in ROADS.values() for road in roads if not common_units(*road)]

    def test_points_are_issued_by_service_alone(self):
        into_passbooks = {
            (kind, debit) for kind, roads in ALLOWED.items() for debit, credit in roads if credit is K.PASSBOOK
        }

        assert {
            (EntryKind.SERVICE_APPROVED, K.ISSUANCE),
            (EntryKind.OPENING_BALANCE, K.OPENING),
            (EntryKind.POOL_GRANTED, K.POOL),
            (EntryKind.HOLD_CAPTURED, K.HELD),
            (EntryKind.HOLD_RELEASED, K.HELD),
            (EntryKind.HOLD_EXPIRED, K.HELD),
        } == into_passbooks

    def test_minutes_are_never_spent(self):
        leaving = {kind for kind, roads in ROADS.items() for debit, _ in roads if debit is K.RECOGNISED}

        assert {EntryKind.REVERSAL} == leaving

    def test_whatever_flows_into_a_passbook_may_settle_its_debt(self):
        assert (K.ISSUANCE, K.DEBT) in ROADS[EntryKind.SERVICE_APPROVED]
        assert (K.OPENING, K.DEBT) in ROADS[EntryKind.OPENING_BALANCE]
        assert (K.POOL, K.DEBT) in ROADS[EntryKind.POOL_GRANTED]
        assert (K.HELD, K.DEBT) not in ROADS[EntryKind.HOLD_RELEASED]

    def test_a_reversal_goes_back_every_road_that_can_be_taken_back(self):
        for kind in REVERSIBLE:
            for debit, credit in ALLOWED[kind]:
                home = {K.HELD: K.PASSBOOK, K.RESERVED: K.SHELF}.get(debit, debit)
                assert credit is home or (credit, home) in ROADS[EntryKind.REVERSAL], (kind, debit, credit)

    def test_a_reversal_goes_no_other_way(self):
        forward = {(EntryKind.REVERSAL, road) for road in ALLOWED[EntryKind.SERVICE_APPROVED]}

        assert [] == [road for _, road in forward if road in ROADS[EntryKind.REVERSAL]]
        assert (K.EXPIRED, K.PASSBOOK) not in ROADS[EntryKind.REVERSAL]
        assert (K.PASSBOOK, K.HELD) not in ROADS[EntryKind.REVERSAL]


class TestKeepingToTheRoads:
    """ledger.md section 3: another road is a fault of the program, and stops it."""

    @pytest.mark.parametrize("kind", EntryKind)
    def test_each_road_of_the_table_is_open_and_every_other_one_closed(self, kind):
        passed = {road for road in EVERY_ROAD for unit in common_units(*road) if _passes(kind, a_transfer(*road, unit))}

        assert ROADS[kind] == passed

    def test_nothing_changes_hands_between_two_people(self):
        mine, yours = (AccountRef(kind, owner, POINTS) for kind, owner in ((K.HELD, "V0001"), (K.PASSBOOK, "V0002")))

        assert not _passes(EntryKind.HOLD_RELEASED, Transfer(mine, yours, 1))

    def test_a_debt_is_the_debtors_own(self):
        mine, yours = (AccountRef(kind, owner, POINTS) for kind, owner in ((K.PASSBOOK, "V0001"), (K.DEBT, "V0002")))

        assert not _passes(EntryKind.REVERSAL, Transfer(yours, mine, 1))

    def test_goods_of_one_lot_do_not_move_to_another(self):
        rice = UNITS[Family.GOODS]
        first, second = (AccountRef(kind, lot, rice) for kind, lot in ((K.SHELF, "L000001"), (K.RESERVED, "L000002")))

        assert not _passes(EntryKind.HOLD_PLACED, Transfer(first, second, 1))

    def test_only_pieces_that_go_to_another_place_become_another_lot(self):
        rice = UNITS[Family.GOODS]
        elsewhere = Transfer(AccountRef(K.SHELF, "L000001", rice), AccountRef(K.SHELF, "L000002", rice), 1)

        assert [EntryKind.GOODS_MOVED] == [kind for kind in EntryKind if _passes(kind, elsewhere)]

    def test_goods_do_come_from_a_donor(self):
        rice = UNITS[Family.GOODS]
        delivery = Transfer(AccountRef(K.DONOR, "P001", rice), AccountRef(K.SHELF, "L000001", rice), 1)

        assert _passes(EntryKind.GOODS_RECEIVED, delivery)
        assert _passes(EntryKind.REVERSAL, delivery.mirrored())

    def test_one_wrong_transfer_among_right_ones_is_found(self):
        right = Transfer(system(K.ISSUANCE, POINTS), AccountRef(K.PASSBOOK, "V0001", POINTS), 1)
        wrong = Transfer(AccountRef(K.PASSBOOK, "V0001", POINTS), system(K.REDEEMED, POINTS), 1)

        with pytest.raises(PolicyBreach):
            check_roads(EntryKind.SERVICE_APPROVED, (right, wrong))


def _passes(kind, transfer):
    try:
        check_roads(kind, (transfer,))
    except PolicyBreach:
        return False
    return True
