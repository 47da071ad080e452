"""`timebank receipt`: write the receipt of an entry, or check one that somebody brings; checking needs no database."""

from pathlib import Path
from typing import Final

import click
import segno

from timebank.cli.context import Context, with_context
from timebank.cli.output import document, facts, tell, word
from timebank.cli.witness import output_option, read_file
from timebank.evidence import queries, receipts
from timebank.evidence.keys import trusted_log
from timebank.evidence.queries import Witness
from timebank.evidence.receipts import Checked, Receipt
from timebank.ledger.checkpoint import TrustedLog
from timebank.ledger.entries import Entry
from timebank.ledger.log_proof import LogProof
from timebank.ledger.note import parse_key
from timebank.web import presenting
from timebank.web.log_keeper import keys_of

FILE: Final = click.Path(path_type=Path, dir_okay=False)


@click.command("receipt")
@click.argument("seq", type=click.IntRange(min=1), required=False)
@output_option
@click.option("--qr", is_flag=True, help="在终端画出二维码。 Draw the QR code.")
@click.option("--check", "path", type=FILE, default=None, help="核对一个凭证文件。 Check a receipt.")
@click.option("--log-key", default=None, help="账本公钥（离线核对时要给）。 The log's key, to check offline.")
@with_context
def command(
    context: Context, seq: int | None, out: Path | None, path: Path | None, log_key: str | None, *, qr: bool
) -> None:
    r"""取一笔的凭证，或核对别人拿来的凭证。 Write a receipt, or check one.

    \b
    timebank receipt 42
    timebank receipt 42 --output 42.tlog-proof
    timebank receipt --check 42.tlog-proof
    timebank receipt --check 42.tlog-proof --log-key 'timebank-…+…+…'
    """
    if (seq is None) == (path is None):
        raise click.UsageError(word("请给凭证号，或者给 --check 文件", "Give the number of an entry, or --check FILE"))
    if path is not None:
        _check(context, path, log_key)
        return
    found = context.look(lambda session: receipts.receipt(session, context.community_id, seq or 0))
    _write(context, found, out, qr=qr)


def _write(context: Context, found: Receipt, out: Path | None, *, qr: bool) -> None:
    raw = found.to_bytes()
    if out is not None:
        out.write_bytes(raw)
    if context.as_json:
        document({"entry": found.entry.seq, "code": found.code.digits, "receipt": raw.decode()})
        return
    if out is None:
        click.echo(raw.decode(), nl=False)
    tell(f"核对编号：{found.code.grouped}", f"Code for paper: {found.code.grouped}")
    if qr:
        segno.make(found.code.digits, error="q").terminal(compact=True)
    if out is not None:
        tell(f"✓ 凭证已写入 {out}。核对：timebank receipt --check {out}", f"✓ Written to {out}.")


def _check(context: Context, path: Path, log_key: str | None) -> None:
    proof, entry = receipts.read_receipt(read_file(path))
    log, known = _trusted(context, proof, entry, log_key)
    proven = receipts.check_receipt(proof, entry, log, known)
    told = _told(proven)
    if context.as_json:
        document(told)
        return
    facts(told)
    tell("✓ 凭证成立：这一笔在账上，没有改过。", "✓ The receipt holds: this entry is in the log, unchanged.")


def _trusted(
    context: Context, proof: LogProof, entry: Entry, log_key: str | None
) -> tuple[TrustedLog, tuple[Witness, ...]]:
    """Whom to believe: the key that is given, or this installation's own keys and witnesses."""
    if log_key is not None:
        return trusted_log(parse_key(log_key)), ()
    log = keys_of(context.settings).log_of(proof.note, entry.community_id)
    return log, context.look(lambda session: queries.witnesses(session, entry.community_id))


def _told(proven: Checked) -> dict[str, object]:
    entry = proven.entry
    moved = [
        f"{presenting.account_word(each.debit.kind)} → {presenting.account_word(each.credit.kind)} "
        f"{presenting.quantity(each.amount, each.unit)}"
        for each in entry.transfers
    ]
    return {
        "log": proven.checkpoint.origin,
        "entry": entry.seq,
        "kind": presenting.entry_word(entry.kind),
        "booked_at": presenting.moment(entry.booked_at),
        "moved": "；".join(moved),
        "head": proven.checkpoint.size,
        "witnesses": "、".join(f"{seal.holder} {presenting.moment(seal.seen_at)}" for seal in proven.seals),
    }
