"""Contests: what many may fight over in one round, and who may win."""

from collections import Counter
from datetime import timedelta
from typing import Any

from tests.books import builders, tills
from tests.builders import NOON, an_act
from timebank.books import holds, journal
from timebank.books.requests import once
from timebank.books.statements import AccountFilter, balances
from timebank.database import reading, writing
from timebank.ledger.accounts import POINTS

POOR, RICH, WRONGED, WAITING, CHANGING = "V0001", "V0002", "V0003", "V0004", "V0005"
PLENTY = 1_000_000
POINTS_LEFT = 10


def open_town(engine):
    """Open books in which two people have plenty, and nobody else anything."""
    with writing(engine) as session:
        builders.a_log(session)
        drafts = [builders.an_award(owner, PLENTY) for owner in (RICH, CHANGING)]
        journal.post_all(session, an_act(request_key="opening-the-books"), drafts)


@once("round.set_out")
def set_out(session, act, *, ends):
    """Put out what the round is about: the last points, the last piece, a wrong award, two redemptions, a hold."""
    drafts = [
        builders.an_award(POOR, POINTS_LEFT),
        builders.a_delivery(pieces=1),
        builders.an_award(WRONGED, 7),
        builders.an_award(WAITING, 5),
        builders.a_redemption(CHANGING, 3),
        builders.a_redemption(CHANGING, 3),
    ]
    seqs = [posted.seq for posted in journal.post_all(session, act, drafts)]
    parts = [(builders.passbook(WAITING), 5)]
    hold = holds.place(session, act, parts=parts, expires_at=ends, source="round", memo="").seq
    return {"wrong": seqs[2], "redeemed": seqs[4:], "hold": hold}


class Round:
    """One round: 32 requests at the same moment, and what must have become of them."""

    def __init__(self, engine, number):
        self.number = number
        self.ends = NOON + timedelta(hours=number + 1)
        self.before = amounts(engine)
        with writing(engine) as session:
            self.laid = set_out(session, an_act(request_key=f"round-{number:05}"), ends=self.ends)

    def requests(self):
        """Name 32 requests: the contest, the operation, what is asked."""
        early, touch = self.ends - timedelta(seconds=1), {"owner": WAITING, "amount": 1, "at": self.ends}
        asked: list[tuple[str, Any, dict[str, Any]]]
        asked = [("points", tills.redeem, {"owner": POOR, "amount": POINTS_LEFT})] * 10
        asked += [("piece", tills.redeem, {"owner": RICH, "amount": 1, "pieces": 1})] * 10
        asked += [("reversal", tills.reverse, {"seq": self.laid["wrong"]})] * 4
        asked += [("capture", tills.capture, {"hold_seq": self.laid["hold"], "at": early})] * 2
        asked += [("touch", tills.award, touch)] * 2
        asked += [("there", tills.redeem, {"owner": CHANGING, "amount": 3})] * 2
        asked += [("back", tills.reverse, {"seq": seq}) for seq in self.laid["redeemed"]]
        return [(f"{self.number:05}-racer-{place:02}", *request) for place, request in enumerate(asked)]

    def judge(self, engine, told):
        """Look at who won, and at the purses: `told` has the contest and the answer of each request."""
        lost = Counter((contest, answer) for contest, answer in told if isinstance(answer, str))
        captured = 2 - lost[("capture", "hold_over")]
        assert captured in {0, 1}, lost
        expected = {("points", "not_enough"): 9, ("piece", "not_enough"): 9, ("reversal", "already_reversed"): 3}
        assert expected | {("capture", "hold_over"): 2 - captured} == lost
        seqs = [answer for _, answer in told if isinstance(answer, int)]
        assert len(set(seqs)) == len(seqs) == 32 - lost.total()

        after = amounts(engine)
        came = {ref: after.get(ref, 0) - self.before.get(ref, 0) for ref in after if ref.owner}
        waiting = 2 if captured else 7
        assert {RICH: -1, WAITING: waiting, CHANGING: -6} == {
            ref.owner: change for ref, change in came.items() if change and ref.unit == POINTS
        }
        return "captured" if captured else "expired"


def amounts(engine):
    """Every account that is not empty, and what it holds."""
    with reading(engine) as session:
        return {item.account: item.balance for item in balances(session, "xfl", AccountFilter()) if item.balance}
