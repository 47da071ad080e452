"""The pages of the stars: announced to everybody, objected to without a name, granted after the notice, explained."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from tests.builders import an_act
from tests.web.sites import said
from tests.web.town import NAMESAKE, WANG, number_of
from timebank import clock
from timebank.books import journal
from timebank.database import writing
from timebank.ledger.accounts import MINUTES, AccountKind, AccountRef, system
from timebank.ledger.days import day_of
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.people.queries import staff_by_login
from timebank.rulebook.rules import ServiceInputs, SourceClass, inputs_as_facts
from timebank.stars import queries
from timebank.stars.operations.noticing import put_on_notice
from timebank.stars.queries import notices
from timebank.stars.tables import StarAwardRow


def the_case(site):
    """The case of 王秀英, whose hours reach her first star."""
    with site.reading() as session:
        (case,) = queries.open_cases(session, "xfl")
    return case


def announced(site, *, days_ago):
    """Let her case be on notice since some days."""
    with writing(site.engine) as session:
        li = staff_by_login(session, "xfl", "li")
        act = an_act(person_id=li.person_id, number=number_of("li"), at=clock.now() - timedelta(days=days_ago))
        put_on_notice(session, act, award_ids=(the_case(site).award_id,))


class TestNothingEarned:
    """V4: a service that earned no points stands among the hours with the reason."""

    def test_the_line_says_why(self, site):
        inputs = ServiceInputs(60, "tutoring", None, 0, SourceClass.LATE_ENTRY)
        recognised = AccountRef(AccountKind.RECOGNISED, WANG, MINUTES)
        draft = Draft(
            kind=EntryKind.SERVICE_APPROVED,
            effective_on=day_of(clock.now()),
            transfers=(Transfer(system(AccountKind.SERVICE, MINUTES), recognised, 60),),
            source="test:late",
            rule_version=2,
            facts=inputs_as_facts(inputs),
        )
        with writing(site.engine) as session:
            journal.post(session, an_act(at=clock.now()), draft)

        assert "没有积分：超过期限才补录的只记时长。" in said(site.visitor(WANG).get("/me/hours"))
        assert "没有积分的服务也在那里" in said(site.visitor(WANG).get("/me/passbook"))


class TestStars:
    """A star is an award: reached, announced, granted by somebody else."""

    def test_a_case_is_announced_from_the_page(self, site):
        site.visitor("li").post("/coord/stars/notice", {"announced": the_case(site).award_id})

        words = said(site.visitor().get("/notices"))
        assert "王*" in words
        assert "一星" in words

    def test_is_not_granted_before_its_notice(self, site):
        answer = site.visitor("li").post("/coord/stars/grant", {"award": the_case(site).award_id})

        assert 409 == answer.status_code
        assert "还没有公示" in said(answer)

    def test_is_granted_afterwards(self, site):
        announced(site, days_ago=14)

        site.visitor("li").post("/coord/stars/grant", {"award": the_case(site).award_id})

        with site.reading() as session:
            assert 1 == queries.level_on(session, "xfl", WANG, day_of(clock.now()))

    def test_the_round_is_a_list_for_the_level_above(self, site):
        answer = site.visitor("li").get("/coord/stars/list.xlsx")

        sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
        assert [WANG, "王秀英"] == sheet[1][:2]
        assert "等公示" in sheet[1]

    def test_a_stranger_objects_and_asks_for_the_answer(self, site):
        announced(site, days_ago=0)
        objection = {"award": the_case(site).award_id, "text": "他那天没有来"}

        answer = site.visitor().post("/notices", objection)

        (number,) = re.findall("YY[0-9]{4}", said(answer))
        assert "已收下，还没有答复" in said(site.visitor().get(f"/notices?number={number}"))
        with site.reading() as session:
            found = notices.find_objection(session, "xfl", number)
        assert found is not None
        site.visitor("li").post("/coord/stars/answer", {"objection": found.objection_id, "answer": "查过签到表，她在"})
        assert "查过签到表，她在" in said(site.visitor().get(f"/notices?number={number}"))

    def test_the_volunteer_sees_both_ladders_and_what_is_missing(self, site):
        words = said(site.visitor(NAMESAKE).get("/me/stars"))

        assert "社区星级" in words
        assert "全国志愿服务星级" in words
        assert "还差" in words

    def test_applying_too_early_says_what_is_missing(self, site):
        answer = site.visitor(NAMESAKE).post("/me/stars/apply")

        assert 409 == answer.status_code
        assert "还差" in said(answer)


class TestReckoning:
    """V4: every line says how its points came about, also when there are none."""

    @pytest.mark.parametrize("words", ["服务2小时，每小时10分。", "这次的评价：按100%计。", "一共20分"])
    def test_a_service_says_how_its_points_came_about(self, site, words):
        visitor = site.visitor(NAMESAKE)
        seq = re.findall("/me/entries/([0-9]+)", visitor.text("/me/passbook"))[0]

        assert words in said(visitor.get(f"/me/entries/{seq}"))


class TestWhatAStarAsksFor:
    """Every condition with what there is: for the volunteer and for who decides."""

    @pytest.mark.parametrize(("who", "page"), [(NAMESAKE, "/me/stars"), ("li", "/coord/stars")])
    def test_is_listed_with_its_value(self, site, who, page):
        words = said(site.visitor(who).get(page))

        assert "累计服务" in words
        assert "满足" in words or "还差" in words


class TestTheLevelAbove:
    """A star that the level above grants: recommended from the page, its answer recorded by another person."""

    @pytest.fixture
    def above(self, site):
        """Her case, as one of the level above, after its notice."""
        announced(site, days_ago=14)
        with writing(site.engine) as session:
            session.execute(sa.update(StarAwardRow).values(body="upper"))
        return the_case(site)

    def test_is_recommended_and_comes_back_as_a_file(self, site, above):
        refused = site.visitor("li").post("/coord/stars/grant", {"award": above.award_id})
        assert "由上级评定" in said(refused)
        site.visitor("chen").post("/coord/stars/recommend", {"recommended": above.award_id, "to": "街道志愿者协会"})
        visitor = site.visitor("li")
        assert "已推荐、等上级结果的 1 人" in said(visitor.get("/coord/stars"))
        today = day_of(clock.now()).isoformat()
        rows = f"编号,姓名,楼栋,星级,评定结果,评定日期,文号,原因\n{WANG},王秀英,1号楼,1,通过,{today},7号,\n"

        wrong = visitor.post(
            "/coord/stars/results", {"results": (io.BytesIO("姓名,楼栋\n王,1号楼\n".encode()), "a.csv")}
        )
        assert "缺少“编号”" in said(wrong)
        visitor.post("/coord/stars/results", {"results": (io.BytesIO(rows.encode()), "名单.csv")})

        with site.reading() as session:
            assert 1 == queries.level_on(session, "xfl", WANG, day_of(clock.now()))

    def test_a_single_answer_is_recorded(self, site, above):
        site.visitor("chen").post("/coord/stars/recommend", {"recommended": above.award_id, "to": "街道志愿者协会"})
        answer = {
            "outcome_award": above.award_id,
            "granted": "no",
            "decided_on": day_of(clock.now()).isoformat(),
            "document": "7号",
            "why": "年度名额已满",
        }

        assert "您推荐的" in said(site.visitor("chen").post("/coord/stars/outcome", answer))
        site.visitor("li").post("/coord/stars/outcome", answer)

        assert "年度名额已满" in said(site.visitor(WANG).get("/me/stars"))

    def test_an_application_is_taken_back_by_whoever_applied_only(self, site):
        refused = site.visitor(WANG).post("/me/stars/withdraw", {"reason": "想再等等"})

        assert "不是您提的申请" in said(refused)
        assert 409 == site.visitor(NAMESAKE).post("/me/stars/withdraw", {"reason": "想再等等"}).status_code
