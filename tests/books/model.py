"""The model: what the books must answer, in plain dicts, written without looking at how the books do it."""

from copy import deepcopy
from math import inf

BELOW_ZERO = {"issuance", "donor", "debt"}
HOME = {"held": "passbook", "reserved": "shelf"}
HOLDING = {"passbook": "held", "shelf": "reserved"}
WAY_OUT = {"passbook": ("redeemed", ""), "shelf": ("handed-out", "")}
REVERSIBLE = {"award", "redeem", "sell", "deliver", "capture"}
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
            return self.do_together(line) if verb in DRAFTS else getattr(self, f"do_{verb.replace('-', '_')}")(*words)
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

    def do_together(self, *words):
        return self.post_all([draft(*part.split()) for part in " ".join(words).split(" + ")])

    def do_hold(self, owner, amount, *rest):
        *goods, seconds = rest
        parts = [((kind, whose), (HOLDING[kind], whose), n) for (kind, whose), _, n in redeemed(owner, amount, *goods)]
        told = self.post("hold", parts)
        self.holds[len(self.entries)] = (parts, inf if seconds == "for-ever" else self.now + int(seconds[:-1]))
        return told

    def do_capture(self, number, owner=None, amount=None):
        hold, moves = self.open_hold(number), []
        wanted = {debit: n for debit, _, n in hold} if owner is None else {("passbook", owner): int(amount)}
        for home, holding, there in hold:
            taken = min(there, wanted.get(home, 0))
            wanted[home] = wanted.get(home, 0) - taken
            moves += [(holding, WAY_OUT[home[0]], taken), (holding, home, there - taken)]
        if any(wanted.values()):
            raise No("not_enough")
        del self.holds[int(number[1:])]
        return self.post("capture", moves)

    def do_release(self, number):
        back = [(holding, home, n) for home, holding, n in self.open_hold(number)]
        del self.holds[int(number[1:])]
        return self.post("release", back)

    def do_expire(self):
        over = [seq for seq, (_, ends) in sorted(self.holds.items()) if ends <= self.now]
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
        back = [(credit, home_of(debit), n) for debit, credit, n in moves if credit != home_of(debit)]
        return self.post("reversal", back)

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
        if seq not in self.holds or self.holds[seq][1] <= self.now:
            raise No("hold_over")
        return self.holds[seq][0]

    def expire(self, touches):
        """Give back what is overdue on the touched accounts."""
        for seq, (moves, ends) in sorted(self.holds.items()):
            if ends <= self.now and any(touches(account) for move in moves for account in move[:2]):
                del self.holds[seq]
                self.book("expiry", [(holding, home, n) for home, holding, n in moves])

    def post(self, kind, moves, day=TODAY):
        return self.post_all([(kind, moves, day)])

    def post_all(self, drafts):
        touched = {account for _, moves, _ in drafts for move in moves for account in move[:2]}
        self.expire(touched.__contains__)
        if any(day <= self.closed_through for _, _, day in drafts):
            raise No("period_closed")
        for kind, moves, _ in drafts:
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
        if after > 0 if account[0] in BELOW_ZERO else after < 0:
            raise No("not_enough")


def awarded(owner, amount):
    return [(("issuance", ""), ("passbook", owner), int(amount))]


def delivered(lot, pieces):
    return [(("donor", "P001"), ("shelf", lot), int(pieces))]


def redeemed(owner, amount, *goods):
    parts = [("passbook", owner, amount), *(("shelf", *lot) for lot in zip(goods[::2], goods[1::2], strict=True))]
    return [((kind, whose), WAY_OUT[kind], int(n)) for kind, whose, n in parts]


def home_of(account):
    return HOME.get(account[0], account[0]), account[1]


DRAFTS = {"award": awarded, "redeem": redeemed, "sell": redeemed, "deliver": delivered}


def draft(verb, *words):
    """What one entry moves, and for which day it counts."""
    days = [word.removeprefix("effective=") for word in words if "=" in word]
    return verb, DRAFTS[verb](*(word for word in words if "=" not in word)), *(days or [TODAY])
