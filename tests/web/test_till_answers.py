"""What the till's page asks and is told: goods, parked baskets, who stands there, redeeming, undoing, locking."""

import re

from tests.web.sites import said
from tests.web.town import RICE_CODE, SOAP, SOAP_CODE, TOWEL, WANG, ZHANG, card_of
from timebank.chance import fresh_key
from timebank.ledger.codes import Code, CodeKind
from timebank.web.commands import COMMANDS

TILL = "一号收银台"


def grouped_in(page):
    """The twenty digits that a page shows in groups."""
    return re.findall(r"9[0-9]{3}(?: [0-9]{4}){4}", page)[0].replace(" ", "")


def look(clerk, text):
    return clerk.get("/till/look", query_string={"text": text}).get_json()


def ask(clerk, path, **told):
    """Send what the page sends, with a key of its own."""
    return clerk.post_json(path, {"request_key": fresh_key()} | told)


def redeem(clerk, **changes):
    told = {"volunteer": WANG, "identified": "card", "basket": [{"good": SOAP, "pieces": 1, "price_e2": 1500}]}
    return ask(clerk, "/till/redemptions", **(told | changes))


class TestRedeeming:
    """T2: the answer tells how much was used and where the slip is; a «no» tells every reason."""

    def test_it_tells_what_was_used_and_where_the_slip_is(self, site):
        clerk = site.visitor("zhao")

        told = redeem(clerk).get_json()

        assert "用了 15 分" in told["said"]
        assert 200 == clerk.get(told["slip"]).status_code

    def test_a_price_that_has_changed_is_told_and_nothing_is_taken(self, site):
        clerk = site.visitor("zhao")

        answer = redeem(clerk, basket=[{"good": SOAP, "pieces": 1, "price_e2": 1400}])

        assert 409 == answer.status_code
        assert {SOAP: 1500} == answer.get_json()["prices"]

    def test_nobody_is_served_of_whom_it_is_not_said_how_they_were_known(self, site):
        clerk = site.visitor("zhao")
        for unsaid in (None, "", "by heart"):
            answer = redeem(clerk, identified=unsaid)
            assert (400, True) == (answer.status_code, answer.get_json()["malformed"])


class TestUndoing:
    """T5: which one, and a reason by its digit."""

    def test_once_and_with_a_reason(self, site):
        clerk = site.visitor("zhao")
        number = redeem(clerk).get_json()["number"]

        for reason in (0, 5, "1", None):
            assert 400 == ask(clerk, "/till/undo", number=number, reason=reason).status_code
        assert "已撤销，15 分已退回" in ask(clerk, "/till/undo", number=number, reason=4).get_json()["said"]
        assert "already_undone" == ask(clerk, "/till/undo", number=number, reason=4).get_json()["code"]


class TestLooking:
    """experience.md 0.3: by grammar first; what belongs elsewhere is told so."""

    def test_goods_on_sale_are_told_by_their_bar_codes(self, site):
        told = site.visitor("zhao").get("/till/goods").get_json()

        assert ("香皂", 1500, 19) == (told[SOAP_CODE]["name"], told[SOAP_CODE]["price_e2"], told[SOAP_CODE]["free"])
        assert RICE_CODE not in told

    def test_a_label_of_the_house_is_a_good(self, site):
        clerk = site.visitor("zhao")

        assert SOAP == look(clerk, Code(CodeKind.LABEL, 1).digits)["good"]
        assert "unknown" == look(clerk, Code(CodeKind.LABEL, 999).digits)["kind"]

    def test_a_card_says_by_what_somebody_is_known_and_a_number_does_not(self, site):
        clerk = site.visitor("zhao")
        with site.reading() as session:
            card = card_of(session)

        assert ("customer", "card") == (look(clerk, card)["kind"], look(clerk, card)["by"])
        assert ("customer", None) == (look(clerk, WANG)["kind"], look(clerk, WANG)["by"])

    def test_other_codes_of_ours_are_told_apart(self, site):
        clerk = site.visitor("zhao")
        for kind, words in (
            (CodeKind.BADGE, "工牌"),
            (CodeKind.COMMAND, "口令卡"),
            (CodeKind.ACTIVITY, "签到码"),
            (CodeKind.DOCUMENT, "核对码"),
            (CodeKind.PHONE, "手机存折码"),
        ):
            assert words in look(clerk, Code(kind, 7).digits)["said"]


class TestParking:
    """T8 and 0.4: a basket waits with its customer, and comes back at the prices of now."""

    def test_it_is_listed_and_taken_up_once(self, site):
        clerk = site.visitor("zhao")
        basket = [{"good": SOAP, "pieces": 2}, {"good": "G0004", "pieces": 1}]
        number = ask(clerk, "/till/parked", till=TILL, volunteer=ZHANG, basket=basket).get_json()["number"]

        (waiting,) = clerk.get("/till/parked", query_string={"till": TILL}).get_json()["baskets"]
        assert "张桂芳 V0003 香皂 ×2、大米5公斤 ×1" in waiting["words"]

        taken = ask(clerk, f"/till/parked/{number}").get_json()
        assert (ZHANG, None) == (taken["customer"]["number"], taken["customer"]["by"])
        assert [(SOAP, 2, 1500), ("G0004", 1, 0)] == [
            (line["good"], line["pieces"], line["price_e2"]) for line in taken["basket"]
        ]
        assert "parked_basket_gone" == ask(clerk, f"/till/parked/{number}").get_json()["code"]
        assert [] == clerk.get("/till/parked", query_string={"till": TILL}).get_json()["baskets"]

    def test_an_answer_that_was_lost_is_given_again(self, site):
        clerk = site.visitor("zhao")
        basket = [{"good": TOWEL, "pieces": 1}]
        number = ask(clerk, "/till/parked", till=TILL, basket=basket).get_json()["number"]
        key = {"request_key": fresh_key()}

        first = clerk.post_json(f"/till/parked/{number}", key).get_json()

        assert first == clerk.post_json(f"/till/parked/{number}", key).get_json()
        assert first["customer"] is None


class TestTheDoor:
    """T1 and T10: four digits the first time, the badge alone where a clerk has locked the till."""

    def badge(self, clerk):
        assert 409 == clerk.post("/till/own-badge", {"pin": "1234"}).status_code
        assert 302 == clerk.post("/till/own-badge", {"pin": "2580"}).status_code
        return grouped_in(said(clerk.get("/till/own-badge")))

    def test_a_locked_till_is_signed_out_and_a_badge_opens_it(self, site):
        clerk = site.visitor("qian")
        badge = self.badge(site.visitor("zhao"))
        stranger = site.visitor()
        assert "四位数字" in said(stranger.post("/till/badge", {"badge": badge}))
        assert 409 == stranger.post("/till/badge", {"badge": badge, "pin": "0852"}).status_code
        assert 302 == stranger.post("/till/badge", {"badge": badge, "pin": "2580"}).status_code
        assert "赵敏" in said(stranger.get("/till"))
        stranger._token = None
        assert 200 == ask(stranger, "/till/lock").status_code
        assert 302 == stranger.get("/till").status_code
        stranger._token = None

        assert 302 == stranger.post("/till/badge", {"badge": badge}).status_code
        assert "赵敏" in said(stranger.get("/till"))
        assert 400 == clerk.post_json("/till/lock", {}).status_code

    def test_another_code_opens_nothing(self, site):
        stranger = site.visitor()
        for code in ("", "abc", Code(CodeKind.CARD, 7).digits, COMMANDS[0].code.digits):
            assert 200 != stranger.post("/till/badge", {"badge": code}).status_code
        assert "工牌" in said(stranger.get("/till/badge"))


class TestPages:
    """What is printed for the till, and the window for the customer."""

    def test_every_command_has_a_card(self, site):
        page = said(site.visitor("zhao").get("/till/cards"))
        assert all(command.code.grouped in page for command in COMMANDS)

    def test_the_second_window_names_nobody(self, site):
        assert "换后还剩" in said(site.visitor("zhao").get("/till/customer"))

    def test_a_volunteer_shows_a_code_that_the_till_takes_once(self, site):
        clerk, volunteer = site.visitor("zhao"), site.visitor(WANG)
        code = grouped_in(said(volunteer.get("/me/code")))

        told = ask(clerk, "/till/phone-code", code=code).get_json()

        assert (WANG, "phone_code") == (told["number"], told["by"])
        assert "phone_code_used" == ask(clerk, "/till/phone-code", code=code).get_json()["code"]
        assert 400 == ask(clerk, "/till/phone-code", code="91" + code[2:]).status_code
