"""The first day of the demo: the community is opened, its people are registered, paper passbooks are carried over."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from timebank.books.requests import Secret
from timebank.certificates import operations as certificates
from timebank.certificates.rules import Office
from timebank.demo.cast import (
    ADMIN,
    ADMIN_NAME,
    BUILDINGS,
    CHEN,
    GUARDIAN,
    LI,
    PAPER_ONLY,
    STAFF,
    UNITS,
    Member,
    area_of,
    building_name,
    unit_name,
)
from timebank.demo.goods import PARTNERS, articles
from timebank.demo.scenes import Scene
from timebank.demo.stage import COMMUNITY, Player, Stage
from timebank.evidence import operations as evidence
from timebank.imports import operations as imports
from timebank.imports.incoming import read_opening
from timebank.ledger.days import moment_of
from timebank.market import operations as market
from timebank.market.operations import NewGood
from timebank.people import operations as people
from timebank.people import queries as people_queries
from timebank.people.identity import DocumentKind
from timebank.people.operations import NewCommunity, NewGuardian, NewStaff, NewVolunteer, Place
from timebank.people.roles import SYSTEM
from timebank.rulebook import operations as rulebook
from timebank.rulebook.rules import AT_ONCE, RuleDocument, ordinary_document

NAME: Final = "幸福里社区（演示）"
STATION_PHONE: Final = "0531-0000 0123"
OPENING_HOURS: Final = "周一至周六 8:30–17:00，周日休息"
CARDS: Final = 20
WITHOUT_DOCUMENT_EVERY: Final = 9
"""Nobody must show a document; of so many members one has not."""


def _unused_login(seed: str, login: str) -> Secret:
    """A one-time login that nobody is told; it was over long ago. In the demo one click is enough."""
    return Secret(f"{seed} {login} nobody is told this")


def rules_at_first() -> RuleDocument:
    """The community of the demo began without asking anybody again, and changed its mind later."""
    return replace(ordinary_document(), confirmation=AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Scene):
    """The community is opened with its first rules, and the key of its log is announced."""

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        day = stage.act(self.by, self.at).today
        new = NewCommunity(name=NAME, go_live_on=day, station_phone=STATION_PHONE, opening_hours=OPENING_HOURS)
        answer = people.open_community(
            stage.session,
            stage.act(self.by, self.at),
            community=new,
            admin=NewStaff(login=ADMIN, name=ADMIN_NAME),
            one_time_token=_unused_login(stage.seed, ADMIN),
        )
        stage.players[ADMIN] = Player(UUID(answer["person_id"]), answer["number"])
        rulebook.publish_first(stage.session, stage.act(self.by, self.at), go_live_on=day, ordinary=rules_at_first())
        evidence.announce_key(stage.session, stage.act(self.by, self.at), key=stage.log_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire(Scene):
    """The staff is added, each with one role."""

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        for login, name, role in STAFF:
            answer = people.add_staff(
                stage.session,
                stage.act(self.by, self.at),
                staff=NewStaff(login=login, name=name),
                roles=(role,),
                one_time_token=_unused_login(stage.seed, login),
            )
            stage.players[login] = Player(UUID(answer["person_id"]), answer["number"])


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildTree(Scene):
    """The organisation below the branch: three areas, nine buildings, a 中心户 in each staircase; and the partners."""

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        places = tuple(
            Place(area=area_of(building), building=building_name(building), member_household=unit_name(building, unit))
            for building in range(1, BUILDINGS + 1)
            for unit in range(1, UNITS + 1)
        )
        people.ensure_org_units(stage.session, stage.act(self.by, self.at), places=places)
        for name in PARTNERS:
            stage.partners[name] = people.add_partner(stage.session, stage.act(self.by, self.at), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameOffice(Scene):
    """It is said which unit issues certificates, and who is responsible."""

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        office = Office("幸福里社区居民委员会（演示）", ADMIN_NAME)
        certificates.set_office(stage.session, stage.act(self.by, self.at), office=office)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Scene):
    """The members are registered. today: the day on which the demo is made; they have their age on it."""

    members: tuple[Member, ...]
    today: date

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        units = people_queries.org_units(stage.session, COMMUNITY)
        homes = {unit.name: unit.id for unit in units}
        act = stage.act(self.by, self.at)
        newcomers = tuple(self._newcomer(stage, member, homes, act.today) for member in self.members)
        registered = people.register_volunteers(stage.session, act, people=newcomers)
        for one in registered["people"]:
            stage.players[one["number"]] = Player(UUID(one["person_id"]), one["number"])

    def _newcomer(self, stage: Stage, member: Member, homes: Mapping[str, UUID], first_day: date) -> NewVolunteer:
        document = None
        if member.ordinal % WITHOUT_DOCUMENT_EVERY:
            number = member.identity_number(self.today)
            document = stage.vault.document(COMMUNITY, DocumentKind.RESIDENT_ID, number)
        return NewVolunteer(
            number=member.number,
            name=member.name,
            phone=member.phone,
            sex="female" if member.is_woman else "male",
            born_on=member.born_on(self.today),
            org_unit_id=homes[unit_name(member.building, member.unit)],
            household=member.household,
            document=document,
            guardian=self._find_guardian(member),
            note="只用纸质存折，有事请打女儿电话" if member.name == PAPER_ONLY else "",
            registered_on=member.registered_on(first_day),
        )

    def _find_guardian(self, member: Member) -> NewGuardian | None:
        if not member.is_minor:
            return None
        father = next(one for one in self.members if one.name == GUARDIAN)
        return NewGuardian(name=father.name, relation="父亲", phone=father.phone, volunteer_number=father.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveCards(Scene):
    """Some members have a card that the till scans; the others are found by name or number."""

    members: tuple[Member, ...]

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        for one in self.members:
            people.issue_card(stage.session, stage.act(self.by, self.at), number=one.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOver(Scene):
    """The balances of the paper passbooks come in as a file, and another person confirms it.

    minutes: of those who have a paper passbook, by number.
    """

    members: tuple[Member, ...]
    minutes: Mapping[str, int]
    confirmed: tuple[str, datetime]

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        file = read_opening("纸质存折结转.csv", self._file()).file
        batch = imports.submit_opening(stage.session, stage.act(self.by, self.at), file=file)
        imports.confirm(stage.session, stage.act(*self.confirmed), number=batch["batch"])

    def _file(self) -> bytes:
        written = io.StringIO()
        table = csv.writer(written)
        table.writerow(("志愿者编号", "姓名", "累计分钟", "结余积分", "纸质存折号"))
        for one in self.members:
            if one.number in self.minutes:
                passbook = f"存折{one.ordinal:04d}"
                table.writerow((one.number, one.name, self.minutes[one.number], one.opening_points, passbook))
        return written.getvalue().encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGoods(Scene):
    """The goods are put on the list."""

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        catalogue = articles()
        goods = tuple(
            NewGood(
                barcode=article.barcode,
                name=article.name,
                unit_word=article.unit_word,
                month_pieces_max=article.month_pieces_max,
            )
            for article in catalogue
        )
        added = market.add_goods(stage.session, stage.act(self.by, self.at), goods=goods)
        stage.goods.update(zip((article.ordinal for article in catalogue), added["numbers"], strict=True))


def scenes_of_the_first_day(
    first_day: date, today: date, members: tuple[Member, ...], opening_minutes: Mapping[str, int]
) -> Iterator[Scene]:
    """Yield everything that must be there before the first activity; the shop is stocked elsewhere.

    Args:
        opening_minutes: of those who have a paper passbook, by number.
    """

    def at(hour: int, minute: int) -> datetime:
        return moment_of(first_day, time(hour, minute))

    yield Open(at=at(8, 30), by=SYSTEM)
    yield Hire(at=at(8, 40), by=ADMIN)
    yield BuildTree(at=at(8, 50), by=ADMIN)
    yield NameOffice(at=at(9, 0), by=ADMIN)
    yield Register(at=at(9, 20), by=LI, members=members, today=today)
    yield GiveCards(at=at(9, 50), by=LI, members=members[:CARDS])
    confirmed = (LI, at(10, 40))
    yield CarryOver(at=at(10, 20), by=CHEN, members=members, minutes=opening_minutes, confirmed=confirmed)
    yield ListGoods(at=at(11, 10), by=CHEN)
