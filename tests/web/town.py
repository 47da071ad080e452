"""A town for the tests of the pages: two communities with people, hours, stars and a shop, made by the real operations.

Everything took place in the last days before now, for the pages ask the real clock. Both communities hold the same
(`fill`); the other one has a little more, so that it has numbers which the first has not.
"""

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.builders import an_act, rules_at_once
from tests.people.builders import VAULT, an_identity_number
from timebank import clock
from timebank.books.requests import Secret
from timebank.database import writing
from timebank.imports import operations as imports
from timebank.imports.incoming import read_opening
from timebank.ledger.days import day_of, moment_of
from timebank.market import operations as market
from timebank.market.operations import BasketLine, NewDonation, NewGood, NewLot, NewPrice
from timebank.people import operations as people
from timebank.people import queries as people_queries
from timebank.people.identity import DocumentKind
from timebank.people.operations import NewCommunity, NewStaff, NewVolunteer, Place
from timebank.people.operations.security_admins import ask_security_admin, confirm_security_admin
from timebank.people.operations.signing_in import open_demo_session
from timebank.people.roles import SYSTEM, Role
from timebank.rulebook.operations import publish_first
from timebank.service import operations as service
from timebank.service.asked import Decision, NewActivity, Sheet, SheetLine

XFL, YFL = "xfl", "yfl"
STAFF: Final = (
    ("li", "李建国", Role.COORDINATOR),
    ("chen", "陈敏", Role.COORDINATOR),
    ("zhao", "赵敏", Role.CLERK),
    ("qian", "钱芳", Role.CLERK),
    ("zhou", "周会计", Role.AUDITOR),
)
LOGINS: Final = ("admin", *(login for login, _name, _role in STAFF))
WANG, NAMESAKE, ZHANG = "V0001", "V0002", "V0003"
"""王秀英 with a card and a star case, the other 王秀英, and 张桂芳 who has redeemed."""
PEOPLE: Final = 32
SOAP, PASTE, TOWEL, RICE = "G0001", "G0002", "G0003", "G0004"
SOAP_CODE, PASTE_CODE, TOWEL_CODE, RICE_CODE = "6901234567892", "6901234567908", "6901234567915", "6901234567922"
GOODS: Final = (
    (SOAP_CODE, "香皂", "块", 1500, 20),
    (PASTE_CODE, "牙膏", "支", 2500, 20),
    (TOWEL_CODE, "毛巾", "条", 500, 3),
)
"""Bar code, name, unit word, price in hundredths of a point, pieces; the rice has neither price nor pieces."""
CLEANED, TO_RECORD, CLASSROOM, PROPOSED, TO_COME, ONLY_IN_YFL = (f"HD000{place}" for place in range(1, 7))
SLIP, SLIP_ONLY_IN_YFL, VOLUNTEER_ONLY_IN_YFL = "R000001", "R000002", "V0777"
HEADER: Final = ("志愿者编号", "姓名", "累计分钟", "结余积分", "纸质存折号")


def secret_of(login: str) -> str:
    """The secret of the session that somebody of the town has open; the same in both communities."""
    return f"session of {login}"


@dataclass
class Stage:
    """Where a community is made: who acts, and when."""

    session: Session
    community_id: str
    now: datetime
    ids: dict[str, UUID] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    def act(self, login: str, *, days_ago: int = 0):
        """An act of somebody who works here."""
        return an_act(
            community_id=self.community_id,
            person_id=self.ids.get(login, UUID(int=0)),
            number=self.numbers.get(login, SYSTEM),
            at=self.now - timedelta(days=days_ago),
            channel="web",
        )

    def moment(self, days_ago: int, hour: int) -> datetime:
        """An hour of a day, in the community's time."""
        return moment_of(day_of(self.now) - timedelta(days=days_ago), time(hour))


def build(session: Session) -> None:
    """Make both communities."""
    now = clock.now()
    for community_id, name in ((XFL, "幸福里社区"), (YFL, "元丰里社区")):
        stage = Stage(session, community_id, now)
        _open(stage, name)
        fill(stage)
        if community_id == YFL:
            _a_little_more(stage)
        _sign_everybody_in(stage)


def _open(stage: Stage, name: str) -> None:
    opened = stage.act(SYSTEM, days_ago=40)
    go_live_on = day_of(opened.at) + timedelta(days=10)
    new = NewCommunity(name=name, go_live_on=go_live_on, station_phone="0531-0000 0123", opening_hours="8:30–17:00")
    answer = people.open_community(
        stage.session, opened, community=new, admin=NewStaff(login="admin", name="陈主任"), one_time_token=Secret("-")
    )
    publish_first(stage.session, stage.act(SYSTEM, days_ago=40), go_live_on=go_live_on, ordinary=rules_at_once())
    stage.ids["admin"], stage.numbers["admin"] = UUID(answer["person_id"]), answer["number"]
    for login, called, role in STAFF:
        added = people.add_staff(
            stage.session,
            stage.act("admin", days_ago=39),
            staff=NewStaff(login=login, name=called),
            roles=(role,),
            one_time_token=Secret(f"token of {login}"),
        )
        stage.ids[login], stage.numbers[login] = UUID(added["person_id"]), added["number"]


def fill(stage: Stage) -> None:
    """People, paper passbooks, activities and hours, goods and prices, a redemption."""
    _register(stage)
    _carry_over(stage)
    _hold_activities(stage)
    _stock_the_shop(stage)


def _register(stage: Stage) -> None:
    buildings = ("3号楼", "7号楼", "1号楼")
    places = tuple(Place(area="东片区", building=building) for building in buildings)
    people.ensure_org_units(stage.session, stage.act("admin", days_ago=38), places=places)
    names = [
        "王秀英",
        "王秀英",
        "张桂芳",
        *(f"{'李刘陈杨赵黄周吴徐孙'[place % 10]}{'强芳'[place % 2]}{'一二三'[place % 3]}" for place in range(29)),
    ]
    newcomers = tuple(
        NewVolunteer(
            name=name,
            phone=f"1990000{1001 + place}",
            sex="female",
            area="东片区",
            building=buildings[place % 3],
            document=VAULT.document(
                stage.community_id, DocumentKind.RESIDENT_ID, an_identity_number(sequence=1 + 2 * place)
            ),
        )
        for place, name in enumerate(names)
    )
    people.register_volunteers(stage.session, stage.act("li", days_ago=38), people=newcomers)
    people.issue_card(stage.session, stage.act("li", days_ago=30), number=WANG)


def _carry_over(stage: Stage) -> None:
    """王秀英 and 张桂芳 bring paper passbooks; with them 王秀英 reaches her first star."""
    written = io.StringIO()
    csv.writer(written).writerows(
        [HEADER, (WANG, "王秀英", 6300, 200, "存折0001"), (ZHANG, "张桂芳", 600, 100, "存折0003")]
    )
    file = read_opening("纸质存折.csv", written.getvalue().encode()).file
    batch = imports.submit_opening(stage.session, stage.act("li", days_ago=20), file=file)
    imports.confirm(stage.session, stage.act("chen", days_ago=20), number=batch["batch"])


def _hold_activities(stage: Stage) -> None:
    _activity(stage, "清扫楼道", 3, 9, 2)
    everybody = [f"V{place:04d}" for place in range(1, PEOPLE - 1)]
    _approve(stage, _record(stage, CLEANED, everybody, days_ago=3, hour=9, hours=2))
    _activity(stage, "清扫楼道", 1, 9, 2)
    _activity(stage, "四点半课堂", 2, 13, 5)
    _record(stage, CLASSROOM, [WANG, NAMESAKE], days_ago=2, hour=13, hours=5, remark="全程都在")
    _record(stage, CLASSROOM, [ZHANG], days_ago=2, hour=13, hours=5)
    _record(stage, CLASSROOM, ["V0004"], days_ago=2, hour=13, hours=1)
    _activity(stage, "义诊", -7, 8, 3, approved=False)
    _activity(stage, "平安夜巡", -2, 19, 1)


def _activity(stage: Stage, title: str, days_ago: int, hour: int, hours: int, *, approved: bool = True) -> str:
    starts_at = stage.moment(days_ago, hour)
    new = NewActivity(
        title=title,
        service_class="cleaning",
        place="3号楼",
        leader="李建国",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
    )
    number = service.create_activity(stage.session, stage.act("li", days_ago=6), new=new)
    if approved:
        service.approve_activity(stage.session, stage.act("chen", days_ago=6), number=number)
    return number


def _record(
    stage: Stage, activity: str, numbers: list[str], *, days_ago: int, hour: int, hours: int, remark: str = ""
) -> list[UUID]:
    starts_at = stage.moment(days_ago, hour)
    ends_at = starts_at + timedelta(hours=hours)
    lines = tuple(
        SheetLine(volunteer_number=one, starts_at=starts_at, ends_at=ends_at, remark=remark) for one in numbers
    )
    answer = service.record_many(stage.session, stage.act("li"), sheet=Sheet(activity_number=activity, lines=lines))
    return [UUID(record_id) for record_id in answer["records"]]


def _approve(stage: Stage, records: list[UUID]) -> None:
    decisions = tuple(Decision(record_id=one, rating=5, answer="签到表核对过") for one in records)
    service.approve_many(stage.session, stage.act("chen"), decisions=decisions)


def _stock_the_shop(stage: Stage) -> None:
    li, chen = stage.act("li", days_ago=5), stage.act("chen", days_ago=5)
    partner = people.add_partner(stage.session, stage.act("admin", days_ago=5), name="百家福超市")
    goods = [NewGood(barcode=code, name=name, unit_word=unit, month_pieces_max=None) for code, name, unit, *_ in GOODS]
    rice = NewGood(barcode=RICE_CODE, name="大米5公斤", unit_word="袋", month_pieces_max=1)
    market.add_goods(stage.session, li, goods=(*goods, rice))
    offered = tuple(zip((SOAP, PASTE, TOWEL), GOODS, strict=True))
    prices = tuple(NewPrice(number, price) for number, (*_, price, _pieces) in offered)
    proposed = market.propose_prices(
        stage.session, stage.act("li", days_ago=5), prices=prices, wanted_from=day_of(li.at)
    )
    market.confirm_prices(stage.session, chen, version=proposed["version"])
    lots = tuple(NewLot(good_number=number, pieces=pieces, unit_price_fen=350) for number, (*_, pieces) in offered)
    donation = NewDonation(partner_code=partner, lots=lots, slip="S-1")
    received = market.receive(stage.session, stage.act("zhao", days_ago=4), donation=donation)
    market.check_in(stage.session, stage.act("qian", days_ago=4), donation_number=received["number"])
    market.receive(stage.session, stage.act("zhao"), donation=donation)
    market.propose_prices(
        stage.session, stage.act("li"), prices=(NewPrice(RICE, 16000),), wanted_from=day_of(stage.now)
    )
    _redeem(stage, ZHANG)


def _redeem(stage: Stage, number: str) -> None:
    basket = (BasketLine(SOAP, 1), BasketLine(TOWEL, 1))
    market.redeem(stage.session, stage.act("zhao"), volunteer_number=number, basket=basket)


def _a_little_more(stage: Stage) -> None:
    newcomer = NewVolunteer(name="只在元丰里", number=VOLUNTEER_ONLY_IN_YFL)
    people.register_volunteers(stage.session, stage.act("li"), people=(newcomer,))
    _activity(stage, "合唱", 1, 9, 1)
    _redeem(stage, WANG)


def _sign_everybody_in(stage: Stage) -> None:
    """A session for each, begun a little ahead of now: while the tests run no page needs to note that it was seen."""
    for login in (*LOGINS, WANG, NAMESAKE, ZHANG):
        ahead = an_act(community_id=stage.community_id, at=stage.now + timedelta(minutes=50), number="nobody")
        open_demo_session(stage.session, ahead, login=login, session_secret=Secret(secret_of(login)))


def make_security_admin(engine: Engine, login: str) -> None:
    """Let somebody of the staff become security admin: the admin asks, 李建国 confirms; they are signed in again."""
    with writing(engine) as session:
        of = {name: people_queries.staff_by_login(session, XFL, name) for name in ("admin", "li", login)}
        now = clock.now()

        def act(name: str):
            return an_act(community_id=XFL, person_id=of[name].person_id, number=of[name].number, at=now)

        asked = ask_security_admin(session, act("admin"), number=of[login].number, reason="居委会决定")
        confirm_security_admin(session, act("li"), reset_id=UUID(asked))
        ahead = an_act(community_id=XFL, at=now + timedelta(minutes=50), number="nobody")
        open_demo_session(session, ahead, login=login, session_secret=Secret(secret_of(f"{login} again")))


def number_of(login: str) -> str:
    """The staff number of a login name; volunteers sign in with their own."""
    return f"S{LOGINS.index(login) + 1:03d}" if login in LOGINS else login


def card_of(session: Session, number: str = WANG, community_id: str = XFL) -> str:
    """The twenty digits on somebody's card."""
    card = people_queries.find_card(session, community_id, number)
    assert card is not None
    return card.digits
