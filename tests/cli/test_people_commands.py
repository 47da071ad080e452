"""`timebank staff` and `timebank volunteer`: who is here, and how they get in. No secret is ever an argument."""

import click.termui
import pytest
import sqlalchemy as sa

from tests.cli.commands import at_a_desk
from tests.cli.offices import a_register, done, told
from tests.imports.builders import XFL, a_person
from tests.people.builders import a_password, an_identity_number
from timebank import clock
from timebank.database import reading, writing
from timebank.people import queries
from timebank.people.queries.sessions import one_time_login, secret_digest
from timebank.people.roles import Role
from timebank.people.tables import OneTimeLoginRow, PersonDocumentRow, TotpFactorRow

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def desk(database, tmp_path, monkeypatch):
    """A desk after `timebank init`: nobody is here but the first administrator."""
    desk = at_a_desk(database, tmp_path, monkeypatch)
    done(desk("init", "--community", "幸福里社区", "--code", "xfl"))
    return desk


def link_in(said):
    """The token of the link that a command has printed."""
    (link,) = said.out.split()
    assert link.startswith("http://127.0.0.1:8000/first/xfl/")
    return link.rpartition("/")[2]


class TestStaff:
    """trust.md A9 and A12: nobody ever knows another's password; the first login works once."""

    def test_without_as_the_only_admin_acts_and_it_is_said(self, desk):
        said = done(desk("staff", "add", "chen", "--name", "陈敏", "--role", "coordinator"))

        assert "以管理员 admin 的名义办理。" in said.err
        assert "✓ 已添加 S002 陈敏（chen）" in said.err

    def test_the_link_signs_in_and_only_its_digest_is_kept(self, desk, database):
        token = link_in(done(desk("staff", "add", "chen", "--name", "陈敏", "--role", "coordinator")))

        with reading(database.engine) as session:
            digests = session.scalars(sa.select(OneTimeLoginRow.digest)).all()
        assert secret_digest(token) in digests

    def test_with_two_admins_one_must_be_named(self, desk):
        done(desk("staff", "add", "wu", "--name", "吴主任", "--role", "admin"))

        said = desk("staff", "add", "chen", "--name", "陈敏", "--role", "coordinator")

        assert 3 == said.code
        assert "--as" in said.err

    def test_a_coordinator_adds_nobody(self, desk):
        done(desk("staff", "add", "chen", "--name", "陈敏", "--role", "coordinator"))

        assert 7 == desk("staff", "add", "li", "--name", "李", "--role", "clerk", "--as", "chen").code

    def test_two_roles_that_do_not_go_together(self, desk):
        said = desk("staff", "add", "chen", "--name", "陈敏", "--role", "coordinator", "--role", "clerk")

        assert 3 == said.code

    def test_lists_with_roles(self, desk):
        done(desk("staff", "add", "chen", "--name", "陈敏", "--role", "coordinator"))

        assert "S002  chen" in done(desk("staff", "list")).out
        assert ["admin", "chen"] == [member["login"] for member in told(done(desk("staff", "list", "--json")))]

    def test_a_new_login_ends_the_first(self, desk, database):
        first = link_in(done(desk("staff", "add", "chen", "--name", "陈敏", "--role", "coordinator")))

        second = link_in(done(desk("staff", "login", "chen")))

        assert first != second
        with reading(database.engine) as session:
            withdrawn = session.scalars(
                sa.select(OneTimeLoginRow.digest).where(OneTimeLoginRow.withdrawn_at.is_not(None))
            ).all()
        assert [secret_digest(first)] == withdrawn

    def test_a_repeated_request_has_no_second_link(self, desk):
        command = (
            "staff",
            "add",
            "chen",
            "--name",
            "陈敏",
            "--role",
            "coordinator",
            "--key",
            "add-chen-once",
            "--json",
        )

        first, again = told(done(desk(*command))), done(desk(*command))

        assert first["one_time_login"]
        assert told(again)["one_time_login"] is None
        assert "以前办过" in again.err

    def test_disables(self, desk):
        done(desk("staff", "add", "chen", "--name", "陈敏", "--role", "coordinator"))

        done(desk("staff", "disable", "chen"))

        assert "已停用" in done(desk("staff", "list")).out
        assert 3 == desk("staff", "disable", "admin").code

    def test_for_a_part_of_the_community_only(self, desk, tmp_path, database):
        done(desk("staff", "add", "chen", "--name", "陈敏", "--role", "coordinator"))
        done(desk("import", "volunteers", a_register(tmp_path), "--as", "chen"))

        done(desk("staff", "add", "li", "--name", "李建国", "--role", "coordinator", "--area", "一片区"))

        with reading(database.engine) as session:
            li = queries.staff_by_login(session, XFL, "li")
            (held,) = queries.roles_held(session, XFL, li.person_id)
            assert "一片区" == queries.org_unit(session, XFL, held.org_unit_id).name
        assert 4 == desk("staff", "add", "wu", "--name", "吴", "--role", "clerk", "--area", "九片区").code


class TestVolunteers:
    """People are found by what is known of them; documents and phones stay masked."""

    @pytest.fixture(autouse=True)
    def people(self, office, tmp_path):
        rows = (
            a_person("V0001", "王秀英", building="3号楼", phone="19900001011"),
            a_person("V0002", "王秀英", building="12号楼", phone="19900001012", born="1966-01-02"),
            a_person("V0003", "阿依古丽·买买提"),
        )
        done(office("import", "volunteers", a_register(tmp_path, *rows), "--as", "chen"))

    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("王秀英", ["V0002", "V0001"]),
            ("wxy", ["V0002", "V0001"]),
            ("1011", ["V0001"]),
            ("v0003", ["V0003"]),
            ("古丽", ["V0003"]),
            ("nobody", []),
        ],
    )
    def test_finds(self, office, text, numbers):
        assert numbers == [person["number"] for person in told(done(office("volunteer", "list", text, "--json")))]

    def test_tells_two_of_one_name_apart(self, office):
        out = done(office("volunteer", "list", "王秀英")).out

        assert "3号楼" in out
        assert "12号楼" in out
        assert "199****1011" in out
        assert "19900001011" not in out

    def test_lists_everybody(self, office):
        assert 3 == len(told(done(office("volunteer", "list", "--json"))))
        assert 2 == len(told(done(office("volunteer", "list", "--limit", 2, "--json"))))

    def test_shows_one(self, office):
        said = done(office("volunteer", "show", "V0001"))

        assert "王秀英" in said.out
        assert "下一步：timebank passbook V0001" in said.err
        assert 4 == office("volunteer", "show", "V9999").code

    def test_adds_one_and_asks_for_the_document(self, office, database, monkeypatch):
        number = an_identity_number()
        monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _prompt: number)

        said = done(
            office(
                "volunteer", "add", "--name", "张桂芳", "--document", "resident_id", "--area", "一片区", "--as", "chen"
            )
        )

        assert "编号 V0004" in said.err
        assert number not in said.out + said.err
        shown = told(done(office("volunteer", "show", "V0004", "--json")))
        assert ("990", 1958) == (shown["document"][:3], shown["birth_year"])
        with reading(database.engine) as session:
            assert 1 == session.scalar(sa.select(sa.func.count()).select_from(PersonDocumentRow))

    def test_a_minor_needs_a_guardian(self, office):
        command = ("volunteer", "add", "--name", "史红梅", "--born", "2013-05-04", "--sex", "女", "--as", "chen")

        assert 3 == office(*command).code
        assert "V0004" == told(done(office(*command, "--guardian", "宋凤英", "--json")))["number"]

    def test_a_day_is_written_as_a_day(self, office):
        assert 2 == office("volunteer", "add", "--name", "史红梅", "--born", "去年", "--as", "chen").code

    def test_gives_a_login_that_works_once(self, office, database):
        token = link_in(done(office("volunteer", "login", "V0001", "--as", "chen")))

        with reading(database.engine) as session:
            login = one_time_login(session, XFL, secret=token, at=clock.now())
        assert "王秀英" == login.name

    def test_gives_a_card_and_shows_it_again(self, office):
        first = done(office("volunteer", "card", "V0001", "--as", "chen")).out
        again = done(office("volunteer", "card", "V0001")).out
        another = told(done(office("volunteer", "card", "V0001", "--new", "--as", "chen", "--json")))["code"]

        assert first == again
        assert first.replace(" ", "").strip() != another
        assert 20 == len(another)
        assert 3 == office("volunteer", "card", "V0002").code


class TestResettingASecondFactor:
    """ASVS 6.4.4: two people at the desk, from the command line too."""

    def test_where_there_is_none_it_is_told(self, desk):
        done(desk("staff", "add", "chen", "--name", "陈敏", "--role", "coordinator"))

        said = desk("desk", "ask", "second_factor", "chen", "--reason", "手机丢了", "--as", "admin")

        assert 3 == said.code
        assert "没有开通第二步验证" in said.err

    def test_one_asks_and_another_confirms(self, desk, database):
        for login in ("chen", "li"):
            done(desk("staff", "add", login, "--name", login, "--role", "coordinator"))
        with writing(database.engine) as session:
            person_id = queries.staff_by_login(session, XFL, "chen").person_id
            factor = {"key_id": "k", "nonce": b"n" * 12, "ciphertext": b"c", "last_step": 0, "set_up_at": clock.now()}
            session.execute(sa.insert(TotpFactorRow), {"community_id": XFL, "person_id": person_id, **factor})

        assert 4 == desk("desk", "confirm", "second_factor", "chen", "--as", "li").code
        done(desk("desk", "ask", "second_factor", "chen", "--reason", "手机丢了", "--as", "admin"))
        assert 3 == desk("desk", "confirm", "second_factor", "chen", "--as", "admin").code
        done(desk("desk", "confirm", "second_factor", "chen", "--as", "li"))

        with reading(database.engine) as session:
            assert session.get(TotpFactorRow, (XFL, person_id)) is None


class TestTheDesk:
    """ASVS 6.4.6, trust.md section 1: what takes two persons, and roles, from the command line."""

    @pytest.fixture
    def staffed(self, desk):
        """A desk with two coordinators and a clerk."""
        for login, role in (("chen", "coordinator"), ("li", "coordinator"), ("zhao", "clerk")):
            done(desk("staff", "add", login, "--name", login, "--role", role, "--as", "admin"))
        return desk

    def test_a_forgotten_password(self, staffed, database):
        number = a_password(database.engine, "S002")

        assert 3 == staffed("staff", "login", "chen", "--as", "admin").code
        done(staffed("desk", "ask", "password", "chen", "--reason", "忘了，当面认得", "--as", "li"))
        assert ["忘了，当面认得"] == [one["reason"] for one in told(done(staffed("desk", "list", "--json")))]
        assert 7 == staffed("desk", "confirm", "password", "chen", "--as", "li").code
        token = link_in(done(staffed("desk", "confirm", "password", number, "--as", "admin")))

        with reading(database.engine) as session:
            assert "chen" == one_time_login(session, XFL, secret=token, at=clock.now()).name
        assert [] == told(done(staffed("desk", "list", "--json")))

    def test_is_taken_back(self, staffed, database):
        a_password(database.engine, "S002")
        done(staffed("desk", "ask", "password", "chen", "--reason", "忘了", "--as", "li"))

        done(staffed("desk", "withdraw", "password", "chen", "--as", "li"))

        assert 4 == staffed("desk", "confirm", "password", "chen", "--as", "admin").code

    def test_a_security_admin_takes_over_the_accounts(self, staffed):
        done(staffed("desk", "ask", "security_admin", "zhao", "--reason", "居委会决定", "--as", "admin"))
        done(staffed("desk", "confirm", "security_admin", "zhao", "--as", "chen"))

        assert 7 == staffed("staff", "disable", "li", "--as", "admin").code
        done(staffed("staff", "disable", "li"))
        done(staffed("staff", "enable", "li"))

    def test_the_machine_helps_the_only_admin(self, desk, database):
        a_password(database.engine, "S001")

        token = link_in(done(desk("desk", "rescue", "admin")))

        with reading(database.engine) as session:
            assert (
                "S001"
                == queries.staff_member(
                    session, XFL, one_time_login(session, XFL, secret=token, at=clock.now()).person_id
                ).number
            )

    def test_roles_are_taken_and_given(self, staffed, database):
        done(staffed("staff", "revoke", "zhao", "clerk", "--as", "admin"))
        done(staffed("staff", "grant", "zhao", "auditor", "--as", "admin"))

        with reading(database.engine) as session:
            assert {Role.AUDITOR} == queries.staff_by_login(session, XFL, "zhao").roles
        assert 3 == staffed("staff", "grant", "zhao", "clerk", "--as", "admin").code
        assert 3 == staffed("staff", "revoke", "admin", "admin", "--as", "admin").code
