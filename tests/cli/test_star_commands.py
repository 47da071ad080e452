"""`timebank star recommend`, `results` and `inquiry`: stars that the level above grants, and inquiries into stars."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import an_act
from tests.cli.offices import a_file, a_register, balances, done, told
from timebank import clock
from timebank.database import writing
from timebank.ledger.days import day_of
from timebank.people.queries import staff_by_login
from timebank.stars import queries
from timebank.stars.operations.noticing import put_on_notice
from timebank.stars.tables import StarAwardRow

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def announced(database):
    """Let every open case have been on notice for two weeks."""
    with writing(database.engine) as session:
        chen = staff_by_login(session, "xfl", "chen")
        act = an_act(person_id=chen.person_id, number=chen.number, at=clock.now() - timedelta(days=14))
        cases = tuple(case.award_id for case in queries.open_cases(session, "xfl"))
        put_on_notice(session, act, award_ids=cases)


@pytest.fixture
def ready(office, database, tmp_path):
    """V0001 has the hours of the first star, brought by chen and confirmed by li; the notice is over."""
    done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
    done(office("import", "opening", balances(tmp_path, ("V0001", "石静", "6000", "0", "")), "--as", "chen"))
    done(office("batch", "confirm", "B0002", "--as", "li"))
    announced(database)
    return office


class TestTheLevelAbove:
    """A star of the level above: recommended by one person, its answer recorded by another from a file."""

    @pytest.fixture
    def above(self, ready, database):
        """The case is one for the level above."""
        with writing(database.engine) as session:
            session.execute(sa.update(StarAwardRow).values(body="upper"))
        return ready

    def results(self, folder, outcome, day=None, document="街志协7号"):
        """The list as it comes back."""
        headings = ("编号", "姓名", "楼栋", "星级", "评定结果", "评定日期", "文号", "原因")
        on = day or day_of(clock.now()).isoformat()
        return a_file(folder, "结果.csv", headings, ("V0001", "石静", "3号楼", "1", outcome, on, document, ""))

    def test_goes_up_and_comes_back(self, above, tmp_path):
        said = done(above("star", "recommend", "V0001", "--to", "街道志愿者协会", "--as", "li"))
        back = done(above("star", "results", self.results(tmp_path, "通过"), "--as", "chen", "--json"))

        assert "已推荐 1 个给街道志愿者协会" in said.err
        assert {"granted": 1, "refused": 0, "next_awards": []} == told(back)
        (case,) = told(done(above("star", "list", "--of", "V0001", "--json")))
        assert ("granted", 1) == (case["state"], case["level"])

    def test_is_not_granted_here_nor_answered_before_it_was_asked(self, above, tmp_path):
        assert 4 == above("star", "recommend", "V0002", "--to", "街道", "--as", "li").code
        assert 3 == above("star", "grant", "V0001", "--as", "chen").code
        refused = above("star", "results", self.results(tmp_path, "通过"), "--as", "chen")

        assert 0 != refused.code
        assert "没有在等上级的结果" in refused.err

    def test_recommended_twice_or_recorded_by_oneself_is_refused(self, above, tmp_path):
        done(above("star", "recommend", "V0001", "--to", "街道志愿者协会", "--as", "chen"))

        again = above("star", "recommend", "V0001", "--to", "街道志愿者协会", "--as", "chen")
        own = above("star", "results", self.results(tmp_path, "通过"), "--as", "chen")

        assert (3, 3) == (again.code, own.code)

    @pytest.mark.parametrize(("outcome", "day"), [("也许", None), ("通过", "昨天")])
    def test_a_line_that_cannot_be_read_is_told(self, above, tmp_path, outcome, day):
        done(above("star", "recommend", "V0001", "--to", "街道志愿者协会", "--as", "li"))

        refused = above("star", "results", self.results(tmp_path, outcome, day), "--as", "chen")

        assert 0 != refused.code
        assert "V0001" in refused.err


class TestInquiries:
    """domain.md section 1.1: a star is looked into with evidence, the volunteer heard, another person decides."""

    @pytest.fixture
    def starred(self, ready):
        """V0001 holds one star."""
        done(ready("star", "grant", "V0001", "--as", "chen"))
        return ready

    def opened(self, desk):
        """Let chen open an inquiry."""
        words = ("star", "inquiry", "open", "V0001", "--reason", "代人签到", "--evidence", "签到表 A-0503")
        return told(done(desk(*words, "--as", "chen", "--json")))["number"]

    def test_opened_heard_decided(self, starred):
        number = self.opened(starred)
        until = (day_of(clock.now()) + timedelta(days=30)).isoformat()
        decide = ("star", "inquiry", "decide", number, "--outcome", "withdrawn", "--until", until, "--reason", "属实")

        assert 3 == starred(*decide, "--as", "li").code
        heard = done(
            starred("star", "inquiry", "hear", number, "--kind", "statement", "--text", "是我", "--as", "chen")
        )
        assert 3 == starred(*decide, "--as", "chen").code
        decided = done(starred(*decide, "--as", "li"))

        assert "由另一位决定" in heard.err
        assert "已决定" in decided.err
        assert "已决定" in done(starred("star", "inquiry", "list")).out
        (found,) = told(done(starred("star", "inquiry", "list", "--json")))
        assert ["withdrawn"] == [one["outcome"] for one in found["decisions"]]
        assert 0 == told(done(starred("star", "explain", "V0001", "--json")))["level"]

    def test_kept(self, starred):
        number = self.opened(starred)
        done(starred("star", "inquiry", "hear", number, "--kind", "declined", "--as", "chen"))

        done(starred("star", "inquiry", "decide", number, "--outcome", "kept", "--reason", "查无此事", "--as", "li"))

        assert 1 == told(done(starred("star", "explain", "V0001", "--json")))["level"]

    def test_what_cannot_be(self, starred):
        number = self.opened(starred)
        early = ("star", "inquiry", "hear", number, "--kind", "absent", "--text", "电话两次", "--as", "chen")

        assert 3 == starred(*early).code
        assert 4 == starred("star", "inquiry", "hear", "FH0099", "--kind", "declined", "--as", "chen").code
        assert 2 == starred("star", "inquiry", "hear", number, "--kind", "nothing", "--as", "chen").code
        assert (
            3 == starred("star", "inquiry", "open", "V0002", "--reason", "代签", "--evidence", "表", "--as", "li").code
        )
