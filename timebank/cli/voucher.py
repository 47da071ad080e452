"""`timebank voucher`: services that partner units offer, their vouchers, and the month's statements by two persons."""

from typing import Any

import click

from timebank import clock
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, word, words
from timebank.ledger.days import day_of
from timebank.market import operations
from timebank.market.operations import NewOffer
from timebank.market.queries.vouchers import voucher_offers, vouchers_newest
from timebank.market.rules.vouchers import OfferTerms

STATES = {
    "open": ("没用", "not used yet"),
    "honoured": ("用了", "honoured"),
    "released": ("退了", "given back"),
    "expired": ("过期了", "ran out"),
}


@click.group("voucher")
def group() -> None:
    r"""服务券：单位提供、志愿者领、单位核销、每月对账。 Service vouchers of partner units.

    \b
    timebank voucher offer P001 G0042 --quota 10 --as chen
    timebank voucher desk P001 --keeper 李师傅 --as chen
    timebank voucher take V0005 F0001 --as zhao
    timebank voucher settle P001 202611 --as chen
    timebank voucher confirm P001 202611 --as li
    """


@group.command("offers")
@with_context
def offers(context: Context) -> None:
    r"""单位现在提供的服务。 The services that units offer now.

    \b
    timebank voucher offers
    """
    today = day_of(clock.now())
    found = context.look(lambda session: voucher_offers(session, context.community_id, today))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Offer"), ("单位", "Unit"), ("服务", "Service"), ("每月", "A month"), ("还剩", "Left"))
    rows = [(one.number, one.partner_code, one.good_number, one.terms.month_quota, one.left) for one in found]
    table(headings, rows, numbers=[3, 4])


@group.command("list")
@with_context
def vouchers(context: Context) -> None:
    r"""最近的服务券，不显示券码。 The newest vouchers, without their codes.

    \b
    timebank voucher list
    """
    now = clock.now()
    found = context.look(lambda session: vouchers_newest(session, context.community_id, now))
    rows = [(one.number, one.offer_number, one.volunteer_number, one.last_on.isoformat(), one.state) for one in found]
    if context.as_json:
        names = ("number", "offer_number", "volunteer_number", "last_on", "state")
        document([dict(zip(names, row, strict=True)) for row in rows])
        return
    headings = words(
        ("编号", "Voucher"), ("服务", "Offer"), ("志愿者", "Volunteer"), ("有效到", "Good until"), ("状态", "State")
    )
    table(headings, [(*row[:-1], word(*STATES[row[-1]])) for row in rows], numbers=[])


@group.command("offer")
@click.argument("partner", metavar="P001")
@click.argument("good", metavar="G0042")
@click.option("--quota", type=int, required=True, help="每月几张。 Vouchers a month.")
@click.option("--person", type=int, default=1, help="每人每月几张，默认 1。 For one person a month.")
@click.option("--days", type=int, default=14, help="有效几天，默认 14。 Days for which one is good.")
@click.option("--value-fen", type=int, default=0, help="每次值多少分钱。 What it is worth, in fen.")
@as_option
@key_option
@with_context
def offer(context: Context, *, partner: str, good: str, login: str | None, key: str | None, **terms: int) -> None:
    r"""单位提供一种服务；它的积分在兑换积分表里定。 Offer a unit's service.

    \b
    timebank voucher offer P001 G0042 --quota 10 --days 14 --as chen
    """
    act = context.act(login, key)
    wanted = NewOffer(partner, good, OfferTerms(terms["quota"], terms["person"], terms["days"], terms["value_fen"]))
    answer = context.do(lambda session: operations.offer_vouchers(session, act, offer=wanted))
    number = answer["number"]
    _told(context, answer, (f"✓ 已提供 {number}。", f"✓ Offered: {number}."))


@group.command("end")
@click.argument("number", metavar="F0001")
@as_option
@key_option
@with_context
def end(context: Context, number: str, login: str | None, key: str | None) -> None:
    r"""停发；以前领的券还能用。 Give no further voucher of an offer.

    \b
    timebank voucher end F0001 --as chen
    """
    act = context.act(login, key)
    context.do(lambda session: operations.end_voucher_offer(session, act, offer_number=number))
    tell(f"✓ {number} 停发了。", f"✓ {number} gives no further voucher.")


@group.command("desk")
@click.argument("partner", metavar="P001")
@click.option("--keeper", required=True, metavar="NAME", help="谁核销。 Who honours vouchers there.")
@as_option
@key_option
@with_context
def desk(context: Context, partner: str, *, keeper: str, login: str | None, key: str | None) -> None:
    r"""给单位的人一张核销牌。 Give somebody at a unit a card that honours vouchers.

    \b
    timebank voucher desk P001 --keeper 李师傅 --as chen
    """
    act = context.act(login, key)
    answer = context.do(lambda session: operations.make_voucher_desk(session, act, partner_code=partner, keeper=keeper))
    code = answer["code"]
    _told(context, answer, (f"✓ {answer['number']} 的核销牌：{code}", f"✓ Card of {answer['number']}: {code}"))


@group.command("end-desk")
@click.argument("number", metavar="D001")
@as_option
@key_option
@with_context
def end_desk(context: Context, number: str, login: str | None, key: str | None) -> None:
    r"""停用一张核销牌。 Let a card work no more.

    \b
    timebank voucher end-desk D001 --as chen
    """
    act = context.act(login, key)
    context.do(lambda session: operations.end_voucher_desk(session, act, desk_number=number))
    tell(f"✓ {number} 停用了。", f"✓ {number} works no more.")


@group.command("take")
@click.argument("volunteer", metavar="V0005")
@click.argument("offer_number", metavar="F0001")
@as_option
@key_option
@with_context
def take(context: Context, volunteer: str, offer_number: str, login: str | None, key: str | None) -> None:
    r"""替志愿者领一张券，积分先留着。 Take a voucher for a volunteer; its points are put aside.

    \b
    timebank voucher take V0005 F0001 --as zhao
    """
    act = context.act(login, key)
    answer = context.do(
        lambda session: operations.take_voucher(session, act, volunteer_number=volunteer, offer_number=offer_number)
    )
    number, code = answer["number"], answer["code"]
    _told(context, answer, (f"✓ {number}，券码 {code}", f"✓ {number}, its code is {code}"))


@group.command("back")
@click.argument("number", metavar="E000001")
@as_option
@key_option
@with_context
def back(context: Context, number: str, login: str | None, key: str | None) -> None:
    r"""退一张没用的券，积分退回。 Give a voucher back; its points come back.

    \b
    timebank voucher back E000001 --as zhao
    """
    act = context.act(login, key)
    answer = context.do(lambda session: operations.give_voucher_back(session, act, voucher_number=number))
    _told(context, answer, (f"✓ {number} 退了，积分退回了。", f"✓ {number} is given back, and so are its points."))


@group.command("settle")
@click.argument("partner", metavar="P001")
@click.argument("month", metavar="202611", type=int)
@as_option
@key_option
@with_context
def settle(context: Context, partner: str, month: int, login: str | None, key: str | None) -> None:
    r"""出一个单位一个月的对账单；另一位确认。 Draw up a unit's month; another person confirms it.

    \b
    timebank voucher settle P001 202611 --as chen
    """
    act = context.act(login, key)
    answer = context.do(lambda session: operations.draw_up_settlement(session, act, partner_code=partner, month=month))
    count = answer["vouchers"]
    _told(context, answer, (f"✓ {partner} {month}：核销 {count} 张。", f"✓ {partner} {month}: {count} honoured."))


@group.command("confirm")
@click.argument("partner", metavar="P001")
@click.argument("month", metavar="202611", type=int)
@as_option
@key_option
@with_context
def confirm(context: Context, partner: str, month: int, login: str | None, key: str | None) -> None:
    r"""确认别人出的对账单。 Confirm a statement that somebody else drew up.

    \b
    timebank voucher confirm P001 202611 --as li
    """
    act = context.act(login, key)
    context.do(lambda session: operations.confirm_settlement(session, act, partner_code=partner, month=month))
    tell(f"✓ {partner} {month} 已确认。", f"✓ {partner} {month} is confirmed.")


def _told(context: Context, answer: dict[str, Any], said: tuple[str, str]) -> None:
    if context.as_json:
        document(answer)
    tell(*said)
