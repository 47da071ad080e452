"""`timebank checkpoint`: sign the head of the log now, and show what goes onto the weekly notice."""

import click
import segno

from timebank import clock
from timebank.cli.context import Context, with_context
from timebank.cli.output import document, table, tell, words
from timebank.evidence import queries
from timebank.evidence.queries import SignedHead, Witness
from timebank.web import log_keeper, presenting


@click.command("checkpoint")
@click.option("--qr", is_flag=True, help="在终端画出二维码。 Draw the QR code.")
@with_context
def command(context: Context, *, qr: bool) -> None:
    r"""给账本头签名，并显示要公示的内容。 Sign the head of the log and show what the notice carries.

    \b
    timebank checkpoint
    timebank checkpoint --qr
    """
    now, signer = clock.now(), log_keeper.signer_of(context.settings)
    kept = log_keeper.keep(context.engine, signer, context.community_id, now)
    if kept.damage is not None:
        raise kept.damage
    seen = context.look(lambda session: queries.witnesses(session, context.community_id))
    head = kept.head
    if head is None:
        raise queries.NoSuchHead(size=0)
    if context.as_json:
        document(_as_facts(head, seen))
        return
    click.echo(head.file, nl=False)
    tell(f"公钥：{signer.keys.verifier(context.community_id)}", f"key: {signer.keys.verifier(context.community_id)}")
    if qr:
        segno.make(head.note.text, error="m").terminal(compact=True)
    _tell_witnesses(seen)
    if queries.is_unwatched(max((one.last_seen_at for one in seen if one.last_seen_at), default=None), now):
        send = "timebank witness request NAME --output FILE"
        tell(f"⚠ 8 天没有人见证了。请送一份给见证人：{send}", f"⚠ Nobody has witnessed for 8 days. Send it: {send}")


def _as_facts(head: SignedHead, seen: tuple[Witness, ...]) -> dict[str, object]:
    return {
        "size": head.size,
        "root": head.root.hex(),
        "signed_at": head.signed_at,
        "checkpoint": head.file,
        "witnesses": [
            {"name": one.name, "holder": one.holder, "last_size": one.last_size, "last_seen_at": one.last_seen_at}
            for one in seen
        ],
    }


def _tell_witnesses(seen: tuple[Witness, ...]) -> None:
    if not seen:
        tell("还没有登记见证人。", "No witness is registered yet.")
        return
    rows = [
        (one.holder, one.name, f"{one.last_size:,}", presenting.moment(one.last_seen_at) if one.last_seen_at else "—")
        for one in seen
    ]
    headers = words(("见证人", "witness"), ("钥匙", "key"), ("笔数", "size"), ("时间", "seen"))
    table(headers, rows, numbers=(2,))
