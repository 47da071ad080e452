"""Posting: one line a request, one line a result, on both databases."""

import pytest

from tests.books.desk import play

SERVING_AND_REDEEMING = {
    "points come in and go out": """
        award V1 50                     -> #1
        redeem V1 20                    -> #2
        show V1                         -> passbook 30
    """,
    "the last hundredth can be spent, one more cannot": """
        award V1 50                     -> #1
        redeem V1 51                    -> no: not_enough balance=50 needed=51
        redeem V1 50                    -> #2
        redeem V1 1                     -> no: not_enough balance=0 needed=1
        show V1                         -> nothing
    """,
    "whoever never had points has none to spend": """
        redeem V1 1                     -> no: not_enough balance=0 needed=1
        entries                         -> 0
    """,
    "minutes and points come together and stay apart": """
        serve V1 90 1500                -> #1
        redeem V1 1500                  -> #2
        show V1                         -> recognised 90
    """,
    "points and goods go together": """
        award V1 50                     -> #1
        deliver L1 3                    -> #2
        sell V1 20 L1 2                 -> #3
        show L1                         -> shelf 1
        show V1                         -> passbook 30
    """,
    "no goods, no points taken": """
        award V1 50                     -> #1
        deliver L1 1                    -> #2
        sell V1 20 L1 2                 -> no: not_enough unit=goods:G0001 balance=1 needed=2
        show V1                         -> passbook 50
        show L1                         -> shelf 1
    """,
    "two people never share a purse": """
        award V1 50                     -> #1
        award V2 10                     -> #2
        redeem V2 11                    -> no: not_enough balance=10 needed=11
        show V1                         -> passbook 50
    """,
    "the numbers of entries have no gaps, whatever was refused between them": """
        award V1 5                      -> #1
        redeem V1 6                     -> no: not_enough
        move issuance/points shelf/L1/goods:G0001 1 service-approved -> fault: ImpossibleEntry
        award V1 5                      -> #2
        entries                         -> 2
    """,
}

LINKED = {
    "all of it": """
        together award V1 50 + redeem V1 20 + award V2 7    -> #3
        show V1                                             -> passbook 30
        show V2                                             -> passbook 7
    """,
    "none of it when the last one is refused": """
        together award V1 50 + award V2 7 + redeem V1 51    -> no: not_enough balance=50 needed=51
        entries                                             -> 0
        show V2                                             -> nothing
    """,
    "none of it when the first one is refused": """
        together redeem V1 1 + award V1 50                  -> no: not_enough balance=0 needed=1
        show V1                                             -> nothing
    """,
    "the order counts": """
        together award V1 50 + redeem V1 50                 -> #2
        together redeem V1 50 + award V1 50                 -> no: not_enough
    """,
}

FAULTS = {
    "an amount of zero": """
        award V1 0                      -> fault: ImpossibleEntry
    """,
    "an amount below zero": """
        award V1 -5                     -> fault: ImpossibleEntry
    """,
    "the largest amount is taken, one more is not": """
        award V1 10000000000            -> #1
        award V1 10000000001            -> fault: ImpossibleEntry
        show V1                         -> passbook 10000000000
    """,
    "an account to itself": """
        award V1 5                      -> #1
        move passbook/V1/points passbook/V1/points 1 goods-redeemed -> fault: ImpossibleEntry
    """,
    "minutes turned into points": """
        serve V1 60 100                 -> #1
        move recognised/V1/minutes passbook/V1/points 1 service-approved -> fault: ImpossibleEntry
    """,
    "points passed from person to person": """
        award V1 5                      -> #1
        award V2 5                      -> #2
        move passbook/V1/points held/V2/points 1 hold-placed -> fault: PolicyBreach
    """,
    "a road of another kind of entry": """
        award V1 5                      -> #1
        move passbook/V1/points redeemed/points 5 service-approved -> fault: PolicyBreach
        move issuance/points redeemed/points 5 goods-redeemed -> fault: PolicyBreach
    """,
    "goods given back to the donor as if they were redeemed": """
        deliver L1 5                    -> #1
        move shelf/L1/goods:G0001 donor/P001/goods:G0001 1 goods-received -> fault: PolicyBreach
    """,
}

KEYS = {
    "the same request again is answered alike and counts once": """
        award V1 50 key=the-same-key    -> #1
        award V1 50 key=the-same-key    -> #1
        show V1                         -> passbook 50
    """,
    "the same key for something else is refused": """
        award V1 50 key=the-same-key    -> #1
        award V1 51 key=the-same-key    -> no: request_key_reused
        award V2 50 key=the-same-key    -> no: request_key_reused
        redeem V1 50 key=the-same-key   -> no: request_key_reused
        award V1 50 key=the-same-key by=S002 -> no: request_key_reused
        show V1                         -> passbook 50
    """,
    "what was declined stays declined, whatever came in meanwhile": """
        redeem V1 5 key=the-same-key    -> no: not_enough balance=0 needed=5
        award V1 50                     -> #1
        redeem V1 5 key=the-same-key    -> no: not_enough balance=0 needed=5
        redeem V1 5                     -> #2
    """,
}

PERIODS = {
    "nothing counts for a closed day any more": """
        award V1 5 effective=2026-10-31 -> #1
        close-period 2026-10-31         -> #2
        award V1 5 effective=2026-10-31 -> no: period_closed day=2026-10-31 closed_through=2026-10-31
        award V1 5 effective=2026-11-01 -> #3
        show V1                         -> passbook 10
    """,
    "a late slip is booked in the open period and keeps its day": """
        close-period 2026-10-31         -> #1
        award V1 5 served=2026-10-15    -> #2
        show V1                         -> passbook 5
    """,
    "a period is closed once, and never before it is over": """
        close-period 2026-11-23         -> no: period_closed day=2026-11-23
        close-period 2026-11-22         -> #1
        close-period 2026-11-22         -> no: period_closed
        close-period 2026-11-21         -> no: period_closed
    """,
    "one line for a closed day stops the whole batch": """
        close-period 2026-10-31         -> #1
        together award V1 5 + award V2 5 effective=2026-10-31 -> no: period_closed
        show V1                         -> nothing
    """,
    "after a reversal of something from a closed period the correction counts today": """
        award V1 5 effective=2026-10-31 -> #1
        close-period 2026-10-31         -> #2
        reverse #1                      -> #3
        show V1                         -> nothing
    """,
}

CLOSED_ACCOUNTS = {
    "a closed account takes nothing and gives nothing": """
        award V1 5                      -> #1
        redeem V1 5                     -> #2
        close passbook/V1/points        -> #3
        award V1 5                      -> no: account_closed account=passbook/V1/points
        redeem V1 1                     -> no: account_closed
        award V2 5                      -> #4
    """,
    "an account with a balance stays open": """
        award V1 5                      -> #1
        close passbook/V1/points        -> no: not_empty balance=5
        redeem V1 5                     -> #2
    """,
    "an account with something on hold stays open": """
        award V1 5                      -> #1
        hold V1 5                       -> #2
        close passbook/V1/points        -> no: not_empty account=held/V1/points balance=5
        release #2                      -> #3
        show V1                         -> passbook 5
    """,
    "what was on hold too long comes back before the account is closed": """
        award V1 5                      -> #1
        hold V1 5 10s                   -> #2
        wait 10                         -> later
        close passbook/V1/points        -> no: not_empty account=passbook/V1/points balance=5
    """,
    "an account is closed once": """
        award V1 5                      -> #1
        redeem V1 5                     -> #2
        close passbook/V1/points        -> #3
        close passbook/V1/points        -> no: account_closed
    """,
    "an account that never was cannot be closed": """
        close passbook/V1/points        -> no: account_closed
    """,
    "one line for a closed account stops the whole batch": """
        together award V1 5 + redeem V1 5 -> #2
        close passbook/V1/points        -> #3
        together award V2 5 + award V1 5 -> no: account_closed
        show V2                         -> nothing
    """,
}


def tables(scripts):
    return pytest.mark.parametrize("script", scripts.values(), ids=scripts.keys())


class TestPosting:
    """ledger.md sections 1 and 4: what is asked for happens as a whole or not at all."""

    @tables(SERVING_AND_REDEEMING)
    def test_points_minutes_and_goods(self, session, script):
        play(session, script)

    @tables(LINKED)
    def test_a_batch_is_all_or_nothing(self, session, script):
        play(session, script)

    @tables(FAULTS)
    def test_what_could_not_be_is_a_fault_and_changes_nothing(self, session, script):
        play(session, script)

    @tables(KEYS)
    def test_a_request_key_counts_once(self, session, script):
        play(session, script)

    @tables(PERIODS)
    def test_closed_periods(self, session, script):
        play(session, script)

    @tables(CLOSED_ACCOUNTS)
    def test_closed_accounts(self, session, script):
        play(session, script)
