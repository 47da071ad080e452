"""Reversals: the mirrored entry, once, linked both ways; what was spent meanwhile becomes a debt."""

import pytest

from tests.books.builders import a_log, a_redemption, an_award, posted, the_entry
from tests.books.desk import play
from tests.builders import an_act
from timebank.books import journal

MIRRORED = {
    "an award is taken back": """
        serve V1 60 1000                -> #1
        reverse #1                      -> #2
        show V1                         -> nothing
    """,
    "a redemption is taken back: points and goods return": """
        award V1 50                     -> #1
        deliver L1 3                    -> #2
        sell V1 20 L1 2                 -> #3
        reverse #3                      -> #4
        show V1                         -> passbook 50
        show L1                         -> shelf 3
    """,
    "a captured hold is taken back to where it came from": """
        award V1 50                     -> #1
        deliver L1 3                    -> #2
        hold V1 20 L1 2 for-ever        -> #3
        capture #3                      -> #4
        reverse #4                      -> #5
        show V1                         -> passbook 50
        show L1                         -> shelf 3
    """,
    "of a hold captured in part only that part is taken back": """
        award V1 50                     -> #1
        hold V1 20                      -> #2
        capture #2 V1 15                -> #3
        reverse #3                      -> #4
        show V1                         -> passbook 50
    """,
}

REFUSED = {
    "twice": """
        award V1 50                     -> #1
        reverse #1                      -> #2
        reverse #1                      -> no: already_reversed seq=1 reversed_by=2
    """,
    "a reversal": """
        award V1 50                     -> #1
        reverse #1                      -> #2
        reverse #2                      -> no: not_reversible seq=2 kind=reversal
    """,
    "a hold": """
        award V1 50                     -> #1
        hold V1 20                      -> #2
        reverse #2                      -> no: not_reversible seq=2 kind=hold-placed
    """,
    "an entry that is not there": """
        reverse #1                      -> no: no_such_entry seq=1
    """,
    "goods that are no longer on the shelf": """
        award V1 50                     -> #1
        deliver L1 3                    -> #2
        sell V1 20 L1 1                 -> #3
        reverse #2                      -> no: not_enough account=shelf/L1/goods:G0001 balance=2 needed=3
        show L1                         -> shelf 2
    """,
    "into a closed account": """
        award V1 50                     -> #1
        redeem V1 50                    -> #2
        close passbook/V1/points        -> #3
        reverse #2                      -> no: account_closed
    """,
}

OWING = {
    "what is there is taken, the rest is owed": """
        award V1 50                     -> #1
        redeem V1 30                    -> #2
        reverse #1                      -> #3
        show V1                         -> debt 30
    """,
    "nothing is there, all is owed": """
        award V1 50                     -> #1
        redeem V1 50                    -> #2
        reverse #1                      -> #3
        show V1                         -> debt 50
    """,
    "later awards settle the debt first": """
        award V1 50                     -> #1
        redeem V1 30                    -> #2
        reverse #1                      -> #3
        award V1 20                     -> #4
        show V1                         -> debt 10
        award V1 20                     -> #5
        show V1                         -> passbook 10
    """,
    "two awards in one batch settle one debt": """
        award V1 50                     -> #1
        redeem V1 30                    -> #2
        reverse #1                      -> #3
        together award V1 20 + award V1 15 + award V2 9 -> #6
        show V1                         -> passbook 5
        show V2                         -> passbook 9
    """,
    "an award that settled a debt can be taken back itself: the debt is there again": """
        award V1 50                     -> #1
        redeem V1 30                    -> #2
        reverse #1                      -> #3
        award V1 40                     -> #4
        show V1                         -> passbook 10
        reverse #4                      -> #5
        show V1                         -> debt 30
    """,
    "goods that come back settle the debt that they had caused": """
        award V1 50                     -> #1
        redeem V1 30                    -> #2
        reverse #1                      -> #3
        reverse #2                      -> #4
        show V1                         -> nothing
    """,
    "whoever owes has nothing to spend": """
        award V1 50                     -> #1
        redeem V1 30                    -> #2
        reverse #1                      -> #3
        redeem V1 1                     -> no: not_enough balance=0 needed=1
    """,
}


def tables(scripts):
    return pytest.mark.parametrize("script", scripts.values(), ids=scripts.keys())


class TestReversals:
    """ledger.md section 1, decision 8: at most once, linked both ways, and no force."""

    @tables(MIRRORED)
    def test_everything_goes_back_the_way_it_came(self, session, script):
        play(session, script)

    @tables(REFUSED)
    def test_what_cannot_be_taken_back(self, session, script):
        play(session, script)

    @tables(OWING)
    def test_points_that_were_spent_meanwhile(self, session, script):
        play(session, script)

    def test_both_entries_name_each_other(self, session):
        a_log(session)
        award = posted(session, an_award(source="service-record:1"))

        back = journal.reverse(session, an_act(), seq=award.seq, reason="写错人了")

        original, reversal = (the_entry(session, seq) for seq in (award.seq, back.seq))
        assert back.seq == original.reversed_by
        assert award.seq == reversal.entry.reverses
        assert "service-record:1" == reversal.entry.source
        assert "写错人了" == reversal.memo

    def test_the_precedence_of_refusals(self, session):
        """No such entry, wrong kind, reversed before, period, account, amount: the first that holds is told."""
        play(
            session,
            """
            award V1 50                     -> #1
            redeem V1 50                    -> #2
            reverse #1                      -> #3
            reverse #9                      -> no: no_such_entry
            reverse #3                      -> no: not_reversible
            reverse #1                      -> no: already_reversed
            close passbook/V1/points        -> #4
            together redeem V1 9 effective=2026-01-01 -> no: account_closed
            close-period 2026-10-31         -> #5
            together redeem V1 9 effective=2026-01-01 -> no: period_closed
            """,
        )

    def test_the_redemption_stays_as_it_was(self, session):
        a_log(session)
        posted(session, an_award(points_e2=100))
        redemption = posted(session, a_redemption(points_e2=40))
        before = the_entry(session, redemption.seq)

        journal.reverse(session, an_act(), seq=redemption.seq, reason="退货")

        after = the_entry(session, redemption.seq)
        assert before.entry == after.entry
        assert before.leaf_hash == after.leaf_hash
