"""`timebank rules propose`, `confirm`, `simulate`, `recompute`, `star` and `nightly`: the office from a terminal."""

import json
from datetime import timedelta

import pytest

from tests.builders import an_act
from tests.cli.commands import at_a_desk
from tests.cli.offices import a_register, done, sheets, told
from tests.pool.test_pool import earned
from timebank import clock
from timebank.database import writing
from timebank.ledger.days import day_of
from timebank.people.queries import find_volunteer
from timebank.pool.operations import donate
from timebank.rulebook.rules import as_json, ordinary_document

FULL = dict.fromkeys(("self_check_in", "staff_scan", "sheet", "late_entry", "opening"), 100)
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


def tomorrow():
    """The first day on which a change can hold."""
    return (day_of(clock.now()) + timedelta(days=1)).isoformat()


def a_change(desk, folder, **changes):
    """Write the rules in force, with some values changed, into a file."""
    document = told(done(desk("rules", "show", "--document"))) | changes
    path = folder / "规则.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def a_ladder(*steps):
    """The community's ladder, with these levels and minutes."""
    (ladder, *_others) = json.loads(as_json(ordinary_document()))["ladders"]
    first = ladder["steps"][0]
    return [ladder | {"steps": [first | {"level": level, "minutes": minutes} for level, minutes in steps]}]


def proposed(desk, file):
    """Propose a file; return the proposal's id."""
    command = ("rules", "propose", file, "--from", tomorrow(), "--reason", "居民议事会通过", "--as", "admin", "--json")
    return told(done(desk(*command)))["proposal"]


class TestChangingTheRules:
    """C6: a change is proposed from a day on, confirmed by another person, and never by the same."""

    def test_one_proposes_and_another_confirms(self, office, tmp_path):
        proposal = proposed(office, a_change(office, tmp_path, points_e2_per_hour=800))

        assert 3 == office("rules", "confirm", proposal, "--as", "admin").code
        assert {"version": 3} == told(done(office("rules", "confirm", proposal, "--as", "chen", "--json")))
        assert "服务1小时，得8分。" in done(office("rules", "show", "--version", 3)).out
        assert "服务1小时，得10分。" in done(office("rules", "show")).out
        (listed,) = told(done(office("rules", "proposals", "--json")))
        assert ("published", "居民议事会通过") == (listed["state"], listed["reason"])
        assert 3 == office("rules", "reject", proposal, "--as", "li").code

    @on_sqlite
    def test_a_proposal_is_turned_down_and_nothing_changes(self, office, tmp_path):
        proposal = proposed(office, a_change(office, tmp_path, points_e2_per_hour=800))

        assert "规则不变" in done(office("rules", "reject", proposal, "--as", "chen")).err

        assert 3 == office("rules", "confirm", proposal, "--as", "li").code
        assert 4 == office("rules", "confirm", "00000000-0000-7000-8000-000000000000", "--as", "li").code
        assert [1, 2] == [one["version"] for one in told(done(office("rules", "list", "--json")))]

    @on_sqlite
    def test_whoever_may_not_is_turned_away(self, office, tmp_path):
        file = a_change(office, tmp_path)

        refused = office("rules", "propose", file, "--from", tomorrow(), "--reason", "想改", "--as", "zhao")

        assert 7 == refused.code

    @on_sqlite
    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"points_e2_per_hour": -1}, "points_e2_per_hour"),
            ({"points_e2_per_hour": 1e6}, "points_e2_per_hour"),
            ({"bonus": 5}, "bonus"),
            ({"ladders": []}, "ladders"),
            ({"ladders": a_ladder((1, 6_000), (3, 18_000))}, "ladders[0].steps[1].level"),
            ({"ladders": a_ladder((1, 6_000), (2, 6_000))}, "ladders[0].steps[1].minutes"),
            ({"working_years": []}, "working_years"),
        ],
    )
    def test_a_bad_document_is_refused_with_its_place(self, office, tmp_path, changes, path):
        file = a_change(office, tmp_path, **changes)

        said = office("rules", "propose", file, "--from", tomorrow(), "--reason", "想改", "--as", "admin")

        assert 3 == said.code
        assert f"“{path}”" in said.err
        assert "没有发布" in said.err
        assert [] == told(done(office("rules", "proposals", "--json")))

    @on_sqlite
    def test_a_past_day_and_a_year_without_holidays_are_refused(self, office, tmp_path):
        file = a_change(office, tmp_path)
        today = day_of(clock.now()).isoformat()

        past = office("rules", "propose", file, "--from", today, "--reason", "想改", "--as", "admin")
        unknown = office("rules", "propose", file, "--from", "2031-01-01", "--reason", "想改", "--as", "admin")

        assert (3, 3) == (past.code, unknown.code)
        assert "最早从明天起" in past.err
        assert "没有 2031 年的节假日" in unknown.err


class TestTryingAChange:
    """Z9: what a change would have paid, before it holds; and the proof that everything paid is what its rule says."""

    @pytest.fixture
    def served(self, office, tmp_path):
        """Two hours of V0001 from a sheet, approved by another person."""
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
        done(office("import", "hours", sheets(tmp_path), "--as", "chen"))
        done(office("batch", "confirm", "B0002", "--as", "li"))
        return office

    def test_says_what_it_would_have_paid_and_changes_nothing(self, served, tmp_path):
        before = told(done(served("rules", "recompute", "--json")))
        file = a_change(served, tmp_path, points_e2_per_hour=500, source_percents=FULL)

        simulated = told(done(served("rules", "simulate", file, "--json")))["simulation"]["total"]
        said = done(served("rules", "simulate", file))

        assert simulated["paid_e2"] == 2 * simulated["would_pay_e2"] > 0
        assert "只是试算，账没有变" in said.err
        assert "+ 服务1小时，得5分。" in said.out
        assert before == told(done(served("rules", "recompute", "--json"))) == {"services": 1, "differences": 0}

    @on_sqlite
    def test_a_class_that_the_change_forgets_is_named(self, served, tmp_path):
        document = told(done(served("rules", "show", "--document")))
        kept = [one for one in document["service_classes"] if one["name"] == "法律咨询"]
        file = a_change(served, tmp_path, service_classes=kept)

        said = done(served("rules", "simulate", file))

        assert "会得 0 分" in said.err

    @on_sqlite
    def test_nothing_of_the_twelve_months_before_anything_was_served(self, served, tmp_path):
        file = a_change(served, tmp_path)

        found = told(done(served("rules", "simulate", file, "--until", "2020-01-01", "--json")))

        assert 0 == found["simulation"]["total"]["records"]

    def test_every_posting_is_what_its_rule_says(self, served):
        assert "1 次服务全部和各自的规则一致" in done(served("rules", "recompute")).err


class TestStarsFromTheTerminal:
    """A star from the terminal: explained, announced, and granted only after the notice."""

    @pytest.fixture
    def registered(self, office, tmp_path):
        """V0001 is registered and has not served yet."""
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
        return office

    def test_every_condition_is_explained(self, registered):
        said = done(registered("star", "explain", "V0001"))

        assert "一星的条件" in said.err
        assert "累计服务" in said.out
        assert "还差 100小时" in said.out
        (condition,) = told(done(registered("star", "explain", "V0001", "--json")))["conditions"]
        assert ("minutes", 0, 6_000) == (condition["kind"], condition["value"], condition["needed"])

    @on_sqlite
    def test_somebody_who_is_not_there(self, registered):
        assert 4 == registered("star", "explain", "V9999").code

    @on_sqlite
    def test_nothing_to_announce(self, registered):
        assert 4 == registered("star", "notice", "V0001", "--as", "chen").code
        assert 2 == registered("star", "notice", "--as", "chen").code
        assert 4 == registered("star", "notice", "--all", "--as", "chen").code


class TestTheNight:
    """`timebank nightly`: once a day, however often it is run; never for a day to come."""

    @pytest.fixture
    def community(self, database, tmp_path, monkeypatch):
        """The command, after `timebank init`: the night signs the head of the log too."""
        desk = at_a_desk(database, tmp_path, monkeypatch)
        done(desk("init", "--community", "幸福里社区", "--code", "xfl"))
        return desk

    def test_is_done_once(self, community):
        first = told(done(community("nightly", "--json")))

        assert first == told(done(community("nightly", "--json")))
        assert {"holds", "expiry", "stars", "due"} <= set(first["jobs"])
        assert "都办好了" in done(community("nightly")).err

    @on_sqlite
    def test_a_day_gone_by_is_made_up_for(self, community):
        day = (day_of(clock.now()) - timedelta(days=1)).isoformat()

        assert day == told(done(community("nightly", "--as-of", day, "--json")))["day"]

    @on_sqlite
    def test_not_for_a_day_to_come(self, community):
        assert 3 == community("nightly", "--as-of", tomorrow()).code


class TestThePool:
    """The mutual-aid pool from a terminal: what it holds, and a grant by two persons."""

    def test_says_what_is_not_there(self, shop):
        assert 0 == told(done(shop("pool", "show", "--json")))["pool_e2"]
        refused = shop("pool", "propose", "V0001", "--points", "5", "--reason", "大病住院", "--as", "chen")
        assert (3, True) == (refused.code, "互助池里有 0 分" in refused.err)

    def test_one_proposes_and_another_confirms(self, shop, database):
        with writing(database.engine) as session:
            volunteer = find_volunteer(session, "xfl", "V0001")
            assert volunteer is not None
            act = an_act(person_id=volunteer.person_id, number="V0001", at=clock.now())
            donate(session, act, points_e2=2_000)
        grant = ("pool", "propose", "V0002", "--points", "12.5", "--reason", "大病住院", "--as", "chen", "--json")
        proposal = told(done(shop(*grant)))["grant"]

        assert 3 == shop("pool", "confirm", proposal, "--as", "chen").code
        done(shop("pool", "confirm", proposal, "--as", "li"))

        assert "互助池里有 7.5 分" in done(shop("pool", "show")).err
        assert 1250 == told(done(shop("passbook", "V0002", "--json")))["available_e2"]
        assert 3 == shop("pool", "reject", proposal, "--as", "li").code


class TestGroups:
    """Groups from a terminal: registered, listed, given away for; nothing else is done with their points."""

    def test_one_is_registered_and_gives(self, shop, database):
        number = told(
            done(shop("group", "add", "--name", "红马甲服务队", "--contact", "王秀英", "--as", "chen", "--json"))
        )
        assert {"number": "TD0001"} == number
        with writing(database.engine) as session:
            earned(session, "TD0001", 5_000)

        (listed,) = told(done(shop("group", "list", "--json")))
        assert ("TD0001", 5_000) == (listed["group"]["number"], listed["worth"]["points_e2"])
        assert 3 == shop("group", "donate", "TD0001", "--points", "50.01", "--as", "chen").code
        done(shop("group", "donate", "TD0001", "--points", "20", "--as", "chen"))

        assert 3_000 == told(done(shop("passbook", "TD0001", "--json")))["available_e2"]
        assert 2_000 == told(done(shop("pool", "show", "--json")))["pool_e2"]
        refused = shop("pool", "propose", "TD0001", "--points", "5", "--reason", "买工具", "--as", "chen")
        assert (3, True) == (refused.code, "是团队的存折" in refused.err)
