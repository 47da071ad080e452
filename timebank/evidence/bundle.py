"""The evidence bundle: everything an auditor needs on a machine that has never seen this program.

    verify_timebank.py          the verifier, one file
    README.txt                  how to use it
    log/checkpoint              the newest signed head with its cosignatures (C2SP tlog-checkpoint)
    log/tile/…                  the tree, and the entries themselves (C2SP tlog-tiles)
    heads/<size>                every witnessed head, and the last one that each key signed
    keys.txt                    the log's keys, the present one first
    rules/<version>.json        every published rule document, exactly as it was hashed
    tables/<number>.jsonl       what the program's tables say beside the leaves
    accounts.jsonl, head.json   the balances and the head that the program keeps
    SHA256SUMS                  the sum of every file

Nothing is checked here and nothing left out, so that damage reaches the verifier. Names, memos and salts never do.

Source: ledger.md section 5, bundle.
"""

import hashlib
import itertools
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Literal, Protocol, Self, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.log import testimony, tree
from timebank.books.statements import entries_total, leaves_between
from timebank.evidence.keys import LogKeys
from timebank.evidence.signing import EntryAltered
from timebank.evidence.tables import CheckpointRow, CosignatureRow
from timebank.ledger.tiles import LEAF_BYTES_MAX, Tile, bundle, bundle_path, tile_path, tiles_of
from timebank.rulebook.queries import rule_texts

VERIFIER: Final = Path(__file__).parent / "verifier" / "verify_timebank.py"
TABLE_ROWS: Final = 65536
"""How many entries one file of `tables/` speaks of."""

README: Final = """\
爱心存折 · 证据包    Evidence of a love passbook's books

1. 安装 Python 3.11 或更新版本，再运行： Install Python 3.11 or newer, then run:
       pip install cryptography
2. 核对（KEY 是公示栏上的账本公钥，OLD 是您上次留下的账本头文件）： Check (KEY from the notice, OLD a head you kept):
       python verify_timebank.py . --key KEY --old OLD
3. 最后一行说“全部成立”，账就没有被改过；否则它会说出第一笔对不上的是哪一笔、为什么。
   The last line says whether everything holds; if not, it names the first wrong entry and why.

再导出给别的记账软件核对： For other judges:
       python verify_timebank.py . --hledger xfl.journal --beancount xfl.beancount
       hledger -f xfl.journal check -s
       bean-check xfl.beancount

这里没有姓名，只有编号。 There are no names in here, only numbers.
"""


class Place(Protocol):
    """Where the files of a bundle are put."""

    def put(self, name: str, content: bytes) -> None:
        """Put one file."""


class FolderPlace:
    """A folder; files that are there are not overwritten."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing is left open."""

    def put(self, name: str, content: bytes) -> None:
        """See `Place`."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class ZipPlace:
    """One zip file, or a stream that takes its bytes in order."""

    def __init__(self, target: Path | IO[bytes]) -> None:
        mode: Literal["x", "w"] = "x" if isinstance(target, Path) else "w"
        self._zip = zipfile.ZipFile(target, mode, zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def put(self, name: str, content: bytes) -> None:
        """See `Place`."""
        self._zip.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)


def write_bundle(session: Session, community_id: str, *, keys: LogKeys, place: Place) -> int:
    """Write the evidence of a community at one moment; return how many entries it has.

    The session reads one snapshot. The newest head should have been signed just before: entries that no head covers
    are written too, and the verifier says so.

    Raises:
        EntryAltered: an entry is longer than any that was ever booked.
    """
    size = entries_total(session, community_id)
    for name, content in _summed(_files(session, community_id, keys, size)):
        place.put(name, content)
    return size


def zipped_bundle(session: Session, community_id: str, *, keys: LogKeys) -> Iterator[bytes]:
    """Give the same bundle as the pieces of one zip, each as soon as it is made; memory stays small.

    Raises:
        EntryAltered: as above; the zip then breaks off and cannot be opened.
    """
    pieces = _Pieces()
    with ZipPlace(cast(IO[bytes], pieces)) as place:
        for name, content in _summed(_files(session, community_id, keys, entries_total(session, community_id))):
            place.put(name, content)
            yield pieces.taken()
    yield pieces.taken()


class _Pieces:
    """What a zip has written since somebody last took it; it cannot go back, and the zip does not need to."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, content: bytes) -> int:
        self._written += content
        return len(content)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


def _summed(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Pass the files on, and the list of their sums after them."""
    sums: list[str] = []
    for name, content in files:
        yield name, content
        sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
    yield "SHA256SUMS", "".join(sums).encode()


def _files(session: Session, community_id: str, keys: LogKeys, size: int) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", README.encode()
    yield "verify_timebank.py", VERIFIER.read_bytes()
    yield "keys.txt", "".join(f"{log.key}\n" for log in keys.logs(community_id)).encode()
    yield from _heads(session, community_id)
    for version, text in rule_texts(session, community_id).items():
        yield f"rules/{version}.json", text.encode()
    yield "head.json", _json(testimony.head_said(session, community_id))
    yield "accounts.jsonl", _lines(testimony.accounts_said(session, community_id))
    for tile in tiles_of(size):
        yield from _tile_files(session, community_id, tile)
    said = testimony.entries_said(session, community_id)
    for number in itertools.count():
        rows = _lines(itertools.islice(said, TABLE_ROWS))
        if not rows:
            break
        yield f"tables/{number:06d}.jsonl", rows


def _heads(session: Session, community_id: str) -> Iterator[tuple[str, bytes]]:
    """Give the notes as they are stored, unread: the newest, the witnessed ones, and the last one of each key."""
    newest_lines: dict[int, dict[str, str]] = defaultdict(dict)
    cosigned = sa.select(CosignatureRow.size, CosignatureRow.name, CosignatureRow.line)
    in_order = cosigned.order_by(CosignatureRow.size, CosignatureRow.name, CosignatureRow.seen_at)
    for row in session.execute(in_order.where(CosignatureRow.community_id == community_id)):
        newest_lines[row.size][row.name] = row.line
    lines = {size: "".join(of_each.values()) for size, of_each in newest_lines.items()}
    query = sa.select(CheckpointRow.size, CheckpointRow.note).where(CheckpointRow.community_id == community_id)
    notes = {row.size: row.note for row in session.execute(query.order_by(CheckpointRow.size))}
    if notes:
        newest = max(notes)
        yield "log/checkpoint", f"{notes[newest]}{lines.get(newest, '')}".encode()
    last_of_keys = {_signer(note): size for size, note in notes.items()}
    for size in sorted({*lines, *last_of_keys.values()} & notes.keys()):
        yield f"heads/{size}", f"{notes[size]}{lines.get(size, '')}".encode()


def _signer(note: str) -> str:
    """Tell keys apart without reading the note: a signature begins with the id of its key."""
    return note.rstrip("\n").rpartition(" ")[2][:5]


def _tile_files(session: Session, community_id: str, tile: Tile) -> Iterator[tuple[str, bytes]]:
    hashes = b"".join(tree.tile_hashes(session, community_id, tile))
    yield f"log/{tile_path(tile.level, tile.index, tile.width)}", hashes
    if tile.level == 0:
        leaves = leaves_between(session, community_id, after=tile.first, count=tile.width)
        for place, leaf in enumerate(leaves, start=1):
            if len(leaf) > LEAF_BYTES_MAX:
                raise EntryAltered(seq=tile.first + place)
        yield f"log/{bundle_path(tile.index, tile.width)}", bundle(leaves)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _lines(values: Iterable[object]) -> bytes:
    return b"".join(_json(value) for value in values)
