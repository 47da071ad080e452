"""The data of the demo: made where it is missing, verified, thrown away on request."""

import sys
from contextlib import closing
from pathlib import Path
from typing import Final

import click
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from timebank import chance, clock, config, schema
from timebank.audit import operations as audit
from timebank.audit.verification import Report, examine
from timebank.books.acts import Act
from timebank.cli.installing import make_keys, make_log_key, make_schema
from timebank.cli.output import word
from timebank.config import Settings
from timebank.database import SQLITE, new_engine, reading, writing
from timebank.demo import operations, queries
from timebank.demo.cast import ADMIN, AUDITOR
from timebank.demo.operations import Demo
from timebank.demo.queries import DemoFindsAnother
from timebank.demo.stage import COMMUNITY
from timebank.evidence import files, witness
from timebank.evidence import operations as evidence
from timebank.evidence import queries as evidence_queries
from timebank.evidence.keys import LOG_KEY_FILE
from timebank.evidence.last_heads import LAST_HEADS_FILE
from timebank.people import queries as people
from timebank.people.vault import IdentityVault
from timebank.web import log_keeper

DATABASE_ENDINGS: Final = ("", "-wal", "-shm", "-journal", "-turn")
SECRETS: Final = (
    config.KEYS_FILE,
    LOG_KEY_FILE,
    LAST_HEADS_FILE,
    f"{LAST_HEADS_FILE}.lock",
    witness.WITNESS_FILE,
)
WITNESS: Final = "jiedao.demo/w1"
WITNESS_HOLDER: Final = "街道办事处（演示）"


def ensure(engine: Engine, settings: Settings) -> bool:
    """Make the demo if it is not there yet; return whether it was made now.

    Raises:
        DemoFindsAnother: the database holds something that the demo did not make; it was not touched.
    """
    _check_own(engine)
    make_schema(settings)
    with reading(engine) as session:
        if queries.is_there(session):
            return False
    _make(engine, settings)
    return True


def _check_own(engine: Engine) -> None:
    """Make sure that the file is empty or the demo's, before anything is written into it.

    Opening a database as one of ours already changes the file of another program, so it is looked at first.
    """
    path = _database_path(engine)
    if not path.exists() or path.stat().st_size == 0:
        return
    if "community" not in _tables(path):
        raise DemoFindsAnother(community=path.name)
    with reading(engine) as session:
        queries.is_there(session)


def _tables(path: Path) -> set[str]:
    """Name the tables of a file, without changing it; none where it is no database."""
    with closing(SQLITE.connect(f"file:{path}?mode=ro", uri=True)) as file:
        try:
            return {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        except SQLITE.DatabaseError:
            return set()


def _database_path(engine: Engine) -> Path:
    return Path(str(engine.url.database))


def _make(engine: Engine, settings: Settings) -> None:
    make_keys(settings)
    make_log_key(settings)
    keys = settings.keys()
    demo = Demo(
        now=clock.now(),
        vault=IdentityVault(encryption_key=keys.encryption, lookup_key=keys.lookup),
        log_key=str(log_keeper.keys_of(settings).verifier(COMMUNITY)),
    )
    label = word("第一次运行，正在生成演示社区", "First run, making the community")
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar, writing(engine) as session:

        def progress(_done: int, of: int) -> None:
            bar.length = of
            bar.update(1)

        operations.make(session, demo, progress=progress)
    _witness(engine, settings)
    _keep(engine, examined(engine))


def _witness(engine: Engine, settings: Settings) -> None:
    """Let an invented street office witness the log; its file lies beside, for trying it again by hand."""
    file = witness.new_witness(WITNESS, chance.fresh_salt())
    with writing(engine) as session:
        evidence.add_witness(session, _act(session, ADMIN), key=str(file.key), holder=WITNESS_HOLDER)
    signer, at = log_keeper.signer_of(settings), clock.now()
    log_keeper.keep(engine, signer, COMMUNITY, at)
    with reading(engine) as session:
        asked = evidence_queries.witness_request(session, COMMUNITY, 0)
    done = witness.cosign_request(file, asked, log_key=signer.keys.verifier(COMMUNITY), at=at)
    files.write_private(settings.data_folder / witness.WITNESS_FILE, done.witness.as_text())
    with writing(engine) as session:
        evidence.take_cosignatures(session, COMMUNITY, raw=done.note.to_bytes(), keys=signer.keys, at=at)


def _act(session: Session, login: str) -> Act:
    member = people.staff_by_login(session, COMMUNITY, login)
    return Act(
        community_id=COMMUNITY,
        person_id=member.person_id,
        number=member.number,
        at=clock.now(),
        request_key=chance.fresh_key(),
        channel="cli",
        salt=chance.fresh_salt(),
    )


def examined(engine: Engine) -> Report:
    """Verify the books of the demo: every entry, every record, every posting computed again."""
    with engine.connect() as connection:
        missing = schema.missing_guards(connection)
    with reading(engine) as session:
        return examine(session, COMMUNITY, missing)


def _keep(engine: Engine, report: Report) -> None:
    """Keep the first verification, as the auditor's."""
    with writing(engine) as session:
        audit.keep_verification(session, _act(session, AUDITOR), report=report)


def throw_away(settings: Settings, *, ask: bool) -> None:
    """Remove the demo's database and keys, and nothing else.

    Raises:
        DemoFindsAnother: the database holds something that the demo did not make; it was not touched.
    """
    engine = new_engine(settings.database_url)
    path = _database_path(engine)
    if not path.exists():
        return
    _check_own(engine)
    engine.dispose()
    if ask:
        question = f"丢掉 {path} 里的演示数据，重新生成？", f"Throw the demo data in {path} away and make it anew?"
        click.confirm(word(*question), abort=True, err=True)
    for gone in (*_files(path), *(settings.data_folder / name for name in SECRETS)):
        gone.unlink(missing_ok=True)


def _files(database: Path) -> list[Path]:
    return [database.with_name(f"{database.name}{ending}") for ending in DATABASE_ENDINGS]
