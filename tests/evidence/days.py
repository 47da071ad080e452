"""Days of a town: hours recorded and approved, goods redeemed and brought back, records reversed, as the dice say.

Everything is done by the real operations, each in a transaction of its own; what a rule refuses is refused.
"""

from contextlib import suppress
from datetime import time, timedelta
from uuid import UUID

from tests.builders import an_act
from tests.evidence.builders import XFL
from timebank import clock
from timebank.books.journal import close_period
from timebank.books.requests import once
from timebank.database import reading, writing
from timebank.ledger.days import day_of, moment_of
from timebank.market import operations as market
from timebank.market.operations import BasketLine
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.service import operations as service
from timebank.service.asked import Decision, NewActivity, Sheet, SheetLine

GOODS = ("G0001", "G0002", "G0003")


class Days:
    """Who acts in a town, and what they do."""

    def __init__(self, engine, dice):
        self.engine, self.dice, self.now = engine, dice, clock.now()
        with reading(engine) as session:
            self.staff = {one.login: one for one in people.all_staff(session, XFL)}
        self.records, self.redemptions = [], []

    def act(self, login, **changes):
        """Act as somebody of the staff, under a key that no other run has used."""
        one = self.staff[login]
        key = f"day-{self.dice.getrandbits(64):016x}-{self.now.timestamp():.6f}"
        defaults = {"person_id": one.person_id, "number": one.number, "at": self.now, "request_key": key}
        return an_act(**(defaults | changes))

    def done(self, operation, act, **asked):
        """Do one thing; what a rule refuses is not done."""
        with suppress(Refusal), writing(self.engine) as session:
            return operation(session, act, **asked)
        return None

    def serve(self):
        """An activity of yesterday: a few people, recorded by one and approved by another."""
        starts_at = moment_of(
            day_of(self.now) - timedelta(days=self.dice.randint(1, 5)), time(self.dice.randint(7, 20))
        )
        new = NewActivity(
            title="清扫楼道",
            service_class="cleaning",
            place="3号楼",
            leader="李建国",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
        )
        before = starts_at - timedelta(days=1)
        number = self.done(service.create_activity, self.act("li", at=before), new=new)
        self.done(service.approve_activity, self.act("chen", at=before), number=number)
        who = self.dice.sample(range(1, 31), 3)
        ends_at = starts_at + timedelta(minutes=self.dice.randint(20, 60))
        lines = tuple(
            SheetLine(volunteer_number=f"V{one:04d}", starts_at=starts_at, ends_at=ends_at, remark="") for one in who
        )
        sheet = Sheet(activity_number=number, lines=lines)
        recorded = self.done(service.record_many, self.act("li"), sheet=sheet)
        for record in (recorded or {"records": ()})["records"]:
            decision = Decision(record_id=UUID(record), rating=self.dice.choice([None, 3, 5]))
            if self.done(service.approve_many, self.act("chen"), decisions=(decision,)):
                self.records.append(UUID(record))

    def redeem(self):
        """Somebody redeems something."""
        basket = (BasketLine(self.dice.choice(GOODS), self.dice.randint(1, 2)),)
        done = self.done(
            market.redeem, self.act("zhao"), volunteer_number=f"V{self.dice.randint(1, 30):04d}", basket=basket
        )
        if done:
            self.redemptions.append(done["number"])

    def undo(self):
        """A redemption is taken back."""
        if self.redemptions:
            number = self.redemptions.pop()
            self.done(market.undo, self.act("zhao"), redemption_number=number, reason="扫错了物品")

    def reverse(self):
        """An approved record is reversed."""
        if self.records:
            self.done(service.reverse_record, self.act("chen"), record_id=self.records.pop(), reason="记错了人")

    def close(self):
        """The days until the day before yesterday are closed."""
        self.done(_close, self.act("admin"), through=day_of(self.now) - timedelta(days=2))


@once("tests.close_period")
def _close(session, act, *, through):
    """Close a period as the room of it would."""
    return close_period(session, act, through=through).seq


def lived(engine, dice, steps):
    """Let a town live for some steps."""
    days = Days(engine, dice)
    for _ in range(steps):
        days.now += timedelta(seconds=dice.randint(1, 60))
        dice.choices([days.serve, days.redeem, days.undo, days.reverse], [4, 4, 1, 1])[0]()
    return days
