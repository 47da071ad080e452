"""A town with witnessed books, copied for every test: what is signed, what a witness holds, and what stands in it."""

import shutil
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from random import Random

from tests.evidence.builders import KEYS, XFL, AWitness, a_signer, a_system_act
from tests.evidence.days import lived
from tests.fixtures.databases import Database
from tests.web import town
from timebank import clock
from timebank.database import new_engine, reading, writing
from timebank.evidence import operations
from timebank.evidence.bundle import FolderPlace, write_bundle
from timebank.evidence.keys import LogKeys
from timebank.evidence.last_heads import LAST_HEADS_FILE
from timebank.evidence.verifier import verify_timebank
from timebank.web import log_keeper


@dataclass(frozen=True)
class Books:
    """The books of one test: a database, the signer's folder, and the head that a witness has kept.

    witnessed: the checkpoint file in the witness's hands. witnessed_size: how many entries it covers.
    """

    database: Database
    folder: Path
    witnessed: bytes
    witnessed_size: int
    keys: LogKeys = KEYS

    @property
    def signer(self):
        """What signs."""
        return a_signer(self.folder, self.keys)

    def keep(self):
        """Check and sign, as the service does every minute."""
        return log_keeper.keep(self.database.engine, self.signer, XFL, clock.now())

    def live(self, steps, seed=0):
        """Let the town live on; return its days."""
        return lived(self.database.engine, Random(seed), steps)

    def announce(self, keys):
        """Write into the log that other keys will sign."""
        with writing(self.database.engine) as session:
            operations.announce_key(session, a_system_act(at=clock.now()), key=str(keys.verifier(XFL)))

    def over(self, url):
        """Return the books over another database, with the same signer and witness."""
        return replace(self, database=Database(url=url, engine=new_engine(url)))

    def under(self, keys):
        """Return the same books, signed with other keys from now on."""
        return replace(self, keys=keys)


class Template:
    """A town that was built once: its database after the witness came, and as a backup from before."""

    def __init__(self, server, folder):
        self.server, self.folder = server, folder
        self.url = server.migrated()
        engine = new_engine(self.url)
        with writing(engine) as session:
            town.build(session)
        engine.dispose()
        self.backup_url = server.copied(self.url)
        lived(engine, Random(1), 6)
        with writing(engine) as session:
            operations.announce_key(session, a_system_act(at=clock.now()), key=str(KEYS.verifier(XFL)))
            witness = AWitness()
            operations.add_witness(session, a_system_act(at=clock.now()), key=str(witness.key), holder="街道办事处")
        head = log_keeper.keep(engine, a_signer(folder), XFL, clock.now()).head
        assert head is not None
        self.witnessed, self.size = witness.cosigned(head, clock.now()), head.size
        with writing(engine) as session:
            operations.take_cosignatures(session, XFL, raw=self.witnessed, keys=KEYS, at=clock.now())
        lived(engine, Random(2), 6)
        log_keeper.keep(engine, a_signer(folder), XFL, clock.now())
        engine.dispose()

    def copied(self, folder, *, backup=False):
        """Make the books of one test; `backup` gives the database from before the witness came."""
        url = self.server.copied(self.backup_url if backup else self.url)
        shutil.copy(self.folder / LAST_HEADS_FILE, folder)
        return Books(Database(url=url, engine=new_engine(url)), folder, self.witnessed, self.size)


class _File:
    """One file in memory."""

    def __init__(self, content):
        self._content = content

    def open(self, _mode):
        """Open it, as a path does."""
        return BytesIO(self._content)

    def read_text(self, encoding):
        """Read it, as a path does."""
        return self._content.decode(encoding)


class Files:
    """The files of a bundle, kept in memory: where it is written, and the folder from which the verifier reads."""

    def __init__(self):
        self.contents: dict[str, bytes] = {}

    def put(self, name, content):
        """Put one file."""
        self.contents[name] = content

    def is_dir(self):
        """It passes for a folder."""
        return True

    def __truediv__(self, name):
        """Find a file, as a path does."""
        return _File(self.contents[name])


def judged(files, *, key, old):
    """Let the verifier judge files in memory; return what it says is wrong, nothing where all holds.

    old: the path of a head that the auditor brings, or None.
    """
    try:
        for _sentence in verify_timebank.established(verify_timebank.Bundle(files), [old] if old else [], {key}):
            pass
    except (AssertionError, *verify_timebank.UNREADABLE) as wrong:
        return repr(wrong)
    return ""


def exported(books, folder):
    """Write the evidence as the command does; what the signer finds wrong does not stop it."""
    books.keep()
    with reading(books.database.engine) as session, FolderPlace(folder) as place:
        write_bundle(session, XFL, keys=books.keys, place=place)
    return folder


def verified(monkeypatch, capsys, *words):
    """Run the verifier as an auditor does; return how it ended and what it said."""
    monkeypatch.setattr("sys.argv", ["verify_timebank.py", *map(str, words)])
    capsys.readouterr()
    code = verify_timebank.main()
    return code, capsys.readouterr().out
