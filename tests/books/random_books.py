"""Random books: a community's weeks made from a seed, with all that can happen in them."""

import random
from datetime import timedelta

from tests.books import builders
from tests.builders import NOON, an_act
from timebank.books import head, holds, journal
from timebank.ledger.balances import NotEnough
from timebank.refusal import Refusal

OWNERS = ("V0001", "V0002", "V0003")
LOTS = ("L000001", "L000002")
STAFF = ("S001", "S002")


class RandomBooks:
    """Does one random thing after the other; what is refused is simply not done."""

    def __init__(self, session, seed):
        self.session = session
        self.chance = random.Random(seed)
        self.now = NOON
        self.reversible = []
        self.holding = []
        builders.a_log(session)

    def live(self, steps):
        """Let that many things happen, each minutes or days after the one before."""
        for _ in range(steps):
            self.now += timedelta(minutes=self.chance.choice([1, 30, 600, 3000]))
            try:
                with self.session.begin_nested():
                    self.chance.choice([self.serve, self.redeem, self.deliver, self.hold, self.end, self.reverse])()
            except Refusal:
                head.forget(self.session)
        return self

    def act(self):
        return an_act(at=self.now, number=self.chance.choice(STAFF))

    def dates(self):
        today = self.act().today
        return {"effective_on": today - timedelta(days=self.chance.randrange(20)), "source": self.chance.choice("abc")}

    def post(self, *drafts):
        posted = journal.post_all(self.session, self.act(), drafts)
        self.reversible += [each.seq for each in posted]

    def serve(self):
        owners = self.chance.sample(OWNERS, self.chance.choice([1, 1, 3]))
        memo = self.chance.choice(["", "清扫楼道"])
        self.post(
            *(
                builders.a_service(owner, 60, self.chance.randrange(1, 900), memo=memo, **self.dates())
                for owner in owners
            )
        )

    def redeem(self):
        pieces = self.chance.randrange(4)
        lot = self.chance.choice(LOTS)
        self.post(
            builders.a_redemption(self.owner(), self.chance.randrange(1, 500), pieces=pieces, lot=lot, **self.dates())
        )

    def deliver(self):
        self.post(builders.a_delivery(self.chance.choice(LOTS), self.chance.randrange(1, 9), **self.dates()))

    def hold(self):
        expires_at = self.chance.choice([None, self.now + timedelta(hours=20)])
        parts = [(builders.passbook(self.owner()), self.chance.randrange(1, 200))]
        self.holding.append(
            holds.place(self.session, self.act(), parts=parts, expires_at=expires_at, source="h", memo="").seq
        )

    def end(self):
        if not self.holding:
            raise NotEnough(needed=1)
        seq = self.holding.pop(self.chance.randrange(len(self.holding)))
        if self.chance.random() < 0.5:
            self.reversible.append(holds.capture(self.session, self.act(), hold_seq=seq, parts=None).seq)
        else:
            holds.release(self.session, self.act(), hold_seq=seq)

    def reverse(self):
        if not self.reversible:
            raise NotEnough(needed=1)
        seq = self.reversible.pop(self.chance.randrange(len(self.reversible)))
        journal.reverse(self.session, self.act(), seq=seq, reason="写错了")

    def owner(self):
        return self.chance.choice(OWNERS)
