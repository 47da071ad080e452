"""`timebank volunteer`: register, find and show volunteers; logins. A document number is never an argument."""

from datetime import date
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.kinds import DAY
from timebank.cli.links import show_link
from timebank.cli.output import data, document, pairs, table, tell, word, words
from timebank.ledger.days import day_of
from timebank.market import queries as market
from timebank.people import operations as people
from timebank.people import queries
from timebank.people.identity import DOCUMENT_NAMES, DocumentKind
from timebank.people.operations import NewGuardian, NewVolunteer
from timebank.people.operations.documents import NoDocument, masked_document
from timebank.people.queries import Volunteer
from timebank.people.queries.cards import find_card
from timebank.people.vault import Document
from timebank.stars import queries as stars
from timebank.web import presenting

SEXES: Final = {"女": "female", "男": "male", "female": "female", "male": "male"}
_NUMBER = click.argument("number", metavar="V0005")


@click.group("volunteer")
def group() -> None:
    r"""志愿者：登记、查找、查看、登录链接。 Volunteers: register, find, show, one-time logins.

    \b
    timebank volunteer list 王秀英
    timebank volunteer list wxy
    timebank volunteer show V0005
    timebank volunteer card V0005 --as chen
    timebank volunteer add --name 张桂芳 --phone 19900001234 --area 一片区 --building 3号楼 --as chen
    """


@group.command("add")
@click.option("--name", required=True, help="姓名。 Name.")
@click.option("--phone", default=None, help="手机号。 Mobile phone.")
@click.option("--sex", type=click.Choice(list(SEXES)), default=None, help="性别。 Sex.")
@click.option("--born", type=DAY, default=None, help="出生日期。 Date of birth.")
@click.option("--area", default="", help="片区。 Area.")
@click.option("--building", default="", help="楼栋。 Building.")
@click.option("--household", default=None, help="同户的人写一样的，如 502。 The same for who lives together.")
@click.option("--number", default=None, metavar="V0005", help="已有的编号，默认用下一个。 Number, if there is one.")
@click.option(
    "--document",
    type=click.Choice([kind.value for kind in DocumentKind]),
    default=None,
    help="证件类型；号码随后输入，不会显示。 Kind of document; its number is asked for.",
)
@click.option("--guardian", default=None, metavar="NAME", help="未成年人的监护人。 Guardian of a minor.")
@click.option("--guardian-phone", default=None, help="监护人手机号。 Phone of the guardian.")
@click.option("--skills", default="", help="技能。 Skills.")
@click.option("--note", default="", help="备注。 Note.")
@as_option
@key_option
@with_context
def add(
    context: Context,
    login: str | None,
    key: str | None,
    document: str | None,
    guardian: str | None,
    guardian_phone: str | None,
    sex: str | None,
    born: date | None,
    **texts: Any,
) -> None:
    r"""登记一位志愿者。 Register a volunteer.

    \b
    timebank volunteer add --name 张桂芳 --phone 19900001234 --area 一片区 --building 3号楼 --as chen
    timebank volunteer add --name 史红梅 --born 2013-05-04 --guardian 宋凤英 --as chen
    """
    act = context.act(login, key)
    new = NewVolunteer(
        **texts,
        sex=None if sex is None else SEXES[sex],
        born_on=born,
        document=None if document is None else _asked_document(context, DocumentKind(document)),
        guardian=None if guardian is None else NewGuardian(name=guardian, phone=guardian_phone),
    )
    answer = context.do(lambda session: people.register_volunteers(session, act, people=(new,)))
    _tell_added(context, answer, new.clean_name)


def _asked_document(context: Context, kind: DocumentKind) -> Document:
    number = click.prompt(f"{DOCUMENT_NAMES[kind][0]}号码（输入不显示） / number", hide_input=True, err=True)
    return context.vault.document(context.community_id, kind, number)


def _tell_added(context: Context, answer: dict[str, Any], name: str) -> None:
    number = answer["people"][0]["number"]
    if context.as_json:
        document({"number": number, **answer})
    tell(
        f"✓ 已登记 {name}，编号 {number}。下一步：timebank volunteer show {number}",
        f"✓ {name} is registered as {number}. Next: timebank volunteer show {number}",
    )
    for sharing in answer["shared_phones"]:
        tell(f"同用一个手机号：{'、'.join(sharing)}，请核对。", f"Share a phone, please check: {', '.join(sharing)}.")


@group.command("list")
@click.argument("text", default="")
@click.option("--limit", type=click.IntRange(1, 100_000), default=None, help="最多多少人。 At most so many.")
@with_context
def listed(context: Context, text: str, limit: int | None) -> None:
    r"""按姓名、拼音首字母、编号、手机尾号、楼栋查找；不写就列出所有人。 Find people; without TEXT, all of them.

    \b
    timebank volunteer list
    timebank volunteer list 王秀英
    timebank volunteer list wxy
    timebank volunteer list 1005
    """
    found = context.look(lambda session: _found(session, context.community_id, text, limit))
    if context.as_json:
        document([_as_document(person) for person in found])
        return
    headings = words(("编号", "Number"), ("姓名", "Name"), ("片区", "Area"), ("楼栋", "Building"), ("手机", "Phone"))
    table([*headings, word("出生年", "Born")], [_row(person) for person in found])
    tell(f"{len(found)} 人。", f"{len(found)} people.")


def _found(session: Session, community_id: str, text: str, limit: int | None) -> tuple[Volunteer, ...]:
    if text.strip():
        return queries.search_volunteers(session, community_id, text, limit or 20)
    return queries.all_volunteers(session, community_id)[:limit]


def _row(person: Volunteer) -> tuple[str, ...]:
    number = person.number if person.closed_on is None else f"{person.number} {word('已退出', 'left')}"
    born = "" if person.birth_year is None else str(person.birth_year)
    return number, person.name, person.area or "", person.building or "", person.masked_phone, born


def _as_document(person: Volunteer) -> dict[str, Any]:
    """Return what a program may know: the phone masked, no document."""
    return {
        "number": person.number,
        "name": person.name,
        "sex": person.sex,
        "birth_year": person.birth_year,
        "area": person.area,
        "building": person.building,
        "phone": person.masked_phone,
        "registered_on": person.registered_on,
        "closed_on": person.closed_on,
    }


@group.command("show")
@_NUMBER
@with_context
def show(context: Context, number: str) -> None:
    r"""一位志愿者：住处、星级、时长、积分；证件和手机号遮住。 One volunteer; document and phone are masked.

    \b
    timebank volunteer show V0005
    """
    told = context.look(lambda session: _told(session, context, number))
    if context.as_json:
        document(told)
        return
    pairs(
        [
            (word("编号", "Number"), told["number"]),
            (word("姓名", "Name"), told["name"]),
            (word("住处", "Lives in"), f"{told['area'] or ''} {told['building'] or ''}".strip()),
            (word("手机", "Phone"), told["phone"]),
            (word("证件", "Document"), told["document"] or ""),
            (word("出生年", "Born"), told["birth_year"] or ""),
            (word("登记日期", "Registered"), presenting.day(told["registered_on"])),
            (word("星级", "Star"), presenting.level_name(told["level"])),
            (word("服务时长", "Service"), presenting.duration(told["minutes"])),
            (word("可用积分", "Points"), presenting.points(told["available_e2"])),
        ]
    )
    tell(f"下一步：timebank passbook {number}", f"Next: timebank passbook {number}")


def _told(session: Session, context: Context, number: str) -> dict[str, Any]:
    now = clock.now()
    person = queries.volunteer(session, context.community_id, number)
    progress = stars.progress(session, context.community_id, number, day_of(now))
    passbook = market.passbook(session, context.community_id, number, now)
    amounts = {"level": progress.level, "minutes": progress.minutes, "available_e2": passbook.available_e2}
    return {**_as_document(person), **amounts, "document": _masked(session, context, number)}


def _masked(session: Session, context: Context, number: str) -> str | None:
    try:
        return masked_document(session, context.community_id, number, context.vault).masked
    except NoDocument:
        return None


@group.command("card")
@_NUMBER
@click.option("--new", is_flag=True, help="发一张新卡，旧卡作废。 Give a new card; the old one is void.")
@as_option
@key_option
@with_context
def card(context: Context, number: str, new: bool, login: str | None, key: str | None) -> None:
    r"""存折卡上的二十位码；没有卡或加 --new 就发一张。 The card's code; without a card, or with --new, one is given.

    \b
    timebank volunteer card V0005 --as chen
    timebank volunteer card V0005 --new --as chen
    """
    there = None if new else context.look(lambda session: find_card(session, context.community_id, number))
    if there is None:
        act = context.act(login, key)
        context.do(lambda session: people.issue_card(session, act, number=number))
        there = context.look(lambda session: find_card(session, context.community_id, number))
    assert there is not None, number
    if context.as_json:
        document({"number": number, "code": there.digits})
    else:
        data(there.grouped)
    tell(
        f"✓ {number} 的卡号在上面，店里扫这二十位码。",
        f"✓ The card of {number} is above; the till scans its twenty digits.",
    )


@group.command("login")
@_NUMBER
@as_option
@key_option
@with_context
def login_link(context: Context, number: str, login: str | None, key: str | None) -> None:
    r"""给志愿者一个一次性登录链接。 Print a login that works once.

    \b
    timebank volunteer login V0005 --as chen
    """
    act = context.act(login, key)
    token = chance.fresh_secret()
    answer = context.do(
        lambda session: people.issue_one_time_login(session, act, number=number, one_time_token=Secret(token))
    )
    show_link(context, answer, token)
    tell(
        f"✓ {number} 的链接在上面，只能用一次。请交给本人。",
        f"✓ The link for {number} is above and works once. Give it to them.",
    )
