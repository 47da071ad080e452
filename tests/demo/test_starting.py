"""`timebank demo` as a newcomer runs it: made on the first run, kept on the second, one click for each role."""

import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.demo.visitors import Visitor
from tests.fixtures.run_folder import made_once, run_folder
from tests.fixtures.servers import Installation, running
from tests.people.builders import open_the_community
from timebank.audit.queries import find_last_verification
from timebank.cli.demo import FOLDER, HOST, DemoNeedsSqlite, PortTaken, free_port, settings_for_demo
from timebank.cli.demo_data import ensure, throw_away
from timebank.clock import now
from timebank.config import SettingUnknown, read
from timebank.database import new_engine, reading
from timebank.demo import queries
from timebank.demo.queries import DemoFindsAnother
from timebank.demo.stage import COMMUNITY
from timebank.market import queries as market
from timebank.market.rules import StockLevel

DATABASE = Path(FOLDER) / "demo.db"
HOMES = {
    "V0001": "王秀英 您好",
    "zhaomin": "收银台",
    "lijianguo": "今天要办的",
    "chenmin": "今天要办的",
    "zhoukuaiji": "账对不对",
    "chenzhuren": "幸福里社区（演示）",
}


def _first_run() -> str:
    """Run `timebank demo` in an empty folder until it answers; return the folder."""
    folder = run_folder() / "first-demo"
    folder.mkdir()
    with running(Installation(database_url="", folder=folder), "demo"):
        pass
    return str(folder)


@pytest.fixture
def after_the_first_run(tmp_path):
    """A copy of the folder in which the demo was made, and what it said."""
    first = Path(made_once("first-demo", _first_run))
    folder = tmp_path / "here"
    shutil.copytree(first, folder)
    return Installation(database_url="", folder=folder)


def _said(installation):
    return (installation.folder / "server.log").read_text(encoding="utf-8")


def _hashes(installation):
    with closing(sqlite3.connect(installation.folder / DATABASE)) as books:
        return books.execute("SELECT seq, hex(leaf_hash) FROM entry ORDER BY seq").fetchall()


@pytest.fixture(scope="module")
def second_run(tmp_path_factory):
    """The demo that was made before, started again."""
    folder = tmp_path_factory.mktemp("second") / "here"
    shutil.copytree(Path(made_once("first-demo", _first_run)), folder)
    (folder / "server.log").unlink()
    with running(Installation(database_url="", folder=folder), "demo") as server:
        yield server


class TestTheFirstRun:
    """experience.md section 6: one command, and it says how much there is, where, as whom, and how to go on."""

    def test_says_what_there_is_and_that_the_books_balance(self, after_the_first_run):
        said = _said(after_the_first_run)

        assert "✓ 幸福里社区（演示）已就绪  62 人 · 27 场活动" in said
        assert "账平 ✓" in said

    def test_says_as_whom_one_enters_and_how_to_go_on(self, after_the_first_run):
        said = _said(after_the_first_run)

        assert "志愿者 王秀英   店员 赵敏   活动负责人 李建国、陈敏   审计 周会计   管理员 陈主任" in said
        assert "打开 http://127.0.0.1:" in said
        assert "timebank init" in said
        assert "Ctrl-C" in said

    def test_makes_the_whole_community(self, after_the_first_run):
        engine = new_engine(f"sqlite:///{after_the_first_run.folder / DATABASE}")
        with reading(engine) as session:
            figures = queries.figures(session, now())
            levels = [one.level for one in market.goods_on_sale(session, COMMUNITY, now())]
            verified = find_last_verification(session, COMMUNITY)
        engine.dispose()

        assert (62, 27) == (figures.volunteers, figures.activities)
        assert 400 <= figures.records <= 460
        assert 130 <= figures.redemptions <= 150
        assert (40, 1, 3) == (len(levels), levels.count(StockLevel.NONE), levels.count(StockLevel.LOW))
        assert verified is not None
        assert 0 == verified.findings_total


class TestTheSecondRun:
    """One click enters as each role, only here; what is there is kept."""

    def test_keeps_its_data(self, second_run, after_the_first_run):
        assert _hashes(after_the_first_run) == _hashes(second_run.installation)
        assert "第一次运行" not in _said(second_run.installation)

    def test_offers_every_role_on_its_first_page_and_where_one_signs_in(self, second_run):
        visitor = Visitor(second_run.url)

        visitor.read("/")
        first_page = visitor.roles
        visitor.read("/login")

        assert set(HOMES) == set(first_page) == set(visitor.roles)
        assert "志愿者 王秀英" == first_page["V0001"]

    @pytest.mark.parametrize("login", HOMES)
    def test_lets_a_visitor_in_with_one_click(self, second_run, login):
        visitor = Visitor(second_run.url)
        visitor.read("/login")

        visitor.press("/login/demo", login=login)

        assert 200 == visitor.status
        assert visitor.heading.startswith(HOMES[login])
        assert "演示数据，不是真人真事" in visitor.page

    def test_lets_a_visitor_change_the_role(self, second_run):
        visitor = Visitor(second_run.url)
        visitor.read("/")
        visitor.press("/login/demo", login="lijianguo")
        visitor.read("/")

        visitor.press("/login/demo", login="chenmin")

        assert "陈敏" in visitor.page
        assert "李建国</span>" not in visitor.page


class TestWhatItLeavesAlone:
    """The demo never mixes with a real community, and opens no door that nobody asked for."""

    @pytest.mark.parametrize("database_kind", ["sqlite"])
    def test_a_community_of_somebody_else_is_not_touched(self, database, tmp_path):
        open_the_community(database.engine, "yfl")
        before = Path(str(database.engine.url.database)).read_bytes()

        refused = Installation(database_url=database.url, folder=tmp_path).timebank("demo")

        assert 3 == refused.returncode
        assert "这个数据库里有别的内容（yfl）" in refused.stderr
        assert before == Path(str(database.engine.url.database)).read_bytes()

    def test_a_file_of_another_program_is_not_touched(self, tmp_path):
        with closing(sqlite3.connect(tmp_path / "demo.db")) as other:
            other.execute("CREATE TABLE songs (name TEXT)")
        before = (tmp_path / "demo.db").read_bytes()
        settings = settings_for_demo({}, tmp_path)

        with pytest.raises(DemoFindsAnother) as refused:
            ensure(new_engine(settings.database_url), settings)

        assert {"community": "demo.db"} == refused.value.facts
        assert before == (tmp_path / "demo.db").read_bytes()

    def test_a_file_that_is_no_database_is_not_touched(self, tmp_path):
        (tmp_path / "demo.db").write_text("these are my songs")
        settings = settings_for_demo({}, tmp_path)

        with pytest.raises(DemoFindsAnother):
            ensure(new_engine(settings.database_url), settings)

        assert "these are my songs" == (tmp_path / "demo.db").read_text()

    def test_a_database_server_is_refused(self, tmp_path):
        with pytest.raises(DemoNeedsSqlite):
            settings_for_demo({"TIMEBANK_DATABASE_URL": "postgresql://localhost/timebank"}, tmp_path)

    def test_a_data_folder_of_a_real_community_is_not_used(self, tmp_path):
        settings = settings_for_demo({"TIMEBANK_DATA": "/srv/timebank"}, tmp_path / FOLDER)

        assert tmp_path / FOLDER == settings.data_folder
        assert f"sqlite:///{tmp_path / FOLDER / 'demo.db'}" == settings.database_url

    def test_no_other_machine_is_served(self, tmp_path):
        settings = settings_for_demo({"TIMEBANK_HOST": "0.0.0.0", "TIMEBANK_HOSTS": "example.org"}, tmp_path)

        assert ("127.0.0.1", ("localhost", "127.0.0.1")) == (settings.host, settings.hosts)

    def test_no_environment_switches_one_click_logins_on(self):
        with pytest.raises(SettingUnknown):
            read({"TIMEBANK_DEMO": "1"})

        assert not read({}).demo


class TestThePort:
    """experience.md section 6: loopback only; a port that was asked for is never changed silently."""

    def test_is_the_first_free_one(self, taken_port):
        assert taken_port < free_port(None, taken_port)

    def test_that_was_asked_for_and_is_taken_is_refused(self, taken_port):
        with pytest.raises(PortTaken) as refused:
            free_port(taken_port, 8000)

        assert {"port": str(taken_port)} == refused.value.facts

    def test_is_refused_where_none_is_free(self):
        with socket.create_server((HOST, 65535)), pytest.raises(PortTaken):
            free_port(None, 65535)

    @pytest.fixture
    def taken_port(self):
        """A port at which somebody listens."""
        with socket.create_server((HOST, 0)) as other:
            yield other.getsockname()[1]


class TestThrowingAway:
    """experience.md section 6: `--reset` begins anew, and removes nothing but what the demo made."""

    def test_removes_the_demo_and_leaves_everything_else(self, after_the_first_run):
        folder = after_the_first_run.folder / FOLDER
        (folder / "notes.txt").write_text("mine")

        throw_away(settings_for_demo({}, folder), ask=False)

        assert ["notes.txt"] == [left.name for left in folder.iterdir()]

    def test_asks_before_it_does(self, after_the_first_run):
        before = _hashes(after_the_first_run)

        answer = after_the_first_run.timebank("demo", "--reset")

        assert 130 == answer.returncode
        assert "重新生成？" in answer.stderr
        assert before == _hashes(after_the_first_run)

    @pytest.mark.parametrize("database_kind", ["sqlite"])
    def test_leaves_a_community_of_somebody_else(self, database, tmp_path):
        open_the_community(database.engine, "yfl")

        with pytest.raises(DemoFindsAnother):
            throw_away(settings_for_demo({"TIMEBANK_DATABASE_URL": database.url}, tmp_path), ask=False)

        assert Path(str(database.engine.url.database)).exists()

    def test_has_nothing_to_do_where_there_is_no_demo(self, tmp_path):
        throw_away(settings_for_demo({}, tmp_path), ask=False)

        assert [] == list(tmp_path.iterdir())
