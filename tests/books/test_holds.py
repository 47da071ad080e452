"""Holds: put aside, then handed over or given back, exactly once; one line a request, one line a result."""

import pytest

from tests.books.builders import a_log, an_award, held, passbook, posted
from tests.books.desk import play
from tests.builders import NOON, an_act
from timebank.books import holds
from timebank.books.journal import entry_at
from timebank.ledger.accounts import AccountKind
from timebank.ledger.balances import NotEnough

ENDINGS = {
    "captured whole": """
        award V1 50                     -> #1
        hold V1 20                      -> #2
        show V1                         -> passbook 30, held 20
        capture #2                      -> #3
        show V1                         -> passbook 30
    """,
    "captured in part, and the rest comes back in the same entry": """
        award V1 50                     -> #1
        hold V1 20                      -> #2
        capture #2 V1 15                -> #3
        show V1                         -> passbook 35
        entries                         -> 3
    """,
    "more than is on hold cannot be captured": """
        award V1 50                     -> #1
        hold V1 20                      -> #2
        capture #2 V1 21                -> no: not_enough balance=20 needed=21
        show V1                         -> passbook 30, held 20
        capture #2 V1 20                -> #3
    """,
    "what was not put aside cannot be captured": """
        award V1 50                     -> #1
        award V2 50                     -> #2
        hold V1 20                      -> #3
        capture #3 V2 1                 -> no: not_enough account=passbook/V2/points balance=0 needed=1
    """,
    "released": """
        award V1 50                     -> #1
        hold V1 20                      -> #2
        release #2                      -> #3
        show V1                         -> passbook 50
    """,
    "captured twice": """
        award V1 50                     -> #1
        hold V1 20                      -> #2
        capture #2                      -> #3
        capture #2                      -> no: hold_over hold=2 outcome=captured
        release #2                      -> no: hold_over hold=2 outcome=captured
    """,
    "captured after it was released": """
        award V1 50                     -> #1
        hold V1 20                      -> #2
        release #2                      -> #3
        capture #2                      -> no: hold_over hold=2 outcome=released
        release #2                      -> no: hold_over hold=2 outcome=released
    """,
    "an entry that is no hold": """
        award V1 50                     -> #1
        capture #1                      -> no: no_such_hold hold=1
        release #9                      -> no: no_such_hold hold=9
    """,
    "more than there is cannot be put aside": """
        award V1 50                     -> #1
        hold V1 51                      -> no: not_enough balance=50 needed=51
        hold V1 50                      -> #2
        hold V1 1                       -> no: not_enough balance=0 needed=1
        redeem V1 1                     -> no: not_enough balance=0 needed=1
    """,
}

GOODS = {
    "points and goods are put aside and handed over together": """
        award V1 50                     -> #1
        deliver L1 3                    -> #2
        hold V1 20 L1 2 for-ever        -> #3
        show L1                         -> shelf 1, reserved 2
        sell V1 5 L1 2                  -> no: not_enough unit=goods:G0001 balance=1
        capture #3                      -> #4
        show L1                         -> shelf 1
        show V1                         -> passbook 30
    """,
    "no goods, no points put aside": """
        award V1 50                     -> #1
        deliver L1 1                    -> #2
        hold V1 20 L1 2 for-ever        -> no: not_enough unit=goods:G0001
        show V1                         -> passbook 50
    """,
    "the release of one thing gives everything back": """
        award V1 50                     -> #1
        deliver L1 3                    -> #2
        deliver L2 3                    -> #3
        hold V1 20 L1 2 L2 3 10s        -> #4
        wait 10                         -> later
        deliver L1 1                    -> #6
        show L1                         -> shelf 4
        booked L2                       -> shelf 3
        booked V1                       -> passbook 50
    """,
}

EXPIRY = {
    "holds of 10 for ever, 11, 12 and 13 for 1, 2 and 3 seconds": """
        award V1 100                    -> #1
        hold V1 10 for-ever             -> #2
        hold V1 11 1s                   -> #3
        hold V1 12 2s                   -> #4
        hold V1 13 3s                   -> #5
        show V1                         -> passbook 54, held 46
        wait 1                          -> later
        show V1                         -> passbook 65, held 35
        wait 1                          -> later
        show V1                         -> passbook 77, held 23
        wait 1                          -> later
        show V1                         -> passbook 90, held 10
        wait 1000000                    -> later
        show V1                         -> passbook 90, held 10
        booked V1                       -> passbook 54, held 46
        redeem V1 90                    -> #9
        booked V1                       -> held 10
    """,
    "it ends at its second, not before": """
        award V1 10                     -> #1
        hold V1 10 10s                  -> #2
        wait 9                          -> later
        redeem V1 1                     -> no: not_enough balance=0 needed=1
        wait 1                          -> later
        redeem V1 10                    -> #4
    """,
    "nothing can be captured or released once its time is over, booked or not": """
        award V1 10                     -> #1
        hold V1 10 10s                  -> #2
        wait 10                         -> later
        capture #2                      -> no: hold_over hold=2 outcome=expired
        release #2                      -> no: hold_over hold=2 outcome=expired
        redeem V1 1                     -> #4
        capture #2                      -> no: hold_over hold=2 outcome=expired
    """,
    "what has come back stays back, even if the clock is set back": """
        award V1 10                     -> #1
        hold V1 10 10s                  -> #2
        wait 10                         -> later
        redeem V1 4                     -> #4
        turn-back 5                     -> earlier
        capture #2                      -> no: hold_over hold=2 outcome=expired
        show V1                         -> passbook 6
    """,
    "capturing one hold gives back the overdue one beside it": """
        award V1 10                     -> #1
        hold V1 4 10s                   -> #2
        hold V1 6                       -> #3
        wait 10                         -> later
        capture #3                      -> #5
        booked V1                       -> passbook 4
    """,
    "the nightly run gives back what nobody touched": """
        award V1 10                     -> #1
        award V2 10                     -> #2
        hold V1 4 10s                   -> #3
        hold V2 5 10s                   -> #4
        hold V2 1                       -> #5
        wait 10                         -> later
        expire                          -> #3 #4
        booked V1                       -> passbook 10
        booked V2                       -> passbook 9, held 1
        expire                          -> nothing
        entries                         -> 7
    """,
    "a refused request does not give back either": """
        award V1 10                     -> #1
        hold V1 4 10s                   -> #2
        wait 10                         -> later
        redeem V1 11                    -> no: not_enough balance=10 needed=11
        booked V1                       -> passbook 6, held 4
    """,
    "nothing comes back into a day that is closed": """
        award V1 10                     -> #1
        hold V1 4 10s                   -> #2
        wait 86400                      -> later
        close-period 2026-11-23         -> #3
        turn-back 43201                 -> earlier
        redeem V1 1 effective=2026-11-24 -> no: period_closed day=2026-11-23
    """,
}

OWING = {
    "a hold that ends settles no debt, for it was the holder's own": """
        award V1 10                     -> #1
        hold V1 10                      -> #2
        reverse #1                      -> #3
        show V1                         -> held 10, debt 10
        release #2                      -> #4
        show V1                         -> passbook 10, debt 10
        award V1 4                      -> #5
        show V1                         -> passbook 10, debt 6
    """,
}


def tables(scripts):
    return pytest.mark.parametrize("script", scripts.values(), ids=scripts.keys())


class TestHolds:
    """ledger.md section 1, decision 7: a hold is a real transfer, resolved exactly once."""

    @tables(ENDINGS)
    def test_a_hold_ends_once(self, session, script):
        play(session, script)

    @tables(GOODS)
    def test_goods_are_put_aside_like_points(self, session, script):
        play(session, script)

    @tables(EXPIRY)
    def test_a_hold_ends_by_itself(self, session, script):
        play(session, script)

    @tables(OWING)
    def test_holds_of_somebody_who_owes(self, session, script):
        play(session, script)


class TestWhatTheBooksSayOfAHold:
    """The entry of a hold tells all that its end depends on."""

    def test_the_leaf_says_when_it_ends(self, session):
        a_log(session)
        posted(session, an_award(points_e2=10))

        hold = place(session, [(passbook(), 4)], expires_at=NOON)

        assert {"expires_at": "2026-11-23T04:00:00.000000Z"} == entry_at(session, "xfl", hold.seq).facts

    def test_the_leaf_says_that_it_never_ends_by_itself(self, session):
        a_log(session)
        posted(session, an_award(points_e2=10))

        hold = place(session, [(passbook(), 4)])

        assert {"expires_at": None} == entry_at(session, "xfl", hold.seq).facts

    def test_the_same_account_may_stand_twice_in_one_hold(self, session):
        a_log(session)
        posted(session, an_award(points_e2=10))
        hold = place(session, [(passbook(), 4), (passbook(), 3)])

        end = holds.capture(session, an_act(), hold_seq=hold.seq, parts=[(passbook(), 4), (passbook(), 2)])

        redeemed = next(amount for ref, amount in end.closings.items() if ref.kind is AccountKind.REDEEMED)
        assert 6 == redeemed
        assert 4 == end.closings[passbook()]
        assert 0 == end.closings[held()]

    def test_more_than_both_together_cannot_be_captured(self, session):
        a_log(session)
        posted(session, an_award(points_e2=10))
        hold = place(session, [(passbook(), 4), (passbook(), 3)])

        with pytest.raises(NotEnough) as refused:
            holds.capture(session, an_act(), hold_seq=hold.seq, parts=[(passbook(), 4), (passbook(), 4)])

        assert (7, 8) == (refused.value.facts["balance"], refused.value.facts["needed"])


def place(session, parts, expires_at=None):
    return holds.place(session, an_act(), parts=parts, expires_at=expires_at, source="test", memo="")
