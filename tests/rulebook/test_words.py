"""The readable page says what the data says, and what a new version changes."""

from dataclasses import replace

import pytest

from tests.rulebook.builders import a_document, a_document_with_class, limits_with, some_inputs
from timebank.rulebook.rules import (
    AT_ONCE,
    SOURCES,
    Body,
    Expiry,
    Ladder,
    ServiceInputs,
    SourceClass,
    SourcePercents,
    Step,
    changes_in_words,
    find_zero_reason,
    hours_in_words,
    in_words,
    opening_document,
    ordinary_document,
    points_in_words,
    reckoned_in_words,
)


def lines_of(document, title):
    """The sentences under a heading."""
    return next(section.lines for section in in_words(document) if section.title == title)


class TestTheRulesInWords:
    """Every section is made from the document, in short sentences."""

    def test_all_sections_are_there_and_none_is_empty(self):
        sections = in_words(ordinary_document())

        assert [
            "积分怎么算",
            "服务类别",
            "评价",
            "星级对积分的影响",
            "星级有什么用",
            "登记方式",
            "社区星级",
            "全国志愿服务星级",
            "星级复核",
            "时长与录入",
            "要说明的情形",
            "确认与入账",
            "兑换",
            "救助物品",
            "货架与积分",
            "积分有效期",
            "互助池",
            "工作日",
        ] == [section.title for section in sections]
        assert all(section.lines for section in sections)

    def test_a_ladder_that_only_stands_beside_the_own_one_names_nobody_who_grants_it(self):
        own, beside = lines_of(ordinary_document(), "社区星级"), lines_of(ordinary_document(), "全国志愿服务星级")

        assert "一星：累计100小时，由本社区评定。" in own
        assert ("只供对照，不由本社区评定。", "一星：累计100小时。") == beside[:2]
        assert 6 == len(beside)

    def test_the_rate_and_the_rounding_are_stated(self):
        lines = lines_of(a_document(points_e2_per_hour=250), "积分怎么算")

        assert "服务1小时，得2.5分。" in lines
        assert "每次服务只取整一次：算到百分之一分，四舍五入。" in lines

    def test_classes_that_count_fully_share_a_sentence_and_others_have_their_own(self):
        lines = lines_of(a_document_with_class(150), "服务类别")

        assert "课业辅导：按150%计。" in lines
        assert "课业辅导" not in lines[0]
        assert lines[0].startswith("按100%计：文体活动、便民服务")

    def test_a_document_without_a_class_at_100_per_cent_has_no_empty_sentence(self):
        classes = tuple(replace(each, percent=120) for each in ordinary_document().service_classes)

        assert "文体活动：按120%计。" == lines_of(a_document(service_classes=classes), "服务类别")[0]

    def test_ratings(self):
        lines = lines_of(ordinary_document(), "评价")

        assert ("没有评价：按100%计。", "评价一星：按60%计。", "评价二星：按80%计。") == lines[:3]

    def test_levels_that_make_no_difference_are_said_in_one_sentence(self):
        assert ("各星级积分相同。",) == lines_of(ordinary_document(), "星级对积分的影响")

    def test_levels_that_make_a_difference_are_listed(self):
        lines = lines_of(a_document(level_percents=(100, 100, 100, 105, 110, 120)), "星级对积分的影响")

        assert ("无星志愿者：按100%计。", "五星志愿者：按120%计。") == (lines[0], lines[5])

    def test_sources_that_earn_fully_partly_and_not_at_all(self):
        sources = SourcePercents(self_check_in=100, staff_scan=100, sheet=80, late_entry=0, opening=0)

        lines = lines_of(a_document(source_percents=sources), "登记方式")

        assert "自己签到签退：记时长，也记积分。" == lines[0]
        assert "纸质签到表，按期录入：记时长，积分按80%计。" == lines[2]
        assert "超过期限才补录：只记时长，不记积分。" == lines[3]

    def test_the_ladder_says_hours_who_grants_and_what_never_happens(self):
        lines = lines_of(ordinary_document(), "社区星级")

        assert "一星：累计100小时，由本社区评定。" == lines[0]
        assert "三星：累计600小时，由本社区推荐、上级评定。" == lines[2]
        assert "评定前公示5个工作日。" in lines
        assert "兑换积分不影响星级。时长被更正而不足时，先复核，不会自动降级。" == lines[-1]

    def test_a_ladder_with_tenure_and_without_notice(self):
        ladder = Ladder("community", "社区星级", (Step(1, 630, 6, Body.COMMUNITY),))

        lines = lines_of(a_document(ladders=(ladder,), star_notice_working_days=0), "社区星级")

        assert "一星：累计10小时30分，注册满6个月，由本社区评定。" == lines[0]
        assert not any("公示" in line for line in lines)

    def test_limits_of_time_and_entry(self):
        lines = lines_of(ordinary_document(), "时长与录入")

        assert "一人一天超过8小时的，写明原因，多一位审批。" in lines
        assert "22:00到06:00开始的服务，提醒审核人核实。" in lines
        assert "活动后10个工作日内录入；过期只能补录，并写明原因。" in lines

    def test_redeeming_with_a_limit_and_without(self):
        unlimited = a_document(limits=limits_with(redemptions_per_month_max=None))

        assert "每人每月最多兑换2次。" == lines_of(ordinary_document(), "兑换")[0]
        assert "每人每月兑换次数不限。" == lines_of(unlimited, "兑换")[0]

    @pytest.mark.parametrize(("years", "when"), [(1, "次年"), (3, "之后第3年")])
    def test_expiry_when_it_is_on(self, years, when):
        document = a_document(expiry=Expiry(on=True, years_kept=years, notice_days=(90, 30, 7)))

        lines = lines_of(document, "积分有效期")

        assert f"积分保留到得分{when}的12月31日，到期清零；时长不清零。" == lines[0]
        assert "到期前90、30、7天各提醒一次；兑换时先用最早的积分。" == lines[1]

    def test_expiry_when_it_is_off(self):
        assert ("积分长期有效，不清零。",) == lines_of(ordinary_document(), "积分有效期")

    def test_listed_years(self):
        assert ("2025、2026年的节假日和调休，按国务院的安排计算。",) == lines_of(ordinary_document(), "工作日")

    def test_points_are_never_given_a_price_in_money(self):
        said = "".join(line for section in in_words(ordinary_document()) for line in section.lines)

        assert not {"元", "￥", "¥"} & set(said)


class TestConfirmationInWords:
    """The page of rules says who confirms and when hours are posted."""

    def test_the_ordinary_rules(self):
        lines = lines_of(ordinary_document(), "确认与入账")

        assert "纸质签到表，按期录入：由本人或服务对象确认。" in lines
        assert "自己签到签退：不用再确认。" in lines
        assert "录入后3天没有人确认，由社工去问；没有确认的不入账。" in lines
        assert ("最早在审批后第1天入账。", "活动开始以前没有批准的，只能补录。") == lines[-2:]

    def test_where_nobody_is_asked_they_say_so_and_no_more(self):
        lines = lines_of(a_document(confirmation=AT_ONCE), "确认与入账")

        assert "审批当时就入账。" == lines[-1]
        assert not any("社工去问" in line for line in lines)

    def test_a_public_notice(self):
        noticed = replace(AT_ONCE, notice_working_days=5)

        assert "入账前公示5个工作日；有异议的那一条先停住。" in lines_of(a_document(confirmation=noticed), "确认与入账")


class TestWhatChanges:
    """Before a version is published, people read what it changes."""

    def test_nothing(self):
        assert () == changes_in_words(ordinary_document(), a_document(name="同样的规则"))

    def test_one_value(self):
        (change, asked) = changes_in_words(opening_document(), ordinary_document())

        assert ("登记方式", "确认与入账") == (change.title, asked.title)
        assert ("上线以前的签到表：记时长，也记积分。",) == change.gone
        assert ("上线以前的签到表：只记时长，不记积分。",) == change.new

    def test_a_ladder_that_is_gone(self):
        own, national = ordinary_document().ladders

        (change,) = changes_in_words(ordinary_document(), a_document(ladders=(own,)))

        assert (national.name, ()) == (change.title, change.new)
        assert change.gone


class TestAmountsInWords:
    """Amounts are said as people say them."""

    @pytest.mark.parametrize(
        ("minutes", "words"),
        [(0, "0分钟"), (45, "45分钟"), (60, "1小时"), (90, "1小时30分"), (6000, "100小时"), (5999, "99小时59分")],
    )
    def test_times(self, minutes, words):
        assert words == hours_in_words(minutes)

    @pytest.mark.parametrize(
        ("points_e2", "words"),
        [(1000, "10分"), (750, "7.5分"), (33, "0.33分"), (5, "0.05分"), (0, "0分"), (-150, "-1.5分"), (10, "0.1分")],
    )
    def test_points(self, points_e2, words):
        assert words == points_in_words(points_e2)


class TestReckoning:
    """V4: how the points of one service came about, one factor a sentence."""

    def test_says_every_factor_and_the_sum(self):
        inputs = ServiceInputs(90, "tutoring", 2, 1, SourceClass.SHEET)

        assert (
            "服务1小时30分，每小时10分。",
            "课业辅导：按100%计。",
            "这次的评价：按80%计。",
            "一星志愿者：按100%计。",
            "纸质签到表，按期录入：按100%计。",
            "一共12分，四舍五入到百分之一分。",
        ) == reckoned_in_words(ordinary_document(), inputs)

    def test_says_why_there_are_none(self):
        inputs = ServiceInputs(60, "tutoring", None, 0, SourceClass.LATE_ENTRY)

        lines = reckoned_in_words(ordinary_document(), inputs)

        assert "超过期限才补录：不发积分，只记时长。" in lines
        assert "一共0分，四舍五入到百分之一分。" == lines[-1]


class TestWhyNothing:
    """V4: a service without points says why, whatever of the rules made it so."""

    @pytest.mark.parametrize(
        ("changes", "served", "reason"),
        [
            ({"points_e2_per_hour": 0}, {}, "没有积分：这版规则不发积分，只记时长。"),
            ({}, {"source_class": SourceClass.LATE_ENTRY}, "没有积分：超过期限才补录的只记时长。"),
            ({}, {"source_class": SourceClass.OPENING}, "没有积分：上线以前的签到表的只记时长。"),
            ({}, {"source_class": SourceClass.SHEET}, None),
            ({"rating_percents": (0, 100, 100, 100, 100)}, {"rating": 1}, "没有积分：按这次的评价，只记时长。"),
            ({"unrated_percent": 0}, {}, "没有积分：没有评价的只记时长。"),
            ({"level_percents": (0, 100, 100, 100, 100, 100)}, {}, "没有积分：还没有星级的只记时长。"),
            ({"level_percents": (100, 0, 100, 100, 100, 100)}, {"level": 1}, "没有积分：一星志愿者的只记时长。"),
            ({"points_e2_per_hour": 29}, {"minutes": 1}, "没有积分：不到百分之一分的一半，四舍五入为0。"),
            ({"points_e2_per_hour": 30}, {"minutes": 1}, None),
        ],
    )
    def test_each_source_of_nothing_has_its_sentence(self, changes, served, reason):
        assert reason == find_zero_reason(a_document(**changes), some_inputs(**served))

    @pytest.mark.parametrize("source", list(SourceClass))
    def test_every_way_of_recording_can_be_the_reason(self, source):
        nothing = SourcePercents(**dict.fromkeys((each.value for each in SourceClass), 0))

        said = find_zero_reason(a_document(source_percents=nothing), some_inputs(source_class=source))

        assert said == f"没有积分：{SOURCES[source]}的只记时长。"
