"""The books against a model: whatever is asked in whatever order, both answer alike and hold the same."""

import os
from collections import Counter
from itertools import count
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.books.desk import Desk
from tests.books.model import Model
from tests.fixtures.chance import run_seed
from timebank.books import statements
from timebank.database import rehearsing

LONG = "TIMEBANK_TEST_LONG" in os.environ
"""Set it for ten thousand steps and more on each database."""

STEPS = {
    ("sqlite", False): 8_000,
    ("postgresql", False): 2_000,
    ("sqlite", True): 100_000,
    ("postgresql", True): 50_000,
}
"""How many steps at least, by database: ten thousand in every run, and many more on demand."""
STEPS_OF_A_LIFE = 50
LIVES = 20
"""How many histories are begun from one seed, and how long each may become."""
A_SEED = settings(
    max_examples=LIVES,
    stateful_step_count=STEPS_OF_A_LIFE,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
owners = st.sampled_from(["V1", "V2"])
lots = st.sampled_from(["L1", "L2"])
amounts = st.integers(1, 30)
pieces = st.integers(1, 4)
numbers = st.integers(1, 25).map("#{}".format)
days = st.sampled_from(["2026-11-01", "2026-11-10", "2026-11-22", "2026-11-23"])
ends = st.sampled_from(["for-ever", "1s", "5s", "60s"])


def line(form, *parts):
    """A request of this form."""
    return st.tuples(*parts).map(lambda values: form.format(*values))


single = st.one_of(
    line("award {} {}", owners, amounts),
    line("redeem {} {}", owners, amounts),
    line("deliver {} {}", lots, pieces),
    line("sell {} {} {} {}", owners, amounts, lots, pieces),
)
requests = st.one_of(
    single,
    st.lists(single, min_size=2, max_size=4).map(" + ".join).map("together {}".format),
    line("award {} {} effective={}", owners, amounts, days),
    line("close-period {}", days),
    line("hold {} {} {}", owners, amounts, ends),
    line("hold {} {} {} {} {}", owners, amounts, lots, pieces, ends),
    line("capture {}", numbers),
    line("capture {} {} {}", numbers, owners, amounts),
    line("release {}", numbers),
    line("reverse {}", numbers),
    line("reverse {}", numbers),
    line("close passbook/{}/points", owners),
    st.just("expire"),
    line("wait {}", st.sampled_from([1, 3, 30])),
)


class Books(RuleBasedStateMachine):
    """One desk, one model; every request goes to both."""

    engine = None
    steps = 0
    seen: ClassVar[Counter[str]] = Counter()
    """How often each thing was asked for and done, or refused and why."""

    def __init__(self):
        super().__init__()
        self.transaction = rehearsing(self.engine)
        self.session = self.transaction.__enter__()
        self.desk = Desk(self.session)
        self.model = Model()
        self.told = []

    def teardown(self):
        self.transaction.__exit__(None, None, None)

    @rule(request=requests)
    def ask(self, request):
        """Something is asked for: both answer alike, and the refusal has the same reason."""
        key = f"key={len(self.told):08}"
        type(self).steps += 1
        told = self.desk.ask(request if request.startswith("wait") else f"{request} {key}")

        assert self.model.ask(request) == (" ".join(told.split()[:2]) if told.startswith("no:") else told), request
        self.seen[f"{request.split()[0]} {told.split()[1] if told.startswith('no:') else 'done'}"] += 1
        if not request.startswith("wait"):
            self.told.append((f"{request} {key}", told))

    @precondition(lambda self: self.told)
    @rule(which=st.integers(0, 1000))
    def ask_again(self, which):
        """An earlier request comes again: it is answered as it was then, and nothing happens."""
        request, told = self.told[which % len(self.told)]

        assert told == self.desk.ask(request)

    @precondition(lambda self: self.told)
    @rule(which=st.integers(0, 1000))
    def ask_something_else_with_the_same_key(self, which):
        """An earlier key comes with something else: it is refused, and nothing happens."""
        key = self.told[which % len(self.told)][0].rpartition("key=")[2]

        assert self.desk.ask(f"award V9 1 key={key}").startswith("no: request_key_reused")

    @invariant()
    def holds_the_same(self):
        """Every account has the balance that the model has; each unit sums to zero; nobody spent what was not there."""
        found = statements.balances(self.session, "xfl")
        booked = {(item.account.kind.value, item.account.owner): item.balance for item in found if item.balance}
        assert {account: amount for account, amount in self.model.balances.items() if amount} == booked

        sums: Counter[str] = Counter()
        for item in found:
            sums[item.account.unit] += item.balance
            assert item.balance * item.account.sign >= 0, item
        assert {0} >= set(sums.values())


SEEN_FOR_CERTAIN = (
    "award done",
    "redeem not_enough",
    "together done",
    "together not_enough",
    "hold done",
    "release no_such_hold",
    "reverse no_such_entry",
    "close-period period_closed",
)
"""A few of the answers without which the histories would prove little."""


class TestAgainstTheModel:
    """ledger.md section 7: a model of plain dicts and random histories; after every step both agree."""

    def test_books_and_model_agree_step_by_step(self, database_kind, common_engine):
        machine: type[Books] = type("BooksOfThisKind", (Books,), {"engine": common_engine, "seen": Counter()})

        for number in count(run_seed()):
            if machine.steps >= STEPS[database_kind, LONG]:
                assert {*SEEN_FOR_CERTAIN} <= machine.seen.keys(), machine.seen
                return
            run_state_machine_as_test(seed(number)(machine), settings=A_SEED)

    def test_a_model_that_is_wrong_is_found_out(self, common_engine):
        """The control: a model that forgets debts does not agree."""
        forgetful = type("Forgetful", (Model,), {"settled": lambda self, moves: [move for move in moves if move[2]]})
        machine = type("BooksOfThisKind", (Books,), {"engine": common_engine, "seen": Counter()})()
        machine.model = forgetful()
        for request in ("award V1 10", "redeem V1 10", "reverse #1", "award V1 10"):
            machine.ask(request)

        with pytest.raises(AssertionError):
            machine.holds_the_same()

        machine.teardown()
