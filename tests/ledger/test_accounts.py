"""Accounts: who can hold what, in which unit, on which side of zero."""

import pytest

from timebank.ledger.accounts import HOME, KINDS, MINUTES, POINTS, AccountKind, AccountRef, Family, goods_unit, system

RICE = goods_unit("G0001")

CODES = {
    "service/minutes": AccountRef(AccountKind.SERVICE, "", MINUTES),
    "recognised/V0005/minutes": AccountRef(AccountKind.RECOGNISED, "V0005", MINUTES),
    "passbook/V0005/points": AccountRef(AccountKind.PASSBOOK, "V0005", POINTS),
    "passbook/V0005/points/2000": AccountRef(AccountKind.PASSBOOK, "V0005", POINTS, 2000),
    "passbook/V0005/points/2026": AccountRef(AccountKind.PASSBOOK, "V0005", POINTS, 2026),
    "held/V0005/points/2999": AccountRef(AccountKind.HELD, "V0005", POINTS, 2999),
    "opening/points": AccountRef(AccountKind.OPENING, "", POINTS),
    "shelf/L000001/goods:G0001": AccountRef(AccountKind.SHELF, "L000001", RICE),
    "handed-out/goods:G0001": AccountRef(AccountKind.HANDED_OUT, "", RICE),
}

NO_CODES = (
    "",
    "/",
    "passbook",
    "passbook/points",
    "passbook//points",
    "passbook/v0005/points",
    "passbook/V0005/minutes",
    "passbook/V0005/points/0",
    "passbook/V0005/points/26",
    "passbook/V0005/points/02026",
    "passbook/V0005/points/1999",
    "passbook/V0005/points/3000",
    "passbook/V0005/points/２０２６",
    "passbook/V0005/points/2026/1",
    "recognised/V0005/minutes/2026",
    "issuance/V0005/points",
    "issuance/points/2026",
    "shelf/L000001/goods:",
    "shelf/L000001/goods",
    "shelf/L000001/pieces",
    "cellar/points",
    "Passbook/V0005/points",
    " passbook/V0005/points",
    "passbook/V0005/points ",
    "passbook/" + "V" * 33 + "/points",
)


class TestKindsForEver:
    """Every leaf that was ever written names accounts by these words: they can be added to, never changed."""

    def test_their_words_stay(self):
        kinds = "service opening recognised issuance passbook held debt redeemed expired pool donor shelf reserved"
        kinds += " handed-out written-off surplus relief"

        assert kinds.split() == [kind.value for kind in AccountKind]


class TestAccounts:
    """ledger.md sections 1 and 2: credit-positive balances, one sign for each kind."""

    @pytest.mark.parametrize(("code", "ref"), CODES.items())
    def test_an_account_has_one_code(self, code, ref):
        assert code == ref.code
        assert ref == AccountRef.parse(code)

    @pytest.mark.parametrize("code", NO_CODES)
    def test_anything_else_is_no_code(self, code):
        with pytest.raises(ValueError, match=r".*"):
            AccountRef.parse(code)

    def test_accounts_have_an_order(self):
        assert sorted(CODES.values())[0] == min(CODES.values(), key=lambda ref: (ref.kind, ref.owner, ref.unit))

    def test_every_kind_has_its_rule(self):
        assert set(AccountKind) == set(KINDS)

    def test_where_things_come_from_is_never_above_zero_and_all_else_never_below(self):
        sources = {kind for kind, rule in KINDS.items() if rule.sign == -1}

        assert {"service", "opening", "issuance", "debt", "donor", "surplus"} == sources
        assert {1, -1} == {rule.sign for rule in KINDS.values()}
        assert -1 == system(AccountKind.ISSUANCE, POINTS).sign

    def test_people_partners_and_lots_have_accounts_of_their_own_and_everything_else_is_the_community_s(self):
        owned = {kind for kind, rule in KINDS.items() if rule.owned}

        assert {"recognised", "passbook", "held", "debt", "donor", "shelf", "reserved"} == owned

    def test_what_is_on_hold_has_a_home_in_the_same_family(self):
        for holding, home in HOME.items():
            assert KINDS[holding] == KINDS[home]

    @pytest.mark.parametrize(
        ("kind", "owner", "unit", "vintage"),
        [
            (AccountKind.PASSBOOK, "", POINTS, 0),
            (AccountKind.PASSBOOK, "V0005", MINUTES, 0),
            (AccountKind.PASSBOOK, "张三", POINTS, 0),
            (AccountKind.DEBT, "V0005", POINTS, 2026),
            (AccountKind.ISSUANCE, "V0005", POINTS, 0),
            (AccountKind.SHELF, "L000001", POINTS, 0),
            (AccountKind.SHELF, "L000001", "goods:米", 0),
        ],
    )
    def test_an_impossible_account_cannot_be_named(self, kind, owner, unit, vintage):
        with pytest.raises(AssertionError):
            AccountRef(kind, owner, unit, vintage)

    def test_a_good_has_a_unit_of_its_own(self):
        assert "goods:G0001" == RICE
        assert {Family.GOODS} == KINDS[AccountKind.SHELF].families

    def test_a_name_is_no_number_of_a_good(self):
        with pytest.raises(AssertionError):
            goods_unit("rice")
