"""`timebank verify`, `balance`, `export`, `trail`, `star`, `rules`, `backup`: the books, for whoever checks them."""

import json
import stat

import pytest
import sqlalchemy as sa

from tests.cli.offices import done, told
from tests.imports.builders import SOAP, XFL
from timebank.audit.queries import find_last_verification
from timebank.database import new_engine, reading

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


class TestVerifying:
    """G22: whoever holds the machine may check; findings end with 6, and every check is kept."""

    def test_sound_books(self, shop, database):
        done(shop("redeem", "V0001", SOAP, "--as", "zhao"))

        said = done(shop("verify"))

        assert "✓ 账平" in said.err
        with reading(database.engine) as session:
            last = find_last_verification(session, XFL)
        assert last is not None
        assert ("system", 0) == (last.by, last.findings_total)

    def test_in_the_name_of_the_auditor(self, shop, database):
        done(shop("verify", "--as", "zhou", "--json"))

        with reading(database.engine) as session:
            last = find_last_verification(session, XFL)
        assert last is not None
        assert "S005" == last.by

    def test_a_changed_amount_ends_with_six(self, shop, database):
        database.meddle("UPDATE transfer SET amount = amount + 1 WHERE seq = (SELECT max(seq) FROM transfer)")

        said = shop("verify")

        assert 6 == said.code
        assert "请立即停止兑换" in said.err

    @on_sqlite
    def test_findings_are_one_document(self, shop, database):
        database.meddle("UPDATE transfer SET amount = amount + 1 WHERE seq = (SELECT max(seq) FROM transfer)")

        answer = told(shop("verify", "--json"))

        assert (False, True) == (answer["sound"], answer["findings_total"] > 0)

    @on_sqlite
    def test_the_clerk_does_not_verify(self, shop):
        assert 7 == shop("verify", "--as", "zhao").code


class TestBalances:
    """Every unit sums to zero, at any time."""

    def test_now(self, shop):
        said = done(shop("balance"))

        assert "✓ 借方 = 贷方。" in said.err
        assert "57.5" in said.out

    @on_sqlite
    def test_as_of_a_day_and_at_a_moment(self, shop):
        before = told(done(shop("balance", "--as-of", "2026-10-31", "--json")))
        now = told(done(shop("balance", "--at", "2199-01-01 00:00", "--json")))

        assert ([], True) == (before["lines"], before["balanced"])
        assert {"minutes": 0, "points": 0, "goods:G0001": 0} == now["sums"]
        assert 2 == shop("balance", "--as-of", "2026-10-31", "--at", "2199-01-01 00:00").code


class TestExporting:
    """The journal for other judges; each export leaves a line in the trail."""

    @pytest.mark.parametrize("form", ["hledger", "beancount", "csv", "jsonl"])
    def test_to_the_screen_and_into_a_file_alike(self, shop, tmp_path, form):
        on_screen = done(shop("export", "journal", "--format", form)).out

        said = done(shop("export", "journal", "--format", form, "--output", tmp_path / "x"))

        assert on_screen == (tmp_path / "x").read_bytes().decode()
        assert "V0001" in on_screen
        assert "石静" not in on_screen
        assert "✓ 已导出" in said.err

    @on_sqlite
    def test_is_noted(self, shop):
        done(shop("export", "journal", "--format", "csv", "--as", "zhou"))

        (line,) = told(done(shop("trail", "--verb", "audit.", "--json")))
        assert ("S005", "audit.export_journal", "csv") == (line["actor"], line["verb"], line["subject"])

    @on_sqlite
    def test_a_format_that_there_is_not(self, shop):
        assert 2 == shop("export", "journal", "--format", "pdf").code


@on_sqlite
class TestTheRest:
    """Trail, stars, rules and backups."""

    def test_the_trail(self, shop):
        out = done(shop("trail", "--actor", "S003")).out

        assert "imports.confirm" in out
        assert "imports.submit_goods" not in out
        assert 1 == len(told(done(shop("trail", "--limit", 1, "--json"))))

    def test_the_rules_in_sentences(self, shop):
        assert "服务1小时，得10分。" in done(shop("rules", "show")).out
        assert 1 == told(done(shop("rules", "show", "--on", "2026-08-01", "--json")))["version"]
        assert 2 == told(done(shop("rules", "show", "--version", 2, "--json")))["version"]
        assert 4 == shop("rules", "show", "--version", 9).code
        assert [1, 2] == [each["version"] for each in told(done(shop("rules", "list", "--json")))]

    def test_stars(self, shop):
        assert "共 0 个。" in done(shop("star", "list")).err
        assert 2 == shop("star", "grant", "--as", "chen").code
        assert 2 == shop("star", "grant", "V0001", "--all", "--as", "chen").code
        assert 4 == shop("star", "grant", "--all", "--as", "chen").code
        assert 4 == shop("star", "refuse", "V0001", "--reason", "核实", "--as", "chen").code
        assert [] == told(done(shop("star", "list", "--of", "V0001", "--json")))

    def test_a_backup_is_whole_and_private(self, shop, tmp_path):
        path = tmp_path / "b.db"

        said = done(shop("backup", path))

        assert "keys.json 要另外保管" in said.err
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)
        copy = new_engine(f"sqlite:///{path}")
        with copy.connect() as connection:
            assert 2 == connection.scalar(sa.text("SELECT count(*) FROM volunteer"))
        copy.dispose()

    def test_a_backup_replaces_nothing(self, shop, tmp_path):
        (tmp_path / "b.db").write_text("mine", encoding="utf-8")

        assert 3 == shop("backup", tmp_path / "b.db").code
        assert "mine" == (tmp_path / "b.db").read_text(encoding="utf-8")

    def test_a_backup_for_programs(self, shop, tmp_path):
        answer = json.loads(done(shop("backup", tmp_path / "b.db", "--json")).out)

        assert (tmp_path / "b.db").stat().st_size == answer["bytes"]


@pytest.mark.parametrize("database_kind", ["postgresql"])
class TestOnPostgresql:
    """PostgreSQL has its own way of copying."""

    def test_a_backup_names_the_way(self, shop, tmp_path):
        said = shop("backup", tmp_path / "b.dump")

        assert 3 == said.code
        assert "pg_dump --format=custom" in said.err
