"""The tasks of the till as a clerk plays them, each within its budget of actions and seconds."""

from playwright.sync_api import expect

from tests.browser.till.person import Person
from tests.browser.till.town import DOCUMENT_TAIL, PASTE, SOAP, TOWEL
from timebank.web.commands import COMMANDS

CARDS = {command.name: command.code.digits for command in COMMANDS}


def sell(clerk, town, *goods):
    """Put goods into the basket of 王秀英."""
    clerk.scan(town.card)
    for good in goods:
        clerk.scan(good)


class TestRedeeming:
    """experience.md T2 and T3: three goods in five actions, under ten seconds, without a mouse."""

    def test_three_goods_in_five_actions(self, clerk, town):
        sell(clerk, town, SOAP, PASTE, TOWEL)
        clerk.press("F9")
        clerk.hears("兑换好了：用了 45 分")

        assert 5 >= clerk.actions
        assert 10 > clerk.seconds
        assert [4500] == [one.points_e2 for one in town.redemptions()]

    def test_the_scanner_alone_is_enough(self, clerk, town):
        sell(clerk, town, SOAP)
        clerk.scan(CARDS["pieces-3"])
        clerk.scan(CARDS["confirm"])
        clerk.hears("用了 45 分")

        assert 4 >= clerk.actions

    def test_points_short_costs_one_action_more(self, clerk, town):
        sell(clerk, town, *[PASTE] * 9)
        clerk.sees_basket("牙膏 ×9")
        clerk.press("F9")
        clerk.hears("积分不够")
        clerk.scan(CARDS["pieces-2"])
        clerk.press("F9")
        clerk.hears("用了 50 分")


class TestOpeningTheTill:
    """experience.md T1 and T10: a badge and four digits open it; F7 locks it, a badge goes on, the basket is kept."""

    def test_a_shift_is_opened_in_seven_actions(self, context, town):
        badge = town.badge_of("zhao", pin="2580")
        context.clear_cookies()
        clerk = Person(context.new_page(), town.url)
        clerk.page.goto(f"{town.url}/till/badge?community=xfl")
        clerk.page.wait_for_selector("input:focus")
        clerk.begins()

        clerk.scan(badge)
        clerk.page.wait_for_selector("#pin")
        clerk.type("2580")
        clerk.press("Enter")
        clerk.sees_customer("请扫存折码")
        clerk.press("F9")
        clerk.page.wait_for_selector("text=已开班")

        assert 7 >= clerk.actions
        assert 12 > clerk.seconds

    def test_another_clerk_goes_on_with_the_basket(self, clerk, town):
        badge = town.badge_of("qian", pin="2580")
        sell(clerk, town, SOAP)
        clerk.sees_basket("香皂 ×1")

        clerk.press("F7")
        clerk.page.wait_for_selector("#badge")
        clerk.scan(badge)

        clerk.sees_basket("香皂 ×1")
        clerk.press("F9")
        clerk.hears("兑换好了")
        expect(clerk.page.locator("header.top")).to_contain_text("钱芳")
        assert ["S005"] == town.trail("market.redeem")[-1:]

    def test_a_badge_at_an_open_till_hands_it_over(self, clerk, town):
        sell(clerk, town, SOAP)
        clerk.scan(town.badge_of("qian", pin="2580"))
        clerk.page.wait_for_selector("text=钱芳")
        clerk.sees_basket("香皂 ×1")

    def test_it_locks_itself_after_five_minutes(self, context, town):
        clerk = Person(context.new_page(), town.url)
        clerk.page.clock.install()
        clerk.at_the_till()
        sell(clerk, town, SOAP)
        clerk.sees_basket("香皂 ×1")

        clerk.page.clock.fast_forward("05:01")

        clerk.page.wait_for_selector("#badge")
        expect(clerk.page.locator("h1")).to_contain_text("已锁定")


class TestWithoutCard:
    """experience.md T4, domain.md S1: found by whatever somebody remembers, and known by a document or a reason."""

    def find(self, clerk, text):
        clerk.press("F2")
        clerk.type(text)
        clerk.press("Enter")
        clerk.hears("请选是哪一位")

    def test_by_initials_within_twelve_actions(self, clerk, town):
        self.find(clerk, "zgf")
        clerk.press("Enter")
        clerk.sees_customer("张桂芳")
        clerk.type("2")
        clerk.press("Enter")
        clerk.hears("已核对")

        assert 12 >= clerk.actions
        assert 20 > clerk.seconds
        clerk.scan(SOAP)
        clerk.press("F9")
        clerk.hears("兑换好了")
        assert "known" == town.fact_of_last("identified")

    def test_nothing_is_handed_out_to_somebody_whom_nobody_checked(self, clerk, town):
        self.find(clerk, "1003")
        clerk.press("Enter")
        clerk.sees_customer("张桂芳")
        clerk.scan(SOAP)
        clerk.press("F9")
        clerk.hears("没有刷卡")
        assert () == town.redemptions()

        clerk.type("0000")
        clerk.press("Enter")
        clerk.hears("后四位和")
        clerk.type(DOCUMENT_TAIL)
        clerk.press("Enter", "F9")
        clerk.hears("兑换好了")
        assert "document_tail" == town.fact_of_last("identified")

    def test_a_building_finds_everybody_in_it(self, clerk):
        self.find(clerk, "3号楼")

        assert 10 < clerk.page.locator("#found button").count()


class TestUndoing:
    """experience.md T5: F8, a reason, F9."""

    def test_the_last_one_in_three_actions(self, clerk, town):
        before = town.points_e2()
        sell(clerk, town, SOAP)
        clerk.press("F9")
        clerk.hears("兑换好了")
        clerk.begins()

        clerk.press("F8", "3", "F9")
        clerk.hears("已撤销，15 分已退回")

        assert 3 == clerk.actions
        assert 6 > clerk.seconds
        assert before == town.points_e2()

    def test_without_a_reason_nothing_is_undone(self, clerk, town):
        sell(clerk, town, SOAP)
        clerk.press("F9")
        clerk.hears("兑换好了")
        clerk.press("F8")
        clerk.press("F9")
        clerk.hears("选原因")
        clerk.press("Escape")
        clerk.hears("没有撤销")
        assert [None] == [one.undone for one in town.redemptions()]


class TestOddCodes:
    """experience.md T6 and 0.3: what does not belong here is answered in words, and the basket stays as it was."""

    def test_each_is_answered_and_the_basket_stays(self, clerk, town):
        sell(clerk, town, SOAP)
        for code, answer in {
            "134512345678901234": "微信付款码",
            "285012345678901234": "支付宝付款码",
            "6212345678901234567": "银联付款码",
            "6901234567830": "没有这个条码：6901234567830",
            town.card[:-1] + str((int(town.card[-1]) + 1) % 10): "没有读准这个码",
        }.items():
            clerk.scan(code)
            clerk.hears(answer)
            clerk.sees_basket("香皂 ×1")

    def test_what_is_not_there_is_noted_with_one_key(self, clerk, town):
        sell(clerk, town, SOAP)
        clerk.scan("6901234567830")
        clerk.hears("没有这个条码")
        clerk.press("F5")
        clerk.hears("已记下有人要")
        clerk.sees_basket("香皂 ×1")
        clerk.press("F5")
        clerk.hears("没有要记的")

        assert ["6901234567830"] == town.wanted()

    def test_an_unknown_good_is_registered_with_one_key(self, clerk, town):
        sell(clerk, town, SOAP)
        clerk.scan("6901234567830")
        clerk.hears("没有这个条码")
        clerk.press("F4")
        clerk.page.wait_for_selector("#barcode")
        assert "6901234567830" == clerk.page.input_value("#barcode")
        clerk.page.goto(f"{town.url}/till")
        clerk.sees_basket("香皂 ×1")


class TestParking:
    """experience.md T7 and T8: a basket waits and comes back; nothing is deducted for it."""

    def test_it_waits_while_another_is_served(self, clerk, town):
        clerk.scan(TOWEL)
        clerk.press("F6")
        clerk.hears("已挂单")
        sell(clerk, town, SOAP)
        clerk.press("F9")
        clerk.hears("兑换好了")
        clerk.press("F6")
        clerk.hears("取出哪一单")
        clerk.press("Enter")
        clerk.sees_basket("毛巾 ×1")

        assert () == town.parked()


class TestTheSecondWindow:
    """experience.md 2.2: the window that faces the customer shows the goods and what is left, and no name."""

    def test_it_shows_the_basket(self, context, clerk, town):
        other = context.new_page()
        other.goto(f"{town.url}/till/customer")
        sell(clerk, town, SOAP)
        clerk.sees_basket("香皂 ×1")

        expect(other.locator("#basket")).to_contain_text("香皂")
        expect(other.locator("#total")).to_have_text("15")
        expect(other.locator("main")).not_to_contain_text("王秀英")


class TestPhoneCode:
    """experience.md V2 and trust.md R2: the code on the phone is taken once, and a new one is shown."""

    def test_it_is_taken_once(self, browser, clerk, town):
        phone = browser.new_context(base_url=town.url, locale="zh-CN")
        phone.add_cookies([town.cookie_of("V0001")])
        page = phone.new_page()
        page.goto("/me/code")
        code = page.text_content(".phone-code-digits").replace(" ", "")
        clerk.scan(code)
        clerk.sees_customer("王秀英")
        clerk.press("Escape")
        clerk.scan(code)
        clerk.hears("这个码刚用过")
        page.click("text=换一个新码")
        again = page.text_content(".phone-code-digits").replace(" ", "")
        phone.close()
        assert code != again
        clerk.scan(again)
        clerk.sees_customer("王秀英")
        clerk.scan(SOAP)
        clerk.press("F9")
        clerk.hears("兑换好了")
        assert "phone_code" == town.fact_of_last("identified")
