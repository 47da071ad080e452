"""The model: what the books must answer, in plain dicts, written without looking at how the books do it."""

from copy import deepcopy

BELOW_ZERO = {"issuance", "donor", "debt"}
HOME = {"held": "passbook", "reserved": "shelf"}
REVERSIBLE = {"award", "redeem", "deliver", "capture"}
TODAY = "2026-11-23"


class No(Exception):
    """The books would refuse."""


class Model:
    """Balances by account (kind, owner); holds and entries by number; time in seconds since noon of today."""

    def __init__(self):
        self.now, self.balances, self.entries, self.holds = 0, {}, [], {}
        self.reversed, self.closed, self.closed_through = set(), set(), ""

    def ask(self, line):
        """Answer as the books must: `#n`, `no: code`, or what else the table language says."""
        before = deepcopy(vars(self))
        verb, *words = line.split()
        try:
            return getattr(self, f"do_{verb.replace('-', '_')}")(*words)
        except No as no:
            vars(self).update(before)
            return f"no: {no}"

    def do_wait(self, seconds):
        self.now += int(seconds)
        return "later"

    def do_close_period(self, day):
        if not self.closed_through < day < TODAY:
            raise No("period_closed")
        told, self.closed_through = self.post("close", []), day
        return told

    def do_award(self, owner, amount, day=TODAY):
        if day.removeprefix("effective=") <= self.closed_through:
            raise No("period_closed")
        return self.post("award", [("issuance", ("passbook", owner), int(amount))])

    def do_redeem(self, owner, amount, *goods):
        lots = [(("shelf", lot), "handed-out", int(n)) for lot, n in zip(goods[::2], goods[1::2], strict=True)]
        return self.post("redeem", [(("passbook", owner), "redeemed", int(amount)), *lots])

    do_sell = do_redeem

    def do_deliver(self, lot, pieces):
        return self.post("deliver", [("donor", ("shelf", lot), int(pieces))])

    def do_hold(self, owner, amount, *rest):
        *goods, seconds = rest
        parts = [(("passbook", owner), ("held", owner), int(amount))]
        parts += [(("shelf", lot), ("reserved", lot), int(n)) for lot, n in zip(goods[::2], goods[1::2], strict=True)]
        told = self.post("hold", parts)
        ends = None if seconds == "for-ever" else self.now + int(seconds[:-1])
        self.holds[len(self.entries)] = (parts, ends)
        return told

    def do_capture(self, number, owner=None, amount=None):
        hold, moves = self.open_hold(number), []
        wanted = {debit: n for debit, _, n in hold} if owner is None else {("passbook", owner): int(amount)}
        for home, holding, there in hold:
            taken = min(there, wanted.get(home, 0))
            wanted[home] = wanted.get(home, 0) - taken
            target = "redeemed" if home[0] == "passbook" else "handed-out"
            moves += [(holding, target, taken)] * (taken > 0) + [(holding, home, there - taken)] * (there > taken)
        if any(wanted.values()):
            raise No("not_enough")
        return self.end(number, "capture", moves)

    def do_release(self, number):
        return self.end(number, "release", [(holding, home, n) for home, holding, n in self.open_hold(number)])

    def do_expire(self):
        over = [seq for seq, (_, ends) in sorted(self.holds.items()) if ends is not None and ends <= self.now]
        self.expire(lambda _: True)
        return " ".join(f"#{seq}" for seq in over) or "nothing"

    def do_reverse(self, number):
        seq = int(number[1:])
        if not 1 <= seq <= len(self.entries):
            raise No("no_such_entry")
        kind, moves = self.entries[seq - 1]
        if kind not in REVERSIBLE:
            raise No("not_reversible")
        if seq in self.reversed:
            raise No("already_reversed")
        self.reversed.add(seq)
        return self.post(
            "reversal", [(credit, home_of(debit), n) for debit, credit, n in moves if credit != home_of(debit)]
        )

    def do_close(self, code):
        account = tuple(code.split("/")[:2])
        self.expire({account, ("held", account[1])}.__contains__)
        if account not in self.balances or account in self.closed:
            raise No("account_closed")
        if self.balances[account] or self.balances.get(("held", account[1])):
            raise No("not_empty")
        told = self.post("close", [])
        self.closed.add(account)
        return told

    def open_hold(self, number):
        seq = int(number[1:])
        if not (1 <= seq <= len(self.entries) and self.entries[seq - 1][0] == "hold"):
            raise No("no_such_hold")
        moves, ends = self.holds.get(seq, (None, None))
        if moves is None or (ends is not None and ends <= self.now):
            raise No("hold_over")
        return moves

    def end(self, number, kind, moves):
        del self.holds[int(number[1:])]
        return self.post(kind, moves)

    def expire(self, touches):
        """Give back what is overdue on the touched accounts."""
        for seq, (moves, ends) in sorted(self.holds.items()):
            overdue = ends is not None and ends <= self.now
            if overdue and any(touches(account) for debit, credit, _ in moves for account in (debit, credit)):
                del self.holds[seq]
                self.book("expiry", [(holding, home, n) for home, holding, n in moves])

    def post(self, kind, moves):
        touched = {account for debit, credit, _ in moves for account in (debit, credit)}
        self.expire(touched.__contains__)
        self.book(kind, moves)
        return f"#{len(self.entries)}"

    def book(self, kind, moves):
        final = self.settled(self.owed(moves) if kind == "reversal" else moves)
        if any(account in self.closed for move in final for account in move[:2]):
            raise No("account_closed")
        for debit, credit, amount in final:
            self.change(debit, -amount)
            self.change(credit, amount)
        self.entries.append((kind, final))

    def owed(self, moves):
        """Of a passbook take what is there; the rest is owed."""
        for debit, credit, amount in moves:
            part = min(amount, self.balances.get(debit, 0)) if debit[0] == "passbook" else amount
            yield debit, credit, part
            yield ("debt", debit[1]), credit, amount - part

    def settled(self, moves):
        """What flows into a passbook settles its debt first; empty moves vanish."""
        final = []
        for debit, credit, amount in moves:
            owes = credit[0] == "passbook" and debit[0] not in {"held", "debt"}
            part = min(amount, -self.balances.get(("debt", credit[1]), 0)) if owes else 0
            final += [(debit, ("debt", credit[1]), part), (debit, credit, amount - part)]
        return [move for move in final if move[2]]

    def change(self, account, by):
        after = self.balances[account] = self.balances.get(account, 0) + by
        if after > 0 if kind_of(account) in BELOW_ZERO else after < 0:
            raise No("not_enough")


def kind_of(account):
    return account if isinstance(account, str) else account[0]


def home_of(account):
    return (HOME[account[0]], account[1]) if kind_of(account) in HOME else account
