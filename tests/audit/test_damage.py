"""Damage of every kind is found and named; honest books raise no alarm."""

import pytest

from tests.audit.builders import XFL
from tests.audit.damage import leaf, removed, run, swapped, unguarded
from timebank.audit.verification import examine
from timebank.web.words import FINDING_WORDS

PASSBOOK = "(SELECT id FROM account WHERE code = 'passbook/V0001/points')"
LAST = f"account_id = {PASSBOOK} AND n = (SELECT MAX(n) FROM line WHERE account_id = {PASSBOOK})"
APPROVED = "state = 'approved' AND entry_seq = (SELECT MIN(entry_seq) FROM service_record)"
SERVICE, REDEEMED = "service-approved", "goods-redeemed"

FIFTH = "transfer WHERE seq = 5 AND line = 2"
FIRST_DECISION = "entry_seq = (SELECT MIN(entry_seq) FROM donation_decision)"

LEAVES = {
    "an amount edited": (leaf(SERVICE, '"amount":240', '"amount":239'), {"hash", "rows", "rule"}),
    "an amount edited, with the right hash": (
        leaf(SERVICE, '"amount":240', '"amount":239', rehash=True),
        {"rows", "rule", "head"},
    ),
    "an account edited": (leaf(SERVICE, "passbook/V0001", "passbook/V0002"), {"hash", "rows", "cached_balance"}),
    "the actor edited": (leaf(SERVICE, '"actor":"S[0-9]+"', '"actor":"S099"'), {"hash", "entry_columns"}),
    "the time edited": (leaf(SERVICE, "T04:00:00.", "T04:00:01."), {"hash", "entry_columns"}),
    "the memo's commitment edited": (leaf(SERVICE, '"memo":"[0-9a-f]{4}', '"memo":"0000'), {"hash", "memo"}),
    "the rule version edited": (leaf(SERVICE, '"rule":1', '"rule":2'), {"hash"}),
    "a rule version that is not there": (leaf(SERVICE, '"rule":1', '"rule":77'), {"hash", "rule"}),
    "an input of the rule edited": (leaf(SERVICE, '"rating":null', '"rating":5'), {"hash", "record_unlike_entry"}),
    "bytes that are no entry": (leaf(SERVICE, '"facts"', '"fiction"'), {"hash", "readable"}),
    "an entry of another community": (leaf(SERVICE, '"community":"xfl"', '"community":"xxx"'), {"hash", "order"}),
    "the newest entry cut off": (removed(), {"head"}),
    "the newest five cut off": (removed(5), {"head"}),
    "an entry cut out": (removed(last=False), {"order", "head"}),
    "two entries swapped": (swapped, {"order", "entry_columns"}),
    "only the stored hash edited": (run("UPDATE entry SET leaf_hash = leaf WHERE seq = 3"), {"hash"}),
}

TABLES = {
    "an amount": (run("UPDATE transfer SET amount = amount + 1 WHERE seq = 5 AND line = 1"), {"rows", "line_transfer"}),
    "a transfer that is gone": (
        run("DELETE FROM transfer WHERE seq = 5 AND line = 1"),
        {"rows", "line_transfer", "stray"},
    ),
    "a transfer too many": (
        run(f"INSERT INTO transfer SELECT community_id, seq, 9, unit, debit, credit, 7 FROM {FIFTH}"),
        {"rows", "stray"},
    ),
    "rows of no entry": (
        run(f"INSERT INTO transfer SELECT community_id, 999, 1, unit, debit, credit, 7 FROM {FIFTH}"),
        {"stray"},
    ),
    "the kind of an entry": (run("UPDATE entry SET kind = 'relief-issued' WHERE seq = 5"), {"entry_columns"}),
    "the time of an entry": (
        run("UPDATE entry SET booked_at = '2026-11-23 04:00:00.5' WHERE seq = 5"),
        {"entry_columns"},
    ),
    "the day of an entry": (run("UPDATE entry SET effective_on = '2026-09-01' WHERE seq = 5"), {"entry_columns"}),
    "the day of service": (run("UPDATE entry SET served_on = NULL WHERE seq = 5"), {"entry_columns"}),
    "who did it": (run("UPDATE entry SET actor = 'S099' WHERE seq = 5"), {"entry_columns"}),
    "what stands behind it": (run("UPDATE entry SET source = 'other' WHERE seq = 5"), {"entry_columns"}),
    "the request it came from": (run("UPDATE entry SET event_id = 'other' WHERE seq = 5"), {"entry_columns"}),
    "what it takes back": (run("UPDATE entry SET reverses = NULL"), {"entry_columns"}),
    "a memo rewritten": (run("UPDATE memo SET text = 'other' WHERE seq = 5"), {"memo"}),
    "a memo's salt": (run("UPDATE memo SET salt = leaf FROM entry WHERE entry.seq = memo.seq"), {"memo"}),
    "a memo deleted for privacy": (run("DELETE FROM memo WHERE seq = 5"), set()),
    "a running balance": (run(f"UPDATE line SET closing = closing + 1 WHERE {LAST}"), {"line_chain", "cached_balance"}),
    "a balance and what led to it": (
        run(f"UPDATE line SET closing = closing + 1, delta = delta + 1 WHERE {LAST}"),
        {"line_transfer", "cached_balance"},
    ),
    "an opening balance": (
        run(f"UPDATE line SET opening = opening + 1, closing = closing + 1 WHERE {LAST}"),
        {"line_chain"},
    ),
    "the last line gone": (run(f"DELETE FROM line WHERE {LAST}"), {"cached_balance", "stray"}),
    "a line of another unit": (run(f"UPDATE line SET unit = 'minutes' WHERE {LAST}"), {"line_account"}),
    "a line on the other side of zero": (run(f"UPDATE line SET sign = -1 WHERE {LAST}"), {"line_account"}),
    "a line of no account": (run(f"UPDATE line SET account_id = 999 WHERE {LAST}"), {"line_account", "cached_balance"}),
    "an account turned round": (run("UPDATE account SET sign = -sign WHERE id = 2"), {"account", "line_account"}),
    "an account of another kind": (run("UPDATE account SET kind = 'pool' WHERE id = 2"), {"account"}),
    "an account renamed": (
        run("UPDATE account SET code = 'passbook/V0099/points' WHERE code = 'passbook/V0001/points'"),
        {"account", "rows", "cached_balance"},
    ),
    "an account with a name that is none": (
        run("UPDATE account SET code = 'cellar' WHERE id = 2"),
        {"account", "rows"},
    ),
    "a hold that lasts longer": (run("UPDATE hold SET expires_at = NULL"), {"rows"}),
    "a hold that is gone": (run("DELETE FROM hold WHERE seq = (SELECT MIN(seq) FROM hold)"), {"rows"}),
    "a hold on another account": (run("UPDATE hold_account SET account_id = 1"), {"rows"}),
    "a hold that ended otherwise": (run("UPDATE hold_resolution SET outcome = 'expired'"), {"rows"}),
    "a hold that never ended": (run("DELETE FROM hold_resolution"), {"rows"}),
    "an account opened again": (run("DELETE FROM account_closing"), {"rows"}),
    "a period opened again": (run("DELETE FROM period_close"), {"rows"}),
    "a period opened again at the head": (run("UPDATE log_head SET closed_through = '1900-01-01'"), {"head"}),
    "the size of the log": (run("UPDATE log_head SET size = size + 1"), {"head"}),
    "the frontier of the tree": (
        run("UPDATE log_head SET frontier = (SELECT leaf FROM entry WHERE seq = 1)"),
        {"head"},
    ),
    "the number of accounts": (run("UPDATE log_head SET accounts = accounts + 1"), {"head"}),
    "the time of the last booking": (run("UPDATE log_head SET last_booked_at = '2030-01-01 00:00:00'"), {"head"}),
}

RECORDS = {
    "minutes of a service record": (
        run(f"UPDATE service_record SET minutes = minutes + 1 WHERE {APPROVED}"),
        {"record_unlike_entry"},
    ),
    "another volunteer": (
        run(f"UPDATE service_record SET volunteer_number = 'V0002' WHERE {APPROVED}"),
        {"record_unlike_entry"},
    ),
    "another recorder": (run(f"UPDATE service_record SET recorder = 'S099' WHERE {APPROVED}"), {"record_unlike_entry"}),
    "approved by whoever recorded it": (
        run(f"UPDATE service_record SET approver_id = recorder_id WHERE {APPROVED}"),
        {"record_unlike_entry"},
    ),
    "a better rating": (run("UPDATE service_record SET rating = 1 WHERE rating = 5"), {"record_unlike_entry"}),
    "a record that is gone": (run(f"DELETE FROM service_record WHERE {APPROVED}"), {"service_record"}),
    "a record of an entry that never was": (
        run(f"UPDATE service_record SET entry_seq = 999 WHERE {APPROVED}"),
        {"service_record", "service_entry"},
    ),
    "a record that claims to be reversed": (
        run(f"UPDATE service_record SET reversal_seq = 999 WHERE {APPROVED}"),
        {"reversal"},
    ),
    "a reversed record that claims to hold": (run("UPDATE service_record SET reversal_seq = NULL"), {"reversal"}),
    "points of a redemption": (run("UPDATE redemption SET points_e2 = points_e2 - 100"), {"record_unlike_entry"}),
    "pieces of a redemption": (run("UPDATE redemption_line SET pieces = pieces + 1"), {"record_unlike_entry"}),
    "the price that was charged": (
        run("UPDATE redemption_line SET price_points_e2 = 1"),
        {"record_unlike_entry", "price"},
    ),
    "another lot": (run("UPDATE redemption_line SET lot_number = 'L000099' WHERE line = 1"), {"record_unlike_entry"}),
    "somebody who serves themselves": (
        run("UPDATE redemption SET served_by_id = person_id"),
        {"record_unlike_entry"},
    ),
    "a redemption that is gone": (
        run("DELETE FROM redemption WHERE number = 'R000001'"),
        {"redemption_record"},
    ),
    "a redemption of an entry that never was": (
        run("UPDATE redemption SET entry_seq = 999 WHERE number = 'R000001'"),
        {"redemption_record", "redemption_entry"},
    ),
    "an undoing that is gone": (run("DELETE FROM redemption_undo"), {"reversal"}),
    "pieces of a lot": (run("UPDATE lot SET pieces = pieces + 1 WHERE number = 'L000001'"), {"record_unlike_entry"}),
    "the unit price of a lot": (
        run("UPDATE lot SET unit_price_fen = 1 WHERE number = 'L000001'"),
        {"record_unlike_entry"},
    ),
    "another donor": (run("UPDATE donation SET partner_code = 'P099'"), {"record_unlike_entry"}),
    "a donation checked in by whoever received it": (
        run("UPDATE donation SET received_by_id = (SELECT decided_by_id FROM donation_decision LIMIT 1)"),
        {"record_unlike_entry"},
    ),
    "lots that are gone": (run("DELETE FROM lot WHERE number = 'L000001'"), {"delivery_record"}),
    "lots of an entry that never was": (
        run(f"UPDATE donation_decision SET entry_seq = 999 WHERE {FIRST_DECISION}"),
        {"delivery_record", "delivery_entry"},
    ),
    "pieces written off": (run("UPDATE write_off SET pieces = pieces + 1"), {"record_unlike_entry"}),
    "written off by one person": (
        run("UPDATE write_off_decision SET decided_by_id = (SELECT proposed_by_id FROM write_off LIMIT 1)"),
        {"record_unlike_entry"},
    ),
    "a write-off that is gone": (run("DELETE FROM write_off"), {"write_off_record"}),
    "a write-off of an entry that never was": (
        run("UPDATE write_off_decision SET entry_seq = 999"),
        {"write_off_record", "write_off_entry"},
    ),
    "what was counted": (
        run("UPDATE count_variance SET counted_pieces = counted_pieces + 1"),
        {"record_unlike_entry"},
    ),
    "counted and finalised by one person": (
        run("UPDATE count_decision SET decided_by_id = (SELECT submitted_by_id FROM count_submission LIMIT 1)"),
        {"record_unlike_entry"},
    ),
    "a count that is gone": (run("DELETE FROM stock_count"), {"count_record"}),
    "a count of an entry that never was": (
        run("UPDATE count_decision SET entry_seq = 999"),
        {"count_record", "count_entry"},
    ),
    "a higher star": (run("UPDATE star_award SET level = level + 1 WHERE state = 'granted'"), {"record_unlike_entry"}),
    "a star granted by whoever opened the case": (run("UPDATE star_award SET opener = decider"), {"award_persons"}),
    "a star that is gone": (run("DELETE FROM star_award"), {"award_record"}),
    "a star of an entry that never was": (
        run("UPDATE star_award SET entry_seq = 999 WHERE state = 'granted'"),
        {"award_record", "award_entry"},
    ),
    "another rate in an old rule version": (
        run("UPDATE rule_version SET document = replace(document, '1000', '2000') WHERE version = 1"),
        {"record_unlike_entry", "rule"},
    ),
    "a rule document that is none": (run("UPDATE rule_version SET document = '{}'"), {"rule_version", "rule"}),
    "a rule version that holds earlier": (
        run("UPDATE rule_version SET valid_from = '2020-01-01' WHERE version = 2"),
        {"record_unlike_entry"},
    ),
    "a rule version that is gone": (run("DELETE FROM rule_version WHERE version = 2"), {"rule_version", "rule"}),
}


def found_after(url, damage):
    """Do some damage, verify, undo it; return the names of the checks that found something."""
    with unguarded(url) as session:
        damage(session)
        session.flush()
        report = examine(session, XFL, ())
    return {finding.check for finding in report.findings}


class TestHonestBooks:
    """ledger.md section 5: no false alarm."""

    def test_nothing_is_found_after_some_busy_weeks(self, busy):
        report = examine(busy, XFL, ())

        assert () == report.findings
        assert report.sound
        assert report.size > 50

    def test_the_damage_of_the_tests_is_undone(self, made):
        assert "head" in found_after(made.url, removed())
        assert set() == found_after(made.url, lambda session: None)


class TestDamage:
    """ledger.md section 5: tampering that must be found, and named as what it is."""

    @pytest.mark.parametrize(("damage", "expected"), LEAVES.values(), ids=LEAVES.keys())
    def test_to_the_log(self, made, damage, expected):
        found = found_after(made.url, damage)

        assert expected <= found, found

    @pytest.mark.parametrize(("damage", "expected"), TABLES.values(), ids=TABLES.keys())
    def test_to_the_tables_beside_it(self, made, damage, expected):
        found = found_after(made.url, damage)

        assert expected <= found, found
        assert bool(expected) == bool(found)

    @pytest.mark.parametrize(("damage", "expected"), RECORDS.values(), ids=RECORDS.keys())
    def test_to_the_records(self, made, damage, expected):
        assert expected == found_after(made.url, damage)

    def test_a_missing_guard_is_a_finding(self, busy):
        report = examine(busy, XFL, ["entry.entry_in_order"])

        assert [("guard", "entry.entry_in_order")] == [(one.check, one.subject) for one in report.findings]

    def test_every_damage_has_its_words(self):
        expected = set().union(*(names for table in (LEAVES, TABLES, RECORDS) for _, names in table.values()))

        assert set() == expected - set(FINDING_WORDS)
