"""Builders of batches: an open office with two coordinators, a clerk and an auditor, and files of each kind.

Files are real CSV bytes, read as the shell reads them; a test says only what matters to it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tests.builders import an_act, rules_at_once
from tests.imports.files import a_csv
from tests.people import builders as people
from timebank.books import statements
from timebank.imports import operations, queries
from timebank.imports.incoming import Incoming, read_goods, read_hours, read_opening, read_register
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef
from timebank.people.queries import Staff
from timebank.people.roles import SYSTEM, Role
from timebank.rulebook.operations import publish_first

XFL = people.XFL

REGISTER = ("志愿者编号", "姓名*", "证件类型", "证件号码", "手机号*", "出生日期", "片区", "楼栋", "监护人")
HOURS = (
    "活动编号*",
    "志愿者编号*",
    "姓名",
    "开始时间*",
    "结束时间*",
    "服务类型*",
    "地点",
    "内容",
    "负责人*",
    "记录人",
    "签到表编号",
)
OPENING = ("志愿者编号*", "姓名*", "累计分钟*", "结余积分*", "纸质存折号")
GOODS = ("条码*", "品名*", "兑换积分*", "数量*", "单价（元）", "捐赠单位", "有效期", "每人每月限兑")

SOAP, TOWEL, RICE = "2100000000012", "2100000000043", "2100000000029"


@dataclass(frozen=True)
class Office:
    """An open office: chen brings files, li confirms them, zhao stands at the till, zhou checks the books."""

    session: Session
    chen: Staff
    li: Staff
    zhao: Staff
    zhou: Staff

    def act(self, by: Staff, **changes: Any):
        """Build an act of somebody who works here."""
        return people.acting_as(by, **changes)


def an_office(session, *, rules=None):
    """Open a community with its staff; what is approved is posted at once unless its rules say otherwise."""
    people.open_the_community(session)
    publish_first(
        session,
        an_act(number=SYSTEM, at=people.OPENED_AT),
        go_live_on=people.GO_LIVE_ON,
        ordinary=rules or rules_at_once(),
    )
    told = (
        ("chen", "陈敏", Role.COORDINATOR),
        ("li", "李建国", Role.COORDINATOR),
        ("zhao", "赵敏", Role.CLERK),
        ("zhou", "周会计", Role.AUDITOR),
    )
    staff = {login: people.a_staff_member(session, role, login=login, name=name) for login, name, role in told}
    return Office(session=session, **staff)


def a_person(number="V0001", name="石静", **changes):
    """One row of a register."""
    told = {
        "phone": f"1990000{number[1:] or 1:0>4}",
        "born": "1960-05-04",
        "area": "一片区",
        "building": "1号楼",
    } | changes
    return (
        number,
        name,
        told.get("kind", ""),
        told.get("document", ""),
        told["phone"],
        told["born"],
        told["area"],
        told["building"],
        told.get("guardian", ""),
    )


def a_service(number="V0001", starts="2026-10-10 09:00", ends="2026-10-10 11:00", **changes):
    """One row of a sign-in sheet."""
    told = {
        "activity": "HD10101",
        "name": "",
        "class": "环境清洁",
        "place": "东门",
        "content": "东门环境清洁",
        "leader": "冯国强",
        "recorder": "陈敏",
        "sheet": "QD-20261010-1",
    } | changes
    before = (told["activity"], number, told["name"], starts, ends)
    return (*before, told["class"], told["place"], told["content"], told["leader"], told["recorder"], told["sheet"])


def a_balance(number="V0001", name="石静", minutes="600", points="57.5", passbook="存折0001"):
    """One row of opening balances."""
    return number, name, minutes, points, passbook


def a_lot(barcode=SOAP, name="香皂", points="3", pieces="30", **changes):
    """One row of a delivery."""
    told = {"price": "2.70", "donor": "农商行支行", "expires": "", "limit": ""} | changes
    return barcode, name, points, pieces, told["price"], told["donor"], told["expires"], told["limit"]


def a_register(*rows) -> Incoming[Any]:
    """A register as it is submitted; two people unless the test says otherwise."""
    content = a_csv(REGISTER, *(rows or (a_person(), a_person("V0002", "孟桂兰"))))
    return read_register("名单.csv", content, community_id=XFL, vault=people.VAULT)


def sheets(*rows, headings=HOURS) -> Incoming[Any]:
    """Sign-in sheets as they are submitted."""
    return read_hours("时长.csv", a_csv(headings, *rows), community_id=XFL, vault=people.VAULT)


def balances(*rows) -> Incoming[Any]:
    """Opening balances as they are submitted."""
    return read_opening("期初.csv", a_csv(OPENING, *rows))


def a_delivery(*rows) -> Incoming[Any]:
    """A delivery as it is submitted."""
    return read_goods("物品.csv", a_csv(GOODS, *rows))


def registered(office, *rows):
    """Register people; return the answer."""
    return operations.submit_volunteers(office.session, office.act(office.chen), file=a_register(*rows).file)


def submitted_hours(office, *rows, by=None, **changes):
    """Submit sign-in sheets; return the answer."""
    act = office.act(by or office.chen, **changes)
    return operations.submit_hours(office.session, act, file=sheets(*rows).file)


def submitted_opening(office, *rows, by=None, **changes):
    """Submit opening balances; return the answer."""
    act = office.act(by or office.chen, **changes)
    return operations.submit_opening(office.session, act, file=balances(*rows).file)


def submitted_goods(office, *rows, by=None, **changes):
    """Submit a delivery; return the answer."""
    act = office.act(by or office.chen, **changes)
    return operations.submit_goods(office.session, act, file=a_delivery(*rows).file)


def confirmed(office, batch, by=None, **given):
    """Let the second person confirm what was submitted; return what that has done."""
    act = office.act(by or office.li)
    return operations.confirm(office.session, act, number=batch["batch"], **given)


def undone(office, answer, by=None, reason="导错了文件", **changes):
    """Take a batch back; return what that has done."""
    act = office.act(by or office.li, **changes)
    return operations.undo(office.session, act, number=answer["batch"], reason=reason)


def state_of(office, answer):
    """Where a batch stands."""
    return queries.batch(office.session, XFL, answer["batch"]).state


def problems_of(refused):
    """The lines and codes of a refused file."""
    return [(each.line, each.problem.code) for each in refused.value.problems]


def minutes_of(office, number):
    """Recognised minutes of a volunteer."""
    return statements.balance(office.session, XFL, AccountRef(AccountKind.RECOGNISED, number, MINUTES))


def points_e2_of(office, number):
    """Points in a passbook, in hundredths."""
    return statements.balance(office.session, XFL, AccountRef(AccountKind.PASSBOOK, number, POINTS))
