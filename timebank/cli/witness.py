"""`timebank witness`: the outsider's laptop (init, cosign, status), and the community's side (add, request, take).

The laptop needs this program and one file; no database, no settings.
"""

import os
from pathlib import Path
from typing import Final

import click

from timebank import chance, clock
from timebank.cli import fetching
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, word, words
from timebank.evidence import files, operations, queries, witness
from timebank.evidence.witness import Cosigned, WitnessFile
from timebank.ledger.checkpoint import parse_checkpoint
from timebank.ledger.note import VerifierKey, parse_key
from timebank.ledger.witness_request import parse_witness_request
from timebank.refusal import Refusal
from timebank.web import presenting
from timebank.web.log_keeper import keys_of

READ_BYTES_MAX: Final = 1024 * 1024


class NoSuchFile(Refusal):
    """There is no file of this name, or it cannot be read."""

    code = "no_such_file"


class FileThere(Refusal):
    """There is a file of this name already; it is not overwritten."""

    code = "file_there"


class NoSuchWitness(Refusal):
    """No witness of this name is registered."""

    code = "no_such_witness"


file_option = click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path(witness.WITNESS_FILE),
    show_default=True,
    help="见证人的文件。 The witness's file.",
)

output_option = click.option(
    "--output",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="FILE",
    help="写到文件（如 U 盘）。 Into a file.",
)


@click.group("witness")
def group() -> None:
    r"""见证账本：一台电脑、一个文件。 Witness the log with one laptop and one file.

    \b
    timebank witness init --name jiedao.example/w1
    timebank witness cosign http://192.168.1.10:8000/log/xfl
    timebank witness cosign /media/usb/request.txt --output /media/usb/cosigned.txt
    timebank witness status
    """


@group.command("init")
@click.option("--name", required=True, help="钥匙的名称，如 jiedao.example/w1，不写人名。 Name of the key.")
@file_option
@with_context
def init(context: Context, name: str, path: Path) -> None:
    r"""做一把见证钥匙。 Make a witness's key.

    \b
    timebank witness init --name jiedao.example/w1
    """
    made = witness.new_witness(name, chance.fresh_salt())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise FileThere(file=str(path)) from error
    except OSError as error:
        raise NoSuchFile(file=str(path)) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(made.as_text())
    if context.as_json:
        document({"file": str(path), "key": str(made.key)})
        return
    tell(f"✓ 见证钥匙已存入 {path}，请只由您一人保管。", f"✓ The key is kept in {path}; it is yours alone.")
    click.echo(str(made.key))
    register = "timebank witness add '…' --holder '街道办事处' --as admin"
    tell(f"把上面这一行交给社区登记：{register}", f"Give this line to the community: {register}")


@group.command("cosign")
@click.argument("source")
@file_option
@click.option("--log-key", default=None, help="账本的公钥（第一次要给，见每周公示）。 The log's key, from the notice.")
@click.option(
    "--output",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="签好的文件。 Where to put it.",
)
@click.option("--start-again", is_flag=True, help="社区说明原因后，从头看起。 Begin anew after an explanation.")
@with_context
def cosign(
    context: Context, source: str, path: Path, log_key: str | None, out: Path | None, *, start_again: bool
) -> None:
    r"""核对账本没有被改过，然后签名见证。 Check that the log kept everything, and cosign it.

    \b
    timebank witness cosign http://192.168.1.10:8000/log/xfl
    timebank witness cosign /media/usb/request.txt --output /media/usb/cosigned.txt
    """
    keeper = _opened(path)
    if start_again:
        keeper = _begun_anew(keeper, source)
    raw = _request(source, keeper)
    given = None if log_key is None else parse_key(log_key)
    request = parse_witness_request(raw)
    done = witness.cosign_request(keeper, request, log_key=given, at=clock.now())
    # Kept before it is handed out: after a crash the witness remembers what may be out there.
    files.write_private(path, done.witness.as_text())
    where = _hand_back(source, out, done)
    _tell(context, done, where)


def _opened(path: Path) -> WitnessFile:
    return witness.read_witness(read_file(path).decode(errors="replace"), str(path))


def read_file(path: Path) -> bytes:
    """Read a small file that somebody brings; what is longer than any honest one is cut.

    Raises:
        NoSuchFile: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(READ_BYTES_MAX)
    except OSError as error:
        raise NoSuchFile(file=str(path)) from error


def _request(source: str, keeper: WitnessFile) -> bytes:
    """Get the request: from a file as it is, from an address for what this witness saw last."""
    if not fetching.is_address(source):
        return read_file(Path(source))
    address = source.rstrip("/")
    origin = fetching.fetched(f"{address}/checkpoint").decode(errors="replace").partition("\n")[0]
    return fetching.fetched(f"{address}/for-witness/{keeper.size_seen(origin)}")


def _begun_anew(keeper: WitnessFile, source: str) -> WitnessFile:
    origin = parse_checkpoint(parse_witness_request(_request(source, WitnessFile("-", bytes(32), {}))).note.text).origin
    watched = keeper.logs.get(origin)
    if watched is not None:
        tell(
            f"您上次见到的账本头（请留存）：\n{watched.seen.text}",
            f"The head you saw last (keep it):\n{watched.seen.text}",
        )
        click.confirm(
            word("不再核对它，从现在的账本头看起？", "Begin anew from the present head?"), abort=True, err=True
        )
    return keeper.without(origin)


def _hand_back(source: str, out: Path | None, done: Cosigned) -> str:
    if fetching.is_address(source) and out is None:
        address = f"{source.rstrip('/')}/cosignature"
        fetching.handed_in(address, done.note.to_bytes())
        return address
    path = out or Path(source).with_suffix(".cosigned.txt")
    try:
        path.write_bytes(done.note.to_bytes())
    except OSError as error:
        raise NoSuchFile(file=str(path)) from error
    return str(path)


def _tell(context: Context, done: Cosigned, where: str) -> None:
    checkpoint = done.checkpoint
    if context.as_json:
        document({"log": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex(), "handed_to": where})
        return
    tell(
        f"✓ {checkpoint.origin} 的 {checkpoint.size:,} 笔都在，和上次一致，已见证。",
        f"✓ All {checkpoint.size:,} entries of {checkpoint.origin} are there, as before; cosigned.",
    )
    click.echo(done.note.to_bytes().decode(), nl=False)
    tell(f"已交到 {where} 。", f"Handed to {where} .")


@group.command("status")
@file_option
@with_context
def status(context: Context, path: Path) -> None:
    r"""看这个文件见证过什么。 Show what this file has witnessed.

    \b
    timebank witness status
    """
    keeper = _opened(path)
    rows = [(origin, log.seen.size, log.seen.root.hex(), log.seen_at) for origin, log in sorted(keeper.logs.items())]
    if context.as_json:
        seen = [{"log": row[0], "size": row[1], "root": row[2], "seen_at": row[3]} for row in rows]
        document({"key": str(keeper.key), "logs": seen})
        return
    click.echo(str(keeper.key))
    if rows:
        shown = [(origin, f"{size:,}", root[:16], presenting.moment(at)) for origin, size, root, at in rows]
        headers = words(("账本", "log"), ("笔数", "size"), ("根", "root"), ("见证时间", "seen"))
        table(headers, shown, numbers=(1,))
    else:
        tell("还没有见证过账本。", "No log was witnessed yet.")


@group.command("add")
@click.argument("public_key")
@click.option("--holder", required=True, help="谁保管，如 街道办事处；会公开显示。 Who keeps it; shown publicly.")
@as_option
@key_option
@with_context
def add(context: Context, public_key: str, holder: str, login: str | None, key: str | None) -> None:
    r"""在社区登记一位见证人。 Register a witness with the community.

    \b
    timebank witness add "jiedao.example/w1+…" --holder 街道办事处 --as admin
    """
    act = context.act(login, key)
    seq = context.do(lambda session: operations.add_witness(session, act, key=public_key, holder=holder))
    if context.as_json:
        document({"entry": seq})
        return
    tell(f"✓ 见证人已登记，记在第 {seq} 笔。", f"✓ Registered, in entry {seq}.")


@group.command("request")
@click.argument("name")
@click.option(
    "--output", "out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="写到文件（U 盘）。 File."
)
@with_context
def request(context: Context, name: str, out: Path | None) -> None:
    r"""为一位见证人写出要核对的文件（带上 U 盘）。 Write the file that a witness checks, for a USB stick.

    \b
    timebank witness request jiedao.example/w1 --output /media/usb/request.txt
    """
    found = {one.name: one for one in context.look(lambda session: queries.witnesses(session, context.community_id))}
    if name not in found:
        raise NoSuchWitness(name=name, known=[*sorted(found)])
    size = found[name].last_size
    made = context.look(lambda session: queries.witness_request(session, context.community_id, size))
    if out is None:
        click.echo(made.to_bytes().decode(), nl=False)
        return
    out.write_bytes(made.to_bytes())
    command = f"timebank witness cosign {out.name} --log-key '{_log_key(context)}'"
    tell(f"✓ 已写入 {out}。见证人运行：{command}", f"✓ Written to {out}. The witness runs: {command}")


def _log_key(context: Context) -> VerifierKey:
    return keys_of(context.settings).verifier(context.community_id)


@group.command("take")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@with_context
def take(context: Context, path: Path) -> None:
    r"""收下见证人签好的文件。 Take in a file that a witness has cosigned.

    \b
    timebank witness take /media/usb/cosigned.txt
    """
    raw, keys, at = read_file(path), keys_of(context.settings), clock.now()
    community_id = context.community_id
    names = context.do(lambda session: operations.take_cosignatures(session, community_id, raw=raw, keys=keys, at=at))
    if context.as_json:
        document({"witnesses": names})
        return
    tell(f"✓ 已收下：{'、'.join(names)}。", f"✓ Taken: {', '.join(names)}.")
