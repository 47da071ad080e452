"""Builders of the books: an open log, accounts by name, points, goods and service time."""

from datetime import UTC, datetime, timedelta

from tests.builders import NOON, an_act
from timebank.books import head, journal
from timebank.books.pages import entry_view
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef, goods_unit, system
from timebank.ledger.entries import Draft, EntryKind, Transfer

TODAY = NOON.date()
RICE = goods_unit("G0001")
ISSUANCE = system(AccountKind.ISSUANCE, POINTS)
REDEEMED = system(AccountKind.REDEEMED, POINTS)
SERVICE = system(AccountKind.SERVICE, MINUTES)
HANDED_OUT = system(AccountKind.HANDED_OUT, RICE)
DONOR = AccountRef(AccountKind.DONOR, "P001", RICE)
FAR_AWAY = datetime(2999, 1, 1, tzinfo=UTC)


def passbook(owner="V0001", vintage=0):
    return AccountRef(AccountKind.PASSBOOK, owner, POINTS, vintage)


def held(owner="V0001"):
    return AccountRef(AccountKind.HELD, owner, POINTS)


def debt(owner="V0001"):
    return AccountRef(AccountKind.DEBT, owner, POINTS)


def recognised(owner="V0001"):
    return AccountRef(AccountKind.RECOGNISED, owner, MINUTES)


def shelf(lot="L000001", unit=RICE):
    return AccountRef(AccountKind.SHELF, lot, unit)


def a_log(session, community_id="xfl"):
    """Open an empty log."""
    head.begin(session, an_act(community_id=community_id, at=NOON - timedelta(days=1)))


def an_award(owner="V0001", points_e2=100, **changes):
    """Draft an approved service that brings points."""
    return _draft(EntryKind.SERVICE_APPROVED, Transfer(ISSUANCE, passbook(owner), points_e2), **changes)


def a_service(owner="V0001", minutes=60, points_e2=1000, **changes):
    """Draft an approved service that brings minutes and points."""
    time = Transfer(SERVICE, recognised(owner), minutes)
    return _draft(EntryKind.SERVICE_APPROVED, time, Transfer(ISSUANCE, passbook(owner), points_e2), **changes)


def a_redemption(owner="V0001", points_e2=100, *, pieces=0, lot="L000001", **changes):
    """Draft a redemption; with pieces of rice from a lot, if there are any."""
    transfers = [Transfer(passbook(owner), REDEEMED, points_e2)]
    if pieces:
        transfers.append(Transfer(shelf(lot), HANDED_OUT, pieces))
    return _draft(EntryKind.GOODS_REDEEMED, *transfers, **changes)


def a_delivery(lot="L000001", pieces=10, **changes):
    """Draft pieces of rice that come onto the shelf."""
    return _draft(EntryKind.GOODS_RECEIVED, Transfer(DONOR, shelf(lot), pieces), **changes)


def the_entry(session, seq):
    """Return the view of an entry that is there."""
    view = entry_view(session, "xfl", seq)
    assert view is not None, seq
    return view


def _draft(kind, *transfers, **changes):
    return Draft(**({"kind": kind, "effective_on": TODAY, "transfers": transfers} | changes))


def posted(session, *drafts, **act):
    """Post drafts in one batch; return what stands in the books of the last one."""
    return journal.post_all(session, an_act(**act), drafts)[-1]
