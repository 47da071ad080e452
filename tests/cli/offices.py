"""An office at a desk: a community with its staff, people and goods, and files in the folder of the desk."""

import json
from pathlib import Path

from tests.cli.commands import Desk, Said, at_a_desk
from tests.imports import builders
from tests.imports.files import a_csv
from tests.people.builders import VAULT
from timebank.config import Keys, store_keys
from timebank.database import writing

STAFF = ("chen", "li", "zhao", "zhou")


def an_open_office(database, folder, monkeypatch, *, rules=None) -> Desk:
    """Sit down in an office: chen and li are coordinators, zhao is the clerk, zhou the auditor."""
    with writing(database.engine) as session:
        builders.an_office(session, rules=rules)
    store_keys(folder / "data", Keys(b"s" * 32, VAULT.encryption_key, VAULT.lookup_key))
    return at_a_desk(database, folder, monkeypatch)


def a_file(folder: Path, name: str, headings, *rows) -> Path:
    """Write a CSV file into the folder of the desk."""
    path = folder / name
    path.write_bytes(a_csv(headings, *rows))
    return path


def a_register(folder, *rows):
    """Write a register of two people, unless the test says otherwise."""
    people = rows or (builders.a_person(), builders.a_person("V0002", "孟桂兰"))
    return a_file(folder, "名单.csv", builders.REGISTER, *people)


def sheets(folder, *rows, name="时长.csv"):
    """Write sign-in sheets; one service of V0001 unless the test says otherwise."""
    return a_file(folder, name, builders.HOURS, *(rows or (builders.a_service(),)))


def balances(folder, *rows):
    """Write opening balances; those of V0001 unless the test says otherwise."""
    return a_file(folder, "期初.csv", builders.OPENING, *(rows or (builders.a_balance(),)))


def a_delivery(folder, *rows):
    """Write a delivery of soap, unless the test says otherwise."""
    return a_file(folder, "物品.csv", builders.GOODS, *(rows or (builders.a_lot(),)))


def done(said: Said) -> Said:
    """Make sure that a command has done what it was asked."""
    assert 0 == said.code, said.err
    return said


def told(said: Said):
    """Read the one document of a command."""
    return json.loads(said.out)


def an_open_shop(desk, folder):
    """Register two people, carry the passbook of V0001 over, and put soap on the shelf."""
    done(desk("import", "volunteers", a_register(folder), "--as", "chen"))
    done(desk("import", "opening", balances(folder), "--as", "chen"))
    done(desk("batch", "confirm", "B0002", "--as", "li"))
    done(desk("import", "goods", a_delivery(folder), "--as", "chen"))
    done(desk("batch", "confirm", "B0003", "--as", "li"))
