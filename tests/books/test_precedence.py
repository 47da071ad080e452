"""Precedence: where several things stand against a request, which of them is told. One line a request.

In each table everything stands against the first request; then one thing after the other is taken away, and the next
one is told, until the request is done. `used-key` was used before for something else.
"""

import pytest

from tests.books.desk import play

PRECEDENCE = {
    "post: key, period, account, amount": """
        award V1 5 key=used-key                          -> #1
        redeem V1 5                                      -> #2
        close passbook/V1/points                         -> #3
        close-period 2026-10-31                          -> #4
        redeem V1 9 effective=2026-10-31 key=used-key    -> no: request_key_reused
        redeem V1 9 effective=2026-10-31                 -> no: period_closed
        redeem V1 9                                      -> no: account_closed
        redeem V2 9                                      -> no: not_enough
        award V2 9                                       -> #5
        redeem V2 9                                      -> #6
    """,
    "post: what cannot be is a fault after the period and before account and amount": """
        award V1 5                                       -> #1
        redeem V1 5                                      -> #2
        close passbook/V1/points                         -> #3
        close-period 2026-10-31                          -> #4
        move passbook/V1/points redeemed/points 9 service-approved effective=2026-10-31 -> no: period_closed
        move passbook/V1/points redeemed/points 9 service-approved -> fault: PolicyBreach
        move passbook/V1/points redeemed/points 9 goods-redeemed   -> no: account_closed
    """,
    "post linked: any period first, then entry by entry": """
        award V1 5                                       -> #1
        redeem V1 5                                      -> #2
        close passbook/V1/points                         -> #3
        close-period 2026-10-31                          -> #4
        together redeem V2 9 + redeem V1 9 effective=2026-10-31 -> no: period_closed
        together redeem V2 9 + redeem V1 9               -> no: not_enough account=passbook/V2/points
        together redeem V1 9 + redeem V2 9               -> no: account_closed account=passbook/V1/points
        together award V2 9 + redeem V2 9 + redeem V1 9  -> no: account_closed account=passbook/V1/points
        together award V2 9 + redeem V2 9                -> #6
    """,
    "redeem: points before goods, in the order of the entry": """
        deliver L1 1                                     -> #1
        sell V1 5 L1 2                                   -> no: not_enough unit=points
        award V1 5                                       -> #2
        sell V1 5 L1 2                                   -> no: not_enough unit=goods:G0001
        sell V1 5 L1 1                                   -> #3
    """,
    "hold: key, period, account, amount": """
        award V1 5                                       -> #1
        redeem V1 5                                      -> #2
        close passbook/V1/points                         -> #3
        award V2 5 key=used-key                          -> #4
        wait 86400                                       -> later
        close-period 2026-11-23                          -> #5
        turn-back 86400                                  -> earlier
        hold V1 9 key=used-key                           -> no: request_key_reused
        hold V1 9                                        -> no: period_closed
        wait 86400                                       -> later
        hold V1 9                                        -> no: account_closed
        hold V2 9                                        -> no: not_enough
        hold V2 5                                        -> #6
    """,
    "capture: key, hold, its end, amount, period, account": """
        award V1 50 key=used-key                         -> #1
        redeem V1 5                                      -> #2
        reverse #2                                       -> #3
        close redeemed/points                            -> #4
        hold V1 5                                        -> #5
        release #5                                       -> #6
        hold V1 7                                        -> #7
        wait 86400                                       -> later
        close-period 2026-11-23                          -> #8
        turn-back 86400                                  -> earlier
        capture #1 V1 99 key=used-key                    -> no: request_key_reused
        capture #1 V1 99                                 -> no: no_such_hold
        capture #5 V1 99                                 -> no: hold_over
        capture #7 V1 99                                 -> no: not_enough balance=7 needed=99
        capture #7                                       -> no: period_closed
        wait 86400                                       -> later
        capture #7                                       -> no: account_closed account=redeemed/points
        release #7                                       -> #9
    """,
    "release: key, hold, its end, period": """
        award V1 50 key=used-key                         -> #1
        hold V1 5                                        -> #2
        capture #2                                       -> #3
        hold V1 7                                        -> #4
        wait 86400                                       -> later
        close-period 2026-11-23                          -> #5
        turn-back 86400                                  -> earlier
        release #1 key=used-key                          -> no: request_key_reused
        release #1                                       -> no: no_such_hold
        release #2                                       -> no: hold_over outcome=captured
        release #4                                       -> no: period_closed
        wait 86400                                       -> later
        release #4                                       -> #6
    """,
    "a hold that ended twice over: how it was resolved comes before that its time is over": """
        award V1 50                                      -> #1
        hold V1 5 10s                                    -> #2
        release #2                                       -> #3
        wait 10                                          -> later
        capture #2                                       -> no: hold_over outcome=released
    """,
    "reverse: key, entry, kind, once, period": """
        deliver L1 5 key=used-key                        -> #1
        award V1 50                                      -> #2
        sell V1 50 L1 4                                  -> #3
        reverse #2                                       -> #4
        close passbook/V1/points                         -> #5
        wait 86400                                       -> later
        close-period 2026-11-23                          -> #6
        turn-back 86400                                  -> earlier
        reverse #9 key=used-key                          -> no: request_key_reused
        reverse #9                                       -> no: no_such_entry
        reverse #4                                       -> no: not_reversible
        reverse #2                                       -> no: already_reversed
        reverse #1                                       -> no: period_closed
        reverse #3                                       -> no: period_closed
        wait 86400                                       -> later
        reverse #3                                       -> #7
        reverse #3                                       -> no: already_reversed
    """,
    "reverse: a closed account comes before goods that are gone": """
        deliver L1 5                                     -> #1
        award V1 50                                      -> #2
        sell V1 50 L1 5                                  -> #3
        close shelf/L1/goods:G0001                       -> #4
        reverse #1                                       -> no: account_closed
        deliver L2 5                                     -> #5
        award V2 50                                      -> #6
        sell V2 50 L2 5                                  -> #7
        reverse #5                                       -> no: not_enough
    """,
    "close an account: key, period of what is overdue, account, contents, period": """
        award V1 5 key=used-key                          -> #1
        hold V1 5 10s                                    -> #2
        award V2 5                                       -> #3
        redeem V2 5                                      -> #4
        close passbook/V2/points                         -> #5
        award V3 5                                       -> #6
        award V4 5                                       -> #7
        redeem V4 5                                      -> #8
        wait 86400                                       -> later
        close-period 2026-11-23                          -> #9
        turn-back 43201                                  -> earlier
        close passbook/V1/points key=used-key            -> no: request_key_reused
        close passbook/V1/points                         -> no: period_closed
        close passbook/V2/points                         -> no: account_closed
        close passbook/V9/points                         -> no: account_closed
        close passbook/V3/points                         -> no: not_empty
        close passbook/V4/points                         -> no: period_closed
        wait 43201                                       -> later
        close passbook/V1/points                         -> no: not_empty
        close passbook/V4/points                         -> #10
    """,
    "close an account: what it has comes before what is on hold of it": """
        award V1 5                                       -> #1
        hold V1 2                                        -> #2
        close passbook/V1/points                         -> no: not_empty account=held/V1/points balance=2
        redeem V1 3                                      -> #3
        close passbook/V1/points                         -> no: not_empty account=held/V1/points balance=2
        release #2                                       -> #4
        close passbook/V1/points                         -> no: not_empty account=passbook/V1/points balance=2
        redeem V1 2                                      -> #5
        close passbook/V1/points                         -> #6
    """,
    "close a period: key, then the day": """
        close-period 2026-11-01 key=used-key             -> #1
        close-period 2026-11-23 key=used-key             -> no: request_key_reused
        close-period 2026-11-23                          -> no: period_closed
        close-period 2026-11-01                          -> no: period_closed
        close-period 2026-11-22                          -> #2
    """,
}


class TestPrecedence:
    """ledger.md section 7: errors in order of precedence, on both databases."""

    @pytest.mark.parametrize("script", PRECEDENCE.values(), ids=PRECEDENCE.keys())
    def test_the_first_that_stands_against_it_is_told(self, session, script):
        play(session, script)
