"""The signer's own memory: the last head of each log that was signed, outside the database.

A database that was set back to an earlier day, or rewritten with all its hashes, still contradicts this file; so the
signer notices before it puts its name to a second history. The file changes by compare-and-swap under a lock.

Source: ledger.md section 5, checkpoint.
"""

import json
from pathlib import Path
from typing import Final

from timebank.evidence.files import locked, write_private
from timebank.ledger.merkle import HASH_BYTES, TreeHead
from timebank.refusal import Refusal

LAST_HEADS_FILE: Final = "last-heads.json"


class LastHeadsDamaged(Refusal):
    """The signer's memory cannot be read; without it nothing is signed."""

    code = "last_heads_damaged"


class LastHeadMoved(Refusal):
    """Somebody else signed a head meanwhile; nothing was signed, the next attempt starts from there."""

    code = "last_head_moved"


class LastHeads:
    """The last signed head of every log of this installation, in one file of the data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LAST_HEADS_FILE
        self._lock = folder / f"{LAST_HEADS_FILE}.lock"

    def find(self, origin: str) -> TreeHead | None:
        """Return the last signed head of a log, or None if none was signed yet.

        Raises:
            LastHeadsDamaged: the file is there and cannot be read.
        """
        return self._read().get(origin)

    def swap(self, origin: str, *, expected: TreeHead | None, new: TreeHead) -> None:
        """Remember a new head, if the last one is still the expected one.

        Raises:
            LastHeadMoved: it is not.
            LastHeadsDamaged: the file cannot be read.
        """
        with locked(self._lock):
            heads = self._read()
            if heads.get(origin) != expected:
                raise LastHeadMoved(log=origin)
            self._write({**heads, origin: new})

    def _read(self) -> dict[str, TreeHead]:
        if not self._path.exists():
            return {}
        try:
            document = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(origin): _head(written) for origin, written in document.items()}
        except (ValueError, KeyError, TypeError, AttributeError, AssertionError) as error:
            raise LastHeadsDamaged(file=str(self._path)) from error

    def _write(self, heads: dict[str, TreeHead]) -> None:
        document = {origin: {"size": head.size, "root": head.root.hex()} for origin, head in sorted(heads.items())}
        write_private(self._path, json.dumps(document, indent=1) + "\n")


def _head(written: dict[str, object]) -> TreeHead:
    size, root = written["size"], bytes.fromhex(str(written["root"]))
    assert type(size) is int, size
    assert len(root) == HASH_BYTES, root
    return TreeHead(size, root)
