"""Every way in which somebody who owns the database may try to rewrite the books, at a place that the dice choose.

All constraints are off, as they are for whoever owns the file or the server. Each function is one kind of tampering;
what it is called is what was done. `TAMPERINGS` lists them.
"""

import json
from datetime import datetime, timedelta

from tests.evidence.builders import KEYS, XFL
from timebank.evidence.keys import new_keys
from timebank.ledger.canonical import written_moment
from timebank.ledger.checkpoint import Checkpoint
from timebank.ledger.merkle import leaf_hash, tree_head
from timebank.ledger.note import sign_text

OF_ENTRIES = ("entry", "transfer", "line", "memo")


def an_amount_in_the_tables(owner):
    row = owner.any("SELECT seq, line FROM transfer WHERE community_id = :community ORDER BY seq, line")
    owner.run(
        "UPDATE transfer SET amount = amount + 1 WHERE community_id = :community AND seq = :seq AND line = :line",
        seq=row.seq,
        line=row.line,
    )


def an_amount_in_an_entry(owner):
    owner.rewrite(owner.a_seq_with_transfers(), _one_more, hashed=False)


def an_amount_in_an_entry_and_its_hash(owner):
    owner.rewrite(owner.a_seq_with_transfers(), _one_more, hashed=True)


def _one_more(document):
    document["transfers"][-1]["amount"] += 1


def an_account_in_the_tables(owner):
    row = owner.any("SELECT seq, line, credit FROM transfer WHERE community_id = :community ORDER BY seq, line")
    query = "SELECT id FROM account WHERE community_id = :community AND id <> :credit ORDER BY id"
    other = owner.any(query, credit=row.credit).id
    update = "UPDATE transfer SET credit = :other WHERE community_id = :community AND seq = :seq AND line = :line"
    owner.run(update, other=other, seq=row.seq, line=row.line)


def an_account_in_an_entry(owner):
    def change(document):
        move = document["transfers"][0]
        move["credit"] = move["credit"].replace("V00", "V09").replace("L0", "L9") + "-"

    owner.rewrite(owner.a_seq_with_transfers(), change, hashed=True)


def the_code_of_an_account(owner):
    row = owner.any("SELECT id, code FROM account WHERE community_id = :community AND owner <> '' ORDER BY id")
    update = "UPDATE account SET code = :code WHERE community_id = :community AND id = :id"
    owner.run(update, code=f"{row.code}9", id=row.id)


def a_time_in_the_tables(owner):
    seq = owner.dice.randint(1, owner.size())
    on_sqlite = owner.books.database.kind == "sqlite"
    later = "substr(booked_at, 1, 22) || '9999'" if on_sqlite else "booked_at + interval '9 days'"
    owner.run(f"UPDATE entry SET booked_at = {later} WHERE community_id = :community AND seq = :seq", seq=seq)


def a_time_in_an_entry_and_the_tables(owner):
    def change(document):
        document["effective_on"] = "2026-01-01"

    seq = owner.dice.randint(1, owner.size())
    owner.rewrite(seq, change, hashed=True)
    owner.run("UPDATE entry SET effective_on = '2026-01-01' WHERE community_id = :community AND seq = :seq", seq=seq)


def a_memo(owner):
    seq = owner.any("SELECT seq FROM memo WHERE community_id = :community ORDER BY seq").seq
    owner.run("UPDATE memo SET text = text || '。' WHERE community_id = :community AND seq = :seq", seq=seq)


def a_transfer_removed(owner):
    row = owner.any("SELECT seq, line FROM transfer WHERE community_id = :community ORDER BY seq, line")
    for table in ("line", "transfer"):
        delete = f"DELETE FROM {table} WHERE community_id = :community AND seq = :seq AND line = :line"
        owner.run(delete, seq=row.seq, line=row.line)


def a_leg_removed(owner):
    row = owner.any("SELECT account_id, n FROM line WHERE community_id = :community ORDER BY account_id, n")
    delete = "DELETE FROM line WHERE community_id = :community AND account_id = :account AND n = :n"
    owner.run(delete, account=row.account_id, n=row.n)


def an_entry_removed(owner):
    seq = owner.dice.randint(1, owner.size() - 1)
    for table in OF_ENTRIES[::-1]:
        owner.run(f"DELETE FROM {table} WHERE community_id = :community AND seq = :seq", seq=seq)


def the_tail_removed(owner):
    kept = owner.dice.randint(1, owner.books.witnessed_size - 1)
    for table in OF_ENTRIES[::-1]:
        owner.run(f"DELETE FROM {table} WHERE community_id = :community AND seq > :kept", kept=kept)
    owner.forget_heads(above=kept)
    owner.hash_all_again()


def a_fake_inserted(owner):
    seq = owner.dice.randint(2, owner.size())
    for table in OF_ENTRIES:
        move = f"UPDATE {table} SET seq = seq + :by WHERE community_id = :community AND seq >= :first"
        owner.run(move, by=1_000_000, first=seq)
        owner.run(move, by=-999_999, first=seq + 1_000_000)
    _fake(owner, seq)


def a_fake_appended(owner):
    """It follows every rule and balances; but nobody ever asked for it."""
    _fake(owner, owner.size() + 1)
    owner.hash_all_again()


def a_fake_appended_with_its_request(owner):
    """Even the request is there; but the points are not what the rule says."""
    _fake(owner, owner.size() + 1, more_points_e2=owner.dice.randint(1, 10_000))
    owner.run(
        "INSERT INTO request SELECT community_id, 'fake-request', operation, content_hash, outcome, answer, at "
        "FROM request WHERE community_id = :community AND outcome = 'done' LIMIT 1"
    )
    owner.hash_all_again()


def _fake(owner, seq, more_points_e2=0):
    """Write one more approved service with its transfers and lines, as the program would have written it."""
    query = "SELECT max(seq) FROM entry WHERE community_id = :community AND kind = 'service-approved'"
    like = owner.run(query).scalar()
    document = json.loads(owner.leaf(like))
    newest = owner.run("SELECT max(booked_at) FROM entry WHERE community_id = :community").scalar()
    booked_at = _moment(newest) + timedelta(seconds=1)
    document |= {"seq": seq, "event": "fake-request:1", "booked_at": written_moment(booked_at)}
    document["transfers"][-1]["amount"] += more_points_e2
    leaf = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    on_sqlite = owner.books.database.kind == "sqlite"
    stored_at = booked_at.replace(tzinfo=None).isoformat(" ", "microseconds") if on_sqlite else booked_at
    copied = "kind, effective_on, served_on, actor, source"
    insert = (
        f"INSERT INTO entry (community_id, seq, event_id, booked_at, leaf, leaf_hash, {copied}) "
        f"SELECT community_id, :seq, 'fake-request:1', :booked_at, :leaf, :hash, {copied} "
        "FROM entry WHERE community_id = :community AND seq = :like"
    )
    owner.run(insert, seq=seq, booked_at=stored_at, leaf=leaf, hash=leaf_hash(leaf), like=like)
    for number, move in enumerate(document["transfers"], start=1):
        _fake_transfer(owner, seq, number, move)


def _moment(stored):
    """Read a moment as the database gives it."""
    return datetime.fromisoformat(f"{stored}+00:00") if isinstance(stored, str) else stored


def _fake_transfer(owner, seq, number, move):
    ids = {}
    for end in ("debit", "credit"):
        query = "SELECT id FROM account WHERE community_id = :community AND code = :code"
        ids[end] = owner.run(query, code=move[end]).scalar()
    values = {"seq": seq, "line": number, "unit": move["unit"], "amount": move["amount"], **ids}
    owner.run("INSERT INTO transfer VALUES (:community, :seq, :line, :unit, :debit, :credit, :amount)", **values)
    for end, sign in (("debit", -1), ("credit", 1)):
        of_account = "WHERE community_id = :community AND account_id = :id ORDER BY n DESC LIMIT 1"
        last = owner.all(f"SELECT n, closing, sign FROM line {of_account}", id=ids[end])[0]
        owner.run(
            "INSERT INTO line VALUES (:community, :id, :n, :unit, :sign, :seq, :line, :debit, :credit, :amount, "
            ":delta, :opening, :closing, :previous)",
            id=ids[end],
            n=last.n + 1,
            sign=last.sign,
            delta=sign * move["amount"],
            opening=last.closing,
            closing=last.closing + sign * move["amount"],
            previous=last.n,
            **values,
        )


def two_entries_swapped(owner):
    first, second = sorted(owner.dice.sample(range(1, owner.size() + 1), 2))
    for table in OF_ENTRIES:
        for source, target in ((first, 900_000), (second, first), (900_000, second)):
            move = f"UPDATE {table} SET seq = :target WHERE community_id = :community AND seq = :source"
            owner.run(move, source=source, target=target)


def everything_rewritten_with_recomputed_hashes(owner):
    """Whoever also has the key: nothing but the head in a witness's hands is against them."""
    seq = owner.dice.randint(1, owner.books.witnessed_size)

    def change(document):
        document["actor"] = "S077"

    owner.rewrite(seq, change, hashed=True)
    owner.run("UPDATE entry SET actor = 'S077' WHERE community_id = :community AND seq = :seq", seq=seq)
    owner.forget_heads()
    owner.hash_all_again()


def only_a_balance(owner):
    row = owner.any("SELECT account_id, max(n) AS n FROM line WHERE community_id = :community GROUP BY account_id")
    update = "UPDATE line SET closing = closing + 1 WHERE community_id = :community AND account_id = :id AND n = :n"
    owner.run(update, id=row.account_id, n=row.n)


def only_an_actor(owner):
    seq = owner.dice.randint(1, owner.size())
    owner.run("UPDATE entry SET actor = 'S077' WHERE community_id = :community AND seq = :seq", seq=seq)


def only_a_rule_version(owner):
    update = "UPDATE rule_version SET document = replace(document, :old, :new) WHERE community_id = :community"
    owner.run(update, old='"points_e2_per_hour":1000', new='"points_e2_per_hour":1001')
    document = owner.all("SELECT document FROM rule_version WHERE community_id = :community")[0].document
    assert '"points_e2_per_hour":1001' in document


def only_a_hash(owner):
    seq = owner.dice.randint(1, owner.size())
    update = "UPDATE entry SET leaf_hash = :hash WHERE community_id = :community AND seq = :seq"
    owner.run(update, hash=owner.dice.randbytes(32), seq=seq)


def only_the_head(owner):
    owner.run("UPDATE log_head SET frontier = :other WHERE community_id = :community", other=bytes(8))


def a_head_replayed(owner):
    """The newest head is taken away, so that an earlier one looks like the newest."""
    newest = owner.run("SELECT max(size) FROM checkpoint WHERE community_id = :community").scalar()
    owner.run("DELETE FROM checkpoint WHERE community_id = :community AND size = :newest", newest=newest)


def a_head_forged(owner):
    newest = owner.all("SELECT size, note FROM checkpoint WHERE community_id = :community ORDER BY size DESC")[0]
    other = sign_text(newest.note.partition("\n\n")[0] + "\n", KEYS.verifier(XFL), lambda message: bytes(64))
    update = "UPDATE checkpoint SET note = :note WHERE community_id = :community AND size = :size"
    owner.run(update, note=other.to_bytes().decode(), size=newest.size)


def a_foreign_head(owner):
    size = owner.run("SELECT max(size) FROM checkpoint WHERE community_id = :community").scalar()
    foreign, head = new_keys(bytes(32)), tree_head([leaf_hash(b"%d" % n) for n in range(size)])
    text = Checkpoint(foreign.origin(XFL), head.size, head.root).text
    note = sign_text(text, foreign.verifier(XFL), foreign.sign).to_bytes().decode()
    update = "UPDATE checkpoint SET note = :note, root = :root WHERE community_id = :community AND size = :size"
    owner.run(update, note=note, root=head.root, size=size)


TAMPERINGS = (
    an_amount_in_the_tables,
    an_amount_in_an_entry,
    an_amount_in_an_entry_and_its_hash,
    an_account_in_the_tables,
    an_account_in_an_entry,
    the_code_of_an_account,
    a_time_in_the_tables,
    a_time_in_an_entry_and_the_tables,
    a_memo,
    a_transfer_removed,
    a_leg_removed,
    an_entry_removed,
    the_tail_removed,
    a_fake_inserted,
    a_fake_appended,
    a_fake_appended_with_its_request,
    two_entries_swapped,
    everything_rewritten_with_recomputed_hashes,
    only_a_balance,
    only_an_actor,
    only_a_rule_version,
    only_a_hash,
    only_the_head,
    a_head_replayed,
    a_head_forged,
    a_foreign_head,
)
